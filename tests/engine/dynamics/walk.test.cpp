#include "catch.hpp"
#include "dynamics/walk.hpp"
#include "plans.hpp"
#include "simulate/cell.hpp"
#include "simulate/shared.hpp"
#include "simulate/simulate.hpp"

#include <array>
#include <cmath>

using namespace doudi;

namespace {

World drawn(const Plan& plan, Residence residence, std::uint32_t r, IncomeCurves& curves) {
    const auto parameter = draw_parameters(plan, r);
    return make_world(plan, plan.counties[0], residence, r, r, parameter, county_factors(plan, plan.counties[0], r, parameter), curves);
}

/// What one family is paid in one replicate, by the fast walk or by the plain loop.
Tally life(const Plan& plan, const Kin& kin, const World& world, std::span<const LocalPolicy> policies, bool every_month) {
    const Calendar calendar = calendar_of(plan);
    const Walker walk(calendar, policies, false, every_month);
    Ledger ledger(1, static_cast<int>(walk.groups().size()), plan.programmes(), plan.months);
    Quiet quiet = walk.quiet(kin);
    walk(kin, quiet, world, ledger);
    Tally tally(static_cast<int>(policies.size()), 1, plan.months, plan.programmes());
    ledger.settle(1, at(world.residence), walk.groups(), walk.uplifts(), subsidy_amounts(policies, calendar), tally);
    return tally;
}

bool same(const Tally& a, const Tally& b) {
    return a.cost == b.cost && a.recipients == b.recipients && a.households == b.households && a.category_households == b.category_households &&
           a.dibao_single == b.dibao_single;
}

bool empty(const Tally& t) {
    return std::all_of(t.cost.begin(), t.cost.end(), [](Fen v) { return v == 0; }) &&
           std::all_of(t.category_households.begin(), t.category_households.end(), [](std::int64_t v) { return v == 0; });
}

}  // namespace

TEST_CASE("every family twice is every cost twice, policy-spec F.5.11", "[dynamics]") {
    const Plan plan = small_plan({"reforms/subsidies-80.toml", "reforms/dibao-plus-5.toml"}, 1, {220602}, 0.02);
    const Calendar calendar = calendar_of(plan);
    const GeneratedCell cell = generate_cell(plan, plan.counties[0], Residence::rural, 2);
    const auto policies = local_policies(plan, 0, Residence::rural);
    IncomeCurves curves;
    const World world = drawn(plan, Residence::rural, 0, curves);
    const Walker walk(calendar, policies, false);
    const auto tally_of = [&](int times) {
        Ledger ledger(1, static_cast<int>(walk.groups().size()), plan.programmes(), plan.months);
        ledger.begin(0);
        for (const Cell& block : cell.blocks)
            for (const Family& family : block.families)
                for (int k = 0; k < times; ++k) {
                    const Kin kin(family, &block.people[family.first], calendar);
                    Quiet quiet = walk.quiet(kin);
                    walk(kin, quiet, world, ledger);
                }
        Tally tally(static_cast<int>(policies.size()), 1, plan.months, plan.programmes());
        ledger.settle(1, at(world.residence), walk.groups(), walk.uplifts(), subsidy_amounts(policies, calendar), tally);
        return tally;
    };
    const Tally once = tally_of(1), twice = tally_of(2);
    REQUIRE(std::any_of(once.cost.begin(), once.cost.end(), [](Fen v) { return v > 0; }));
    for (std::size_t i = 0; i < once.cost.size(); ++i) {
        CHECK(twice.cost[i] == 2 * once.cost[i]);
        CHECK(twice.recipients[i] == 2 * once.recipients[i]);
    }
}

