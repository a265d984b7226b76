#include "catch.hpp"
#include "plans.hpp"
#include "simulate/parallel.hpp"
#include "simulate/simulate.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <numeric>
#include <stdexcept>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

using namespace doudi;

TEST_CASE("every item is done once on any number of threads, more than there are processors or items", "[parallel]") {
    for (const int threads : {1, 2, 3, 7, 16}) {
        std::vector<int> done(1000, 0);
        std::atomic<int> strange{0};
        parallel_for(1000, threads, [&](int item, int thread) {
            ++done[static_cast<std::size_t>(item)];
            if (thread < 0 || thread >= threads) ++strange;
        });
        CHECK(std::count(done.begin(), done.end(), 1) == 1000);
        CHECK(strange == 0);
    }
    parallel_for(0, 4, [](int, int) { FAIL("there is no item"); });
}

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
TEST_CASE("a planted race, which `make race` must find before it believes that there is no other", "[.][planted]") {
    int sum = 0;
    parallel_for(100'000, 4, [&](int item, int) { sum += item; });
    CHECK(sum != 1);
}
#endif
#endif

#if defined(__SANITIZE_THREAD__)
#define DOUDI_FORKS 0
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define DOUDI_FORKS 0
#endif
#endif
#ifndef DOUDI_FORKS
TEST_CASE("a forked child has loops of its own, on as many threads", "[parallel]") {
    parallel_for(100, 4, [](int, int) {});
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        ::alarm(60);  // a loop that waits for threads which the child does not have ends so
        std::atomic<int> sum{0}, strange{0};
        parallel_for(1000, 4, [&](int item, int thread) {
            sum += item;
            if (thread < 0 || thread >= 4) ++strange;
        });
        ::_exit(sum == 499'500 && strange == 0 ? 0 : 1);
    }
    int status = -1;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
}
#endif

TEST_CASE("the pieces of an errand are done once each within later loops or when it is settled, and the last one after them", "[parallel]") {
    for (const int threads : {1, 2, 7}) {
        std::vector<std::atomic<int>> done(20);
        std::atomic<int> items{0}, ended{0}, before_last{-1};
        Errand errand;
        for (int round = 1; round <= 2; ++round) {
            std::vector<Errand::Piece> pieces;
            for (auto& piece : done) pieces.emplace_back([&] { ++piece, ++ended; });
            errand.give(std::move(pieces), [&] { before_last = ended.load(); });
            parallel_for(100, threads, [&](int, int) { ++items; }, &errand);
            CHECK(items == 100 * round);
            CHECK(ended > 20 * (round - 1));  // the first thread to come takes a piece before an item
            errand.settle();
            CHECK(before_last == 20 * round);
            CHECK(std::all_of(done.begin(), done.end(), [&](const auto& times) { return times == round; }));
        }
        parallel_for(0, threads, [](int, int) {}, &errand);
        CHECK(ended == 40);
    }
    std::vector<int> left;
    {
        Errand errand;
        errand.give({[&] { left.push_back(1); }}, [&] { left.push_back(2); });
    }
    CHECK(left == std::vector<int>{1, 2});
}

TEST_CASE("what goes wrong in an errand is thrown where it is settled, and the pieces that were not begun are dropped", "[parallel]") {
    Errand errand;
    std::atomic<int> after{0}, items{0};
    errand.give({[] { throw std::runtime_error("disk"); }}, [&] { ++after; });
    parallel_for(10, 3, [&](int, int) { ++items; }, &errand);
    CHECK(items == 10);
    CHECK_THROWS_WITH(errand.settle(), "disk");
    errand.settle();
    CHECK(after == 0);
    errand.give({}, [] { throw std::runtime_error("sync"); });
    CHECK_THROWS_WITH(errand.settle(), "sync");
}

TEST_CASE("of several exceptions the one of the lowest item is thrown, after all items have ended", "[parallel]") {
    std::atomic<int> ended{0};
    try {
        parallel_for(100, 7, [&](int item, int) {
            ++ended;
            if (item == 31 || item == 60) throw std::runtime_error(std::to_string(item));
        });
        FAIL("nothing was thrown");
    } catch (const std::runtime_error& e) {
        CHECK(std::string(e.what()) == "31");
    }
    CHECK(ended == 100);
}

TEST_CASE("1, 2, 3, 7 and 16 threads give the same tallies of a county", "[parallel][invariants]") {
    const Plan plan = small_plan({"reforms/subsidies-80.toml", "reforms/monitoring.toml"}, 3, {220623}, 0.4);
    const SharedDraws shared = shared_draws(plan);
    const Tally one = simulate_county(plan, shared, 0, 1);
    REQUIRE(std::accumulate(one.cost.begin(), one.cost.end(), Fen{0}) > 0);
    for (const int threads : {2, 3, 7, 16}) {
        const Tally many = simulate_county(plan, shared, 0, threads);
        CHECK(many.cost == one.cost);
        CHECK(many.recipients == one.recipients);
        CHECK(many.households == one.households);
        CHECK(many.category_households == one.category_households);
        CHECK(many.dibao_single == one.dibao_single);
    }
}

TEST_CASE("a county stops when another thread asks for it", "[parallel]") {
    const Plan plan = small_plan({"jilin-2024.toml"}, 200, {220182});
    const SharedDraws shared = shared_draws(plan);
    std::atomic<bool> stop{false};
    std::thread other([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        stop = true;
    });
    simulate_county(plan, shared, 0, 3, &stop);
    other.join();
    CHECK(stop);
}
