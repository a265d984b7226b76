#pragma once
#include "results/intervals.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace doudi {

/// A distribution over replicates in a few numbers, in the unit of the values, each with its Monte Carlo error. One replicate
/// says nothing of a spread: the standard deviation and error are then not a number, and every interval is infinite.
struct Estimate {
    double mean = 0, sd = 0, standard_error = 0;  ///< standard error of the mean
    double q05 = 0, median = 0, q95 = 0;
    Interval mean_interval;                             ///< 95 %, Student's t
    Interval q05_interval, median_interval, q95_interval;  ///< 95 %, order statistics
};

/// Quantile by linear interpolation between order statistics (Hyndman and Fan's type 7, NumPy's default).
/// `sorted` must be sorted and not empty; `p` in [0, 1].
template <class T>
double quantile(const std::vector<T>& sorted, double p) {
    const double at = p * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(at);
    const double low = static_cast<double>(sorted[below]), high = static_cast<double>(sorted[std::min(below + 1, sorted.size() - 1)]);
    return low + (at - static_cast<double>(below)) * (high - low);
}

/// Summarises one value a replicate. Not empty.
Estimate estimate(std::vector<std::int64_t> values);

/// What a budget risks under one value a replicate.
struct Risk {
    double breach = 0;              ///< share of replicates over the budget
    Interval breach_interval;       ///< Clopper-Pearson, 95 %
    double quantile = 0;            ///< at `level`
    Interval quantile_interval;
    double reserve = 0;             ///< quantile less median
    Interval reserve_interval;      ///< 95 %, the quantile's order statistics less the median: the median's own error is left out
    double shortfall = 0;           ///< mean of the worst 1 - level, the boundary replicate in part
    double shortfall_error = 0;     ///< its standard error; not a number for one replicate
};
Risk risk(std::vector<std::int64_t> values, double budget, double level);

/// Standard error of the mean over the mean: what a cell is graded by. Zero for a cell in which nothing is paid.
double relative_error(const Estimate& e);

/// publish, caution or suppress: how far a cell's figure may be passed on.
enum class Grade { publish, caution, suppress };
inline constexpr const char* grade_labels[] = {"publish", "caution", "suppress"};
inline constexpr const char* grade_labels_zh[] = {"可公布", "慎用", "不公布"};

/// Grade of a cell. `relative_error`: standard error of the mean over the mean (Monte Carlo over replicates);
/// `counted`: persons or households a month that the figure stands on, as simulated, before a sample is weighted up. The
/// error of a sample, sqrt((1 - share) / counted), is added. Publish: at most 5 % on 100 or more; suppress: over 20 % or
/// under 20; a cell in which nobody is counted and nothing is paid is published as the zero it is.
Grade grade(double relative_error, double counted, double sample_share = 1);

}  // namespace doudi