TEST_CASE("family by family the fast walk pays what the plain loop pays, and the sieve leaves out nobody who is paid", "[dynamics][oracle]") {
    const auto settings = GENERATE(std::vector<std::string>{}, std::vector<std::string>{"hazard.death_60plus=0.04", "hazard.disability=0.01", "policy.nursing_im3=true"},
                                   std::vector<std::string>{"hazard.illness=0.01", "illness.monthly_cost_yuan=700", "spending.essential_share=0.45", "temporary.topup_lag_months=7"},
                                   std::vector<std::string>{"run.months=30", "uprating.dibao_standard=[1.06, 1.02]", "growth.family_shock_sd=0.3", "growth.income_county_year_sd=0.1"},
                                   std::vector<std::string>{"hazard.disaster_county_month=0.1", "disaster.share_hit=0.2", "policy.living_scope=dibao_edge"});
    CAPTURE(settings);
    const Plan plan = small_plan({"reforms/subsidies-80.toml", "reforms/subsidies-85.toml", "reforms/dibao-plus-5.toml"}, 4, {220602}, 0.02, settings);
    const Calendar calendar = calendar_of(plan);
    int paid = 0, left_out = 0;
    for (const Residence residence : {Residence::urban, Residence::rural}) {
        const GeneratedCell cell = generate_cell(plan, plan.counties[0], residence, 2);
        const auto policies = local_policies(plan, 0, residence);
        std::vector<World> worlds;
        IncomeCurves curves;
        for (std::uint32_t r = 0; r < 4; ++r) worlds.push_back(drawn(plan, residence, r, curves));
        const Sieve sieve(worlds, Walker(calendar, policies, false).bounds(worlds));
        for (const Cell& block : cell.blocks)
            for (const Family& family : block.families) {
                const Kin kin(family, &block.people[family.first], calendar);
                Sieve::Kept kept;
                sieve(kin, 0, kept);
                for (const World& world : worlds) {
                    CAPTURE(family.id, world.replicate);
                    for (const Stream stream : streams)
                        if ((kept.could[at(stream)][0] >> world.replicate & 1u) != 0)
                            REQUIRE(kept.gap[at(stream)][world.replicate] == first_gap(stream, plan.seed, world.replicate, family.id));
                    const Tally plain = life(plan, kin, world, policies, true);
                    const bool is_kept = (kept.bits[0] >> world.replicate & 1u) != 0;
                    if (!empty(plain)) ++paid;
                    if (!is_kept) ++left_out;
                    if (!is_kept && !empty(plain)) FAIL("the sieve left out a family that is paid");
                    if (!same(plain, life(plan, kin, world, policies, false))) FAIL("the fast walk pays something else");
                }
            }
    }
    CHECK(paid > 500);
    CHECK(left_out > 100);
}

TEST_CASE("what an office says today is what the law says of the family with all its twelve months", "[dynamics][oracle]") {
    const Plan plan = small_plan({"jilin-2024.toml"}, 2, {220602}, 0.02, {"illness.prevalence=0.1", "hazard.illness=0.01", "spending.essential_share=0.5", "tekun.share_of_60plus_rural=0.1"});
    const Calendar calendar = calendar_of(plan);
    int rigid = 0, over_the_mean = 0, decided = 0;
    for (const Residence residence : {Residence::urban, Residence::rural}) {
        const GeneratedCell cell = generate_cell(plan, plan.counties[0], residence, 2);
        std::vector<LocalPolicy> policies(3, local_policies(plan, 0, residence)[0]);
        policies[1].policy.work_deduction_bp = 3000;
        policies[2].policy.rigid_share_pct = 50;
        const Walker walk(calendar, policies, false, true, [&](int, std::size_t group, const Home& home, const Office& office) {
            const LocalPolicy& policy = policies[group];
            Entitlement law;
            entitle(office.seen(home), policy, law);
            ++decided;
            rigid += law.category == Category::rigid;
            over_the_mean += law.annual_income >= law.core_size * policy.standards.pcdi;
            if (!(law == office.today())) FAIL("the office says something else");
        });
        IncomeCurves curves;
        Ledger ledger(1, 3, plan.programmes(), plan.months);
        for (std::uint32_t r = 0; r < 2; ++r) {
            const World world = drawn(plan, residence, r, curves);
            for (const Cell& block : cell.blocks)
                for (const Family& family : block.families) {
                    const Kin kin(family, &block.people[family.first], calendar);
                    Quiet quiet = walk.quiet(kin);
                    CAPTURE(family.id, r);
                    walk(kin, quiet, world, ledger);
                }
        }
    }
    CHECK(decided > 100000);
    CHECK(rigid > 100);
    CHECK(over_the_mean > 1000);
}

