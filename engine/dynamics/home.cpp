#include "dynamics/home.hpp"

#include "random/math.hpp"

#include <algorithm>

namespace doudi {
namespace {

using rules::DisabilityType;

/// Kinds of disability as shares of disabled persons: Heilongjiang 2006 survey (neighbouring province).
DisabilityType type_of(std::uint8_t score) {
    const int x = score;  // 256ths of 13.11, 16.35, 1.37, 41.90, 7.31, 6.26, 13.70 per cent
    return x < 34 ? DisabilityType::visual : x < 75 ? DisabilityType::hearing : x < 79 ? DisabilityType::speech
         : x < 186 ? DisabilityType::physical : x < 205 ? DisabilityType::intellectual
         : x < 221 ? DisabilityType::mental : DisabilityType::multiple;
}

/// Grade 1 to 4: `severe` of the disabled have 1 or 2, two fifths of them grade 1; the rest halve 3 and 4.
std::uint8_t grade_of(double score, double severe) {
    if (score < severe) return score < 0.4 * severe ? 1 : 2;
    return score < (1.0 + severe) / 2.0 ? 3 : 4;
}

Fen scaled(double amount, double factor) { return static_cast<Fen>(amount * factor); }

}  // namespace

Home::Home(const Family& f, const Person* people, const World& w, const Calendar& calendar, bool assets_ok)
    : family_(f), people_(people), world_(w), calendar_(calendar), assets_ok_(assets_ok) {
    factor_ = w.income_factor * portable_exp(w.income_sd * f.income_score - 0.5 * w.income_sd * w.income_sd);
    assessed_share_ = w.by_residence(Assumption::income_assessed_urban, Assumption::income_assessed_rural);
    count_ = std::min<int>(f.size, room);
    alive_ = count_;
    const double employed = w.by_residence(Assumption::employed_urban, Assumption::employed_rural);
    const double loss = w.by_residence(Assumption::job_loss_urban, Assumption::job_loss_rural);
    const double back = w[Assumption::reemployment];
    for (int i = 0; i < count_; ++i) {
        const auto k = static_cast<std::size_t>(i);
        const Person& p = people[i];
        rules::Member& m = members_[k];
        who_[k] = i;
        jobless_until_[k] = -1;
        disabled_from_[k] = -1;
        if (p.disability_score < w[Assumption::disability_prevalence]) {
            m.disability_grade = grade_of(p.grade_score, w[Assumption::disability_severe]);
            m.disability_type = type_of(p.type_score);
        }
        m.severe_illness = p.illness_score < w[Assumption::illness_prevalence];
        m.tekun = p.tekun_score < w.by_residence(Assumption::tekun_urban, Assumption::tekun_rural);
        if (m.tekun) {
            const double full = w[Assumption::tekun_full];
            m.care_level = p.care_score < full                              ? rules::CareLevel::full
                           : p.care_score < full + w[Assumption::tekun_semi] ? rules::CareLevel::semi
                                                                            : rules::CareLevel::self;
        }
        m.employed = p.work_score < employed;
        if (m.severe_illness) settled_ = false;
        if (m.employed && assets_ok_) {
            // Unemployment in its steady state: the share out of work is loss / (loss + re-employment).
            const Words words = Draws(w.seed, Purpose::initial_job, w.replicate, f.id).block(static_cast<std::uint32_t>(i));
            if (unit(words[0]) < loss / (loss + back)) {
                jobless_until_[k] = static_cast<int>(-portable_log(unit(words[1])) / back);
                settled_ = false;
            }
        }
    }
    for (int i = 0; i < count_; ++i) {
        const int years = (people[i].age_months + calendar.total()) / 12;
        if (years >= 15 && people[i].age_months / 12 < 23) settled_ = false;
    }
    set_incomes(-1);
    for (const rules::Member& m : std::span(members_).first(static_cast<std::size_t>(count_))) settled_income_ += m.monthly_income;
    int none = -1;
    enter(0, Shocks{}, none, false);  // fills the first month; the twelve before it were like it
    disaster_until_ = -1;
    for (std::size_t k = 0; k < 12; ++k) {
        income_[k] = income_[12];
        spending_[k] = spending_[12];
    }
    income_12m_ = 12 * income_[12];
    spending_12m_ = 12 * spending_[12];
}

/// Ages, school, work and income of every member in `month`; -1: the settled state, all earners at work.
void Home::set_incomes(int month) {
    const World& w = world_;
    can_work_ = false;
    for (int i = 0; i < count_; ++i) {
        const auto k = static_cast<std::size_t>(i);
        const Person& p = people_[who_[k]];
        rules::Member& m = members_[k];
        m.age_months = p.age_months + std::max(month, 0);
        m.age = m.age_months / 12;
        const bool secondary = m.age >= 15 && m.age < 18 && p.school_score < w[Assumption::school_secondary];
        const bool tertiary = m.age >= 18 && m.age < 22 && p.school_score < w[Assumption::school_tertiary];
        m.school_level = tertiary ? rules::SchoolLevel::tertiary : secondary ? rules::SchoolLevel::secondary : rules::SchoolLevel::none;
        m.student = secondary || tertiary || (m.age >= 6 && m.age < 15);
        const bool works = p.work_score < w.by_residence(Assumption::employed_urban, Assumption::employed_rural) &&
                           !m.student && m.age >= 16 && !m.tekun;
        m.employed = works && (month < 0 || month >= jobless_until_[k]);
        if (works) can_work_ = true;
        double income = 0;
        if (m.employed) {
            double earned = p.earnings * factor_;
            if (m.severe_illness) earned *= 0.4;
            if (m.disability_grade > 0) earned *= 0.5;
            if (world_.residence == Residence::rural && month >= 0 && month < disaster_until_) earned *= 0.5;
            income += earned;
        }
        if (p.pension_score < w.by_residence(Assumption::pension_urban, Assumption::pension_rural) && !m.tekun)
            income += p.pension * w.income_factor;
        if (i == 0 && family_.support_score < w.by_residence(Assumption::support_urban, Assumption::support_rural) && !m.tekun)
            income += family_.support * factor_;
        m.monthly_income = scaled(income, assessed_share_);
    }
}

bool Home::enter(int month, const Shocks& shocks, int& next_shock, bool disaster) {
    month_ = month;
    died_ = false;
    bool changed = disaster || month == disaster_until_;
    lump_ = 0;
    for (; next_shock >= 0 && next_shock < shocks.count && shocks.list[static_cast<std::size_t>(next_shock)].month == month; ++next_shock) {
        const Shock& shock = shocks.list[static_cast<std::size_t>(next_shock)];
        int i = 0;
        while (i < count_ && who_[static_cast<std::size_t>(i)] != shock.member) ++i;
        if (i == count_) continue;  // died before
        const auto k = static_cast<std::size_t>(i);
        rules::Member& m = members_[k];
        changed = true;
        switch (shock.kind) {
            case Shock::Kind::illness:
                m.severe_illness = true;
                lump_ += scaled(100.0 * world_[Assumption::illness_cost] * 3.0, -portable_log(unit(shock.size)));
                break;
            case Shock::Kind::disability:
                if (m.disability_grade == 0 && disabled_from_[k] < 0) {
                    disabled_from_[k] = month + 2;  // certificate and application take two months
                    disability_word_[k] = shock.size;
                }
                break;
            case Shock::Kind::job_loss:
                if (m.employed) {
                    const double wait = -portable_log(unit(shock.size)) / world_[Assumption::reemployment];
                    jobless_until_[k] = month + 1 + static_cast<int>(std::min(wait, 1000.0));
                }
                break;
            case Shock::Kind::death:
                died_ = true;
                --count_;
                --alive_;
                for (auto j = k; j < static_cast<std::size_t>(count_); ++j) {
                    members_[j] = members_[j + 1];
                    who_[j] = who_[j + 1];
                    jobless_until_[j] = jobless_until_[j + 1];
                    disabled_from_[j] = disabled_from_[j + 1];
                    disability_word_[j] = disability_word_[j + 1];
                }
                break;
            case Shock::Kind::emergency: break;
        }
    }
    if (disaster) {
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
            members_[k].disability_grade = grade_of(unit(disability_word_[k]), world_[Assumption::disability_severe]);
            members_[k].disability_type = type_of(people_[who_[k]].type_score);
        }
        const int age_months = people_[who_[k]].age_months + month;
        const int years = age_months / 12;
        if (age_months % 12 == 0 && (years == 15 || years == 16 || years == 18 || years == 22 || years == 60 || years == 70)) changed = true;
    }
    set_incomes(month);
    Fen income = 0, spending = lump_;
    const double price = world_.prices[static_cast<std::size_t>(month)];
    for (int i = 0; i < count_; ++i) {
        const rules::Member& m = members_[static_cast<std::size_t>(i)];
        income += m.monthly_income;
        if (m.severe_illness) spending += scaled(100.0 * world_[Assumption::illness_cost], price);
        if (m.school_level == rules::SchoolLevel::tertiary) spending += scaled(100.0 / 12.0 * world_[Assumption::tuition_tertiary], price);
    }
    spending += scaled(world_[Assumption::essential_share] * static_cast<double>(income), price);
    const auto place = static_cast<std::size_t>(month + 12);
    income_[place] = income;
    spending_[place] = spending;
    if (month > 0) {
        income_12m_ += income - income_[place - 12];
        spending_12m_ += spending - spending_[place - 12];
    }
    return changed;
}

rules::Household Home::assessed() const {
    rules::Household h;
    h.members = std::span(members_).first(static_cast<std::size_t>(count_));
    h.essential_spending_12m = spending_12m_;
    h.income_12m = income_12m_;
    h.assets_ok = assets_ok_;
    return h;
}

bool Home::spending_surge() const {
    const auto p = static_cast<std::size_t>(month_ + 12);
    return 2 * 12 * (spending_[p] + spending_[p - 1] + spending_[p - 2]) >= 3 * 3 * spending_12m_ && spending_12m_ > 0;
}

bool Home::income_plunge() const {
    return 10 * 12 * income_[static_cast<std::size_t>(month_ + 12)] <= 7 * income_12m_ && income_12m_ > 0;
}

}  // namespace doudi
