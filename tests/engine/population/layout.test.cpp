#include "catch.hpp"
#include "plans.hpp"
#include "population/family.hpp"

#include <numeric>

using namespace doudi;

namespace {
const Plan& jilin() {
    static const Plan plan = load_plan({scenario_file("jilin-2024.toml")});
    return plan;
}
}  // namespace

TEST_CASE("the county table is all of Jilin: 69 rows, 24,073,453 people, 9,426,822 family households", "[population]") {
    std::int64_t people = 0, households = 0, members = 0;
    for (const County& c : jilin().counties) {
        people += c.population;
        households += c.households;
        members += c.household_population;
    }
    CHECK(jilin().counties.size() == 69);
    CHECK(people == 24073453);
    CHECK(households == 9426822);
    CHECK(members == 22103381);
}

TEST_CASE("urban and rural parts add up to the county in every margin", "[population]") {
    for (const County& c : jilin().counties) {
        const CountyMargins m = margins_of(c);
        const auto both = [&](auto get) { return get(m.cell[0]) + get(m.cell[1]); };
        CHECK(both([](const CellMargins& x) { return x.households; }) == c.households);
        CHECK(both([](const CellMargins& x) { return x.persons; }) == c.household_population);
        CHECK(both([](const CellMargins& x) { return x.one_person; }) == c.one_person);
        CHECK(both([](const CellMargins& x) { return x.with_n_65[1]; }) == c.with_n_65plus[1]);
        CHECK(both([](const CellMargins& x) { return x.children; }) == c.age_0_14);
        CHECK(both([](const CellMargins& x) { return x.collective_65 + x.collective_15_59; }) == c.population - c.household_population);
    }
}

TEST_CASE("the layout meets every margin of all 69 counties exactly", "[population]") {
    for (const County& c : jilin().counties)
        for (const CellMargins& m : margins_of(c).cell) {
            CAPTURE(c.code, c.name_zh);
            const Layout layout = layout_of(m);
            std::int64_t alone = 0, with[4] = {};
            for (const FamilyType& t : layout.types) {
                REQUIRE(t.count >= 0);
                REQUIRE((t.count == 0 || t.aged + t.children <= t.size));
                if (t.size == 1) alone += t.count;
                with[t.aged] += t.count;
            }
            CHECK(layout.families == m.households);
            CHECK(layout.persons == m.persons);
            CHECK(layout.children == m.children);
            CHECK(alone == m.one_person);
            CHECK(with[1] == m.with_n_65[0]);
            CHECK(with[2] == m.with_n_65[1]);
            CHECK(with[3] == m.with_n_65[2]);
            CHECK(layout.adults >= m.aged_60_64);
        }
}

TEST_CASE("generated people have the census ages to the person", "[population]") {
    for (const int place : {0, 22, 40}) {
        const County& c = jilin().counties[static_cast<std::size_t>(place)];
        std::int64_t persons = 0, children = 0, from60 = 0, from65 = 0, from80 = 0, alone = 0, families = 0;
        for (const Residence residence : {Residence::urban, Residence::rural}) {
            const CellMargins m = margins_of(c).cell[at(residence)];
            const Layout layout = layout_of(m);
            const Cell cell = generate_block(1, c, residence, m, layout, 0, unit_count(m, layout), {});
            for (const Family& f : cell.families) {
                families += !f.collective;
                alone += f.size == 1 && !f.collective;
            }
            for (const Person& p : cell.people) {
                const int age = p.age_months / 12;
                ++persons;
                children += age < 15;
                from60 += age >= 60;
                from65 += age >= 65;
                from80 += age >= 80;
            }
        }
        CAPTURE(c.code);
        CHECK(persons == c.population);
        CHECK(families == c.households);
        CHECK(alone == c.one_person);
        CHECK(children == c.age_0_14);
        CHECK(from60 == c.age_60plus);
        CHECK(from65 == c.age_65plus);
        CHECK(from80 == c.age_80plus);
    }
}

TEST_CASE("a block is generated alike alone and within the whole", "[population]") {
    const County& c = jilin().counties[0];
    const CellMargins m = margins_of(c).cell[0];
    const Layout layout = layout_of(m);
    const Cell whole = generate_block(3, c, Residence::urban, m, layout, 0, 500, {}), part = generate_block(3, c, Residence::urban, m, layout, 300, 500, {});
    REQUIRE(part.families.size() == 200);
    for (std::size_t i = 0; i < 200; ++i) {
        CHECK(part.families[i].id == whole.families[300 + i].id);
        CHECK(part.families[i].income_score == whole.families[300 + i].income_score);
        CHECK(part.people[part.families[i].first].age_months == whole.people[whole.families[300 + i].first].age_months);
    }
}

TEST_CASE("an aged population comes to the published total and still meets every margin of all 69 counties", "[population]") {
    const Plan plan = load_plan({scenario_file("jilin-2024-aged.toml")});
    std::int64_t people = 0, aged_65 = 0;
    for (const County& c : plan.counties) {
        CAPTURE(c.code, c.name_zh);
        people += c.population;
        aged_65 += c.age_65plus;
        CHECK(c.urban_population + c.rural_population == c.population);
        CHECK(c.age_0_14 + c.age_15_59 + c.age_60plus == c.population);
        for (const CellMargins& m : margins_of(c).cell) {
            const Layout layout = layout_of(m);
            CHECK(layout.families == m.households);
            CHECK(layout.persons == m.persons);
            CHECK(layout.children == m.children);
        }
    }
    CHECK(people == Approx(23394100).epsilon(0.0005));
    CHECK(aged_65 == Approx(4165700).epsilon(0.0005));
}
