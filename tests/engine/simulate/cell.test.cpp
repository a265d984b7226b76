#include "catch.hpp"
#include "dynamics/home.hpp"
#include "plans.hpp"
#include "simulate/cell.hpp"

#include <algorithm>

using namespace doudi;

TEST_CASE("where every belief is at its mean, income a head is the published one", "[population][income]") {
    Plan plan = small_plan({"jilin-2024.toml"}, 1, {222402});
    const auto fix = [&](Assumption a, double mean) { plan.assumptions[static_cast<std::size_t>(a)].mean = mean; };
    for (const Assumption a : {Assumption::support_urban, Assumption::support_rural}) fix(a, 0);  // a part of it no rule sees
    for (const Assumption a : {Assumption::income_assessed_urban, Assumption::income_assessed_rural}) fix(a, 1);
    const Calendar calendar = calendar_of(plan);
    const Shocks none{};
    for (const Residence residence : {Residence::urban, Residence::rural}) {
        World world;
        world.residence = residence;
        world.prices = std::vector<double>(static_cast<std::size_t>(calendar.total()), 1.0);
        std::array<double, assumption_count> means;
        std::transform(plan.assumptions.begin(), plan.assumptions.end(), means.begin(), [](const auto& a) { return a.mean; });
        world.set(means);
        const GeneratedCell cell = generate_cell(plan, plan.counties[0], residence, 2);
        double income = 0, persons = 0;
        for (const Cell& block : cell.blocks)
            for (const Family& family : block.families) {
                const Kin kin(family, &block.people[family.first], calendar);
                Home home(kin, world, true, none);
                home.enter(0);
                income += static_cast<double>(home.income_now());
                persons += home.alive();
            }
        CAPTURE(at(residence), persons);
        CHECK(12 * income / persons / static_cast<double>(plan.counties[0].pcdi[static_cast<std::size_t>(residence)]) == Approx(1).margin(0.01));
    }
}
