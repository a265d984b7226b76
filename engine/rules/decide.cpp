#include "rules/decision.hpp"
#include "rules/dibao.hpp"
#include "rules/disability.hpp"
#include "rules/edge.hpp"
#include "rules/gradual.hpp"
#include "rules/rigid.hpp"
#include "rules/single.hpp"
#include "rules/supplement.hpp"
#include "rules/tekun.hpp"
#include "rules/temporary.hpp"

#include <algorithm>

namespace doudi::rules {
namespace {

/// The family's category, first match wins: dibao, gradual exit, edge, rigid, monitored, none.
Category category_of(const Means& h, const Household& household, const Policy& policy) {
    if (is_dibao(h)) return Category::dibao;
    if (in_gradual_exit(household.prior, h, policy)) return Category::dibao_gradual;
    if (is_edge(h, policy)) return Category::edge;
    if (is_rigid(h, policy)) return Category::rigid;
    return household.prior.monitored ? Category::monitored : Category::none;
}

PersonStatus status_like(Category category) {
    switch (category) {
        case Category::dibao: return PersonStatus::dibao;
        case Category::dibao_gradual: return PersonStatus::dibao_gradual;
        case Category::edge: return PersonStatus::edge;
        case Category::rigid: return PersonStatus::rigid;
        case Category::monitored: return PersonStatus::monitored;
        case Category::tekun:
        case Category::orphan:
        case Category::none: break;
    }
    return PersonStatus::none;
}

/// A core member's standing: included alone from an edge family or from the band above it, or the family's.
PersonStatus core_status(const Member& m, const Means& h, Category category, const Policy& policy) {
    if (category == Category::edge && included_from_edge(m, h, policy)) return PersonStatus::dibao_single;
    if (category != Category::dibao_gradual && in_rigid_band(h, policy) && included_as_single_household(m, h, policy))
        return PersonStatus::dibao_single;
    return status_like(category);
}

PersonPay pay_person(const Member& m, PersonStatus status, const Standards& standards, Fen standard, const Policy& policy) {
    PersonPay pay{};
    if (status == PersonStatus::out) return pay;
    if (status == PersonStatus::tekun) {
        pay.tekun_basic = tekun_basic(tekun_base(standard, standards, policy), policy);
        if (!policy.tekun_in_full) pay.tekun_basic = std::max<Fen>(0, pay.tekun_basic - m.monthly_income);
        pay.tekun_care = tekun_care(m.care_level, standards.min_wage_prev, policy);
        return pay;
    }
    const bool alone = status == PersonStatus::dibao_single;
    const bool in_dibao = alone || status == PersonStatus::dibao || status == PersonStatus::dibao_gradual;
    if (alone) pay.dibao = single_benefit(countable_income(m, standard, policy), standard, policy);
    if (in_dibao && (!alone || policy.supp_for_single)) pay.supplement = supplement(m, standard, policy);
    if (draws_living_subsidy(m, in_dibao, status == PersonStatus::edge, policy)) pay.living = policy.living;
    if (draws_nursing_subsidy(m, policy)) pay.nursing = policy.nursing;
    return pay;
}

}  // namespace

Decision decide(const Household& household, const Standards& standards, const Policy& policy) {
    Decision d;
    const std::size_t members = household.members.size();
    const Fen standard = effective_standard(standards, policy);
    d.standard = standard;

    // Tekun first, person by person: they and orphans leave the unit with their income.
    Means h{.n = 0, .annual = 0, .standard = standard, .pcdi = standards.pcdi,
            .spending_12m = household.essential_spending_12m, .income_12m = household.income_12m,
            .assets_ok = household.assets_ok};
    int counted = 0, tekun = 0, orphans = 0;
    Fen monthly = 0;
    for (std::size_t i = 0; i < members; ++i) {
        const Member& m = household.members[i];
        counted += m.counted;
        if (!m.counted) {
            d.status[i] = PersonStatus::out;
        } else if (m.orphan) {
            d.status[i] = PersonStatus::orphan;
            ++orphans;
        } else if (is_tekun(m, standard, household.assets_ok, policy)) {
            d.status[i] = PersonStatus::tekun;
            ++tekun;
        } else {
            d.status[i] = PersonStatus::none;
            ++h.n;
            monthly += countable_income(m, standard, policy);
        }
    }
    h.annual = policy.income_basis == Policy::IncomeBasis::current ? 12 * monthly : household.income_12m;

    if (h.n > 0) d.category = category_of(h, household, policy);
    else d.category = tekun > 0 ? Category::tekun : orphans > 0 ? Category::orphan : Category::none;
    d.core_size = h.n;
    d.annual_income = h.annual;
    if (d.category == Category::dibao) d.household_dibao = dibao_top_up(h);
    if (d.category == Category::dibao_gradual) d.household_dibao = gradual_amount(household.prior, policy);

    bool anyone_alone = false;
    d.pay[Programme::dibao] = d.household_dibao;
    for (std::size_t i = 0; i < members; ++i) {
        const Member& m = household.members[i];
        if (d.status[i] == PersonStatus::none) d.status[i] = core_status(m, h, d.category, policy);
        anyone_alone |= d.status[i] == PersonStatus::dibao_single;
        const PersonPay pay = pay_person(m, d.status[i], standards, standard, policy);
        d.person[i] = pay;
        d.pay[Programme::dibao] += pay.dibao;
        d.pay[Programme::supplement] += pay.supplement;
        d.pay[Programme::tekun_basic] += pay.tekun_basic;
        d.pay[Programme::tekun_care] += pay.tekun_care;
        d.pay[Programme::living_subsidy] += pay.living;
        d.pay[Programme::nursing_subsidy] += pay.nursing;
    }
    const bool low_income = anyone_alone || (d.category != Category::none && d.category != Category::orphan);
    d.temporary = temporary_assistance(household.event, counted, standard, standards.urban, low_income, policy);
    d.pay[Programme::temporary] = d.temporary;
    return d;
}

}  // namespace doudi::rules
