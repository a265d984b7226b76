#include "results/estimates.hpp"

#include <algorithm>
#include <cmath>

namespace doudi {

double quantile(const std::vector<std::int64_t>& sorted, double p) {
    const double at = p * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(at);
    const auto above = std::min(below + 1, sorted.size() - 1);
    const double low = static_cast<double>(sorted[below]), high = static_cast<double>(sorted[above]);
    return low + (at - static_cast<double>(below)) * (high - low);
}

Estimate estimate(std::vector<std::int64_t> values) {
    std::sort(values.begin(), values.end());
    Estimate e;
    const auto n = static_cast<double>(values.size());
    for (const std::int64_t v : values) e.mean += static_cast<double>(v) / n;
    double squares = 0;
    for (const std::int64_t v : values) squares += (static_cast<double>(v) - e.mean) * (static_cast<double>(v) - e.mean);
    e.sd = values.size() > 1 ? std::sqrt(squares / (n - 1)) : 0;
    e.standard_error = e.sd / std::sqrt(n);
    e.q05 = quantile(values, 0.05);
    e.median = quantile(values, 0.5);
    e.q95 = quantile(values, 0.95);
    return e;
}

}  // namespace doudi
