#include "simulate/trace.hpp"

#include "base/error.hpp"
#include "dynamics/claims.hpp"
#include "dynamics/help.hpp"
#include "dynamics/office.hpp"
#include "dynamics/walk.hpp"
#include "simulate/cell.hpp"
#include "simulate/shared.hpp"

#include <algorithm>
#include <charconv>

namespace doudi {

HouseholdId parse_household(const std::string& text) {
    const auto fail = [&]() -> InputError {
        return {"--household", both("\"{}\" is not a household id, such as 220402-rural-117 (county code, residence, index from 0)",
                                     "\"{}\" 不是家庭户编号，应如 220402-rural-117（县级代码、城乡、自 0 起的序号）", text)};
    };
    const auto number = [&](std::string_view part) {
        std::uint64_t value = 0;
        const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
        if (error != std::errc() || end != part.data() + part.size() || part.empty()) throw fail();
        return value;
    };
    const auto first = text.find('-'), last = text.rfind('-');
    if (first == std::string::npos) {
        const std::uint64_t id = number(text);
        return {static_cast<int>(id >> 32), (id >> 31 & 1) != 0 ? Residence::rural : Residence::urban, id & 0x7fffffffu};
    }
    const std::string residence = first < last ? text.substr(first + 1, last - first - 1) : "";
    if (residence != "urban" && residence != "rural") throw fail();
    return {static_cast<int>(number(std::string_view(text).substr(0, first))), residence == "urban" ? Residence::urban : Residence::rural,
            number(std::string_view(text).substr(last + 1))};
}

std::vector<TracedMonth> trace(const Plan& plan, std::size_t scenario, const HouseholdId& id, std::uint32_t replicate) {
    const auto county = std::find_if(plan.counties.begin(), plan.counties.end(), [&](const County& c) { return c.code == id.county; });
    if (county == plan.counties.end()) throw InputError("--household", both("no county of the data has the code {}", "数据中没有代码为 {} 的县级单元", id.county));
    const GeneratedCell cell = generate_cell(plan, *county, id.residence, 0, replicate % static_cast<std::uint32_t>(plan.population_draws));
    const std::uint64_t wanted = family_id(id.county, id.residence, id.index);
    const Cell* block = nullptr;
    const Family* family = nullptr;
    for (const Cell& b : cell.blocks)
        for (const Family& f : b.families)
            if (f.id == wanted) {
                block = &b;
                family = &f;
            }
    if (!family)
        throw InputError("--household", both("there is no household {} in the {} part of {}; the last is {}", "{2}{1}部分没有序号为 {0} 的家庭户；最后一户的序号为 {3}", id.index,
                                              residence_wording(static_cast<std::size_t>(id.residence)), county->name_zh, cell.units - 1));
    const auto parameter = draw_parameters(plan, replicate);
    IncomeCurves curves;
    World world = make_world(plan, *county, id.residence, replicate, replicate, parameter, county_factors(plan, *county, replicate, parameter), curves);
    const auto all = local_policies(plan, static_cast<std::size_t>(county - plan.counties.begin()), id.residence);
    const std::vector<LocalPolicy> policies{all[scenario]};
    const Calendar calendar = calendar_of(plan);
    std::vector<TracedMonth> months;
    const Walker walk(calendar, policies, false, true, [&](int month, std::size_t, const Home& home, const Office& office) {
        const LocalPolicy& law = in_force(policies[0], month);
        TracedMonth& m = months.emplace_back();
        m.month = month;
        for (const Shock& shock : home.shocks_now())
            if (home.befell(shock)) m.shocks.push_back(shock);
        m.household = office.seen(home);
        m.members.assign(m.household.members.begin(), m.household.members.end());
        m.household.members = {};
        rules::Household seen = m.household;
        seen.members = m.members;
        m.decision = rules::decide(seen, law.standards, law.policy);
        m.why = rules::reasons(seen, law.standards, law.policy, m.decision);
        m.known = office.known();
        m.claims = office.claims();
        m.claims_living = claims_living(*family, world, law);
        m.claims_nursing = claims_nursing(*family, world, law);
        m.enrolled = office.enrolled();
        m.confirm_month = office.confirm_month();
        m.pay_from = office.pay_from();
    });
    const Kin kin(*family, &block->people[family->first], calendar);
    Quiet quiet = walk.quiet(kin);
    Ledger ledger(1, 1, plan.programmes(), plan.months);
    walk(kin, quiet, world, ledger);
    Tally tally(1, 1, plan.months, plan.programmes());
    ledger.settle(1, at(id.residence), walk.groups(), walk.uplifts(), subsidy_amounts(policies, calendar), tally);
    for (TracedMonth& m : months) m.paid.assign(static_cast<std::size_t>(plan.programmes()), 0);
    for (int month = 0; month < plan.months; ++month) {
        std::vector<Fen> paid(static_cast<std::size_t>(plan.programmes()));
        for (int p = 0; p < plan.programmes(); ++p) paid[static_cast<std::size_t>(p)] = tally.cost[tally.pay_index(0, 0, at(id.residence), p, month)];
        const auto found = std::find_if(months.begin(), months.end(), [&](const TracedMonth& m) { return m.month == month + plan.burn_in; });
        if (found != months.end()) {
            found->paid = paid;
        } else if (std::any_of(paid.begin(), paid.end(), [](Fen amount) { return amount != 0; })) {
            months.emplace_back().month = month + plan.burn_in;  // a top-up that outlives the family
            months.back().paid = paid;
        }
    }
    return months;
}

}  // namespace doudi
