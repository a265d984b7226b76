#pragma once
#include "base/money.hpp"

namespace doudi::rules {

/// What the means test of a family compares: sums over its core members, never quotients.
struct Means {
    int n = 0;            ///< core members: counted, neither tekun nor orphans under the allowance
    Fen annual = 0;       ///< A, fen a year
    Fen standard = 0;     ///< S, fen a person and month
    Fen pcdi = 0;         ///< Y, fen a person and year
    Fen spending_12m = 0; ///< E12
    Fen income_12m = 0;   ///< I12
    bool assets_ok = false;

    Fen standard_year() const { return 12 * n * standard; }
    /// 家庭人均收入 at or over `percent` of the standard.
    bool at_least(int percent) const { return 100 * annual >= percent * standard_year(); }
    /// 家庭人均收入低于上年度当地居民人均可支配收入, strict.
    bool below_mean_income() const { return annual < n * pcdi; }
};

}  // namespace doudi::rules
