#pragma once
#include "base/labels.hpp"
#include "base/money.hpp"

#include <cstdint>
#include <limits>

namespace doudi {

/// How large a run may be. The loader refuses what is larger, and together the bounds prove that no sum over counties,
/// programmes and months of one scenario and replicate leaves int64. No sum over replicates is taken in int64.
inline constexpr std::int64_t most_people = 1'500'000'000;  ///< all counties together: the nation (1.41 thousand million)
inline constexpr int most_months = 60;
inline constexpr int most_replicates = 100'000;
inline constexpr Fen most_standard = 10'000_yuan;   ///< a local dibao standard, a person and month
inline constexpr Fen most_wage = 20'000_yuan;       ///< a minimum wage, a month
inline constexpr Fen most_subsidy = 8'500_yuan;     ///< living or nursing subsidy, a person and month
inline constexpr Fen most_temporary = 100'000_yuan; ///< temporary assistance, a time; at most 12 times a year
inline constexpr Fen most_amount = 50'000_yuan;     ///< a special module, a person or family and month
inline constexpr int most_modules = 9;

/// The most that all programmes together can pay for one person in one month, each at the upper end of its range.
inline constexpr Fen most_paid = most_standard                      // dibao: the top-up is at most the standard a head
                                 + 4 * most_standard                // extra payment: four reasons, 100 % each, summed
                                 + 10 * most_standard + most_wage   // tekun: 1000 % of the standard, care 100 % of the wage
                                 + 2 * most_subsidy                 // the two subsidies
                                 + 12 * most_standard               // public emergency: 12 months of the standard
                                 + most_temporary                   // acute and expenditure: one a month on average
                                 + most_modules * most_amount;
static_assert(most_paid <= std::numeric_limits<Fen>::max() / most_people / most_months, "a total of the nation over 60 months leaves int64");
static_assert(most_paid + most_paid / 6 <= std::numeric_limits<Fen>::max() / most_people / most_months, "no room for births: a sixth more people");
// Weighting up a sample and splitting a margin multiply two counts by 2 (simulate.cpp, layout.cpp).
static_assert(most_people <= std::numeric_limits<std::int64_t>::max() / most_people / 2 - 1);

/// The largest value that a cell of a results file with so many cells a scenario and replicate may hold, so that they
/// can be added up in int64.
constexpr std::int64_t most_cell(std::int64_t cells) { return std::numeric_limits<std::int64_t>::max() / (cells > 0 ? cells : 1); }

}  // namespace doudi
