#include "catch.hpp"

#include "random/philox.hpp"
#include "results/sobol.hpp"

#include <array>
#include <cmath>

using namespace doudi;

namespace {

constexpr double pi = 3.141592653589793;
using Row = std::array<double, 3>;

/// Ishigami and Homma (1990) with a = 7, b = 0.1: indices are known in closed form.
double ishigami(const Row& x) { return std::sin(x[0]) + 7 * std::pow(std::sin(x[1]), 2) + 0.1 * std::pow(x[2], 4) * std::sin(x[0]); }

SobolIndices of_ishigami(std::uint64_t seed, int rows) {
    std::vector<double> a, b;
    std::vector<std::vector<double>> mixed(3);
    for (int j = 0; j < rows; ++j) {
        const Draws draws(seed, Purpose::parameter, static_cast<std::uint32_t>(j), 0);
        Row x{}, y{};
        for (std::uint32_t k = 0; k < 3; ++k) {
            x[k] = pi * (2 * unit(draws.bits(k)) - 1);
            y[k] = pi * (2 * unit(draws.bits(4 + k)) - 1);
        }
        a.push_back(ishigami(x));
        b.push_back(ishigami(y));
        for (std::size_t k = 0; k < 3; ++k) {
            Row z = x;
            z[k] = y[k];
            mixed[k].push_back(ishigami(z));
        }
    }
    return sobol(a, b, mixed);
}

}  // namespace

TEST_CASE("Sobol indices of the Ishigami function are the closed form's, within 4 standard errors", "[results][sobol]") {
    const SobolIndices s = of_ishigami(7, 8192);
    const double variance = 0.5 + 49.0 / 8 + 0.1 * std::pow(pi, 4) / 5 + 0.01 * std::pow(pi, 8) / 18;
    const double v1 = 0.5 * std::pow(1 + 0.1 * std::pow(pi, 4) / 5, 2), v2 = 49.0 / 8, v13 = 8 * 0.01 * std::pow(pi, 8) / 225;
    CHECK(s.variance == Approx(variance).epsilon(0.03));
    const std::array<double, 3> first{v1 / variance, v2 / variance, 0}, total{(v1 + v13) / variance, v2 / variance, v13 / variance};
    for (std::size_t k = 0; k < 3; ++k) {
        CHECK(std::abs(s.group[k].first - first[k]) < 4 * s.group[k].first_error);
        CHECK(std::abs(s.group[k].total - total[k]) < 4 * s.group[k].total_error);
    }
}

TEST_CASE("the stated errors cover: 95 % intervals of 400 designs of 256 rows hold the truth as often as they say", "[results][sobol]") {
    const double first = 0.3139, total = 0.5576;  // of the first input
    int first_hits = 0, total_hits = 0;
    for (std::uint64_t seed = 1; seed <= 400; ++seed) {
        const SobolIndex i = of_ishigami(seed, 256).group[0];
        first_hits += std::abs(i.first - first) < 1.96 * i.first_error;
        total_hits += std::abs(i.total - total) < 1.96 * i.total_error;
    }
    // 400 trials of 95 %: sd 1.1 %. Four of them, and 1 % for the bias of a ratio at 256 rows.
    CHECK(first_hits / 400.0 > 0.95 - 0.054);
    CHECK(total_hits / 400.0 > 0.95 - 0.054);
}

TEST_CASE("an output that never varies has indices of zero", "[results][sobol]") {
    const SobolIndices s = sobol({5, 5, 5}, {5, 5, 5}, {{5, 5, 5}});
    CHECK(s.variance == 0);
    CHECK(s.group[0].total == 0);
    CHECK(s.mean == 5);
}
