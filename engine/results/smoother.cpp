#include "results/smoother.hpp"

#include "random/math.hpp"
#include "random/philox.hpp"
#include "results/estimates.hpp"

#include <Eigen/Cholesky>

#include <algorithm>
#include <cmath>

namespace doudi {

using Eigen::Index, Eigen::MatrixXd, Eigen::RowVectorXd, Eigen::VectorXd;

namespace {

MatrixXd centred(const MatrixXd& ensemble) { return ensemble.colwise() - ensemble.rowwise().mean().eval(); }

}  // namespace

MatrixXd covariance(const MatrixXd& ensemble) {
    const MatrixXd d = centred(ensemble);
    return d * d.transpose() / static_cast<double>(ensemble.cols() - 1);
}

void assimilate(MatrixXd& members, const MatrixXd& figures, const std::vector<Observation>& observations, int steps, int step, std::uint64_t seed) {
    const Index n = figures.rows(), count = members.cols();
    const MatrixXd logs = figures.array().max(1e-6).log();
    VectorXd data(n), error(n);
    for (Index i = 0; i < n; ++i) {
        data[i] = std::log(observations[static_cast<std::size_t>(i)].value);
        error[i] = observations[static_cast<std::size_t>(i)].relative_error;
    }
    const MatrixXd cross = centred(members) * centred(logs).transpose() / static_cast<double>(count - 1);
    MatrixXd own = covariance(logs);
    own.diagonal() += steps * error.cwiseAbs2();
    MatrixXd innovation(n, count);
    for (Index m = 0; m < count; ++m)
        for (Index i = 0; i < n; ++i) {
            const Draws luck(seed, Purpose::calibration, static_cast<std::uint32_t>(m), static_cast<std::uint64_t>(step));
            innovation(i, m) = data[i] + std::sqrt(steps) * error[i] * inverse_normal(unit(luck.bits(static_cast<std::uint32_t>(i)))) - logs(i, m);
        }
    members += cross * own.ldlt().solve(innovation);
}

double quantile(const RowVectorXd& ensemble, double p) {
    std::vector<double> v(ensemble.data(), ensemble.data() + ensemble.size());
    std::sort(v.begin(), v.end());
    return quantile(v, p);
}

double crps(const RowVectorXd& ensemble, double outcome) {
    const auto n = static_cast<double>(ensemble.size());
    double spread = 0;
    for (Index i = 0; i < ensemble.size(); ++i) spread += (ensemble.array() - ensemble[i]).abs().sum();
    return ((ensemble.array() - outcome).abs().mean() - spread / (2 * n * n)) / outcome;
}

}  // namespace doudi
