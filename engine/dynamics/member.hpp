#pragma once
#include "dynamics/kin.hpp"
#include "population/family.hpp"
#include "random/math.hpp"

#include <algorithm>
#include <array>

/// What a replicate makes of a person's fixed scores and amounts.
namespace doudi {

/// Kinds of disability as shares of disabled persons: Heilongjiang 2006 survey (neighbouring province).
inline rules::DisabilityType disability_type(std::uint8_t score) {
    using rules::DisabilityType;
    static constexpr auto types = [] {
        std::array<DisabilityType, 256> of{};
        for (int x = 0; x < 256; ++x)  // 256ths of 13.11, 16.35, 1.37, 41.90, 7.31, 6.26, 13.70 per cent
            of[static_cast<std::size_t>(x)] = x < 34 ? DisabilityType::visual : x < 75 ? DisabilityType::hearing : x < 79 ? DisabilityType::speech
                                            : x < 186 ? DisabilityType::physical : x < 205 ? DisabilityType::intellectual
                                            : x < 221 ? DisabilityType::mental : DisabilityType::multiple;
        return of;
    }();
    return types[score];
}

/// Grade 1 to 4: `severe_share` of the disabled have 1 or 2, two fifths of them grade 1; the rest halve 3 and 4.
inline std::uint8_t disability_grade(double score, double severe_share) {
    if (score < severe_share) return score < 0.4 * severe_share ? 1 : 2;
    return score < (1.0 + severe_share) / 2.0 ? 3 : 4;
}

inline bool disabled(const Person& p, const World& w) { return p.disability_score < w[Assumption::disability_prevalence]; }

inline bool employed(const Person& p, const World& w, bool with_disability) {
    const double share = w.by_residence(Assumption::employed_urban, Assumption::employed_rural);
    const std::array of{share, share * w[Assumption::disability_employment]};
    return p.work_score < of[with_disability];
}

/// Whether the person has work in this world whenever neither school nor a spell out of work keeps it from them.
inline bool has_work(const Person& p, const World& w) { return employed(p, w, disabled(p, w)); }

/// Assessed care level of a tekun person.
inline rules::CareLevel care_level(const Person& p, const World& w) {
    const double full = w[Assumption::tekun_full];
    return p.care_score < full                              ? rules::CareLevel::full
           : p.care_score < full + w[Assumption::tekun_semi] ? rules::CareLevel::semi
                                                            : rules::CareLevel::self;
}

inline rules::SchoolLevel school_level(const Person& p, int age, const World& w) {
    if (age >= 18 && age < 22 && p.school_score < w[Assumption::school_tertiary]) return rules::SchoolLevel::tertiary;
    if (age >= 15 && age < 18 && p.school_score < w[Assumption::school_secondary]) return rules::SchoolLevel::secondary;
    return rules::SchoolLevel::none;
}

/// Whether the person is of an age for tertiary school in some month of a run of `months`.
inline bool could_be_tertiary(const Person& p, int months) { return p.age_months < 22 * 12 && p.age_months + months > 18 * 12; }

/// Whether a birthday could change anything in this world.
inline bool matters(const Kin::Turning& turn, const Kin& kin, const World& w) {
    using enum Kin::Turning::Matters;
    const Person& p = kin.people[turn.member];
    return turn.matters == always || (turn.matters == unless_secondary && p.school_score >= w[Assumption::school_secondary]) ||
           (turn.matters == if_tertiary && p.school_score < w[Assumption::school_tertiary]);
}

/// Whether necessary spending is a fixed share of income in every month, and under the line of rigid-expenditure families
/// at the highest price of the run: nobody is ill or in tertiary school, and no illness or disaster comes.
inline bool ordinary_spending(const Kin& kin, const World& w, const LocalPolicy& policy, int months) {
    if (kin.family.any_illness < w[Assumption::illness_prevalence]) return false;
    for (int i = 0; i < kin.family.size; ++i)
        if (could_be_tertiary(kin.people[i], months) && kin.people[i].school_score < w[Assumption::school_tertiary]) return false;
    return 100 * w[Assumption::essential_share] * w.prices_max + 1e-6 <= policy.policy.rigid_share_pct;
}

/// The family's own factor on earnings, farm and support: level of the county times the curve at its score, mean 1.
inline double income_factor(const Family& f, const World& w) { return w.income_factor * (*w.income_curve)(f.income_score); }

/// What a family's farm gives each of its members who work, a month: shared alike. Without such a member the land is
/// let, which is part of `support`.
inline double farm_each(const Family& f, const World& w, int working, double factor) {
    return working > 0 && f.farm > 0 && f.farm_score < w[Assumption::farm_rural] ? f.farm * factor / working : 0.0;
}

/// What is left of the wages of a member at work who is ill or disabled.
inline double in_health(double wages, const rules::Member& m, const World& w) {
    const std::array in_illness{1.0, w[Assumption::illness_wages]}, with_disability{1.0, w[Assumption::disability_wages]};
    return wages * in_illness[m.severe_illness] * with_disability[m.disability_grade > 0];
}

/// Unemployment when the burn-in starts, in its steady state, where the share out of work is loss / (loss +
/// re-employment): for each member of a family the months until work again, or -1.
class InitialSpells {
public:
    InitialSpells(const Family& f, const World& w)
        : luck_(w.seed, Purpose::initial_job, w.replicate, f.id),
          loss_(w.by_residence(Assumption::job_loss_urban, Assumption::job_loss_rural)), back_(w[Assumption::reemployment]) {}

    /// Whether a member starts at work, by his word of the block of draws member / 4.
    static bool at_work(std::uint32_t word, double loss, double back) { return unit(word) * (loss + back) >= loss; }

    int operator[](int member) {
        if (block_ != member / 4) words_ = luck_.block(static_cast<std::uint32_t>(block_ = member / 4));
        if (at_work(words_[static_cast<std::size_t>(member % 4)], loss_, back_)) return -1;
        return static_cast<int>(std::min(-portable_log(unit(luck_.bits(64 + static_cast<std::uint32_t>(member)))) / back_, 1000.0));
    }

private:
    Draws luck_;
    double loss_, back_;
    int block_ = -1;
    Words words_{};
};

}  // namespace doudi
