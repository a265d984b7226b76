#include "catch.hpp"
#include "plans.hpp"
#include "random/philox.hpp"
#include "simulate/simulate.hpp"

#include <fmt/format.h>

#include <numeric>

using namespace doudi;

namespace {

Tally simulate(const Plan& plan, int threads = 2, bool every_month = false) {
    const SharedDraws shared = shared_draws(plan);
    Tally sum = simulate_county(plan, shared, 0, threads, nullptr, every_month);
    for (std::size_t c = 1; c < plan.counties.size(); ++c) {
        const Tally other = simulate_county(plan, shared, c, threads, nullptr, every_month);
        for (int r = 0; r < plan.replicates; ++r) sum.add(other, r);
    }
    return sum;
}

void check_same(const Tally& a, const Tally& b) {
    CHECK(a.cost == b.cost);
    CHECK(a.recipients == b.recipients);
    CHECK(a.households == b.households);
    CHECK(a.category_households == b.category_households);
    CHECK(a.dibao_single == b.dibao_single);
}

std::int64_t sum_of(const Tally& t, const std::vector<std::int64_t>& cube, int scenario, Programme p) {
    std::int64_t sum = 0;
    for (int r = 0; r < t.replicates; ++r)
        for (int x = 0; x < 2; ++x)
            for (int m = 0; m < t.months; ++m) sum += cube[t.pay_index(scenario, r, x, at(p), m)];
    return sum;
}

}  // namespace

TEST_CASE("1, 2 and 7 threads give the same tallies", "[invariants][parallel]") {
    const Plan plan = small_plan({"reforms/subsidies-80.toml", "reforms/dibao-plus-5.toml"}, 4, {222402, 220623});
    const Tally one = simulate(plan, 1);
    REQUIRE(std::accumulate(one.cost.begin(), one.cost.end(), Fen{0}) > 0);
    check_same(one, simulate(plan, 2));
    check_same(one, simulate(plan, 7));
}

TEST_CASE("walking from event to event gives the tallies of the plain monthly loop", "[invariants][oracle]") {
    const auto settings = GENERATE(std::vector<std::string>{}, std::vector<std::string>{"policy.income_basis=trailing12"},
                                   std::vector<std::string>{"policy.work_deduction_bp=3000", "policy.birthday_effective=next_month"},
                                   std::vector<std::string>{"spending.essential_share=0.55", "hazard.illness=0.004", "hazard.job_loss_rural=0.03"},
                                   std::vector<std::string>{"hazard.disaster_county_month=0.3", "disaster.share_hit=0.2", "policy.gradual_months=3"},
                                   std::vector<std::string>{"hazard.death_60plus=0.04", "hazard.disability=0.01", "policy.nursing_im3=true"});
    const Plan plan = small_plan({"reforms/subsidies-80.toml", "reforms/dibao-plus-5.toml", "reforms/monitoring.toml"}, 6, {222402, 220602}, 0.15, settings);
    CAPTURE(settings);
    check_same(simulate(plan), simulate(plan, 2, true));
}