TEST_CASE("under many standards side by side a family is paid what the plain loop pays it under each", "[dynamics][oracle]") {
    const auto settings = GENERATE(std::vector<std::string>{"hazard.job_loss_urban=0.06", "hazard.job_loss_rural=0.06", "hazard.reemployment=0.3"},
                                   std::vector<std::string>{"illness.prevalence=0.1", "hazard.illness=0.01", "spending.essential_share=0.45"},
                                   std::vector<std::string>{"disability.certified_prevalence=0.15", "tekun.share_of_60plus_rural=0.2", "hazard.death_60plus=0.03"},
                                   std::vector<std::string>{"run.months=30", "uprating.dibao_standard=[1.06, 1.02]", "hazard.job_loss_rural=0.06"});
    const bool told_by_person = GENERATE(true, false);  // what a standard gives more: see Uplift
    CAPTURE(settings, told_by_person);
    const Plan plan = small_plan({"jilin-2024.toml"}, 3, {220602}, 0.01, settings);
    const Calendar calendar = calendar_of(plan);
    int paid = 0;
    std::vector<int> differs(9);
    for (const Residence residence : {Residence::urban, Residence::rural}) {
        const GeneratedCell cell = generate_cell(plan, plan.counties[0], residence, 2);
        const LocalPolicy base = local_policies(plan, 0, residence)[0];
        std::vector<LocalPolicy> policies(differs.size(), base);
        const auto raise = [](LocalPolicy& policy, int percent) {
            const auto one = [&](LocalPolicy& p) {
                p.standards.guidance = 0;
                p.standards.dibao = p.standards.dibao * (100 + percent) / 100;
            };
            one(policy);
            for (LocalPolicy& later : policy.later) one(later);
        };
        for (std::size_t g = 1; g < policies.size(); ++g) raise(policies[g], std::array{0, 1, 5, 30, -10, 5, 7, 5, 5}[g]);
        policies[5].take_up_factor = 0.8;
        policies[6].dibao_min_payment = 60'00;
        policies[6].standards.dibao_prev = policies[6].standards.dibao_prev * 2;
        policies[7].policy.edge_mult_pct = 150;
        policies[8].standards.pcdi = policies[8].standards.pcdi * 9 / 10;
        for (LocalPolicy& p : policies) {
            if (told_by_person) {
                p.policy.supp_bp = {1777, 911, 911, 1777};
                if (plan.months > 12) p.policy.single_benefit = rules::Policy::SingleBenefit::full;
                continue;
            }
            p.policy.supp_combine = rules::Policy::SuppCombine::sum;
            p.policy.supp_bp = {1777, 1333, 911, 1019};
            p.policy.single_benefit = rules::Policy::SingleBenefit::floor60;
            p.policy.gradual_profile_pct = {100, 70};
        }
        IncomeCurves curves;
        for (std::uint32_t r = 0; r < 3; ++r) {
            const World world = drawn(plan, residence, r, curves);
            for (const Cell& block : cell.blocks)
                for (const Family& family : block.families) {
                    const Kin kin(family, &block.people[family.first], calendar);
                    CAPTURE(family.id, r);
                    const Tally plain = life(plan, kin, world, policies, true);
                    if (!same(plain, life(plan, kin, world, policies, false))) FAIL("the fast walk pays something else");
                    if (empty(plain)) continue;
                    ++paid;
                    const std::size_t all = plain.cost.size() / policies.size();
                    for (std::size_t g = 1; g < policies.size(); ++g) {
                        const auto of = [&](std::size_t s) { return plain.cost.begin() + static_cast<std::ptrdiff_t>(s * all); };
                        differs[g] += !std::equal(of(0), of(1), of(g));
                    }
                }
        }
    }
    CHECK(paid > 200);
    for (std::size_t g = 1; g < differs.size(); ++g) CHECK(differs[g] > 10);
}

