#pragma once
#include <cstdint>
#include <vector>

/// Error of the Monte Carlo itself: confidence intervals without assumptions on the distribution. No libm on the way,
/// so that a decision taken on them (`--until`) is the same on every machine.
namespace doudi {

/// A confidence interval; an end is infinite where the replicates do not say anything about it.
struct Interval {
    double low = 0, high = 0;
    double half_width() const { return (high - low) / 2; }
};

/// Probabilities of 0 .. n successes in n trials of chance `p`, added up; `p` in (0, 1).
std::vector<double> binomial_cdf(std::size_t n, double p);

/// Quantile of Student's t with `degrees` >= 1 of freedom, from that of the beta distribution (DLMF 8.17): error under a part in 10^8.
double student_quantile(double p, double degrees);

/// Interval of the `p` quantile from order statistics (David and Nagaraja, Order Statistics, 7.1): holds for any
/// distribution with at least the stated confidence. `sorted` not empty.
Interval quantile_interval(const std::vector<std::int64_t>& sorted, double p, double confidence = 0.95);

/// Clopper and Pearson's interval of a probability, from `successes` in `n` trials.
Interval proportion_interval(std::size_t successes, std::size_t n, double confidence = 0.95);

}  // namespace doudi
