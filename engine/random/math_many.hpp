#pragma once
#include <cstddef>

namespace doudi {

// portable_log and portable_exp of `n` numbers at a time on the vector unit, bit for bit: the same operations in the same order. `n` is a
// multiple of 4 (see whole_fours); `out` may be `x`.

/// Of positive normal numbers.
void log_many(const double* x, std::size_t n, double* out);
/// Of numbers between -700 and 700.
void exp_many(const double* x, std::size_t n, double* out);

/// How many they take for `n`: they work in fours.
constexpr std::size_t whole_fours(std::size_t n) { return (n + 3) / 4 * 4; }

}  // namespace doudi
