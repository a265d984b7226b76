#include "dynamics/office.hpp"

#include "rules/decide.hpp"
#include "rules/standard.hpp"

#include <algorithm>

/// What an office knows of policies that differ from its own in the standard.
namespace doudi {

bool Office::decides_alike(const Thresholds& t, const Home& home) const {
    const Fen annual = now_.annual_income, year = Fen{12} * now_.core_size;
    const auto between = [&](Fen percent) { return 100 * annual >= percent * year * t.least_standard && 100 * annual < percent * year * t.most_standard; };
    if (year > 0) {
        if (annual >= year * t.least_standard && annual <= year * t.most_standard) return false;
        if (between(policy_->policy.edge_mult_pct)) return false;
        if ((enrolled_ == Category::dibao_gradual || left_for_work(home)) && between(policy_->policy.gradual_cap_pct)) return false;
        if (annual >= now_.core_size * t.least_mean && annual < now_.core_size * t.most_mean) return false;
    }
    if (home.plain()) return true;
    return std::none_of(home.members().begin(), home.members().end(), [&](const rules::Member& m) {
        const bool own_counts = m.severe_illness || m.disability_grade > 0 || m.tekun;
        return own_counts && m.monthly_income >= t.least_standard && m.monthly_income < t.most_standard;
    });
}

Office::Amounts Office::amounts(const LocalPolicy& p, Fen standard, Fen exit_dibao, const Home& home) const {
    const rules::Means h{.n = now_.core_size, .annual = now_.annual_income, .standard = standard, .pcdi = p.standards.pcdi, .assets_ok = home.assets_ok()};
    const bool gradual = now_.category == Category::dibao_gradual;
    Amounts a{0, 0, 0, exit_dibao};
    if (gradual) a.dibao = rules::gradual_amount(prior(exit_dibao), p.policy);
    else if (now_.category == Category::dibao) a.dibao = std::max(rules::dibao_top_up(h), p.dibao_min_payment);
    if (now_.single_persons + now_.supplement_persons == 0) return a;
    const bool in_band = !gradual && rules::in_rigid_band(h, p.policy);
    for (const rules::Member& m : home.members()) {
        if (rules::is_tekun(m, standard, home.assets_ok(), p.policy)) continue;
        const rules::PersonPay pay = rules::pay_person(m, rules::core_status(m, h, now_.category, in_band, p.policy), p.standards, standard, p.policy);
        a.single += pay.dibao;
        a.supplement += pay.supplement;
    }
    return a;
}

bool Office::compares_amounts() const {
    return known_ && enrolled_ != Category::dibao_gradual && now_.single_persons + now_.supplement_persons > 0 && now_.like(granted_) && now_.annual_income == granted_.annual_income && now_.tekun_care == granted_.tekun_care;
}

void Office::take_over(const Office& other, const Amounts& granted) {
    static_cast<Course&>(*this) = other;
    if (!known_) return;
    granted_ = other.granted_;
    granted_.standard = standard_;
    granted_.dibao = granted.dibao;
    granted_.single = granted.single;
    granted_.supplement = granted.supplement;
    exit_dibao_ = granted.exit_dibao;
    granted_.tekun_basic = granted_.tekun_persons * rules::tekun_basic(rules::tekun_base(standard_, policy_->standards, policy_->policy), policy_->policy);
}

}  // namespace doudi
