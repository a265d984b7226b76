#include "results/adjusted.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace doudi {
namespace {

using Eigen::ArrayXd, Eigen::ArrayXXd;

/// Probabilities of the standard normal distribution.
ArrayXXd normal(const ArrayXXd& z) {
    return z.unaryExpr([](double x) { return 0.5 * std::erfc(-x / std::numbers::sqrt2); });
}

}  // namespace

Interval AdjustedFigure::interval(double confidence) const {
    const double t = student_quantile(0.5 + confidence / 2, replicates - 1) * standard_error;
    return {value - t, value + t};
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

const Adjusted::Place& Adjusted::near(double p) const {
    if (const auto known = near_.find(p); known != near_.end()) return known->second;
    ArrayXXd mean = ArrayXXd::Zero(law_[0].emulated.rows(), 2);  // of the emulators: good enough
    for (const Fold& fold : law_) mean += fold.weight * fold.emulated;
    double low = mean.minCoeff() - 6 * spread_, high = mean.maxCoeff() + 6 * spread_;
    for (int i = 0; i < 60 && high - low > 1e-3 * spread_; ++i) {
        const double middle = (low + high) / 2;
        (under(middle, mean).mean() < p ? low : high) = middle;
    }
    return near_.emplace(p, place((low + high) / 2)).first->second;
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

AdjustedFigure Adjusted::quantile(double p) const { return spread_ == 0 ? mean() : quantile_near(near(p), p).figure; }

AdjustedFigure Adjusted::reserve(double confidence) const {
    if (spread_ == 0) return constant(0);
    const Place &high = near(confidence), &middle = near(0.5);
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
