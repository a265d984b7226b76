#pragma once
#include "base/money.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace doudi {

/// Splits an amount by shares in basis points that add up to 10,000, to the fen: each part is rounded down and the fen
/// that are left go to the parts with the largest remainders (Hamilton's method), ties to the earlier part. The parts add
/// up to the amount exactly; a negative amount is split like its opposite.
template <std::size_t parts>
std::array<Fen, parts> split(Fen amount, const std::array<std::int64_t, parts>& share) {
    std::array<Fen, parts> part{}, remainder{};
    const Fen size = amount < 0 ? -amount : amount;
    Fen left = size;
    for (std::size_t i = 0; i < parts; ++i) {
        // Whole ten thousands first: amount * share would overflow for large sums.
        part[i] = size / 10000 * share[i] + size % 10000 * share[i] / 10000;
        remainder[i] = size % 10000 * share[i] % 10000;
        left -= part[i];
    }
    for (; left > 0; --left) {
        const auto most = static_cast<std::size_t>(std::max_element(remainder.begin(), remainder.end()) - remainder.begin());
        ++part[most];
        remainder[most] = -1;
    }
    if (amount < 0)
        for (Fen& p : part) p = -p;
    return part;
}

}  // namespace doudi
