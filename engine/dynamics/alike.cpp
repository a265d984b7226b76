#include "dynamics/alike.hpp"

#include "dynamics/uplift.hpp"
#include "rules/standard.hpp"

#include <algorithm>

namespace doudi {

std::vector<std::vector<int>> alike(std::span<const LocalPolicy> policies, bool take_up_responds) {
    const auto same_now = [&](LocalPolicy a, LocalPolicy b) {
        a.from = b.from = 0;
        a.later.clear();
        b.later.clear();
        if ((a.policy.living == 0) != (b.policy.living == 0) || (a.policy.nursing == 0) != (b.policy.nursing == 0)) return false;
        b.policy.living = a.policy.living;
        b.policy.nursing = a.policy.nursing;
        if (!take_up_responds) {
            b.living_ratio = a.living_ratio;
            b.nursing_ratio = a.nursing_ratio;
        }
        return a == b;
    };
    const auto same = [&](const LocalPolicy& a, const LocalPolicy& b) {
        const auto at_starts = [&](const LocalPolicy& p) {
            return std::all_of(p.later.begin(), p.later.end(), [&](const LocalPolicy& l) { return same_now(in_force(a, l.from), in_force(b, l.from)); });
        };
        return same_now(a, b) && at_starts(a) && at_starts(b);
    };
    std::vector<std::vector<int>> groups;
    for (int s = 0; s < static_cast<int>(policies.size()); ++s) {
        const auto found = std::find_if(groups.begin(), groups.end(), [&](const std::vector<int>& g) {
            return same(policies[static_cast<std::size_t>(g.front())], policies[static_cast<std::size_t>(s)]);
        });
        if (found == groups.end()) groups.push_back({s});
        else found->push_back(s);
    }
    return groups;
}

std::vector<Ledger::Amounts> subsidy_amounts(std::span<const LocalPolicy> policies, const Calendar& calendar) {
    std::vector<Ledger::Amounts> amounts;
    for (const LocalPolicy& p : policies)
        for (int month = calendar.burn_in; month < calendar.total(); ++month) {
            const rules::Policy& now = in_force(p, month).policy;
            amounts.push_back({now.living, now.nursing});
        }
    return amounts;
}

const LocalPolicy& in_force(const LocalPolicy& p, int month) {
    const LocalPolicy* now = &p;
    for (const LocalPolicy& l : p.later)
        if (l.from <= month) now = &l;
    return *now;
}

bool decided_anew(const LocalPolicy& before, const LocalPolicy& after) {
    if ((before.policy.living == 0) != (after.policy.living == 0) || (before.policy.nursing == 0) != (after.policy.nursing == 0)) return true;
    rules::Policy as_before = after.policy;
    as_before.living = before.policy.living;
    as_before.nursing = before.policy.nursing;
    return as_before != before.policy ||
           rules::effective_standard(before.standards, before.policy) != rules::effective_standard(after.standards, after.policy);
}

Lead lead_of(const LocalPolicy& lead, LocalPolicy b, bool take_up_responds) {
    Lead same;
    const rules::Policy& p = lead.policy;
    if (!lead.modules_on.empty() || !are_lifted(lead, b)) return same;
    if ((p.living == 0) != (b.policy.living == 0) || (p.nursing == 0) != (b.policy.nursing == 0)) return same;
    if (lead.standards.min_wage_prev != b.standards.min_wage_prev) return same;
    b.policy.living = p.living;
    b.policy.nursing = p.nursing;
    b.standards = lead.standards;
    b.from = lead.from;
    if (!take_up_responds) {
        b.living_ratio = lead.living_ratio;
        b.nursing_ratio = lead.nursing_ratio;
    }
    same.take_up = b == lead;
    b.take_up_factor = lead.take_up_factor;
    b.living_take_up_factor = lead.living_take_up_factor;
    b.nursing_take_up_factor = lead.nursing_take_up_factor;
    b.living_ratio = lead.living_ratio;
    b.nursing_ratio = lead.nursing_ratio;
    same.rules = b == lead;
    return same;
}

bool alike_untested(const LocalPolicy& a, LocalPolicy b, bool take_up_responds) {
    if ((a.policy.nursing == 0) != (b.policy.nursing == 0)) return false;
    b.policy.nursing = a.policy.nursing;
    if (!take_up_responds) b.nursing_ratio = a.nursing_ratio;
    b.standards = a.standards;
    b.take_up_factor = a.take_up_factor;
    b.living_take_up_factor = a.living_take_up_factor;
    b.living_ratio = a.living_ratio;
    b.policy.living = a.policy.living;
    b.monitoring = a.monitoring;
    return a == b;
}

}  // namespace doudi
