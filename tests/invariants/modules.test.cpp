#include "catch.hpp"
#include "plans.hpp"
#include "simulate/simulate.hpp"

#include <numeric>

using namespace doudi;

namespace {

Tally simulate(const Plan& plan, bool every_month = false) { return simulate_county(plan, shared_draws(plan), 0, 2, nullptr, every_month); }

std::int64_t total(const Tally& t, const std::vector<std::int64_t>& cube, int programme, int month = -1) {
    std::int64_t sum = 0;
    for (int r = 0; r < t.replicates; ++r)
        for (int x = 0; x < 2; ++x)
            for (int m = 0; m < t.months; ++m)
                if (month < 0 || m == month) sum += cube[t.pay_index(0, r, x, programme, m)];
    return sum;
}

const std::vector<std::string> all_on{
    "modules.medical_premium.on=true", "modules.medical_premium.amount=\"200.00\"", "modules.medical_premium.amount_tekun=\"380.00\"",
    "modules.medical_aid.on=true",     "modules.medical_aid.amount=\"100.00\"",     "modules.education.on=true",
    "modules.education.amount=\"500.00\"", "modules.education.amount_tertiary=\"2000.00\"", "modules.housing.on=true",
    "modules.housing.amount=\"150.00\"", "modules.housing.share=0.2",               "modules.employment.on=true",
    "modules.employment.amount=\"50.00\"", "modules.disaster.on=true",              "modules.disaster.amount=\"800.00\"",
    "modules.heating.on=true",         "modules.heating.amount=\"90.00\"",          "modules.funeral.on=true",
    "modules.funeral.amount=\"1500.00\"", "modules.services.on=true",               "modules.services.amount=\"60.00\""};

}  // namespace

TEST_CASE("a module that is switched on without an amount is refused, for the gazette gives none", "[modules]") {
    CHECK_THROWS_WITH(small_plan({"jilin-2024.toml"}, 1, {220623}, 1, {"modules.heating.on=true"}),
                      contains("switched on without an amount") && contains("measure 12") && contains("modules.heating.amount"));
}

TEST_CASE("modules are off by default, and switching them on changes no other programme", "[modules]") {
    const Plan off = small_plan({"jilin-2024.toml"}, 3, {222402}), on = small_plan({"jilin-2024.toml"}, 3, {222402}, 1, all_on);
    REQUIRE(off.programmes() == programme_count);
    REQUIRE(on.programmes() == programme_count + rules::module_count);
    const Tally a = simulate(off), b = simulate(on);
    for (int p = 0; p < programme_count; ++p) {
        CHECK(total(a, a.cost, p) == total(b, b.cost, p));
        CHECK(total(a, a.recipients, p) == total(b, b.recipients, p));
    }
    for (int m = 0; m < rules::module_count; ++m) {
        CAPTURE(rules::module_table[static_cast<std::size_t>(m)].name);
        if (rules::module_table[static_cast<std::size_t>(m)].target != rules::ModuleInfo::Target::disaster) CHECK(total(b, b.cost, programme_count + m) > 0);
    }
}

TEST_CASE("a module costs its amount a recipient, in the months the table or the scenario names", "[modules]") {
    const Plan plan = small_plan({"jilin-2024.toml"}, 3, {222402}, 1,
                                 {"modules.heating.on=true", "modules.heating.amount=\"90.00\"", "modules.services.on=true",
                                  "modules.services.amount=\"60.00\"", "modules.services.months=[2,3]"});
    const Tally t = simulate(plan);
    for (int m = 0; m < 12; ++m) {
        const bool winter = m < 4 || m >= 9;  // January to April, October to December
        CHECK((total(t, t.households, programme_count, m) > 0) == winter);
        CHECK(total(t, t.cost, programme_count, m) == 9000 * total(t, t.households, programme_count, m));
        CHECK((total(t, t.recipients, programme_count + 1, m) > 0) == (m == 1 || m == 2));
        CHECK(total(t, t.cost, programme_count + 1, m) == 6000 * total(t, t.recipients, programme_count + 1, m));
    }
}

TEST_CASE("a share of families takes a module up, the same families at every amount", "[modules]") {
    const auto cost = [](const char* share, const char* amount) {
        const Tally t = simulate(small_plan({"jilin-2024.toml"}, 3, {222402}, 1,
                                            {"modules.housing.on=true", std::string("modules.housing.amount=\"") + amount + '"', std::string("modules.housing.share=") + share}));
        return total(t, t.cost, programme_count);
    };
    CHECK(cost("0.3", "200.00") == 2 * cost("0.3", "100.00"));
    CHECK(static_cast<double>(cost("0.3", "100.00")) / static_cast<double>(cost("1.0", "100.00")) == Approx(0.3).margin(0.03));
}

TEST_CASE("with modules on, walking from event to event still gives the tallies of the plain monthly loop", "[modules][oracle]") {
    auto set = all_on;
    set.insert(set.end(), {"hazard.disaster_county_month=0.2", "disaster.share_hit=0.2", "hazard.death_60plus=0.02", "modules.funeral.extend_edge_rigid=true",
                           "monitoring.coverage=0.5", "monitoring.surge_percent=120", "monitoring.by_income=false"});
    const Plan plan = small_plan({"jilin-2024.toml", "reforms/monitoring.toml"}, 4, {222402}, 0.3, set);
    const Tally a = simulate(plan), b = simulate(plan, true);
    CHECK(a.cost == b.cost);
    CHECK(a.recipients == b.recipients);
    CHECK(a.households == b.households);
    CHECK(total(a, a.cost, programme_count + at(rules::Module::disaster)) > 0);
}
