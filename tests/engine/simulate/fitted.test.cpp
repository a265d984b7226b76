#include "catch.hpp"
#include "random/math.hpp"
#include "random/philox.hpp"
#include "results/smoother.hpp"
#include "simulate/fitted.hpp"

using namespace doudi;
using Eigen::Index, Eigen::MatrixXd;

namespace {

FittedBelief belief(Prior::Kind kind, double low, double high) {
    Prior prior;
    prior.kind = kind;
    return {0, prior, low, high};
}

}  // namespace

TEST_CASE("a fitted belief goes to its normal scale and back, and never beyond its bounds", "[simulate][fitted]") {
    for (const FittedBelief& b : {belief(Prior::Kind::lognormal, 0.01, 10), belief(Prior::Kind::normal, -2, 10), belief(Prior::Kind::beta, 0, 1), belief(Prior::Kind::uniform, 0.2, 0.7)}) {
        for (const double share : {0.05, 0.3, 0.5, 0.95}) {
            const double x = b.low + share * (b.high - b.low);
            CHECK(b.from_normal(b.to_normal(x)) == Approx(x).epsilon(1e-12));
        }
        CHECK(b.from_normal(-60) >= b.low);
        CHECK(b.from_normal(60) <= b.high);
        CHECK(b.from_normal(1) > b.from_normal(-1));
    }
}

TEST_CASE("the joint belief of an ensemble has its means and its covariances", "[simulate][fitted]") {
    constexpr Index members = 50;
    MatrixXd z(3, members);
    for (Index m = 0; m < members; ++m) {
        const Draws luck(5, Purpose::parameter, static_cast<std::uint32_t>(m), 9);
        const auto normal = [&](std::uint32_t k) { return inverse_normal(unit(luck.bits(k))); };
        z.col(m) << 1 + normal(0), 2 * normal(1) - normal(0), 0.3 * normal(2) + normal(1) - 4;
    }
    const JointBelief joint = joint_belief({belief(Prior::Kind::lognormal, 0.01, 10), belief(Prior::Kind::normal, -2, 10), belief(Prior::Kind::beta, 0, 1)}, z);
    REQUIRE(joint.rows.size() == 3);
    CHECK(joint.rows[0].scale == JointBelief::Scale::log);
    CHECK(joint.rows[1].scale == JointBelief::Scale::none);
    CHECK(joint.rows[2].scale == JointBelief::Scale::logit);
    MatrixXd factor = MatrixXd::Zero(3, 3);
    for (Index i = 0; i < 3; ++i) {
        const JointBelief::Row& row = joint.rows[static_cast<std::size_t>(i)];
        REQUIRE(row.factor.size() == static_cast<std::size_t>(i) + 1);
        for (Index j = 0; j <= i; ++j) factor(i, j) = row.factor[static_cast<std::size_t>(j)];
        CHECK(row.mean == Approx(z.row(i).mean()));
    }
    CHECK(((factor * factor.transpose()) - covariance(z)).cwiseAbs().maxCoeff() < 1e-11);
}
