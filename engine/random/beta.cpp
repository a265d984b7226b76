#include "random/beta.hpp"

#include "random/math.hpp"

#include <cmath>

namespace doudi {

double log_gamma(double x) {
    double shift = 0;
    while (x < 12) {
        shift += portable_log(x);
        x += 1;
    }
    const double q = 1 / (x * x);  // Stirling's series
    const double series = (1.0 / 12 - q * (1.0 / 360 - q * (1.0 / 1260 - q * (1.0 / 1680 - q / 1188)))) / x;
    return (x - 0.5) * portable_log(x) - x + 0.91893853320467274178 + series - shift;
}

namespace {

/// log of x^a (1 - x)^b / (a B(a, b)), and the continued fraction that it multiplies; good for x < (a + 1) / (a + b + 2).
double lower_tail(double x, double a, double b) {
    const double front = a * portable_log(x) + b * portable_log(1 - x) + log_gamma(a + b) - log_gamma(a) - log_gamma(b) - portable_log(a);
    if (front < -700) return 0;
    constexpr double tiny = 1e-290;
    const auto kept = [](double v) { return std::abs(v) < tiny ? tiny : v; };
    double c = 1, d = 1 / kept(1 - (a + b) * x / (a + 1)), value = d;
    for (int m = 1; m < 1000; ++m) {
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1 / kept(1 + even * d);
        c = kept(1 + even / c);
        value *= d * c;
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / kept(1 + odd * d);
        c = kept(1 + odd / c);
        value *= d * c;
        if (std::abs(d * c - 1) < 1e-15) break;
    }
    return portable_exp(front) * value;
}

}  // namespace

double beta_cdf(double x, double a, double b) {
    if (x <= 0) return 0;
    if (x >= 1) return 1;
    return x < (a + 1) / (a + b + 2) ? lower_tail(x, a, b) : 1 - lower_tail(1 - x, b, a);
}

double beta_quantile(double u, double a, double b) {
    double low = 0, high = 1, x = a / (a + b);
    const double scale = log_gamma(a + b) - log_gamma(a) - log_gamma(b);
    for (int step = 0; step < 100; ++step) {
        const double miss = beta_cdf(x, a, b) - u;
        (miss > 0 ? high : low) = x;
        const double log_density = scale + (a - 1) * portable_log(x) + (b - 1) * portable_log(1 - x);
        double next = log_density > -600 ? x - miss / portable_exp(log_density) : low;
        if (!(next > low && next < high)) next = 0.5 * (low + high);
        if (std::abs(next - x) <= 1e-14 * x || high - low < 1e-16) return next;
        x = next;
    }
    return x;
}

}  // namespace doudi
