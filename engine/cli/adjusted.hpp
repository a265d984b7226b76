#pragma once
#include "results/adjustment.hpp"
#include "storage/result_reader.hpp"

#include <nlohmann/json_fwd.hpp>

#include <optional>

namespace doudi::cli {

/// By what the replicates drew; nothing where the file does not tell its law, or they are too few.
std::optional<Adjustment> adjustment(const ResultTotals& totals);

nlohmann::ordered_json figure_json(const AdjustedFigure& figure);

}  // namespace doudi::cli
