#include "results/adjustment.hpp"

#include "base/error.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace doudi {
namespace {

using Eigen::ArrayXd, Eigen::ArrayXXd, Eigen::Index, Eigen::MatrixXd, Eigen::VectorXd;

Eigen::Map<const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>> table(std::span<const double> values, std::size_t rows) {
    return {values.data(), static_cast<Index>(rows), static_cast<Index>(values.size() / rows)};
}

/// Rows of a fold, or of all the others.
std::vector<Index> rows(Index replicates, Index fold, bool in_it) {
    std::vector<Index> list;
    for (Index r = 0; r < replicates; ++r)
        if ((r % Adjustment::folds == fold) == in_it) list.push_back(r);
    return list;
}

/// Some rows of a table, its first columns weighted and added up one after the other.
VectorXd weighted(const MatrixXd& table, const std::vector<Index>& rows, const VectorXd& weights) {
    VectorXd sum = VectorXd::Zero(std::ssize(rows));
    for (Index k = 0; k < weights.size(); ++k) sum += weights(k) * table.col(k)(rows);
    return sum;
}

/// A control as it stands in the law: less its mean there, in standard deviations.
void standardise(Eigen::Ref<VectorXd> mine, Eigen::Ref<VectorXd> law) {
    const double mean = law.mean(), sd = std::sqrt(variance(law.array()));
    mine = (mine.array() - mean) / (sd > 0 ? sd : 1);
    law = (law.array() - mean) / (sd > 0 ? sd : 1);
}

}  // namespace

Adjustment::Adjustment(const Drawn& d) : batches_(static_cast<Index>(d.batches)) {
    const auto parameter = table(d.parameter, d.replicates), law_parameter = table(d.law_parameter, d.draws);
    std::vector<Index> moving;
    for (Index k = 0; k < law_parameter.cols(); ++k)
        if ((law_parameter.col(k).array() != law_parameter(0, k)).any()) moving.push_back(k);
    moving_ = static_cast<Index>(moving.size());
    parameters_.resize(parameter.rows(), 2 * moving_);
    law_parameters_.resize(law_parameter.rows(), 2 * moving_);
    for (Index k = 0; k < moving_; ++k) {
        parameters_.col(k) = parameter.col(moving[static_cast<std::size_t>(k)]);
        law_parameters_.col(k) = law_parameter.col(moving[static_cast<std::size_t>(k)]);
        auto mine = parameters_.col(k), law = law_parameters_.col(k);
        if (mine.minCoeff() > 0 && law.minCoeff() > 0) {
            mine = mine.array().log();
            law = law.array().log();
        }
        standardise(mine, law);
        // Squares are made small, so that a penalty holds them back more: costs bend little.
        parameters_.col(moving_ + k) = (mine.array().square() - 1) / 4;
        law_parameters_.col(moving_ + k) = (law.array().square() - 1) / 4;
    }
    for (Index fold = 0; fold < folds; ++fold) {
        others_.emplace_back();
        for (const bool squares : {false, true}) {
            Others& o = others_.back()[squares];
            o.centred = parameters_(rows(parameters_.rows(), fold, false), Eigen::seqN(0, (squares ? 2 : 1) * moving_));
            o.means = o.centred.colwise().mean();
            o.centred.rowwise() -= o.means;
            const Eigen::SelfAdjointEigenSolver<MatrixXd> solved(o.centred.transpose() * o.centred);
            o.axes = solved.eigenvectors();
            o.along = solved.eigenvalues().array().max(0.0);
        }
    }
    of_all_.push_back(factors(table(d.systemic_mean, d.replicates), table(d.law_systemic_mean, d.draws)));
    if (d.counties == 0) return;
    by_county_ = table(d.county_mean, d.replicates);
    law_of_county_ = table(d.law_county_mean, d.draws);
    counties_ = static_cast<Index>(d.counties);
}

Adjustment::Factors Adjustment::factors(MatrixXd mine, MatrixXd law) const {
    Factors f;
    f.mine_ = std::move(mine);
    f.law_ = std::move(law);
    for (Index k = 0; k < f.mine_.cols(); ++k) {
        // Their mean is nothing, and what is odd in them has none only about that: not about the mean of the law's draws.
        const double scale = std::sqrt(f.law_.col(k).squaredNorm() / static_cast<double>(f.law_.rows()));
        f.mine_.col(k) /= scale > 0 ? scale : 1;
        f.law_.col(k) /= scale > 0 ? scale : 1;
    }
    for (Index k = 0; k < folds; ++k) {
        f.folds_.emplace_back();
        Fold& fold = f.folds_.back();
        fold.centred = f.mine_(rows(f.mine_.rows(), k, false), Eigen::all);
        fold.means = fold.centred.colwise().mean();
        fold.centred.rowwise() -= fold.means;
        fold.squares = fold.centred.transpose() * fold.centred;
        for (const bool squares : {false, true}) {
            const Others& o = others_[static_cast<std::size_t>(k)][squares];
            fold.along[squares] = o.axes.transpose() * (o.centred.transpose() * fold.centred);
        }
    }
    return f;
}

