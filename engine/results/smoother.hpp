#pragma once
#include <Eigen/Core>

#include <cstdint>
#include <vector>

/// Fitting an ensemble to published figures: ensemble smoother with multiple data assimilation (Emerick and Reynolds 2013).
namespace doudi {

/// A figure over 0, and its relative error (one standard deviation).
struct Observation {
    double value, relative_error;
};

/// Step `step` of `steps`: moves every member towards the observations by the ensemble's own covariances, each seeing them blurred by their error
/// times sqrt(steps), so that all steps together use the data once. Figures are compared by their logarithms.
/// `members`: [belief, member], on scales where they are nearly normal; `figures`: [observation, member], what each member says;
/// under 1e-6 they count as that. Same seed, same blur.
void assimilate(Eigen::MatrixXd& members, const Eigen::MatrixXd& figures, const std::vector<Observation>& observations, int steps, int step, std::uint64_t seed);

/// [row, row] of an ensemble of [row, member], over members less one.
Eigen::MatrixXd covariance(const Eigen::MatrixXd& ensemble);

/// Quantile of an ensemble, which need not be sorted (see estimates.hpp).
double quantile(const Eigen::RowVectorXd& ensemble, double p);

/// Continuous ranked probability score of an ensemble for one outcome, as a share of the outcome: 0 is perfect (Gneiting and Raftery 2007).
double crps(const Eigen::RowVectorXd& ensemble, double outcome);

}  // namespace doudi
