#include "dynamics/sure_income.hpp"

#include "dynamics/member.hpp"

#include <algorithm>
#include <array>

namespace doudi {

Fen sure_income(const Family& f, const Person* people, const World& w, unsigned lost, unsigned dead, Fen needed,
                LastingIncome::Factors year) {
    const double pension = w.by_residence(Assumption::pension_urban, Assumption::pension_rural);
    const double assessed = w.by_residence(Assumption::income_assessed_urban, Assumption::income_assessed_rural);
    const double level = w.income_factor * year.level, factor = income_factor(f, w) * year.level * year.own;
    Fen total = 0;
    std::array<Fen, 32> at_work;  // what a member would lose by being out of work when the run starts
    bool farms = false;
    for (int i = 0; i < f.size; ++i) {
        const Person& p = people[i];
        Fen& wages = at_work[static_cast<std::size_t>(i)] = 0;
        if (dead >> i & 1u) continue;
        double other = 0;
        if (p.pension_score < pension) other += p.pension * level;
        if (i == 0 && f.support_score < w.by_residence(Assumption::support_urban, Assumption::support_rural)) other += f.support * factor;
        const bool works = p.age_months >= 23 * 12 && employed(p, w, false);
        farms = farms || works;
        const Fen without = static_cast<Fen>(other * assessed);
        if (works && (lost >> i & 1u) == 0 && p.illness_score >= w[Assumption::illness_prevalence])
            wages = static_cast<Fen>((p.earnings * factor + other) * assessed) - without;
        total += without + wages;
    }
    // The farm is shared among those who work, and rounded down for each of them.
    if (farms) total += std::max<Fen>(0, static_cast<Fen>(farm_each(f, w, 1, factor) * assessed) - 2 * f.size);
    InitialSpells spells(f, w);
    for (int i = 0; i < f.size && total >= needed; ++i)
        if (at_work[static_cast<std::size_t>(i)] > 0 && spells[i] >= 0) total -= at_work[static_cast<std::size_t>(i)];
    return total;
}

}  // namespace doudi
