#include "catch.hpp"
#include "dynamics/office.hpp"

#include <cmath>

using namespace doudi;

namespace {

constexpr Calendar calendar{.start = {}, .burn_in = 2, .months = 22};

/// A poor family of two adults of 40 without work, reviewed only when the run starts, in a world in which nothing is drawn but what a test sets.
struct Example {
    World world;
    Family family;
    Person people[2]{};
    LocalPolicy policy;

    Example() {
        world.prices = std::vector<double>(24, 1.0);
        for (const Assumption a : {Assumption::income_assessed_urban, Assumption::takeup_dibao_urban, Assumption::takeup_living, Assumption::takeup_nursing}) world[a] = 1;
        world[Assumption::reemployment] = 0.1;
        world[Assumption::temp_expenditure] = 1;
        world[Assumption::disability_severe] = 1;
        family.id = family_id(222402, Residence::urban, 7);
        family.size = 2;
        family.support_score = 2;
        for (Person& p : people) p = {2, 2, 2, 2, 2, 0, 0, 2, 0, 0, 40 * 12, 0, false};
        policy.standards = {.dibao = 700_yuan, .dibao_prev = 700_yuan, .urban = 700_yuan, .guidance = 0, .min_wage_prev = 1880_yuan, .pcdi = 30000_yuan};
        policy.review_months = policy.review_months_unstable = 60;
    }

    /// Gives the first adult a job of such wages, which only a shock can end.
    void employ(Fen wages) {
        world[Assumption::employed_urban] = 0.7;
        people[0].work_score = family.any_work = 0.1f;
        people[0].earnings = static_cast<std::int32_t>(wages);
        family.workers = 1;
    }
    /// What a programme pays in the months of the horizon, lived month by month.
    std::vector<Fen> paid(int programme, const Shocks& shocks = {}) const {
        const int programmes = programme_count + static_cast<int>(policy.modules_on.size());
        Ledger ledger(1, 1, programmes, calendar.months);
        ledger.begin(0);
        const Kin kin(family, people, calendar);
        Home home(kin, world, true, shocks);
        Office office(family, world, policy, calendar);
        OfficeLuck luck(family, world);
        for (int month = 0; month < calendar.total(); ++month) {
            home.enter(month);
            Adder to(ledger, 0, world, calendar);
            if (home.someone_died()) office.pay_deaths(month, home, to);
            if (home.alive() == 0) break;
            office.assess(home);
            if (month == 0) office.settle();
            office.work(month, home, luck);
            for (const Shock& shock : home.shocks_now())
                if (home.befell(shock)) office.help(shock, home, to);
            office.pay(month, month + 1, to);
        }
        Tally tally(1, 1, calendar.months, programmes);
        const std::vector<std::vector<int>> groups{{0}};
        const std::vector<Ledger::Amounts> amounts(static_cast<std::size_t>(calendar.months), {policy.policy.living, policy.policy.nursing});
        ledger.settle(1, 0, groups, {}, amounts, tally);
        const auto from = tally.cost.begin() + static_cast<std::ptrdiff_t>(tally.pay_index(0, 0, 0, programme, 0));
        return {from, from + calendar.months};
    }
    std::vector<Fen> paid(Programme programme, const Shocks& shocks = {}) const { return paid(at(programme), shocks); }
    /// The months of the run before the first payment, or all of the horizon.
    int wait(const std::vector<Fen>& months) const { return static_cast<int>(std::find_if(months.begin(), months.end(), [](Fen fen) { return fen > 0; }) - months.begin()); }
};

Shocks one(int month, Shock::Kind kind) {
    Shocks shocks;
    shocks.add({month, kind, 0, 1u << 30, 0, 1.386});
    return shocks;
}

}  // namespace

TEST_CASE("a 70th birthday counts from its month on, not only from the next review", "[dynamics][office]") {
    Example example;
    example.people[0].age_months = 70 * 12 - (calendar.burn_in + 5);
    const std::vector<Fen> extra = example.paid(Programme::supplement);
    for (int month = 0; month < calendar.months; ++month) CHECK(extra[static_cast<std::size_t>(month)] == (month < 5 ? 0_yuan : 70_yuan));  // 10 % of 700
    example.policy.policy.birthday_effective = rules::Policy::BirthdayEffective::next_month;
    CHECK(example.wait(example.paid(Programme::supplement)) == 6);
}

