#include "dynamics/office.hpp"

#include "dynamics/claims.hpp"
#include "dynamics/help.hpp"
#include "rules/decide.hpp"
#include "rules/standard.hpp"
#include "rules/temporary.hpp"

#include <algorithm>

namespace doudi {

void entitle(const rules::Household& household, const LocalPolicy& policy, Entitlement& e) {
    struct Sum {
        Entitlement& e;
        void family(Category category, const rules::Means& h, Fen household_dibao) {
            e.category = category;
            e.annual_income = h.annual;
            e.standard = h.standard;
            e.core_size = h.n;
            e.dibao = household_dibao;
            e.dibao_persons = category == Category::dibao || category == Category::dibao_gradual ? h.n : 0;
        }
        void member(std::size_t, rules::PersonStatus status, const rules::PersonPay& p) {
            const bool counted = status == rules::PersonStatus::dibao_single || status == rules::PersonStatus::tekun;
            if (!counted && (p.supplement | p.living | p.nursing) == 0) return;
            e.single += p.dibao;
            e.single_persons += status == rules::PersonStatus::dibao_single;
            e.tekun_persons += status == rules::PersonStatus::tekun;
            e.supplement += p.supplement;
            e.supplement_persons += p.supplement > 0;
            e.living_persons += p.living > 0;
            e.nursing_persons += p.nursing > 0;
            e.tekun_basic += p.tekun_basic;
            e.tekun_care += p.tekun_care;
        }
    };
    e.nothing();
    rules::decide_each(household, policy.standards, policy.policy, Sum{e});
    if (e.category == Category::dibao) e.dibao = std::max(e.dibao, policy.dibao_min_payment);
}

Office::Office(const Family& family, const World& world, const LocalPolicy& policy, const Calendar& calendar)
    : family_(family), world_(world), policy_(nullptr), calendar_(calendar),
      claims_(claims_dibao(family, world, policy)) {
    meet(policy);
}

void Office::meet(const LocalPolicy& policy) {
    policy_ = &policy;
    standard_ = rules::effective_standard(policy.standards, policy.policy);
    looks_back_ = policy.policy.income_basis == rules::Policy::IncomeBasis::trailing12;
    income_decides_ = !looks_back_ && policy.policy.work_deduction_bp == 0 && policy.modules_on.empty();
    line_is_safe_ = 100 * world_[Assumption::essential_share] * world_.prices_max + 1e-6 <= policy.policy.rigid_share_pct;
    claims_living_ = claims_living(family_, world_, policy);
    claims_nursing_ = claims_nursing(family_, world_, policy);
}

/// Whether the answer of a rule could hang on the sums of twelve months: only in the band of rigid-expenditure families, and not if they spend little.
bool Office::looks_at_sums(const Home& home) const {
    if (looks_back_) return true;
    if (certainly_under_the_line(home)) return false;
    const int tekun = family_.any_tekun < 2.0f ? 1 : 0;  // who may have left the unit with no income
    const bool all_counts = tekun == 0 && policy_->policy.work_deduction_bp == 0;
    const bool under_the_mean = !all_counts || 12 * home.income_now() < home.alive() * policy_->standards.pcdi;
    return under_the_mean && 100 * home.income_now() >= policy_->policy.edge_mult_pct * std::max(home.alive() - tekun, 1) * standard_ &&
           home.could_spend_over(policy_->policy.rigid_share_pct);
}

rules::Household Office::seen(const Home& home, bool sums) const {
    rules::Household h = home.assessed(sums);
    if (enrolled_ == Category::dibao_gradual) h.prior = prior();
    return h;
}

void Office::assess(const Home& home) {
    const rules::Household h = seen(home, looks_at_sums(home));
    entitle(h, *policy_, now_);
    compared_ = false;
    if (policy_->modules_on.empty()) return;
    modules_now_.clear();
    const rules::Decision d = rules::decide(h, policy_->standards, policy_->policy);
    for (const rules::Module m : policy_->modules_on)
        modules_now_.push_back(rules::module_due(m, policy_->modules[static_cast<std::size_t>(m)], h, d, world_.residence));
}

bool Office::assess_income(const Home& home) {
    if (!income_decides_ || !home.plain() || enrolled_ == Category::dibao_gradual) return false;
    const rules::Means h{.n = home.alive(), .annual = 12 * home.income_now(), .standard = standard_, .pcdi = policy_->standards.pcdi,
                         .assets_ok = home.assets_ok()};
    Category category = Category::none;
    if (rules::is_dibao(h)) category = Category::dibao;
    else if (rules::is_edge(h, policy_->policy)) category = Category::edge;
    else if (rules::in_rigid_band(h, policy_->policy) && !certainly_under_the_line(home)) return false;
    compared_ = false;
    now_.nothing();
    now_.category = category;
    now_.annual_income = h.annual;
    now_.standard = h.standard;
    now_.core_size = h.n;
    if (category != Category::dibao) return true;
    now_.dibao = std::max(rules::dibao_top_up(h), policy_->dibao_min_payment);
    now_.dibao_persons = h.n;
    for (const rules::Member& m : home.members()) {
        const Fen one = rules::supplement(m, standard_, policy_->policy);
        now_.supplement += one;
        now_.supplement_persons += one > 0;
    }
    return true;
}

void Office::settle() {
    if (claims_ && now_.enrols()) grant(0);
}

void Office::grant(int month) {
    keep();
    enrolled_ = now_.category;
    known_ = true;
    decided_ = month;
}

void Office::work(int month, const Home& home, OfficeLuck& luck, bool new_law) {
    if (confirm_month_ == month) {
        confirm_month_ = -1;
        if (!now_.enrols()) return;
        grant(month);
        pay_from_ = month + 1;
        return;
    }
    if (known_) return review(month, home, new_law || (!as_granted() && luck.report(month, month + 1) == month));
    if (claims_ && confirm_month_ < 0 && now_.enrols() && detected(luck.detection(month), home))
        confirm_month_ = month + policy_->monitoring.visit_lag + std::max(policy_->review_lag, 1);
}

/// Whether one of the channels finds the family in a month whose draw is `u`.
bool Office::detected(double u, const Home& home) const {
    const double weight = now_.category == Category::rigid ? world_[Assumption::detect_rigid] : 1.0;  // rigid families are found less often
    const auto q = [&](double p) { return std::min(1.0, p * weight * policy_->monitoring.detection_factor); };
    const double by_self = 1 - q(world_[Assumption::detect_self]);
    const double by_field = 1 - q(world_.by_residence(Assumption::detect_field_urban, Assumption::detect_field_rural));
    if (u < 1 - by_self * by_field) return true;
    // Data matching helps only where an indicator is on, which is costly to tell: ask only where it decides.
    return u < 1 - by_self * (1 - q(world_[Assumption::detect_data])) * by_field && indicated(home);
}

/// Whether an indicator of measure 2 is on and the database knows the family.
bool Office::indicated(const Home& home) const {
    const LocalPolicy::Monitoring& m = policy_->monitoring;
    const bool seen = (m.by_spending && home.spending_surge(m.surge_percent)) || (m.by_income && home.income_plunge(m.plunge_percent)) ||
                      (m.by_population && home.someone_died());
    return seen && (m.coverage >= 1 || unit(Draws(world_.seed, Purpose::coverage, 0, family_.id).bits(0)) < m.coverage);
}

int Office::review_interval(const Home& home) const {
    return enrolled_ == Category::rigid ? policy_->rigid_validity_months
           : home.unstable()            ? policy_->review_months_unstable
                                        : policy_->review_months;
}

/// Whether it is dibao no more since someone found work.
bool Office::left_for_work(const Home& home) const {
    return enrolled_ == Category::dibao && now_.category != Category::dibao && home.last_reemployed() >= decided_;
}

void Office::review(int month, const Home& home, bool reported) {
    if (enrolled_ == Category::dibao_gradual) {
        gradual_month_ = month - decided_ + 1;
        assess(home);
        if (now_.category == Category::dibao_gradual) keep();
        else leave(month);
        return;
    }
    if (as_granted()) return;
    if (!reported && !home.someone_died() && !home.crossed_18_or_70() && (month + family_.review_phase) % review_interval(home) != 0) return;
    if (left_for_work(home) && now_.annual_income * 100 < 12 * now_.core_size * now_.standard * policy_->policy.gradual_cap_pct) {
        exit_dibao_ = granted_.dibao;
        exit_persons_ = granted_.dibao_persons;
        enrolled_ = Category::dibao_gradual;
        gradual_month_ = 1;
        assess(home);
        if (now_.category == Category::dibao_gradual) {
            keep();
            decided_ = month;
            return;
        }
    }
    leave(month);
}

/// Confirms today's decision: another amount, or the flow into edge or rigid without application (measure 16).
void Office::leave(int month) {
    enrolled_ = Category::none;
    if (now_.enrols()) {
        grant(month);
    } else {
        known_ = false;
        forget();
    }
}

/// Nothing is granted any more.
void Office::forget() {
    granted_ = {};
    modules_granted_.clear();
    compared_ = false;
}

/// What the family of a shock is given by its need: so many months of the standard.
Fen Office::relief(const Shock& shock, const Home& home, const LocalPolicy& policy, Fen standard) const {
    using rules::Event;
    Event event;
    event.type = Event::Type::expenditure;
    event.cause = shock.kind == Shock::Kind::disaster     ? Event::Cause::disaster
                  : shock.kind == Shock::Kind::illness    ? Event::Cause::illness
                  : shock.kind == Shock::Kind::disability ? Event::Cause::disability
                                                          : Event::Cause::unemployment;
    return rules::temporary_assistance(event, home.alive(), standard, policy.standards.urban, now_.category != Category::none || now_.single_persons > 0, policy.policy);
}

Fen Office::help(const Shock& shock, const Home& home, Adder& to) {
    if (shock.kind == Shock::Kind::death) return 0;
    const int year = (shock.month + 1200 - calendar_.burn_in) / 12;
    if (year != helped_year_) helped_times_ = 0;
    helped_year_ = year;
    const bool low_income = (known_ && shock.month >= pay_from_) || now_.category == Category::tekun;
    if (low_income && shock.kind != Shock::Kind::emergency && helped_times_ < policy_->temp_max_per_year &&
        shock.claim < world_[Assumption::temp_expenditure]) {
        const Fen amount = relief(shock, home, *policy_, now_.standard);
        if (amount > 0) ++helped_times_;
        to.pay(Programme::temporary, amount, home.alive(), shock.month, shock.month + 1);
        return amount;
    }
    if (claims_acute(shock, world_)) pay_acute(shock, world_, *policy_, to);
    return 0;
}

void Office::pay(int from, int to, Adder& tally) const {
    const Ledger::Span all = tally.span(from, to);
    tally.pay(Programme::tekun_basic, now_.tekun_basic, now_.tekun_persons, all);
    tally.pay(Programme::tekun_care, now_.tekun_care, now_.tekun_persons, all);
    if (claims_nursing_) tally.pay(Programme::nursing_subsidy, now_.nursing_persons * policy_->policy.nursing, now_.nursing_persons, all);
    if (known_ && to > pay_from_) {
        const Ledger::Span paid = pay_from_ <= from ? all : tally.span(pay_from_, to);
        tally.pay(Programme::dibao, granted_.dibao + granted_.single, granted_.dibao_persons + granted_.single_persons, paid);
        tally.single(granted_.single, granted_.single_persons, paid);
        tally.pay(Programme::supplement, granted_.supplement, granted_.supplement_persons, paid);
        if (claims_living_) tally.pay(Programme::living_subsidy, granted_.living_persons * policy_->policy.living, granted_.living_persons, paid);
    }
    if (!policy_->modules_on.empty()) pay_modules(from, to, tally);
    tally.category(known_ && enrolled_ != Category::none ? enrolled_ : now_.category == Category::tekun ? Category::tekun : Category::none, all);
}

/// Whether the gradual exit of a family that stays as it is goes on with the same amount to its last month.
bool Office::gradual_stands() const {
    return !looks_back_ && policy_->policy.gradual_profile_pct.empty() && policy_->modules_on.empty();
}

int Office::next_action(int month, const Home& home, OfficeLuck& luck) const {
    if (confirm_month_ > month) return confirm_month_;
    if (known_) {
        if (enrolled_ == Category::dibao_gradual) return gradual_stands() ? decided_ + policy_->policy.gradual_months : month + 1;
        if (as_granted()) return never;
        const int interval = review_interval(home), review = month + interval - (month + family_.review_phase) % interval;
        return luck.report(month + 1, std::min(review, calendar_.total()));
    }
    return claims_ && now_.enrols() ? month + 1 : never;
}

int Office::next_turn_of_spending(int end, const Home& home) const {
    const bool in_band = now_.core_size > 0 && 100 * now_.annual_income >= 12 * now_.core_size * now_.standard * policy_->policy.edge_mult_pct &&
                         now_.annual_income < now_.core_size * policy_->standards.pcdi;
    return in_band && !certainly_under_the_line(home) ? home.spending_passes(policy_->policy.rigid_share_pct, end) : never;
}

}  // namespace doudi
