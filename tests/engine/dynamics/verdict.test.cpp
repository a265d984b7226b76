#include "catch.hpp"
#include "dynamics/claims.hpp"
#include "dynamics/verdict.hpp"
#include "random/philox.hpp"

#include <cmath>

using namespace doudi;

namespace {

/// Uniform numbers, one after another.
class Numbers {
public:
    int under(int end) { return static_cast<int>(next() % static_cast<std::uint32_t>(end)); }

private:
    std::uint32_t next() { return Draws(7, Purpose::module, 0, 0).bits(at_++); }
    std::uint32_t at_ = 0;
};

/// The same members as in `like`, if it is given, with incomes of their own around the standard and its double.
Described some_family(Numbers& any, Fen standard, const Described* like = nullptr) {
    Described f;
    f.size = like != nullptr ? like->size : 1 + any.under(4);
    for (int i = 0; i < f.size; ++i) {
        rules::Member& m = f.room.make(static_cast<std::size_t>(i));
        if (like != nullptr) {
            m = like->room[static_cast<std::size_t>(i)];
        } else {
            m.age_months = any.under(90 * 12);
            m.age = m.age_months / 12;
            m.disability_grade = static_cast<std::uint8_t>(std::max(0, any.under(8) - 3));
            if (m.disability_grade > 0) m.disability_type = static_cast<rules::DisabilityType>(1 + any.under(7));
            m.severe_illness = any.under(4) == 0;
            m.employed = any.under(2) == 0;
            m.tekun = i == 0 && any.under(3) == 0;
        }
        m.monthly_income = any.under(3) == 0 ? 0 : any.under(3 * static_cast<int>(standard));
        f.income += m.monthly_income;
        f.special = f.special || m.severe_illness || m.disability_grade > 0 || m.tekun;
    }
    return f;
}

}  // namespace

TEST_CASE("a verdict that holds for other incomes says what deciding anew says", "[dynamics]") {
    std::vector<LocalPolicy> policies(6);
    for (LocalPolicy& p : policies) p.standards = {.dibao = 600'00, .dibao_prev = 580'00, .urban = 700'00, .guidance = 500'00, .min_wage_prev = 1500'00, .pcdi = 20000'00};
    policies[1].policy.work_deduction_bp = 2000;
    policies[2].policy.single_benefit = rules::Policy::SingleBenefit::floor60;
    policies[2].dibao_min_payment = 50'00;
    policies[3].policy.tekun_in_full = false;
    policies[4].policy.living_scope = rules::Policy::LivingScope::dibao_edge;
    policies[4].policy.single_high_illness_needs_adult_jobless = false;
    policies[5].policy.edge_mult_pct = 150;
    Numbers any;
    int held = 0, held_by_income = 0, held_alone = 0, held_tekun = 0, fell = 0;
    for (int k = 0; k < 3000; ++k) {
        const LocalPolicy& policy = policies[static_cast<std::size_t>(k) % policies.size()];
        const Described first = some_family(any, 600'00);
        Verdict verdict(policy);
        CHECK_FALSE(verdict.holds(first));
        REQUIRE(verdict.decide(first, {}));
        if (verdict.could_hold(first)) CHECK(verdict.holds(first));
        for (int other = 0; other < 6; ++other) {
            const Described now = some_family(any, 600'00, &first);
            Entitlement anew;
            entitle({.members = now.members(), .assets_ok = true, .prior = {}, .event = {}}, policy, anew);
            const bool holds = verdict.holds(now);
            Earnings earnings;
            earnings.total[5] = static_cast<double>(now.income);
            for (std::size_t i = 0; i < now.members().size(); ++i) earnings.of[i][5] = static_cast<double>(now.room[i].monthly_income);
            const bool by_income = verdict.holds_in(earnings, now, 1u << 5) != 0;
            if (by_income) CHECK(holds);
            held_by_income += by_income;
            if (holds && policy.policy.work_deduction_bp == 0) {
                CHECK(verdict.dibao(earnings, 5).family == verdict.dibao(now).family);
                CHECK(verdict.dibao(earnings, 5).single == verdict.dibao(now).single);
            }
            fell += !holds && verdict.could_hold(now);
            if (!holds) continue;
            CHECK(verdict.dibao(now).family == anew.dibao);
            CHECK(verdict.dibao(now).single == anew.single);
            Entitlement then = verdict.entitlement();
            then.dibao = anew.dibao;
            then.single = anew.single;
            then.annual_income = anew.annual_income;
            CHECK(then == anew);
            ++held;
            held_alone += anew.single_persons > 0;
            held_tekun += anew.tekun_persons > 0 && anew.core_size > 0;
        }
    }
    CHECK(held > 3000);
    CHECK(held_by_income > 2000);
    CHECK(held_alone > 100);
    CHECK(held_tekun > 100);
    CHECK(fell > 3000);
}

TEST_CASE("a column of take-up tells for every score what the share itself tells", "[dynamics]") {
    LocalPolicy policy;
    policy.take_up_factor = 0.9;
    policy.living_take_up_factor = 1.1;
    policy.living_ratio = policy.nursing_ratio = 85.0 / 80.0;
    std::vector<World> worlds(5);
    for (std::size_t r = 0; r < worlds.size(); ++r) {
        World& w = worlds[r];
        w[Assumption::takeup_dibao_urban] = 0.1 + 0.2 * static_cast<double>(r);
        w[Assumption::takeup_living] = 0.7 / (1.0 + static_cast<double>(r));
        w[Assumption::takeup_nursing] = 1.0 / 3.0;
        w[Assumption::takeup_response] = 0.3 * static_cast<double>(r);
    }
    const Claims claims(worlds, policy);
    for (std::size_t r = 0; r < worlds.size(); ++r) {
        const World& w = worlds[r];
        const auto holds = [&](float Family::*score, const Column<float>& column, double share, bool (*claims_it)(const Family&, const World&, const LocalPolicy&)) {
            Family f{};
            const auto near = static_cast<float>(share);
            for (const float at : {near, std::nextafter(near, 0.0f), std::nextafter(near, 1.0f), 0.0f, 2.0f}) {
                f.*score = at;
                CHECK(claims_it(f, w, policy) == (at < column[r]));
            }
        };
        holds(&Family::take_up_score, claims.dibao, dibao_take_up(w, policy), claims_dibao);
        holds(&Family::living_score, claims.living, living_take_up(w, policy), claims_living);
        holds(&Family::nursing_score, claims.nursing, nursing_take_up(w, policy), claims_nursing);
    }
}
