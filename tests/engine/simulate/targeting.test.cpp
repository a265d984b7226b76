#include "catch.hpp"
#include "plans.hpp"
#include "simulate/targeting.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

using namespace doudi;

namespace {

/// Compares doubles bit by bit, for "not a number" is a value here.
bool same(const std::vector<double>& a, const std::vector<double>& b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

std::size_t measure(std::string_view name) {
    return static_cast<std::size_t>(std::find(targeting_labels.begin(), targeting_labels.end(), name) - targeting_labels.begin());
}

Targeting targeting(const Plan& plan, int threads = 2) { return targeting_of(plan, shared_draws(plan), threads); }

}  // namespace

TEST_CASE("targeting does not depend on threads, and shares lie between 0 and 1", "[targeting][parallel]") {
    const Plan plan = small_plan({"reforms/subsidies-80.toml", "reforms/dibao-plus-5.toml"}, 3, {222402, 220623}, 1, {"run.targeting_families=300"});
    const Targeting one = targeting(plan, 1), many = targeting(plan, 5);
    CHECK(same(one.county, many.county));
    CHECK(same(one.province, many.province));
    REQUIRE(one.replicates == 3);
    REQUIRE(one.county.size() == 2 * 3 * 2 * targeting_labels.size());
    for (const double v : one.county) CHECK((std::isnan(v) || (v >= 0 && v <= 1)));
}

TEST_CASE("transfers lower poverty and inequality, and coverage and exclusion sum to one", "[targeting]") {
    const Plan plan = small_plan({"jilin-2024.toml"}, 4, {222402}, 1, {"run.targeting_families=4000"});
    const Targeting t = targeting(plan);
    for (int r = 0; r < t.replicates; ++r) {
        const double* m = &t.province[static_cast<std::size_t>(r) * targeting_labels.size()];
        CHECK(m[measure("poverty_headcount_after")] <= m[measure("poverty_headcount_before")]);
        CHECK(m[measure("poverty_gap_after")] < m[measure("poverty_gap_before")]);
        CHECK(m[measure("poverty_severity_after")] < m[measure("poverty_severity_before")]);
        CHECK(m[measure("poverty_severity_before")] <= m[measure("poverty_gap_before")]);
        CHECK(m[measure("poverty_gap_before")] <= m[measure("poverty_headcount_before")]);
        CHECK(m[measure("gini_after")] < m[measure("gini_before")]);
        CHECK(m[measure("coverage")] + m[measure("exclusion_error")] == Approx(1));
    }
}

TEST_CASE("where all claim at once and no one's circumstances change, all who are entitled are covered and no money leaks", "[targeting]") {
    std::vector<std::string> set{"run.targeting_families=3000", "take_up.dibao_urban=1", "take_up.dibao_rural=1"};
    for (const char* none : {"hazard.job_loss_urban", "hazard.job_loss_rural", "hazard.illness", "hazard.disability", "hazard.disaster_county_month", "hazard.death_60plus"})
        set.push_back(std::string(none) + "=0");
    const Plan plan = small_plan({"jilin-2024.toml"}, 2, {222402}, 1, set);
    const Targeting t = targeting(plan);
    for (int r = 0; r < t.replicates; ++r) {
        const double* m = &t.province[static_cast<std::size_t>(r) * targeting_labels.size()];
        CHECK(m[measure("coverage")] > 0.97);  // the rest: re-employment of the last months, not yet reported or reviewed
        CHECK(m[measure("leakage")] < 0.03);
    }
}

TEST_CASE("the sampled headcount is that of all families, within four standard errors", "[targeting]") {
    // Replicates differ in their sample alone if beliefs and luck are one: then they scatter by sampling about the whole.
    Plan plan = small_plan({"jilin-2024.toml"}, 24, {222402}, 1, {"run.targeting_families=1500", "run.targeting_replicates=24"});
    SharedDraws shared = shared_draws(plan);
    for (std::size_t r = 1; r < 24; ++r) {
        std::copy_n(shared.parameter.begin(), assumption_count, shared.parameter.begin() + static_cast<std::ptrdiff_t>(r * assumption_count));
        shared.luck_of[r] = shared.systemic_of[r] = 0;
    }
    const Targeting sampled = targeting_of(plan, shared, 2);
    plan.targeting_families = 10'000'000;
    plan.targeting_replicates = 1;
    const Targeting whole = targeting_of(plan, shared, 2);
    for (const char* name : {"poverty_headcount_before", "poverty_gap_before", "gini_before"}) {
        const std::size_t k = measure(name);
        double mean = 0, square = 0;
        for (std::size_t r = 0; r < 24; ++r) mean += sampled.province[r * targeting_labels.size() + k] / 24;
        for (std::size_t r = 0; r < 24; ++r) square += std::pow(sampled.province[r * targeting_labels.size() + k] - mean, 2) / 23;
        CAPTURE(name, mean, std::sqrt(square));
        CHECK(std::abs(mean - whole.province[k]) < 4 * std::sqrt(square / 24) + 1e-12);
    }
}
