#include "results/adjusted.hpp"

#include "base/error.hpp"

#include <Eigen/Eigenvalues>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace doudi {
namespace {

using Eigen::ArrayXd, Eigen::ArrayXXd, Eigen::Index, Eigen::MatrixXd, Eigen::RowVectorXd, Eigen::VectorXd;

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

/// Probabilities of the standard normal distribution.
ArrayXXd normal(const ArrayXXd& z) {
    return z.unaryExpr([](double x) { return 0.5 * std::erfc(-x / std::numbers::sqrt2); });
}

double variance(const ArrayXd& v) { return (v - v.mean()).square().sum() / static_cast<double>(v.size() - 1); }

}  // namespace

Interval AdjustedFigure::interval(double confidence) const {
    const double t = student_quantile(0.5 + confidence / 2, replicates - 1) * standard_error;
    return {value - t, value + t};
}

Adjustment::Adjustment(const Drawn& d) : batches_(static_cast<Index>(d.batches)) {
    const auto parameter = table(d.parameter, d.replicates), law_parameter = table(d.law_parameter, d.draws);
    const auto factor = table(d.systemic_mean, d.replicates), law_factor = table(d.law_systemic_mean, d.draws);
    std::vector<Index> moving;
    for (Index k = 0; k < law_parameter.cols(); ++k)
        if ((law_parameter.col(k).array() != law_parameter(0, k)).any()) moving.push_back(k);
    moving_ = static_cast<Index>(moving.size());
    factors_ = factor.cols();
    controls_.resize(parameter.rows(), 2 * moving_ + factors_);
    law_.resize(law_parameter.rows(), 2 * moving_ + factors_);
    // Everything as it stands in the law: less its mean there, in standard deviations.
    const auto put = [&](Index place, VectorXd mine, VectorXd law) {
        const double mean = law.mean(), sd = std::sqrt(variance(law.array()));
        controls_.col(place) = (mine.array() - mean) / (sd > 0 ? sd : 1);
        law_.col(place) = (law.array() - mean) / (sd > 0 ? sd : 1);
    };
    for (Index k = 0; k < moving_; ++k) {
        VectorXd mine = parameter.col(moving[static_cast<std::size_t>(k)]), law = law_parameter.col(moving[static_cast<std::size_t>(k)]);
        if (mine.minCoeff() > 0 && law.minCoeff() > 0) {
            mine = mine.array().log();
            law = law.array().log();
        }
        put(k, mine, law);
        // Squares are made small, so that a penalty holds them back more: costs bend little.
        controls_.col(moving_ + factors_ + k) = (controls_.col(k).array().square() - 1) / 4;
        law_.col(moving_ + factors_ + k) = (law_.col(k).array().square() - 1) / 4;
    }
    for (Index k = 0; k < factors_; ++k) put(moving_ + k, factor.col(k), law_factor.col(k));

    for (Index fold = 0; fold < folds; ++fold) {
        others_.emplace_back();
        for (const bool squares : {false, true}) {
            Others& o = others_.back()[squares];
            o.centred = controls_(rows(controls_.rows(), fold, false), Eigen::seqN(0, moving_ + factors_ + (squares ? moving_ : 0)));
            o.means = o.centred.colwise().mean();
            o.centred.rowwise() -= o.means;
            const Eigen::SelfAdjointEigenSolver<MatrixXd> solved(o.centred.transpose() * o.centred);
            o.axes = solved.eigenvectors();
            o.along = solved.eigenvalues().array().max(0.0);
        }
    }
}

Adjustment::Line Adjustment::fit(const Others& o, const VectorXd& values) {
    const double mean = values.mean();
    const VectorXd y = values.array() - mean;
    const ArrayXd met = (o.axes.transpose() * (o.centred.transpose() * y)).array();
    const auto n = static_cast<double>(y.size());
    // Of the values' squares what lies along each axis; an axis that the replicates do not span has none.
    const ArrayXd explained = (o.along > 1e-9 * o.along.maxCoeff()).select(met.square() / o.along.max(1e-300), 0.0);
    const double beyond = std::max(y.squaredNorm() - explained.sum(), 0.0);
    double penalty = 0;
    Line line;
    line.left = std::numeric_limits<double>::infinity();
    for (int step = 0; step <= 14; ++step) {
        const double ridge = n * std::pow(10.0, -4 + 0.5 * step);
        const ArrayXd kept = o.along / (o.along + ridge);
        const double left = (beyond + ((1 - kept).square() * explained).sum()) / std::pow(1 - (1 + kept.sum()) / n, 2);
        if (left < line.left) {
            line.left = left;
            penalty = ridge;
        }
    }
    line.slopes = o.axes * (met / (o.along + penalty)).matrix();
    line.level = mean - o.means.dot(line.slopes);
    return line;
}

