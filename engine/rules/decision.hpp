#pragma once
#include "rules/household.hpp"
#include "rules/policy.hpp"

#include <array>

namespace doudi::rules {

/// A person's standing after the household's category is known.
enum class PersonStatus : std::uint8_t {
    out, orphan, tekun, dibao_single, none, dibao, dibao_gradual, edge, rigid, monitored
};

struct Payments {
    std::array<Fen, programme_count> by_programme{};  ///< fen in this month, household total
    Fen& operator[](Programme p) { return by_programme[static_cast<std::size_t>(p)]; }
    Fen operator[](Programme p) const { return by_programme[static_cast<std::size_t>(p)]; }
};

/// What one member draws, for counting recipients and for the trace. `dibao` here is only the amount paid to a
/// person included alone; the household's top-up stands in `Decision::household_dibao`.
struct PersonPay {
    Fen dibao, supplement, tekun_basic, tekun_care, living, nursing;
};

/// The law's answer for one family and one month.
struct Decision {
    Category category = Category::none;
    int core_size = 0;       ///< n: counted members who are neither tekun nor orphans
    Fen annual_income = 0;   ///< A, fen per year, after the work-cost deduction
    Fen standard = 0;        ///< S after the floor
    Fen household_dibao = 0; ///< the family's top-up (or its gradual-exit amount)
    Fen temporary = 0;
    // Only the first `household.members.size()` places are set: a family has three members, not 32.
    std::array<PersonStatus, max_members> status;
    std::array<PersonPay, max_members> person;
    Payments pay;            ///< sums of the above
};

/// Decides a family in the law's order (measure 16): tekun, dibao, edge, rigid, monitored, none.
/// Pure: no chance, no population. Throws InputError only if `floor_mode` is error and the local standard lies
/// under the guidance.
Decision decide(const Household& household, const Standards& standards, const Policy& policy);

}  // namespace doudi::rules