namespace {

/// Settings drawn for scenario number `k`: half a dozen rules and beliefs, anywhere in a range wider than anyone would set.
std::vector<std::string> random_settings(std::uint32_t k) {
    const Draws luck(97, Purpose::calibration, k, 0);
    std::uint32_t draw = 0;
    const auto between = [&](double low, double high) { return low + (high - low) * unit(luck.bits(draw++)); };
    const auto one_of = [&](std::vector<const char*> words) { return words[luck.bits(draw++) % words.size()]; };
    std::vector<std::string> all{
        fmt::format("policy.edge_mult_pct={}", static_cast<int>(between(120, 250))),
        fmt::format("policy.rigid_share_pct={}", static_cast<int>(between(20, 80))),
        fmt::format("policy.work_deduction_bp={}", static_cast<int>(between(0, 4000))),
        fmt::format("policy.gradual_months={}", static_cast<int>(between(0, 12))),
        fmt::format("policy.income_basis={}", one_of({"current", "trailing12"})),
        fmt::format("policy.single_benefit={}", one_of({"own_gap", "full", "floor60"})),
        fmt::format("policy.birthday_effective={}", one_of({"month_of", "next_month"})),
        fmt::format("policy.living_scope={}", one_of({"dibao", "dibao_edge"})),
        fmt::format("policy.supp_combine={}", one_of({"max", "sum"})),
        fmt::format("hazard.job_loss_rural={:.4f}", between(0, 0.05)),
        fmt::format("hazard.illness={:.5f}", between(0, 0.01)),
        fmt::format("hazard.disability={:.5f}", between(0, 0.005)),
        fmt::format("hazard.death_60plus={:.4f}", between(0, 0.04)),
        fmt::format("hazard.disaster_county_month={:.3f}", between(0, 0.3)),
        fmt::format("spending.essential_share={:.3f}", between(0.05, 0.6)),
        fmt::format("illness.prevalence={:.4f}", between(0, 0.1)),
        fmt::format("disability.certified_prevalence={:.4f}", between(0, 0.1)),
        fmt::format("assets.pass_share_other_rural={:.3f}", between(0.05, 0.9)),
        fmt::format("take_up.dibao_rural={:.3f}", between(0.1, 1.0)),
        fmt::format("school.tertiary_share={:.3f}", between(0, 1)),
    };
    std::vector<std::string> chosen;
    for (std::string& setting : all)
        if (luck.bits(draw++) % 3 == 0) chosen.push_back(std::move(setting));
    return chosen;
}

}  // namespace

TEST_CASE("on random scenarios the fast walk gives the plain loop's tallies, cell by cell", "[invariants][oracle]") {
    const auto k = GENERATE(range(0u, 16u));
    const auto settings = random_settings(k);
    CAPTURE(k, settings);
    const Plan plan = small_plan({"reforms/subsidies-80.toml", "reforms/subsidies-85.toml", "reforms/dibao-plus-5.toml"}, 3, {222402, 220602}, 0.08, settings);
    check_same(simulate(plan), simulate(plan, 2, true));
}

TEST_CASE("random scenarios by the hundred are the plain loop's", "[.][soak][oracle]") {
    for (std::uint32_t k = 16; k < 216; ++k) {
        const auto settings = random_settings(k);
        CAPTURE(k, settings);
        const Plan plan = small_plan({"reforms/subsidies-80.toml", "reforms/dibao-plus-5.toml", "reforms/monitoring.toml"}, 3, {222402, 220602}, 0.1, settings);
        check_same(simulate(plan), simulate(plan, 2, true));
    }
}

TEST_CASE("a whole county in twelve replicates is the plain loop's, cell by cell", "[.][soak][oracle]") {
    const int county = GENERATE(220102, 220182);
    const Plan plan = small_plan({"reforms/subsidies-80.toml", "reforms/dibao-plus-5.toml"}, 12, {county});
    check_same(simulate(plan), simulate(plan, 2, true));
}

TEST_CASE("a subset of counties gives the same numbers for those counties as a larger set", "[invariants]") {
    const Plan two = small_plan({"jilin-2024.toml"}, 3, {220623, 222402}), one = small_plan({"jilin-2024.toml"}, 3, {222402});
    check_same(simulate_county(two, shared_draws(two), 1, 2), simulate_county(one, shared_draws(one), 0, 2));
}

TEST_CASE("more replicates leave the first ones as they were", "[invariants]") {
    const Plan few = small_plan({"jilin-2024.toml"}, 3, {222402}, 0.3), many = small_plan({"jilin-2024.toml"}, 9, {222402}, 0.3);
    const Tally a = simulate(few), b = simulate(many);
    for (int r = 0; r < 3; ++r)
        for (int x = 0; x < 2; ++x)
            for (int p = 0; p < programme_count; ++p)
                for (int m = 0; m < 12; ++m) CHECK(a.cost[a.pay_index(0, r, x, p, m)] == b.cost[b.pay_index(0, r, x, p, m)]);
}

