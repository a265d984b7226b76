#include "catch.hpp"
#include "random/philox.hpp"
#include "rules/decision.hpp"
#include "rules/parameters.hpp"
#include "rules/supplement.hpp"
#include "rules/tekun.hpp"

#include <algorithm>

using namespace doudi;
using namespace doudi::rules;

namespace {

const Standards urban{.dibao = 770_yuan, .dibao_prev = 770_yuan, .urban = 770_yuan, .guidance = 770_yuan, .min_wage_prev = 1880_yuan, .pcdi = 37503_yuan};

Member person(int age, Fen income) {
    Member m;
    m.age = age;
    m.monthly_income = income;
    m.employed = income > 0;
    return m;
}

Decision decide_family(const std::vector<Member>& members, const Standards& s = urban, const Policy& p = {}, Fen spending = 0) {
    Household h;
    h.members = members;
    h.assets_ok = true;
    for (const Member& m : members) h.income_12m += 12 * m.monthly_income;
    h.essential_spending_12m = spending;
    return decide(h, s, p);
}

/// A family drawn from an address: one to five members with every attribute the rules look at.
std::vector<Member> drawn_family(std::uint32_t k) {
    const Draws luck(99, Purpose::household, 0, k);
    std::vector<Member> members(1 + luck.bits(0) % 5);
    for (std::uint32_t i = 0; i < members.size(); ++i) {
        const Words a = luck.block(1 + 2 * i), b = luck.block(2 + 2 * i);
        Member& m = members[i];
        m.age = static_cast<int>(a[0] % 95);
        m.monthly_income = a[1] % 4 == 0 ? 0 : static_cast<Fen>(a[1] % 300000);
        m.employed = m.age >= 16 && a[2] % 2 == 0;
        m.severe_illness = a[2] % 7 == 3;
        m.disability_grade = static_cast<std::uint8_t>(a[3] % 12 < 4 ? a[3] % 12 + 1 : 0);
        m.disability_type = static_cast<DisabilityType>(1 + b[0] % 7);
        m.care_level = static_cast<CareLevel>(b[1] % 4);
        m.tekun = b[2] % 9 == 0;
        m.orphan = m.age < 18 && b[3] % 9 == 0;
        m.counted = b[3] % 13 != 5;
    }
    return members;
}

}  // namespace

