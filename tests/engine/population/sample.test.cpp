#include "catch.hpp"
#include "plans.hpp"
#include "population/family.hpp"
#include "random/permute.hpp"
#include "simulate/cell.hpp"
#include "simulate/sample.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

using namespace doudi;

namespace {

struct Sampled {
    std::vector<std::uint64_t> ids;
    std::map<std::array<int, 3>, int> by_type;  ///< size, members of 65+, children
};

Sampled drawn(const County& county, const Sample& sample, std::uint64_t seed = 5) {
    const CellMargins m = margins_of(county).cell[1];
    const Layout layout = layout_of(m);
    Sampled result;
    const Cell cell = generate_block(seed, county, Residence::rural, m, layout, 0, unit_count(m, layout), sample);
    for (const Family& f : cell.families) {
        result.ids.push_back(f.id);
        if (f.collective) continue;
        int aged = 0, children = 0;
        for (std::uint32_t i = f.first; i < f.first + f.size; ++i) {
            aged += cell.people[i].age_months >= 65 * 12;
            children += cell.people[i].age_months < 15 * 12;
        }
        ++result.by_type[{f.size, aged, children}];
    }
    std::sort(result.ids.begin(), result.ids.end());
    return result;
}

}  // namespace

TEST_CASE("a permutation can be undone", "[random]") {
    for (const std::uint64_t n : {1ull, 2ull, 5ull, 64ull, 1000ull, 70001ull}) {
        const Permutation p(Draws(7, Purpose::permutation, 0, n), 0, n);
        for (std::uint64_t i = 0; i < n; ++i) {
            REQUIRE(p.inverse(p(i)) == i);
            REQUIRE(p(p.inverse(i)) == i);
        }
    }
}

TEST_CASE("a sample of families takes its share of every kind of family, to a family", "[population][sample]") {
    const Plan plan = small_plan({"jilin-2024.toml"}, 1, {220182});
    const double share = 0.03;
    const Sampled whole = drawn(plan.counties[0], {}), part = drawn(plan.counties[0], {.share = share});
    CHECK(std::abs(static_cast<double>(part.ids.size()) - share * static_cast<double>(whole.ids.size())) <= 1);
    CHECK(whole.by_type.size() > 20);
    for (const auto& [type, count] : whole.by_type) {
        const auto found = part.by_type.find(type);
        CHECK(std::abs((found == part.by_type.end() ? 0 : found->second) - share * count) <= 1);
    }
    CHECK(std::includes(whole.ids.begin(), whole.ids.end(), part.ids.begin(), part.ids.end()));
}

TEST_CASE("the groups of a sample are disjoint, alike in size, and together the sample", "[population][sample]") {
    const Plan plan = small_plan({"jilin-2024.toml"}, 1, {220623});
    const Sampled all = drawn(plan.counties[0], {.share = 0.2});
    std::vector<std::uint64_t> together;
    for (int g = 0; g < 5; ++g) {
        const Sampled group = drawn(plan.counties[0], {.share = 0.2, .group = g, .groups = 5});
        CHECK(std::abs(static_cast<double>(group.ids.size()) - static_cast<double>(all.ids.size()) / 5) <= 1);
        together.insert(together.end(), group.ids.begin(), group.ids.end());
    }
    std::sort(together.begin(), together.end());
    CHECK(together == all.ids);
}

TEST_CASE("seeds start the sample elsewhere: over many of them every place is as likely", "[population][sample]") {
    const Plan plan = small_plan({"jilin-2024.toml"}, 1, {220623});
    const CellMargins m = margins_of(plan.counties[0]).cell[1];
    const Layout layout = layout_of(m);
    // The first place of the layout is taken when the start is over 1 - share: binomial, 400 seeds, 4 standard errors.
    int taken = 0;
    for (std::uint64_t seed = 0; seed < 400; ++seed) taken += static_cast<int>(generate_block(seed, plan.counties[0], Residence::rural, m, layout, 0, 1, {.share = 0.3}).families.size());
    CHECK(std::abs(taken - 120) < 4 * std::sqrt(400 * 0.3 * 0.7));
}

TEST_CASE("the error of a sample is that of its groups", "[results][sample]") {
    SampleGroups g{.groups = 2, .counties = 2, .scenarios = 1, .programmes = 1, .replicates = 2, .share = 0.19, .cost = {100, 50, 140, 20}};
    // county 0: 100 and 140, variance of their mean 800 / 2 = 400; county 1: 50 and 20, 450 / 2 = 225; (1 - share) = 0.81.
    CHECK(g.error([&](std::size_t group, std::size_t county) { return static_cast<double>(g.at(group, county, 0, 0)); }) == Approx(0.9 * 25 / 2));
}

TEST_CASE("a sample misses the whole by what its stated error says", "[invariants][sample]") {
    constexpr int seeds = 24, replicates = 4;
    double sum = 0, squares = 0;
    for (int seed = 1; seed <= seeds; ++seed) {
        double mean[2] = {}, error = 0;
        for (const int whole : {0, 1}) {
            Plan plan = small_plan({"jilin-2024.toml"}, replicates, {220623, 222402}, whole == 1 ? 1.0 : 0.05);
            plan.seed = static_cast<std::uint64_t>(seed);
            const SharedDraws shared = shared_draws(plan);
            SampleGroups groups = make_sample_groups(plan);
            for (std::size_t c = 0; c < plan.counties.size(); ++c) {
                for (const Fen fen : simulate_county(plan, shared, c, 0).cost) mean[whole] += static_cast<double>(fen) / replicates;
                if (whole == 0) simulate_sample_groups(plan, shared, c, 0, nullptr, groups);
            }
            if (whole == 0)
                error = groups.error([&](std::size_t g, std::size_t c) {
                    double cost = 0;
                    for (std::size_t p = 0; p < groups.programmes; ++p) cost += static_cast<double>(groups.at(g, c, 0, p));
                    return cost;
                });
        }
        REQUIRE(error > 0);
        const double score = (mean[0] - mean[1]) / error;
        sum += score;
        squares += score * score;
    }
    // Scores near standard normal: 4 standard errors of their mean, 1 / sqrt(24), and of their root mean square, 1 / sqrt(48).
    CHECK(std::abs(sum / seeds) < 4 / std::sqrt(24.0));
    CHECK(std::abs(std::sqrt(squares / seeds) - 1) < 4 / std::sqrt(48.0));
}
