#pragma once
#include <bit>
#include <cmath>
#include <cstdint>

/// exp, log and the inverse normal from IEEE add, multiply, divide and square root alone: libm's last bit
/// differs between machines, and one bit can move a household across a threshold.
namespace doudi {

/// Natural logarithm of a positive normal number; relative error under 1e-15.
inline double portable_log(double x) {
    const auto bits = std::bit_cast<std::uint64_t>(x);
    const std::uint64_t fraction = bits & 0x000FFFFFFFFFFFFFull;
    const std::uint64_t halved = fraction > 0x6A09E667F3BCDull;  // over the square root of two; told without a branch, for nobody could foresee it
    const double m = std::bit_cast<double>((fraction | 0x3FF0000000000000ull) - (halved << 52));
    const int exponent = static_cast<int>(bits >> 52) - 1023 + static_cast<int>(halved);
    const double s = (m - 1.0) / (m + 1.0);
    const double q = s * s;
    double sum = 1.0 / 21.0;
    for (int k = 19; k >= 1; k -= 2) sum = sum * q + 1.0 / static_cast<double>(k);
    return 2.0 * s * sum + static_cast<double>(exponent) * 0.6931471805599453;
}

/// e to the x for |x| below 700.
inline double portable_exp(double x) {
    const double k = std::floor(x * 1.4426950408889634 + 0.5);
    const double r = (x - k * 0.6931471803691238) - k * 1.9082149292705877e-10;
    double sum = 1.0;
    for (int n = 13; n >= 1; --n) sum = 1.0 + sum * r / static_cast<double>(n);
    return sum * std::bit_cast<double>(static_cast<std::uint64_t>(static_cast<std::int64_t>(k) + 1023) << 52);
}

/// Quantile of the standard normal, Wichura's AS 241 (PPND16): accurate to about 1e-16 for p in (0, 1).
double inverse_normal(double p);

}  // namespace doudi
