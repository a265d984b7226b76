#pragma once
#include "dynamics/shocks.hpp"
#include "rules/reasons.hpp"
#include "simulate/plan.hpp"

#include <string>
#include <vector>

namespace doudi {

/// A household by its id: "220402-rural-117", or the number that `family_id` makes of it.
struct HouseholdId {
    int county = 0;
    Residence residence = Residence::urban;
    std::uint64_t index = 0;
};
/// Throws InputError if the text is not an id.
HouseholdId parse_household(const std::string& text);

/// One month of one family under one policy.
struct TracedMonth {
    int month = 0;                         ///< from the start of the burn-in
    std::vector<Shock> shocks;             ///< what befell the family, the county's disaster included
    std::vector<rules::Member> members;
    rules::Household household;            ///< as the office sees it, without its view of the members
    rules::Decision decision;              ///< what the law would say
    std::vector<rules::Reason> why;
    bool known = false, claims = false, claims_living = false, claims_nursing = false;
    Category enrolled = Category::none;
    int confirm_month = -1, pay_from = 0;
    std::vector<Fen> paid;  ///< fen by programme, then by module that is on; zero in the burn-in
};

/// The life of one family in one replicate under one policy, by the same code and draws as the simulation.
/// Throws InputError if the plan has no such county or household.
std::vector<TracedMonth> trace(const Plan& plan, std::size_t scenario, const HouseholdId& household, std::uint32_t replicate);

}  // namespace doudi
