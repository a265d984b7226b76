#include "catch.hpp"
#include "random/beta.hpp"

#include <cmath>

using namespace doudi;

TEST_CASE("the logarithm of the gamma function is libm's", "[random]") {
    for (const double x : {0.05, 0.5, 1.0, 2.0, 3.7, 11.9, 12.1, 170.0, 2500.0, 230000.0})
        CHECK(std::abs(log_gamma(x) - std::lgamma(x)) < 1e-12 * std::max(1.0, std::abs(std::lgamma(x))));
}

TEST_CASE("the beta distribution function has the values of closed forms", "[random]") {
    for (const double x : {0.001, 0.2, 0.5, 0.77, 0.999}) {
        CHECK(beta_cdf(x, 1, 1) == Approx(x).epsilon(1e-13));
        CHECK(beta_cdf(x, 3, 1) == Approx(x * x * x).epsilon(1e-13));
        CHECK(beta_cdf(x, 1, 4) == Approx(1 - std::pow(1 - x, 4)).epsilon(1e-12));
        CHECK(beta_cdf(x, 2, 3) == Approx(x * x * (6 - 8 * x + 3 * x * x)).epsilon(1e-12));
        CHECK(beta_cdf(x, 0.5, 0.5) == Approx(2 / std::acos(-1.0) * std::asin(std::sqrt(x))).epsilon(1e-12));
    }
}

TEST_CASE("the beta quantile undoes the distribution function, for priors narrow and wide", "[random]") {
    for (const auto& [a, b] : {std::pair{0.4, 0.6}, {1.0, 1.0}, {2.0, 9.0}, {51.0, 40.0}, {1630.0, 840.0}, {1165.0, 229000.0}})
        for (const double u : {1e-6, 0.01, 0.3, 0.5, 0.9, 0.9999}) CHECK(beta_cdf(beta_quantile(u, a, b), a, b) == Approx(u).epsilon(1e-7));
}
