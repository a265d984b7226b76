#pragma once
#include "dynamics/ledger.hpp"
#include "dynamics/world.hpp"

#include <span>
#include <vector>

namespace doudi {

/// Policies that decide every family alike are walked once: they differ in nothing, or only in the amounts of the two
/// subsidies, both paid or both not at any time, to which take-up does not respond. [group][scenario], in order of the
/// first scenario.
std::vector<std::vector<int>> alike(std::span<const LocalPolicy> policies, bool take_up_responds);

/// The amounts of the two subsidies, [scenario, month of the horizon], for Ledger::settle.
std::vector<Ledger::Amounts> subsidy_amounts(std::span<const LocalPolicy> policies, const Calendar& calendar);

/// A policy as it is in a month of the run.
const LocalPolicy& in_force(const LocalPolicy& policy, int month);

/// Whether families that are enrolled under `before` are decided anew when `after` comes: not where only amounts change that
/// nobody decides on (the subsidies, the wage and the income that the law refers to).
bool decided_anew(const LocalPolicy& before, const LocalPolicy& after);

/// What a policy has in common with the first one of a comparison, which leads.
struct Lead {
    bool rules = false;    ///< they differ at most in standards, whose difference is told by person (see Uplift), take-up and the amounts of the two subsidies; not where modules are on
    bool take_up = false;  ///< and every family takes up the same of both
};
Lead lead_of(const LocalPolicy& lead, LocalPolicy policy, bool take_up_responds);

/// Whether a family whose means are not tested is paid alike, but for the amount of the nursing subsidy, which Ledger::settle
/// puts in: no standard, no dibao and no review concerns it.
bool alike_untested(const LocalPolicy& a, LocalPolicy b, bool take_up_responds);

}  // namespace doudi
