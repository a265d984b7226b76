#include "population/layout.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace doudi {
namespace {

constexpr int largest = 8;            ///< largest family size
constexpr double alone_share = 0.37;  ///< assumption: of households with one member of 65+, those living alone

/// Rounds non-negative `wanted` to integers with the exact total: floors, then one each by largest remainder.
std::vector<std::int64_t> rounded(const std::vector<double>& wanted, std::int64_t total) {
    std::vector<std::int64_t> result(wanted.size());
    std::vector<std::pair<double, std::size_t>> rest;
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        result[i] = static_cast<std::int64_t>(std::floor(wanted[i]));
        sum += result[i];
        rest.emplace_back(wanted[i] - static_cast<double>(result[i]), i);
    }
    std::stable_sort(rest.begin(), rest.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    for (std::size_t k = 0; sum < total; k = (k + 1) % rest.size()) {
        if (wanted[rest[k].second] > 0) { ++result[rest[k].second]; ++sum; }
    }
    for (std::size_t k = rest.size(); sum > total;) {
        k = k == 0 ? rest.size() - 1 : k - 1;
        if (result[rest[k].second] > 0) { --result[rest[k].second]; --sum; }
    }
    return result;
}

/// Counts of families by number of items 0..n, close to `weights` tilted to the mean, with exact count and sum.
std::vector<std::int64_t> tilted(std::vector<double> weights, std::int64_t count, std::int64_t sum) {
    const auto n = weights.size();
    sum = std::clamp<std::int64_t>(sum, 0, count * static_cast<std::int64_t>(n - 1));
    double low = 1e-9, high = 1e9;
    std::vector<double> wanted(n, 0.0);
    for (int step = 0; step < 200 && count > 0; ++step) {
        const double tilt = std::sqrt(low * high);
        double mass = 0, mean = 0, power = 1;
        for (std::size_t k = 0; k < n; ++k, power *= tilt) {
            wanted[k] = weights[k] * power;
            mass += wanted[k];
            mean += static_cast<double>(k) * wanted[k];
        }
        for (double& w : wanted) w *= static_cast<double>(count) / mass;
        (mean / mass * static_cast<double>(count) < static_cast<double>(sum) ? low : high) = tilt;
    }
    auto result = rounded(wanted, count);
    std::int64_t have = 0;
    for (std::size_t k = 0; k < n; ++k) have += static_cast<std::int64_t>(k) * result[k];
    for (std::size_t k = 0; have != sum; k = (k + 1) % (n - 1)) {
        if (have < sum && result[k] > 0) { --result[k]; ++result[k + 1]; ++have; }
        else if (have > sum && result[k + 1] > 0) { --result[k + 1]; ++result[k]; --have; }
    }
    return result;
}

using Table = std::array<std::array<std::int64_t, 4>, largest + 1>;  ///< [size][members of 65+]

/// Families of two or more by size and members of 65+: iterative proportional fitting, then rounding that keeps
/// both margins.
void fit_by_age(Table& table, const std::vector<std::int64_t>& by_size, const std::array<std::int64_t, 4>& by_aged) {
    double fit[largest + 1][4] = {};
    for (int size = 2; size <= largest; ++size)
        for (int aged = 0; aged < 4; ++aged)
            fit[size][aged] = aged > size ? 0.0 : aged == 2 && size == 2 ? 2.5 : 1.0;
    for (int round = 0; round < 200; ++round) {
        for (int size = 2; size <= largest; ++size) {
            const double sum = fit[size][0] + fit[size][1] + fit[size][2] + fit[size][3];
            for (double& f : fit[size]) f *= sum > 0 ? static_cast<double>(by_size[static_cast<std::size_t>(size - 2)]) / sum : 0;
        }
        for (std::size_t aged = 0; aged < 4; ++aged) {
            double sum = 0;
            for (int size = 2; size <= largest; ++size) sum += fit[size][aged];
            for (int size = 2; size <= largest; ++size) fit[size][aged] *= sum > 0 ? static_cast<double>(by_aged[aged]) / sum : 0;
        }
    }
    std::vector<std::int64_t> row = by_size;
    std::array<std::int64_t, 4> column = by_aged;
    for (std::size_t size = 2; size <= largest; ++size)
        for (std::size_t aged = 0; aged < 4; ++aged) {
            const auto whole = std::min({static_cast<std::int64_t>(fit[size][aged]), row[size - 2], column[aged]});
            table[size][aged] = whole;
            row[size - 2] -= whole;
            column[aged] -= whole;
        }
    for (std::size_t size = 2; size <= largest; ++size)
        for (std::size_t aged = 0; aged < 4; ++aged) {
            if (aged > size) continue;
            const auto more = std::min(row[size - 2], column[aged]);
            table[size][aged] += more;
            row[size - 2] -= more;
            column[aged] -= more;
        }
    // Only couples cannot hold three of 65+: what is left there changes places with larger families.
    for (std::size_t size = 3; size <= largest && column[3] > 0; ++size)
        for (std::size_t aged = 0; aged < 3; ++aged) {
            const auto swap = std::min({column[3], row[0], table[size][aged]});
            table[size][aged] -= swap;
            table[size][3] += swap;
            table[2][aged] += swap;
            column[3] -= swap;
            row[0] -= swap;
        }
}

}  // namespace

