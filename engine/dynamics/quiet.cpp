#include "dynamics/quiet.hpp"

#include "dynamics/likenesses.hpp"

#include <algorithm>
#include <bit>

namespace doudi {

Quiet::Quiet(const Kin& kin, std::span<const LocalPolicy> policies, std::span<const Lead> leads, const Calendar& calendar)
    : kin_(kin), policies_(policies), leads_(leads), calendar_(calendar), possible_(kin.family.size <= Described::most) {
    family_.size = kin.family.size;
    for (int k = 0; k < kin.turning_count; ++k) {
        const Kin::Turning& turn = kin.turnings[static_cast<std::size_t>(k)];
        if (turn_count_ > 0 && turns_[turn_count_ - 1] == turn.month) continue;
        possible_ = possible_ && turn_count_ < Verdict::most_turns;
        if (possible_) turns_[turn_count_++] = turn.month;
    }
    for (const LocalPolicy& p : policies) {
        work_costs_ = work_costs_ || p.policy.work_deduction_bp != 0;
        possible_ = possible_ && p.modules_on.empty() && p.policy.income_basis == rules::Policy::IncomeBasis::current;
    }
}

std::uint64_t Quiet::operator()(std::span<const World> worlds, const Columns& columns, std::span<const Claims> claims, std::size_t at, std::uint64_t todo, Ledger& ledger) {
    if (!possible_) return 0;
    std::uint64_t lived = 0;
    const Likenesses likenesses(kin_, columns, at, todo, calendar_.total());
    begin();
    for (std::size_t g = 0; g < policies_.size(); ++g) {
        const Family& f = kin_.family;
        const std::array<Comparison, 3> asked{{{f.take_up_score, &claims[g].dibao}, {f.living_score, &claims[g].living}, {f.nursing_score, &claims[g].nursing}}};
        compare(asked, at, claimed_[g].data());
    }
    Earnings earnings;
    while (todo != 0) {
        const int first = std::countr_zero(todo);
        std::uint64_t group = todo & likenesses.like(first);
        todo &= ~group;
        if (!describe(kin_, worlds[at + static_cast<std::size_t>(first)], family_)) continue;
        group = all_at_work(kin_, family_, worlds, at, group);
        if (group == 0) continue;
        earn(columns, kin_, family_.members(), at, group, earnings);
        while (group != 0) {
            const std::uint64_t one = group & -group;
            const auto r = static_cast<std::size_t>(std::countr_zero(one));
            group &= ~one;
            family_.take(earnings, r, true);
            if (!decide(worlds[at + r])) continue;
            // Those of the others for which these decisions hold are paid with it.
            const std::uint64_t same = one | hold(worlds, earnings, at, group);
            group &= ~same;
            pay(worlds, earnings, at, same, ledger);
            lived |= same;
        }
    }
    return lived;
}

/// Before the first decision.
void Quiet::begin() {
    if (!verdicts_.empty()) return;
    verdicts_.reserve(policies_.size());
    for (const LocalPolicy& p : policies_) verdicts_.emplace_back(p);
    claimed_.resize(policies_.size());
}

bool Quiet::operator()(const World& w, Ledger& ledger, int until) {
    if (!possible_ || !describe(kin_, w, family_) || !all_at_work(kin_, family_, w)) return false;
    earn(kin_, w, family_);
    begin();
    if (!decide(w)) return false;
    pay(w, ledger, until);
    return true;
}

/// The most that a month's necessary spending comes to, at the highest price of the run (see Home::set_members).
Fen Quiet::most_spending(const World& w) const {
    double spending = w[Assumption::essential_share] * static_cast<double>(family_.income);
    for (int i = 0; i < kin_.family.size; ++i) {
        const Person& p = kin_.people[i];
        if (family_.room[static_cast<std::size_t>(i)].severe_illness) spending += 100.0 * w[Assumption::illness_cost];
        if (could_be_tertiary(p, calendar_.total()) && p.school_score < w[Assumption::school_tertiary]) spending += 100.0 / 12.0 * w[Assumption::tuition_tertiary];
    }
    return 1 + static_cast<Fen>((spending + 1) * w.prices_max);
}

/// Whether in some month the sums of twelve months could count: in the band of rigid-expenditure families (see
/// Office::looks_at_sums), unless spending is an ordinary share of income, under the 60 % line.
bool Quiet::sums_count(const LocalPolicy& p, const World& w, Fen standard) const { return in_band(p, standard) && spends_much(p, w); }

bool Quiet::in_band(const LocalPolicy& p, Fen standard) const {
    return 100 * family_.income >= p.policy.edge_mult_pct * std::max(family_.size - (family_.tekun() ? 1 : 0), 1) * standard;
}

bool Quiet::spends_much(const LocalPolicy& p, const World& w) const {
    return !ordinary_spending(kin_, w, p, calendar_.total()) && 100 * most_spending(w) > p.policy.rigid_share_pct * family_.income;
}

/// In which of the replicates [at, at + 64) with their bit in `which`, all like the one that is described, every decision holds.
std::uint64_t Quiet::hold(std::span<const World> worlds, const Earnings& earnings, std::size_t at, std::uint64_t which) {
    const bool of_members = own_income_counts();
    std::uint64_t asked = 0, spends = 0;  // where, by the rules of the first group, it was asked if so much is spent, and is
    const auto spends_by = [&](std::size_t g, std::size_t r) {
        const std::uint64_t bit = std::uint64_t{1} << r;
        if (!leads_[g].rules) return spends_much(policies_[g], worlds[at + r]);
        if ((asked & bit) == 0) {
            asked |= bit;
            spends |= spends_much(policies_[g], worlds[at + r]) ? bit : 0;
        }
        return (spends & bit) != 0;
    };
    for (std::size_t g = 0; g < policies_.size(); ++g) {
        const Verdict& verdict = verdicts_[g];
        if (!verdict.could_hold(family_)) return 0;
        const std::uint64_t by_income = verdict.holds_in(earnings, family_, which);
        for (std::uint64_t left = verdict.under_the_band() ? which & ~by_income : which; left != 0; left &= left - 1) {
            const auto r = static_cast<std::size_t>(std::countr_zero(left));
            family_.take(earnings, r, of_members);
            const bool sums_count = in_band(policies_[g], verdict.standard()) && spends_by(g, r);
            if (sums_count || ((by_income >> r & 1u) == 0 && !verdict.holds(family_))) which &= ~(left & -left);
        }
    }
    return which;
}

/// Decides the family as it is described, under every policy; false if it is not quiet under one, for then it is under none.
bool Quiet::decide(const World& w) {
    for (std::size_t g = 0; g < policies_.size(); ++g) {
        if (sums_count(policies_[g], w, verdicts_[g].standard())) return false;
        if (!verdicts_[g].holds(family_) && !verdicts_[g].decide(family_, {turns_.data(), turn_count_})) return false;
    }
    return true;
}

void Quiet::pay(const World& w, Ledger& ledger, int until) const {
    const Family& f = kin_.family;
    for (std::size_t g = 0; g < policies_.size(); ++g) {
        const LocalPolicy& p = policies_[g];
        const Entitlement& e = verdicts_[g].entitlement();
        Adder to(ledger, static_cast<int>(g), w, calendar_);
        const Ledger::Span all = to.span(0, until);
        to.pay(Programme::tekun_basic, e.tekun_basic, e.tekun_persons, all);
        to.pay(Programme::tekun_care, e.tekun_care, e.tekun_persons, all);
        if (e.nursing_persons != 0 && claims_nursing(f, w, p)) to.pay(Programme::nursing_subsidy, e.nursing_persons * p.policy.nursing, e.nursing_persons, all);
        const bool known = e.enrols() && claims_dibao(f, w, p);
        if (known) {
            const Verdict::Dibao paid = verdicts_[g].dibao(family_);
            to.pay(Programme::dibao, paid.family + paid.single, e.dibao_persons + e.single_persons, all);
            to.single(paid.single, all);
            pay_supplement(g, until, to);
            if (e.living_persons != 0 && claims_living(f, w, p)) to.pay(Programme::living_subsidy, e.living_persons * p.policy.living, e.living_persons, all);
        }
        to.category(shown(e, known), all);
    }
}

/// Whether a group pays the same persons for the same reasons as the first one in all replicates of `same`.
bool Quiet::goes_with_first(std::size_t g, std::uint64_t same) const {
    if (!leads_[g].rules || !verdicts_[g].entitlement().like(verdicts_[0].entitlement())) return false;
    for (std::size_t k = 0; k < claimed_[g].size(); ++k)
        if (((claimed_[g][k] ^ claimed_[0][k]) & same) != 0) return false;
    for (std::size_t k = 0; k < turn_count_; ++k)
        if (verdicts_[g].extra_from(k).persons != verdicts_[0].extra_from(k).persons) return false;
    return true;
}

/// Whether a birthday changes the extra payment.
bool Quiet::ages(std::size_t g) const {
    for (std::size_t k = 0; k < turn_count_; ++k)
        if (verdicts_[g].extra_from(k) != verdicts_[g].extra()) return true;
    return false;
}

/// All that a group pays but dibao and an extra payment that changes.
Ledger::Bills Quiet::bills(std::size_t g, std::uint64_t same) const {
    const LocalPolicy& p = policies_[g];
    const Entitlement& e = verdicts_[g].entitlement();
    const std::uint64_t known = this->known(g, same);
    Ledger::Bills bills;
    const auto bill = [&](Programme programme, std::uint64_t which, Fen amount, int persons) {
        if (amount != 0) bills.add(Ledger::line(programme), which, {amount, persons, 1});
    };
    bill(Programme::tekun_basic, same, e.tekun_basic, e.tekun_persons);
    bill(Programme::tekun_care, same, e.tekun_care, e.tekun_persons);
    bill(Programme::nursing_subsidy, same & claimed_[g][2], e.nursing_persons * p.policy.nursing, e.nursing_persons);
    bill(Programme::living_subsidy, known & claimed_[g][1], e.living_persons * p.policy.living, e.living_persons);
    if (!ages(g)) bill(Programme::supplement, known, e.supplement, e.supplement_persons);
    for (const auto& [which, category] : {std::pair(known, shown(e, true)), std::pair(same & ~known, shown(e, false))})
        if (category != Category::none) bills.add(Ledger::line(category), which, {0, 0, 1});
    return bills;
}

/// The same to the end of the run in those of the replicates [at, at + 64) that have their bit in `same`. They differ in who takes up what,
/// and in the amounts of dibao.
void Quiet::pay(std::span<const World> worlds, const Earnings& earnings, std::size_t at, std::uint64_t same, Ledger& ledger) {
    Alone alone;
    for (std::size_t g = 1; g < policies_.size(); ++g)
        if (!goes_with_first(g, same)) alone.add(g);
    const bool led = alone.led(policies_.size());
    for (std::size_t g = 0; g < policies_.size(); ++g) {
        if (!alone[g]) continue;
        const Verdict& verdict = verdicts_[g];
        const Entitlement& e = verdict.entitlement();
        const std::uint64_t known = this->known(g, same), by_income = e.dibao_persons + e.single_persons > 0 ? known : 0, aging = ages(g) ? known : 0;
        const Ledger::Bills bills = this->bills(g, same);
        const bool leads = g == 0 && led;
        for (std::uint64_t left = same; left != 0; left &= left - 1) {
            const auto r = static_cast<std::size_t>(std::countr_zero(left));
            const World& w = worlds[at + r];
            const Ledger::Page page = ledger.page(w.slot, leads ? ledger.of_all() : static_cast<int>(g));
            ledger.add(page, bills, r);
            Verdict::Dibao paid;
            if ((by_income >> r & 1u) != 0) {
                paid = dibao(g, earnings, r);
                ledger.add_throughout(page, Ledger::line(Programme::dibao), {paid.family + paid.single, e.dibao_persons + e.single_persons, 1});
                if (paid.single != 0) ledger.add_throughout(page, Ledger::single_line, {paid.single, 0, 0});
            }
            if (leads)
                for (const int other : alone.groups()) {
                    const Ledger::Page back = ledger.page(w.slot, other);
                    ledger.take_back(back, bills, r);
                    if ((by_income >> r & 1u) == 0) continue;
                    ledger.add_throughout(back, Ledger::line(Programme::dibao), {-paid.family - paid.single, -e.dibao_persons - e.single_persons, -1});
                    if (paid.single != 0) ledger.add_throughout(back, Ledger::single_line, {-paid.single, 0, 0});
                }
            if ((aging >> r & 1u) != 0) {
                Adder to = leads ? Adder::all_but(ledger, alone.groups(), w, calendar_) : Adder(ledger, static_cast<int>(g), w, calendar_);
                pay_supplement(g, calendar_.total(), to);
            }
        }
    }
    if (led) pay_differences(worlds, earnings, at, same, alone, ledger);
}

/// What the groups that go with the first one pay more.
void Quiet::pay_differences(std::span<const World> worlds, const Earnings& earnings, std::size_t at, std::uint64_t same, const Alone& alone, Ledger& ledger) {
    const Entitlement& first = verdicts_[0].entitlement();
    const std::uint64_t known = this->known(0, same);
    const bool by_income = first.dibao_persons + first.single_persons > 0;
    std::uint64_t left = first.tekun_persons > 0 ? same : by_income ? known : 0;
    if (left == 0) return;
    const Adder months(ledger, 0, worlds[at], calendar_);
    const Ledger::Span all = months.span(0, calendar_.total());
    const auto extra = [&](std::size_t g, std::size_t turns) { return turns == 0 ? verdicts_[g].extra().fen : verdicts_[g].extra_from(turns - 1).fen; };
    const auto stays = [&](std::size_t turns) {
        bool stays = true;
        for (std::size_t g = 0; g < policies_.size(); ++g) stays = stays && extra(g, turns) == extra(g, turns - 1);
        return stays;
    };
    // The extra payment: from which birthday on, and in which months.
    struct Age {
        std::size_t turns;
        Ledger::Span months;
    };
    Room<Age, Verdict::most_turns + 1> ages;
    std::size_t count = 0;
    for (std::size_t k = 0, next; k <= turn_count_; k = next) {
        for (next = k + 1; next <= turn_count_ && stays(next); ++next) {}
        if (extra(0, k) != 0) ages.make(count++) = {k, months.span(k == 0 ? 0 : turns_[k - 1], next > turn_count_ ? calendar_.total() : turns_[next - 1])};
    }
    for (; left != 0; left &= left - 1) {
        const auto r = static_cast<std::size_t>(std::countr_zero(left));
        const auto more = [&, slot = worlds[at + r].slot](Ledger::More line, const Ledger::Span& span, const auto& amount) { ledger.more(slot, line, span, alone, amount); };
        if (first.tekun_persons > 0) more(Ledger::More::tekun_basic, all, [&](std::size_t g) { return verdicts_[g].entitlement().tekun_basic - first.tekun_basic; });
        if (!by_income || (known >> r & 1u) == 0) continue;
        const Verdict::Dibao paid = dibao(0, earnings, r);
        if (first.single_persons == 0) {
            more(Ledger::More::dibao, all, [&](std::size_t g) { return dibao(g, earnings, r).family - paid.family; });
        } else {
            std::array<Verdict::Dibao, Alone::most> own;
            for (std::size_t g = 1; g < policies_.size(); ++g) own[g] = alone[g] ? paid : dibao(g, earnings, r);
            more(Ledger::More::dibao, all, [&](std::size_t g) { return own[g].family + own[g].single - paid.family - paid.single; });
            more(Ledger::More::single, all, [&](std::size_t g) { return own[g].single - paid.single; });
        }
        for (std::size_t k = 0; k < count; ++k)
            more(Ledger::More::supplement, ages[k].months, [&, turns = ages[k].turns](std::size_t g) { return extra(g, turns) - extra(0, turns); });
    }
}

/// The category a family is counted in, by whether the office knows it.
Category Quiet::shown(const Entitlement& e, bool known) {
    if (known && e.category != Category::none) return e.category;
    return e.category == Category::tekun ? Category::tekun : Category::none;
}

/// The extra payment: an 18th or 70th birthday counts from its month on (see Office::review).
void Quiet::pay_supplement(std::size_t group, int end, Adder& to) const {
    const Verdict& verdict = verdicts_[group];
    Verdict::Extra granted = verdict.extra();
    int from = 0;
    for (std::size_t k = 0; k < turn_count_ && turns_[k] < end; ++k) {
        if (verdict.extra_from(k) == granted) continue;
        to.pay(Programme::supplement, granted.fen, granted.persons, from, turns_[k]);
        granted = verdict.extra_from(k);
        from = turns_[k];
    }
    to.pay(Programme::supplement, granted.fen, granted.persons, from, end);
}

}  // namespace doudi
