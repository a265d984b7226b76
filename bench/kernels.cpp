// Kernels: draws, decisions, the sieve, synthesis of a county, the walk against the plain monthly loop, writing.
#include "random/math.hpp"
#include "random/philox.hpp"
#include "dynamics/walk.hpp"
#include "rules/decision.hpp"
#include "scenario/load.hpp"
#include "simulate/cell.hpp"
#include "simulate/shared.hpp"
#include "simulate/simulate.hpp"
#include "simulate/snapshot.hpp"
#include "storage/result_writer.hpp"

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <numeric>
#include <unistd.h>

using namespace doudi;

namespace {

Plan plan_of(int replicates, double share, std::vector<const char*> names, int county = 220182) {
    Overrides o;
    o.replicates = replicates;
    o.counties = {county};
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

/// The rules alone on simulated families in memory, the static month of bench/peers.py: which says the county and the share,
/// and holds the sum of the answers against `doudi assess`.
void assess_households(benchmark::State& state) {
    const auto given = [](const char* name, const char* otherwise) { return std::getenv(name) ? std::getenv(name) : otherwise; };
    const Plan plan = plan_of(1, std::atof(given("DOUDI_BENCH_SHARE", "0.02")), {"jilin-2024.toml"}, std::atoi(given("DOUDI_BENCH_COUNTY", "220182")));
    struct Kept { rules::Household household; std::vector<rules::Member> members; Residence residence; };
    std::vector<Kept> families;
    for (const Residence r : {Residence::urban, Residence::rural})
        snapshot(plan, 0, r, 0, 0, 1, [&](std::string&, const Family&, const rules::Household& h) { families.push_back({h, {h.members.begin(), h.members.end()}, r}); });
    for (Kept& f : families) f.household.members = f.members;
    const std::array local{local_policies(plan, 0, Residence::urban)[0], local_policies(plan, 0, Residence::rural)[0]};
    Fen total = 0;
    for (auto _ : state) {
        total = 0;
        for (const Kept& f : families) {
            const LocalPolicy& l = local[static_cast<std::size_t>(f.residence)];
            const auto pay = rules::decide(f.household, l.standards, l.policy).pay;
            total += std::accumulate(pay.by_programme.begin(), pay.by_programme.end(), Fen{0});
        }
        benchmark::DoNotOptimize(total);
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(families.size()));
    state.counters["households"] = static_cast<double>(families.size());
    state.counters["fen"] = static_cast<double>(total);
}
BENCHMARK(assess_households)->Unit(benchmark::kMillisecond);

/// Families times replicates a second that the sieve looks at, for a block of replicates.
void sieve(benchmark::State& state) {
    const Plan plan = plan_of(Sieve::block, 0.02, {"reforms/subsidies-80.toml", "reforms/dibao-plus-5.toml"});
    const Calendar calendar = calendar_of(plan);
    const GeneratedCell cell = generate_cell(plan, plan.counties[0], Residence::rural, 1);
    std::vector<World> worlds;
    IncomeCurves curves;
    for (std::uint32_t r = 0; r < Sieve::block; ++r) {
        const auto parameter = draw_parameters(plan, r);
        worlds.push_back(make_world(plan, plan.counties[0], Residence::rural, r, r, parameter, county_factors(plan, plan.counties[0], r, parameter), curves));
        worlds.back().slot = static_cast<int>(r);
    }
    const auto policies = local_policies(plan, 0, Residence::rural);
    const Walker walker(calendar, policies, false);
    const Sieve look(worlds, walker.bounds(worlds));
    Sieve::Kept kept;
    for (auto _ : state)
        for (const Cell& block : cell.blocks)
            for (const Family& family : block.families) {
                look(Kin(family, &block.people[family.first], calendar), 0, kept);
                benchmark::DoNotOptimize(kept);
            }
    state.SetItemsProcessed(state.iterations() * cell.sampled * Sieve::block);
}
BENCHMARK(sieve)->Unit(benchmark::kMillisecond);

/// One county of 2 scenarios and 200 replicates into a results file, to the rename.
void write_county(benchmark::State& state) {
    const Plan plan = plan_of(200, 0.02, {"reforms/subsidies-80.toml", "reforms/subsidies-85.toml"});
    const SharedDraws shared = shared_draws(plan);
    const Tally tally = simulate_county(plan, shared, 0, 0);
    const auto path = std::filesystem::temp_directory_path() / ("doudi-bench-" + std::to_string(::getpid()) + ".h5");
    for (auto _ : state) {
        ResultWriter writer(plan, shared, {"bench", "", "", false});
        writer.add(0, tally);
        writer.publish(path);
    }
    state.counters["file_bytes"] = static_cast<double>(std::filesystem::file_size(path));
    std::filesystem::remove(path);
}
BENCHMARK(write_county)->Unit(benchmark::kMillisecond);

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
