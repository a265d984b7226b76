#include "population/margins.hpp"

#include "population/layout.hpp"

#include <algorithm>

namespace doudi {
namespace {

/// What a table of families has of each margin.
struct Sums {
    double families = 0, persons = 0, single = 0, aged_1 = 0, aged_2 = 0, aged_3 = 0, children = 0, adults = 0, aged = 0;
    void add(FamilyKind k, double n) {
        families += n;
        persons += n * k.size;
        if (k.size == 1) single += n;
        if (k.aged == 1) aged_1 += n;
        if (k.aged == 2) aged_2 += n;
        if (k.aged == 3) aged_3 += n;
        children += n * k.children;
        aged += n * k.aged;
        adults += n * (k.size - k.aged - k.children);
    }
};

/// Puts the user's own figures in the place of the proportional split. Where he gives one residence, the other is the
/// rest of the county; where he gives both and they miss the county's figure, that is a conflict, and his stand.
void take_own(const County& c, CountyMargins& margins) {
    static constexpr std::int64_t CellMargins::* direct[] = {&CellMargins::households, &CellMargins::persons, &CellMargins::one_person};
    for (std::size_t i = 0; i < own_margin_labels.size(); ++i) {
        const auto& own = c.own[i];
        if (own[0] < 0 && own[1] < 0) continue;
        const auto place = [&](std::size_t r) -> std::int64_t& {
            CellMargins& m = margins.cell[r];
            return i < 3 ? m.*direct[i] : i < 6 ? m.with_n_65[i - 3] : i == 6 ? m.children : i == 7 ? m.aged_60_64 : m.aged_80;
        };
        const std::int64_t total = place(0) + place(1);
        for (std::size_t r = 0; r < 2; ++r) place(r) = own[r] >= 0 ? own[r] : std::max<std::int64_t>(total - own[1 - r], 0);
        const std::int64_t off = place(0) + place(1) - total;
        if (off != 0)
            margins.conflicts.push_back(c.name_zh + ": " + std::string(own_margin_labels[i]) + ": the figures of the margins table are " +
                                        std::to_string(off > 0 ? off : -off) + (off > 0 ? " over" : " under") + " the county's " + std::to_string(total));
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
    take_own(c, result);
    return result;
}

Wording contradiction(const CellMargins& m) {
    const auto over = [](const Wording& what, std::int64_t value, const Wording& whole, std::int64_t most) {
        return both("{} = {}, but {} = {}", "{} = {}，而{} = {}", what, value, whole, most);
    };
    const std::int64_t larger = m.households - m.one_person, persons = m.persons - m.one_person;
    const std::int64_t with_65 = m.with_n_65[0] + m.with_n_65[1] + m.with_n_65[2], alone = std::min(m.with_n_65[0], m.one_person);
    if (std::min({m.households, m.persons, m.one_person, m.children, m.aged_60_64, m.aged_80, m.collective_65, m.collective_15_59, m.collective_80,
                  m.with_n_65[0], m.with_n_65[1], m.with_n_65[2]}) < 0) return {"a margin is negative", "有边际为负数"};
    if (larger < 0) return over({"one-person households", "一人户"}, m.one_person, {"all households", "全部家庭户"}, m.households);
    if (persons < 2 * larger) return over({"members of households of two or more", "两人及以上户的人口"}, persons, {"twice those households", "该类户数的 2 倍"}, 2 * larger);
    if (persons > FamilyKind::largest * larger) return over({"members of households of two or more", "两人及以上户的人口"}, persons, {"8 times those households", "该类户数的 8 倍"}, FamilyKind::largest * larger);
    if (with_65 - alone > larger) return over({"households of two or more with members of 65+", "有 65 岁及以上老人的两人及以上户"}, with_65 - alone, {"all of that size", "两人及以上户总数"}, larger);
    if (m.children > m.persons - m.households) return over({"children", "儿童"}, m.children, {"members beside one adult a household", "每户除一名成人外的人口"}, m.persons - m.households);
    return {};
}

std::vector<MarginFit> fits_of(const County& c, const Seeds& seeds) {
    std::vector<MarginFit> fits;
    const CountyMargins margins = margins_of(c);
    for (const Residence residence : {Residence::urban, Residence::rural}) {
        const CellMargins& m = margins.cell[at(residence)];
        const SeedTable& seed = seeds[static_cast<std::size_t>(residence)];
        if (m.households == 0) continue;
        Sums before, after;
        for (std::size_t i = 0; i < family_kinds; ++i) {
            const int k = static_cast<int>(i), children = FamilyKind::most_children + 1, aged = FamilyKind::most_aged + 1;
            before.add({k / (aged * children) + 1, k / children % aged, k % children}, seed.weight[i]);
        }
        const Layout layout = layout_of(m, seed);
        for (const FamilyType& t : layout.types) after.add({t.size, t.aged, t.children}, static_cast<double>(t.count));
        const double scale = static_cast<double>(m.households) / before.families;
        const auto add = [&](const char* name, std::int64_t wanted, double Sums::* sum) {
            fits.push_back({c.code, residence, name, wanted, before.*sum * scale, static_cast<std::int64_t>(after.*sum)});
        };
        add("households", m.households, &Sums::families);
        add("members of households", m.persons, &Sums::persons);
        add("one-person households", m.one_person, &Sums::single);
        add("households with one of 65+", m.with_n_65[0], &Sums::aged_1);
        add("households with two of 65+", m.with_n_65[1], &Sums::aged_2);
        add("households with three of 65+", m.with_n_65[2], &Sums::aged_3);
        add("children of 0-14", m.children, &Sums::children);
        // Ages within the groups are dealt out after the fit: all of 60-64 need a place among the members of 15-64, all of
        // 80+ among those of 65+. Before the fit: even over the years of the group (to 64, to 95).
        fits.push_back({c.code, residence, "aged 60-64", m.aged_60_64, before.adults * scale * 5 / 50, std::min(m.aged_60_64, layout.adults)});
        fits.push_back({c.code, residence, "aged 80+", m.aged_80, before.aged * scale * 15 / 31, std::min(m.aged_80, layout.aged)});
    }
    return fits;
}

}  // namespace doudi
