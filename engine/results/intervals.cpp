#include "results/intervals.hpp"

#include "random/beta.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace doudi {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

}  // namespace

std::vector<double> binomial_cdf(std::size_t n, double p) {
    // Relative to the most likely count, so that nothing underflows where it matters; then scaled to add up to one.
    std::vector<double> weight(n + 1, 0.0);
    const auto mode = std::min(n, static_cast<std::size_t>((static_cast<double>(n) + 1) * p));
    weight[mode] = 1;
    for (std::size_t k = mode; k < n; ++k) weight[k + 1] = weight[k] * static_cast<double>(n - k) / static_cast<double>(k + 1) * p / (1 - p);
    for (std::size_t k = mode; k > 0; --k) weight[k - 1] = weight[k] * static_cast<double>(k) / static_cast<double>(n - k + 1) * (1 - p) / p;
    double sum = 0;
    for (double& w : weight) w = sum += w;
    for (double& w : weight) w /= sum;
    return weight;
}

double student_quantile(double p, double v) {
    if (p < 0.5) return -student_quantile(1 - p, v);
    if (p == 0.5) return 0;
    const double y = beta_quantile(2 * p - 1, 0.5, v / 2);  // of t² / (v + t²)
    return std::sqrt(v * y / (1 - y));
}

Interval quantile_interval(const std::vector<std::int64_t>& sorted, double p, double confidence) {
    const auto below = binomial_cdf(sorted.size(), p);
    const double tail = (1 - confidence) / 2;
    const auto first = [&](double level) { return static_cast<std::size_t>(std::lower_bound(below.begin(), below.end(), level) - below.begin()); };
    const std::size_t low = first(tail), high = first(1 - tail);
    return {low == 0 ? -infinite : static_cast<double>(sorted[low - 1]), high >= sorted.size() ? infinite : static_cast<double>(sorted[high])};
}

Interval proportion_interval(std::size_t successes, std::size_t n, double confidence) {
    const double tail = (1 - confidence) / 2;
    const auto solve = [&](auto over) {  // the chance at which the tail probability is `tail`
        double low = 0, high = 1;
        for (int i = 0; i < 50; ++i) {
            const double middle = (low + high) / 2;
            (over(middle) ? high : low) = middle;
        }
        return (low + high) / 2;
    };
    Interval interval{0, 1};
    if (successes > 0) interval.low = solve([&](double p) { return 1 - binomial_cdf(n, p)[successes - 1] > tail; });
    if (successes < n) interval.high = solve([&](double p) { return binomial_cdf(n, p)[successes] < tail; });
    return interval;
}

}  // namespace doudi
