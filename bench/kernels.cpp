// Kernels: draws, one decision, synthesis of a county, the walk against the plain monthly loop.
#include "random/math.hpp"
#include "random/philox.hpp"
#include "rules/decision.hpp"
#include "scenario/load.hpp"
#include "simulate/cell.hpp"
#include "simulate/simulate.hpp"

#include <benchmark/benchmark.h>

#include <filesystem>

using namespace doudi;

namespace {

Plan plan_of(int replicates, double share, std::vector<const char*> names) {
    Overrides o;
    o.replicates = replicates;
    o.counties = {220182};
    o.sample_share = share;
    std::vector<std::filesystem::path> files;
    for (const char* name : names) files.push_back(std::filesystem::path(DOUDI_SOURCE_DIR) / "scenarios" / name);
    return load_plan(files, o);
}

void draw_block(benchmark::State& state) {
    const Draws luck(1, Purpose::shock, 2, 3);
    std::uint32_t k = 0;
    for (auto _ : state) benchmark::DoNotOptimize(luck.block(k++));
}
BENCHMARK(draw_block);

void normal(benchmark::State& state) {
    std::uint32_t k = 1;
    for (auto _ : state) benchmark::DoNotOptimize(inverse_normal(unit(k += 2654435761u)));
}
BENCHMARK(normal);

void decide_family(benchmark::State& state) {
    std::vector<rules::Member> members(3);
    members[0].monthly_income = 500'00;
    members[1].disability_grade = 2;
    members[2].age = 8;
    rules::Household h{.members = members, .income_12m = 6000'00, .assets_ok = true, .prior = {}, .event = {}};
    const rules::Standards s{.dibao = 660'00, .dibao_prev = 660'00, .urban = 660'00, .guidance = 660'00, .min_wage_prev = 1760'00, .pcdi = 37503'00};
    const rules::Policy policy;
    for (auto _ : state) {
        members[0].monthly_income ^= 1;
        benchmark::DoNotOptimize(rules::decide(h, s, policy).pay);
    }
}
BENCHMARK(decide_family);

void synthesise(benchmark::State& state) {
    const Plan plan = plan_of(1, 1.0, {"jilin-2024.toml"});
    std::int64_t families = 0;
    for (auto _ : state) families += generate_cell(plan, plan.counties[0], Residence::rural, 1).sampled;
    state.SetItemsProcessed(families);
}
BENCHMARK(synthesise)->Unit(benchmark::kMillisecond);

/// Household-months a second on one thread; each replicate once, whatever the number of scenarios.
void walk(benchmark::State& state, bool every_month, int scenarios) {
    std::vector<const char*> names{"reforms/subsidies-80.toml"};
    for (int s = 1; s < scenarios; ++s) names.push_back(s % 2 == 1 ? "reforms/subsidies-85.toml" : "reforms/dibao-plus-5.toml");
    const Plan plan = plan_of(every_month ? 4 : 40, 0.1, names);
    const SharedDraws shared = shared_draws(plan);
    for (auto _ : state) benchmark::DoNotOptimize(simulate_county(plan, shared, 0, 1, nullptr, every_month));
    const double households = 0.1 * static_cast<double>(plan.counties[0].households);
    state.counters["household_months_per_s"] =
        benchmark::Counter(households * plan.months * plan.replicates * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK_CAPTURE(walk, plain_monthly_loop, true, 2)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(walk, event_driven_1_scenario, false, 1)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(walk, event_driven_2_scenarios, false, 2)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(walk, event_driven_5_scenarios, false, 5)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(walk, event_driven_10_scenarios, false, 10)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
