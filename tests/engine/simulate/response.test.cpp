#include "catch.hpp"
#include "plans.hpp"

#include "simulate/simulate.hpp"

using namespace doudi;

namespace {

/// Baseline and a reform under an elasticity of take-up.
Tally pair(const char* response, std::vector<std::string> reform, bool every_month = false) {
    Overrides o;
    o.replicates = 4;
    o.counties = {222402};
    o.set = {std::string("take_up.response_to_amount=") + response};
    o.set_each = {{}, std::move(reform)};
    const Plan plan = load_plan({scenario_file("jilin-2024.toml"), scenario_file("jilin-2024.toml")}, o);
    return simulate_county(plan, shared_draws(plan), 0, 2, nullptr, every_month);
}

std::int64_t heads(const Tally& t, int scenario, Programme programme) {
    std::int64_t sum = 0;
    for (int r = 0; r < t.replicates; ++r)
        for (int x = 0; x < 2; ++x)
            for (int m = 0; m < t.months; ++m) sum += t.recipients[t.pay_index(scenario, r, x, at(programme), m)];
    return sum;
}

}  // namespace

TEST_CASE("take-up of a subsidy grows with its amount to the power of the assumed response, and not at all by default", "[response]") {
    const std::vector<std::string> more{"nursing_subsidy.amount=\"102.00\""};  // 1.2 times 85
    CHECK(heads(pair("0", more), 1, Programme::nursing_subsidy) == heads(pair("0", more), 0, Programme::nursing_subsidy));
    const Tally t = pair("0.5", more);
    const double ratio = static_cast<double>(heads(t, 1, Programme::nursing_subsidy)) / static_cast<double>(heads(t, 0, Programme::nursing_subsidy));
    CHECK(ratio == Approx(std::sqrt(1.2)).margin(0.038));  // some 1,000 recipients a month, one population: standard error 0.9 %, four of them
}
