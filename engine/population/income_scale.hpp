#pragma once
#include "population/family.hpp"

#include <cstdint>

namespace doudi {

/// Prior means that fix the scale of earnings, so that mean income per head meets the published figure.
struct IncomeAnchor {
    double employed_share, pension_share, support_share, farm_share;
    Fen pcdi;  ///< fen per head and year
    // What keeps from work, or lowers wages, of those who would have it (see Home::set_members).
    double disability_share, disability_employment, illness_share, secondary_share, tertiary_share, out_of_work_share, tekun_share, illness_wages, disability_wages;
};

/// Expected monthly income before scaling, and persons: added over blocks they give the scale that meets the
/// published income per head.
struct IncomeSum {
    std::int64_t income = 0, persons = 0;
};
IncomeSum income_sum(const Cell& cell, const IncomeAnchor& anchor);
void scale_income(Cell& cell, double scale);

}  // namespace doudi
