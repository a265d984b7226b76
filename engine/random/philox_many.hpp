#pragma once
#include "random/philox.hpp"

#include <cstddef>

namespace doudi {

/// Philox4x32-10 at the counters (c0[i], c1[i], subject), many at a time on the vector unit: four words each, those of
/// Draws::block. `n` is a multiple of 8 (see whole_calls).
void philox_many(const std::uint32_t* c0, const std::uint32_t* c1, std::size_t n, std::uint64_t subject, std::uint64_t seed, std::uint32_t* out);

/// Blocks of draws that philox_many makes for `n`: it works in eights.
constexpr std::size_t whole_calls(std::size_t n) { return (n + 7) / 8 * 8; }

/// First word of the counter of a draw; the second is the replicate.
constexpr std::uint32_t counter0(Purpose purpose, std::uint32_t draw) { return static_cast<std::uint32_t>(purpose) << 24 | draw; }

}  // namespace doudi
