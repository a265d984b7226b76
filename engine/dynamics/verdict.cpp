#include "dynamics/verdict.hpp"

#include "rules/decide.hpp"
#include "rules/edge.hpp"
#include "rules/person.hpp"
#include "rules/rigid.hpp"
#include "rules/single.hpp"
#include "rules/standard.hpp"
#include "rules/supplement.hpp"
#include "rules/tekun.hpp"

#include <bit>
#include <limits>

namespace doudi {

Verdict::Verdict(const LocalPolicy& policy) : policy_(policy), standard_(rules::effective_standard(policy.standards, policy.policy)) {}

bool Verdict::decide(const Described& f, std::span<const int> turns) {
    valid_ = false;  // until all of it belongs to this likeness
    entitle({.members = f.members(), .assets_ok = true, .prior = {}, .event = {}}, policy_, entitlement_);
    means_ = {.n = entitlement_.core_size, .annual = entitlement_.annual_income, .standard = standard_, .pcdi = policy_.standards.pcdi, .assets_ok = true};
    tekun_apart_ = entitlement_.tekun_persons == 1 && policy_.policy.tekun_in_full;
    const bool by_means = tekun_apart_ || entitlement_.tekun_persons == 0;
    means_tested_ = by_means && entitlement_.category == Category::dibao;
    alone_ = by_means && entitlement_.single_persons > 0 ? included_alone(f, means_) : 0;
    if (!turn_all(f, turns)) return false;
    bound(f);
    likeness_ = f.likeness;
    valid_ = true;
    return true;
}

/// Finds the thresholds that incomes must not pass.
void Verdict::bound(const Described& f) {
    by_income_ = !f.tekun() && policy_.policy.work_deduction_bp == 0;
    income_from_ = band_from_ = 0;
    income_until_ = band_until_ = std::numeric_limits<Fen>::max();
    if (!by_income_) return;
    const Fen line = means_.n * standard_;
    band_from_ = ceil_div(policy_.policy.edge_mult_pct * line, 100);
    band_until_ = ceil_div(means_.n * means_.pcdi, 12);
    for (const Fen threshold : {line, line + 1, band_from_, band_until_})
        (f.income < threshold ? income_until_ : income_from_) = f.income < threshold ? std::min(income_until_, threshold) : std::max(income_from_, threshold);
    own_counts_ = own_under_ = 0;
    if (!f.special || means_tested_) return;
    for (std::size_t i = 0; i < f.members().size(); ++i) {
        const rules::Member& m = f.members()[i];
        own_counts_ |= static_cast<unsigned>(m.severe_illness || m.disability_grade > 0) << i;
        own_under_ |= static_cast<unsigned>(m.monthly_income < standard_) << i;
    }
}

std::uint64_t Verdict::holds_in(const Earnings& earnings, const Described& f, std::uint64_t which) const {
    if (!valid_ || !by_income_ || likeness_ != f.likeness) return 0;
    const auto from = static_cast<double>(income_from_), until = static_cast<double>(income_until_), standard = static_cast<double>(standard_);
    std::uint64_t holds = 0;
    for (std::uint64_t left = which; left != 0; left &= left - 1) {
        const auto r = static_cast<std::size_t>(std::countr_zero(left));
        bool same = from <= earnings.total[r] && earnings.total[r] < until;
        for (unsigned own = own_counts_; own != 0; own &= own - 1) {
            const auto i = static_cast<std::size_t>(std::countr_zero(own));
            same = same && (earnings.of[i][r] < standard) == ((own_under_ >> i & 1u) != 0);
        }
        holds |= static_cast<std::uint64_t>(same) << r;
    }
    return holds;
}

/// The extra payment from each turn on; false if a birthday changes anything else.
bool Verdict::turn_all(const Described& f, std::span<const int> turns) {
    const bool by_person = entitlement_.single_persons > 0 || (entitlement_.category == Category::dibao && f.tekun());
    for (std::size_t k = 0; k < turns.size(); ++k) {
        std::array<rules::Member, Described::most> older;
        extra_[k] = {};
        for (std::size_t i = 0; i < f.members().size(); ++i) {
            rules::Member& m = older[i] = f.members()[i];
            m.age_months += turns[k];
            m.age = m.age_months / 12;
            const Fen one = means_tested_ && !by_person ? rules::supplement(m, standard_, policy_.policy) : 0;
            extra_[k].fen += one;
            extra_[k].persons += one > 0;
        }
        if (!by_person) continue;
        Entitlement then;
        entitle({.members = {older.data(), f.members().size()}, .assets_ok = true, .prior = {}, .event = {}}, policy_, then);
        extra_[k] = {then.supplement, then.supplement_persons};
        then.supplement = entitlement_.supplement;
        then.supplement_persons = entitlement_.supplement_persons;
        if (then != entitlement_) return false;
    }
    return true;
}

/// The income of the family's unit a year as the policy counts it.
Fen Verdict::annual(const Described& f) const {
    if (policy_.policy.work_deduction_bp == 0) return 12 * (tekun_apart_ ? f.income - f.room[0].monthly_income : f.income);
    Fen monthly = 0;
    for (const rules::Member& m : f.members().subspan(tekun_apart_ ? 1 : 0)) monthly += rules::countable_income(m, standard_, policy_.policy);
    return 12 * monthly;
}

/// The members included alone by the incomes of now, in the category that was decided.
unsigned Verdict::included_alone(const Described& f, const rules::Means& now) const {
    const bool in_band = rules::in_rigid_band(now, policy_.policy);
    if (!f.special || !(in_band || entitlement_.category == Category::edge)) return 0;
    unsigned alone = 0;
    for (std::size_t i = tekun_apart_ ? 1 : 0; i < f.members().size(); ++i)
        alone |= static_cast<unsigned>(rules::core_status(f.room[i], now, entitlement_.category, in_band, policy_.policy) == rules::PersonStatus::dibao_single) << i;
    return alone;
}

bool Verdict::holds(const Described& f) const {
    if (!valid_ || likeness_ != f.likeness) return false;
    if (f.tekun()) {
        if (!tekun_apart_ || !rules::is_tekun(f.room[0], standard_, true, policy_.policy)) return false;
        if (means_.n == 0) return true;
    }
    const rules::Means now = means(annual(f));
    if (rules::is_dibao(now)) return means_tested_;
    // It is not a rigid-expenditure one: whoever asks has seen to that (Quiet::sums_count).
    return entitlement_.category == (rules::is_edge(now, policy_.policy) ? Category::edge : Category::none) && included_alone(f, now) == alone_;
}

Verdict::Dibao Verdict::dibao(const Described& f) const {
    if (means_tested_) return {std::max(rules::dibao_top_up(means(annual(f))), policy_.dibao_min_payment), 0};
    if (alone_ == 0) return {entitlement_.dibao, entitlement_.single};
    Fen single = 0;
    for (std::size_t i = 0; i < f.members().size(); ++i)
        if ((alone_ >> i & 1u) != 0) single += rules::single_benefit(rules::countable_income(f.room[i], standard_, policy_.policy), standard_, policy_.policy);
    return {0, single};
}

/// Of all who are included alone.
Fen Verdict::single(const Earnings& earnings, std::size_t r) const {
    Fen sum = 0;
    for (unsigned left = alone_; left != 0; left &= left - 1)
        sum += rules::single_benefit(static_cast<Fen>(earnings.of[static_cast<std::size_t>(std::countr_zero(left))][r]), standard_, policy_.policy);
    return sum;
}

}  // namespace doudi
