#pragma once
#include "rules/means.hpp"
#include "rules/person.hpp"

namespace doudi::rules {

/// 单独纳入, 吉政办规〔2024〕2号 measure 4 and 民发〔2021〕57号 article 8: in an edge family, a severely ill or severely
/// disabled member whose own income is under the standard becomes a dibao person alone.
inline bool included_from_edge(const Member& m, const Means& h, const Policy& policy) {
    return policy.single_enabled && (m.severe_illness || severely_disabled(m, policy.single_severe_def)) &&
           countable_income(m, h.standard, policy) < h.standard;
}

/// 参照"单人户", measure 4: in a family in the rigid band (the 60 % test does not apply), an adult without work
/// (成年无业) who is severely disabled or severely ill, own income under the standard. A-8: whether 成年无业 governs
/// 重病患者 too.
inline bool included_as_single_household(const Member& m, const Means& h, const Policy& policy) {
    const bool adult_jobless = is_adult(m) && !m.employed;
    const bool ill = m.severe_illness && (adult_jobless || !policy.single_high_illness_needs_adult_jobless);
    const bool disabled = severely_disabled(m, policy.single_severe_def) && adult_jobless;
    return policy.single_enabled && (ill || disabled) && countable_income(m, h.standard, policy) < h.standard;
}

/// What a person included alone draws a month (A-7: the gap of his own income).
inline Fen single_benefit(Fen own_income, Fen standard, const Policy& policy) {
    switch (policy.single_benefit) {
        case Policy::SingleBenefit::full: return standard;
        case Policy::SingleBenefit::floor60: return std::max(standard - own_income, ceil_div(60 * standard, 100));
        case Policy::SingleBenefit::own_gap: break;
    }
    return standard - own_income;
}

}  // namespace doudi::rules
