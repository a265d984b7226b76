#include "catch.hpp"
#include "dynamics/help.hpp"
#include "dynamics/home.hpp"
#include "dynamics/shocks.hpp"
#include "random/math.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <tuple>

using namespace doudi;

namespace {

constexpr int months = 24;

/// Two adults of 40 and one of 65, in a world of means in which much happens.
struct Example {
    World world;
    Family family;
    std::array<Person, 3> people{};
    Calendar calendar{.start = {}, .burn_in = 0, .months = months, .acute_from = 9};

    Example() {
        world.seed = 7;
        world.prices = std::vector<double>(months, 1.0);
        disasters({}, 0);
        world[Assumption::employed_urban] = 0.7;
        world[Assumption::income_assessed_urban] = 1;
        world[Assumption::illness_onset] = 0.004;
        world[Assumption::illness_elderly] = 4;
        world[Assumption::disability_onset] = 0.001;
        world[Assumption::disability_elderly] = 2;
        world[Assumption::job_loss_urban] = 0.02;
        world[Assumption::reemployment] = 0.01;
        world[Assumption::death_elderly] = 0.01;
        world[Assumption::temp_other] = 0.005;
        world[Assumption::temp_acute] = 0.25;
        family.size = 3;
        family.workers = 2;
        family.illness_weight = 2;
        family.elderly = 1;
        for (Person& p : people) p = {2, 2, 2, 2, 2, 0, 0, 2, 300000, 0, 40 * 12, 0, false};
        people[0].work_score = 0.1f;
        people[2].age_months = 65 * 12;
    }

    void disasters(const std::vector<int>& in, double share) {
        world.clock.resize(1);
        for (int m = 1; m <= months; ++m) {
            const auto before = std::count_if(in.begin(), in.end(), [&](int month) { return month < m; });
            world.clock.push_back({static_cast<double>(m), static_cast<double>(m), static_cast<double>(before)});
        }
        world.disaster_hazard = -portable_log(1 - share);
        world.claimed_disaster_hazard = -portable_log(1 - share * world[Assumption::temp_acute]);
    }

    Shocks of(Stream stream, std::uint64_t id) {
        family.id = id;
        Shocks shocks;
        draw_shocks(stream, family, people.data(), world, calendar, first_shock(stream, family, world), shocks);
        return shocks;
    }
    Shocks of(std::uint64_t id) {
        Shocks shocks = of(Stream::tested, id);
        for (const Stream stream : {Stream::common, Stream::deaths}) merge(of(stream, id), shocks);
        return shocks;
    }
};

std::span<const Shock> list(const Shocks&&) = delete;  // gone before its list is read
std::span<const Shock> list(const Shocks& shocks) { return {shocks.list.data(), static_cast<std::size_t>(shocks.count)}; }

}  // namespace

TEST_CASE("a disaster of the county hits its share of the families, each family at most once and independently of the next disaster", "[dynamics][shocks]") {
    Example example;
    const double share = 0.2;
    example.disasters({0, 5, 12, 23, 24}, share);  // the last one is past the run
    constexpr int families = 40000;
    std::array<int, 25> hits{};
    int both = 0, others = 0;
    for (int id = 0; id < families; ++id) {
        const Shocks shocks = example.of(static_cast<std::uint64_t>(id));
        std::array<int, 25> mine{};
        int before = 0;
        for (const Shock& shock : list(shocks)) {
            REQUIRE(before <= shock.month);
            before = shock.month;
            if (shock.kind == Shock::Kind::disaster) ++mine[static_cast<std::size_t>(shock.month)];
            else ++others;
        }
        for (std::size_t m = 0; m < mine.size(); ++m) {
            REQUIRE(mine[m] <= 1);
            hits[m] += mine[m];
        }
        both += mine[5] * mine[12];
    }
    for (const std::size_t m : {0u, 5u, 12u, 23u}) {
        CAPTURE(m);
        CHECK(std::abs(hits[m] - families * share) < 4 * std::sqrt(families * share * (1 - share)));
    }
    CHECK(hits[0] + hits[5] + hits[12] + hits[23] == std::accumulate(hits.begin(), hits.end(), 0));
    CHECK(std::abs(both - families * share * share) < 4 * std::sqrt(families * share * share));
    // What else befalls them is a Poisson number: illness 2 + 4 weights, disability 2 + 2, one worker, one elder, emergencies.
    const double mean = families * (months * (0.004 * (2 + 4) + 0.001 * (2 + 2) + 0.02 + 0.01) + (months - 9) * 0.005);
    CHECK(std::abs(others - mean) < 4 * std::sqrt(mean));
}

