#pragma once
#include "rules/household.hpp"
#include "rules/policy.hpp"

#include <algorithm>

namespace doudi::rules {

inline bool is_minor(const Member& m) { return m.age < 18; }
inline bool is_adult(const Member& m) { return m.age >= 18; }

inline bool intellectual_or_mental(const Member& m) {
    return m.disability_type == DisabilityType::intellectual || m.disability_type == DisabilityType::mental;
}

/// 重度残疾人: certificate of grade 1 or 2.
inline bool severe_grade_1_2(const Member& m) { return m.disability_grade == 1 || m.disability_grade == 2; }

/// The wider reading of 民发〔2021〕57号 article 8: also grade 3 intellectual or mental.
inline bool severely_disabled(const Member& m, Policy::SevereDef def) {
    return severe_grade_1_2(m) ||
           (def == Policy::SevereDef::grade12_im3 && m.disability_grade == 3 && intellectual_or_mental(m));
}

/// 70周岁以上 includes 70 (Civil Code article 1259). Whether the month of the birthday already counts is
/// `birthday_effective`.
inline bool is_70_or_older(const Member& m, const Policy& policy) {
    if (m.age_months < 0) return m.age >= 70;
    return m.age_months >= 70 * 12 + (policy.birthday_effective == Policy::BirthdayEffective::next_month ? 1 : 0);
}

/// m_p after the work-cost deduction (就业成本扣减, assumption A-9: the rate is 0 in Jilin's text).
inline Fen countable_income(const Member& m, Fen standard, const Policy& policy) {
    if (policy.work_deduction_bp == 0 || !m.employed) return m.monthly_income;
    return m.monthly_income - std::clamp<Fen>(standard * policy.work_deduction_bp / 10000, 0, std::max<Fen>(m.monthly_income, 0));
}

}  // namespace doudi::rules
