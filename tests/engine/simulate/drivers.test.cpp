#include "catch.hpp"
#include "plans.hpp"

#include "base/error.hpp"
#include "simulate/drivers.hpp"
#include "simulate/shared.hpp"

#include <numeric>

using namespace doudi;

namespace {
Plan two_amounts(int rows = 2) { return small_plan({"reforms/subsidies-80.toml", "reforms/subsidies-85.toml"}, rows, {222402}, 0.1); }
}  // namespace

TEST_CASE("every uncertain parameter is in one group, and the layers follow", "[drivers]") {
    const Plan plan = two_amounts();
    for (const auto& groups : {groups_by_prefix(plan, 4), groups_by_parameter(plan, 4), groups_by_table(plan, 4, {{"survey", "take_up"}, {"survey", "income.level"}})}) {
        std::vector<std::size_t> seen;
        for (const DriverGroup& g : groups) seen.insert(seen.end(), g.parameters.begin(), g.parameters.end());
        std::sort(seen.begin(), seen.end());
        CHECK(std::adjacent_find(seen.begin(), seen.end()) == seen.end());
        CHECK(seen.size() > 40);
        CHECK(groups.back().layer == DriverGroup::Layer::population);
    }
    CHECK(groups_by_prefix(plan, 1).back().layer == DriverGroup::Layer::luck);
    CHECK_THROWS_WITH(groups_by_table(plan, 1, {{"a", "take_upp"}}), contains("take_up"));
    CHECK_THROWS_WITH(groups_by_table(plan, 1, {{"a", "take_up"}, {"b", "take_up.dibao_urban"}}), contains("\"a\" and \"b\""));
}

TEST_CASE("row j of A is replicate j, and a design does not depend on threads", "[drivers][parallel]") {
    Plan plan = small_plan({"reforms/subsidies-80.toml", "reforms/subsidies-85.toml"}, 2, {222402}, 0.6);
    plan.joint = {};  // each belief for itself: in the posterior one moves with the draws of others
    const DriversDesign design{2, 1, groups_by_prefix(plan, 1)};
    const DriversResult a = simulate_drivers(plan, design, 1), b = simulate_drivers(plan, design, 5);
    CHECK(a.cost == b.cost);
    const Tally tally = simulate_county(plan, shared_draws(plan), 0, 2);
    for (std::size_t row = 0; row < 2; ++row) {
        Fen cost = 0;
        for (int x = 0; x < 2; ++x)
            for (int p = 0; p < tally.programmes; ++p)
                for (int m = 0; m < tally.months; ++m) cost += tally.cost[tally.pay_index(1, static_cast<int>(row), x, p, m)];
        CHECK(a.series(1, false, 0)[row] == static_cast<double>(cost));
    }
    // Who is found by the office matters for dibao, and not at all for what 5 yuan more of nursing subsidy cost.
    const auto found = std::find_if(design.groups.begin(), design.groups.end(), [](const DriverGroup& g) { return g.name == "detection"; });
    const auto detection = static_cast<std::size_t>(found - design.groups.begin());
    CHECK(a.indices(1, true, DriversResult::all, at(Programme::nursing_subsidy)).group[detection].total == 0);
    CHECK(a.indices(1, true, DriversResult::all, at(Programme::nursing_subsidy)).variance > 0);
    CHECK(a.indices(1, false, DriversResult::all, at(Programme::dibao)).group[detection].total > 0);
}

TEST_CASE("replicates go round the populations, each the same as alone", "[drivers]") {
    Plan plan = small_plan({"jilin-2024.toml"}, 4, {220623}, 0.2);
    const Tally one = simulate_county(plan, shared_draws(plan), 0, 2);
    plan.population_draws = 2;
    const Tally two = simulate_county(plan, shared_draws(plan), 0, 2);
    const auto block = static_cast<std::ptrdiff_t>(one.cost.size() / 4);
    for (std::ptrdiff_t r = 0; r < 4; ++r)
        CHECK(std::equal(one.cost.begin() + r * block, one.cost.begin() + (r + 1) * block, two.cost.begin() + r * block) == (r % 2 == 0));
}
