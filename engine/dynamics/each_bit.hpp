#pragma once
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace doudi {

/// Tells `what` every bit of a block of replicates, in order. One loop for all four words: how many bits a word has nobody can foresee,
/// so a loop of its own would end by surprise.
template <class What>
void each_bit(std::array<std::uint64_t, 4> bits, const What& what) {
    for (std::uint64_t first_two; ((first_two = bits[0] | bits[1]) | bits[2] | bits[3]) != 0;) {
        const std::size_t word = static_cast<std::size_t>(bits[0] == 0) + static_cast<std::size_t>(first_two == 0) + static_cast<std::size_t>((first_two | bits[2]) == 0);
        const std::uint64_t left = bits[word];
        bits[word] = left & (left - 1);
        what(64 * word + static_cast<std::size_t>(std::countr_zero(left)));
    }
}

}  // namespace doudi
