#include "catch.hpp"
#include "plans.hpp"
#include "simulate/simulate.hpp"

#include <algorithm>
#include <cmath>

using namespace doudi;

namespace {

/// A column of a table: its mean, standard deviation and share under a value.
struct Column {
    std::vector<double> value;
    Column(const std::vector<double>& table, std::size_t width, std::size_t place) {
        for (std::size_t k = place; k < table.size(); k += width) value.push_back(table[k]);
    }
    double size() const { return static_cast<double>(value.size()); }
    double mean() const {
        double sum = 0;
        for (const double v : value) sum += v;
        return sum / size();
    }
    double sd() const {
        double sum = 0;
        for (const double v : value) sum += std::pow(v - mean(), 2);
        return std::sqrt(sum / (size() - 1));
    }
};

}  // namespace

TEST_CASE("the law of the draws is what replicates are drawn from: means and spreads within 5 standard errors", "[shared]") {
    Plan plan = small_plan({"jilin-2024.toml"}, 4000, {220623, 222402});
    const SharedDraws shared = shared_draws(plan, 2);
    const Law law = law_of(plan, 2);
    const auto compare = [](const Column& drawn, const Column& known) {
        CHECK(drawn.mean() == Approx(known.mean()).margin(5 * known.sd() * std::sqrt(1 / drawn.size() + 1 / known.size()) + 1e-9 * std::abs(known.mean())));
        const double fixed = 1e-9 * std::abs(known.mean());  // sums of what does not move are rounded
        CHECK(drawn.sd() == Approx(known.sd()).epsilon(5 * std::sqrt(1 / drawn.size() + 1 / known.size())).margin(fixed));  // no prior has tails for which that is too little
    };
    for (std::size_t k = 0; k < assumption_count; ++k) compare(Column(shared.parameter, assumption_count, k), Column(law.parameter, assumption_count, k));
    const std::size_t factors = shared.factor_labels.size();
    for (std::size_t k = 0; k < factors; ++k) {
        const Column known(law.systemic_mean, factors, k);
        compare(Column(shared.systemic_mean, factors, k), known);
        CHECK(std::abs(known.mean()) < 5 * known.sd() / std::sqrt(known.size()));  // the same with the other sign
        for (std::size_t c = 0; c < 2; ++c) compare(Column(shared.county_mean, 2 * factors, 2 * k + c), Column(law.county_mean, factors, k));
    }
}

TEST_CASE("the law has eight draws a replicate, within limits, in Latin hypercubes, and none where replicates are few", "[shared]") {
    Plan plan = small_plan({"jilin-2024.toml"}, 19, {220623}, 1.0, {"take_up.response_to_amount={prior=\"uniform\", low=0, high=1, why=\"a test\"}"});
    CHECK(law_of(plan).parameter.empty());
    for (const auto& [replicates, part] : {std::pair{20, 128}, {200, 200}, {5000, 1024}}) {
        plan.replicates = replicates;
        const Law law = law_of(plan, 2);
        REQUIRE(law.parameter.size() == assumption_count * static_cast<std::size_t>(Law::batches * part));
        REQUIRE(law.systemic_mean.size() * assumption_count == law.parameter.size() * 5);
        REQUIRE(law.county_mean == law.systemic_mean);  // of the only county
        const auto& x = Column(law.parameter, assumption_count, static_cast<std::size_t>(Assumption::takeup_response)).value;
        for (int b = 0; b < Law::batches; ++b) {
            std::vector<double> batch(x.begin() + b * part, x.begin() + (b + 1) * part);
            std::sort(batch.begin(), batch.end());
            for (int k = 0; k < part; ++k) CHECK(static_cast<int>(batch[static_cast<std::size_t>(k)] * part) == k);
        }
    }
}

TEST_CASE("the law hangs on the seed, and on nothing a thread does", "[shared]") {
    Plan plan = small_plan({"jilin-2024.toml"}, 50, {220623});
    const Law one = law_of(plan, 1), seven = law_of(plan, 7);
    CHECK(one.parameter == seven.parameter);
    CHECK(one.systemic_mean == seven.systemic_mean);
    CHECK(one.county_mean == seven.county_mean);
    ++plan.seed;
    CHECK(law_of(plan).parameter != one.parameter);
    CHECK(shared_draws(plan).parameter != one.parameter);
}
