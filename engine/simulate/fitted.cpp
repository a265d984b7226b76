#include "simulate/fitted.hpp"

#include "results/smoother.hpp"

#include <Eigen/Cholesky>

#include <algorithm>
#include <cmath>

namespace doudi {

using Eigen::Index, Eigen::MatrixXd, Eigen::RowVectorXd;

double FittedBelief::to_normal(double x) const {
    if (prior.kind == Prior::Kind::lognormal) return std::log(x);
    if (prior.kind == Prior::Kind::normal) return x;
    const double share = std::clamp((x - low) / (high - low), 1e-9, 1 - 1e-9);
    return std::log(share / (1 - share));
}

double FittedBelief::from_normal(double z) const {
    if (prior.kind == Prior::Kind::lognormal) return std::clamp(std::exp(z), low, high);
    if (prior.kind == Prior::Kind::normal) return std::clamp(z, low, high);
    return low + (high - low) / (1 + std::exp(-z));
}

std::vector<FittedBelief> fitted_beliefs(const Plan& plan) {
    std::vector<FittedBelief> list;
    for (std::size_t i = 0; i < assumption_count; ++i) {
        const Prior& p = plan.assumptions[i];
        if (p.kind == Prior::Kind::fixed) continue;
        if (plan.months <= 12 && assumption_table[i].name.starts_with("growth.")) continue;  // without effect in the first year
        const bool uniform = p.kind == Prior::Kind::uniform, beta = p.kind == Prior::Kind::beta;
        list.push_back({i, p, uniform ? p.low : beta ? 0.0 : assumption_table[i].low, uniform ? p.high : beta ? 1.0 : assumption_table[i].high});
    }
    return list;
}

Moments moments(const FittedBelief& belief, const RowVectorXd& members) {
    const Eigen::ArrayXd x = members.transpose().array().unaryExpr([&](double z) { return belief.from_normal(z); });
    return {x.mean(), std::sqrt((x - x.mean()).square().sum() / static_cast<double>(x.size() - 1))};
}

JointBelief joint_belief(const std::vector<FittedBelief>& beliefs, const MatrixXd& members) {
    MatrixXd spread = covariance(members);
    spread.diagonal().array() += 1e-12;
    const MatrixXd factor = spread.llt().matrixL();
    JointBelief joint;
    for (std::size_t k = 0; k < beliefs.size(); ++k) {
        const FittedBelief& b = beliefs[k];
        const auto row = static_cast<Index>(k);
        JointBelief::Row& to = joint.rows.emplace_back();
        to.place = b.place;
        to.scale = b.prior.kind == Prior::Kind::lognormal ? JointBelief::Scale::log : b.prior.kind == Prior::Kind::normal ? JointBelief::Scale::none : JointBelief::Scale::logit;
        to.low = b.low;
        to.high = b.high;
        to.mean = members.row(row).mean();
        for (Index j = 0; j <= row; ++j) to.factor.push_back(factor(row, j));
    }
    return joint;
}

}  // namespace doudi
