#include "catch.hpp"
#include "random/math.hpp"
#include "random/philox.hpp"
#include "results/smoother.hpp"

#include <cmath>
#include <numbers>

using namespace doudi;
using Eigen::Index, Eigen::MatrixXd, Eigen::RowVectorXd;

namespace {

struct Posterior {
    double mean, sd, other_mean, other_sd;
};

/// One belief, standard normal before, that a figure exp(2 + z / 2) tells of, published as exp(2.6) with an error of a fifth; and one that no figure tells of.
Posterior fitted(int steps, int members, std::uint64_t seed) {
    MatrixXd z(2, members);
    for (Index m = 0; m < members; ++m)
        for (Index k = 0; k < 2; ++k) z(k, m) = inverse_normal(unit(Draws(seed, Purpose::parameter, static_cast<std::uint32_t>(m), 3).bits(static_cast<std::uint32_t>(k))));
    for (int step = 0; step < steps; ++step) {
        const MatrixXd figures = (2 + 0.5 * z.topRows(1).array()).exp();
        assimilate(z, figures, {{std::exp(2.6), 0.2}}, steps, step, seed);
    }
    const MatrixXd spread = covariance(z);
    return {z.row(0).mean(), std::sqrt(spread(0, 0)), z.row(1).mean(), std::sqrt(spread(1, 1))};
}

}  // namespace

TEST_CASE("an ensemble comes to the posterior of a linear normal problem, in one step and in four", "[results][smoother]") {
    const double precision = 1 + 0.25 / 0.04, mean = 0.5 * 0.6 / 0.04 / precision, sd = 1 / std::sqrt(precision);
    constexpr int seeds = 100, members = 400;
    for (const int steps : {1, 4}) {
        CAPTURE(steps);
        const auto over_seeds = [&](double Posterior::*what, double truth) {
            double sum = 0, squares = 0;
            for (int seed = 1; seed <= seeds; ++seed) {
                const double x = fitted(steps, members, static_cast<std::uint64_t>(seed)).*what;
                sum += x, squares += x * x;
            }
            const double at = sum / seeds, error = std::sqrt((squares / seeds - at * at) / (seeds - 1));
            CAPTURE(at, truth, error);
            CHECK(std::abs(at - truth) < 4 * error);
        };
        over_seeds(&Posterior::mean, mean);
        over_seeds(&Posterior::sd, sd);
        over_seeds(&Posterior::other_mean, 0);
        over_seeds(&Posterior::other_sd, 1);
    }
}

TEST_CASE("the ranked probability score is that of the normal distribution, and nothing if all members are right", "[results][smoother]") {
    constexpr Index n = 2000;
    RowVectorXd members(n);
    for (Index i = 0; i < n; ++i) members[i] = 100 + 10 * inverse_normal((static_cast<double>(i) + 0.5) / n);
    for (const double outcome : {80.0, 97.0, 100.0, 125.0}) {
        const double w = (outcome - 100) / 10, under = 0.5 * std::erfc(-w / std::numbers::sqrt2), density = std::exp(-w * w / 2) / std::sqrt(2 * std::numbers::pi);
        CHECK(crps(members, outcome) * outcome == Approx(10 * (w * (2 * under - 1) + 2 * density - 1 / std::sqrt(std::numbers::pi))).epsilon(1e-3));
    }
    CHECK(crps(RowVectorXd::Constant(50, 7.0), 7.0) == 0);
}

TEST_CASE("a quantile of an ensemble lies between its order statistics", "[results][smoother]") {
    const RowVectorXd members{{4, 1, 3, 2}};
    CHECK(quantile(members, 0) == 1);
    CHECK(quantile(members, 0.5) == 2.5);
    CHECK(quantile(members, 0.9) == Approx(3.7));
    CHECK(quantile(members, 1) == 4);
}
