#pragma once
#include <vector>

namespace doudi {

/// Share of the variance that one group of inputs brings, with standard errors.
struct SobolIndex {
    double first = 0, first_error = 0;  ///< by itself: Var E[Y | group] / Var Y (Saltelli et al. 2010)
    double total = 0, total_error = 0;  ///< with all its interactions: E Var[Y | all others] / Var Y (Jansen 1999)
};
struct SobolIndices {
    double mean = 0, variance = 0;      ///< over the rows of A and B
    std::vector<SobolIndex> group;
};

/// First-order and total Sobol indices from a pick-freeze design: `a` and `b` are results on independent rows, and
/// `mixed[g]` those on the rows of A with group g taken from B. All of one length N >= 2. The estimators are those of
/// SALib; errors by the delta method over rows. A constant output has indices of zero.
SobolIndices sobol(const std::vector<double>& a, const std::vector<double>& b, const std::vector<std::vector<double>>& mixed);

}  // namespace doudi
