#include "catch.hpp"

#include "base/error.hpp"
#include "results/estimates.hpp"
#include "results/precision.hpp"
#include "results/split.hpp"

#include <cmath>
#include <limits>
#include <numeric>

using namespace doudi;

namespace {
std::vector<std::int64_t> ladder(int n) {
    std::vector<std::int64_t> v(static_cast<std::size_t>(n));
    std::iota(v.begin(), v.end(), 1);
    return v;
}
}  // namespace

TEST_CASE("Student's quantile, the binomial distribution and both intervals are SciPy's 1.17", "[results]") {
    CHECK(student_quantile(0.975, 1) == Approx(12.706204736174694).epsilon(1e-8));
    CHECK(student_quantile(0.975, 2) == Approx(4.302652729749462).epsilon(1e-8));
    CHECK(student_quantile(0.975, 3) == Approx(3.1824463052837078).epsilon(1e-8));
    CHECK(student_quantile(0.975, 7) == Approx(2.364624251592784).epsilon(1e-8));
    CHECK(student_quantile(0.025, 39) == Approx(-2.022690920036761).epsilon(1e-8));
    CHECK(student_quantile(0.975, 199) == Approx(1.9719565442517533).epsilon(1e-8));
    CHECK(binomial_cdf(200, 0.95)[180] == Approx(0.0026645795498294743));
    CHECK(binomial_cdf(200, 0.95)[195] == Approx(0.9735531999908801));
    CHECK(binomial_cdf(10, 0.3)[3] == Approx(0.6496107184000002));
    CHECK(proportion_interval(0, 20).high == Approx(0.16843347098308548));
    CHECK(proportion_interval(7, 200).low == Approx(0.014185525898385922));
    CHECK(proportion_interval(7, 200).high == Approx(0.0707809983509546));
    CHECK(proportion_interval(200, 200).low == Approx(0.9817246596448512));
    // scipy.stats.quantile_test(range(1, n + 1), q=0, p=p).confidence_interval(0.95)
    CHECK(quantile_interval(ladder(200), 0.95).low == 184);
    CHECK(quantile_interval(ladder(200), 0.95).high == 197);
    CHECK(quantile_interval(ladder(200), 0.5).low == 86);
    CHECK(quantile_interval(ladder(200), 0.5).high == 115);
    CHECK(quantile_interval(ladder(50), 0.95).low == 44);
    CHECK(std::isinf(quantile_interval(ladder(50), 0.95).high));
}

TEST_CASE("risk figures are those of the replicates", "[results]") {
    const Risk r = risk(ladder(100), 90.5, 0.95);
    CHECK(r.breach == Approx(0.10));
    CHECK(r.quantile == Approx(95.05));
    CHECK(r.reserve == Approx(95.05 - 50.5));
    CHECK(r.shortfall == Approx((100 + 99 + 98 + 97 + 96) / 5.0));
    CHECK(r.breach_interval.low < 0.10);
    CHECK(r.breach_interval.high > 0.10);
    CHECK(r.shortfall_error > 0);
    CHECK(risk({7}, 10, 0.95).shortfall == Approx(7));
}

TEST_CASE("three levels pay their share rounded down and the county what is left, so that a split adds up to the fen", "[results]") {
    const std::array<std::int64_t, 4> third{3333, 3333, 3334, 0};
    CHECK(split<4>(1, third) == std::array<Fen, 4>{0, 0, 0, 1});
    CHECK(split<4>(100, {5000, 2500, 0, 2500}) == std::array<Fen, 4>{50, 25, 0, 25});
    CHECK(split<4>(3, {5000, 2500, 0, 2500}) == std::array<Fen, 4>{1, 0, 0, 2});  // 1.5, 0.75, 0 and 0.75 of 3 fen
    CHECK(split<4>(-3, {5000, 2500, 0, 2500}) == std::array<Fen, 4>{-1, 0, 0, -2});
    for (Fen amount : {0LL, 1LL, 9999LL, 123456789012345LL, 900000000000000000LL, -77LL})
        for (const auto& share : {third, std::array<std::int64_t, 4>{1, 2, 3, 9994}, std::array<std::int64_t, 4>{0, 0, 0, 10000}}) {
            const auto part = split<4>(amount, share);
            CHECK(std::accumulate(part.begin(), part.end(), Fen{0}) == amount);
            for (std::size_t i = 0; i < 3; ++i)
                CHECK(std::abs(static_cast<long double>(part[i]) - static_cast<long double>(amount) * static_cast<long double>(share[i]) / 10000) < 1);
            CHECK(std::abs(static_cast<long double>(part[3]) - static_cast<long double>(amount) * static_cast<long double>(share[3]) / 10000) < 3);
        }
}

