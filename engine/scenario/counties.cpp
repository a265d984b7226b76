#include "scenario/counties.hpp"

#include "base/bounds.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

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
            faults.push_back(t.fault(row, "residence = \"" + residence + "\" is neither urban nor rural"));
            continue;
        }
        const std::size_t r = residence == "urban" ? 0 : 1;
        Unit& unit = units[t.text(row, "unit_name_zh")];
        if (unit.standard[r] >= 0) faults.push_back(t.fault(row, t.text(row, "unit_name_zh") + " has a second " + residence + " standard"));
        unit.standard[r] = t.yuan(row, "standard_yuan", faults);
        if (unit.standard[r] < 1'00 || unit.standard[r] > most_standard)
            faults.push_back(t.fault(row, "standard_yuan = " + t.text(row, "standard_yuan") + " is outside 1 to 10,000 yuan a month"));
        unit.row[r] = row;
        if (t.has("inside_counties")) unit.inside = t.text(row, "inside_counties");
    }
    for (const auto& [name, unit] : units)
        for (std::size_t r = 0; r < 2; ++r)
            if (unit.standard[r] < 0)
                faults.push_back(t.fault(unit.row[1 - r], name + " has no " + std::string(residence_labels[r]) + " standard"));
    return units;
}

void check_sums(const Table& t, std::size_t row, const County& c, std::vector<Fault>& faults) {
    const auto same = [&](const char* what, std::int64_t sum, const char* whole, std::int64_t total) {
        if (sum != total)
            faults.push_back(t.fault(row, fmt::format("{} {}: {} = {}, but {} = {} (off by {})", c.code, c.name_zh, what, sum, whole, total, sum - total)));
    };
    const auto most = [&](const char* what, std::int64_t value, const char* whole, std::int64_t total) {
        if (value > total) faults.push_back(t.fault(row, fmt::format("{} {}: {} = {} is over {} = {}", c.code, c.name_zh, what, value, whole, total)));
    };
    same("urban_pop_2020 + rural_pop_2020", c.urban_population + c.rural_population, "population_2020", c.population);
    same("age_0_14 + age_15_59 + age_60plus", c.age_0_14 + c.age_15_59 + c.age_60plus, "population_2020", c.population);
    same("households with one, two and three 65+", c.with_n_65plus[0] + c.with_n_65plus[1] + c.with_n_65plus[2], "hh_with_65plus", c.with_65plus);
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
            if (value < 1000'00 || value > 1000000'00) faults.push_back(t.fault(row, "income per head of " + yuan_text(value) + " yuan a year is outside 1,000 to 1,000,000"));
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
        if (c.pcdi[0] == 0) faults.push_back({t.source().name, "no row gives the income per head of " + code + " " + c.name_zh, ""});
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
        if (c.code < 100000 || c.code > 999999) faults.push_back(t.fault(row, "code = \"" + t.text(row, "code") + "\" is not a six-digit county code"));
        if (!codes.insert(c.code).second) faults.push_back(t.fault(row, "the code " + std::to_string(c.code) + " stands twice"));
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
        if (c.min_wage_prev > most_wage) faults.push_back(t.fault(row, wage_column + " = " + t.text(row, wage_column) + " is over " + yuan_text(most_wage) + " yuan a month"));
        if (year < 2025 && t.has("min_wage_2024_10_yuan")) c.min_wage_2025 = t.yuan(row, "min_wage_2024_10_yuan", faults);
        if (c.min_wage_2025 > most_wage) faults.push_back(t.fault(row, "min_wage_2024_10_yuan = " + t.text(row, "min_wage_2024_10_yuan") + " is over " + yuan_text(most_wage) + " yuan a month"));
        check_sums(t, row, c, faults);
        total += c.population;
        const std::string& name = t.text(row, "notice_unit_zh");
        if (const auto unit = units.find(name); unit != units.end()) {
            unit->second.used = true;
            c.guidance = unit->second.standard;
        } else {
            faults.push_back(t.fault(row, c.name_zh + ": the notice's unit \"" + name + "\" has no standard in " + standards.source().name + did_you_mean(name, unit_names)));
        }
        counties.push_back(std::move(c));
    }
    for (const auto& [name, unit] : units)
        if (!unit.used && unit.inside.empty())
            faults.push_back(standards.fault(unit.row[0], name + " has a standard but no county of " + t.source().name + " names it in notice_unit_zh"));
    if (!files.indicators.empty()) {
        const Table indicators(reader.read(files.indicators), {"key", "value"});
        for (std::size_t row = 0; row < indicators.rows(); ++row)
            if (indicators.text(row, "key") == "jl.pop.total" && indicators.count(row, "value", faults) != total)
                faults.push_back({t.source().name, fmt::format("the counties sum to {} people, {} gives {} (off by {})", total, indicators.source().name, indicators.text(row, "value"), total - indicators.count(row, "value", faults)), ""});
    }
    read_incomes(Table(reader.read(files.incomes), {"code", "urban_yuan_year", "rural_yuan_year", "source", "confidence"}), counties, faults);
    return counties;
}

}  // namespace doudi
