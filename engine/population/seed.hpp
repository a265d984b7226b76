#pragma once
#include "base/labels.hpp"

#include <array>
#include <cstddef>

namespace doudi {

/// A kind of family: members, of them 65+, of them children of 0-14; the others are 15-64. A child never lives without
/// someone of 15 or more.
struct FamilyKind {
    static constexpr int largest = 8, most_aged = 3, most_children = 4;  ///< larger numbers count as these
    int size, aged, children;
    constexpr bool possible() const {
        return size >= 1 && size <= largest && aged >= 0 && aged <= most_aged && children >= 0 && children <= most_children && aged + children <= size &&
               (children == 0 || children < size);
    }
    constexpr std::size_t place() const {
        return static_cast<std::size_t>(((size - 1) * (most_aged + 1) + aged) * (most_children + 1) + children);
    }
};
inline constexpr std::size_t family_kinds = FamilyKind::largest * (FamilyKind::most_aged + 1) * (FamilyKind::most_children + 1);

/// The table that a fit to margins starts from: how common each kind of family is, up to a factor. Fitting moves it to
/// the margins and keeps what they do not speak of.
struct SeedTable {
    std::array<double, family_kinds> weight{};
    double operator[](FamilyKind k) const { return weight[k.place()]; }
    double& operator[](FamilyKind k) { return weight[k.place()]; }
    bool operator==(const SeedTable&) const = default;
};

/// The table of this project, an assumption: no microdata of Jilin was at hand.
const SeedTable& default_seed();

/// One seed for each residence.
using Seeds = std::array<SeedTable, residence_count>;

}  // namespace doudi
