#include "simulate/bridge.hpp"

#include "base/error.hpp"
#include "simulate/counties.hpp"
#include "simulate/plan_text.hpp"

#include <algorithm>
#include <map>

namespace doudi {
namespace {

/// Beliefs by the first word of their names, with what a joint posterior says of them where both sides carry the same one
/// (another posterior is a step of its own, "other").
void take_beliefs(Plan& plan, const Plan& to, std::initializer_list<std::string_view> prefixes) {
    const auto same = [](const JointBelief::Row& a, const JointBelief::Row& b) {
        return a.place == b.place && a.scale == b.scale && a.low == b.low && a.high == b.high && a.mean == b.mean && a.factor == b.factor;
    };
    const bool one_posterior = std::equal(plan.joint.rows.begin(), plan.joint.rows.end(), to.joint.rows.begin(), to.joint.rows.end(), same);
    for (std::size_t i = 0; i < assumption_count; ++i) {
        const std::string_view name = assumption_table[i].name, prefix = name.substr(0, name.find('.'));
        if (std::find(prefixes.begin(), prefixes.end(), prefix) == prefixes.end()) continue;
        plan.assumptions[i] = to.assumptions[i];
        for (std::size_t k = 0; one_posterior && k < plan.joint.rows.size(); ++k)
            if (plan.joint.rows[k].place == i) plan.joint.rows[k].drawn = to.joint.rows[k].drawn;
    }
}

using Stage = PolicyScenario::Stage;

/// All that is in force in a month, whole.
Stage in_force(const Plan& plan, const PolicyScenario& s, Month month) {
    Stage stage{month, s.policy, s.standard, s.standard_prev, {}, {}};
    for (const County& c : plan.counties) {
        stage.pcdi.push_back(c.pcdi);
        stage.min_wage_prev.push_back(c.min_wage_prev);
    }
    if (const Stage* later = stage_of(s, month)) stage = *later;
    stage.from = month;
    return stage;
}

bool same_law(const Stage& a, const Stage& b) {
    return a.policy == b.policy && a.standard == b.standard && a.standard_prev == b.standard_prev && a.pcdi == b.pcdi && a.min_wage_prev == b.min_wage_prev;
}

/// What changes within the run, of a scenario of the plan that takes something of the other one's, and where it begins: `take` says what.
/// Months in which nothing changes are left out.
std::vector<Stage> later_with(const Plan& plan, const PolicyScenario& s, const Plan& to, const PolicyScenario& other, const std::function<void(Stage& now, const Stage& theirs)>& take) {
    const auto at = [&](Month month) {
        Stage now = in_force(plan, s, month);
        take(now, in_force(to, other, month));
        return now;
    };
    std::vector<Month> months;
    for (const auto* who : {&s, &other})
        for (const Stage& stage : who->later) months.push_back(stage.from);
    std::sort(months.begin(), months.end());
    months.erase(std::unique(months.begin(), months.end()), months.end());
    std::vector<Stage> later;
    Stage last = at(std::min(plan.start, to.start));
    for (const Month month : months)
        if (Stage now = at(month); !same_law(now, last)) later.push_back(last = std::move(now));
    return later;
}

void take_later(Plan& plan, const Plan& to, const std::function<void(Stage& now, const Stage& theirs)>& take) {
    plan.scenarios.back().later = later_with(plan, plan.scenarios.back(), to, to.scenarios[0], take);
}

void take_amounts(rules::Policy& policy, const rules::Policy& to) {
    policy.living = to.living;
    policy.nursing = to.nursing;
}

void take_amounts(PolicyScenario& s, const PolicyScenario& to) {
    take_amounts(s.policy, to.policy);
    s.modules = to.modules;
    s.dibao_min_payment = to.dibao_min_payment;
}

using Take = std::function<void(Plan& plan, const Plan& to)>;

const std::vector<std::pair<std::string, Take>>& takes() {
    static const std::vector<std::pair<std::string, Take>> list{
        {"standard", [](Plan& p, const Plan& to) {
             take_later(p, to, [](Stage& now, const Stage& theirs) {
                 now.standard = theirs.standard;
                 now.standard_prev = theirs.standard_prev;
             });
             p.scenarios.back().standard = to.scenarios[0].standard;
             p.scenarios.back().standard_prev = to.scenarios[0].standard_prev;
             for (std::size_t c = 0; c < p.counties.size(); ++c) p.counties[c].guidance = to.counties[c].guidance;
         }},
        {"amounts", [](Plan& p, const Plan& to) {
             take_later(p, to, [](Stage& now, const Stage& theirs) { take_amounts(now.policy, theirs.policy); });
             take_amounts(p.scenarios.back(), to.scenarios[0]);
             p.modules_on = to.modules_on;
         }},
        {"rules", [](Plan& p, const Plan& to) {
             PolicyScenario now = to.scenarios[0];
             const PolicyScenario& before = p.scenarios.back();
             now.later = later_with(p, before, to, to.scenarios[0], [](Stage& stage, const Stage& theirs) {
                 rules::Policy policy = theirs.policy;
                 take_amounts(policy, stage.policy);
                 stage.policy = policy;
             });
             take_amounts(now, before);
             now.standard = before.standard;
             now.standard_prev = before.standard_prev;
             now.take_up_factor = before.take_up_factor;
             now.living_take_up_factor = before.living_take_up_factor;
             now.nursing_take_up_factor = before.nursing_take_up_factor;
             p.scenarios.back() = now;
         }},
        {"caseload", [](Plan& p, const Plan& to) { take_beliefs(p, to, {"hazard", "disability", "illness", "tekun", "school", "disaster", "detection", "review", "temporary", "assets"}); }},
        {"take-up", [](Plan& p, const Plan& to) {
             take_beliefs(p, to, {"take_up"});
             p.scenarios.back().take_up_factor = to.scenarios[0].take_up_factor;
             p.scenarios.back().living_take_up_factor = to.scenarios[0].living_take_up_factor;
             p.scenarios.back().nursing_take_up_factor = to.scenarios[0].nursing_take_up_factor;
         }},
        {"income", [](Plan& p, const Plan& to) {
             take_beliefs(p, to, {"income", "farm", "employment", "pension", "support", "growth"});
             take_later(p, to, [](Stage& now, const Stage& theirs) { now.pcdi = theirs.pcdi; });
             for (std::size_t c = 0; c < p.counties.size(); ++c) p.counties[c].pcdi = to.counties[c].pcdi;
         }},
        {"prices", [](Plan& p, const Plan& to) {
             take_beliefs(p, to, {"spending", "systemic"});
             take_later(p, to, [](Stage& now, const Stage& theirs) { now.min_wage_prev = theirs.min_wage_prev; });
             for (std::size_t c = 0; c < p.counties.size(); ++c) p.counties[c].min_wage_prev = to.counties[c].min_wage_prev;
         }},
        {"data", [](Plan& p, const Plan& to) {
             for (std::size_t c = 0; c < p.counties.size(); ++c) {
                 County now = to.counties[c];
                 now.guidance = p.counties[c].guidance;
                 now.pcdi = p.counties[c].pcdi;
                 now.min_wage_prev = p.counties[c].min_wage_prev;
                 p.counties[c] = now;
             }
             p.start = to.start;
             p.months = to.months;
             p.burn_in = to.burn_in;
         }},
        {"other", [](Plan& p, const Plan& to) {
             std::vector<PolicyScenario> scenarios = p.scenarios;
             scenarios.back() = to.scenarios[0];
             p = to;
             p.scenarios = std::move(scenarios);
         }}};
    return list;
}

/// Last budget's policy stays beside the current one where take-up may respond to amounts: it responds to last year's.
bool responds(const Prior& p) { return p.kind != Prior::Kind::fixed || p.mean != 0; }

std::vector<Fen> cost_of(const Plan& plan, int threads, const std::function<void(const County&)>& progress, const std::atomic<bool>* stop) {
    const SharedDraws shared = shared_draws(plan, threads);
    std::vector<Fen> cost(static_cast<std::size_t>(plan.replicates), 0);
    const int s = static_cast<int>(plan.scenarios.size()) - 1;
    const auto begin = [&](std::size_t c) {
        if (progress) progress(plan.counties[c]);
    };
    each_county(plan, shared, threads, begin, [&](std::size_t, const Tally& t) {
        for (int r = 0; r < plan.replicates; ++r)
            for (int x = 0; x < residence_count; ++x)
                for (int p = 0; p < plan.programmes(); ++p)
                    for (int m = 0; m < plan.months; ++m) cost[static_cast<std::size_t>(r)] += t.cost[t.pay_index(s, r, x, p, m)];
    }, stop);
    return cost;
}

}  // namespace

const std::vector<std::string>& bridge_steps() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> list;
        for (const auto& [name, take] : takes())
            if (name != "other") list.push_back(name);
        return list;
    }();
    return names;
}