TEST_CASE("shocks come in each month in proportion to its factors, whatever their kind, stream and order", "[dynamics][shocks]") {
    Example example;
    // Sickness comes in the first half of a year only, loss of work in three months of it at four times the mean.
    const auto sickness = [](int m) { return m % 12 < 6 ? 2.0 : 0.0; };
    const auto labour = [](int m) { return m % 4 == 3 ? 4.0 : 0.0; };
    for (int m = 0; m < months; ++m) {
        const World::Tick& before = example.world.clock[static_cast<std::size_t>(m)];
        example.world.clock[static_cast<std::size_t>(m) + 1] = {before.sickness + sickness(m), before.labour + labour(m), 0};
    }
    constexpr int families = 60000;
    std::array<std::array<int, 6>, months> seen{};
    int elder_ill = 0, ill = 0;
    for (std::uint64_t id = 0; id < families; ++id) {
        const Shocks shocks = example.of(id);
        for (const Shock& shock : list(shocks)) {
            ++seen[static_cast<std::size_t>(shock.month)][static_cast<std::size_t>(shock.kind)];
            REQUIRE(shocks.any(shock.kind));
            if (shock.kind != Shock::Kind::illness) continue;
            ++ill;
            elder_ill += shock.member == 2;
        }
    }
    const auto check = [&](int m, Shock::Kind kind, double rate) {
        CAPTURE(m, static_cast<int>(kind));
        const int n = seen[static_cast<std::size_t>(m)][static_cast<std::size_t>(kind)];
        CHECK(std::abs(n - families * rate) <= 4.5 * std::sqrt(families * rate));  // 120 comparisons
    };
    for (int m = 0; m < months; ++m) {
        check(m, Shock::Kind::illness, 0.004 * (2 + 4) * sickness(m));
        check(m, Shock::Kind::disability, 0.001 * (2 + 2));
        check(m, Shock::Kind::job_loss, 0.02 * labour(m));
        check(m, Shock::Kind::death, m == 0 ? 0 : 0.01);  // from the month after it
        check(m, Shock::Kind::emergency, m < example.calendar.acute_from ? 0 : 0.005);
    }
    CHECK(std::abs(elder_ill - ill * 4.0 / 6.0) < 4 * std::sqrt(ill * 4.0 / 6.0 * 2.0 / 6.0));
}

TEST_CASE("a longer run leaves the shocks of its first months as they were, to the bit", "[dynamics][shocks]") {
    Example example;
    example.disasters({3, 15}, 0.3);
    for (std::uint64_t id = 0; id < 3000; ++id) {
        example.calendar.months = months;
        const Shocks whole = example.of(id);
        for (const int until : {1, 7, 9, 12, 18}) {
            example.calendar.months = until;
            const Shocks part = example.of(id);
            CAPTURE(id, until);
            const auto within = std::count_if(whole.list.begin(), whole.list.begin() + whole.count, [&](const Shock& s) { return s.month < until; });
            REQUIRE(part.count == within);
            for (std::size_t k = 0; k < static_cast<std::size_t>(part.count); ++k) {
                const Shock &a = part.list[k], &b = whole.list[k];
                REQUIRE(std::tuple(a.month, a.kind, a.member, a.size, a.claim) == std::tuple(b.month, b.kind, b.member, b.size, b.claim));
            }
        }
    }
}

