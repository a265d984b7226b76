#include "dynamics/home.hpp"

#include "random/math.hpp"

#include <algorithm>

namespace doudi {
namespace {

Fen scaled(double amount, double factor) { return static_cast<Fen>(amount * factor); }

/// Ages in months from which something about a person changes: school, work, minors, school's end, elders, 70+
/// (840, and 841 where the birthday counts from the next month).
constexpr std::array<int, 7> turning_ages{15 * 12, 16 * 12, 18 * 12, 22 * 12, 60 * 12, 70 * 12, 70 * 12 + 1};

}  // namespace

/// Kinds of disability as shares of disabled persons: Heilongjiang 2006 survey (neighbouring province).
rules::DisabilityType disability_type(std::uint8_t score) {
    using rules::DisabilityType;
    const int x = score;  // 256ths of 13.11, 16.35, 1.37, 41.90, 7.31, 6.26, 13.70 per cent
    return x < 34 ? DisabilityType::visual : x < 75 ? DisabilityType::hearing : x < 79 ? DisabilityType::speech
         : x < 186 ? DisabilityType::physical : x < 205 ? DisabilityType::intellectual
         : x < 221 ? DisabilityType::mental : DisabilityType::multiple;
}

/// Grade 1 to 4: `severe_share` of the disabled have 1 or 2, two fifths of them grade 1; the rest halve 3 and 4.
std::uint8_t disability_grade(double score, double severe_share) {
    if (score < severe_share) return score < 0.4 * severe_share ? 1 : 2;
    return score < (1.0 + severe_share) / 2.0 ? 3 : 4;
}

bool disabled(const Person& p, const World& w) { return p.disability_score < w[Assumption::disability_prevalence]; }

bool employed(const Person& p, const World& w, bool with_disability) {
    const double share = w.by_residence(Assumption::employed_urban, Assumption::employed_rural);
    return p.work_score < (with_disability ? share * w[Assumption::disability_employment] : share);
}

/// What a family's farm gives each of its members who work, a month: shared alike. Without such a member the land is
/// let, which is part of `support`.
double farm_each(const Family& f, const World& w, int working, double factor) {
    return working > 0 && f.farm > 0 && f.farm_score < w[Assumption::farm_rural] ? f.farm * factor / working : 0.0;
}

double income_factor(const Family& f, const World& w) {
    return w.income_factor * w.income_curve(f.income_score);
}

int initial_spell(const Family& f, int place, const World& w) {
    const double loss = w.by_residence(Assumption::job_loss_urban, Assumption::job_loss_rural), back = w[Assumption::reemployment];
    const auto i = static_cast<std::uint32_t>(place);
    const Draws luck(w.seed, Purpose::initial_job, w.replicate, f.id);
    if (unit(luck.bits(i)) * (loss + back) >= loss) return -1;
    return static_cast<int>(std::min(-portable_log(unit(luck.bits(64 + i))) / back, 1000.0));
}

Settled settled(const Family& f, const Person* people, const World& w, const Calendar& calendar) {
    const double pension = w.by_residence(Assumption::pension_urban, Assumption::pension_rural);
    const double assessed = w.by_residence(Assumption::income_assessed_urban, Assumption::income_assessed_rural);
    if (f.any_illness < w[Assumption::illness_prevalence]) return {false, 0};
    for (int i = 0; i < f.size; ++i)
        if (people[i].age_months < 23 * 12 && (people[i].age_months + calendar.total()) / 12 >= 15) return {false, 0};
    const double factor = income_factor(f, w);
    const auto works = [&](const Person& p) { return p.age_months >= 16 * 12 && employed(p, w, disabled(p, w)); };
    const double farm = farm_each(f, w, static_cast<int>(std::count_if(people, people + f.size, works)), factor);
    Fen total = 0;
    for (int i = 0; i < f.size; ++i) {
        const Person& p = people[i];
        double income = 0;
        if (works(p)) {
            if (initial_spell(f, i, w) >= 0) return {false, 0};
            income += farm + (disabled(p, w) ? p.earnings * factor * 0.5 : p.earnings * factor);
        }
        if (p.pension_score < pension) income += p.pension * w.income_factor;
        if (i == 0 && f.support_score < w.by_residence(Assumption::support_urban, Assumption::support_rural)) income += f.support * factor;
        total += scaled(income, assessed);
    }
    return {true, total};
}

Home::Home(const Family& f, const Person* people, const World& w, bool assets_ok, const Shocks& shocks,
           std::span<const int> disasters)
    : family_(f), people_(people), world_(w), shocks_(shocks), disasters_(disasters), assets_ok_(assets_ok) {
    factor_ = income_factor(f, w);
    assessed_share_ = w.by_residence(Assumption::income_assessed_urban, Assumption::income_assessed_rural);
    count_ = std::min<int>(f.size, room);
    const double tekun = w.by_residence(Assumption::tekun_urban, Assumption::tekun_rural);
    for (int i = 0; i < count_; ++i) {
        const auto k = static_cast<std::size_t>(i);
        const Person& p = people[i];
        rules::Member& m = members_[k];
        m = {};
        who_[k] = static_cast<std::uint8_t>(i);
        jobless_until_[k] = -1;
        disabled_from_[k] = -1;
        if (disabled(p, w)) {
            m.disability_grade = disability_grade(p.grade_score, w[Assumption::disability_severe]);
            m.disability_type = disability_type(p.type_score);
        }
        m.severe_illness = p.illness_score < w[Assumption::illness_prevalence];
        m.tekun = p.tekun_score < tekun;
        if (m.tekun) {
            const double full = w[Assumption::tekun_full];
            m.care_level = p.care_score < full                              ? rules::CareLevel::full
                           : p.care_score < full + w[Assumption::tekun_semi] ? rules::CareLevel::semi
                                                                            : rules::CareLevel::self;
        }
        if (assets_ok && p.age_months >= 16 * 12 && employed(p, w, m.disability_grade > 0)) jobless_until_[k] = initial_spell(f, i, w);
    }
    set_members(0);
    for (std::size_t k = 0; k < 12; ++k) {  // the twelve months before were like the first
        income_[k] = income_now_;
        spending_[k] = scaled(static_cast<double>(spending_base_), w.prices[0]);
    }
    income_12m_ = 12 * income_now_;
    spending_12m_ = 12 * spending_[0];
    month_ = -1;
}

/// Ages, school, work and income of every member in `month`, and from them the family's income and spending.
void Home::set_members(int month) {
    const World& w = world_;
    income_now_ = 0;
    double spending = 0;
    const double pension = w.by_residence(Assumption::pension_urban, Assumption::pension_rural);
    const double support = w.by_residence(Assumption::support_urban, Assumption::support_rural);
    int working = 0;
    for (int i = 0; i < count_; ++i) {
        const auto k = static_cast<std::size_t>(i);
        const Person& p = people_[who_[k]];
        rules::Member& m = members_[k];
        m.age_months = p.age_months + month;
        m.age = m.age_months / 12;
        const bool secondary = m.age >= 15 && m.age < 18 && p.school_score < w[Assumption::school_secondary];
        const bool tertiary = m.age >= 18 && m.age < 22 && p.school_score < w[Assumption::school_tertiary];
        m.school_level = tertiary ? rules::SchoolLevel::tertiary : secondary ? rules::SchoolLevel::secondary : rules::SchoolLevel::none;
        m.student = secondary || tertiary || (m.age >= 6 && m.age < 15);
        works_[k] = m.age >= 16 && !m.student && !m.tekun && employed(p, w, disabled(p, w));
        m.employed = works_[k] && month >= jobless_until_[k];
        working += works_[k];
        if (m.severe_illness) spending += 100.0 * w[Assumption::illness_cost];
        if (tertiary) spending += 100.0 / 12.0 * w[Assumption::tuition_tertiary];
    }
    can_work_ = working > 0;
    // Wages go with the job; the farm stays, and loses half of a year's harvest to a disaster.
    const double farm = farm_each(family_, w, working, factor_) * (month < disaster_until_ ? 0.5 : 1.0);
    for (int i = 0; i < count_; ++i) {
        const auto k = static_cast<std::size_t>(i);
        const Person& p = people_[who_[k]];
        rules::Member& m = members_[k];
        double income = works_[k] ? farm : 0.0;
        if (m.employed) {
            double earned = p.earnings * factor_;
            if (m.severe_illness) earned *= 0.4;
            if (m.disability_grade > 0) earned *= 0.5;
            income += earned;
        }
        if (p.pension_score < pension && !m.tekun) income += p.pension * w.income_factor;
        if (who_[k] == 0 && family_.support_score < support && !m.tekun) income += family_.support * factor_;
        m.monthly_income = scaled(income, assessed_share_);
        income_now_ += m.monthly_income;
    }
    spending += w[Assumption::essential_share] * static_cast<double>(income_now_);
    spending_base_ = static_cast<Fen>(spending);
}

/// Writes the month's income and spending and moves the 12-month sums.
void Home::fill(int month) {
    const auto place = static_cast<std::size_t>(month + 12);
    income_[place] = income_now_;
    spending_[place] = scaled(static_cast<double>(spending_base_), world_.prices[static_cast<std::size_t>(month)]) + lump_;
    income_12m_ += income_[place] - income_[place - 12];
    spending_12m_ += spending_[place] - spending_[place - 12];
    lump_ = 0;
}

void Home::bury(std::size_t place) {
    died_ = true;
    --count_;
    for (auto j = place; j < static_cast<std::size_t>(count_); ++j) {
        members_[j] = members_[j + 1];
        who_[j] = who_[j + 1];
        jobless_until_[j] = jobless_until_[j + 1];
        disabled_from_[j] = disabled_from_[j + 1];
        disability_word_[j] = disability_word_[j + 1];
    }
}

void Home::strike(const Shock& shock, int month) {
    std::size_t k = 0;
    while (k < static_cast<std::size_t>(count_) && who_[k] != shock.member) ++k;
    if (k == static_cast<std::size_t>(count_)) return;  // died before
    rules::Member& m = members_[k];
    switch (shock.kind) {
        case Shock::Kind::illness:
            m.severe_illness = true;
            lump_ += scaled(100.0 * world_[Assumption::illness_cost] * 3.0, -portable_log(unit(shock.size)));
            break;
        case Shock::Kind::disability:
            if (m.disability_grade == 0 && disabled_from_[k] < 0) {
                disabled_from_[k] = month + Shock::certificate_months;
                disability_word_[k] = shock.size;
            }
            break;
        case Shock::Kind::job_loss:
            if (m.employed) {
                const double wait = -portable_log(unit(shock.size)) / world_[Assumption::reemployment];
                jobless_until_[k] = month + 1 + static_cast<int>(std::min(wait, 1000.0));
            }
            break;
        case Shock::Kind::death: bury(k); break;
        case Shock::Kind::emergency:
        case Shock::Kind::disaster: break;
    }
}

bool Home::enter(int month) {
    for (int between = month_ + 1; between < month; ++between) fill(between);
    month_ = month;
    died_ = disaster_ = false;
    bool changed = month == 0 || month == disaster_until_;
    first_ = next_;
    for (; next_ < shocks_.count && shocks_.list[static_cast<std::size_t>(next_)].month == month; ++next_) {
        strike(shocks_.list[static_cast<std::size_t>(next_)], month);
        changed = true;
    }
    if (next_disaster_ < disasters_.size() && disasters_[next_disaster_] == month) {
        ++next_disaster_;
        disaster_ = changed = true;
        disaster_until_ = month + 12;
        lump_ += scaled(100.0 * world_[Assumption::illness_cost], 1.0);
    }
    for (int i = 0; i < count_; ++i) {
        const auto k = static_cast<std::size_t>(i);
        if (month == jobless_until_[k]) {
            changed = true;
            last_reemployed_ = month;
        }
        if (month == disabled_from_[k]) {
            changed = true;
            members_[k].disability_grade = disability_grade(unit(disability_word_[k]), world_[Assumption::disability_severe]);
            members_[k].disability_type = disability_type(people_[who_[k]].type_score);
        }
        const int age_months = people_[who_[k]].age_months + month;
        for (const int turn : turning_ages) changed |= age_months == turn;
    }
    if (changed) set_members(month);
    fill(month);
    return changed;
}

int Home::next_event() const {
    int next = never;
    const auto consider = [&](int month) {
        if (month > month_ && month < next) next = month;
    };
    if (next_ < shocks_.count) consider(shocks_.list[static_cast<std::size_t>(next_)].month);
    if (next_disaster_ < disasters_.size()) consider(disasters_[next_disaster_]);
    consider(disaster_until_);
    for (int i = 0; i < count_; ++i) {
        const auto k = static_cast<std::size_t>(i);
        consider(jobless_until_[k]);
        consider(disabled_from_[k]);
        const int age_months = people_[who_[k]].age_months;
        for (const int turn : turning_ages) consider(turn - age_months);
    }
    return next;
}

rules::Household Home::assessed() const {
    rules::Household h;
    h.members = std::span(members_).first(static_cast<std::size_t>(count_));
    h.essential_spending_12m = spending_12m_;
    h.income_12m = income_12m_;
    h.assets_ok = assets_ok_;
    return h;
}

bool Home::spending_surge(int percent) const {
    const auto p = static_cast<std::size_t>(month_ + 12);
    return 100 * 12 * (spending_[p] + spending_[p - 1] + spending_[p - 2]) >= 3 * percent * spending_12m_ && spending_12m_ > 0;
}

bool Home::income_plunge(int percent) const {
    return 100 * 12 * income_[static_cast<std::size_t>(month_ + 12)] <= (100 - percent) * income_12m_ && income_12m_ > 0;
}

bool Home::spending_could_pass(int percent) const {
    // Any later window of 12 months holds months of this one, and months like now at no more than the highest price.
    const auto place = static_cast<std::size_t>(month_ + 12);
    Fen least = income_now_;
    for (std::size_t m = place - 11; m <= place; ++m) least = std::min(least, income_[m]);
    const Fen most = spending_12m_ + 12 * (1 + scaled(static_cast<double>(spending_base_), world_.prices_max));
    return 100 * most > percent * 12 * least;
}

}  // namespace doudi
