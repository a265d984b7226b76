#include "catch.hpp"
#include "dynamics/bands.hpp"
#include "dynamics/uplift.hpp"
#include "rules/decide.hpp"
#include "rules/standard.hpp"

using namespace doudi;

namespace {

LocalPolicy with_standard(Fen standard) {
    LocalPolicy p;
    p.standards = {.dibao = standard, .dibao_prev = 700'00, .urban = standard, .guidance = 0, .min_wage_prev = 1760'00, .pcdi = 36000'00};
    return p;
}

rules::Member member(int age, Fen income, bool ill, bool tekun) {
    rules::Member m;
    m.age_months = 12 * age;
    m.age = age;
    m.monthly_income = income;
    m.severe_illness = ill;
    m.tekun = tekun;
    return m;
}

}  // namespace

TEST_CASE("what another standard gives more hangs on the persons paid and, of extra payments, on what they draw, to the fen", "[dynamics]") {
    const auto shares = GENERATE(rules::Policy::SuppBp{2000, 2000, 1000, 1000}, rules::Policy::SuppBp{1777, 0, 911, 0}, rules::Policy::SuppBp{1234, 1234, 1234, 1234}, rules::Policy::SuppBp{0, 0, 0, 0});
    for (const Fen own : {700'01, 735'00, 771'75, 683'33}) {
        LocalPolicy lead = with_standard(735'00), policy = with_standard(own);
        lead.policy.supp_bp = policy.policy.supp_bp = shares;
        REQUIRE(are_lifted(lead, policy));
        const Uplift uplift(lead, policy);
        // Families of every kind, all paid by both standards; sums over all of them are lifted at once.
        rules::Decision of_lead, of_policy;
        std::int64_t dibao_persons = 0, supplement_persons = 0, tekun_persons = 0;
        Fen lead_dibao = 0, own_dibao = 0, lead_extra = 0, own_extra = 0, lead_tekun = 0, own_tekun = 0;
        for (int k = 0; k < 200; ++k) {
            std::vector<rules::Member> members;
            for (int i = 0; i <= k % 4; ++i) members.push_back(member((k * 31 + i * 17) % 90, (k * 3137 + i * 911) % 600'00, (k + i) % 5 == 0, k % 3 == 0 && i == 0));
            const rules::Household household{.members = members, .assets_ok = true, .prior = {}, .event = {}};
            of_lead = rules::decide(household, lead.standards, lead.policy);
            of_policy = rules::decide(household, policy.standards, policy.policy);
            for (std::size_t i = 0; i < members.size(); ++i) {
                REQUIRE(of_lead.status[i] == of_policy.status[i]);
                dibao_persons += of_lead.status[i] == rules::PersonStatus::dibao || of_lead.status[i] == rules::PersonStatus::dibao_single;
                supplement_persons += of_lead.person[i].supplement > 0;
                tekun_persons += of_lead.status[i] == rules::PersonStatus::tekun;
            }
            lead_dibao += of_lead.pay[Programme::dibao];
            own_dibao += of_policy.pay[Programme::dibao];
            lead_extra += of_lead.pay[Programme::supplement];
            own_extra += of_policy.pay[Programme::supplement];
            lead_tekun += of_lead.pay[Programme::tekun_basic];
            own_tekun += of_policy.pay[Programme::tekun_basic];
        }
        CHECK(dibao_persons > 100);
        CHECK(tekun_persons > 10);
        CHECK(lead_dibao + uplift.dibao(dibao_persons) == own_dibao);
        CHECK(lead_extra + uplift.supplement(lead_extra, supplement_persons) == own_extra);
        CHECK(lead_tekun + uplift.tekun_basic(tekun_persons) == own_tekun);
    }
}

TEST_CASE("where amounts are not a standard less an income, or extra payments have three shares, it is not told by person", "[dynamics]") {
    const LocalPolicy lead = with_standard(735'00), policy = with_standard(771'75);
    CHECK(are_lifted(lead, policy));
    const auto not_with = [&](const auto& change) {
        LocalPolicy a = lead, b = policy;
        change(a);
        change(b);
        return !are_lifted(a, b);
    };
    CHECK(not_with([](LocalPolicy& p) { p.policy.supp_bp = {2000, 1500, 1000, 1000}; }));
    CHECK(not_with([](LocalPolicy& p) { p.policy.supp_combine = rules::Policy::SuppCombine::sum; }));
    CHECK(not_with([](LocalPolicy& p) { p.policy.single_benefit = rules::Policy::SingleBenefit::floor60; }));
    CHECK(not_with([](LocalPolicy& p) { p.policy.gradual_profile_pct = {100, 50}; }));
    CHECK(not_with([](LocalPolicy& p) { p.policy.work_deduction_bp = 500; }));
    CHECK(not_with([](LocalPolicy& p) { p.policy.tekun_in_full = false; }));
    CHECK(not_with([](LocalPolicy& p) { p.policy.income_basis = rules::Policy::IncomeBasis::trailing12; }));
    CHECK(not_with([](LocalPolicy& p) { p.dibao_min_payment = 50'00; }));
    CHECK(not_with([](LocalPolicy& p) { p.standards.dibao = p.standards.dibao_prev = 0; }));
    // So low that half a fen decides: both shares come to the same, or the lesser to nothing.
    CHECK(!are_lifted(lead, with_standard(4)));
    CHECK(!are_lifted(with_standard(4), policy));
}

TEST_CASE("an income between the least and the most of a threshold is in a band, and outside of all bands every policy decides alike", "[dynamics]") {
    const Fen least = 700'00, most = 771'77;
    LocalPolicy a = with_standard(least), b = with_standard(735'00), c = with_standard(most);
    b.standards.pcdi = 35000'01;
    const Bands bands({&b, &a, &c});
    CHECK(bands.own().has(least));
    CHECK(bands.own().has(most - 1));
    CHECK(!bands.own().has(most));
    for (int n = 1; n <= 5; ++n) {
        const Bands::OfFamily& of = bands.of(n);
        int inside = 0;
        for (Fen monthly = 0; monthly < n * 3200'00; monthly += 7'31) {
            const Fen annual = 12 * monthly;
            const auto category = [&](const LocalPolicy& p) {
                const rules::Means h{.n = n, .annual = annual, .standard = rules::effective_standard(p.standards, p.policy), .pcdi = p.standards.pcdi, .spending_12m = annual, .income_12m = annual, .assets_ok = true};
                return rules::category_of(h, {.members = {}, .assets_ok = true, .prior = {}, .event = {}}, p.policy);
            };
            const bool in = of.dibao.has(annual) || of.edge.has(annual) || of.mean.has(annual);
            inside += in;
            if (!in) REQUIRE((category(a) == category(b) && category(b) == category(c)));
        }
        CHECK(inside > 10);
        CHECK(of.dibao.has(12 * n * most));
        CHECK(!of.dibao.has(12 * n * most + 1));
        CHECK(of.edge.has(24 * n * least));
        CHECK(!of.edge.has(24 * n * least - 1));
        CHECK(!of.edge.has(24 * n * most));
        CHECK(of.mean.has(n * 35000'01));
        CHECK(!of.mean.has(n * 36000'00));
    }
}
