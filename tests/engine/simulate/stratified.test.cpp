#include "catch.hpp"
#include "plans.hpp"
#include "random/math.hpp"
#include "simulate/shared.hpp"

#include <algorithm>
#include <cmath>

using namespace doudi;

namespace {

std::vector<double> drawn(const Plan& plan, Assumption a) {
    std::vector<double> x;
    for (int r = 0; r < plan.replicates; ++r) x.push_back(draw_parameters(plan, static_cast<std::uint32_t>(r))[static_cast<std::size_t>(a)]);
    return x;
}

}  // namespace

TEST_CASE("stratified draws take every part of a prior once", "[shared]") {
    Plan plan = small_plan({"jilin-2024.toml"}, 50, {220623}, 1.0, {"run.parameter_draws=stratified", "take_up.response_to_amount={prior=\"uniform\", low=0, high=1, why=\"a test\"}"});
    auto x = drawn(plan, Assumption::takeup_response);
    CHECK_FALSE(std::is_sorted(x.begin(), x.end()));
    std::sort(x.begin(), x.end());
    for (std::size_t k = 0; k < x.size(); ++k) CHECK(static_cast<std::size_t>(x[k] * 50) == k);
}

TEST_CASE("a replicate's stratified parameters are distributed as its random ones: mean and spread over seeds", "[shared]") {
    Plan plan = small_plan({"jilin-2024.toml"}, 10, {220623}, 1.0, {"run.parameter_draws=stratified"});
    for (const Assumption a : {Assumption::employed_urban, Assumption::income_a_rural, Assumption::income_level, Assumption::tekun_urban}) {
        const Prior& p = plan.assumptions[static_cast<std::size_t>(a)];
        constexpr int seeds = 2000;
        double sum = 0, squares = 0;
        for (int seed = 0; seed < seeds; ++seed) {
            plan.seed = static_cast<std::uint64_t>(seed);
            const double z = (draw_parameters(plan, 3)[static_cast<std::size_t>(a)] - p.mean) / p.sd;
            sum += z;
            squares += z * z;
        }
        CHECK(std::abs(sum / seeds) < 4 / std::sqrt(double{seeds}));            // 4 standard errors
        CHECK(std::abs(squares / seeds - 1) < 4 * std::sqrt(2.0 / seeds) * 1.3);  // fourth moments near normal
    }
}

TEST_CASE("the mean of stratified draws is far nearer to the prior's than that of random draws", "[shared]") {
    double miss[2] = {};
    for (const int stratified : {0, 1})
        for (int seed = 0; seed < 40; ++seed) {
            Plan plan = small_plan({"jilin-2024.toml"}, 40, {220623});
            plan.stratified_parameters = stratified == 1;
            plan.seed = static_cast<std::uint64_t>(seed);
            const auto x = drawn(plan, Assumption::employed_urban);
            double sum = 0;
            for (const double v : x) sum += v;
            miss[stratified] += std::pow(sum / 40 - plan.assumptions[static_cast<std::size_t>(Assumption::employed_urban)].mean, 2);
        }
    CHECK(miss[1] < 0.02 * miss[0]);  // theory: about 1 / 40^2 of it
}
