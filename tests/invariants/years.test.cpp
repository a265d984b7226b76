#include "catch.hpp"
#include "plans.hpp"
#include "random/philox.hpp"
#include "simulate/simulate.hpp"

#include <numeric>

using namespace doudi;

namespace {

using Texts = std::vector<std::string>;

Tally simulate(const Plan& plan, bool every_month = false) {
    const SharedDraws shared = shared_draws(plan);
    Tally sum = simulate_county(plan, shared, 0, 2, nullptr, every_month);
    for (std::size_t c = 1; c < plan.counties.size(); ++c) {
        const Tally other = simulate_county(plan, shared, c, 2, nullptr, every_month);
        for (int r = 0; r < plan.replicates; ++r) sum.add(other, r);
    }
    return sum;
}

Plan long_plan(std::vector<const char*> names, int replicates, int months, double share, Texts set = {}) {
    Overrides o;
    o.replicates = replicates;
    o.months = months;
    o.counties = {222402};
    o.sample_share = share;
    o.set = std::move(set);
    std::vector<std::filesystem::path> files;
    for (const char* name : names) files.push_back(scenario_file(name));
    return load_plan(files, o);
}

bool same(const Tally& a, const Tally& b) {
    return a.cost == b.cost && a.recipients == b.recipients && a.households == b.households && a.category_households == b.category_households &&
           a.dibao_single == b.dibao_single;
}

/// The first months of a longer tally.
Tally first_months(const Tally& t, int months) {
    Tally cut(t.scenarios, t.replicates, months, t.programmes);
    for (int s = 0; s < t.scenarios; ++s)
        for (int r = 0; r < t.replicates; ++r)
            for (int x = 0; x < 2; ++x)
                for (int m = 0; m < months; ++m) {
                    for (int p = 0; p < t.programmes; ++p) {
                        const auto to = cut.pay_index(s, r, x, p, m), from = t.pay_index(s, r, x, p, m);
                        cut.cost[to] = t.cost[from];
                        cut.recipients[to] = t.recipients[from];
                        cut.households[to] = t.households[from];
                    }
                    for (int c = 0; c < category_count; ++c)
                        cut.category_households[cut.category_index(s, r, x, c, m)] = t.category_households[t.category_index(s, r, x, c, m)];
                    cut.dibao_single[cut.single_index(s, r, x, m)] = t.dibao_single[t.single_index(s, r, x, m)];
                }
    return cut;
}

/// Sum over replicates and residences in the months [from, until).
std::int64_t sum_of(const Tally& t, const std::vector<std::int64_t>& cube, int scenario, Programme p, int from, int until) {
    std::int64_t sum = 0;
    for (int r = 0; r < t.replicates; ++r)
        for (int x = 0; x < 2; ++x)
            for (int m = from; m < until; ++m) sum += cube[t.pay_index(scenario, r, x, at(p), m)];
    return sum;
}

const Texts moving{"uprating.dibao_standard=[1.05, 0.97, 1.08]", "uprating.income_per_head=1.06", "uprating.min_wage=1.03", "uprating.round_to=\"1.00\"",
                   "dibao.standard.factor=1.06", "growth.income_year=0.03", "growth.income_county_year_sd=0.04", "growth.family_shock_sd=0.2"};
const Texts still{"growth.income_year=0", "growth.income_county_year_sd=0", "growth.family_shock_sd=0"};
const Texts nothing_happens{"hazard.job_loss_urban=0", "hazard.job_loss_rural=0", "hazard.illness=0", "hazard.disability=0", "hazard.death_60plus=0",
                            "hazard.disaster_county_month=0"};

Texts operator+(Texts a, const Texts& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

}  // namespace

TEST_CASE("the first 12 months of a run over 60 months are the run over 12 months, in every cell", "[years][invariants]") {
    const auto set = GENERATE(Texts{}, moving, moving + Texts{"run.burn_in=7"}, Texts{"run.burn_in=24", "run.start=2024-05"});
    CAPTURE(set);
    const auto plan = [&](int months) { return long_plan({"jilin-2024.toml", "reforms/subsidies-80.toml", "reforms/monitoring.toml"}, 5, months, 0.3, set); };
    const Tally year = simulate(plan(12)), five = simulate(plan(60));
    REQUIRE(std::accumulate(year.cost.begin(), year.cost.end(), Fen{0}) > 0);
    CHECK(same(first_months(five, 12), year));
    CHECK(same(first_months(five, 29), simulate(plan(29))));
}

TEST_CASE("over several years walking from event to event gives the tallies of the plain monthly loop", "[years][oracle]") {
    const auto set = GENERATE(Texts{}, moving, moving + Texts{"policy.income_basis=trailing12", "policy.work_deduction_bp=3000"},
                              moving + Texts{"spending.essential_share=0.5", "hazard.illness=0.003", "policy.gradual_months=3", "run.burn_in=7"},
                              still + Texts{"uprating.dibao_standard=1.1", "hazard.disaster_county_month=0.3", "disaster.share_hit=0.2", "hazard.death_60plus=0.02"},
                              moving + Texts{"nursing_subsidy.amount={values=[{from=2025-03-01,value=\"0.00\"},{from=2025-08-01,value=\"95.00\"}]}",
                                             "policy.nursing_im3={values=[{from=2025-06-01,value=true}]}", "policy.supp_bp.age70={values=[{from=2026-02-01,value=2500}]}",
                                             "hazard.disability=0.01", "take_up.response_to_amount=0.5"});
    CAPTURE(set);
    const Plan plan = long_plan({"reforms/subsidies-80.toml", "reforms/dibao-plus-5.toml", "reforms/monitoring.toml"}, 4, 36, 0.06, set);
    CHECK(same(simulate(plan), simulate(plan, true)));
}

TEST_CASE("tekun follows the uprated standard from January on, to the fen, and meets a run at that standard from the start", "[years][handcheck]") {
    const Texts later = still + Texts{"uprating.dibao_standard=[1.05, 1.10]", "uprating.round_to=\"1.00\""};
    const Tally t = simulate(long_plan({"jilin-2024.toml"}, 3, 36, 1, later));
    const Fen each[2][3] = {{806'00, 846'30, 930'80}, {533'00, 560'30, 616'20}};  // 1.3 x 620, 651, 716 and 1.3 x 410, 431, 474: halves up, 1.05 x 1.10 of the first
    for (int r = 0; r < t.replicates; ++r)
        for (int x = 0; x < 2; ++x)
            for (int m = 0; m < 36; ++m) {
                const auto cell = t.pay_index(0, r, x, at(Programme::tekun_basic), m);
                CHECK(t.cost[cell] == t.recipients[cell] * each[x][m / 12]);
            }
    const Tally at_once = simulate(long_plan({"jilin-2024.toml"}, 3, 36, 1, still + Texts{"dibao.standard.factor=1.05"}));
    const Tally after = simulate(long_plan({"jilin-2024.toml"}, 3, 36, 1, still + Texts{"uprating.dibao_standard=[1.05, 1.0]"}));
    for (int r = 0; r < t.replicates; ++r)
        for (int x = 0; x < 2; ++x)
            for (int m = 12; m < 36; ++m) {
                const auto cell = after.pay_index(0, r, x, at(Programme::tekun_basic), m);
                CHECK(after.cost[cell] == at_once.cost[cell]);
            }
}

TEST_CASE("where nothing befalls anyone, an enrolled stock is paid the new standard in January: persons times its rise", "[years][handcheck]") {
    const Tally t = simulate(long_plan({"jilin-2024.toml"}, 3, 24, 1, still + nothing_happens + Texts{"uprating.dibao_standard=1.05"}));
    const Fen rise[2] = {31'00, 20'50};
    for (int x = 0; x < 2; ++x) {
        Fen change = 0, by_hand = 0;
        for (int r = 0; r < t.replicates; ++r) {
            const auto before = t.pay_index(0, r, x, at(Programme::dibao), 11), after = t.pay_index(0, r, x, at(Programme::dibao), 12);
            change += t.cost[after] - t.cost[before];
            by_hand += t.recipients[before] * rise[x];
        }
        CAPTURE(x, change, by_hand);
        CHECK(by_hand > 0);
        // Birthdays and persons included alone who join their family move a little.
        CHECK(static_cast<double>(change) == Approx(static_cast<double>(by_hand)).epsilon(0.08));
    }
}

TEST_CASE("a standard set for a year is the standard that uprating would have led to", "[years]") {
    const Tally a = simulate(long_plan({"jilin-2024.toml"}, 3, 24, 0.3, Texts{"uprating.dibao_standard=1.05"}));
    const Tally b = simulate(long_plan({"jilin-2024.toml"}, 3, 24, 0.3, Texts{"dibao.standard.year.2025.factor=1.05"}));
    CHECK(same(a, b));
    const Tally one = simulate(long_plan({"jilin-2024.toml"}, 3, 24, 0.3, Texts{"dibao.standard.year.2025.local.222402.urban=\"651.00\"", "dibao.standard.year.2025.local.222402.rural=\"430.50\""}));
    CHECK(same(a, one));
}

TEST_CASE("an amount by date is paid from its month on, to every recipient", "[years][handcheck]") {
    const Plan plan = long_plan({"jilin-2024.toml", "reforms/subsidies-80.toml"}, 3, 24, 1,
                                {"nursing_subsidy.amount={values=[{from=2024-07-01,value=\"86.00 yuan/month\"},{from=2025-04-01,value=\"90.00 yuan/month\"}]}"});
    const Tally t = simulate(plan);
    for (int m = 0; m < 24; ++m)
        for (int s = 0; s < 2; ++s) {
            const Fen nursing = m < 6 ? (s == 0 ? 85'00 : 80'00) : m < 15 ? 86'00 : 90'00;
            CHECK(sum_of(t, t.cost, s, Programme::nursing_subsidy, m, m + 1) == nursing * sum_of(t, t.recipients, s, Programme::nursing_subsidy, m, m + 1));
            CHECK(sum_of(t, t.cost, s, Programme::living_subsidy, m, m + 1) == (s == 0 ? 85'00 : 80'00) * sum_of(t, t.recipients, s, Programme::living_subsidy, m, m + 1));
        }
    CHECK(sum_of(t, t.recipients, 0, Programme::nursing_subsidy, 0, 24) > 0);
    // Amounts alone decide nobody anew.
    const Tally plain = simulate(long_plan({"jilin-2024.toml", "reforms/subsidies-80.toml"}, 3, 24, 1));
    CHECK(plain.recipients == t.recipients);
    CHECK(plain.category_households == t.category_households);
}

TEST_CASE("higher uprating never lowers tekun and raises dibao, growing incomes lower dibao", "[years]") {
    const auto run = [](Texts set) { return simulate(long_plan({"jilin-2024.toml"}, 3, 36, 0.4, std::move(set))); };
    const Tally none = run(still), up = run(still + Texts{"uprating.dibao_standard=1.04"}), grown = run({"growth.income_year=0.08", "growth.income_county_year_sd=0", "growth.family_shock_sd=0"});
    for (std::size_t k = 0; k < none.cost.size(); ++k)
        if (k / static_cast<std::size_t>(none.months) % static_cast<std::size_t>(none.programmes) == static_cast<std::size_t>(at(Programme::tekun_basic))) CHECK(up.cost[k] >= none.cost[k]);
    for (int year = 1; year < 3; ++year) {
        CHECK(sum_of(up, up.cost, 0, Programme::dibao, 12 * year, 12 * year + 12) > sum_of(none, none.cost, 0, Programme::dibao, 12 * year, 12 * year + 12));
        CHECK(sum_of(grown, grown.cost, 0, Programme::dibao, 12 * year, 12 * year + 12) < sum_of(none, none.cost, 0, Programme::dibao, 12 * year, 12 * year + 12));
    }
    CHECK(same(first_months(none, 12), first_months(grown, 12)));
    CHECK(same(first_months(none, 12), first_months(up, 12)));
}

TEST_CASE("what uprates the law is read with its place, and its faults name it", "[years][scenario]") {
    const auto load = [](const char* set) { return long_plan({"jilin-2024.toml"}, 1, 36, 1, {set}); };
    CHECK_THROWS_WITH(load("uprating.dibao_standard=0.9"), contains("under the guidance standard") && contains("2025"));
    CHECK_THROWS_WITH(load("uprating.dibao_standard=[1.05, 3.0]"), contains("outside 0.5 to 2"));
    CHECK_THROWS_WITH(load("uprating.dibao_standrad=1.05"), contains("did you mean \"uprating.dibao_standard\""));
    CHECK_THROWS_WITH(load("dibao.standard.year.2024.factor=1.05"), contains("the run begins in 2024"));
    CHECK_THROWS_WITH(load("dibao.standard.year.2025.faktor=1.05"), contains("<calendar year>.factor"));
    CHECK_THROWS_WITH(load("dibao.min_payment={values=[{from=2025-01-01,value=\"1.00\"}]}"), contains("takes one value for the whole run"));
    CHECK_THROWS_WITH(load("nursing_subsidy.amount={values=[{from=2025-01-01,valeu=\"90.00\"}]}"), contains("each value needs from"));
    const Plan plan = load("uprating.dibao_standard=1.05");
    REQUIRE(plan.scenarios[0].later.size() == 2);
    CHECK(plan.scenarios[0].later[0].from == Month::of(2025, 1));
    CHECK(plan.scenarios[0].later[0].standard[0][0] == 651'00);
    CHECK(plan.scenarios[0].later[1].standard_prev[0][0] == 651'00);
    CHECK(plan.scenarios[0].later[0].min_wage_prev[0] > plan.counties[0].min_wage_prev);  // the published one of 2024
    const Plan quiet = load("name=\"x\"");
    CHECK(std::any_of(quiet.notes.begin(), quiet.notes.end(), [](const std::string& note) { return note.find("nothing uprates them") != std::string::npos; }));
}

TEST_CASE("random scenarios over several years are the plain loop's, and shorter runs their first months", "[.][soak][years][oracle]") {
    for (std::uint32_t k = 0; k < 60; ++k) {
        const Draws luck(4711, Purpose::calibration, k, 9);
        std::uint32_t place = 0;
        const auto between = [&](double low, double high) { return low + (high - low) * unit(luck.bits(place++)); };
        const auto number = [&](const char* key, double low, double high) { return std::string(key) + "=" + std::to_string(between(low, high)); };
        const int burn_in = static_cast<int>(between(0, 25)), months = static_cast<int>(between(13, 61)), start = static_cast<int>(between(1, 13));
        const Texts set{"run.burn_in=" + std::to_string(burn_in), "run.start=2024-" + std::string(start < 10 ? "0" : "") + std::to_string(start),
                        number("uprating.dibao_standard_urban", 1.0, 1.2), number("uprating.dibao_standard_rural", 1.0, 1.1), number("uprating.income_per_head", 0.8, 1.2),
                        number("growth.income_year", -0.15, 0.15), number("growth.income_county_year_sd", 0, 0.2), number("growth.family_shock_sd", 0, 0.5),
                        number("spending.essential_share", 0.1, 0.6), number("hazard.illness", 0, 0.004), number("hazard.death_60plus", 0, 0.02),
                        number("hazard.disability", 0, 0.004), number("hazard.job_loss_rural", 0, 0.03), number("take_up.response_to_amount", 0, 1),
                        between(0, 1) < 0.3 ? "policy.income_basis=trailing12" : "policy.income_basis=current",
                        between(0, 1) < 0.5 ? "nursing_subsidy.amount={values=[{from=2025-03-01,value=\"90.00\"}]}" : "policy.gradual_months=2"};
        CAPTURE(k, months, set);
        const Plan plan = long_plan({"reforms/subsidies-80.toml", "reforms/dibao-plus-5.toml", "reforms/monitoring.toml"}, 2, months, 0.05, set);
        const Tally t = simulate(plan);
        CHECK(same(t, simulate(plan, true)));
        CHECK(same(first_months(t, months / 2), simulate(long_plan({"reforms/subsidies-80.toml", "reforms/dibao-plus-5.toml", "reforms/monitoring.toml"}, 2, months / 2, 0.05, set))));
    }
}
