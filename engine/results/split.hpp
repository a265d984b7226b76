#pragma once
#include "base/money.hpp"

#include <array>
#include <cstddef>

namespace doudi {

/// Splits an amount among paying levels by shares in basis points that add up to 10,000, to the fen: centre, province and
/// prefecture pay their share rounded down, and the last level, the county, what is left (policy specification F.2). The parts
/// add up to the amount exactly; a negative amount is split like its opposite.
template <std::size_t parts>
std::array<Fen, parts> split(Fen amount, const std::array<std::int64_t, parts>& share) {
    std::array<Fen, parts> part{};
    const Fen size = amount < 0 ? -amount : amount;
    part.back() = size;
    for (std::size_t i = 0; i + 1 < parts; ++i) {
        // Whole ten thousands first: amount * share would overflow for large sums.
        part[i] = size / 10000 * share[i] + size % 10000 * share[i] / 10000;
        part.back() -= part[i];
    }
    if (amount < 0)
        for (Fen& p : part) p = -p;
    return part;
}

}  // namespace doudi
