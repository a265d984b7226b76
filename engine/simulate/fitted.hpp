#pragma once
#include "simulate/plan.hpp"

#include <Eigen/Core>

#include <vector>

namespace doudi {

/// A belief that is fitted to figures: its place among the assumptions, and the scale on which it is nearly normal (logs of a lognormal one,
/// logits between `low` and `high` of a beta or uniform one).
struct FittedBelief {
    std::size_t place;
    Prior prior;
    double low, high;

    double to_normal(double x) const;
    /// Never outside [low, high].
    double from_normal(double z) const;
};

/// Those of a plan that are not fixed and have an effect in its months.
std::vector<FittedBelief> fitted_beliefs(const Plan& plan);

/// Of a belief itself, over members who are given on its normal scale.
struct Moments {
    double mean, sd;
};
Moments moments(const FittedBelief& belief, const Eigen::RowVectorXd& members);

/// An ensemble ([belief, member] on the normal scales) as one normal distribution: mean and Cholesky factor of its covariance.
JointBelief joint_belief(const std::vector<FittedBelief>& beliefs, const Eigen::MatrixXd& members);

}  // namespace doudi