std::vector<std::string> bridge_order(const std::vector<std::string>& wanted) {
    const std::vector<std::string>& order = wanted.empty() ? bridge_steps() : wanted;
    for (const std::string& name : order)
        if (std::find(bridge_steps().begin(), bridge_steps().end(), name) == bridge_steps().end())
            throw InputError("--order", both("there is no step \"{}\"{}", "没有名为 \"{}\" 的步骤{}", name, nearest(name, bridge_steps())));
    if (order.size() != bridge_steps().size() || !std::is_permutation(order.begin(), order.end(), bridge_steps().begin()))
        throw InputError("--order", both("name each of the steps once: standard, amounts, rules, caseload, take-up, income, prices, data",
                                          "须将各步骤各列一次：standard、amounts、rules、caseload、take-up、income、prices、data"));
    return order;
}

Bridge bridge(Plan from, Plan to, const std::vector<std::string>& wanted, int threads,
              const std::function<void(const std::string& step, const County&)>& progress, const std::atomic<bool>* stop) {
    std::vector<std::string> order = bridge_order(wanted);
    if (!std::equal(from.counties.begin(), from.counties.end(), to.counties.begin(), to.counties.end(), [](const County& a, const County& b) { return a.code == b.code; }))
        throw InputError("", both("the two budgets are for other counties: a bridge needs the same list on both sides", "两份预算的县级单元不同：分解要求前后两份预算的县级单元名单一致"));
    order.emplace_back("other");

    for (Plan* plan : {&from, &to}) take_later(*plan, *plan, [](Stage&, const Stage&) {});  // months in which nothing changes are no change
    Plan now = from;
    now.seed = to.seed;
    now.replicates = to.replicates;
    now.sample_share = to.sample_share;
    now.population_draws = to.population_draws;
    const std::size_t response = static_cast<std::size_t>(Assumption::takeup_response);
    if (responds(from.assumptions[response]) || responds(to.assumptions[response])) now.scenarios = {from.scenarios[0], from.scenarios[0]};
    now.scenarios.back().name = to.scenarios[0].name;  // a name is no change
    const auto walk = [&](const std::string& step) {
        return cost_of(now, threads, [&](const County& c) {
            if (progress) progress(step, c);
        }, stop);
    };
    Bridge result;
    result.base = result.total = walk("last budget");
    for (const std::string& name : order) {
        if (stop && *stop) break;
        const auto take = std::find_if(takes().begin(), takes().end(), [&](const auto& t) { return t.first == name; });
        const std::string before = plan_text(now);
        take->second(now, to);
        Bridge::Step step{name, std::vector<Fen>(result.base.size(), 0), plan_text(now) != before};
        if (step.changes) {
            const auto cost = walk(name);
            for (std::size_t r = 0; r < cost.size(); ++r) step.change[r] = cost[r] - result.total[r];
            result.total = cost;
        }
        if (step.changes || name != "other") result.steps.push_back(std::move(step));
    }
    return result;
}

}  // namespace doudi
