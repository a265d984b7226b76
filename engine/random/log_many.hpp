#pragma once
#include <cstddef>

namespace doudi {

/// portable_log of `n` positive normal numbers on the vector unit, bit for bit: the same operations in the same order. `n` is a multiple of 4 (see whole_logs).
void log_many(const double* x, std::size_t n, double* out);

/// Logarithms that log_many takes for `n`: it works in fours.
constexpr std::size_t whole_logs(std::size_t n) { return (n + 3) / 4 * 4; }

}  // namespace doudi
