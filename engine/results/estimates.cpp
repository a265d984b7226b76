#include "results/estimates.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace doudi {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN(), infinite = std::numeric_limits<double>::infinity();

}  // namespace

Estimate estimate(std::vector<std::int64_t> values) {
    std::sort(values.begin(), values.end());
    Estimate e;
    const auto n = static_cast<double>(values.size());
    for (const std::int64_t v : values) e.mean += static_cast<double>(v) / n;
    double squares = 0;
    for (const std::int64_t v : values) squares += (static_cast<double>(v) - e.mean) * (static_cast<double>(v) - e.mean);
    e.sd = values.size() > 1 ? std::sqrt(squares / (n - 1)) : unknown;
    e.standard_error = e.sd / std::sqrt(n);
    e.q05 = quantile(values, 0.05);
    e.median = quantile(values, 0.5);
    e.q95 = quantile(values, 0.95);
    const double t = values.size() > 1 ? student_quantile(0.975, n - 1) * e.standard_error : infinite;
    e.mean_interval = {e.mean - t, e.mean + t};
    e.q05_interval = quantile_interval(values, 0.05);
    e.median_interval = quantile_interval(values, 0.5);
    e.q95_interval = quantile_interval(values, 0.95);
    return e;
}

Risk risk(std::vector<std::int64_t> values, double budget, double level) {
    std::sort(values.begin(), values.end());
    Risk r;
    const std::size_t n = values.size();
    const double size = static_cast<double>(n);
    const auto over = static_cast<std::size_t>(std::count_if(values.begin(), values.end(), [&](std::int64_t v) { return static_cast<double>(v) > budget; }));
    r.breach = static_cast<double>(over) / size;
    r.breach_interval = proportion_interval(over, n);
    r.quantile = quantile(values, level);
    r.quantile_interval = quantile_interval(values, level);
    const double median = quantile(values, 0.5);
    r.reserve = r.quantile - median;
    r.reserve_interval = {r.quantile_interval.low - median, r.quantile_interval.high - median};
    const double tail = (1 - level) * size;
    const auto whole = static_cast<std::size_t>(tail);
    for (std::size_t i = 0; i < whole; ++i) r.shortfall += static_cast<double>(values[n - 1 - i]) / tail;
    r.shortfall += (tail - static_cast<double>(whole)) * static_cast<double>(values[n - 1 - std::min(whole, n - 1)]) / tail;
    // Its error by that of the mean of (Y - q)+ over 1 - level (Acerbi and Tasche 2002; Manistre and Hancock 2005).
    double mean = 0, squares = 0;
    for (const std::int64_t v : values) mean += std::max(0.0, static_cast<double>(v) - r.quantile) / size;
    for (const std::int64_t v : values) squares += std::pow(std::max(0.0, static_cast<double>(v) - r.quantile) - mean, 2);
    r.shortfall_error = n > 1 ? std::sqrt(squares / (size - 1) / size) / (1 - level) : unknown;
    return r;
}

double relative_error(const Estimate& e) { return std::isnan(e.standard_error) ? unknown : e.mean > 0 ? e.standard_error / e.mean : 0; }

Grade grade(double relative_error, double counted, double sample_share) {
    if (counted == 0 && relative_error == 0) return Grade::publish;
    const double sampling = counted > 0 ? (1 - sample_share) / counted : 0;
    const double error = std::sqrt(relative_error * relative_error + sampling);
    if (!(error <= 0.2) || counted < 20) return Grade::suppress;
    return error <= 0.05 && counted >= 100 ? Grade::publish : Grade::caution;
}

}  // namespace doudi
