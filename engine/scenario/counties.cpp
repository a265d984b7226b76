#include "scenario/counties.hpp"

#include "base/bounds.hpp"
#include "base/text.hpp"

#include <map>
#include <set>

namespace doudi {
namespace {

/// Guidance standard of one unit of the notice, and whether a county row uses it.
struct Unit {
    std::array<Fen, residence_count> standard{-1, -1};
    std::array<std::size_t, residence_count> row{};
    std::string inside;  ///< codes of the counties in which a unit without a row of its own lies
    bool used = false;
};

std::map<std::string, Unit> read_units(const Table& t, std::vector<Fault>& faults) {
    std::map<std::string, Unit> units;
    for (std::size_t row = 0; row < t.rows(); ++row) {
        const std::string& residence = t.text(row, "residence");
        if (residence != "urban" && residence != "rural") {
            faults.push_back(t.fault(row, both("residence = \"{}\" is neither urban nor rural", "residence = \"{}\" 应为 urban 或 rural", residence)));
            continue;
        }
        const std::size_t r = residence == "urban" ? 0 : 1;
        Unit& unit = units[t.text(row, "unit_name_zh")];
        if (unit.standard[r] >= 0) faults.push_back(t.fault(row, both("{} has a second {} standard", "{} 的标准重复出现（{}）", t.text(row, "unit_name_zh"), standard_wording(r))));
        unit.standard[r] = t.yuan(row, "standard_yuan", faults);
        if (unit.standard[r] < 1'00 || unit.standard[r] > most_standard)
            faults.push_back(t.fault(row, both("standard_yuan = {} is outside 1 to 10,000 yuan a month", "standard_yuan = {} 超出每月 1 至 10,000 元", t.text(row, "standard_yuan"))));
        unit.row[r] = row;
        if (t.has("inside_counties")) unit.inside = t.text(row, "inside_counties");
    }
    for (const auto& [name, unit] : units)
        for (std::size_t r = 0; r < 2; ++r)
            if (unit.standard[r] < 0)
                faults.push_back(t.fault(unit.row[1 - r], both("{} has no {} standard", "{} 没有{}标准", name, standard_wording(r))));
    return units;
}

void check_sums(const Table& t, std::size_t row, const County& c, std::vector<Fault>& faults) {
    const auto same = [&](const Wording& what, std::int64_t sum, const char* whole, std::int64_t total) {
        if (sum != total)
            faults.push_back(t.fault(row, both("{} {}: {} = {}, but {} = {} (off by {})", "{} {}：{} = {}，而 {} = {}（相差 {}）", c.code, c.name_zh, what, sum, whole, total, sum - total)));
    };
    const auto most = [&](const char* what, std::int64_t value, const char* whole, std::int64_t total) {
        if (value > total) faults.push_back(t.fault(row, both("{} {}: {} = {} is over {} = {}", "{} {}：{} = {} 大于 {} = {}", c.code, c.name_zh, what, value, whole, total)));
    };
    same({"urban_pop_2020 + rural_pop_2020", ""}, c.urban_population + c.rural_population, "population_2020", c.population);
    same({"age_0_14 + age_15_59 + age_60plus", ""}, c.age_0_14 + c.age_15_59 + c.age_60plus, "population_2020", c.population);
    same({"households with one, two and three 65+", "有一名、两名、三名及以上 65 岁以上老人的户之和"}, c.with_n_65plus[0] + c.with_n_65plus[1] + c.with_n_65plus[2], "hh_with_65plus", c.with_65plus);
    most("age_65plus", c.age_65plus, "age_60plus", c.age_60plus);
    most("age_80plus", c.age_80plus, "age_65plus", c.age_65plus);
    most("family_household_pop_2020", c.household_population, "population_2020", c.population);
    most("one_person_households", c.one_person, "family_households_2020", c.households);
    most("hh_with_65plus", c.with_65plus, "family_households_2020", c.households);
    most("family_households_2020", c.households, "family_household_pop_2020", c.household_population);
}

/// Incomes per head: the row whose code is the longest beginning of the county's wins.
void read_incomes(const Table& t, std::vector<County>& counties, std::vector<Fault>& faults) {
    struct Level { std::string code; std::array<Fen, 2> pcdi; };
    std::vector<Level> levels;
    for (std::size_t row = 0; row < t.rows(); ++row) {
        Level level{t.text(row, "code"), {t.yuan(row, "urban_yuan_year", faults), t.yuan(row, "rural_yuan_year", faults)}};
        for (const Fen value : level.pcdi)
            if (value < 1000'00 || value > 1000000'00) faults.push_back(t.fault(row, both("income per head of {} yuan a year is outside 1,000 to 1,000,000", "人均年收入 {} 元超出 1,000 至 1,000,000 元", yuan_text(value))));
        levels.push_back(level);
    }
    for (County& c : counties) {
        std::size_t best = 0;
        const std::string code = std::to_string(c.code);
        for (const Level& level : levels)
            if (code.rfind(level.code, 0) == 0 && level.code.size() >= best) {
                best = level.code.size();
                c.pcdi = level.pcdi;
            }
        if (c.pcdi[0] == 0) faults.push_back({t.source().name, both("no row gives the income per head of {} {}", "没有任何一行给出 {} {}的人均收入", code, c.name_zh)});
    }
}

}  // namespace

std::vector<County> read_counties(Reader& reader, const DataFiles& files, int year, std::vector<Fault>& faults) {
    const std::string wage_column = year >= 2025 ? "min_wage_2024_10_yuan" : "min_wage_2021_12_yuan";
    const Table t(reader.read(files.counties),
                  {"code", "name_zh", "name_en", "prefecture_zh", "population_2020", "urban_pop_2020", "rural_pop_2020",
                   "family_households_2020", "family_household_pop_2020", "one_person_households", "hh_with_65plus",
                   "hh_with_one_65plus", "hh_with_two_65plus", "hh_with_three_plus_65plus", "age_0_14", "age_15_59",
                   "age_60plus", "age_65plus", "age_80plus", "notice_unit_zh", wage_column});
    const Table standards(reader.read(files.standards), {"residence", "standard_yuan", "unit_name_zh"});
    auto units = read_units(standards, faults);
    std::vector<std::string> unit_names;
    for (const auto& entry : units) unit_names.push_back(entry.first);

    std::vector<County> counties;
    std::set<int> codes;
    std::int64_t total = 0;
    for (std::size_t row = 0; row < t.rows(); ++row) {
        const auto n = [&](const char* column) { return t.count(row, column, faults); };
        County c;
        c.code = static_cast<int>(n("code"));
        if (c.code < 100000 || c.code > 999999) faults.push_back(t.fault(row, both("code = \"{}\" is not a six-digit county code", "code = \"{}\" 不是六位县级代码", t.text(row, "code"))));
        if (!codes.insert(c.code).second) faults.push_back(t.fault(row, both("the code {} stands twice", "代码 {} 重复出现", c.code)));
        c.name_zh = t.text(row, "name_zh");
        c.name_en = t.text(row, "name_en");
        c.prefecture_zh = t.text(row, "prefecture_zh");
        c.population = n("population_2020");
        c.urban_population = n("urban_pop_2020");
        c.rural_population = n("rural_pop_2020");
        c.households = n("family_households_2020");
        c.household_population = n("family_household_pop_2020");
        c.one_person = n("one_person_households");
        c.with_65plus = n("hh_with_65plus");
        c.with_n_65plus = {n("hh_with_one_65plus"), n("hh_with_two_65plus"), n("hh_with_three_plus_65plus")};
        c.age_0_14 = n("age_0_14");
        c.age_15_59 = n("age_15_59");
        c.age_60plus = n("age_60plus");
        c.age_65plus = n("age_65plus");
        c.age_80plus = n("age_80plus");
        c.min_wage_prev = t.yuan(row, wage_column, faults);
        if (c.min_wage_prev > most_wage) faults.push_back(t.fault(row, both("{} = {} is over {} yuan a month", "{} = {} 超过每月 {} 元", wage_column, t.text(row, wage_column), yuan_text(most_wage))));
        if (year < 2025 && t.has("min_wage_2024_10_yuan")) c.min_wage_2025 = t.yuan(row, "min_wage_2024_10_yuan", faults);
        if (c.min_wage_2025 > most_wage) faults.push_back(t.fault(row, both("min_wage_2024_10_yuan = {} is over {} yuan a month", "min_wage_2024_10_yuan = {} 超过每月 {} 元", t.text(row, "min_wage_2024_10_yuan"), yuan_text(most_wage))));
        check_sums(t, row, c, faults);
        total += c.population;
        const std::string& name = t.text(row, "notice_unit_zh");
        if (const auto unit = units.find(name); unit != units.end()) {
            unit->second.used = true;
            c.guidance = unit->second.standard;
        } else {
            faults.push_back(t.fault(row, both("{}: the notice's unit \"{}\" has no standard in {}{}", "{}：通知中的单位 \"{}\" 在 {} 中没有标准{}", c.name_zh, name, standards.source().name, nearest(name, unit_names))));
        }
        counties.push_back(std::move(c));
    }
    for (const auto& [name, unit] : units)
        if (!unit.used && unit.inside.empty())
            faults.push_back(standards.fault(unit.row[0], both("{} has a standard but no county of {} names it in notice_unit_zh", "{} 有标准，但 {} 中没有任何县级单元在 notice_unit_zh 列写明它", name, t.source().name)));
    if (!files.indicators.empty()) {
        const Table indicators(reader.read(files.indicators), {"key", "value"});
        for (std::size_t row = 0; row < indicators.rows(); ++row)
            if (indicators.text(row, "key") == "jl.pop.total" && indicators.count(row, "value", faults) != total)
                faults.push_back({t.source().name, both("the counties sum to {} people, {} gives {} (off by {})", "各县人口合计 {} 人，而 {} 为 {} 人（相差 {}）", total, indicators.source().name, indicators.text(row, "value"), total - indicators.count(row, "value", faults))});
    }
    read_incomes(Table(reader.read(files.incomes), {"code", "urban_yuan_year", "rural_yuan_year", "source", "confidence"}), counties, faults);
    return counties;
}

}  // namespace doudi