TEST_CASE("the lines of measure 1 are where the words put them: 低于, 高于, 2倍（含）, 低于上年度", "[rules]") {
    const auto category = [](Fen income, Fen spending = 0) { return decide_family({person(45, income)}, urban, {}, spending).category; };
    CHECK(category(769'99) == Category::dibao);
    CHECK(category(770_yuan) == Category::edge);
    CHECK(category(1539'99) == Category::edge);
    CHECK(category(1540_yuan, 11088_yuan) == Category::none);      // 60 % exactly is not over
    CHECK(category(1540_yuan, 11088'01) == Category::rigid);
    CHECK(category(3125'25, 30000_yuan) == Category::none);        // 12 x 3,125.25 = 37,503.00, not under the mean
    CHECK(category(3125'24, 30000_yuan) == Category::rigid);
}

TEST_CASE("the cliff at the standard: an ill member draws 0.01 with the family, or 770 alone", "[rules]") {
    Member ill = person(50, 0);
    ill.severe_illness = true;
    const Policy policy{};
    CHECK(decide_family({person(50, 1539'99), ill}).pay[Programme::dibao] == 1);
    const Decision alone = decide_family({person(50, 1540_yuan), ill});
    CHECK(alone.category == Category::edge);
    CHECK(alone.pay[Programme::dibao] == 770_yuan);
    CHECK(alone.status[1] == PersonStatus::dibao_single);
}

TEST_CASE("a 70th birthday raises the extra payment from that month, measure 4", "[rules]") {
    Member m = person(69, 0);
    m.age_months = 839;
    CHECK(supplement(m, 660_yuan, {}) == 0);
    m.age = 70;
    m.age_months = 840;
    CHECK(supplement(m, 660_yuan, {}) == 66_yuan);  // 10 % of 660
    Policy later;
    later.birthday_effective = Policy::BirthdayEffective::next_month;
    CHECK(supplement(m, 660_yuan, later) == 0);
    m.age_months = 841;
    CHECK(supplement(m, 660_yuan, later) == 66_yuan);
}

TEST_CASE("tekun in the gazette's four tiers: 1.3 times the standard and 30, 20, 10 % of the minimum wage", "[rules]") {
    const Policy policy;
    CHECK(tekun_basic(770_yuan, policy) == 1001_yuan);
    CHECK(tekun_basic(410_yuan, policy) == 533_yuan);
    CHECK(tekun_care(CareLevel::full, 1880_yuan, policy) == 564_yuan);
    CHECK(tekun_care(CareLevel::semi, 1760_yuan, policy) == 352_yuan);
    CHECK(tekun_care(CareLevel::none, 1540_yuan, policy) == 154_yuan);
}

TEST_CASE("the switches of A-14, A-24 and A-25 do what they say, and are off the default path", "[rules]") {
    Member m = person(40, 300_yuan);
    m.tekun = true;
    m.disability_grade = 2;
    m.disability_type = DisabilityType::multiple;
    Policy policy;
    CHECK(decide_family({m}, urban, policy).pay[Programme::tekun_basic] == 1001_yuan);
    policy.tekun_in_full = false;
    CHECK(decide_family({m}, urban, policy).pay[Programme::tekun_basic] == 701_yuan);
    policy.multiple_disability_no_labour = false;
    CHECK(decide_family({m}, urban, policy).category == Category::dibao);
    Household h;
    h.event.type = Event::Type::public_emergency;
    h.event.affected = 3;
    const std::vector<Member> three(3, person(40, 5000_yuan));
    h.members = three;
    CHECK(decide(h, urban, policy).temporary == 2310_yuan);
    policy.temp_emergency_per_person = false;
    CHECK(decide(h, urban, policy).temporary == 770_yuan);
}

TEST_CASE("a local standard under the guidance is raised, or refused where floor_mode says so", "[rules]") {
    Standards low = urban;
    low.dibao = 700_yuan;
    CHECK(decide_family({person(45, 0)}, low).pay[Programme::dibao] == 770_yuan);
    Policy strict;
    strict.floor_mode = Policy::FloorMode::error;
    CHECK_THROWS_WITH(decide_family({person(45, 0)}, low, strict), contains("under the guidance standard"));
}

TEST_CASE("within dibao more income never raises the top-up and a higher standard never lowers it", "[rules][property]") {
    int stayed = 0;
    for (std::uint32_t k = 0; k < 20000; ++k) {
        auto family = drawn_family(k);
        const Decision before = decide_family(family);
        if (before.category != Category::dibao) continue;
        Standards higher = urban;
        higher.dibao += 1 + k % 5000;
        const Decision raised = decide_family(family, higher);
        // A higher standard may make a member tekun who was not (own income under S): another unit, so no claim there.
        if (raised.core_size == before.core_size) {
            CHECK(raised.category == Category::dibao);
            CHECK(raised.household_dibao >= before.household_dibao);
        }
        for (Member& m : family)
            if (m.counted && !m.orphan && !m.tekun) m.monthly_income += k % 700;
        const Decision richer = decide_family(family);
        if (richer.category == Category::dibao && richer.core_size == before.core_size) {
            ++stayed;
            CHECK(richer.household_dibao <= before.household_dibao);
        }
    }
    CHECK(stayed > 1000);
}

TEST_CASE("the order of the members does not matter", "[rules][property]") {
    for (std::uint32_t k = 0; k < 5000; ++k) {
        auto family = drawn_family(k);
        const Decision one = decide_family(family);
        std::rotate(family.begin(), family.begin() + 1, family.end());
        const Decision other = decide_family(family);
        CHECK(one.category == other.category);
        CHECK(one.pay.by_programme == other.pay.by_programme);
        for (std::size_t i = 0; i < family.size(); ++i) CHECK(other.status[i] == one.status[(i + 1) % family.size()]);
    }
}

TEST_CASE("nobody draws tekun and dibao, extra payment or a disability subsidy, and the totals are sums of parts", "[rules][property]") {
    for (std::uint32_t k = 0; k < 20000; ++k) {
        const auto family = drawn_family(k);
        const Decision d = decide_family(family, urban, {}, static_cast<Fen>(k % 3) * 20000_yuan);
        Payments sum;
        sum[Programme::dibao] = d.household_dibao;
        int core = 0;
        for (std::size_t i = 0; i < family.size(); ++i) {
            const PersonPay& p = d.person[i];
            if (d.status[i] == PersonStatus::tekun) CHECK(p.dibao + p.supplement + p.living + p.nursing == 0);
            else CHECK(p.tekun_basic + p.tekun_care == 0);
            if (d.status[i] == PersonStatus::out) CHECK(p.nursing == 0);
            if (d.status[i] == PersonStatus::orphan) CHECK(p.living + p.supplement + p.dibao == 0);
            core += d.status[i] != PersonStatus::out && d.status[i] != PersonStatus::orphan && d.status[i] != PersonStatus::tekun;
            sum[Programme::dibao] += p.dibao;
            sum[Programme::supplement] += p.supplement;
            sum[Programme::tekun_basic] += p.tekun_basic;
            sum[Programme::tekun_care] += p.tekun_care;
            sum[Programme::living_subsidy] += p.living;
            sum[Programme::nursing_subsidy] += p.nursing;
        }
        if ((d.category == Category::edge || d.category == Category::rigid) && std::count(d.status.begin(), d.status.begin() + static_cast<std::ptrdiff_t>(family.size()), PersonStatus::dibao_single) == 0)
            CHECK(sum[Programme::dibao] + sum[Programme::supplement] == 0);  // policy-spec F.5.13
        CHECK(core == d.core_size);
        CHECK(sum.by_programme == d.pay.by_programme);
        // Difference method: top-up and income make the standard, exactly (current income, no deduction).
        if (d.category == Category::dibao) CHECK(12 * d.household_dibao + d.annual_income == 12 * d.core_size * d.standard);
    }
}

TEST_CASE("where edge families end the band of rigid expenditure begins, at whatever multiple", "[rules]") {
    Policy policy;
    for (const int multiple : {150, 200, 300}) {
        policy.edge_mult_pct = multiple;
        const Fen line = 12 * 770_yuan * multiple / 100;
        for (const Fen annual : {line - 12, line}) {
            const Member alone{.monthly_income = annual / 12, .age = 40, .employed = true};
            const Household household{.members = {&alone, 1}, .essential_spending_12m = annual, .income_12m = annual, .assets_ok = true, .prior = {}, .event = {}};
            CHECK(decide(household, urban, policy).category == (annual < line ? Category::edge : Category::rigid));
        }
    }
}

TEST_CASE("every parameter reads back what was set, and refuses what is out of range", "[rules]") {
    for (const ParameterInfo& info : parameter_table()) {
        CAPTURE(info.name);
        Policy p;
        switch (info.kind) {
            case ParameterInfo::Kind::flag:
                CHECK(set_parameter(p, info.name, parameter_text(p, info.name) == "false").empty());
                CHECK(parameter_text(p, info.name) != parameter_text(Policy{}, info.name));
                CHECK_FALSE(set_parameter(p, info.name, std::int64_t{1}).empty());
                break;
            case ParameterInfo::Kind::number:
                CHECK(set_parameter(p, info.name, info.high).empty());
                CHECK(parameter_text(p, info.name) == std::to_string(info.high));
                CHECK_FALSE(set_parameter(p, info.name, info.high + 1).empty());
                break;
            case ParameterInfo::Kind::yuan:
                CHECK(set_parameter(p, info.name, std::string("12.34")).empty());
                CHECK(parameter_text(p, info.name) == "\"12.34\"");
                CHECK_FALSE(set_parameter(p, info.name, std::string("-1.00")).empty());
                break;
            case ParameterInfo::Kind::choice:
                CHECK(set_parameter(p, info.name, info.choices.back()).empty());
                CHECK(parameter_text(p, info.name) == '"' + info.choices.back() + '"');
                CHECK_FALSE(set_parameter(p, info.name, std::string("nonsense")).empty());
                break;
            case ParameterInfo::Kind::list:
                CHECK(set_parameter(p, info.name, std::vector<std::int64_t>{100, 50}).empty());
                CHECK(parameter_text(p, info.name) == "[100, 50]");
                CHECK_FALSE(set_parameter(p, info.name, std::vector<std::int64_t>{101}).empty());
        }
    }
}
