#pragma once
#include <array>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

namespace doudi {

/// The factor between families of one residence: a Dagum distribution of mean 1, as a function of the family's normal
/// score z. Its quantile function is (u^(-1/p) - 1)^(-1/a) with u the rank of z: a low tail of Pareto's kind with the
/// exponent a p, which a lognormal lacks (docs/decisions/0006-incomes-are-dagum.md). Between knots of z the curve is
/// straight, so it rises with z, and costs a table look-up where a family is walked.
class IncomeCurve {
public:
    IncomeCurve() { value_.fill(1.0); }  ///< everyone alike
    IncomeCurve(double a, double p);

    double operator()(double z) const {
        const Place at(z);
        return value_[at.knot] + at.past * (value_[at.knot + 1] - value_[at.knot]);
    }

    static constexpr int reach = 6, per_unit = 8, knots = 2 * reach * per_unit + 1;
    /// Where z lies: the knot it follows, but the last one, and how far it is on the way to the next.
    struct Place {
        std::size_t knot;
        double past;
        explicit Place(double z) {
            const double x = (z < -reach ? -reach : z > reach ? reach : z) * per_unit + reach * per_unit;
            knot = static_cast<std::size_t>(x < knots - 2 ? x : knots - 2);
            past = x - static_cast<double>(knot);
        }
    };
    double at_knot(std::size_t k) const { return value_[k]; }

private:
    std::array<double, knots> value_;
};

/// Curves by their exponents, each made once: all counties of a run share them. May be asked by several threads.
class IncomeCurves {
public:
    std::shared_ptr<const IncomeCurve> operator()(double a, double p);

private:
    std::mutex lock_;
    std::map<std::pair<double, double>, std::shared_ptr<const IncomeCurve>> made_;
};

}  // namespace doudi
