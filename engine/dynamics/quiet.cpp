#include "dynamics/quiet.hpp"

#include "random/philox_many.hpp"
#include "rules/dibao.hpp"
#include "rules/edge.hpp"
#include "rules/person.hpp"
#include "rules/rigid.hpp"
#include "rules/standard.hpp"
#include "rules/supplement.hpp"
#include "rules/tekun.hpp"

#include <algorithm>
#include <bit>

namespace doudi {

Quiet::Quiet(const Kin& kin, std::span<const LocalPolicy> policies, const Calendar& calendar)
    : kin_(kin), policies_(policies), calendar_(calendar), possible_(kin.family.size <= static_cast<int>(members_.size())) {
    for (int k = 0; k < kin.turning_count; ++k) {
        // At 60 only a tekun person's standing could change, and nobody becomes tekun in the run; at 70 only the extra payment.
        // At 15, 16, 18 and 22 school, work and the extra payment can, and at 18 whether an ill person may be included alone.
        const Kin::Turning& turn = kin.turnings[static_cast<std::size_t>(k)];
        grow_up_ = grow_up_ || kin.people[turn.member].age_months + turn.month < 60 * 12;
        if (turn_count_ > 0 && turns_[turn_count_ - 1] == turn.month) continue;
        possible_ = possible_ && turn_count_ < most_turns;
        if (possible_) turns_[turn_count_++] = turn.month;
    }
    for (const LocalPolicy& p : policies)
        possible_ = possible_ && p.modules_on.empty() && p.policy.income_basis == rules::Policy::IncomeBasis::current;
}

/// The members as in the first month, without their incomes, and the bits that tell one likeness from another; false if a
/// birthday changes who works, or could change what is paid to someone disabled, ill or tekun.
bool Quiet::describe(const World& w) {
    const Family& f = kin_.family;
    const bool tekun = kin_.people[0].tekun_score < w.by_residence(Assumption::tekun_urban, Assumption::tekun_rural);
    std::uint64_t likeness = tekun;
    may_work_ = false;
    special_ = tekun;
    for (int i = 0; i < f.size; ++i) {
        const auto k = static_cast<std::size_t>(i);
        const Person& p = kin_.people[i];
        rules::Member& m = members_.make(k);
        const bool has_disability = disabled(p, w);
        m.age_months = p.age_months;
        m.age = p.age_months / 12;
        if (has_disability) {
            m.disability_grade = disability_grade(p.grade_score, w[Assumption::disability_severe]);
            m.disability_type = disability_type(p.type_score);
        }
        m.severe_illness = p.illness_score < w[Assumption::illness_prevalence];
        special_ = special_ || m.severe_illness || has_disability;
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
        const rules::Member& m = members_[turn.member];
        const Person& p = kin_.people[turn.member];
        const int age = (p.age_months + turn.month) / 12;
        if (age < 60 && (m.severe_illness || m.disability_grade > 0 || m.tekun)) return false;
        const bool student = school_level(p, age, w) != rules::SchoolLevel::none || (age >= 6 && age < 15);
        if ((age >= 16 && !student && !m.tekun && employed(p, w, m.disability_grade > 0)) != m.employed) return false;
    }
    if (tekun) likeness = likeness << 2 | static_cast<std::uint64_t>(members_[0].care_level);
    likeness_ = likeness;
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
    for (int i = 0; i < f.size; ++i) working += members_[static_cast<std::size_t>(i)].employed;
    const double farm = farm_each(f, w, working, factor);
    income_ = 0;
    for (int i = 0; i < f.size; ++i) {
        const Person& p = kin_.people[i];
        rules::Member& m = members_[static_cast<std::size_t>(i)];
        double income = 0.0;
        if (m.employed) income = farm + in_health(p.earnings * factor, m);
        if (p.pension_score < pension && !m.tekun) income += p.pension * w.income_factor;
        if (i == 0 && f.support_score < w.by_residence(Assumption::support_urban, Assumption::support_rural) && !m.tekun) income += f.support * factor;
        m.monthly_income = static_cast<Fen>(income * assessed);
        income_ += m.monthly_income;
    }
}

/// In which replicates of a row of 64 the members are the same: scores held against the thresholds of all at once.
class Quiet::Likenesses {
public:
    Likenesses(const Kin& kin, const Columns& c, std::size_t at, std::uint64_t todo, int months) {
        const int size = kin.family.size;
        const auto disabled = [&](int i) { return bits_[static_cast<std::size_t>(i)]; };
        for (int i = 0; i < size; ++i) ask(kin.people[i].disability_score, c.disabled);
        for (int i = 0; i < size; ++i) {
            const Person& p = kin.people[i];
            ask(p.illness_score, c.ill);
            if (p.work_score < 2.0f) {
                ask(p.work_score, c.employed);
                ask(p.work_score, c.employed_disabled);
            }
            if (p.age_months < 22 * 12 && p.age_months + months > 15 * 12) {
                ask(p.school_score, c.secondary);
                ask(p.school_score, c.tertiary);
            }
        }
        const std::size_t tekun = count_;
        if (kin.people[0].tekun_score < 2.0f) ask(kin.people[0].tekun_score, c.tekun);
        answer(at);
        if (count_ > tekun && (bits_[tekun] & todo) != 0)
            for (const auto& under : c.care) ask(kin.people[0].care_score, under);
        for (int i = 0; i < size; ++i)
            if ((disabled(i) & todo) != 0)
                for (const auto& under : c.grade) ask(kin.people[i].grade_score, under);
        answer(at);
    }
    /// The replicates that are like the one at `place`.
    std::uint64_t like(int place) const {
        std::uint64_t same = ~std::uint64_t{0};
        for (std::size_t k = 0; k < count_; ++k) same &= (bits_[k] >> place & 1u) != 0 ? bits_[k] : ~bits_[k];
        return same;
    }

private:
    static constexpr std::size_t most = 8 * (6 + 3) + 3;
    void ask(float score, const std::vector<float>& column) { asked_[count_++] = {score, &column}; }
    void answer(std::size_t at) {
        compare(std::span(asked_).subspan(answered_, count_ - answered_), at, bits_.data() + answered_);
        answered_ = count_;
    }

