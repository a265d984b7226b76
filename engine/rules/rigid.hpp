#pragma once
#include "rules/means.hpp"
#include "rules/policy.hpp"

namespace doudi::rules {

/// The income band of rigid-expenditure families and of 参照单人户: 高于2倍（含）, 低于上年度当地居民人均可支配收入.
inline bool in_rigid_band(const Means& h, const Policy& policy) {
    return h.assets_ok && h.n > 0 && h.at_least(policy.edge_mult_pct) && h.below_mean_income();
}

/// 刚性支出困难家庭, 吉政办规〔2024〕2号 measure 1: in the band, and necessary spending on basic medical care, education,
/// housing and care over 12 months 超过 60 % of the income of those months (strict).
inline bool is_rigid(const Means& h, const Policy& policy) {
    return in_rigid_band(h, policy) && 100 * h.spending_12m > policy.rigid_share_pct * h.income_12m;
}

}  // namespace doudi::rules
