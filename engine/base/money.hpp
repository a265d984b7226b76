#pragma once
#include <cstdint>

namespace doudi {

/// Money in fen (分), 1 yuan = 100 fen. Every amount in rules, tallies and results is one of these.
using Fen = std::int64_t;

constexpr Fen operator""_yuan(unsigned long long yuan) { return static_cast<Fen>(yuan) * 100; }

/// Smallest integer not below `numerator / denominator`, for a positive denominator.
constexpr std::int64_t ceil_div(std::int64_t numerator, std::int64_t denominator) {
    return numerator >= 0 ? (numerator + denominator - 1) / denominator : -((-numerator) / denominator);
}

/// `numerator / denominator` rounded half up, for non-negative numerators.
constexpr std::int64_t half_up_div(std::int64_t numerator, std::int64_t denominator) {
    return (2 * numerator + denominator) / (2 * denominator);
}

}  // namespace doudi