    std::array<Comparison, most> asked_;
    std::array<std::uint64_t, most> bits_;
    std::size_t count_ = 0, answered_ = 0;
};

std::uint64_t Quiet::operator()(std::span<const World> worlds, const Columns& columns, std::size_t at, std::uint64_t todo, Ledger& ledger) {
    if (!possible_) return 0;
    std::uint64_t lived = 0;
    const Likenesses likenesses(kin_, columns, at, todo, calendar_.total());
    Earnings earnings;
    while (todo != 0) {
        const int first = std::countr_zero(todo);
        std::uint64_t group = todo & likenesses.like(first);
        todo &= ~group;
        if (!describe(worlds[at + static_cast<std::size_t>(first)])) continue;
        group = all_at_work(worlds, at, group);
        if (group == 0) continue;
        doudi::earn(columns, kin_, members_.first(kin_.family.size), at, group, earnings);
        for (; group != 0; group &= group - 1) {
            const auto r = static_cast<std::size_t>(std::countr_zero(group));
            for (int i = 0; i < kin_.family.size; ++i)
                members_[static_cast<std::size_t>(i)].monthly_income = static_cast<Fen>(earnings.of[static_cast<std::size_t>(i)][r]);
            income_ = static_cast<Fen>(earnings.total[r]);
            if (live(worlds[at + r], ledger)) lived |= group & -group;
        }
    }
    return lived;
}

bool Quiet::operator()(const World& w, Ledger& ledger) {
    if (!possible_ || !describe(w) || !all_at_work(w)) return false;
    earn(w);
    return live(w, ledger);
}

/// The most that a month's necessary spending comes to, at the highest price of the run (see Home::set_members).
Fen Quiet::most_spending(const World& w) const {
    double spending = w[Assumption::essential_share] * static_cast<double>(income_);
    for (int i = 0; i < kin_.family.size; ++i) {
        const Person& p = kin_.people[i];
        if (members_[static_cast<std::size_t>(i)].severe_illness) spending += 100.0 * w[Assumption::illness_cost];
        if (could_be_tertiary(p, calendar_.total()) && p.school_score < w[Assumption::school_tertiary]) spending += 100.0 / 12.0 * w[Assumption::tuition_tertiary];
    }
    return 1 + static_cast<Fen>((spending + 1) * w.prices_max);
}

/// The extra payment from each turn on; false if a birthday changes anything else.
bool Quiet::turn_all(Decided& d, const LocalPolicy& p) const {
    const std::span<const rules::Member> members = members_.first(kin_.family.size);
    const bool by_person = d.entitlement.single_persons > 0 || (d.entitlement.category == Category::dibao && !d.means_tested);
    for (std::size_t k = 0; k < turn_count_; ++k) {
        std::array<rules::Member, 8> older;
        d.extra[k] = {};
        for (std::size_t i = 0; i < members.size(); ++i) {
            rules::Member& m = older[i] = members[i];
            m.age_months += turns_[k];
            m.age = m.age_months / 12;
            const Fen one = d.means_tested ? rules::supplement(m, d.means.standard, p.policy) : 0;
            d.extra[k].fen += one;
            d.extra[k].persons += one > 0;
        }
        if (!by_person) continue;
        Entitlement then;
        entitle({.members = {older.data(), members.size()}, .assets_ok = true, .prior = {}, .event = {}}, p, then);
        d.extra[k] = {then.supplement, then.supplement_persons};
        then.supplement = d.entitlement.supplement;
        then.supplement_persons = d.entitlement.supplement_persons;
        if (then != d.entitlement) return false;
    }
    return true;
}

namespace {

/// Whether a tekun person who lives alone is one still: then the pay is the same, whatever the income.
bool alone(std::span<const rules::Member> members, const Entitlement& before, bool tekun, Fen standard, const rules::Policy& policy) {
    return tekun && members.size() == 1 && before.tekun_persons == 1 && policy.tekun_in_full && rules::is_tekun(members[0], standard, true, policy);
}

/// Whether a family in edge or in no category, with nobody included alone, is in the same one by its means of now. (It is not
/// a rigid-expenditure one: the caller has seen to that.)
bool same_category(const rules::Means& now, const Entitlement& before, const rules::Policy& policy) {
    if (before.single_persons > 0 || rules::is_dibao(now)) return false;
    return before.category == (rules::is_edge(now, policy) ? Category::edge : Category::none);
}

/// Whether no member could be included alone: nobody ill or disabled has less than the standard.
bool nobody_poor(std::span<const rules::Member> members, Fen standard, const rules::Policy& policy) {
    return std::none_of(members.begin(), members.end(), [&](const rules::Member& m) {
        return (m.severe_illness || m.disability_grade > 0) && rules::countable_income(m, standard, policy) < standard;
    });
}

}  // namespace

/// Pays the family as it is described; false, with nothing paid, if it is not quiet under some policy.
bool Quiet::live(const World& w, Ledger& ledger) {
    const Family& f = kin_.family;
    const std::span<const rules::Member> members = members_.first(f.size);
    const int tekun = members[0].tekun ? 1 : 0;
    const double take_up = w.by_residence(Assumption::takeup_dibao_urban, Assumption::takeup_dibao_rural);
    if (decided_.empty()) {
        decided_.resize(policies_.size());
        for (std::size_t g = 0; g < policies_.size(); ++g) decided_[g].standard = rules::effective_standard(policies_[g].standards, policies_[g].policy);
    }
    // First everything is decided, for a family that is not quiet under one policy is quiet under none.
    for (std::size_t g = 0; g < policies_.size(); ++g) {
        const LocalPolicy& p = policies_[g];
        Decided& d = decided_[g];
        const Fen standard = d.standard;
        // In the band of rigid-expenditure families the sums of twelve months count (see Office::looks_at_sums), unless
        // spending is an ordinary share of income, under the 60 % line.
        const bool in_band = 100 * income_ >= p.policy.edge_mult_pct * std::max(f.size - tekun, 1) * standard;
        if (in_band && !ordinary_spending(kin_, w, p, calendar_.total()) && 100 * most_spending(w) > p.policy.rigid_share_pct * income_) return false;
        if (d.valid && d.likeness == likeness_) {
            rules::Means& h = d.means;
            Fen monthly = income_;
            if (p.policy.work_deduction_bp != 0) {
                monthly = 0;
                for (const rules::Member& m : members) monthly += rules::countable_income(m, standard, p.policy);
            }
            h.annual = 12 * monthly;
            if (d.means_tested && rules::is_dibao(h)) {
                d.entitlement.dibao = std::max(rules::dibao_top_up(h), p.dibao_min_payment);
                continue;
            }
            if (alone(members, d.entitlement, tekun != 0, standard, p.policy)) continue;
            if (tekun == 0 && same_category(h, d.entitlement, p.policy) &&
                (!special_ || !(rules::in_rigid_band(h, p.policy) || d.entitlement.category == Category::edge) || nobody_poor(members, standard, p.policy)))
                continue;
        }
        d.valid = false;  // until all of it belongs to this likeness
        entitle({.members = members, .assets_ok = true, .prior = {}, .event = {}}, p, d.entitlement);
        d.means = {.n = d.entitlement.core_size, .annual = d.entitlement.annual_income, .standard = standard, .pcdi = p.standards.pcdi, .assets_ok = true};
        d.means_tested = d.entitlement.category == Category::dibao && tekun == 0;
        if (!turn_all(d, p)) return false;
        d.likeness = likeness_;
        d.valid = true;
    }
    for (std::size_t g = 0; g < policies_.size(); ++g) {
        const LocalPolicy& p = policies_[g];
        const Entitlement& e = decided_[g].entitlement;
        Adder to(ledger, static_cast<int>(g), w, calendar_);
        if (tekun != 0) {
            to.pay_throughout(Programme::tekun_basic, e.tekun_basic, e.tekun_persons);
            to.pay_throughout(Programme::tekun_care, e.tekun_care, e.tekun_persons);
        }
        if (e.nursing_persons != 0 && claims_nursing(f, w, p)) to.pay_throughout(Programme::nursing_subsidy, e.nursing_persons * p.policy.nursing, e.nursing_persons);
        const bool known = f.take_up_score < p.take_up_factor * take_up && e.enrols();
        if (known) {
            to.pay_throughout(Programme::dibao, e.dibao + e.single, e.dibao_persons + e.single_persons);
            to.single_throughout(e.single);
            if (turn_count_ > 0) pay_supplement(g, w, to);
            else to.pay_throughout(Programme::supplement, e.supplement, e.supplement_persons);
            if (e.living_persons != 0 && claims_living(f, w, p)) to.pay_throughout(Programme::living_subsidy, e.living_persons * p.policy.living, e.living_persons);
        }
        to.category_throughout(known && e.category != Category::none ? e.category : e.category == Category::tekun ? Category::tekun : Category::none);
    }
    return true;
}

/// The extra payment, month by month as Office::review has it: a birthday counts from the month in which it is reported, or
/// from the next review.
void Quiet::pay_supplement(std::size_t group, const World& w, Adder& to) const {
    const LocalPolicy& p = policies_[group];
    const Decided& d = decided_[group];
    Extra granted{d.entitlement.supplement, d.entitlement.supplement_persons};
    const int interval = may_work_ ? p.review_months_unstable : p.review_months, end = calendar_.total();
    int from = 0;
    for (std::size_t k = 0; k < turn_count_; ++k) {
        if (d.extra[k] == granted) continue;
        const int turn = turns_[k], until = k + 1 < turn_count_ ? turns_[k + 1] : end;
        const Words luck = Draws(w.seed, Purpose::detection, w.replicate, kin_.family.id).block(static_cast<std::uint32_t>(turn));
        int month = turn;
        if (!(unit(luck[1]) < w[Assumption::report_change]))
            while (month < until && (month + kin_.family.review_phase) % interval != 0) ++month;
        if (month == until) continue;
        to.pay(Programme::supplement, granted.fen, granted.persons, from, month);
        granted = d.extra[k];
        from = month;
    }
    to.pay(Programme::supplement, granted.fen, granted.persons, from, end);
}

}  // namespace doudi
