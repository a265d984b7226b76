#pragma once
#include "rules/person.hpp"
#include "rules/standard.hpp"

namespace doudi::rules {

/// 无劳动能力, 民发〔2021〕43号 article 5: 60 or older; under 16; intellectual or mental disability of grade 1 to 3;
/// physical of grade 1 or 2; visual of grade 1. A tekun minor stays one to 18, and beyond while in compulsory or
/// upper-secondary school. Multiple disability of grade 1 or 2 counts (assumption A-14).
inline bool no_labour_capacity(const Member& m, const Policy& policy) {
    const int grade = m.disability_grade;
    if (m.age >= 60 || m.age < policy.tekun_minor_entry_age) return true;
    if (m.tekun_prior &&
        (m.age < policy.tekun_minor_retention_age || (m.student && m.school_level == SchoolLevel::secondary)))
        return true;
    if (grade == 0) return false;
    if (intellectual_or_mental(m)) return grade <= 3;
    if (m.disability_type == DisabilityType::multiple) return policy.multiple_disability_no_labour && grade <= 2;
    if (m.disability_type == DisabilityType::physical) return grade <= 2;
    return m.disability_type == DisabilityType::visual && grade == 1;
}

/// 特困人员, 吉政办规〔2024〕2号 measure 5, 民发〔2021〕43号 article 4: no labour capacity, no source of income (own
/// income under the standard, assets conform), no able obligor and applied (the member's `tekun` flag).
inline bool is_tekun(const Member& m, Fen standard, bool assets_ok, const Policy& policy) {
    return m.tekun && assets_ok && m.monthly_income < standard && no_labour_capacity(m, policy);
}

/// 基本生活标准: 1.3 times the base, in full, rounded up to a fen (measure 5; 吉民发〔2023〕67号 section 2).
inline Fen tekun_basic(Fen base, const Policy& policy) { return ceil_div(policy.tekun_ratio_pct * base, 100); }

/// 照料护理标准: 30, 20 or 10 % of last year's minimum wage for full, semi and self care (measure 5).
inline Fen tekun_care(CareLevel level, Fen min_wage_prev, const Policy& policy) {
    const int percent = level == CareLevel::full   ? policy.care_pct.full
                        : level == CareLevel::semi ? policy.care_pct.semi
                                                   : policy.care_pct.self;
    return ceil_div(percent * min_wage_prev, 100);
}

}  // namespace doudi::rules