TEST_CASE("a null reform is zero in every cell", "[invariants]") {
    const Plan plan = small_plan({"jilin-2024.toml", "reforms/subsidies-85.toml"}, 4, {222402});
    const Tally t = simulate(plan);
    const auto half = static_cast<std::ptrdiff_t>(t.cost.size() / 2);
    CHECK(std::equal(t.cost.begin(), t.cost.begin() + half, t.cost.begin() + half));
    const auto half_c = static_cast<std::ptrdiff_t>(t.category_households.size() / 2);
    CHECK(std::equal(t.category_households.begin(), t.category_households.begin() + half_c, t.category_households.begin() + half_c));
}

TEST_CASE("80 to 85 yuan costs recipient-months times 5 yuan, to the fen, in every cell", "[invariants][handcheck]") {
    const Plan plan = small_plan({"reforms/subsidies-80.toml", "reforms/subsidies-85.toml"}, 5, {222402, 220623});
    const Tally t = simulate(plan);
    for (int r = 0; r < t.replicates; ++r)
        for (int x = 0; x < 2; ++x)
            for (int p = 0; p < programme_count; ++p)
                for (int m = 0; m < t.months; ++m) {
                    const auto before = t.pay_index(0, r, x, p, m), after = t.pay_index(1, r, x, p, m);
                    const bool subsidy = p == at(Programme::living_subsidy) || p == at(Programme::nursing_subsidy);
                    CHECK(t.recipients[before] == t.recipients[after]);
                    CHECK(t.cost[after] - t.cost[before] == (subsidy ? 500 * t.recipients[before] : 0));
                }
    CHECK(sum_of(t, t.cost, 1, Programme::living_subsidy) == 8500 * sum_of(t, t.recipients, 1, Programme::living_subsidy));
    CHECK(sum_of(t, t.cost, 1, Programme::nursing_subsidy) == 8500 * sum_of(t, t.recipients, 1, Programme::nursing_subsidy));
}

TEST_CASE("where take-up responds to the amount the hand check's gap is the new claimants' money", "[invariants][handcheck]") {
    const Plan plan = small_plan({"reforms/subsidies-80.toml", "reforms/subsidies-85.toml"}, 5, {222402}, 1, {"take_up.response_to_amount=1.5"});
    const Tally t = simulate(plan);
    for (const Programme p : {Programme::living_subsidy, Programme::nursing_subsidy}) {
        const auto before = sum_of(t, t.recipients, 0, p), after = sum_of(t, t.recipients, 1, p);
        CHECK(after > before);  // 1.0625 to the 1.5: 9.5 % more claim
        CHECK(sum_of(t, t.cost, 1, p) - sum_of(t, t.cost, 0, p) == 500 * before + 8500 * (after - before));
    }
    CHECK(sum_of(t, t.cost, 1, Programme::dibao) == sum_of(t, t.cost, 0, Programme::dibao));
}

TEST_CASE("every unit stands in exactly one category each month", "[invariants]") {
    const Plan plan = small_plan({"jilin-2024.toml"}, 3, {222402});
    const Tally t = simulate(plan);
    for (int r = 0; r < t.replicates; ++r)
        for (int x = 0; x < 2; ++x) {
            std::int64_t first = 0;
            for (int m = 0; m < t.months; ++m) {
                std::int64_t sum = 0;
                for (int c = 0; c < category_count; ++c) {
                    const auto n = t.category_households[t.category_index(0, r, x, c, m)];
                    CHECK(n >= 0);
                    sum += n;
                }
                if (m == 0) first = sum;
                CHECK(sum == first);
            }
            CHECK(first > 0);
        }
}

TEST_CASE("tekun basic living is its recipients times 1.3 times the standard, rounded up", "[invariants]") {
    const Plan plan = small_plan({"jilin-2024.toml"}, 4, {222402});
    const Tally t = simulate(plan);
    const Fen each[2] = {620'00 * 130 / 100, 410'00 * 130 / 100};  // Tumen: tiers 3 and 4
    for (int r = 0; r < t.replicates; ++r)
        for (int x = 0; x < 2; ++x)
            for (int m = 0; m < t.months; ++m) {
                const auto cell = t.pay_index(0, r, x, at(Programme::tekun_basic), m);
                CHECK(t.cost[cell] == t.recipients[cell] * each[x]);
            }
    CHECK(sum_of(t, t.recipients, 0, Programme::tekun_basic) > 0);
}

