#include "population/income_scale.hpp"

#include <algorithm>

namespace doudi {

IncomeSum income_sum(const Cell& cell, const IncomeAnchor& anchor) {
    IncomeSum sum;
    for (const Family& f : cell.families) {
        sum.persons += f.size;
        const Person* people = &cell.people[f.first];
        const auto tekun = [&](const Person& p) { return p.tekun_score < anchor.tekun_share; };
        if (f.support_score < anchor.support_share && !tekun(people[0])) sum.income += f.support + f.uncounted;
        bool works = false;
        for (int i = 0; i < f.size; ++i) {
            const Person& p = people[i];
            const int age = p.age_months / 12;
            const bool disabled = p.disability_score < anchor.disability_share;
            const bool student = (age < 18 && p.school_score < anchor.secondary_share) || (age >= 18 && age < 22 && p.school_score < anchor.tertiary_share);
            if (p.work_score < anchor.employed_share * (disabled ? anchor.disability_employment : 1) && !student && !tekun(p)) {
                const double health = (p.illness_score < anchor.illness_share ? anchor.illness_wages : 1.0) * (disabled ? anchor.disability_wages : 1.0);
                sum.income += static_cast<std::int64_t>(p.earnings * health * (1 - anchor.out_of_work_share));
                works = true;
            }
            if (p.pension_score < anchor.pension_share && !tekun(p)) sum.income += p.pension;
        }
        if (works && f.farm_score < anchor.farm_share) sum.income += f.farm;
    }
    return sum;
}

void scale_income(Cell& cell, double scale) {
    // Where almost nobody earns, one earner would have to bring the county's whole income: 20 million yuan are enough.
    const auto scaled = [scale](std::int32_t amount) { return static_cast<std::int32_t>(std::min(amount * scale, 2e9)); };
    for (Family& f : cell.families) {
        f.support = scaled(f.support);
        f.uncounted = scaled(f.uncounted);
        f.farm = scaled(f.farm);
    }
    for (Person& p : cell.people) {
        p.earnings = scaled(p.earnings);
        p.pension = scaled(p.pension);
    }
}

}  // namespace doudi
