#include "catch.hpp"
#include "random/math.hpp"
#include "random/philox.hpp"
#include "results/adjustment.hpp"

#include <cmath>
#include <functional>

using namespace doudi;

namespace {

constexpr std::size_t parameters = 40, batches = 8;

/// Replicates and a law of 40 parameters, lognormal but for the last one, which is fixed, and one factor.
struct World {
    std::vector<double> parameter, factor, law_parameter, law_factor, value;

    /// `cost`: by the normal scores of the parameters, the factor and luck.
    World(std::uint64_t seed, std::size_t replicates, const std::function<double(const double*, double, double)>& cost, std::size_t draws = 1024) {
        std::vector<double> z(parameters);
        const auto draw = [&](Purpose purpose, std::size_t r, std::vector<double>& to, std::vector<double>& factors) {
            const Draws draws_of(seed, purpose, static_cast<std::uint32_t>(r), 7);
            for (std::uint32_t k = 0; k < parameters; ++k) {
                z[k] = k + 1 < parameters ? inverse_normal(unit(draws_of.bits(k))) : 0;
                to.push_back(std::exp(0.3 * z[k]));
            }
            factors.push_back(inverse_normal(unit(draws_of.bits(parameters))));
            return inverse_normal(unit(draws_of.bits(parameters + 1)));
        };
        for (std::size_t r = 0; r < replicates; ++r) {
            const double luck = draw(Purpose::parameter, r, parameter, factor);
            value.push_back(cost(z.data(), factor.back(), luck));
        }
        for (std::size_t r = 0; r < draws; ++r) draw(Purpose::law, r, law_parameter, law_factor);
    }
    Drawn drawn() const { return {parameter, factor, law_parameter, law_factor, value.size(), law_factor.size(), batches}; }
    Adjusted adjusted() const { return Adjustment(drawn())(value); }
};

/// log-normal: its quantiles are known. Three of four parts of the variance of its logarithm, 0.1 squared, follow what is drawn.
double lognormal(const double* z, double factor, double luck) { return 1000 * std::exp(0.1 * (0.7 * z[0] - 0.4 * z[1] + 0.3 * z[2] + 0.1 * factor + 0.5 * luck)); }
/// Of mean 130: two lines, a bend, the factor, and luck of standard deviation 5. Often negative.
double bent(const double* z, double factor, double luck) { return 100 + 300 * z[0] - 200 * z[1] + 30 * z[2] * z[2] + 10 * factor + 5 * luck; }

struct Spread {
    double mean = 0, sd = 0, stated = 0, covered = 0;
};
/// A figure over many seeds, against what is true.
Spread over_seeds(int seeds, double truth, const std::function<AdjustedFigure(std::uint64_t seed)>& figure) {
    Spread s;
    double squares = 0;
    for (int seed = 1; seed <= seeds; ++seed) {
        const AdjustedFigure f = figure(static_cast<std::uint64_t>(seed));
        s.mean += f.value / seeds;
        squares += f.value * f.value / seeds;
        s.stated += f.standard_error / seeds;
        const Interval i = f.interval();
        s.covered += (i.low < truth && truth < i.high) * 1.0 / seeds;
    }
    s.sd = std::sqrt((squares - s.mean * s.mean) * seeds / (seeds - 1));
    return s;
}

Spread over_seeds(int seeds, std::size_t replicates, double truth, const std::function<double(const double*, double, double)>& cost, const std::function<AdjustedFigure(const Adjusted&)>& figure) {
    return over_seeds(seeds, truth, [&](std::uint64_t seed) { return figure(World(seed, replicates, cost).adjusted()); });
}

const double log_variance = 0.01 * (0.49 + 0.16 + 0.09 + 0.01 + 0.25);
double log_quantile(double p) { return 1000 * std::exp(std::sqrt(log_variance) * inverse_normal(p)); }
double normal(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

constexpr int seeds = 100;
void check(const Spread& s, double truth, double bias) {
    CHECK(s.mean == Approx(truth).margin(4 * s.sd / std::sqrt(seeds) + bias));
    CHECK(s.sd / s.stated == Approx(1).margin(4 / std::sqrt(2.0 * seeds) + 0.05));  // emulators share replicates
    CHECK(s.covered > 0.95 - 4 * std::sqrt(0.05 * 0.95 / seeds));
}

}  // namespace

TEST_CASE("an adjusted mean is unbiased, and its error is the spread over many runs, within 4 standard errors", "[adjusted]") {
    const auto mean = [](const Adjusted& a) { return a.mean(); };
    check(over_seeds(seeds, 200, 130, bent, mean), 130, 0);
    check(over_seeds(seeds, 200, 1000 * std::exp(log_variance / 2), lognormal, mean), 1000 * std::exp(log_variance / 2), 0);
}

TEST_CASE("adjusted quantiles, reserve, shortfall and breach are those of the law, and their errors the spread over many runs, within 4 standard errors", "[adjusted]") {
    const double s = std::sqrt(log_variance), z = inverse_normal(0.95), worst = 1000 * std::exp(log_variance / 2) * normal(s - z) / 0.05;
    // The bias of a quantile from 200 replicates is of the order of a hundredth of its error.
    const auto figure = [&](double truth, const std::function<AdjustedFigure(const Adjusted&)>& of) { check(over_seeds(seeds, 200, truth, lognormal, of), truth, 0.5); };
    figure(log_quantile(0.05), [](const Adjusted& a) { return a.quantile(0.05); });
    figure(log_quantile(0.5), [](const Adjusted& a) { return a.quantile(0.5); });
    figure(log_quantile(0.95), [](const Adjusted& a) { return a.quantile(0.95); });
    figure(log_quantile(0.95) - log_quantile(0.5), [](const Adjusted& a) { return a.reserve(0.95); });
    figure(worst, [](const Adjusted& a) { return a.shortfall(0.95); });
    const Spread breach = over_seeds(seeds, 200, 0.1, lognormal, [](const Adjusted& a) { return a.breach(log_quantile(0.9)); });
    check(breach, 0.1, 0);
}

TEST_CASE("an emulator that is wrong biases neither mean nor breach", "[adjusted]") {
    // What matters is a product, of which sums of functions of one parameter know nothing.
    const auto crossed = [](const double* z, double, double luck) { return 1000 + 50 * z[0] * z[1] + luck; };
    check(over_seeds(seeds, 100, 1000, crossed, [](const Adjusted& a) { return a.mean(); }), 1000, 0);
    check(over_seeds(seeds, 100, 0.5, crossed, [](const Adjusted& a) { return a.breach(1000); }), 0.5, 0);
}

TEST_CASE("effective replicates are the variance over what the emulator leaves of it, and the law's error", "[adjusted]") {
    const double mean = World(3, 2000, lognormal, 8192).adjusted().mean().effective_replicates / 2000;
    CHECK(mean > 2);
    CHECK(mean < 2.6);  // one of four parts of the variance is luck, the three others are left to 8,192 draws: 1 / (1/4 + 3/4 * 2000 / 8192)
    const double top = World(3, 2000, lognormal, 8192).adjusted().quantile(0.95).effective_replicates / 2000;
    CHECK(top > 1.3);
    CHECK(top < mean);
}

namespace {

/// Values of the second of three counties, which follow the factor of that county; the mean over all tells a part of it.
struct Counties : World {
    std::vector<double> of_county, mean;