CountyMargins margins_of(const County& c) {
    CountyMargins result;
    const std::int64_t collective = c.population - c.household_population;
    const std::int64_t aged_home = c.with_n_65plus[0] + 2 * c.with_n_65plus[1] + 3 * c.with_n_65plus[2];
    std::int64_t aged_away = c.age_65plus - aged_home;
    if (aged_away < 0 || aged_away > collective) {
        const std::int64_t clamped = std::clamp<std::int64_t>(aged_away, 0, collective);
        result.conflicts.push_back(c.name_zh + ": members of 65+ left for collective households = " +
                                   std::to_string(aged_away) + ", outside 0.." + std::to_string(collective));
        aged_away = clamped;
    }
    const auto split = [&](std::int64_t total) {
        const std::int64_t urban = c.population == 0 ? 0 : (2 * total * c.urban_population + c.population) / (2 * c.population);
        return std::array<std::int64_t, 2>{urban, total - urban};
    };
    const auto households = split(c.households), persons = split(c.household_population), one = split(c.one_person);
    const auto w1 = split(c.with_n_65plus[0]), w2 = split(c.with_n_65plus[1]), w3 = split(c.with_n_65plus[2]);
    const auto children = split(c.age_0_14), sixties = split(c.age_60plus - c.age_65plus);
    const auto away65 = split(aged_away), away = split(collective - aged_away);
    const std::int64_t old_away = c.age_65plus == 0 ? 0 : c.age_80plus * aged_away / c.age_65plus;
    const auto old = split(c.age_80plus - old_away), old_out = split(old_away);
    for (std::size_t r = 0; r < 2; ++r)
        result.cell[r] = {households[r], persons[r], one[r], {w1[r], w2[r], w3[r]}, children[r], sixties[r],
                          old[r], away65[r], away[r], old_out[r]};
    return result;
}

namespace {

/// Members of 65+ who live alone.
std::int64_t aged_alone(const CellMargins& m) {
    return std::min({static_cast<std::int64_t>(alone_share * static_cast<double>(m.with_n_65[0]) + 0.5), m.one_person});
}

}  // namespace

std::string contradiction(const CellMargins& m) {
    const auto over = [](const char* what, std::int64_t value, const char* whole, std::int64_t most) {
        return std::string(what) + " = " + std::to_string(value) + ", but " + whole + " = " + std::to_string(most);
    };
    const std::int64_t larger = m.households - m.one_person, persons = m.persons - m.one_person;
    const std::int64_t with_65 = m.with_n_65[0] + m.with_n_65[1] + m.with_n_65[2];
    if (std::min({m.households, m.persons, m.one_person, m.children, m.aged_60_64, m.aged_80, m.collective_65, m.collective_15_59, m.collective_80,
                  m.with_n_65[0], m.with_n_65[1], m.with_n_65[2]}) < 0) return "a margin is negative";
    if (larger < 0) return over("one-person households", m.one_person, "all households", m.households);
    if (persons < 2 * larger) return over("members of households of two or more", persons, "twice those households", 2 * larger);
    if (persons > largest * larger) return over("members of households of two or more", persons, "8 times those households", largest * larger);
    if (with_65 - aged_alone(m) > larger) return over("households of two or more with members of 65+", with_65 - aged_alone(m), "all of that size", larger);
    if (m.children > m.persons - m.households) return over("children", m.children, "members beside one adult a household", m.persons - m.households);
    return "";
}

