#pragma once
#include "base/error.hpp"
#include "rules/household.hpp"
#include "rules/policy.hpp"

#include <algorithm>

namespace doudi::rules {

/// S, the standard that applies: 吉民发〔2023〕67号 section 3, the local standard may not lie under the provincial
/// guidance standard. Throws InputError if it does and `floor_mode` is error.
inline Fen effective_standard(const Standards& s, const Policy& policy) {
    if (s.dibao < s.guidance && policy.floor_mode == Policy::FloorMode::error)
        throw InputError("standard", "local dibao standard under the guidance standard (吉民发〔2023〕67号 三); "
                                     "raise it, or let floor_mode = \"clamp\" raise it");
    return std::max(s.dibao, s.guidance);
}

/// B, the base of tekun basic living. 吉政办规〔2024〕2号 measure 5 says the local standard, 吉民发〔2023〕67号
/// section 2 the previous year's; both are floors, so the default takes the higher (assumption A-3).
inline Fen tekun_base(Fen standard, const Standards& s, const Policy& policy) {
    const Fen last_year = s.dibao_prev > 0 ? s.dibao_prev : standard;
    switch (policy.tekun_base) {
        case Policy::TekunBase::current: return standard;
        case Policy::TekunBase::prior: return last_year;
        case Policy::TekunBase::max: break;
    }
    return std::max(standard, last_year);
}

}  // namespace doudi::rules
