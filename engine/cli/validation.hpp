#pragma once
#include "results/published.hpp"
#include "storage/result_reader.hpp"

#include <string>
#include <vector>

namespace doudi::cli {

/// A published figure beside its simulated median and interval.
struct Validated {
    Published figure;
    double q05 = 0, median = 0, q95 = 0;
    std::string status;  ///< fits, off, not comparable, no data
};

/// The figures of the targets table that the results file carries, worst first; empty if it carries none, or holds
/// only a part of the counties. A figure fits if it lies in the 90 % interval widened by its own 90 % error.
std::vector<Validated> validate(const ResultTotals& totals);

/// `doudi validate`: the table as text.
std::string validation_text(const ResultTotals& totals, bool chinese);

}  // namespace doudi::cli
