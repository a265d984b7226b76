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

/// Sums over counties and months of the baseline, one a replicate.
std::vector<ReplicateTotals> replicate_totals(const ResultTotals& totals);
/// The simulated counterpart of a figure in every replicate, in order of size. A mean payment is that of each replicate: the
/// median of ratios, not the ratio of medians.
std::vector<double> simulated_values(const Published& figure, const std::vector<ReplicateTotals>& replicates);
/// Their median.
double middle(const std::vector<double>& sorted);
/// Does the file hold all counties? Published figures are the province's.
bool whole_province(const ResultTotals& totals);

/// The figures of the targets table that the results file carries, worst first; empty if it carries none. A figure fits if it lies in the 90 % interval widened by its own 90 % error.
std::vector<Validated> validate(const ResultTotals& totals);

/// `doudi validate`: the table as text. A file of some counties alone is an InputError: it has nothing to be held against.
std::string validation_text(const ResultTotals& totals, bool chinese);

}  // namespace doudi::cli
