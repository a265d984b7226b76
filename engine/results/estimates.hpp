#pragma once
#include <cstdint>
#include <vector>

namespace doudi {

/// A distribution over replicates in a few numbers, in the unit of the values.
struct Estimate {
    double mean = 0, sd = 0, standard_error = 0;  ///< standard error of the mean
    double q05 = 0, median = 0, q95 = 0;
};

/// Quantile by linear interpolation between order statistics (Hyndman and Fan's type 7, NumPy's default).
/// `sorted` must be sorted and not empty; `p` in [0, 1].
double quantile(const std::vector<std::int64_t>& sorted, double p);

/// Summarises one value a replicate. Not empty.
Estimate estimate(std::vector<std::int64_t> values);

}  // namespace doudi
