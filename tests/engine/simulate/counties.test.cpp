#include "catch.hpp"
#include "plans.hpp"
#include "simulate/counties.hpp"

#include <atomic>
#include <stdexcept>

using namespace doudi;

namespace {

const std::vector<int> eight{220623, 222402, 220605, 222403, 220503, 220602, 222405, 222406};

}  // namespace

TEST_CASE("counties are handed over in their order with the tallies of one thread, whoever simulates them", "[parallel]") {
    const Plan plan = small_plan({"jilin-2024.toml", "reforms/dibao-plus-5.toml"}, 3, eight, 0.02);
    const SharedDraws shared = shared_draws(plan);
    REQUIRE_FALSE(one_county_a_thread(plan, 1));
    for (const int threads : {1, 2, 3, 4}) {
        CHECK(one_county_a_thread(plan, threads) == (threads > 1));
        std::vector<std::size_t> order, begun;
        each_county(plan, shared, threads, [&](std::size_t c) { begun.push_back(c); }, [&](std::size_t c, const Tally& tally) {
            order.push_back(c);
            const Tally alone = simulate_county(plan, shared, c, 1);
            CHECK(tally.cost == alone.cost);
            CHECK(tally.category_households == alone.category_households);
        });
        CHECK(order == std::vector<std::size_t>{0, 1, 2, 3, 4, 5, 6, 7});
        CHECK(begun.size() == 8);
    }
    CHECK_FALSE(one_county_a_thread(small_plan({"jilin-2024.toml"}, 3, eight), 2));       // whole counties
    CHECK_FALSE(one_county_a_thread(small_plan({"jilin-2024.toml"}, 3, {220623}, 0.02), 2));  // fewer than two a thread
}

TEST_CASE("a county that cannot be taken ends the others and is what is thrown, and a stop ends them without it", "[parallel]") {
    const Plan plan = small_plan({"jilin-2024.toml"}, 2, eight, 0.02);
    const SharedDraws shared = shared_draws(plan);
    for (const int threads : {1, 3}) {
        std::size_t taken = 0;
        CHECK_THROWS_WITH(each_county(plan, shared, threads, [](std::size_t) {}, [&](std::size_t c, const Tally&) {
            if (c == 2) throw std::runtime_error("no room for it");
            ++taken;
        }), "no room for it");
        CHECK(taken == 2);
        std::atomic<bool> stop{false};
        taken = 0;
        each_county(plan, shared, threads, [](std::size_t) {}, [&](std::size_t c, const Tally&) {
            ++taken;
            if (c == 1) stop = true;
        }, &stop);
        CHECK(taken == 2);
    }
}
