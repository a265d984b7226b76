#include "catch.hpp"
#include "plans.hpp"

#include "simulate/bridge.hpp"
#include "simulate/plan_text.hpp"
#include "simulate/simulate.hpp"

using namespace doudi;

namespace {

Fen cost(const Plan& plan, int replicate) {
    const Tally t = simulate_county(plan, shared_draws(plan), 0, 2);
    Fen sum = 0;
    for (int x = 0; x < 2; ++x)
        for (int p = 0; p < t.programmes; ++p)
            for (int m = 0; m < t.months; ++m) sum += t.cost[t.pay_index(0, replicate, x, p, m)];
    return sum;
}

Plan with(std::vector<std::string> set) { return small_plan({"jilin-2024.toml"}, 3, {222402}, 0.2, std::move(set)); }

}  // namespace

TEST_CASE("a bridge starts at last budget, ends at this budget, and adds up in every replicate, to the fen", "[bridge]") {
    const Plan from = with({"living_subsidy.amount=\"80.00\""}), to = with({"living_subsidy.amount=\"85.00\"", "dibao.standard.factor=1.05", "take_up.dibao_rural=0.9", "process.review_lag_months=2", "run.start=\"2024-03\""});
    for (const auto& order : {std::vector<std::string>{}, std::vector<std::string>{"data", "prices", "income", "take-up", "caseload", "rules", "amounts", "standard"}}) {
        const Bridge b = bridge(from, to, order, 2);
        for (int r = 0; r < 3; ++r) {
            const auto at = static_cast<std::size_t>(r);
            Fen sum = b.base[at];
            for (const Bridge::Step& s : b.steps) sum += s.change[at];
            CHECK(sum == b.total[at]);
            CHECK(b.base[at] == cost(from, r));
            CHECK(b.total[at] == cost(to, r));
        }
        for (const Bridge::Step& s : b.steps) {
            const bool expected = s.name == "standard" || s.name == "amounts" || s.name == "take-up" || s.name == "rules" || s.name == "data";
            INFO(s.name);
            CHECK(s.changes == expected);
            if (!s.changes) CHECK(s.change == std::vector<Fen>(3, 0));
        }
    }
}

TEST_CASE("a bridge between a budget and itself has no step that changes anything", "[bridge]") {
    const Bridge b = bridge(with({}), with({}), {}, 2);
    CHECK(b.base == b.total);
    for (const Bridge::Step& s : b.steps) CHECK_FALSE(s.changes);
    CHECK(b.steps.size() == bridge_steps().size());
}

TEST_CASE("a wrong order and other counties are refused", "[bridge]") {
    CHECK_THROWS_WITH(bridge(with({}), with({}), {"standrd"}, 1), contains("standard"));
    CHECK_THROWS_WITH(bridge(with({}), with({}), {"standard"}, 1), contains("once"));
    CHECK_THROWS_WITH(bridge(with({}), small_plan({"jilin-2024.toml"}, 3, {220623}), {}, 1), contains("other counties"));
}
