#pragma once
#include "base/digest.hpp"
#include "results/tally.hpp"
#include "rules/parameters.hpp"
#include "simulate/plan.hpp"
#include "simulate/plan_text.hpp"
#include "simulate/simulate.hpp"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

namespace doudi {

/// Who made a result: goes into the root attributes.
struct Program {
    std::string version, git_hash, build;
    bool git_dirty = false;
};

/// A variable that is filled county by county, [scenario, replicate, county, ...]; a tally lacks the county.
struct Cube {
    std::string_view name;
    std::vector<std::string> dims;
    std::string_view meaning, unit;
    std::vector<std::int64_t> Tally::*values;
};
const std::vector<Cube>& result_cubes();

/// SHA-256 of a county's tally as little-endian int64, cube after cube.
std::string county_digest(const Tally& tally);
inline constexpr const char* county_digest_meaning = "SHA-256 of the county's tallies as little-endian int64: cost, recipients, households, category_households, dibao_single";
std::string prior_text(const Prior& prior);
std::string month_label(Month month);

template <class Items, class Get>
std::vector<std::string> texts(const Items& items, Get get) {
    std::vector<std::string> result;
    for (const auto& item : items) result.emplace_back(get(item));
    return result;
}

/// Nothing where there are too few replicates.
template <class Sink>
void describe_law(Sink& sink, const Law& law) {
    if (law.parameter.empty()) return;
    std::vector<std::int32_t> draws(law.parameter.size() / assumption_count);
    std::iota(draws.begin(), draws.end(), 0);
    sink.attribute("law_batches", std::int64_t{Law::batches});
    sink.dimension("law_draw", "draw without a simulation, of what replicates are drawn from: equal batches, each a Latin hypercube", draws);
    sink.variable("law_parameter", {"law_draw", "parameter"}, "value of an assumption", "", law.parameter);
    sink.variable("law_systemic_mean", {"law_draw", "factor"}, "mean of a systemic factor over counties, by their households, and months", "1", law.systemic_mean);
    sink.variable("law_county_mean", {"law_draw", "factor"}, "mean of a systemic factor over months in one county, any: their law is the same", "1", law.county_mean);
}

/// Nothing where no targeting was asked for.
template <class Sink>
void describe_targeting(Sink& sink, const Targeting& t) {
    if (t.replicates == 0) return;
    std::vector<std::int32_t> first;
    for (int r = 0; r < t.replicates; ++r) first.push_back(r);
    sink.dimension("targeting_replicate", "replicate with targeting: the first ones", first);
    sink.dimension("targeting_measure", "measure of targeting, poverty or inequality, last month", texts(targeting_labels, [](const auto& label) { return label; }));
    sink.variable("targeting", {"scenario", "targeting_replicate", "county", "targeting_measure"}, "targeting by county, on a sample of families", "1", t.county);
    sink.variable("targeting_province", {"scenario", "targeting_replicate", "targeting_measure"}, "targeting of all counties of the run, on a sample of families", "1", t.province);
}

/// Everything a result says besides its cubes: root attributes, dimensions with labels, small variables. The file and
/// the Python dataset are both made from this one list. `sink` has attribute(name, value),
/// dimension(name, meaning, labels) and variable(name, dims, meaning, unit, values).
template <class Sink>
void describe_result(Sink& sink, const Plan& plan, const SharedDraws& shared, const Program& program) {
    sink.attribute("Conventions", "doudi-results-1");
    sink.attribute("format_version", std::int64_t{1});
    sink.attribute("program", "doudi " + program.version);
    sink.attribute("git_hash", program.git_hash);
    sink.attribute("git_dirty", std::int64_t{program.git_dirty});
    sink.attribute("build", program.build);
    sink.attribute("seed", static_cast<std::int64_t>(plan.seed));
    sink.attribute("replicates", std::int64_t{plan.replicates});
    sink.attribute("start", month_label(plan.start));
    sink.attribute("burn_in_months", std::int64_t{plan.burn_in});
    sink.attribute("sample_share", plan.sample_share);
    std::string settings;
    for (const std::string& setting : plan.settings) settings += setting + '\n';
    sink.attribute("settings", settings);
    sink.attribute("plan_sha256", sha256(plan_text(plan)));
    sink.attribute("note", "Results describe the model under its assumptions, not the spending of any county; money is in fen (0.01 yuan).");

    std::vector<std::int32_t> replicates, codes;
    for (int r = 0; r < plan.replicates; ++r) replicates.push_back(r);
    for (const County& c : plan.counties) codes.push_back(c.code);
    std::vector<std::string> months;
    for (int m = 0; m < plan.months; ++m) months.push_back(month_label(plan.start + m));
    const auto same = [](const auto& label) { return label; };
    sink.dimension("scenario", "policy scenario; the first is the baseline", texts(plan.scenarios, [](const PolicyScenario& s) { return s.name; }));
    sink.dimension("replicate", "replicate: one draw of parameters, systemic factors and individual luck, shared by all scenarios", replicates);
    sink.dimension("county", "county code (GB/T 2260, or statistical code of a zone)", codes);
    sink.dimension("residence", "residence, which selects the standard", texts(residence_labels, same));
    auto programmes = texts(programme_labels, same);
    auto programmes_zh = texts(programme_labels_zh, same);
    for (const rules::Module m : plan.modules_on) {
        programmes.emplace_back(rules::module_table[static_cast<std::size_t>(m)].name);
        programmes_zh.emplace_back(rules::module_table[static_cast<std::size_t>(m)].name_zh);
    }
    sink.dimension("programme", "paying programme, then the special modules that are on", programmes);
    sink.dimension("category", "household category", texts(category_labels, same));
    sink.dimension("month", "calendar month", months);
    sink.dimension("level", "paying level", texts(level_labels, same));
    sink.dimension("parameter", "name of an assumption", texts(assumption_table, [](const AssumptionInfo& a) { return a.name; }));
    sink.dimension("factor", "systemic factor, shared by the households of a county", shared.factor_labels);
    sink.dimension("source", "file that was read, relative to the scenario folder", texts(plan.sources, [](const SourceText& s) { return s.path; }));
    sink.dimension("policy_parameter", "parameter of the rules", texts(rules::parameter_table(), [](const rules::ParameterInfo& p) { return p.name; }));

    sink.variable("programme_zh", {"programme"}, "programme, Chinese", "", programmes_zh);
    sink.variable("scenario_title", {"scenario"}, "title of the scenario", "", texts(plan.scenarios, [](const PolicyScenario& s) { return s.title; }));
    sink.variable("scenario_why", {"scenario"}, "reason of the scenario", "", texts(plan.scenarios, [](const PolicyScenario& s) { return s.why; }));
    sink.variable("scenario_why_zh", {"scenario"}, "reason of the scenario, Chinese, if it was given", "", texts(plan.scenarios, [](const PolicyScenario& s) { return s.why_zh; }));
    sink.variable("county_name_zh", {"county"}, "county, Chinese", "", texts(plan.counties, [](const County& c) { return c.name_zh; }));
    sink.variable("county_name_en", {"county"}, "county, English", "", texts(plan.counties, [](const County& c) { return c.name_en; }));
    sink.variable("prefecture_zh", {"county"}, "prefecture, Chinese", "", texts(plan.counties, [](const County& c) { return c.prefecture_zh; }));
    sink.variable("scenario_file", {"scenario"}, "file of the scenario, among the sources", "", plan.files);
    std::vector<std::int64_t> population, households, standard, living, nursing;
    for (const County& c : plan.counties) {
        population.push_back(c.population);
        households.push_back(c.households);
    }
    std::vector<std::string> policy;
    for (const PolicyScenario& s : plan.scenarios) {
        living.push_back(s.policy.living);
        nursing.push_back(s.policy.nursing);
        for (const auto& level : s.standard) standard.insert(standard.end(), level.begin(), level.end());
        for (const rules::ParameterInfo& p : rules::parameter_table()) policy.push_back(rules::parameter_text(s.policy, p.name));
    }
    sink.variable("population", {"county"}, "census population 2020", "persons", population);
    sink.variable("family_households", {"county"}, "census family households 2020", "households", households);
    sink.variable("standard", {"scenario", "county", "residence"}, "local dibao standard", "fen/person/month", standard);
    sink.variable("living_amount", {"scenario"}, "living subsidy", "fen/person/month", living);
    sink.variable("nursing_amount", {"scenario"}, "nursing subsidy", "fen/person/month", nursing);
    if (std::any_of(plan.scenarios.begin(), plan.scenarios.end(), [](const PolicyScenario& s) { return !s.later.empty(); })) {
        std::vector<std::int64_t> standards, livings, nursings;
        for (const PolicyScenario& s : plan.scenarios) {
            const auto stage = [&](int month) { return stage_of(s, plan.start + month); };
            for (std::size_t c = 0; c < plan.counties.size(); ++c)
                for (std::size_t r = 0; r < residence_count; ++r)
                    for (int m = 0; m < plan.months; ++m) standards.push_back(stage(m) ? stage(m)->standard[c][r] : s.standard[c][r]);
            for (int m = 0; m < plan.months; ++m) {
                const rules::Policy& now = stage(m) ? stage(m)->policy : s.policy;
                livings.push_back(now.living);
                nursings.push_back(now.nursing);
            }
        }
        sink.variable("standard_in_month", {"scenario", "county", "residence", "month"}, "local dibao standard by month", "fen/person/month", standards);
        sink.variable("living_amount_in_month", {"scenario", "month"}, "living subsidy by month", "fen/person/month", livings);
        sink.variable("nursing_amount_in_month", {"scenario", "month"}, "nursing subsidy by month", "fen/person/month", nursings);
    }
    std::vector<std::int64_t> funding;
    for (const PolicyScenario& s : plan.scenarios)
        for (std::size_t p = 0; p < static_cast<std::size_t>(plan.programmes()); ++p) {
            const std::size_t at = p < programme_count ? p : programme_count + static_cast<std::size_t>(plan.modules_on[p - programme_count]);
            const Funding& f = s.funding[at];
            for (const int share : {f.central, f.province, f.prefecture, f.county()}) funding.push_back(share);
        }
    sink.variable("funding_share", {"scenario", "programme", "level"}, "share of a programme that a level pays (assumption A-27)", "1e-4", funding);
    sink.variable("policy_value", {"scenario", "policy_parameter"}, "value of a parameter of the rules", "", policy);
    sink.variable("parameter_value", {"replicate", "parameter"}, "value of an assumption, drawn from its prior", "", shared.parameter);
    sink.variable("parameter_prior", {"parameter"}, "prior of an assumption", "", texts(plan.assumptions, prior_text));
    sink.variable("parameter_evidence", {"parameter"}, "grade of the evidence", "", texts(plan.assumptions, [](const Prior& p) { return p.evidence; }));
    sink.variable("parameter_why", {"parameter"}, "reason or source", "", texts(plan.assumptions, [](const Prior& p) { return p.why; }));
    sink.variable("parameter_why_zh", {"parameter"}, "reason or source, Chinese, if it was given", "", texts(plan.assumptions, [](const Prior& p) { return p.why_zh; }));
    sink.variable("systemic", {"replicate", "factor", "county", "month"}, "systemic factors, standard normal", "1", shared.systemic);
    sink.variable("systemic_mean", {"replicate", "factor"}, "mean of a systemic factor over counties, by their households, and months", "1", shared.systemic_mean);
    sink.variable("county_mean", {"replicate", "factor", "county"}, "mean of a systemic factor over months", "1", shared.county_mean);
    describe_law(sink, shared.law);
    describe_targeting(sink, shared.targeting);
    sink.variable("source_text", {"source"}, "text of the file", "", texts(plan.sources, [](const SourceText& s) { return s.text; }));
    sink.variable("source_sha256", {"source"}, "SHA-256 of the file", "", texts(plan.sources, [](const SourceText& s) { return sha256(s.text); }));
}

}  // namespace doudi
