#include "results/sobol.hpp"

#include <cmath>

namespace doudi {
namespace {

/// Mean of a quantity of each row, less `share` of the row's variance, over `variance`; and its standard error.
template <class Row>
std::pair<double, double> ratio(std::size_t n, double variance, const std::vector<double>& spread, Row row) {
    const double size = static_cast<double>(n);
    double sum = 0, squares = 0;
    for (std::size_t j = 0; j < n; ++j) sum += row(j);
    const double value = sum / size / variance;
    for (std::size_t j = 0; j < n; ++j) squares += std::pow((row(j) - value * spread[j]) / variance, 2);
    return {value, std::sqrt(squares / (size - 1) / size)};
}

}  // namespace

SobolIndices sobol(const std::vector<double>& a, const std::vector<double>& b, const std::vector<std::vector<double>>& mixed) {
    const std::size_t n = a.size();
    const double rows = static_cast<double>(n);
    SobolIndices s;
    double all = 0;
    for (std::size_t j = 0; j < n; ++j) s.mean += (a[j] + b[j]) / (2 * rows);
    for (const auto& m : mixed)
        for (const double y : m) all += y;
    // Centring does not change what is estimated, but takes out most of the first-order estimator's noise.
    const double centre = (2 * rows * s.mean + all) / (rows * static_cast<double>(mixed.size() + 2));
    std::vector<double> spread(n);
    for (std::size_t j = 0; j < n; ++j) {
        spread[j] = ((a[j] - s.mean) * (a[j] - s.mean) + (b[j] - s.mean) * (b[j] - s.mean)) / 2;
        s.variance += spread[j] / rows;
    }
    for (const auto& m : mixed) {
        SobolIndex index;
        if (s.variance > 0) {
            const auto first = ratio(n, s.variance, spread, [&](std::size_t j) { return (b[j] - centre) * (m[j] - a[j]); });
            const auto total = ratio(n, s.variance, spread, [&](std::size_t j) { return (a[j] - m[j]) * (a[j] - m[j]) / 2; });
            index = {first.first, first.second, total.first, total.second};
        }
        s.group.push_back(index);
    }
    return s;
}

}  // namespace doudi