Adjusted Adjustment::operator()(std::span<const double> given) const {
    Adjusted a;
    a.batches_ = batches_;
    const Index n = controls_.rows();
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
        Line line = fit(others_[static_cast<std::size_t>(fold)][0], seen);
        if (Line bent = fit(others_[static_cast<std::size_t>(fold)][1], seen); bent.left < line.left) line = std::move(bent);
        const auto used = Eigen::seqN(0, line.slopes.size());
        a.emulated_(here) = (controls_(here, used) * line.slopes).array() + line.level;
        // With the factors as they are drawn and with the other sign, so that what is odd in them has exactly its mean.
        const VectorXd whole = law_(Eigen::all, used) * line.slopes, of_factors = law_.middleCols(moving_, factors_) * line.slopes.segment(moving_, factors_);
        ArrayXXd law(whole.size(), 2);
        law << whole.array() + line.level, (whole - 2 * of_factors).array() + line.level;
        a.law_.push_back({static_cast<double>(here.size()) / static_cast<double>(n), law.max(low).min(high)});
    }
    a.emulated_ = a.emulated_.max(low).min(high).eval();
    a.spread_ = std::max(std::sqrt(variance(y - a.emulated_)), 1e-9 * range);
    return a;
}

ArrayXXd Adjusted::unscaled(const ArrayXXd& emulated) const { return logs_ ? emulated.exp() : emulated; }

ArrayXXd Adjusted::under(double at, const ArrayXXd& emulated) const { return 1 - normal((emulated - at) / spread_); }

std::array<ArrayXXd, 2> Adjusted::over(double at, const ArrayXXd& emulated) const {
    const double s = spread_;
    const ArrayXXd u = (emulated - at) / s, chance = normal(u);
    if (logs_) {
        const double value = std::exp(at);
        const ArrayXXd mean = (emulated + s * s / 2).exp() * normal(u + s);
        return {mean - value * chance, (2 * emulated + 2 * s * s).exp() * normal(u + 2 * s) - 2 * value * mean + value * value * chance};
    }
    const ArrayXXd near = (-0.5 * u.square()).exp() * (s / std::sqrt(2 * std::numbers::pi));
    return {near + s * u * chance, s * s * (u.square() + 1) * chance + s * u * near};
}

ArrayXd Adjusted::by_batch(const ArrayXXd& values) const {
    const ArrayXd by_draw = values.rowwise().mean();
    return by_draw.reshaped(values.rows() / batches_, batches_).colwise().mean();
}

AdjustedFigure Adjusted::figure(double value, const ArrayXd& beside, double least_variance, const ArrayXd& law, double plain_variance) const {
    const auto n = static_cast<double>(beside.size());
    AdjustedFigure f;
    f.value = value;
    f.replicates = n;
    f.standard_error = std::sqrt(std::max(variance(beside), least_variance) / n + (law.size() > 1 ? variance(law) / static_cast<double>(law.size()) : 0.0));
    f.effective_replicates = f.standard_error > 0 ? plain_variance / (f.standard_error * f.standard_error) : n;
    return f;
}

AdjustedFigure Adjusted::constant(double value) const {
    const auto n = static_cast<double>(values_.size());
    return {value, 0, n, n};
}

AdjustedFigure Adjusted::mean() const {
    if (spread_ == 0) return constant(values_[0]);
    ArrayXd law = ArrayXd::Zero(batches_);
    for (const Fold& fold : law_) law += fold.weight * by_batch(unscaled(fold.emulated));
    const ArrayXd beside = values_ - unscaled(emulated_).col(0);
    return figure(law.mean() + beside.mean(), beside, 0, law, variance(values_));
}

double Adjusted::near(double p) const {
    ArrayXXd mean = ArrayXXd::Zero(law_[0].emulated.rows(), 2);  // of the emulators: good enough
    for (const Fold& fold : law_) mean += fold.weight * fold.emulated;
    double low = mean.minCoeff() - 6 * spread_, high = mean.maxCoeff() + 6 * spread_;
    for (int i = 0; i < 30; ++i) {
        const double middle = (low + high) / 2;
        (under(middle, mean).mean() < p ? low : high) = middle;
    }
    return (low + high) / 2;
}

