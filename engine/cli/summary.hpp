#pragma once
#include "storage/result_reader.hpp"

#include <string>

namespace doudi::cli {

/// What a finance officer reads: cost by programme and in total for each scenario, the paired differences, the hand
/// check, the counties that change most, the scale against what was published, and what to keep in mind.
/// `chinese` chooses the language. Money in 万元 (10,000 yuan).
std::string summary_text(const ResultTotals& totals, bool chinese);

/// The same as one JSON object, money in fen.
std::string summary_json(const ResultTotals& totals);

}  // namespace doudi::cli