Adjustment::Factors Adjustment::county(std::size_t place) const {
    if (counties_ == 0) return of_all_.front();
    if (place >= static_cast<std::size_t>(counties_)) throw InputError("adjusted", fmt::format("county {} of {}", place, counties_));
    return factors(by_county_(Eigen::all, Eigen::seqN(static_cast<Index>(place), law_of_county_.cols(), counties_)), law_of_county_);
}

/// With the factors apart from the parameters, whose axes are the same for every county: what is left for the factors is a system of a few equations.
Adjustment::Line Adjustment::fit(const Others& o, const Fold& f, bool squares, const VectorXd& values) {
    const double mean = values.mean();
    const VectorXd y = values.array() - mean, met = o.axes.transpose() * (o.centred.transpose() * y), factors_met = f.centred.transpose() * y;
    const MatrixXd &along = f.along[squares], one = MatrixXd::Identity(f.squares.rows(), f.squares.cols());
    const auto n = static_cast<double>(y.size()), controls = static_cast<double>(along.rows() + along.cols());
    Line line;
    VectorXd best;
    for (int step = 0; step <= 14; ++step) {
        const double ridge = n * std::pow(10.0, -4 + 0.5 * step);
        const VectorXd shrunk = (o.along + ridge).inverse();
        const Eigen::LDLT<MatrixXd> beside(f.squares + ridge * one - along.transpose() * shrunk.asDiagonal() * along);
        const VectorXd of_factors = beside.solve(factors_met - along.transpose() * shrunk.cwiseProduct(met));
        const VectorXd on_axes = shrunk.cwiseProduct(met - along * of_factors);
        const double unexplained = y.squaredNorm() - met.dot(on_axes) - factors_met.dot(of_factors) - ridge * (on_axes.squaredNorm() + of_factors.squaredNorm());
        const double free = controls - ridge * (shrunk.sum() + beside.solve(one + along.transpose() * shrunk.cwiseAbs2().asDiagonal() * along).trace());
        const double left = std::max(unexplained, 0.0) / std::pow(1 - (1 + free) / n, 2);
        if (step == 0 || left < line.left) {
            line.left = left;
            line.of_factors = of_factors;
            best = on_axes;
        }
    }
    line.of_parameters = o.axes * best;
    line.level = mean - o.means.dot(line.of_parameters) - f.means.dot(line.of_factors);
    return line;
}

Adjusted Adjustment::operator()(std::span<const double> values) const { return (*this)(values, of_all_.front()); }

Adjusted Adjustment::operator()(std::span<const double> given, const Factors& factors) const {
    Adjusted a;
    a.batches_ = batches_;
    const Index n = parameters_.rows();
    if (static_cast<Index>(given.size()) != n) throw InputError("adjusted", fmt::format("{} values, and {} replicates", given.size(), n));
    a.values_ = Eigen::Map<const ArrayXd>(given.data(), n);
    a.sorted_.assign(given.begin(), given.end());
    std::sort(a.sorted_.begin(), a.sorted_.end());
    if (a.values_.minCoeff() == a.values_.maxCoeff()) return a;
    a.logs_ = a.values_.minCoeff() > 0;
    const ArrayXd y = a.logs_ ? a.values_.log() : a.values_;
    // No emulator is followed far beyond what has been seen.
    const double range = y.maxCoeff() - y.minCoeff(), low = y.minCoeff() - range, high = y.maxCoeff() + range;
    a.emulated_.resize(n);
    for (Index fold = 0; fold < folds; ++fold) {
        const auto here = rows(n, fold, true);
        const VectorXd seen = y.matrix()(rows(n, fold, false));
        const auto at = static_cast<std::size_t>(fold);
        Line line = fit(others_[at][0], factors.folds_[at], false, seen);
        if (Line bent = fit(others_[at][1], factors.folds_[at], true, seen); bent.left < line.left) line = std::move(bent);
        const auto used = Eigen::seqN(0, line.of_parameters.size());
        a.emulated_(here) = (weighted(parameters_, here, line.of_parameters) + weighted(factors.mine_, here, line.of_factors)).array() + line.level;
        // With the factors as they are drawn and with the other sign, so that what is odd in them has exactly its mean.
        const VectorXd of_parameters = law_parameters_(Eigen::all, used) * line.of_parameters, of_factors = factors.law_ * line.of_factors;
        ArrayXXd law(of_parameters.size(), 2);
        law << (of_parameters + of_factors).array() + line.level, (of_parameters - of_factors).array() + line.level;
        a.law_.push_back({static_cast<double>(here.size()) / static_cast<double>(n), law.max(low).min(high)});
    }
    a.emulated_ = a.emulated_.max(low).min(high).eval();
    a.spread_ = std::max(std::sqrt(variance(y - a.emulated_)), 1e-9 * range);
    return a;
}

}  // namespace doudi
