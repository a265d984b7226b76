#include "catch.hpp"
#include "dynamics/home.hpp"

#include <cmath>

using namespace doudi;

TEST_CASE("a family's lasting shock has mean 1, the assumed spread, and is independent from year to year", "[dynamics][years]") {
    World world;
    world.seed = 5;
    world.growth = {1.0, 1.1, 1.2};
    world.permanent_sd = 0.2;
    world.second_year = 24;
    const int n = 40000;
    double mean = 0, log_mean = 0, squares = 0, products = 0;
    for (int k = 0; k < n; ++k) {
        Family family;
        family.id = static_cast<std::uint64_t>(k);
        const LastingIncome lasting(family, world);
        REQUIRE(lasting.of(0).own == 1.0);
        const double first = std::log(lasting.of(1).own), second = std::log(lasting.of(2).own) - first;
        mean += lasting.of(1).own;
        log_mean += first;
        squares += first * first;
        products += (first + 0.02) * (second + 0.02);
    }
    const double sd = std::sqrt(squares / n - log_mean / n * (log_mean / n));
    CHECK(mean / n == Approx(1.0).margin(4 * 0.2 / std::sqrt(n)));       // 4 standard errors
    CHECK(sd == Approx(0.2).margin(4 * 0.2 / std::sqrt(2.0 * n)));
    CHECK(products / n / 0.04 == Approx(0.0).margin(4 / std::sqrt(n)));  // correlation
}

TEST_CASE("years of the horizon begin after the burn-in and its first 12 months, and more of them change none before", "[dynamics][years]") {
    World shorter, longer;
    shorter.growth = {1.0, 1.05};
    longer.growth = {1.0, 1.05, 0.9, 1.3, 1.4};
    shorter.permanent_sd = longer.permanent_sd = 0.1;
    shorter.second_year = longer.second_year = 19;
    Family family;
    family.id = 77;
    const LastingIncome a(family, shorter), b(family, longer);
    CHECK(a.of(1).own == b.of(1).own);
    CHECK(b.from(0) == 0);
    CHECK(b.from(1) == 19);
    CHECK(b.from(4) == 55);
    const Calendar calendar{.start = {}, .burn_in = 7, .months = 60};
    CHECK(b.until(0, calendar) == 19);
    CHECK(b.until(4, calendar) == 67);
}