TEST_CASE("a higher dibao standard never lowers tekun, and raises dibao as a whole", "[invariants]") {
    const Plan plan = small_plan({"jilin-2024.toml", "reforms/dibao-plus-5.toml"}, 4, {222402});
    const Tally t = simulate(plan);
    for (int r = 0; r < t.replicates; ++r)
        for (int x = 0; x < 2; ++x)
            for (int m = 0; m < t.months; ++m) {
                CHECK(t.cost[t.pay_index(1, r, x, at(Programme::tekun_basic), m)] >= t.cost[t.pay_index(0, r, x, at(Programme::tekun_basic), m)]);
                CHECK(t.cost[t.pay_index(1, r, x, at(Programme::dibao), m)] > t.cost[t.pay_index(0, r, x, at(Programme::dibao), m)]);
            }
}

TEST_CASE("a guidance standard that rises to no more than the local one changes nothing, policy-spec F.5.12", "[invariants]") {
    Plan plan = small_plan({"jilin-2024.toml"}, 3, {222402}, 0.2, {"dibao.standard.factor=1.1"});
    const Tally before = simulate(plan);
    for (std::size_t c = 0; c < plan.counties.size(); ++c) plan.counties[c].guidance = plan.scenarios[0].standard[c];
    const Tally after = simulate(plan);
    CHECK(after.cost == before.cost);
    CHECK(after.category_households == before.category_households);
}

TEST_CASE("families found sooner are paid sooner: better monitoring raises dibao months under shared draws", "[invariants][monitoring]") {
    const Plan plan = small_plan({"jilin-2024.toml", "reforms/monitoring.toml"}, 6, {222402, 220602});
    const Tally t = simulate(plan);
    CHECK(sum_of(t, t.households, 1, Programme::dibao) > sum_of(t, t.households, 0, Programme::dibao));
    CHECK(sum_of(t, t.cost, 1, Programme::nursing_subsidy) == sum_of(t, t.cost, 0, Programme::nursing_subsidy));
}

TEST_CASE("the spread of the total comes from parameters and systemic factors, not from individual luck", "[invariants][layers]") {
    const std::vector<std::string> no_factors{"systemic.labour_sd=0", "systemic.illness_sd=0", "systemic.disaster_sd=0", "systemic.prices_sd=0",
                                              "income.county_sd=0", "hazard.disaster_county_month=0"};
    Plan plan = small_plan({"jilin-2024.toml"}, 40, {220182}, 0.25, no_factors);
    const auto spread = [](const Plan& p) {
        const Tally t = simulate(p);
        std::vector<double> totals;
        for (int r = 0; r < t.replicates; ++r) {
            double sum = 0;
            for (int x = 0; x < 2; ++x)
                for (int q = 0; q < programme_count; ++q)
                    for (int m = 0; m < t.months; ++m) sum += static_cast<double>(t.cost[t.pay_index(0, r, x, q, m)]);
            totals.push_back(sum);
        }
        const double mean = std::accumulate(totals.begin(), totals.end(), 0.0) / static_cast<double>(totals.size());
        double squares = 0;
        for (const double v : totals) squares += (v - mean) * (v - mean);
        return std::sqrt(squares / static_cast<double>(totals.size() - 1)) / mean;
    };
    plan.joint.rows.clear();
    for (Prior& p : plan.assumptions) p.kind = Prior::Kind::fixed;
    const double luck_only = spread(plan);
    const double all_layers = spread(small_plan({"jilin-2024.toml"}, 40, {220182}, 0.25));
    CAPTURE(luck_only, all_layers);
    CHECK(luck_only < 0.01);
    CHECK(all_layers > 5 * luck_only);
}
