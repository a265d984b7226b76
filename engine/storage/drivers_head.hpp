#pragma once
#include "simulate/drivers.hpp"
#include "storage/result_head.hpp"

namespace doudi {

/// Everything a drivers file says: the design, what each run cost, and the indices by quantity, place and programme. File
/// and Python dataset are made from this one list; `sink` as for describe_result.
template <class Sink>
void describe_drivers(Sink& sink, const Plan& plan, const DriversResult& r, const Program& program) {
    const std::size_t S = r.scenarios, C = r.counties, P = r.programmes, all = DriversResult::all;
    sink.attribute("Conventions", "doudi-drivers-1");
    sink.attribute("program", "doudi " + program.version);
    sink.attribute("git_hash", program.git_hash);
    sink.attribute("seed", static_cast<std::int64_t>(plan.seed));
    sink.attribute("rows", std::int64_t{r.design.rows});
    sink.attribute("population_draws", std::int64_t{r.design.populations});
    sink.attribute("sample_share", plan.sample_share);
    sink.attribute("plan_sha256", sha256(plan_text(plan)));
    std::vector<std::string> scenarios, titles, quantities, places{"province"}, programmes, items, groups, members, runs{"A", "B"};
    std::vector<std::int32_t> codes, rows;
    for (const PolicyScenario& s : plan.scenarios) {
        scenarios.push_back(s.name);
        titles.push_back(s.title);
        quantities.push_back(s.name);
    }
    for (std::size_t s = 1; s < S; ++s) quantities.push_back("difference: " + scenarios[s]);
    std::vector<std::string> names_zh{"全省"};
    for (const County& c : plan.counties) {
        codes.push_back(c.code);
        places.push_back(std::to_string(c.code));
        names_zh.push_back(c.name_zh);
    }
    for (std::size_t p = 0; p < P; ++p)
        programmes.emplace_back(p < programme_count ? programme_labels[p] : rules::module_table[static_cast<std::size_t>(plan.modules_on[p - programme_count])].name);
    items = programmes;
    items.push_back("total");
    for (const DriverGroup& g : r.design.groups) {
        groups.push_back(g.name);
        runs.push_back("A with B's " + g.name);
        std::string list;
        for (const std::size_t i : g.parameters) list += (list.empty() ? "" : ", ") + std::string(assumption_table[i].name);
        members.push_back(list);
    }
    for (int j = 0; j < r.design.rows; ++j) rows.push_back(j);
    sink.dimension("scenario", "policy scenario; the first is the baseline", scenarios);
    sink.dimension("run", "run of the pick-freeze design", runs);
    sink.dimension("row", "row of the design", rows);
    sink.dimension("county", "county code", codes);
    sink.dimension("programme", "paying programme", programmes);
    sink.dimension("quantity", "cost of a scenario, or paired difference from the baseline", quantities);
    sink.dimension("place", "the province, or a county code", places);
    sink.dimension("item", "a programme, or all of them", items);
    sink.dimension("group", "group of inputs: parameters by name, and the other layers", groups);
    sink.variable("scenario_title", {"scenario"}, "title of the scenario", "", titles);
    sink.variable("place_zh", {"place"}, "place, Chinese", "", names_zh);
    sink.variable("group_parameters", {"group"}, "parameters of the group", "", members);
    sink.variable("cost", {"scenario", "run", "row", "county", "programme"}, "cost of the period", "fen", r.cost);
    std::vector<double> mean, variance, first, first_error, total, total_error;
    for (std::size_t q = 0; q < quantities.size(); ++q)
        for (std::size_t c = 0; c <= C; ++c)
            for (std::size_t p = 0; p <= P; ++p) {
                const SobolIndices s = r.indices(q < S ? q : q - S + 1, q >= S, c == 0 ? all : c - 1, p == P ? all : p);
                mean.push_back(s.mean);
                variance.push_back(s.variance);
                for (const SobolIndex& i : s.group) {
                    first.push_back(i.first);
                    first_error.push_back(i.first_error);
                    total.push_back(i.total);
                    total_error.push_back(i.total_error);
                }
            }
    const std::vector<std::string> cell{"quantity", "place", "item"}, by_group{"quantity", "place", "item", "group"};
    sink.variable("mean", cell, "mean over the rows of A and B", "fen", mean);
    sink.variable("variance", cell, "variance over the rows of A and B", "fen^2", variance);
    sink.variable("first_order", by_group, "share of the variance that a group brings by itself", "1", first);
    sink.variable("first_order_error", by_group, "its standard error", "1", first_error);
    sink.variable("total_order", by_group, "share of the variance that a group brings with all its interactions", "1", total);
    sink.variable("total_order_error", by_group, "its standard error", "1", total_error);
}

}  // namespace doudi
