#include "catch.hpp"
#include "plans.hpp"
#include "simulate/cell.hpp"
#include "simulate/simulate.hpp"
#include "simulate/trace.hpp"

using namespace doudi;

TEST_CASE("the traces of a county's households sum to the county's tally, to the fen", "[trace]") {
    const Plan plan = small_plan({"jilin-2024.toml"}, 3, {220623}, 0.02);
    const Tally tally = simulate_county(plan, shared_draws(plan), 0, 2);
    for (const Residence residence : {Residence::urban, Residence::rural}) {
        std::vector<Fen> sum(static_cast<std::size_t>(programme_count * plan.months), 0);
        const GeneratedCell cell = generate_cell(plan, plan.counties[0], residence, 2);
        for (const Cell& block : cell.blocks)
            for (const Family& family : block.families)
                for (const TracedMonth& m : trace(plan, 0, parse_household(std::to_string(family.id)), 2))
                    for (int p = 0; m.month >= plan.burn_in && p < programme_count; ++p)
                        sum[static_cast<std::size_t>(p * plan.months + m.month - plan.burn_in)] += m.paid[static_cast<std::size_t>(p)];
        Fen all = 0;
        for (int p = 0; p < programme_count; ++p)
            for (int month = 0; month < plan.months; ++month) {
                Fen value = sum[static_cast<std::size_t>(p * plan.months + month)];
                all += value;
                value = value / cell.sampled * cell.units + (2 * (value % cell.sampled) * cell.units + cell.sampled) / (2 * cell.sampled);
                CHECK(tally.cost[tally.pay_index(0, 2, at(residence), p, month)] == value);
            }
        CHECK(all > 0);
    }
}

TEST_CASE("a household id reads as code, residence and index, or as the number of both", "[trace]") {
    const HouseholdId id = parse_household("220402-rural-117");
    CHECK(id.county == 220402);
    CHECK(id.residence == Residence::rural);
    CHECK(id.index == 117);
    const HouseholdId same = parse_household(std::to_string(family_id(220402, Residence::rural, 117)));
    CHECK(same.county == 220402);
    CHECK(same.index == 117);
    CHECK_THROWS_WITH(parse_household("220402-117"), contains("is not a household id"));
    CHECK_THROWS_WITH(trace(small_plan({"jilin-2024.toml"}, 1, {220623}), 0, parse_household("220623-urban-99999999"), 0), contains("there is no household"));
}
