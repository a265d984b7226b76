#include "catch.hpp"
#include "dynamics/member.hpp"

#include <array>
#include <map>

using namespace doudi;

namespace {

/// By age: whether the birthday could change anything for someone with this score for school, in a family of whom nobody else has one.
std::map<int, bool> birthdays(float school_score, bool tekun, bool modules) {
    World world;
    world[Assumption::school_secondary] = 0.9;
    world[Assumption::school_tertiary] = 0.5;
    std::map<int, bool> counts;
    for (const int age : {15, 16, 18, 22, 60, 70}) {
        Family family;
        family.size = 1;
        if (tekun) family.any_tekun = 0.4f;
        std::array<Person, 1> people{};
        people[0].age_months = static_cast<decltype(people[0].age_months)>(12 * age - 3);
        people[0].school_score = school_score;
        const Kin kin(family, people.data(), {.start = {}, .burn_in = 0, .months = 12, .modules = modules});
        REQUIRE(kin.turnings()[0].month == 3);
        counts[age] = matters(kin.turnings()[0], kin, world);
    }
    return counts;
}

}  // namespace

TEST_CASE("a birthday counts where it changes who works, who pays tuition or who is of age", "[dynamics]") {
    using Counts = std::map<int, bool>;
    CHECK(birthdays(0.3f, false, false) == Counts{{15, false}, {16, false}, {18, true}, {22, true}, {60, false}, {70, true}});
    CHECK(birthdays(0.7f, false, false) == Counts{{15, false}, {16, false}, {18, true}, {22, false}, {60, false}, {70, true}});
    CHECK(birthdays(0.95f, false, false) == Counts{{15, false}, {16, true}, {18, true}, {22, false}, {60, false}, {70, true}});
    const Counts all{{15, true}, {16, true}, {18, true}, {22, true}, {60, true}, {70, true}};
    CHECK(birthdays(0.7f, true, false) == all);
    CHECK(birthdays(0.7f, false, true) == all);
}
