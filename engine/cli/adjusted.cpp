#include "cli/adjusted.hpp"

#include <Eigen/Eigenvalues>

#include <cmath>
#include <limits>

namespace doudi::cli {
namespace {

using Eigen::ArrayXd, Eigen::Index, Eigen::MatrixXd, Eigen::VectorXd;
using Table = Eigen::Map<const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>;

/// Rows of a fold, or of all the others.
std::vector<Index> rows(Index replicates, Index fold, bool in_it) {
    std::vector<Index> list;
    for (Index r = 0; r < replicates; ++r)
        if ((r % Adjustment::folds == fold) == in_it) list.push_back(r);
    return list;
}

}  // namespace

MatrixXd Adjustment::controls(const std::vector<double>& scores, const std::vector<double>& factors, std::size_t replicates) {
    const auto n = static_cast<Index>(replicates);
    const Table score(scores.data(), n, static_cast<Index>(scores.size()) / n), factor(factors.data(), n, static_cast<Index>(factors.size()) / n);
    std::vector<Index> moving;
    for (Index k = 0; k < score.cols(); ++k)
        if ((score.col(k).array() != score(0, k)).any()) moving.push_back(k);
    const auto count = static_cast<Index>(moving.size());
    MatrixXd x(n, 2 * count + factor.cols());
    x.leftCols(count) = score(Eigen::all, moving);
    x.middleCols(count, count) = (x.leftCols(count).array().square() - 1) / 4;  // a larger penalty: costs bend little
    x.rightCols(factor.cols()) = factor;
    return x;
}

Adjustment::Adjustment(MatrixXd controls) : controls_(std::move(controls)) {
    for (Index fold = 0; fold < folds; ++fold) {
        Others o;
        o.centred = controls_(rows(controls_.rows(), fold, false), Eigen::all);
        o.centred.rowwise() -= o.centred.colwise().mean().eval();
        const Eigen::SelfAdjointEigenSolver<MatrixXd> solved(o.centred.transpose() * o.centred);
        o.axes = solved.eigenvectors();
        o.along = solved.eigenvalues().array().max(0.0);
        others_.push_back(std::move(o));
    }
}

VectorXd Adjustment::slopes(const Others& o, const VectorXd& values) const {
    const VectorXd y = values.array() - values.mean();
    const ArrayXd met = (o.axes.transpose() * (o.centred.transpose() * y)).array();
    const auto n = static_cast<double>(y.size());
    // Of the values' squares what lies along each axis; an axis that the replicates do not span has none.
    const ArrayXd explained = (o.along > 1e-9 * o.along.maxCoeff()).select(met.square() / o.along.max(1e-300), 0.0);
    const double beyond = y.squaredNorm() - explained.sum();
    double best = std::numeric_limits<double>::infinity(), penalty = 0;
    for (int step = 0; step <= 12; ++step) {
        const double ridge = n * std::pow(10.0, -3 + 0.5 * step);
        const ArrayXd kept = o.along / (o.along + ridge);
        const double score = (beyond + ((1 - kept).square() * explained).sum()) / std::pow(1 - (1 + kept.sum()) / n, 2);
        if (score < best) {
            best = score;
            penalty = ridge;
        }
    }
    return o.axes * (met / (o.along + penalty)).matrix();
}

Adjustment::Mean Adjustment::operator()(const std::vector<std::int64_t>& values) const {
    const Index n = controls_.rows();
    VectorXd y(n);
    for (Index r = 0; r < n; ++r) y[r] = static_cast<double>(values[static_cast<std::size_t>(r)]);
    VectorXd left(n);
    for (Index fold = 0; fold < folds; ++fold) {
        const auto here = rows(n, fold, true);
        left(here) = y(here) - controls_(here, Eigen::all) * slopes(others_[static_cast<std::size_t>(fold)], y(rows(n, fold, false)));
    }
    const auto count = static_cast<double>(n);
    const auto variance = [&](const VectorXd& v) { return (v.array() - v.mean()).square().sum() / (count - 1); };
    Mean m;
    m.mean = left.mean();
    m.standard_error = std::sqrt(variance(left) / count);
    const double t = student_quantile(0.975, count - 1) * m.standard_error;
    m.interval = {m.mean - t, m.mean + t};
    m.effective_replicates = variance(y) > 0 ? count * variance(y) / variance(left) : count;
    return m;
}

}  // namespace doudi::cli
