#include "rules/decide.hpp"

#include "rules/temporary.hpp"

namespace doudi::rules {

Decision decide(const Household& household, const Standards& standards, const Policy& policy) {
    Decision d;
    struct Keep {
        Decision& d;
        bool anyone_alone = false;
        void family(Category category, const Means& h, Fen household_dibao) {
            d.category = category;
            d.core_size = h.n;
            d.annual_income = h.annual;
            d.standard = h.standard;
            d.household_dibao = d.pay[Programme::dibao] = household_dibao;
        }
        void member(std::size_t i, PersonStatus status, const PersonPay& pay) {
            d.status[i] = status;
            d.person[i] = pay;
            anyone_alone |= status == PersonStatus::dibao_single;
            d.pay[Programme::dibao] += pay.dibao;
            d.pay[Programme::supplement] += pay.supplement;
            d.pay[Programme::tekun_basic] += pay.tekun_basic;
            d.pay[Programme::tekun_care] += pay.tekun_care;
            d.pay[Programme::living_subsidy] += pay.living;
            d.pay[Programme::nursing_subsidy] += pay.nursing;
        }
    } keep{d};
    decide_each(household, standards, policy, keep);
    const bool low_income = keep.anyone_alone || (d.category != Category::none && d.category != Category::orphan);
    const auto counted = std::count_if(household.members.begin(), household.members.end(), [](const Member& m) { return m.counted; });
    d.temporary = temporary_assistance(household.event, static_cast<int>(counted), d.standard, standards.urban, low_income, policy);
    d.pay[Programme::temporary] = d.temporary;
    return d;
}

}  // namespace doudi::rules
