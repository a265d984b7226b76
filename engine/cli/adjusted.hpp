#pragma once
#include "results/intervals.hpp"

#include <Eigen/Core>

#include <cstdint>
#include <vector>

namespace doudi::cli {

/// Means over replicates, adjusted for what these drew (control variates, docs/decisions/0023): cost less slopes times controls, whose means are
/// known to be 0. The slopes of a replicate are fitted on the other folds, by ridge regression with the penalty of least generalised
/// cross-validation, so that the mean stays unbiased. The same as Comparison.adjusted_mean in Python.
class Adjustment {
public:
    static constexpr Eigen::Index folds = 5, least = 20;  ///< replicates at least; with fewer there is nothing to go by

    /// Controls of a run: where its parameters stand (`scores`, [replicate, parameter]), the squares of that less 1 and made small, and the
    /// factors' means ([replicate, factor]); columns that do not move are left out.
    static Eigen::MatrixXd controls(const std::vector<double>& scores, const std::vector<double>& factors, std::size_t replicates);

    /// `controls`: [replicate, control], at least `least` replicates.
    explicit Adjustment(Eigen::MatrixXd controls);

    struct Mean {
        double mean = 0, standard_error = 0;
        Interval interval;                ///< 95 %, Student's t
        double effective_replicates = 0;  ///< how many the plain mean would take for this error
    };
    /// Of one value a replicate, in their unit.
    Mean operator()(const std::vector<std::int64_t>& values) const;

private:
    /// What is known of the replicates that are not in a fold.
    struct Others {
        Eigen::MatrixXd centred;  ///< their controls less the means
        Eigen::MatrixXd axes;     ///< the controls' principal axes among them
        Eigen::ArrayXd along;     ///< sums of squares along these
    };
    Eigen::VectorXd slopes(const Others& others, const Eigen::VectorXd& values) const;

    Eigen::MatrixXd controls_;
    std::vector<Others> others_;  ///< by fold
};

}  // namespace doudi::cli
