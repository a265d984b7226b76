#pragma once
#include "results/intervals.hpp"

#include <Eigen/Core>

#include <array>
#include <map>
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

/// Of a sample.
inline double variance(const Eigen::ArrayXd& v) { return (v - v.mean()).square().sum() / static_cast<double>(v.size() - 1); }

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
    /// Not far from a quantile; made when first asked for, as several figures ask.
    const Place& near(double p) const;
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
    mutable std::map<double, Place> near_;  ///< by p
    Eigen::Index batches_ = 1;
};

}  // namespace doudi
