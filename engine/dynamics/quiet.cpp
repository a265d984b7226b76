#include "dynamics/quiet.hpp"

#include "dynamics/likenesses.hpp"
#include "random/philox_many.hpp"

#include <algorithm>
#include <bit>

namespace doudi {

Quiet::Quiet(const Kin& kin, std::span<const LocalPolicy> policies, const Calendar& calendar)
    : kin_(kin), policies_(policies), calendar_(calendar), possible_(kin.family.size <= Described::most) {
    family_.size = kin.family.size;
    for (int k = 0; k < kin.turning_count; ++k) {
        // At 60 only a tekun person's standing could change, and nobody becomes tekun in the run; at 70 only the extra payment.
        // At 15, 16, 18 and 22 school, work and the extra payment can, and at 18 whether an ill person may be included alone.
        const Kin::Turning& turn = kin.turnings[static_cast<std::size_t>(k)];
        grow_up_ = grow_up_ || kin.people[turn.member].age_months + turn.month < 60 * 12;
        if (turn_count_ > 0 && turns_[turn_count_ - 1] == turn.month) continue;
        possible_ = possible_ && turn_count_ < Verdict::most_turns;
        if (possible_) turns_[turn_count_++] = turn.month;
    }
    for (const LocalPolicy& p : policies) {
        work_costs_ = work_costs_ || p.policy.work_deduction_bp != 0;
        possible_ = possible_ && p.modules_on.empty() && p.policy.income_basis == rules::Policy::IncomeBasis::current;
    }
}

/// The members as in the first month, without their incomes, and the bits that tell one likeness from another; false if a
/// birthday changes who works, or could change what is paid to someone disabled, ill or tekun.
bool Quiet::describe(const World& w) {
    const Family& f = kin_.family;
    const bool tekun = kin_.people[0].tekun_score < w.by_residence(Assumption::tekun_urban, Assumption::tekun_rural);
    std::uint64_t likeness = tekun;
    may_work_ = false;
    family_.special = tekun;
    for (int i = 0; i < f.size; ++i) {
        const auto k = static_cast<std::size_t>(i);
        const Person& p = kin_.people[i];
        rules::Member& m = family_.room.make(k);
        const bool has_disability = disabled(p, w);
        m.age_months = p.age_months;
        m.age = p.age_months / 12;
        if (has_disability) {
            m.disability_grade = disability_grade(p.grade_score, w[Assumption::disability_severe]);
            m.disability_type = disability_type(p.type_score);
        }
        m.severe_illness = p.illness_score < w[Assumption::illness_prevalence];
        family_.special = family_.special || m.severe_illness || has_disability;
        m.tekun = i == 0 && tekun;
        if (m.tekun) m.care_level = care_level(p, w);
        m.school_level = school_level(p, m.age, w);
        m.student = m.school_level != rules::SchoolLevel::none || (m.age >= 6 && m.age < 15);
        able_[k] = m.age >= 16 && employed(p, w, has_disability);
        m.employed = able_[k] && !m.student && !m.tekun;
        may_work_ = may_work_ || m.employed;
        likeness = likeness << 7 | static_cast<std::uint64_t>(m.disability_grade << 4 | m.severe_illness << 3 | m.employed << 2 | m.student << 1);
    }
    for (int k = 0; grow_up_ && k < kin_.turning_count; ++k) {
        const Kin::Turning& turn = kin_.turnings[static_cast<std::size_t>(k)];
        const rules::Member& m = family_.room[turn.member];
        const Person& p = kin_.people[turn.member];
        const int age = (p.age_months + turn.month) / 12;
        if (age < 60 && (m.severe_illness || m.disability_grade > 0 || m.tekun)) return false;
        const bool student = school_level(p, age, w) != rules::SchoolLevel::none || (age >= 6 && age < 15);
        if ((age >= 16 && !student && !m.tekun && employed(p, w, m.disability_grade > 0)) != m.employed) return false;
    }
    own_income_counts_ = family_.special || work_costs_;
    if (tekun) likeness = likeness << 2 | static_cast<std::uint64_t>(family_.room[0].care_level);
    family_.likeness = likeness;
    return true;
}

/// Whether nobody is out of work when the run starts.
bool Quiet::all_at_work(const World& w) const {
    InitialSpells spells(kin_.family, w);
    for (int i = 0; i < kin_.family.size; ++i)
        if (able_[static_cast<std::size_t>(i)] && spells[i] >= 0) return false;
    return true;
}

/// In which of the replicates [at, at + 64) with their bit in `which` that is so.
std::uint64_t Quiet::all_at_work(std::span<const World> worlds, std::size_t at, std::uint64_t which) const {
    const int size = kin_.family.size;
    for (int from = 0; from < size && which != 0; from += 4) {
        const int until = std::min(from + 4, size);
        if (std::none_of(able_.begin() + from, able_.begin() + until, [](bool able) { return able; })) continue;
        std::array<std::uint32_t, 64> draw, luck;
        alignas(64) std::array<std::uint32_t, 4 * 64> words;
        std::size_t count = 0;
        for (std::uint64_t left = which; left != 0; left &= left - 1, ++count) {
            draw[count] = counter0(Purpose::initial_job, static_cast<std::uint32_t>(from / 4));
            luck[count] = worlds[at + static_cast<std::size_t>(std::countr_zero(left))].replicate;
        }
        for (std::size_t k = count; k < whole_calls(count); ++k) draw[k] = luck[k] = 0;
        philox_many(draw.data(), luck.data(), whole_calls(count), kin_.family.id, worlds.front().seed, words.data());
        count = 0;
        for (std::uint64_t left = which; left != 0; left &= left - 1, ++count) {
            const World& w = worlds[at + static_cast<std::size_t>(std::countr_zero(left))];
            const double loss = w.by_residence(Assumption::job_loss_urban, Assumption::job_loss_rural), back = w[Assumption::reemployment];
            for (int i = from; i < until; ++i)
                if (able_[static_cast<std::size_t>(i)] && !InitialSpells::at_work(words[4 * count + static_cast<std::size_t>(i - from)], loss, back)) which &= ~(left & -left);
        }
    }
    return which;
}

/// The incomes of the members as they are described: the operations that earnings.hpp has for many replicates.
void Quiet::earn(const World& w) {
    const Family& f = kin_.family;
    const double factor = income_factor(f, w), assessed = w.by_residence(Assumption::income_assessed_urban, Assumption::income_assessed_rural);
    const double pension = w.by_residence(Assumption::pension_urban, Assumption::pension_rural);
    int working = 0;
    for (int i = 0; i < f.size; ++i) working += family_.room[static_cast<std::size_t>(i)].employed;
    const double farm = farm_each(f, w, working, factor);
    family_.income = 0;
    for (int i = 0; i < f.size; ++i) {
        const Person& p = kin_.people[i];
        rules::Member& m = family_.room[static_cast<std::size_t>(i)];
        double income = 0.0;
        if (m.employed) income = farm + in_health(p.earnings * factor, m);
        if (p.pension_score < pension && !m.tekun) income += p.pension * w.income_factor;
        if (i == 0 && f.support_score < w.by_residence(Assumption::support_urban, Assumption::support_rural) && !m.tekun) income += f.support * factor;
        m.monthly_income = static_cast<Fen>(income * assessed);
        family_.income += m.monthly_income;
    }
}

/// The incomes in one replicate of those for which they were reckoned. A member's own counts where the family is decided, and afterwards only
/// where one could be included alone, be tekun or have the costs of work deducted.
void Quiet::take(const Earnings& earnings, std::size_t replicate, bool of_members) {
    family_.income = static_cast<Fen>(earnings.total[replicate]);
    for (int i = 0; of_members && i < kin_.family.size; ++i)
        family_.room[static_cast<std::size_t>(i)].monthly_income = static_cast<Fen>(earnings.of[static_cast<std::size_t>(i)][replicate]);
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
        if (!describe(worlds[at + static_cast<std::size_t>(first)])) continue;
        group = all_at_work(worlds, at, group);
        if (group == 0) continue;
        doudi::earn(columns, kin_, family_.members(), at, group, earnings);
        while (group != 0) {
            const std::uint64_t one = group & -group;
            const auto r = static_cast<std::size_t>(std::countr_zero(one));
            group &= ~one;
            take(earnings, r, true);
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
    if (!possible_ || !describe(w) || !all_at_work(w)) return false;
    earn(w);
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
bool Quiet::sums_count(const LocalPolicy& p, const World& w, Fen standard) const {
    const bool in_band = 100 * family_.income >= p.policy.edge_mult_pct * std::max(family_.size - (family_.tekun() ? 1 : 0), 1) * standard;
    return in_band && !ordinary_spending(kin_, w, p, calendar_.total()) && 100 * most_spending(w) > p.policy.rigid_share_pct * family_.income;
}

/// In which of the replicates [at, at + 64) with their bit in `which`, all like the one that is described, every decision holds.
std::uint64_t Quiet::hold(std::span<const World> worlds, const Earnings& earnings, std::size_t at, std::uint64_t which) {
    for (std::size_t g = 0; g < policies_.size(); ++g) {
        const LocalPolicy& p = policies_[g];
        const Verdict& verdict = verdicts_[g];
        if (!verdict.could_hold(family_)) return 0;
        const bool by_total = verdict.by_total(family_);
        for (std::uint64_t left = which; left != 0; left &= left - 1) {
            const auto r = static_cast<std::size_t>(std::countr_zero(left));
            bool holds;
            if (by_total) {
                holds = verdict.holds_for(static_cast<Fen>(earnings.total[r]));
            } else {
                take(earnings, r, own_income_counts_);
                holds = !sums_count(p, worlds[at + r], verdict.standard()) && verdict.holds(family_);
            }
            if (!holds) which &= ~(left & -left);
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
        to.pay(Programme::tekun_basic, e.tekun_basic, e.tekun_persons, 0, until);
        to.pay(Programme::tekun_care, e.tekun_care, e.tekun_persons, 0, until);
        if (e.nursing_persons != 0 && claims_nursing(f, w, p)) to.pay(Programme::nursing_subsidy, e.nursing_persons * p.policy.nursing, e.nursing_persons, 0, until);
        const bool known = e.enrols() && claims_dibao(f, w, p);
        if (known) {
            const Verdict::Dibao paid = verdicts_[g].dibao(family_);
            to.pay(Programme::dibao, paid.family + paid.single, e.dibao_persons + e.single_persons, 0, until);
            to.single(paid.single, 0, until);
            pay_supplement(g, w, until, to);
            if (e.living_persons != 0 && claims_living(f, w, p)) to.pay(Programme::living_subsidy, e.living_persons * p.policy.living, e.living_persons, 0, until);
        }
        to.category(shown(e, known), 0, until);
    }
}

/// The same to the end of the run in those of the replicates [at, at + 64) that have their bit in `same`. They differ in who takes up what,
/// and in the amounts of dibao.
void Quiet::pay(std::span<const World> worlds, const Earnings& earnings, std::size_t at, std::uint64_t same, Ledger& ledger) {
    for (std::size_t g = 0; g < policies_.size(); ++g) {
        const LocalPolicy& p = policies_[g];
        const Verdict& verdict = verdicts_[g];
        const Entitlement& e = verdict.entitlement();
        const std::uint64_t known = e.enrols() ? same & claimed_[g][0] : 0;
        Ledger::Bills bills;
        const auto bill = [&](Programme programme, std::uint64_t which, Fen amount, int persons) {
            if (amount != 0) bills.add(doudi::at(programme), which, {amount, persons, 1});
        };
        bill(Programme::tekun_basic, same, e.tekun_basic, e.tekun_persons);
        bill(Programme::tekun_care, same, e.tekun_care, e.tekun_persons);
        bill(Programme::nursing_subsidy, same & claimed_[g][2], e.nursing_persons * p.policy.nursing, e.nursing_persons);
        bill(Programme::living_subsidy, known & claimed_[g][1], e.living_persons * p.policy.living, e.living_persons);
        bool ages = false;
        for (std::size_t k = 0; k < turn_count_; ++k) ages = ages || verdict.extra_from(k) != verdict.extra();
        if (!ages) bill(Programme::supplement, known, e.supplement, e.supplement_persons);
        for (const auto& [which, category] : {std::pair(known, shown(e, true)), std::pair(same & ~known, shown(e, false))})
            if (category != Category::none) bills.add(ledger.category_line(category), which, {0, 0, 1});
        const bool by_total = verdict.by_total(family_);
        const std::uint64_t by_income = e.dibao_persons + e.single_persons > 0 ? known : 0;
        for (std::uint64_t left = same; left != 0; left &= left - 1) {
            const auto r = static_cast<std::size_t>(std::countr_zero(left));
            const World& w = worlds[at + r];
            const Ledger::Page page = ledger.page(w.slot, static_cast<int>(g));
            ledger.add(page, bills, r);
            if ((by_income >> r & 1u) != 0) {
                Verdict::Dibao paid;
                if (by_total) {
                    paid.family = verdict.top_up(static_cast<Fen>(earnings.total[r]));
                } else {
                    take(earnings, r, own_income_counts_);
                    paid = verdict.dibao(family_);
                }
                ledger.add_throughout(page, doudi::at(Programme::dibao), {paid.family + paid.single, e.dibao_persons + e.single_persons, 1});
                if (paid.single != 0) ledger.add_throughout(page, ledger.single_line(), {paid.single, 0, 0});
            }
            if (ages && (known >> r & 1u) != 0) {
                Adder to(ledger, static_cast<int>(g), w, calendar_);
                pay_supplement(g, w, calendar_.total(), to);
            }
        }
    }
}

/// The category a family is counted in, by whether the office knows it.
Category Quiet::shown(const Entitlement& e, bool known) {
    if (known && e.category != Category::none) return e.category;
    return e.category == Category::tekun ? Category::tekun : Category::none;
}

/// The extra payment, month by month as Office::review has it: a birthday counts from the month in which it is reported, or
/// from the next review.
void Quiet::pay_supplement(std::size_t group, const World& w, int end, Adder& to) const {
    const LocalPolicy& p = policies_[group];
    const Verdict& verdict = verdicts_[group];
    Verdict::Extra granted = verdict.extra();
    const int interval = may_work_ ? p.review_months_unstable : p.review_months;
    int from = 0;
    for (std::size_t k = 0; k < turn_count_ && turns_[k] < end; ++k) {
        if (verdict.extra_from(k) == granted) continue;
        const int turn = turns_[k], until = k + 1 < turn_count_ ? std::min(turns_[k + 1], end) : end;
        const Words luck = Draws(w.seed, Purpose::detection, w.replicate, kin_.family.id).block(static_cast<std::uint32_t>(turn));
        int month = turn;
        if (!(unit(luck[1]) < w[Assumption::report_change]))
            while (month < until && (month + kin_.family.review_phase) % interval != 0) ++month;
        if (month == until) continue;
        to.pay(Programme::supplement, granted.fen, granted.persons, from, month);
        granted = verdict.extra_from(k);
        from = month;
    }
    to.pay(Programme::supplement, granted.fen, granted.persons, from, end);
}

}  // namespace doudi
