#include "catch.hpp"
#include "random/math_many.hpp"
#include "random/math.hpp"
#include "random/permute.hpp"
#include "random/philox_many.hpp"

#include <Random123/philox.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <set>
#include <vector>

using namespace doudi;

TEST_CASE("Philox gives the known answers of its authors", "[random]") {
    CHECK(philox({0, 0, 0, 0}, {0, 0}) == Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
    CHECK(philox({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}) ==
          Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
}

TEST_CASE("Philox agrees with the Random123 library on many counters", "[random]") {
    r123::Philox4x32 oracle;
    for (std::uint32_t i = 0; i < 5000; ++i) {
        const std::uint32_t a = i * 2654435761u, b = i ^ 0x9e3779b9u;
        const auto want = oracle({{a, b, a ^ b, i}}, {{b, a}});
        CHECK(philox({a, b, a ^ b, i}, {b, a}) == Words{want[0], want[1], want[2], want[3]});
    }
}

TEST_CASE("many draws at once are those drawn one by one", "[random]") {
    constexpr std::size_t n = 48;
    const std::uint64_t seed = 0x1234567890abcdefull, subject = (std::uint64_t{220102} << 32) + 77;
    std::vector<std::uint32_t> c0, c1, words(4 * n);
    for (std::uint32_t k = 0; k < n; ++k) {
        c0.push_back(counter0(k % 2 ? Purpose::person : Purpose::first_gap, k * k));
        c1.push_back(k * 2654435761u);
    }
    philox_many(c0.data(), c1.data(), n, subject, seed, words.data());
    for (std::uint32_t k = 0; k < n; ++k) {
        const Words one = Draws(seed, k % 2 ? Purpose::person : Purpose::first_gap, c1[k], subject).block(k * k);
        CHECK(std::equal(one.begin(), one.end(), words.begin() + 4 * k));
    }
    CHECK(whole_calls(1) == 8);
    CHECK(whole_calls(16) == 16);
    CHECK(whole_calls(33) == 40);
}

TEST_CASE("every part of an address changes the draw", "[random]") {
    const Words base = Draws(1, Purpose::shock, 2, 3).block(4);
    CHECK(base == Draws(1, Purpose::shock, 2, 3).block(4));
    CHECK(base != Draws(2, Purpose::shock, 2, 3).block(4));
    CHECK(base != Draws(1, Purpose::person, 2, 3).block(4));
    CHECK(base != Draws(1, Purpose::shock, 3, 3).block(4));
    CHECK(base != Draws(1, Purpose::shock, 2, (std::uint64_t{1} << 40) + 3).block(4));
    CHECK(base != Draws(1, Purpose::shock, 2, 3).block(5));
}

TEST_CASE("exp, log and the inverse normal agree with the C library to 1e-13", "[random]") {
    for (double x = -30; x < 30; x += 0.0371) CHECK(portable_exp(x) == Approx(std::exp(x)).epsilon(1e-13));
    for (double x = 1e-9; x < 1e9; x *= 1.37) CHECK(std::abs(portable_log(x) - std::log(x)) < 1e-13 * (1 + std::abs(std::log(x))));
    for (double z = -6; z < 6; z += 0.173) {
        const double p = 0.5 * std::erfc(-z / std::sqrt(2.0));
        CHECK(std::abs(inverse_normal(p) - z) < 1e-7);  // the C library's p itself is rounded near 1
    }
}

TEST_CASE("logarithms taken many at a time are those taken one by one, bit for bit", "[random]") {
    std::vector<double> x{1.0, std::sqrt(2.0), std::nextafter(std::sqrt(2.0), 2), std::nextafter(1.0, 0), 0x1p-33, 0x1p-1022, std::numeric_limits<double>::max()};
    for (std::uint32_t k = 0; k < 4000; ++k) x.push_back(unit(Draws(3, Purpose::shock, 0, 0).bits(k)));
    for (double y = 1e-300; y < 1e300; y *= 3.7) x.push_back(y);
    const std::size_t n = x.size();
    x.resize(whole_fours(n), 1.0);
    std::vector<double> logs(x.size());
    log_many(x.data(), x.size(), logs.data());
    for (std::size_t i = 0; i < n; ++i) {
        CAPTURE(x[i]);
        REQUIRE(std::bit_cast<std::uint64_t>(logs[i]) == std::bit_cast<std::uint64_t>(portable_log(x[i])));
    }
}

TEST_CASE("exponentials taken many at a time are those taken one by one, bit for bit", "[random]") {
    std::vector<double> x{0.0, -0.0, 0.5 * std::log(2.0), std::nextafter(0.5 * std::log(2.0), 0), -0.5 * std::log(2.0), 1.0, -1.0, 699.0, -699.0, 1e-300};
    for (std::uint32_t k = 0; k < 4000; ++k) x.push_back(40 * unit(Draws(3, Purpose::shock, 0, 0).bits(k)) - 20);
    for (double y = -690; y < 690; y += 0.37) x.push_back(y);
    const std::size_t n = x.size();
    x.resize(whole_fours(n), 0.0);
    std::vector<double> powers(x.size());
    exp_many(x.data(), x.size(), powers.data());
    for (std::size_t i = 0; i < n; ++i) {
        CAPTURE(x[i]);
        REQUIRE(std::bit_cast<std::uint64_t>(powers[i]) == std::bit_cast<std::uint64_t>(portable_exp(x[i])));
    }
}

TEST_CASE("a permutation visits every index exactly once", "[random]") {
    for (const std::uint64_t n : {1u, 2u, 3u, 17u, 64u, 1000u, 4097u}) {
        const Permutation permute(Draws(7, Purpose::permutation, 0, n), 0, n);
        std::set<std::uint64_t> seen;
        for (std::uint64_t i = 0; i < n; ++i) seen.insert(permute(i));
        CHECK(seen.size() == n);
        CHECK(*seen.rbegin() == n - 1);
    }
}