TEST_CASE("in many replicates at once a family is paid what it is paid in each of them alone", "[dynamics][oracle]") {
    const auto settings = GENERATE(std::vector<std::string>{}, std::vector<std::string>{"hazard.disaster_county_month=0.1", "disaster.share_hit=0.2", "policy.work_deduction_bp=500"},
                                   std::vector<std::string>{"illness.prevalence=0.1", "disability.certified_prevalence=0.15", "tekun.share_of_60plus_rural=0.2"});
    CAPTURE(settings);
    constexpr int replicates = 70;  // more than a row of 64
    const Plan plan = small_plan({"reforms/subsidies-80.toml", "reforms/dibao-plus-5.toml"}, replicates, {220602}, 0.02, settings);
    const Calendar calendar = calendar_of(plan);
    Tally together(2, replicates, plan.months, plan.programmes()), alone = together;
    int quiet_ones = 0, large = 0;
    for (const Residence residence : {Residence::urban, Residence::rural}) {
        const GeneratedCell cell = generate_cell(plan, plan.counties[0], residence, 2);
        const auto policies = local_policies(plan, 0, residence);
        std::vector<World> worlds;
        IncomeCurves curves;
        for (int r = 0; r < replicates; ++r) {
            const auto luck = static_cast<std::uint32_t>(r);
            auto parameter = draw_parameters(plan, luck);
            // So that in some replicates, and not in others, a member is disabled, ill, at work or draws a pension.
            for (const Assumption a : {Assumption::disability_prevalence, Assumption::illness_prevalence, Assumption::employed_urban, Assumption::employed_rural,
                                       Assumption::disability_severe, Assumption::pension_urban, Assumption::pension_rural, Assumption::tekun_rural, Assumption::school_secondary})
                parameter[static_cast<std::size_t>(a)] *= 0.6 + 0.4 * static_cast<double>((r * 29) % replicates) / replicates;
            worlds.push_back(make_world(plan, plan.counties[0], residence, luck, luck, parameter, county_factors(plan, plan.counties[0], luck, parameter), curves));
            worlds.back().slot = r;
        }
        const Walker walk(calendar, policies, false);
        const Sieve sieve(worlds, walk.bounds(worlds));
        Ledger ledger(Columns::block, static_cast<int>(walk.groups().size()), plan.programmes(), plan.months);
        for (const Cell& block : cell.blocks)
            for (const Family& family : block.families) {
                const Kin kin(family, &block.people[family.first], calendar);
                Quiet quiet = walk.quiet(kin);
                Sieve::Kept kept;
                sieve(kin, 0, kept);
                walk(kin, quiet, worlds, sieve.columns(), walk.claims(worlds), 0, kept, ledger);
                for (auto* values : {&together.cost, &together.recipients, &together.households, &together.category_households, &together.dibao_single})
                    std::fill(values->begin(), values->end(), 0);
                ledger.settle(replicates, at(residence), walk.groups(), walk.uplifts(), subsidy_amounts(policies, calendar), together);
                for (int r = 0; r < replicates; ++r) {
                    World world = worlds[static_cast<std::size_t>(r)];
                    world.slot = 0;
                    alone.place(life(plan, kin, world, policies, false), {r});
                    const auto half = static_cast<std::size_t>(r) / 64;
                    quiet_ones += (kept.bits[half] & kept.comes[half] & ~kept.befalls()[half] & 1ull << (r % 64)) != 0;
                }
                large += family.size > 4;
                CAPTURE(family.id);
                if (!same(together, alone)) FAIL("the block pays something else");
            }
    }
    CHECK(quiet_ones > 1000);
    CHECK(large > 5);
}

TEST_CASE("acute assistance is drawn as early as the slowest policy may still pay a top-up, so the first months cost what the last ones do", "[dynamics]") {
    Plan plan = small_plan({"reforms/subsidies-80.toml", "reforms/subsidies-85.toml"}, 40, {220602}, 0.5, {"hazard.disaster_county_month=0", "hazard.death_60plus=0"});
    CHECK(calendar_of(plan).acute_from == 11);
    plan.scenarios[1].temp_topup_lag = 12;
    CHECK(calendar_of(plan).acute_from == 0);
    plan.scenarios[1].temp_topup_lag = 7;
    CHECK(calendar_of(plan).acute_from == 5);
    const Tally tally = simulate_county(plan, shared_draws(plan), 0, 2);
    for (int s = 0; s < 2; ++s) {
        double sum = 0, squares = 0, all = 0;
        for (int r = 0; r < plan.replicates; ++r) {
            double first_less_last = 0;
            for (int residence = 0; residence < residence_count; ++residence)
                for (int m = 0; m < 3; ++m) {
                    const auto cost = [&](int month) { return static_cast<double>(tally.cost[tally.pay_index(s, r, residence, at(Programme::temporary), month)]); };
                    first_less_last += cost(m) - cost(plan.months - 1 - m);
                    all += cost(m);
                }
            sum += first_less_last;
            squares += first_less_last * first_less_last;
        }
        const double n = plan.replicates, mean = sum / n, error = std::sqrt((squares / n - mean * mean) / (n - 1));
        CAPTURE(s, mean, error, all / n);
        CHECK(std::abs(mean) < 4 * error);
        CHECK(error < 0.05 * all / n);  // top-ups left out would show
    }
}
