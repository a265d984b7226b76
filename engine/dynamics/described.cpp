#include "dynamics/described.hpp"

#include "dynamics/member.hpp"
#include "random/philox_many.hpp"

#include <algorithm>
#include <bit>

namespace doudi {

void Described::take(const Earnings& earnings, std::size_t replicate, bool of_members) {
    income = static_cast<Fen>(earnings.total[replicate]);
    for (std::size_t i = 0; of_members && i < members().size(); ++i) room[i].monthly_income = static_cast<Fen>(earnings.of[i][replicate]);
}

bool describe(const Kin& kin, const World& w, Described& family) {
    const Family& f = kin.family;
    const bool tekun = kin.people[0].tekun_score < w.by_residence(Assumption::tekun_urban, Assumption::tekun_rural);
    std::uint64_t likeness = tekun;
    family.special = tekun;
    for (int i = 0; i < f.size; ++i) {
        const auto k = static_cast<std::size_t>(i);
        const Person& p = kin.people[i];
        rules::Member& m = family.room.make(k);
        const bool has_disability = disabled(p, w);
        m.age_months = p.age_months;
        m.age = p.age_months / 12;
        if (has_disability) {
            m.disability_grade = disability_grade(p.grade_score, w[Assumption::disability_severe]);
            m.disability_type = disability_type(p.type_score);
        }
        m.severe_illness = p.illness_score < w[Assumption::illness_prevalence];
        family.special = family.special || m.severe_illness || has_disability;
        m.tekun = i == 0 && tekun;
        if (m.tekun) m.care_level = care_level(p, w);
        m.school_level = school_level(p, m.age, w);
        m.student = m.school_level != rules::SchoolLevel::none || (m.age >= 6 && m.age < 15);
        family.able[k] = m.age >= 16 && employed(p, w, has_disability);
        m.employed = family.able[k] && !m.student && !m.tekun;
        likeness = likeness << 7 | static_cast<std::uint64_t>(m.disability_grade << 4 | m.severe_illness << 3 | m.employed << 2 | m.student << 1);
    }
    // At 15, 16, 18 and 22 school, work and the extra payment can change, and at 18 whether an ill person may be included alone. At 60 only a
    // tekun person's standing could, and nobody becomes tekun in the run; at 70 only the extra payment.
    for (const Kin::Turning* at = kin.turnings(); at->month != Kin::never; ++at) {
        const Kin::Turning& turn = *at;
        if (!matters(turn, kin, w)) continue;
        const rules::Member& m = family.room[turn.member];
        const Person& p = kin.people[turn.member];
        const int age = (p.age_months + turn.month) / 12;
        if (age >= 60) continue;
        if (m.severe_illness || m.disability_grade > 0 || m.tekun) return false;
        const bool student = school_level(p, age, w) != rules::SchoolLevel::none || (age >= 6 && age < 15);
        if ((age >= 16 && !student && !m.tekun && employed(p, w, m.disability_grade > 0)) != m.employed) return false;
    }
    if (tekun) likeness = likeness << 2 | static_cast<std::uint64_t>(family.room[0].care_level);
    family.likeness = likeness;
    return true;
}

bool all_at_work(const Kin& kin, const Described& family, const World& w) {
    InitialSpells spells(kin.family, w);
    for (int i = 0; i < kin.family.size; ++i)
        if (family.able[static_cast<std::size_t>(i)] && spells[i] >= 0) return false;
    return true;
}

std::uint64_t all_at_work(const Kin& kin, const Described& family, std::span<const World> worlds, std::size_t at, std::uint64_t which) {
    const int size = kin.family.size;
    for (int from = 0; from < size && which != 0; from += 4) {
        const int until = std::min(from + 4, size);
        if (std::none_of(family.able.begin() + from, family.able.begin() + until, [](bool able) { return able; })) continue;
        std::array<std::uint32_t, 64> draw, luck;
        alignas(64) std::array<std::uint32_t, 4 * 64> words;
        std::size_t count = 0;
        for (std::uint64_t left = which; left != 0; left &= left - 1, ++count) {
            draw[count] = counter0(Purpose::initial_job, static_cast<std::uint32_t>(from / 4));
            luck[count] = worlds[at + static_cast<std::size_t>(std::countr_zero(left))].replicate;
        }
        for (std::size_t k = count; k < whole_calls(count); ++k) draw[k] = luck[k] = 0;
        philox_many(draw.data(), luck.data(), whole_calls(count), kin.family.id, worlds.front().seed, words.data());
        count = 0;
        for (std::uint64_t left = which; left != 0; left &= left - 1, ++count) {
            const World& w = worlds[at + static_cast<std::size_t>(std::countr_zero(left))];
            const double loss = w.by_residence(Assumption::job_loss_urban, Assumption::job_loss_rural), back = w[Assumption::reemployment];
            for (int i = from; i < until; ++i)
                if (family.able[static_cast<std::size_t>(i)] && !InitialSpells::at_work(words[4 * count + static_cast<std::size_t>(i - from)], loss, back)) which &= ~(left & -left);
        }
    }
    return which;
}

void earn(const Kin& kin, const World& w, Described& family) {
    const Family& f = kin.family;
    const double factor = income_factor(f, w), assessed = w.by_residence(Assumption::income_assessed_urban, Assumption::income_assessed_rural);
    const double pension = w.by_residence(Assumption::pension_urban, Assumption::pension_rural);
    int working = 0;
    for (int i = 0; i < f.size; ++i) working += family.room[static_cast<std::size_t>(i)].employed;
    const double farm = farm_each(f, w, working, factor);
    family.income = 0;
    for (int i = 0; i < f.size; ++i) {
        const Person& p = kin.people[i];
        rules::Member& m = family.room[static_cast<std::size_t>(i)];
        double income = 0.0;
        if (m.employed) income = farm + in_health(p.earnings * factor, m, w);
        if (p.pension_score < pension && !m.tekun) income += p.pension * w.income_factor;
        if (i == 0 && f.support_score < w.by_residence(Assumption::support_urban, Assumption::support_rural) && !m.tekun) income += f.support * factor;
        m.monthly_income = static_cast<Fen>(income * assessed);
        family.income += m.monthly_income;
    }
}

}  // namespace doudi
