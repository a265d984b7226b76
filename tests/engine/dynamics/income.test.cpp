#include "catch.hpp"
#include "dynamics/home.hpp"
#include "random/math.hpp"

#include <cmath>

using namespace doudi;

namespace {

/// A family of two adults of 40 (the first works for 3,000 yuan) with a farm of 1,000 yuan a month, in a world of means.
struct Example {
    World world;
    Family family;
    Person people[2]{};

    explicit Example(Residence residence) {
        world.residence = residence;
        world.prices = std::vector<double>(24, 1.0);
        const auto set = [&](Assumption a, double value) { world[a] = value; };
        for (const Assumption a : {Assumption::income_assessed_urban, Assumption::income_assessed_rural, Assumption::farm_rural}) set(a, 1.0);
        for (const Assumption a : {Assumption::employed_urban, Assumption::employed_rural}) set(a, 0.7);
        set(Assumption::reemployment, 0.01);
        set(Assumption::illness_cost, 900);
        set(Assumption::illness_wages, 0.4);
        set(Assumption::disability_wages, 0.6);
        set(Assumption::farm_lost, 0.3);
        family.id = family_id(222402, residence, 7);
        family.size = 2;
        family.support_score = 2;
        for (Person& p : people) {
            p = {2, 2, 2, 2, 2, 0, 0, 2, 300000, 0, 40 * 12, 0, false};
        }
        people[0].work_score = 0.1f;
        if (residence == Residence::rural) {
            family.farm = 100000;
            family.farm_score = 0.5f;
        }
    }

    Fen income_of_month(const Shocks& shocks, int month) const {
        const Kin kin(family, people, {.start = {}});
        Home home(kin, world, true, shocks);
        for (int m = 0; m <= month; ++m) home.enter(m);
        const rules::Household h = home.assessed(true);
        return h.members[0].monthly_income + h.members[1].monthly_income;
    }
};

Shocks job_loss_at(int month) {
    Shocks shocks;
    shocks.add({month, Shock::Kind::job_loss, 0, 1u << 30, 0, 1.386});
    return shocks;
}

}  // namespace

TEST_CASE("a job lost takes the wages and leaves the farm", "[dynamics][income]") {
    const Example rural(Residence::rural), urban(Residence::urban);
    REQUIRE(rural.income_of_month({}, 5) == 4000_yuan);
    CHECK(rural.income_of_month(job_loss_at(5), 4) == 4000_yuan);
    CHECK(rural.income_of_month(job_loss_at(5), 5) == 1000_yuan);
    REQUIRE(urban.income_of_month({}, 5) == 3000_yuan);
    CHECK(urban.income_of_month(job_loss_at(5), 5) == 0);
}

TEST_CASE("a disaster takes its share of the farm for twelve months and no wage", "[dynamics][income]") {
    const Example rural(Residence::rural), urban(Residence::urban);
    Shocks struck;
    struck.add({3, Shock::Kind::disaster, 0, 1u << 30, 0, 1.386});
    CHECK(rural.income_of_month(struck, 2) == 4000_yuan);
    CHECK(rural.income_of_month(struck, 3) == 3700_yuan);
    CHECK(rural.income_of_month(struck, 14) == 3700_yuan);
    CHECK(rural.income_of_month(struck, 15) == 4000_yuan);
    CHECK(urban.income_of_month(struck, 3) == 3000_yuan);
}

TEST_CASE("illness and disability each leave their share of wages, and both the product", "[dynamics][income]") {
    Example urban(Residence::urban);
    Shocks ill;
    ill.add({3, Shock::Kind::illness, 0, 1u << 30, 0, 1.386});
    CHECK(urban.income_of_month(ill, 2) == 3000_yuan);
    CHECK(urban.income_of_month(ill, 3) == 1200_yuan);
    urban.world[Assumption::disability_prevalence] = 0.5;
    urban.world[Assumption::disability_employment] = 1;
    urban.people[0].disability_score = 0.1f;
    CHECK(urban.income_of_month(ill, 2) == 1800_yuan);
    CHECK(urban.income_of_month(ill, 3) == 720_yuan);
}

TEST_CASE("the farm is shared by those who work, and let where nobody does", "[dynamics][income]") {
    Example rural(Residence::rural);
    rural.people[1].work_score = 0.1f;
    CHECK(rural.income_of_month({}, 0) == 7000_yuan);
    rural.people[0].work_score = rural.people[1].work_score = 2;
    CHECK(rural.income_of_month({}, 0) == 0);
}

TEST_CASE("the factor between families is a Dagum distribution of mean 1 that rises with the score", "[dynamics][income]") {
    for (const auto& [a, p] : {std::pair{3.6, 0.75}, {4.0, 0.45}, {2.5, 0.4}, {20.0, 5.0}}) {
        CAPTURE(a, p);
        const IncomeCurve curve(a, p);
        double mean = 0, before = 0;
        const int n = 200000;
        for (int i = 0; i < n; ++i) {
            const double factor = curve(inverse_normal((i + 0.5) / n));
            REQUIRE(factor >= before);
            before = factor;
            mean += factor / n;
        }
        CHECK(mean == Approx(1).epsilon(0.003));
        // Quotients of quantiles against the closed form; between knots the curve is straight, which is worth 0.3 % far below.
        const auto quantile = [a = a, p = p](double u) { return std::pow(std::pow(u, -1 / p) - 1, -1 / a); };
        for (const double u : {0.001, 0.05, 0.2, 0.8, 0.95, 0.999})
            CHECK(curve(inverse_normal(u)) / curve(inverse_normal(0.5)) == Approx(quantile(u) / quantile(0.5)).epsilon(0.02));
    }
}
