#pragma once
#include "rules/decision.hpp"
#include "rules/dibao.hpp"
#include "rules/disability.hpp"
#include "rules/edge.hpp"
#include "rules/gradual.hpp"
#include "rules/rigid.hpp"
#include "rules/single.hpp"
#include "rules/supplement.hpp"
#include "rules/tekun.hpp"

#include <algorithm>

namespace doudi::rules {

/// The family's category, first match wins: dibao, gradual exit, edge, rigid, monitored, none.
inline Category category_of(const Means& h, const Household& household, const Policy& policy) {
    if (is_dibao(h)) return Category::dibao;
    if (in_gradual_exit(household.prior, h, policy)) return Category::dibao_gradual;
    if (is_edge(h, policy)) return Category::edge;
    if (is_rigid(h, policy)) return Category::rigid;
    return household.prior.monitored ? Category::monitored : Category::none;
}

inline PersonStatus status_like(Category category) {
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
inline PersonStatus core_status(const Member& m, const Means& h, Category category, bool in_band, const Policy& policy) {
    if (category == Category::edge && included_from_edge(m, h, policy)) return PersonStatus::dibao_single;
    if (in_band && included_as_single_household(m, h, policy)) return PersonStatus::dibao_single;
    return status_like(category);
}

inline PersonPay pay_person(const Member& m, PersonStatus status, const Standards& standards, Fen standard, const Policy& policy) {
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
    if (!in_dibao && m.disability_grade == 0) return pay;  // both subsidies ask for a certificate
    if (alone) pay.dibao = single_benefit(countable_income(m, standard, policy), standard, policy);
    if (in_dibao && (!alone || policy.supp_for_single)) pay.supplement = supplement(m, standard, policy);
    if (draws_living_subsidy(m, in_dibao, status == PersonStatus::edge, policy)) pay.living = policy.living;
    if (draws_nursing_subsidy(m, policy)) pay.nursing = policy.nursing;
    return pay;
}

/// Decides a family in the law's order (measure 16): tekun, dibao, gradual exit, edge, rigid, monitored, none. The answer is told
/// to `sink` as it becomes known, so that one text of the law serves `decide`, which keeps all of it, and the simulation,
/// which keeps sums: first `sink.family(category, means, household_dibao)`, then for each member, in order,
/// `sink.member(place, status, pay)`. Throws like `effective_standard`.
template <class Sink>
void decide_each(const Household& household, const Standards& standards, const Policy& policy, Sink&& sink) {
    const std::size_t members = household.members.size();
    const Fen standard = effective_standard(standards, policy);

    // Tekun first, person by person: they and orphans leave the unit with their income.
    Means h{.n = 0, .annual = 0, .standard = standard, .pcdi = standards.pcdi,
            .spending_12m = household.essential_spending_12m, .income_12m = household.income_12m,
            .assets_ok = household.assets_ok};
    std::array<PersonStatus, max_members> status;
    int tekun = 0, orphans = 0;
    Fen monthly = 0;
    for (std::size_t i = 0; i < members; ++i) {
        const Member& m = household.members[i];
        if (!m.counted) {
            status[i] = PersonStatus::out;
        } else if (m.orphan) {
            status[i] = PersonStatus::orphan;
            ++orphans;
        } else if (is_tekun(m, standard, household.assets_ok, policy)) {
            status[i] = PersonStatus::tekun;
            ++tekun;
        } else {
            status[i] = PersonStatus::none;
            ++h.n;
            monthly += countable_income(m, standard, policy);
        }
    }
    h.annual = policy.income_basis == Policy::IncomeBasis::current ? 12 * monthly : household.income_12m;

    const Category category = h.n > 0      ? category_of(h, household, policy)
                              : tekun > 0   ? Category::tekun
                              : orphans > 0 ? Category::orphan
                                            : Category::none;
    sink.family(category, h,
                category == Category::dibao           ? dibao_top_up(h)
                : category == Category::dibao_gradual ? gradual_amount(household.prior, policy)
                                                      : 0);
    const bool in_band = category != Category::dibao_gradual && in_rigid_band(h, policy);
    for (std::size_t i = 0; i < members; ++i) {
        const Member& m = household.members[i];
        if (status[i] == PersonStatus::none) status[i] = core_status(m, h, category, in_band, policy);
        sink.member(i, status[i], pay_person(m, status[i], standards, standard, policy));
    }
}

}  // namespace doudi::rules
