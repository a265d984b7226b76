#pragma once
#include "population/family.hpp"
#include "rules/household.hpp"
#include "simulate/plan.hpp"

#include <functional>
#include <string>

namespace doudi {

/// The families of one county and residence as the office sees them in one month of one replicate under the plan's first
/// scenario: what `doudi assess` and `doudi::rules::decide` ask for. Lived from the start of the burn-in by the code of the
/// simulation. `month` counts from the first month of the horizon. Families that have died out by then are left out.
/// `text` writes one family to a line; the lines come in the order of generation (of the ids, unless the plan takes a sample), whatever the number of threads.
/// A family whose assets do not conform is not followed through losses of jobs: they cannot change what it is paid.
using HouseholdText = std::function<void(std::string& to, const Family& family, const rules::Household& household)>;
std::string snapshot(const Plan& plan, std::size_t county, Residence residence, std::uint32_t replicate, int month, int threads,
                     const HouseholdText& text);

/// "220402-rural-117"
std::string household_text(std::uint64_t id);

}  // namespace doudi