TEST_CASE("a change that is not reported in its month may be reported in any later one before the review", "[dynamics][office]") {
    Example example;
    const auto wait = [&](double report) {
        example.world[Assumption::report_change] = report;
        return example.wait(example.paid(Programme::supplement, one(calendar.burn_in, Shock::Kind::illness)));
    };
    CHECK(wait(1) == 0);
    CHECK(wait(0) == calendar.months);
    constexpr int families = 4000;
    std::array<int, 5> after{};
    for (int id = 0; id < families; ++id) {
        example.family.id = family_id(222402, Residence::urban, static_cast<std::uint64_t>(id));
        const int waited = wait(0.3);
        for (int months = 0; months < 5; ++months) after[static_cast<std::size_t>(months)] += waited > months;
    }
    for (int months = 0; months < 5; ++months) {
        const double share = std::pow(0.7, months + 1);
        CHECK(std::abs(after[static_cast<std::size_t>(months)] - families * share) < 4 * std::sqrt(families * share * (1 - share)));
    }
}

TEST_CASE("a family is reviewed once in every interval, of whatever length, and families are spread over it", "[dynamics][office]") {
    Example example;
    example.policy.review_months = 20;
    std::array<int, 20> in{};
    constexpr int families = 2000;
    for (int k = 0; k < families; ++k) {
        example.family.review_phase = static_cast<std::uint16_t>(12347 * k);
        const int waited = example.wait(example.paid(Programme::supplement, one(calendar.burn_in, Shock::Kind::illness)));
        REQUIRE(waited < 20);
        ++in[static_cast<std::size_t>(waited)];
    }
    for (const int n : in) CHECK(std::abs(n - families / 20) < 4 * std::sqrt(families / 20));
}

TEST_CASE("who has a certificate, or will have one, is not disabled again", "[dynamics][office]") {
    Example example;
    const Kin kin(example.family, example.people, calendar);
    Shocks shocks = one(3, Shock::Kind::disability);
    for (const int month : {4, 9}) shocks.add({month, Shock::Kind::disability, 0, 1u << 30, 0, 1.386});
    Home home(kin, example.world, true, shocks);
    for (int month = 0; month < calendar.total(); ++month) {
        home.enter(month);
        for (const Shock& shock : home.shocks_now()) CHECK(home.befell(shock) == (month == 3));
    }
    CHECK(example.paid(Programme::temporary, shocks) == example.paid(Programme::temporary, one(3, Shock::Kind::disability)));
}

TEST_CASE("a tekun person who falls ill draws temporary assistance of the expenditure type, policy-spec B.7", "[dynamics][office]") {
    Example example;
    example.family.size = 1;
    example.people[0].age_months = 65 * 12;
    CHECK(example.paid(Programme::temporary, one(4, Shock::Kind::illness))[2] == 2100_yuan);  // dibao: 1 person, 700, three months
    example.people[0].tekun_score = example.family.any_tekun = 0;
    example.world[Assumption::tekun_urban] = 0.5;
    const std::vector<Fen> helped = example.paid(Programme::temporary, one(4, Shock::Kind::illness));
    REQUIRE(example.paid(Programme::tekun_basic).front() == 910_yuan);
    CHECK(helped[2] == 2100_yuan);
}

TEST_CASE("a funeral is paid by what the dead was: a tekun person, or a member of a dibao family, also where nobody is left", "[dynamics][office][modules]") {
    Example example;
    const auto funeral = static_cast<std::size_t>(rules::Module::funeral);
    example.policy.modules[funeral] = {.on = true, .amount = 1500_yuan, .amount_tekun = 4000_yuan};
    example.policy.modules_on = {rules::Module::funeral};
    const auto paid = [&] { return example.paid(programme_count, one(4, Shock::Kind::death)); };
    const auto in_month_2 = [](Fen fen) {
        std::vector<Fen> months(static_cast<std::size_t>(calendar.months), 0);
        months[2] = fen;
        return months;
    };
    CHECK(paid() == in_month_2(1500_yuan));
    example.family.size = 1;
    CHECK(paid() == in_month_2(1500_yuan));
    example.people[0].age_months = 65 * 12;
    example.people[0].tekun_score = example.family.any_tekun = 0;
    example.world[Assumption::tekun_urban] = 0.5;
    CHECK(paid() == in_month_2(4000_yuan));
    example.family.size = 2;
    CHECK(paid() == in_month_2(4000_yuan));
    // The other one dies: no tekun person, and of a family that is not enrolled for him.
    Shocks other;
    other.add({4, Shock::Kind::death, 1, 1u << 30, 0, 1.386});
    example.people[1].pension_score = 0;
    example.people[1].pension = 900000;
    example.people[1].age_months = 60 * 12;
    example.world[Assumption::pension_urban] = 1;
    CHECK(example.paid(programme_count, other) == in_month_2(0));
}

