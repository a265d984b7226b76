#pragma once
#include "dynamics/world.hpp"

#include <array>
#include <vector>

namespace doudi {

/// The incomes about which policies of the same rules, but other standards and means of incomes, could decide otherwise: between the least and the
/// most of what each comparison of the law goes by.
class Bands {
public:
    static constexpr int most = 12;  ///< members
    struct Band {
        Fen from = 0, until = 0;
        bool has(Fen income) const { return from <= income && income < until; }
    };
    /// Of a family's income a year.
    struct OfFamily {
        Band dibao, edge, mean, gradual;
    };

    Bands() = default;
    explicit Bands(const std::vector<const LocalPolicy*>& policies);

    /// By core members.
    const OfFamily& of(int members) const { return of_[static_cast<std::size_t>(members)]; }
    /// Of a member's own income a month.
    const Band& own() const { return own_; }

private:
    std::array<OfFamily, most + 1> of_;
    Band own_;
};

}  // namespace doudi
