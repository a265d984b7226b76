#pragma once
#include "dynamics/world.hpp"
#include "population/family.hpp"

#include <array>

namespace doudi {

/// How a family's income moves for good from one year of the horizon to the next: with all incomes of the county, and by a
/// shock of its own to earnings, farm and support. In the first year, the burn-in included, every factor is 1.
class LastingIncome {
public:
    struct Factors {
        double level = 1, own = 1;
    };
    LastingIncome(const Family& family, const World& world);

    int years() const { return static_cast<int>(world_.growth.size()); }
    /// Months of a year from the start of the burn-in.
    int from(int year) const { return year == 0 ? 0 : world_.second_year + 12 * (year - 1); }
    int until(int year, const Calendar& calendar) const { return year + 1 < years() ? from(year + 1) : calendar.total(); }
    Factors of(int year) const { return {world_.growth[static_cast<std::size_t>(year)], own_[static_cast<std::size_t>(year)]}; }

private:
    const World& world_;
    std::array<double, 5> own_;
};

}  // namespace doudi
