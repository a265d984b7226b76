#include "population/county.hpp"

#include <algorithm>

namespace doudi {

County aged(County c, const Ageing& f) {
    if (f == Ageing{}) return c;
    const auto times = [](std::int64_t n, double factor) { return static_cast<std::int64_t>(static_cast<double>(n) * factor + 0.5); };
    const std::int64_t before = c.population;
    const std::int64_t sixties = times(c.age_60plus - c.age_65plus, f.from_60_to_64);
    c.age_0_14 = times(c.age_0_14, f.under_60);
    c.age_15_59 = times(c.age_15_59, f.under_60);
    c.age_80plus = times(c.age_80plus, f.from_65);
    c.age_65plus = std::max(times(c.age_65plus, f.from_65), c.age_80plus);
    c.age_60plus = c.age_65plus + sixties;
    c.population = c.age_0_14 + c.age_15_59 + c.age_60plus;
    const double all = before == 0 ? 1.0 : static_cast<double>(c.population) / static_cast<double>(before);
    c.urban_population = std::min(times(c.urban_population, all), c.population);
    c.rural_population = c.population - c.urban_population;
    c.households = times(c.households, all);
    c.household_population = times(c.household_population, all);
    c.one_person = times(c.one_person, all);
    for (std::int64_t& n : c.with_n_65plus) n = times(n, f.from_65);
    const double factor[] = {all, all, all, f.from_65, f.from_65, f.from_65, f.under_60, f.from_60_to_64, f.from_65};
    for (std::size_t i = 0; i < c.own.size(); ++i)
        for (std::int64_t& n : c.own[i])
            if (n >= 0) n = times(n, factor[i]);
    c.with_65plus = c.with_n_65plus[0] + c.with_n_65plus[1] + c.with_n_65plus[2];
    return c;
}

}  // namespace doudi