    Counties(std::uint64_t seed, std::size_t replicates) : World(seed, replicates, lognormal) {
        for (std::size_t r = 0; r < replicates; ++r) {
            const Draws own(seed, Purpose::county_income, static_cast<std::uint32_t>(r), 7);
            const double others[2] = {inverse_normal(unit(own.bits(0))), inverse_normal(unit(own.bits(1)))};
            of_county.insert(of_county.end(), {others[0], factor[r], others[1]});
            mean.push_back((others[0] + factor[r] + others[1]) / 3);
            value[r] *= std::exp(0.2 * factor[r]);
        }
    }
    Drawn by_county() const {
        Drawn d = drawn();
        d.systemic_mean = mean;
        d.county_mean = of_county;
        d.law_county_mean = law_factor;
        d.counties = 3;
        return d;
    }
};

}  // namespace

TEST_CASE("figures of a county are adjusted by what its own factors were", "[adjusted]") {
    const Counties w(3, 400);
    const Adjustment adjust(w.by_county());
    const double own = adjust(w.value, adjust.county(1)).mean().effective_replicates, common = adjust(w.value).mean().effective_replicates;
    CHECK(own > 2 * common);
    CHECK(adjust(w.value, adjust.county(0)).mean().effective_replicates < common);
    CHECK_THROWS_WITH(adjust.county(3), contains("county 3 of 3"));
    // The same as where its factor is the only one; where no county's is told, that is all there is to know.
    const Adjustment alone(w.drawn());
    const double top = alone(w.value).quantile(0.95).value;
    CHECK(adjust(w.value, adjust.county(1)).quantile(0.95).value == Approx(top).epsilon(1e-12));
    CHECK(alone(w.value, alone.county(1)).quantile(0.95).value == top);
}

TEST_CASE("adjusted means of a county are unbiased, and their errors the spread over many runs, within 4 standard errors", "[adjusted]") {
    const double truth = 1000 * std::exp((log_variance + (0.21 * 0.21 - 0.0001)) / 2);
    const auto mean = [](std::uint64_t seed) {
        const Counties w(seed, 200);
        const Adjustment adjust(w.by_county());
        return adjust(w.value, adjust.county(1)).mean();
    };
    check(over_seeds(seeds, truth, mean), truth, 0);
}

TEST_CASE("parameters that tell nothing cost little, also where there are more of them than replicates", "[adjusted]") {
    const auto luck = [](const double*, double, double luck) { return 1e6 * luck; };
    const double effective = World(5, 30, luck).adjusted().mean().effective_replicates;
    CHECK(effective > 18);
    CHECK(effective < 45);
}

TEST_CASE("values that are all the same have no error, and no reserve", "[adjusted]") {
    const Adjusted a = World(5, 50, [](const double*, double, double) { return 7.0; }).adjusted();
    for (const AdjustedFigure& f : {a.mean(), a.quantile(0.3), a.shortfall(0.95)}) {
        CHECK(f.value == 7);
        CHECK(f.standard_error == 0);
        CHECK(f.effective_replicates == 50);
    }
    CHECK(a.reserve(0.95).value == 0);
    CHECK(a.breach(6.9).value == 1);
    CHECK(a.breach(7).value == 0);
}

TEST_CASE("figures of values in another unit, or of the other sign, are the same in that unit and of that sign", "[adjusted]") {
    const World one(8, 200, lognormal);
    World hundred = one;
    for (double& v : hundred.value) v *= 100;
    const Adjusted a = one.adjusted(), b = hundred.adjusted();
    for (const double p : {0.05, 0.5, 0.99}) CHECK(b.quantile(p).value == Approx(100 * a.quantile(p).value).epsilon(1e-6));
    CHECK(b.shortfall(0.9).standard_error == Approx(100 * a.shortfall(0.9).standard_error).epsilon(1e-6));
    World other = World(8, 200, bent);
    const Adjusted c = other.adjusted();
    for (double& v : other.value) v = -v;
    const Adjusted d = other.adjusted();
    CHECK(d.mean().value == Approx(-c.mean().value));
    CHECK(d.quantile(0.2).value == Approx(-c.quantile(0.8).value).epsilon(1e-6));
    CHECK(d.quantile(0.2).standard_error == Approx(c.quantile(0.8).standard_error).epsilon(1e-6));
}

TEST_CASE("the mean of the worst lies over the quantile, and a budget at the quantile is gone over by what is left", "[adjusted]") {
    const Adjusted a = World(9, 400, lognormal).adjusted();
    for (const double p : {0.5, 0.9, 0.95, 0.99}) {
        CHECK(a.shortfall(p).value > a.quantile(p).value);
        CHECK(a.breach(a.quantile(p).value).value == Approx(1 - p).margin(0.02));
        if (p > 0.5) CHECK(a.reserve(p).value == Approx(a.quantile(p).value - a.quantile(0.5).value));
    }
}

TEST_CASE("where values heap up at one, quantile and reserve are those of the replicates", "[adjusted]") {
    // A programme of which three of four replicates pay nothing.
    const Adjusted a = World(11, 200, [](const double* z, double, double luck) { return z[0] + 0.1 * luck > 0.7 ? 1e6 * std::exp(z[1]) : 0; }).adjusted();
    CHECK(a.quantile(0.5).value == 0);
    CHECK(a.quantile(0.05).value == 0);
    CHECK(a.quantile(0.95).value > 0);
    CHECK(a.reserve(0.95).value > 0);
    const Adjusted one = World(12, 50, [](const double* z, double, double) { return z[0] > 2 ? 1e9 : 0; }).adjusted();
    CHECK(one.quantile(0.5).value == 0);
}

TEST_CASE("tables that no run can have end in no crash and no endless search", "[adjusted]") {
    World w(1, 30, lognormal);
    for (std::size_t k = 0; k < w.law_factor.size(); ++k) w.law_factor[k] = k == 0 ? 1e-300 : 0;
    w.factor[3] = 1e12;
    w.law_parameter[0] = -1e300;
    const Adjusted a = w.adjusted();
    CHECK(a.mean().replicates == 30);
    CHECK(a.quantile(0.95).replicates == 30);
    CHECK(a.reserve(0.95).replicates == 30);
    CHECK(a.shortfall(0.95).replicates == 30);
}

TEST_CASE("values of another number of replicates are refused", "[adjusted]") {
    const World w(1, 30, lognormal);
    const Adjustment adjust(w.drawn());
    CHECK_THROWS_WITH(adjust(std::vector<double>(29, 1.0)), contains("29 values, and 30 replicates"));
}
