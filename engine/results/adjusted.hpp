#pragma once
#include "results/drawn.hpp"
#include "results/intervals.hpp"

#include <Eigen/Core>

#include <array>
#include <cstdint>
#include <span>
#include <vector>

/// Figures over replicates, adjusted for what these drew: control variates, docs/decisions/0023.
namespace doudi {

/// A figure in the unit of the values.
struct AdjustedFigure {
    double value = 0, standard_error = 0;
    double effective_replicates = 0;  ///< how many a plain figure would take for this error
    double replicates = 0;

    Interval interval(double confidence = 0.95) const;  ///< Student's t
};

/// One value a replicate, and an emulator of it: a function of what a replicate drew, for each replicate fitted on other ones. What it says
/// under the law of the draws is known. A figure is that, and the mean of what the replicates say beside it: unbiased whatever the emulator
/// (a mean), or as far as a quantile is; the better the emulator, the less is left to chance.
class Adjusted {
public:
    AdjustedFigure mean() const;
    AdjustedFigure quantile(double p) const;
    /// Quantile less median; `confidence` over a half.
    AdjustedFigure reserve(double confidence) const;
    /// Mean of the worst 1 - `confidence`.
    AdjustedFigure shortfall(double confidence) const;
    /// Probability of a value over `budget`.
    AdjustedFigure breach(double budget) const;

private:
    friend class Adjustment;

    /// A place, the density of the values there, and who is under it: by each replicate's own emulator the chance (`expected`), and whether it is
    /// less that chance (`beside`); in the law the mean chance, by batch.
    struct Place {
        double at, density;
        Eigen::ArrayXd expected, beside, law;
        double share() const { return beside.mean() + law.mean(); }
        double variance_left() const { return (expected * (1 - expected)).mean(); }  ///< of values which follow their emulators
    };
    /// The quantile by a place near it, and whether it had to be taken from the replicates alone: where values heap up at one, such as nothing, no
    /// density is right, and then order statistics say between what values it lies.
    struct Near {
        AdjustedFigure figure;
        bool plain;
    };
    Near quantile_near(const Place& place, double p) const;
    /// `at` is on the emulators' scale, here and in what follows.
    Place place(double at) const;
    /// Not far from a quantile.
    double near(double p) const;
    /// Chances of a value under one.
    Eigen::ArrayXXd under(double at, const Eigen::ArrayXXd& emulated) const;
    /// What a value is over one, on average, and its square.
    std::array<Eigen::ArrayXXd, 2> over(double at, const Eigen::ArrayXXd& emulated) const;
    Eigen::ArrayXXd unscaled(const Eigen::ArrayXXd& emulated) const;
    /// Means over the draws of each batch, of values by draw and sign of the factors.
    Eigen::ArrayXd by_batch(const Eigen::ArrayXXd& values) const;
    AdjustedFigure constant(double value) const;  ///< without error
    AdjustedFigure figure(double value, const Eigen::ArrayXd& beside, double least_variance, const Eigen::ArrayXd& law, double plain_variance) const;

    struct Fold {
        double weight;
        Eigen::ArrayXXd emulated;  ///< [draw of the law, sign of the factors]
    };
    Eigen::ArrayXd values_;
    std::vector<double> sorted_;
    bool logs_ = false;            ///< emulators tell logarithms
    double spread_ = 0;            ///< standard deviation of what they leave, on their scale; 0 where all values are the same
    Eigen::ArrayXd emulated_;      ///< by replicate, on that scale
    std::vector<Fold> law_;
    Eigen::Index batches_ = 1;
};

/// Emulators are ridge regressions, with the penalty of least generalised cross-validation, of the value (its logarithm, if all are positive) on
/// logarithms of the parameters, on the factors' means, and where it helps on the squares of the former.
class Adjustment {
public:
    static constexpr Eigen::Index folds = 10, least = 20;  ///< replicates at least; with fewer there is nothing to go by

    /// At least `least` replicates.
    explicit Adjustment(const Drawn& drawn);

    /// `values`: one a replicate.
    Adjusted operator()(std::span<const double> values) const;
    Adjusted operator()(const std::vector<std::int64_t>& values) const { return (*this)(std::vector<double>(values.begin(), values.end())); }

private:
    /// The replicates that are not in a fold.
    struct Others {
        Eigen::RowVectorXd means;  ///< of their controls
        Eigen::MatrixXd centred;   ///< the controls less these
        Eigen::MatrixXd axes;      ///< principal axes of the controls
        Eigen::ArrayXd along;      ///< sums of squares along them
    };
    struct Line {
        double level = 0, left = 0;  ///< left: what cross-validation says it leaves unexplained
        Eigen::VectorXd slopes;
    };
    static Line fit(const Others& others, const Eigen::VectorXd& values);

    Eigen::MatrixXd controls_;  ///< [replicate, control]: parameters, factors, squares of the parameters
    Eigen::MatrixXd law_;       ///< [draw of the law, control]
    Eigen::Index moving_ = 0, factors_ = 0, batches_ = 1;
    std::vector<std::array<Others, 2>> others_;  ///< by fold, without the squares and with them
};

}  // namespace doudi