Adjusted::Place Adjusted::place(double at) const {
    Place place{logs_ ? std::exp(at) : at, 0, {}, {}, ArrayXd::Zero(batches_)};
    for (const Fold& fold : law_) {
        place.law += fold.weight * by_batch(under(at, fold.emulated));
        place.density += fold.weight * (-0.5 * ((fold.emulated - at) / spread_).square()).exp().mean() / (spread_ * std::sqrt(2 * std::numbers::pi));
    }
    if (logs_) place.density /= place.at;
    place.expected = under(at, emulated_).col(0);
    place.beside = (values_ <= place.at).cast<double>() - place.expected;
    return place;
}

// Where few replicates lie beyond, their own spread may say too little: an error is at least that of values which follow their emulators.

Adjusted::Near Adjusted::quantile_near(const Place& x, double p) const {
    const double a = 1 / x.density;
    AdjustedFigure f = figure(x.at - a * (x.share() - p), a * x.beside, a * a * x.variance_left(), a * x.law, a * a * p * (1 - p));
    // Of these replicates the quantile is that of another share: they have drawn so much more or less of what lies under it.
    const double share = p + x.expected.mean() - x.law.mean(), error = f.standard_error * x.density;
    const auto statistic = [&](double at, double none) { return at > 0 && at < 1 ? sorted_[static_cast<std::size_t>(at * static_cast<double>(sorted_.size()))] : none; };
    const double median = statistic(0.5, 0), low = statistic(share - 4 * error, 2 * sorted_.front() - median), high = statistic(share + 4 * error, 2 * sorted_.back() - median);
    if (low <= f.value && f.value <= high) return {f, false};
    f.value = std::clamp(f.value, low, high);
    f.standard_error = (high - low) / 8;
    f.effective_replicates = f.replicates;
    return {f, true};
}

AdjustedFigure Adjusted::quantile(double p) const { return spread_ == 0 ? mean() : quantile_near(place(near(p)), p).figure; }

AdjustedFigure Adjusted::reserve(double confidence) const {
    if (spread_ == 0) return constant(0);
    const Place high = place(near(confidence)), middle = place(near(0.5));
    const Near top = quantile_near(high, confidence), median = quantile_near(middle, 0.5);
    const double value = top.figure.value - median.figure.value, n = top.figure.replicates;
    if (top.plain || median.plain) return {value, std::hypot(top.figure.standard_error, median.figure.standard_error), n, n};
    const double a = 1 / high.density, b = 1 / middle.density;
    // Who is under the middle is under the other one, too.
    const auto both = [&](double of_high, double of_middle, double of_both) { return a * a * of_high + b * b * of_middle - 2 * a * b * of_both; };
    return figure(value, a * high.beside - b * middle.beside, both(high.variance_left(), middle.variance_left(), (middle.expected * (1 - high.expected)).mean()),
                  a * high.law - b * middle.law, both(confidence * (1 - confidence), 0.25, 0.5 * (1 - confidence)));
}

AdjustedFigure Adjusted::shortfall(double confidence) const {
    if (spread_ == 0) return mean();
    // The least over x of x + E(Y - x)+ / (1 - confidence), which is at the quantile, so that an error of that hardly counts (Rockafellar and Uryasev 2000).
    const double from = std::max(quantile(confidence).value, sorted_.front());
    const double at = logs_ ? std::log(from) : from, a = 1 / (1 - confidence);
    ArrayXd law = ArrayXd::Zero(batches_), squares = law;
    for (const Fold& fold : law_) {
        const auto [mean, square] = over(at, fold.emulated);
        law += fold.weight * by_batch(mean);
        squares += fold.weight * by_batch(square);
    }
    const auto [expected, square] = over(at, emulated_);
    const ArrayXd beside = (values_ - from).max(0.0) - expected.col(0);
    return figure(from + a * (law.mean() + beside.mean()), a * beside, a * a * (square - expected.square()).mean(), a * law,
                  a * a * (squares.mean() - law.mean() * law.mean()));
}

AdjustedFigure Adjusted::breach(double budget) const {
    if (spread_ == 0) return constant(values_[0] > budget ? 1 : 0);
    if (logs_ && !(budget > 0)) return constant(1);
    const Place x = place(logs_ ? std::log(budget) : budget);
    const double over = std::clamp(1 - x.share(), 0.0, 1.0);
    return figure(over, -x.beside, x.variance_left(), x.law, over * (1 - over));
}

}  // namespace doudi
