#include "dynamics/home.hpp"

#include "random/math.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>

namespace doudi {

namespace {

/// The amount, or 0 where it does not apply: without a branch, for who works and who is ill cannot be foreseen.
double if_so(bool applies, double amount) { return std::bit_cast<double>(std::bit_cast<std::uint64_t>(amount) & -std::uint64_t{applies}); }

}  // namespace

Home::Home(const Kin& kin, const World& w, bool assets_ok, const Shocks& shocks)
    : kin_(kin), world_(w), shocks_(shocks), assets_ok_(assets_ok), turning_(kin.turnings()), lasting_(kin.family, w) {
    const Family& f = kin.family;
    if (lasting_.years() > 1) next_year_ = lasting_.from(1);
    assessed_share_ = w.by_residence(Assumption::income_assessed_urban, Assumption::income_assessed_rural);
    count_ = std::min<int>(f.size, room);
    const double tekun = w.by_residence(Assumption::tekun_urban, Assumption::tekun_rural);
    InitialSpells spells(f, w);
    for (int i = 0; i < count_; ++i) {
        const auto k = static_cast<std::size_t>(i);
        const Person& p = kin.people[i];
        rules::Member& m = members_.make(k);
        who_[k] = static_cast<std::uint8_t>(i);
        jobless_until_[k] = -1;
        disabled_from_[k] = -1;
        if (disabled(p, w)) {
            m.disability_grade = disability_grade(p.grade_score, w[Assumption::disability_severe]);
            m.disability_type = disability_type(p.type_score);
        }
        m.severe_illness = p.illness_score < w[Assumption::illness_prevalence];
        m.tekun = p.tekun_score < tekun;
        if (m.tekun) m.care_level = care_level(p, w);
        has_work_[k] = employed(p, w, m.disability_grade > 0);
        if (assets_ok && p.age_months >= 16 * 12 && has_work_[k]) {
            jobless_until_[k] = spells[i];
            if (jobless_until_[k] >= 0) due_ = std::min(due_, jobless_until_[k]);
        }
    }
    set_level({});
    // The twelve months before were like the first would be without what strikes in it.
    if (shocks.count > 0 && shocks.list[0].month == 0) set_members(0, -1);
}

/// What each member brings in a year of the horizon.
void Home::set_level(const LastingIncome::Factors& year) {
    const Family& f = kin_.family;
    const World& w = world_;
    const double level = w.income_factor * year.level, pension = w.by_residence(Assumption::pension_urban, Assumption::pension_rural);
    factor_ = income_factor(f, w) * year.level * year.own;
    for (int i = 0; i < count_; ++i) {
        const auto k = static_cast<std::size_t>(i);
        const Person& p = kin_.people[who_[k]];
        Brings& b = brings_[k];
        b.wages = p.earnings * factor_;
        b.pension = if_so((p.pension_score < pension) & (!members_[k].tekun), p.pension * level);
        const bool supported = who_[k] == 0 && f.support_score < w.by_residence(Assumption::support_urban, Assumption::support_rural) && !members_[k].tekun;
        b.support = if_so(supported, f.support * factor_);
    }
}

/// Ages, school, work and income of every member in `month`, and from them the family's income and spending, kept as of `since`.
void Home::set_members(int month, int since) {
    const World& w = world_;
    Fen total = 0;
    double spending = 0;
    int working = 0;
    bool special = false, unusual = false;
    const double illness_cost = 100.0 * w[Assumption::illness_cost], tuition = 100.0 / 12.0 * w[Assumption::tuition_tertiary];
    for (int i = 0; i < count_; ++i) {
        const auto k = static_cast<std::size_t>(i);
        const Person& p = kin_.people[who_[k]];
        rules::Member& m = members_[k];
        m.age_months = p.age_months + month;
        m.age = m.age_months / 12;
        m.school_level = school_level(p, m.age, w);
        m.student = m.school_level != rules::SchoolLevel::none || (m.age >= 6 && m.age < 15);
        const bool ill = m.severe_illness, tertiary = m.school_level == rules::SchoolLevel::tertiary;
        const bool works = (m.age >= 16) & (!m.student) & (!m.tekun) & has_work_[k];
        works_[k] = works;
        m.employed = works & (month >= jobless_until_[k]);
        working += works;
        special = special | ill | (m.disability_grade > 0) | m.tekun;
        unusual = unusual | ill | tertiary;
        spending += if_so(ill, illness_cost);
        spending += if_so(tertiary, tuition);
    }
    plain_ = !special;
    ordinary_ = ordinary_ && !unusual;
    can_work_ = working > 0;
    // Wages go with the job; the farm stays, and loses a share of a year's harvest to a disaster.
    const double farm = farm_each(kin_.family, w, working, factor_) * (month < disaster_until_ ? 1.0 - w[Assumption::farm_lost] : 1.0);
    for (int i = 0; i < count_; ++i) {
        const auto k = static_cast<std::size_t>(i);
        const Brings& b = brings_[k];
        rules::Member& m = members_[k];
        const double income = if_so(works_[k], farm) + if_so(m.employed, in_health(b.wages, m, w));
        m.monthly_income = scaled(income + b.pension + b.support, assessed_share_);
        total += m.monthly_income;
    }
    spending += w[Assumption::essential_share] * static_cast<double>(total);
    const auto base = static_cast<Fen>(spending);
    Since& now = past_[static_cast<std::size_t>(past_count_++)];
    now.month = since;
    now.income = income_now_ = total;
    now.spending_base = spending_base_ = base;
}

void Home::bury(std::size_t place) {
    ++dead_.all;
    dead_.tekun += members_[place].tekun;
    --count_;
    for (auto j = place; j < static_cast<std::size_t>(count_); ++j) {
        members_[j] = members_[j + 1];
        who_[j] = who_[j + 1];
        has_work_[j] = has_work_[j + 1];
        brings_[j] = brings_[j + 1];
        jobless_until_[j] = jobless_until_[j + 1];
        disabled_from_[j] = disabled_from_[j + 1];
        disability_word_[j] = disability_word_[j + 1];
    }
}

/// What a shock does to the members: nothing, for it found nobody; something that counts later, or at once.
Home::Effect Home::strike(const Shock& shock, int month) {
    if (shock.kind == Shock::Kind::emergency) return Effect::later;  // costs of the moment: see Office::help
    if (shock.kind == Shock::Kind::disaster) {
        disaster_ = true;
        disaster_until_ = month + 12;
        lump(month, scaled(100.0 * world_[Assumption::illness_cost], 1.0));
        return Effect::now;
    }
    std::size_t k = 0;
    while (k < static_cast<std::size_t>(count_) && who_[k] != shock.member) ++k;
    if (k == static_cast<std::size_t>(count_)) return Effect::none;  // died before
    rules::Member& m = members_[k];
    switch (shock.kind) {
        case Shock::Kind::illness:
            m.severe_illness = true;
            lump(month, scaled(100.0 * world_[Assumption::illness_cost] * world_[Assumption::illness_lump], shock.hardness));
            return Effect::now;
        case Shock::Kind::disability:
            if (m.disability_grade > 0 || disabled_from_[k] >= 0) return Effect::none;
            disabled_from_[k] = month + Shock::certificate_months;
            disability_word_[k] = shock.size;
            due_ = std::min(due_, disabled_from_[k]);
            return Effect::later;
        case Shock::Kind::job_loss: {
            if (!m.employed || month < jobless_until_[k]) return Effect::none;
            const double wait = shock.hardness / world_[Assumption::reemployment];
            jobless_until_[k] = month + 1 + static_cast<int>(std::min(wait, 1000.0));
            due_ = std::min(due_, jobless_until_[k]);
            return Effect::now;
        }
        case Shock::Kind::death: bury(k); return Effect::now;
        case Shock::Kind::emergency:
        case Shock::Kind::disaster: break;
    }
    return Effect::none;
}

void Home::lump(int month, Fen amount) {
    ordinary_ = false;
    if (lump_count_ > 0 && lumps_[static_cast<std::size_t>(lump_count_ - 1)].month == month) lumps_[static_cast<std::size_t>(lump_count_ - 1)].amount += amount;
    else lumps_[static_cast<std::size_t>(lump_count_++)] = {month, amount};
}

bool Home::enter(int month) {
    month_ = month;
    dead_ = {};
    crossed_ = disaster_ = false;
    bool changed = month == 0 || month == disaster_until_;
    first_ = next_;
    for (; shocks_.list[static_cast<std::size_t>(next_)].month == month; ++next_) {
        const Effect effect = strike(shocks_.list[static_cast<std::size_t>(next_)], month);
        if (effect == Effect::none) void_ |= std::uint64_t{1} << next_;
        changed |= effect == Effect::now;
    }
    if (month == due_) changed |= come_due(month);
    if (month == next_year_) {
        set_level(lasting_.of(++year_));
        next_year_ = year_ + 1 < lasting_.years() ? lasting_.from(year_ + 1) : never;
        changed = true;
    }
    for (; turning_->month <= month; ++turning_) {
        const Kin::Turning& turn = *turning_;
        const bool now = turn.month == month && std::find(who_.begin(), who_.begin() + count_, turn.member) != who_.begin() + count_;
        changed |= now;
        crossed_ |= now && turn.anew;
    }
    if (changed) set_members(month, month);
    return changed;
}

/// Jobs found and certificates issued in `month`; then when the next are due.
bool Home::come_due(int month) {
    bool changed = false;
    due_ = never;
    for (int i = 0; i < count_; ++i) {
        const auto k = static_cast<std::size_t>(i);
        if (month == jobless_until_[k]) {
            changed = true;
            last_reemployed_ = month;
        }
        if (month == disabled_from_[k]) {
            changed = true;
            members_[k].disability_grade = disability_grade(unit(disability_word_[k]), world_[Assumption::disability_severe]);
            members_[k].disability_type = disability_type(kin_.people[who_[k]].type_score);
        }
        for (const int due : {jobless_until_[k], disabled_from_[k]})
            if (due > month) due_ = std::min(due_, due);
    }
    return changed;
}

int Home::next_event() const {
    const int disaster = disaster_until_ > month_ ? disaster_until_ : never;
    const int shock = shocks_.list[static_cast<std::size_t>(next_)].month;
    const Kin::Turning* turn = turning_;
    while (!matters(*turn, kin_, world_)) ++turn;
    return std::min(std::min(std::min(due_, next_year_), disaster), std::min(shock, int{turn->month}));
}

rules::Household Home::assessed(bool sums) const {
    rules::Household h;
    h.members = members();
    if (sums) {
        h.essential_spending_12m = this->sums().spending;
        h.income_12m = this->sums().income;
    }
    h.assets_ok = assets_ok_;
    return h;
}

}  // namespace doudi