TEST_CASE("the first payment comes two months after detection, and longer lags of visit and review come on top", "[dynamics][office]") {
    Example example;
    example.employ(3000_yuan);  // over twice the standard until the job is lost
    example.world[Assumption::detect_self] = 1;
    const auto wait = [&] { return example.wait(example.paid(Programme::dibao, one(calendar.burn_in + 3, Shock::Kind::job_loss))); };
    CHECK(wait() == 5);
    example.policy.review_lag = 3;
    CHECK(wait() == 7);
    example.policy.monitoring.visit_lag = 2;
    CHECK(wait() == 9);
    example.world[Assumption::detect_self] = 0;
    CHECK(wait() == calendar.months);
}

TEST_CASE("rigid-expenditure families are found less often, by the factor of the world", "[dynamics][office]") {
    Example example;
    example.employ(3000_yuan);  // in the band, and spends more than a year's income when the other one falls ill
    example.world[Assumption::illness_cost] = 5000;
    example.world[Assumption::illness_lump] = 10;
    example.world[Assumption::detect_self] = 0.5;
    Shocks ill;
    ill.add({calendar.burn_in, Shock::Kind::illness, 1, 1u << 30, 0, 1.386});
    constexpr int families = 4000;
    for (const double factor : {1.0, 0.6}) {
        example.world[Assumption::detect_rigid] = factor;
        std::array<int, 4> after{};
        for (int id = 0; id < families; ++id) {
            example.family.id = family_id(222402, Residence::urban, static_cast<std::uint64_t>(id));
            const int waited = example.wait(example.paid(Programme::dibao, ill));  // the ill one alone, two months after detection
            for (int months = 0; months < 4; ++months) after[static_cast<std::size_t>(months)] += waited > 2 + months;
        }
        for (int months = 0; months < 4; ++months) {
            const double share = std::pow(1 - 0.5 * factor, months + 1);
            CHECK(std::abs(after[static_cast<std::size_t>(months)] - families * share) < 4 * std::sqrt(families * share * (1 - share)));
        }
    }
}

TEST_CASE("a dibao family that finds work keeps its amount for the months of gradual exit, under its cap", "[dynamics][office]") {
    Example example;
    example.employ(2000_yuan);  // over the standard of two, under twice that
    example.world[Assumption::report_change] = 1;
    const Shocks spell = one(0, Shock::Kind::job_loss);  // out of work until month 14, the 12th of the horizon
    constexpr std::size_t found = 12;
    std::vector<Fen> dibao = example.paid(Programme::dibao, spell);
    for (std::size_t month = 0; month < dibao.size(); ++month) CHECK(dibao[month] == (month < found + 6 ? 1400_yuan : 0_yuan));
    example.policy.policy.gradual_months = 2;
    example.policy.policy.gradual_profile_pct = {100, 50};
    dibao = example.paid(Programme::dibao, spell);
    CHECK(dibao[found - 1] == 1400_yuan);
    CHECK(dibao[found] == 1400_yuan);
    CHECK(dibao[found + 1] == 700_yuan);
    CHECK(dibao[found + 2] == 0_yuan);
    example.policy.policy.gradual_cap_pct = 140;  // 2,000 is 143 % of the standard of two
    CHECK(example.paid(Programme::dibao, spell)[found] == 0_yuan);
}

