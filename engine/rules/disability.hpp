#pragma once
#include "rules/person.hpp"

namespace doudi::rules {

/// 困难残疾人生活补贴, 吉民发〔2023〕68号 section 1: a certificate (grade 1 to 4) and dibao: the household's, alone, or
/// in gradual exit. A-10: edge families not included unless `living_scope` says so.
inline bool draws_living_subsidy(const Member& m, bool in_dibao, bool in_edge, const Policy& policy) {
    const bool poor = in_dibao || (in_edge && policy.living_scope == Policy::LivingScope::dibao_edge);
    return m.disability_grade >= 1 && poor && !m.work_injury_care;
}

/// 重度残疾人护理补贴, 吉民发〔2023〕68号 section 2 and 国发〔2015〕52号: grade 1 or 2 in need of long-term care, no means
/// test. A-11: the need is presumed unless assessed self-caring; grade 3 intellectual or mental off by default.
/// Tekun persons are excluded by the caller.
inline bool draws_nursing_subsidy(const Member& m, const Policy& policy) {
    const bool severe = severely_disabled(m, policy.nursing_im3 ? Policy::SevereDef::grade12_im3 : Policy::SevereDef::grade12);
    return severe && m.care_level != CareLevel::self && !m.work_injury_care;
}

}  // namespace doudi::rules
