#pragma once
#include "rules/means.hpp"
#include "rules/policy.hpp"

namespace doudi::rules {

/// 最低生活保障边缘家庭, 吉政办规〔2024〕2号 measure 1: income per head 高于 the local standard 但低于2倍, assets conform.
/// Income of exactly S is not "below" for dibao nor "above" here; assumption A-1 closes the gap.
inline bool is_edge(const Means& h, const Policy& policy) {
    const bool above = policy.edge_lower_inclusive ? h.annual >= h.standard_year() : h.annual > h.standard_year();
    return h.assets_ok && above && !h.at_least(policy.edge_mult_pct);
}

}  // namespace doudi::rules
