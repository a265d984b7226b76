#include "catch.hpp"
#include "plans.hpp"
#include "simulate/shared.hpp"

#include <Eigen/Dense>

#include <cmath>

using namespace doudi;

namespace {

Prior beta(double mean, double sd) { return {Prior::Kind::beta, mean, sd, 0, 0, "", "", {}, ""}; }

struct Moments { double mean, sd; };
Moments moments_of(Plan& plan, const Prior& prior) {
    const auto place = static_cast<std::size_t>(Assumption::takeup_dibao_urban);
    plan.assumptions[place] = prior;
    constexpr int n = 4000;
    Eigen::ArrayXd x(n);
    for (int r = 0; r < n; ++r) x[r] = draw_parameters(plan, static_cast<std::uint32_t>(r))[place];
    return {x.mean(), std::sqrt((x - x.mean()).square().sum() / (n - 1))};
}

}  // namespace

TEST_CASE("draws of a prior have its mean and sd, within 4 standard errors", "[shared]") {
    Plan plan = small_plan({"jilin-2024.toml"}, 1, {220623});
    plan.joint.rows.clear();  // each prior for itself
    const auto check = [&](const Prior& p) {
        const Moments m = moments_of(plan, p);
        CAPTURE(p.mean, p.sd, static_cast<int>(p.kind));
        CHECK(std::abs(m.mean - p.mean) < 4 * p.sd / std::sqrt(4000.0));
        CHECK(m.sd == Approx(p.sd).epsilon(4.0 * 1.3 / std::sqrt(2 * 4000.0)));
    };
    check(beta(0.62, 0.05));
    check(beta(0.03, 0.01));
    check(beta(0.5, 0.28));
    check({Prior::Kind::lognormal, 0.4, 0.05, 0, 0, "", "", {}, ""});
    check({Prior::Kind::normal, 0.5, 0.04, 0, 0, "", "", {}, ""});
    check({Prior::Kind::uniform, 0.5, 0.4 / std::sqrt(12.0), 0.3, 0.7, "", "", {}, ""});
}

TEST_CASE("county factors have variance 1 and the assumed correlations, within 4 standard errors", "[shared]") {
    // Kuancheng and Nanguan share a prefecture; Yanji lies in another.
    const Plan plan = small_plan({"jilin-2024.toml"}, 1, {220102, 220103, 222401});
    constexpr int n = 3000, months = 3;
    Eigen::MatrixXd z(n, 3);
    Eigen::VectorXd next(n), first(n);
    for (int r = 0; r < n; ++r) {
        const auto parameter = draw_parameters(plan, static_cast<std::uint32_t>(r));
        for (int c = 0; c < 3; ++c) {
            const auto f = county_factors(plan, plan.counties[static_cast<std::size_t>(c)], static_cast<std::uint32_t>(r), parameter);
            z(r, c) = f.z[0][months];
            if (c == 0) {
                first[r] = f.z[0][months];
                next[r] = f.z[0][months + 1];
            }
        }
    }
    z.rowwise() -= z.colwise().mean().eval();
    const Eigen::MatrixXd covariance = z.transpose() * z / (n - 1);
    const double error = 4 * std::sqrt(2.0 / n);
    CHECK(covariance(0, 0) == Approx(1).margin(error));
    CHECK(covariance(2, 2) == Approx(1).margin(error));
    CHECK(covariance(0, 1) == Approx(0.8).margin(error));  // 0.6 + (1 - 0.6) / 2
    CHECK(covariance(0, 2) == Approx(0.6).margin(error));
    CHECK(first.dot(next) / n == Approx(0.9).margin(error));  // AR(1) by month
}

TEST_CASE("a replicate that is given the draws of another is that other", "[shared]") {
    const Plan plan = small_plan({"jilin-2024.toml"}, 2, {220623}, 0.2);
    SharedDraws shared = shared_draws(plan);
    std::copy_n(shared.parameter.begin(), assumption_count, shared.parameter.begin() + assumption_count);
    shared.luck_of[1] = 0;
    const auto halves_agree = [&] {
        const Tally t = simulate_county(plan, shared, 0, 2);
        const auto half = static_cast<std::ptrdiff_t>(t.cost.size() / 2);
        return std::equal(t.cost.begin(), t.cost.begin() + half, t.cost.begin() + half);
    };
    CHECK_FALSE(halves_agree());  // the same luck and parameters under another economy
    shared.systemic_of[1] = 0;
    CHECK(halves_agree());
}

TEST_CASE("a joint belief is drawn with its correlation and its scales, and what a scenario says for itself leaves it", "[shared]") {
    Plan plan = small_plan({"jilin-2024-prior.toml"}, 1, {222402});
    const auto level = static_cast<std::size_t>(Assumption::income_level), share = static_cast<std::size_t>(Assumption::employed_urban),
               other = static_cast<std::size_t>(Assumption::employed_rural);
    plan.joint.rows = {{level, JointBelief::Scale::log, 0, 1, 0.1, {0.2}}, {share, JointBelief::Scale::logit, 0, 1, 0.5, {0.3, 0.4}},
                       {other, JointBelief::Scale::logit, 0, 1, 0, {0, 0, 1}}};
    plan.joint.drop(other);
    const int n = 4000;
    double sx = 0, sy = 0, xx = 0, yy = 0, xy = 0;
    for (std::uint32_t r = 0; r < n; ++r) {
        const auto values = draw_parameters(plan, r);
        const double x = std::log(values[level]), y = std::log(values[share] / (1 - values[share]));
        sx += x, sy += y, xx += x * x, yy += y * y, xy += x * y;
        REQUIRE(values[other] > 0.7);  // its own prior: mean 0.76, sd 0.01
    }
    const double mx = sx / n, my = sy / n, vx = xx / n - mx * mx, vy = yy / n - my * my, c = xy / n - mx * my;
    CHECK(mx == Approx(0.1).margin(4 * 0.2 / std::sqrt(n)));
    CHECK(my == Approx(0.5).margin(4 * 0.5 / std::sqrt(n)));
    CHECK(std::sqrt(vy) == Approx(0.5).epsilon(4 / std::sqrt(2.0 * n)));
    CHECK(c / std::sqrt(vx * vy) == Approx(0.6).margin(4 * (1 - 0.36) / std::sqrt(n)));
}
