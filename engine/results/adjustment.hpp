#pragma once
#include "results/adjusted.hpp"
#include "results/drawn.hpp"

#include <Eigen/Core>

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace doudi {

/// Emulators are ridge regressions, with the penalty of least generalised cross-validation, of the value (its logarithm, if all are positive) on
/// logarithms of the parameters, on the factors' means, and where it helps on the squares of the former.
class Adjustment {
public:
    static constexpr Eigen::Index folds = 10, least = Drawn::least;

    /// At least `least` replicates.
    explicit Adjustment(const Drawn& drawn);

    /// The factors that emulators know: means over all counties, or those of one.
    class Factors;
    /// Those of a county, by its place; of all where the run does not tell them.
    Factors county(std::size_t place) const;

    /// `values`: one a replicate.
    Adjusted operator()(std::span<const double> values, const Factors& factors) const;
    Adjusted operator()(std::span<const double> values) const;
    Adjusted operator()(const std::vector<std::int64_t>& values) const { return (*this)(std::vector<double>(values.begin(), values.end())); }
    Adjusted operator()(const std::vector<std::int64_t>& values, const Factors& factors) const { return (*this)(std::vector<double>(values.begin(), values.end()), factors); }

private:
    /// The replicates that are not in a fold.
    struct Others {
        Eigen::RowVectorXd means;  ///< of the parameters
        Eigen::MatrixXd centred;   ///< parameters less these
        Eigen::MatrixXd axes;      ///< principal axes of the parameters
        Eigen::ArrayXd along;      ///< sums of squares along them
    };
    /// The factors in them.
    struct Fold {
        Eigen::RowVectorXd means;
        Eigen::MatrixXd centred, squares;
        std::array<Eigen::MatrixXd, 2> along;  ///< their products with the parameters, along the axes of these; without squares and with them
    };
    struct Line {
        double level = 0, left = 0;  ///< left: what cross-validation says it leaves unexplained
        Eigen::VectorXd of_parameters, of_factors;
    };
    static Line fit(const Others& others, const Fold& fold, bool squares, const Eigen::VectorXd& values);
    Factors factors(Eigen::MatrixXd mine, Eigen::MatrixXd law) const;

    Eigen::MatrixXd parameters_;      ///< [replicate, parameter], and then their squares
    Eigen::MatrixXd law_parameters_;  ///< [draw of the law, the same]
    Eigen::Index moving_ = 0, batches_ = 1;
    std::vector<std::array<Others, 2>> others_;  ///< by fold, without the squares and with them
    std::vector<Factors> of_all_;                ///< one
    Eigen::MatrixXd by_county_, law_of_county_;  ///< [replicate, (factor, county)], [draw, factor]
    Eigen::Index counties_ = 0;
};

class Adjustment::Factors {
    friend class Adjustment;
    Eigen::MatrixXd mine_, law_;  ///< [replicate, factor], [draw of the law, factor]
    std::vector<Fold> folds_;
};

}  // namespace doudi
