#pragma once
#include "rules/household.hpp"
#include "rules/policy.hpp"

#include <algorithm>

namespace doudi::rules {

inline int expenditure_months(Event::Cause cause, const Policy& policy) {
    switch (cause) {
        case Event::Cause::illness: return policy.temp_exp_months.illness;
        case Event::Cause::disaster: return policy.temp_exp_months.disaster;
        case Event::Cause::disability: return policy.temp_exp_months.disability;
        case Event::Cause::schooling: return policy.temp_exp_months.schooling;
        case Event::Cause::unemployment: break;
    }
    return policy.temp_exp_months.unemployment;
}

/// 临时救助, 吉政办规〔2024〕2号 measure 11, one payment in the month of the event, fen a family:
/// 重大疫情等突发公共事件 one month of the urban standard a person affected, in the countryside too, no means test;
/// 急难型 a small amount first, then the rest to the cap, no means test; 支出型 only for low-income families.
/// All amounts but the first are assumption A-12.
inline Fen temporary_assistance(const Event& e, int persons, Fen standard, Fen urban_standard, bool low_income,
                                const Policy& policy) {
    switch (e.type) {
        case Event::Type::none: break;
        case Event::Type::public_emergency: {
            const int times = policy.temp_emergency_per_person ? e.affected : std::min(e.affected, 1);
            return times * urban_standard * policy.temp_emergency_months;
        }
        case Event::Type::acute:
            if (e.stage == Event::Stage::first) return std::min(e.need, policy.temp_small);
            return std::max<Fen>(0, std::min(e.need, policy.temp_cap) - e.paid);
        case Event::Type::expenditure:
            if (!low_income) return 0;
            return std::min(persons * standard * expenditure_months(e.cause, policy), policy.temp_cap);
    }
    return 0;
}

}  // namespace doudi::rules
