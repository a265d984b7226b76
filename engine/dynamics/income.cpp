#include "dynamics/income.hpp"

#include "random/math.hpp"

namespace doudi {
namespace {

/// Rank u of a normal score: the inverse of inverse_normal, by bisection.
double rank_of(double z) {
    double low = 0, high = 1;
    for (int step = 0; step < 64; ++step) {
        const double middle = 0.5 * (low + high);
        if (middle > 0 && middle < 1 && inverse_normal(middle) < z) low = middle;
        else high = middle;
    }
    return 0.5 * (low + high);
}

}  // namespace

IncomeCurve::IncomeCurve(double a, double p) {
    struct Knot { double minus_log_rank, weight; };
    static const auto knot = [] {
        std::array<Knot, knots> list;
        double total = 0;
        for (int k = 0; k < knots; ++k) {
            const double z = static_cast<double>(k) / per_unit - reach;
            Knot& at = list[static_cast<std::size_t>(k)];
            // Above the median from the small rank on the other side, which keeps its digits.
            at.minus_log_rank = z <= 0 ? -portable_log(rank_of(z)) : -portable_log(1.0 - rank_of(-z));
            at.weight = portable_exp(-0.5 * z * z);
            total += at.weight;
        }
        for (Knot& at : list) at.weight /= total;
        return list;
    }();
    double mean = 0;
    for (std::size_t k = 0; k < knots; ++k) {
        const double x = knot[k].minus_log_rank / p;
        // log of (e^x - 1), without loss at either end
        const double log_odds = x > 40 ? x : portable_log(x < 1e-5 ? x * (1 + 0.5 * x) : portable_exp(x) - 1);
        value_[k] = portable_exp(-log_odds / a);
        mean += knot[k].weight * value_[k];
    }
    for (double& v : value_) v /= mean;
}

std::shared_ptr<const IncomeCurve> IncomeCurves::operator()(double a, double p) {
    {
        const std::lock_guard guard(lock_);
        if (const auto found = made_.find({a, p}); found != made_.end()) return found->second;
    }
    auto curve = std::make_shared<const IncomeCurve>(a, p);
    const std::lock_guard guard(lock_);
    return made_.emplace(std::pair{a, p}, std::move(curve)).first->second;
}

}  // namespace doudi
