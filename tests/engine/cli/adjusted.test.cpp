#include "catch.hpp"
#include "random/math.hpp"
#include "random/philox.hpp"
#include "cli/adjusted.hpp"

#include <cmath>

using namespace doudi;
using doudi::cli::Adjustment;

namespace {

constexpr std::size_t scores = 40;

/// Values of mean 1,030 a replicate: lines and a bend in three of 40 scores, one factor, and luck of standard deviation 5; in hundredths.
struct Drawn {
    std::vector<double> score, factor;
    std::vector<std::int64_t> value;

    Drawn(std::uint64_t seed, std::size_t replicates) {
        for (std::size_t r = 0; r < replicates; ++r) {
            const auto normal = [&](std::uint32_t k) { return inverse_normal(unit(Draws(seed, Purpose::parameter, static_cast<std::uint32_t>(r), 7).bits(k))); };
            for (std::uint32_t k = 0; k < scores; ++k) score.push_back(normal(k));
            factor.push_back(normal(scores));
            const double* const z = &score[r * scores];
            value.push_back(std::llround(100 * (1000 + 30 * z[0] - 20 * z[1] + 30 * z[2] * z[2] + 10 * factor[r] + 5 * normal(scores + 1))));
        }
    }
    Adjustment::Mean mean() const { return Adjustment(Adjustment::controls(score, factor, value.size()))(value); }
};

}  // namespace

TEST_CASE("an adjusted mean is unbiased, and its error is the spread over many runs, within 4 standard errors", "[adjusted]") {
    constexpr int seeds = 150;
    double sum = 0, squares = 0, errors = 0;
    int covered = 0;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        const Adjustment::Mean m = Drawn(seed, 200).mean();
        sum += m.mean / 100;
        squares += m.mean * m.mean / 1e4;
        errors += m.standard_error / 100 / seeds;
        covered += m.interval.low < 103'000 && 103'000 < m.interval.high;
    }
    const double mean = sum / seeds, sd = std::sqrt((squares - seeds * mean * mean) / (seeds - 1));
    CHECK(mean == Approx(1030).margin(4 * sd / std::sqrt(seeds)));
    CHECK(sd / errors == Approx(1).margin(4 / std::sqrt(2.0 * seeds) + 0.03));  // slopes share replicates
    CHECK(covered > seeds * (0.95 - 4 * std::sqrt(0.05 * 0.95 / seeds)));
}

TEST_CASE("effective replicates are the variance over what the controls leave of it", "[adjusted]") {
    const double factor = Drawn(3, 2000).mean().effective_replicates / 2000;
    CHECK(factor > 60);
    CHECK(factor < 129);  // (900 + 400 + 2 * 900 + 100 + 25) / 25, were the slopes known
}

TEST_CASE("controls that tell nothing cost little, also where there are more of them than replicates", "[adjusted]") {
    Drawn d(5, 30);
    for (std::size_t r = 0; r < d.value.size(); ++r) d.value[r] = std::llround(1e6 * inverse_normal(unit(Draws(9, Purpose::parameter, static_cast<std::uint32_t>(r), 8).bits(0))));
    CHECK(d.mean().effective_replicates > 20);
    CHECK(d.mean().effective_replicates < 45);
}

TEST_CASE("values that are all the same have no error", "[adjusted]") {
    Drawn d(5, 50);
    d.value.assign(50, 7);
    const Adjustment::Mean m = d.mean();
    CHECK(m.mean == 7);
    CHECK(m.standard_error == 0);
    CHECK(m.effective_replicates == 50);
}

TEST_CASE("controls leave out scores that do not move, and hold their squares less the mean", "[adjusted]") {
    const Eigen::MatrixXd x = Adjustment::controls({1, 5, 0, 3, 5, 2, -1, 5, 4}, {0.5, 0.25, 0}, 3);  // the second score is fixed
    REQUIRE(x.rows() == 3);
    REQUIRE(x.cols() == 5);
    CHECK(x(1, 0) == 3);
    CHECK(x(2, 1) == 4);
    CHECK(x(1, 2) == 2);      // (9 - 1) / 4
    CHECK(x(0, 3) == -0.25);  // (0 - 1) / 4
    CHECK(x(1, 4) == 0.25);
}
