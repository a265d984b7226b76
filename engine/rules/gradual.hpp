#pragma once
#include "rules/household.hpp"
#include "rules/means.hpp"
#include "rules/policy.hpp"

#include <algorithm>

namespace doudi::rules {

/// 渐退期 (社会救助暂行办法, 民发〔2021〕57号): a dibao family that found work keeps its old amount for some months while
/// income stays under the cap. Length, cap and profile are assumption A-13. `months_since_exit` is 1 in the month of
/// the review that found the income.
inline bool in_gradual_exit(const Prior& prior, const Means& h, const Policy& policy) {
    return h.assets_ok && prior.status == Prior::Status::dibao && prior.reason == Prior::Reason::employment &&
           prior.months_since_exit >= 1 && prior.months_since_exit <= policy.gradual_months && h.at_least(100) &&
           !h.at_least(policy.gradual_cap_pct);
}

inline Fen gradual_amount(const Prior& prior, const Policy& policy) {
    const auto& profile = policy.gradual_profile_pct;
    if (profile.empty()) return prior.dibao;
    const auto month = std::min(static_cast<std::size_t>(prior.months_since_exit), profile.size());
    return half_up_div(prior.dibao * profile[month - 1], 100);
}

}  // namespace doudi::rules