TEST_CASE("who falls under the standard again in gradual exit is in dibao at once", "[dynamics][office]") {
    Example example;
    example.employ(2000_yuan);
    example.world[Assumption::report_change] = 1;
    Shocks shocks = one(0, Shock::Kind::job_loss);
    shocks.add({calendar.burn_in + 14, Shock::Kind::job_loss, 0, 1u << 30, 0, 9.0});
    example.policy.policy.gradual_profile_pct = {50};  // so that it shows in the amount
    const std::vector<Fen> dibao = example.paid(Programme::dibao, shocks);
    for (std::size_t month = 0; month < dibao.size(); ++month) CHECK(dibao[month] == (month == 12 || month == 13 ? 700_yuan : 1400_yuan));
}

TEST_CASE("assistance of the expenditure type is given so many times a year of the horizon, and again in the next", "[dynamics][office]") {
    Example example;
    Shocks shocks;
    for (const int month : {1, 3, 5, 13}) shocks.add({calendar.burn_in + month, Shock::Kind::illness, 0, 1u << 30, 0, 1.386});
    const auto times = [&] {
        std::vector<std::size_t> months;
        const std::vector<Fen> helped = example.paid(Programme::temporary, shocks);
        for (std::size_t month = 0; month < helped.size(); ++month)
            if (helped[month] > 0) months.push_back(month);
        return months;
    };
    CHECK(times() == std::vector<std::size_t>{1, 3, 13});
    example.policy.temp_max_per_year = 1;
    CHECK(times() == std::vector<std::size_t>{1, 13});
    example.policy.temp_max_per_year = 3;
    CHECK(times() == std::vector<std::size_t>{1, 3, 5, 13});
}

TEST_CASE("a rigid-expenditure family is looked at again when its validity ends", "[dynamics][office]") {
    Example example;
    example.employ(3000_yuan);
    example.world[Assumption::illness_cost] = 5000;
    example.world[Assumption::illness_prevalence] = 0.5;
    example.people[1].illness_score = example.family.any_illness = 0.1f;  // included alone from the start
    const auto both = [&] {
        const std::vector<Fen> dibao = example.paid(Programme::dibao, one(calendar.burn_in + 1, Shock::Kind::job_loss));
        REQUIRE(dibao.front() == 700_yuan);
        return std::find(dibao.begin(), dibao.end(), 1400_yuan) - dibao.begin();
    };
    CHECK(both() == 12 - calendar.burn_in);  // with the family's phase of 0
    example.policy.rigid_validity_months = 8;
    CHECK(both() == 8 - calendar.burn_in);
}

TEST_CASE("a plunge of income is 30 % or more under the mean of twelve months, and a surge of spending half over a usual quarter", "[dynamics][office]") {
    Example example;
    example.employ(3000_yuan);
    example.world[Assumption::essential_share] = 0.2;
    example.world[Assumption::illness_lump] = 1;
    const Kin kin(example.family, example.people, calendar);
    const auto after = [&](const Shocks& shocks) {
        Home home(kin, example.world, true, shocks);
        for (int month = 0; month <= 5; ++month) home.enter(month);
        return std::pair{home.income_plunge(30), home.spending_surge(150)};
    };
    CHECK(after({}) == std::pair{false, false});
    CHECK(after(one(5, Shock::Kind::job_loss)) == std::pair{true, false});  // income gone
    // 11 months of 3,000 and one of x: x is 70 % of the mean where x = 0.7 (33,000 + x) / 12, that is 2,044.25.
    for (const auto& [left, plunges] : {std::pair{0.6814, true}, {0.6815, false}}) {
        example.world[Assumption::illness_wages] = left;
        example.world[Assumption::illness_cost] = 0;
        CHECK(after(one(5, Shock::Kind::illness)).first == plunges);
    }
    // Spending of 600 a month, 601 in the last one, and a lump of y: 1,801 + y is 1.5 quarters where it is 0.375 (7,201 + y), that is y = 1,439.
    example.world[Assumption::illness_wages] = 1;
    example.world[Assumption::illness_cost] = 1;
    for (const auto& [lump, surges] : {std::pair{1439.0, true}, {1438.99, false}}) {
        example.world[Assumption::illness_lump] = lump;
        Shocks ill;
        ill.add({5, Shock::Kind::illness, 0, 1u << 30, 0, 1.0});
        CHECK(after(ill).second == surges);
    }
}
