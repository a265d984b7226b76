#include "dynamics/quiet.hpp"

#include <bit>
#include <utility>

/// What quiet families are paid.
namespace doudi {

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
            to.single(paid.single, e.single_persons, all);
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
Quiet::Bills Quiet::bills(std::size_t g, std::uint64_t same) const {
    const LocalPolicy& p = policies_[g];
    const Entitlement& e = verdicts_[g].entitlement();
    const std::uint64_t known = this->known(g, same);
    Bills bills;
    const auto bill = [&](Programme programme, std::uint64_t which, Fen amount, int persons) {
        if (amount != 0 && which != 0) bills.add({Ledger::line(programme), which, amount, persons, 1});
    };
    bill(Programme::tekun_basic, same, e.tekun_basic, e.tekun_persons);
    bill(Programme::tekun_care, same, e.tekun_care, e.tekun_persons);
    bill(Programme::nursing_subsidy, same & claimed_[g][2], e.nursing_persons * p.policy.nursing, e.nursing_persons);
    bill(Programme::living_subsidy, known & claimed_[g][1], e.living_persons * p.policy.living, e.living_persons);
    if (!ages(g)) bill(Programme::supplement, known, e.supplement, e.supplement_persons);
    for (const auto& [which, category] : {std::pair(known, shown(e, true)), std::pair(same & ~known, shown(e, false))})
        if (category != Category::none && which != 0) bills.add({Ledger::line(category), which, 0, 0, 1});
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
        const std::uint64_t known = this->known(g, same), by_income = e.dibao_persons + e.single_persons > 0 ? known : 0;
        Bills bills = this->bills(g, same);
        std::array<Fen, Throughout::row> dibao, single;
        std::uint64_t single_paid = 0;
        for (std::uint64_t left = by_income; left != 0; left &= left - 1) {
            const auto r = static_cast<std::size_t>(std::countr_zero(left));
            const Verdict::Dibao paid = this->dibao(g, earnings, r);
            dibao[r] = paid.family + paid.single;
            single[r] = paid.single;
            single_paid |= paid.single != 0 ? left & -left : 0;
        }
        if (by_income != 0) bills.add({Ledger::line(Programme::dibao), by_income, 0, e.dibao_persons + e.single_persons, 1, &dibao});
        if (single_paid != 0) bills.add({Ledger::single_line, single_paid, 0, e.single_persons, 0, &single});
        const bool leads = g == 0 && led;
        const int slot = worlds[at].slot;
        for (const Throughout::Bill& bill : bills) {
            ledger.add(slot, leads ? ledger.of_all() : static_cast<int>(g), bill);
            if (leads)
                for (const int other : alone.groups()) ledger.take_back(slot, other, bill);
        }
        for (std::uint64_t left = ages(g) ? known : 0; left != 0; left &= left - 1) {
            const World& w = worlds[at + static_cast<std::size_t>(std::countr_zero(left))];
            Adder to = leads ? Adder::all_but(ledger, alone.groups(), w, calendar_) : Adder(ledger, static_cast<int>(g), w, calendar_);
            pay_supplement(g, calendar_.total(), to);
        }
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
