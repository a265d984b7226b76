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
            const bool expected = s.name == "standard" || s.name == "amounts" || s.name == "take-up" || s.name == "rules" || s.name == "data" ||
                                  s.name == "prices";  // from March on the run sees the minimum wage that counts in 2025
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

TEST_CASE("what changes within the run stands under the step of what it changes", "[bridge]") {
    using Names = std::vector<std::string>;
    const auto changed = [](const Plan& from, const Plan& to) {
        Names names;
        for (const Bridge::Step& s : bridge(from, to, {}, 2).steps)
            if (s.changes) names.push_back(s.name);
        return names;
    };
    const auto years = [](std::vector<std::string> set) { return small_plan({"jilin-2024-2026.toml"}, 2, {222402}, 0.1, std::move(set)); };
    const std::string dated = R"(nursing_subsidy.amount={ values = [ { from = 2024-07-01, value = "90.00 yuan/month" } ] })";
    CHECK(changed(with({}), with({dated})) == Names{"amounts"});
    CHECK(changed(with({dated}), with({})) == Names{"amounts"});
    CHECK(changed(with({}), with({R"(policy.rigid_share_pct={ values = [ { from = 2024-07-01, value = 55 } ] })"})) == Names{"rules"});
    CHECK(changed(years({"uprating.dibao_standard=1.0"}), years({"uprating.dibao_standard=1.1"})) == Names{"standard"});
    CHECK(changed(years({}), years({"growth.income_year={prior=\"fixed\",value=0.1,why=\"a test\"}"})) == Names{"income"});
    CHECK(changed(with({}), years({})) == Names{"standard", "income", "prices", "data"});
    const Plan from = with({}), to = years({});
    const Bridge b = bridge(from, to, {}, 2);
    CHECK(b.total[0] == cost(to, 0));
}

TEST_CASE("a wrong order and other counties are refused", "[bridge]") {
    CHECK_THROWS_WITH(bridge(with({}), with({}), {"standrd"}, 1), contains("standard"));
    CHECK_THROWS_WITH(bridge(with({}), with({}), {"standard"}, 1), contains("once"));
    CHECK_THROWS_WITH(bridge(with({}), small_plan({"jilin-2024.toml"}, 3, {220623}), {}, 1), contains("other counties"));
}
