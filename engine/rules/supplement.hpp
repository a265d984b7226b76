#pragma once
#include "rules/person.hpp"

namespace doudi::rules {

/// 增发补助金, 吉政办规〔2024〕2号 measure 4: 重病患者、重度残疾人、70周岁以上老年人、未成年人 in dibao. The text gives no
/// rate (assumption A-4), and not what happens to a person with several reasons (A-5: the highest).
inline int supplement_basis_points(const Member& m, const Policy& policy) {
    const int illness = m.severe_illness ? policy.supp_bp.severe_illness : 0;
    const int disability = severely_disabled(m, policy.supp_severe_def) ? policy.supp_bp.severe_disability : 0;
    const int aged = is_70_or_older(m, policy) ? policy.supp_bp.age70 : 0;
    const int minor = is_minor(m) ? policy.supp_bp.minor : 0;
    if (policy.supp_combine == Policy::SuppCombine::sum) return illness + disability + aged + minor;
    return std::max({illness, disability, aged, minor});
}

/// A share of the standard in fen a month, half a fen up.
inline Fen supplement_at(int basis_points, Fen standard) { return half_up_div(standard * basis_points, 10000); }

/// Fen a month for one person.
inline Fen supplement(const Member& m, Fen standard, const Policy& policy) { return supplement_at(supplement_basis_points(m, policy), standard); }

}  // namespace doudi::rules