Layout layout_of(const CellMargins& m) {
    Layout layout;
    if (m.households == 0) return layout;
    Table table{};
    const auto alone = aged_alone(m);
    table[1][1] = alone;
    table[1][0] = m.one_person - alone;
    const std::int64_t larger = m.households - m.one_person;
    const auto by_size = tilted({0.45, 0.33, 0.13, 0.06, 0.02, 0.007, 0.003}, larger,
                                m.persons - m.one_person - 2 * larger);
    const std::array<std::int64_t, 4> by_aged{
        larger - (m.with_n_65[0] - alone) - m.with_n_65[1] - m.with_n_65[2], m.with_n_65[0] - alone, m.with_n_65[1],
        m.with_n_65[2]};
    fit_by_age(table, by_size, by_aged);

    // Children by one common tilt over all kinds of family; a child never lives without someone of 15 or more.
    struct Kind { int size, aged, children; double weight; };
    const auto kinds_of = [](int size, int aged) {
        std::vector<Kind> kinds;
        for (int k = 0; k <= std::min(4, size - std::max(aged, 1)); ++k) {
            const int adults = size - aged - k;
            const double base[5] = {1.0, 1.2, 0.5, 0.05, 0.01};
            kinds.push_back({size, aged, k, base[k] * (k == 0 || adults >= 2 ? 1.0 : adults == 1 ? 0.3 : 0.1)});
        }
        return kinds;
    };
    double low = 1e-9, high = 1e9;
    std::vector<FamilyType> types;
    for (int step = 0; step < 100; ++step) {
        const double tilt = step == 99 ? low : std::sqrt(low * high);
        double expected = 0;
        types.clear();
        for (int size = 1; size <= largest; ++size)
            for (int aged = 0; aged < 4; ++aged) {
                const std::int64_t count = table[static_cast<std::size_t>(size)][static_cast<std::size_t>(aged)];
                if (count == 0) continue;
                const auto kinds = kinds_of(size, aged);
                std::vector<double> wanted;
                double mass = 0;
                for (const Kind& kind : kinds) {
                    double w = kind.weight;
                    for (int k = 0; k < kind.children; ++k) w *= tilt;
                    wanted.push_back(w);
                    mass += w;
                }
                for (std::size_t i = 0; i < kinds.size(); ++i) {
                    wanted[i] *= static_cast<double>(count) / mass;
                    expected += wanted[i] * kinds[i].children;
                }
                if (step < 99) continue;
                const auto counts = rounded(wanted, count);
                for (std::size_t i = 0; i < kinds.size(); ++i)
                    types.push_back({kinds[i].size, kinds[i].aged, kinds[i].children, counts[i], 0, 0, 0});
            }
        (expected < static_cast<double>(m.children) ? low : high) = tilt;
    }
    std::int64_t have = 0;
    for (const FamilyType& t : types) have += t.count * t.children;
    // Neighbouring kinds differ by one child: move single families until the sum is exact.
    for (bool moved = true; have != m.children && moved;) {
        moved = false;
        for (std::size_t i = 0; i + 1 < types.size() && have != m.children; ++i) {
            FamilyType &less = types[i], &more = types[i + 1];
            if (more.children != less.children + 1) continue;
            if (have < m.children && less.count > 0) { --less.count; ++more.count; ++have; moved = true; }
            else if (have > m.children && more.count > 0) { --more.count; ++less.count; --have; moved = true; }
        }
    }
    for (FamilyType& t : types) {
        t.first = layout.families;
        t.first_aged = layout.aged;
        t.first_adult = layout.adults;
        layout.families += t.count;
        layout.aged += t.count * t.aged;
        layout.children += t.count * t.children;
        layout.adults += t.count * (t.size - t.aged - t.children);
        layout.persons += t.count * t.size;
    }
    layout.types = std::move(types);
    return layout;
}

}  // namespace doudi