TEST_CASE("a cell is published, used with caution or suppressed by its error and by who stands behind it", "[results]") {
    CHECK(grade(0.01, 5000) == Grade::publish);
    CHECK(grade(0.06, 5000) == Grade::caution);
    CHECK(grade(0.01, 60) == Grade::caution);
    CHECK(grade(0.21, 5000) == Grade::suppress);
    CHECK(grade(0.01, 19) == Grade::suppress);
    CHECK(grade(0.01, 150, 0.01) == Grade::caution);  // a sample of 150 persons is 8 % off by itself
    CHECK(grade(0, 0) == Grade::publish);
    CHECK(grade(std::numeric_limits<double>::quiet_NaN(), 5000) == Grade::suppress);
}

TEST_CASE("one replicate says nothing of a spread, and its figure is not passed on", "[results]") {
    const Estimate e = estimate({500});
    CHECK(e.mean == 500);
    CHECK(std::isnan(e.sd));
    CHECK(std::isnan(e.standard_error));
    for (const Interval& i : {e.mean_interval, e.q05_interval, e.median_interval, e.q95_interval}) CHECK((std::isinf(i.low) && std::isinf(i.high)));
    CHECK(std::isnan(risk({500}, 400, 0.95).shortfall_error));
    CHECK(grade(relative_error(e), 5000) == Grade::suppress);
    CHECK(grade(relative_error(estimate({0})), 0) == Grade::suppress);  // a zero of one replicate is not a zero of all
    CHECK(grade(relative_error(estimate({0, 0})), 0) == Grade::publish);
}

TEST_CASE("a precision is read as a budget officer writes it, and a wrong one is shown an example", "[results]") {
    const auto list = parse_precisions("total.q95 within 0.5%, difference.dibao.mean within 1000 yuan,temporary.median within 2 %,adjusted  difference.mean within 1%");
    REQUIRE(list.size() == 4);
    CHECK_FALSE(list[0].adjusted);
    CHECK(list[3].adjusted);
    CHECK(list[3].quantity == "difference");
    CHECK_FALSE(list[3].reached(ladder(2000)).yes());  // without what was drawn
    CHECK(list[0].quantity == "total");
    CHECK(list[0].statistic == "q95");
    CHECK(list[0].level == Approx(0.95));
    CHECK(list[0].share == Approx(0.005));
    CHECK(list[1].quantity == "difference.dibao");
    CHECK(list[1].level < 0);
    CHECK(list[1].fen == Approx(100000));
    CHECK(list[2].level == Approx(0.5));
    for (const char* wrong : {"", "total", "total.q95", "total.q95 within 0%", "total.q0 within 1%", "total.best within 1%", "total.q95 within 1% please", "adjusted within 1%"})
        CHECK_THROWS_WITH(parse_precisions(wrong), contains("total.q95 within 0.5%"));
    CHECK(list[0].reached(ladder(200)).half_width == Approx(6.5));
    CHECK_FALSE(list[0].reached(ladder(200)).yes());
    CHECK_FALSE(list[0].reached(ladder(50)).yes());  // no upper end yet
}

TEST_CASE("a run looks again after as many replicates as its precision will take") {
    const double unknown = std::numeric_limits<double>::infinity();
    CHECK(next_look(0, 0) == 100);
    CHECK(next_look(100, unknown) == 200);
    CHECK(next_look(100, 1.5) == 250);   // 1.1 times 2.25
    CHECK(next_look(100, 1.001) == 150);  // at least a quarter more, in fifties
    CHECK(next_look(1000, 1.001) == 1250);
    CHECK(next_look(100, 9) == 400);
    CHECK(next_look(400, 1.5) == 1000);
    CHECK(next_look(1'000'000'000, 9) == 1'000'000'000);
    CHECK(Precision::Reached{.value = 0, .half_width = 0, .wanted = 0}.ratio() == 0);
    CHECK(Precision::Reached{.value = 0, .half_width = 1, .wanted = 0}.ratio() == unknown);
    CHECK(Precision::Reached{.value = 9, .half_width = 3, .wanted = 2}.ratio() == 1.5);
}
