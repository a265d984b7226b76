#include "dynamics/quiet.hpp"

#include "dynamics/likenesses.hpp"

#include <algorithm>
#include <bit>

namespace doudi {

Quiet::Quiet(const Kin& kin, std::span<const LocalPolicy> policies, std::span<const Lead> leads, const Calendar& calendar)
    : kin_(kin), policies_(policies), leads_(leads), calendar_(calendar), possible_(kin.family.size <= Described::most) {}

/// Before the first decision; false if the family can be quiet in no replicate.
bool Quiet::begin() {
    if (begun_) return possible_;
    begun_ = true;
    family_.size = kin_.family.size;
    for (const Kin::Turning* turn = kin_.turnings(); turn->month != Kin::never; ++turn) {
        if (turn->matters == Kin::Turning::Matters::never) continue;
        if (turn_count_ > 0 && turns_[turn_count_ - 1] == turn->month) continue;
        possible_ = possible_ && turn_count_ < Verdict::most_turns;
        if (possible_) turns_[turn_count_++] = turn->month;
    }
    for (const LocalPolicy& p : policies_) {
        work_costs_ = work_costs_ || p.policy.work_deduction_bp != 0;
        possible_ = possible_ && p.modules_on.empty() && p.policy.income_basis == rules::Policy::IncomeBasis::current;
    }
    if (!possible_) return false;
    verdicts_.reserve(policies_.size());
    for (const LocalPolicy& p : policies_) verdicts_.emplace_back(p);
    claimed_.resize(policies_.size());
    return true;
}

std::uint64_t Quiet::operator()(std::span<const World> worlds, const Columns& columns, std::span<const Claims> claims, std::size_t at, std::uint64_t todo, Ledger& ledger) {
    if (!begin()) return 0;
    std::uint64_t lived = 0;
    const Likenesses likenesses(kin_, columns, at, todo, calendar_.total());
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

bool Quiet::operator()(const World& w, Ledger& ledger, int until) {
    if (!begin() || !describe(kin_, w, family_) || !all_at_work(kin_, family_, w)) return false;
    earn(kin_, w, family_);
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
    const bool all_counts = !family_.tekun() && p.policy.work_deduction_bp == 0;
    if (all_counts && 12 * family_.income >= family_.size * p.standards.pcdi) return false;
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
        for (std::uint64_t left = verdict.outside_the_band() ? which & ~by_income : which; left != 0; left &= left - 1) {
            const auto r = static_cast<std::size_t>(std::countr_zero(left));
            const bool alike = (by_income >> r & 1u) != 0;  // and in the band, or it would not be asked
            family_.take(earnings, r, of_members && !alike);
            const bool sums_count = (alike || in_band(policies_[g], verdict.standard())) && spends_by(g, r);
            if (sums_count || (!alike && !verdict.holds(family_))) which &= ~(left & -left);
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

}  // namespace doudi