TEST_CASE("the common stream has the illnesses and disasters with a claim of acute assistance, the tested one the others, and both together the claims of one", "[dynamics][shocks]") {
    Example example;
    example.disasters({4, 9, 20}, 0.2);
    constexpr int families = 40000;
    int hits = 0, ill = 0, all_ill = 0, low_claims = 0;
    for (std::uint64_t id = 0; id < families; ++id) {
        const Shocks common = example.of(Stream::common, id), tested = example.of(Stream::tested, id), deaths = example.of(Stream::deaths, id), all = example.of(id);
        for (const Shock& shock : list(common)) {
            REQUIRE((shock.kind == Shock::Kind::disability || shock.month >= example.calendar.acute_from));
            REQUIRE((shock.kind == Shock::Kind::disability || claims_acute(shock, example.world)));
            hits += shock.kind == Shock::Kind::disaster;
            ill += shock.kind == Shock::Kind::illness;
        }
        for (const Shock& shock : list(tested)) {
            if (shock.month < example.calendar.acute_from) continue;
            REQUIRE_FALSE(claims_acute(shock, example.world));
        }
        for (const Shock& shock : list(deaths)) {
            REQUIRE(shock.kind == Shock::Kind::death);
            REQUIRE(shock.member == 2);
        }
        for (const Shock& shock : list(all)) {
            if (shock.kind != Shock::Kind::illness) continue;
            ++all_ill;
            low_claims += shock.claim < 0.3;
        }
    }
    const double share = 0.2 * 0.25, sick = families * (months - 9) * 0.004 * (2 + 4) * 0.25, every = families * months * 0.004 * (2 + 4);
    CHECK(std::abs(hits - 2 * families * share) < 4 * std::sqrt(2 * families * share * (1 - share)));
    CHECK(std::abs(ill - sick) < 4 * std::sqrt(sick));
    CHECK(std::abs(all_ill - every) < 4 * std::sqrt(every));
    CHECK(std::abs(low_claims - 0.3 * all_ill) < 4 * std::sqrt(0.3 * 0.7 * all_ill));
}

TEST_CASE("a job is lost only by one who has it", "[dynamics][shocks]") {
    Example example;
    int lost = 0;
    for (std::uint64_t id = 0; id < 2000; ++id) {
        const Shocks shocks = example.of(id);
        for (int k = 0; k < shocks.count; ++k) {
            const Shock& shock = shocks.list[static_cast<std::size_t>(k)];
            if (shock.kind != Shock::Kind::job_loss) continue;
            REQUIRE(shock.member == 0);
            ++lost;
        }
    }
    CHECK(std::abs(lost - 2000 * months * 0.02) < 4 * std::sqrt(2000 * months * 0.02));
    example.people[0].work_score = 0.9f;  // over the share of those who work
    for (std::uint64_t id = 0; id < 2000; ++id) {
        const Shocks shocks = example.of(id);
        for (int k = 0; k < shocks.count; ++k) REQUIRE(shocks.list[static_cast<std::size_t>(k)].kind != Shock::Kind::job_loss);
    }
}

TEST_CASE("what comes to the dead or takes a job from the jobless befalls nobody", "[dynamics][shocks]") {
    Example example;
    const Kin kin(example.family, example.people.data(), {.start = {}});
    Shocks shocks;
    const auto add = [&](int month, Shock::Kind kind, std::uint8_t member) { shocks.add({month, kind, member, 1u << 30, 0, 1.386}); };
    add(2, Shock::Kind::job_loss, 0);   // works
    add(3, Shock::Kind::job_loss, 0);   // out of work by now
    add(4, Shock::Kind::job_loss, 1);   // never worked
    add(5, Shock::Kind::death, 2);
    add(6, Shock::Kind::illness, 2);    // dead
    add(7, Shock::Kind::emergency, 0);
    Home home(kin, example.world, true, shocks);
    std::vector<bool> befell, changed;
    for (int month = 0; month < 8; ++month) {
        changed.push_back(home.enter(month));
        for (const Shock& shock : home.shocks_now()) befell.push_back(home.befell(shock));
    }
    CHECK(befell == std::vector<bool>{true, false, false, true, false, true});
    CHECK(changed == std::vector<bool>{true, false, true, false, false, true, false, false});
}
