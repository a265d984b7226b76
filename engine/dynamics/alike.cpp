#include "dynamics/alike.hpp"

#include "rules/standard.hpp"

#include <algorithm>
#include <array>

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

Lead lead_of(const LocalPolicy& lead, LocalPolicy b) {
    Lead same;
    const rules::Policy &p = lead.policy, &q = b.policy;
    // Persons under both are paid something under both.
    const auto pays = [](const LocalPolicy& l) {
        return std::array{l.policy.living != 0, l.policy.nursing != 0, l.policy.tekun_in_full, rules::effective_standard(l.standards, l.policy) > 0, l.standards.min_wage_prev > 0};
    };
    if (p.income_basis != q.income_basis || p.income_basis != rules::Policy::IncomeBasis::current || !lead.modules_on.empty() || pays(lead) != pays(b) || !p.tekun_in_full) return same;
    if (p.temp_small != q.temp_small || p.temp_cap != q.temp_cap || p.temp_exp_months != q.temp_exp_months || p.care_pct != q.care_pct) return same;
    if (p.gradual_months != q.gradual_months || p.gradual_cap_pct != q.gradual_cap_pct || p.gradual_profile_pct != q.gradual_profile_pct) return same;
    b.policy.living = p.living;
    b.policy.nursing = p.nursing;
    same.rules = q == p && p.work_deduction_bp == 0;
    b.policy = p;
    b.standards = lead.standards;
    b.dibao_min_payment = lead.dibao_min_payment;
    b.from = lead.from;
    same.take_up = b == lead;
    b.take_up_factor = lead.take_up_factor;
    b.living_take_up_factor = lead.living_take_up_factor;
    b.nursing_take_up_factor = lead.nursing_take_up_factor;
    b.living_ratio = lead.living_ratio;
    b.nursing_ratio = lead.nursing_ratio;
    same.course = b == lead;
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
