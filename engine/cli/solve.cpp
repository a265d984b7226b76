#include "cli/solve.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/columns.hpp"
#include "cli/output.hpp"
#include "cli/points.hpp"
#include "cli/progress.hpp"
#include "cli/sampled.hpp"
#include "results/estimates.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

namespace doudi::cli {
namespace {

constexpr int values_a_round = 15;  // values of one round
constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

using Curve = std::map<int, Outcome>;  ///< by step of the lever

std::vector<std::int64_t> sorted(const Outcome& o) {
    auto cost = o.cost;
    std::sort(cost.begin(), cost.end());
    return cost;
}

/// Where the line through the evaluated points crosses the budget from below: the value that one end of the quantile's
/// Monte Carlo interval would give as the answer. Not a number where it does not cross within the bracket, whose ends say
/// nothing of the answer, or where the replicates are too few for the interval to end.
double crossing(const Lever& lever, const Curve& curve, double level, double budget, double Interval::*end) {
    double last_value = lever.low, last_gap = -1;
    for (const auto& [step, point] : curve) {
        const double gap = quantile_interval(sorted(point), level).*end - budget, value = lever.value(step);
        if (gap > 0) {
            if (step == curve.begin()->first || !std::isfinite(gap) || !std::isfinite(last_gap)) return unknown;
            return last_value + (value - last_value) * -last_gap / (gap - last_gap);
        }
        last_value = value;
        last_gap = gap;
    }
    return unknown;
}

struct Shape {
    std::vector<double> falls;  ///< values at which the mean cost falls although the lever rises
    std::vector<double> fits_again;  ///< values over the answer that keep within the budget: beyond a cliff
    double replicates = 0;      ///< share of replicates in which the cost falls somewhere
};
Shape shape_of(const Lever& lever, const Curve& curve, int answer, Fen budget, double probability) {
    Shape shape;
    const std::size_t n = curve.begin()->second.cost.size();
    std::vector<bool> fell(n, false);
    for (auto here = curve.begin(), next = std::next(here); next != curve.end(); ++here, ++next) {
        if (next->second.mean() < here->second.mean()) shape.falls.push_back(lever.value(next->first));
        for (std::size_t r = 0; r < n; ++r) fell[r] = fell[r] || next->second.cost[r] < here->second.cost[r];
        if (next->first > answer && next->second.over(budget) <= probability) shape.fits_again.push_back(lever.value(next->first));
    }
    shape.replicates = static_cast<double>(std::count(fell.begin(), fell.end(), true)) / static_cast<double>(n);
    return shape;
}

}  // namespace

int solve(const SolveOptions& o) {
    if (!o.levers.empty()) return solve_mix(o);
    const auto budget = parse_yuan(o.budget);
    std::vector<Fault> faults;
    if (o.budget.empty()) faults.push_back({"--budget", both("is missing; give the yuan for the months of the scenario, such as --budget 6000000000", "未给出；请写明方案测算期的预算（元），例如 --budget 6000000000")});
    else if (!budget || *budget <= 0) faults.push_back({"--budget", both("\"{}\" is not an amount in yuan, such as 6000000000", "\"{}\" 不是以元计的金额，例如 6000000000", o.budget)});
    if (!(o.probability >= 0 && o.probability < 1)) faults.push_back({"--probability", both("{} is not in [0, 1)", "{} 不在 [0, 1) 之内", o.probability)});
    if (!o.floors.empty()) faults.push_back({"--floor", both("is what a mix of levers must reach; give them with --lever", "是多项设定的组合须达到的下限；请用 --lever 给出这些设定")});
    Plan plan, whole;
    Lever lever;
    const bool loaded = collect(faults, [&] {
        plan = load_plan({o.scenario}, o.overrides);
        whole = whole_plan(o.scenario, o.overrides);
    });
    if (!o.output.empty()) collect(faults, [&] { check_free(o.output, false); });
    if (loaded && !o.output.empty()) collect(faults, [&] { check_place(o.output, plan, "scenarios/reforms/answer.toml"); });
    if (loaded) collect(faults, [&] {
        lever = make_lever(o.key, o.low, o.high, o.step, whole);
        check_ends(lever, o.scenario, o.overrides);
    });
    if (!faults.empty()) throw InputError(std::move(faults));
    double households = 0, done = 0;
    for (const County& c : plan.counties) households += static_cast<double>(c.households);
    const int rounds = static_cast<int>(std::ceil(std::log(std::max(2.0, static_cast<double>(lever.steps()))) / std::log(values_a_round - 1.0)));
    Progress progress(rounds * households, o.progress, o.chinese);
    Curve curve;
    std::set<int> first_round;
    const auto evaluate = [&](int low, int high) {
        std::set<int> wanted;
        for (int i = 0; i < values_a_round; ++i) wanted.insert(low + static_cast<int>((static_cast<std::int64_t>(high - low) * i) / (values_a_round - 1)));
        std::vector<std::vector<std::string>> settings;
        for (const int i : wanted) settings.push_back(lever.settings(lever.value(i)));
        const auto outcomes = simulate_variants(o.scenario, o.overrides, settings, o.threads, [&](const County& c) {
            progress.at(done, c.name_zh);
            done += static_cast<double>(c.households);
        });
        std::size_t k = 0;
        if (first_round.empty()) first_round = wanted;
        for (const int i : wanted) curve[i] = outcomes[k++];
    };
    const auto fits = [&](const Outcome& p) { return p.over(*budget) <= o.probability; };
    int low = 0, high = lever.steps();
    for (;;) {
        evaluate(low, high);
        if (!fits(curve.at(0))) {
            const double needed = quantile(sorted(curve.at(0)), 1 - o.probability);
            throw InputError("--budget", both("no value from {} on keeps within {} yuan with probability {}: even {} = {} goes over with probability {:.3f}; it needs {} yuan, {} more",
                                              "自 {0} 起没有任何取值能以 {2} 的概率使支出不超过 {1} 元：即使 {3} = {4}，超支概率也有 {5:.3f}；需要 {6} 元，还差 {7} 元", lever.text(lever.low), grouped(static_cast<double>(*budget) / 100), 1 - o.probability, o.key, lever.text(lever.low), curve.at(0).over(*budget),
                                              grouped(needed / 100), grouped((needed - static_cast<double>(*budget)) / 100)));
        }
        // The first value that goes over ends the search: beyond a cliff a higher one may fit again, but is not safe.
        const auto over = std::find_if(curve.begin(), curve.end(), [&](const auto& p) { return !fits(p.second); });
        low = std::prev(over)->first;
        high = over == curve.end() ? low : over->first;
        if (high - low <= 1) break;
    }
    progress.end();
    const Outcome& best = curve.at(low);
    const bool bound = low == lever.steps();
    const double value = lever.value(low), n = static_cast<double>(best.cost.size());
    const auto over = static_cast<std::size_t>(std::lround(best.over(*budget) * n));
    const Interval chance = proportion_interval(over, best.cost.size());
    const double safe = crossing(lever, curve, 1 - o.probability, static_cast<double>(*budget), &Interval::high),
                 bold = crossing(lever, curve, 1 - o.probability, static_cast<double>(*budget), &Interval::low);
    const Shape shape = shape_of(lever, curve, low, *budget, o.probability);
    const Estimate cost = estimate(best.cost);
    if (!o.output.empty())
        write_reform(o.output, o.scenario, {{lever, value}}, o.overrides.set,
                     fmt::format("the highest {} with P(cost > {} yuan) <= {}; {}", o.key, yuan_text(*budget), o.probability, run_on(plan, whole.counties.size(), false)),
                     fmt::format("使支出超过 {} 元的概率不高于 {} 的最高 {}；{}", yuan_text(*budget), o.probability, o.key, run_on(plan, whole.counties.size(), true)));
    if (o.json) {
        const auto or_null = [](bool there, const auto& v) { return there ? nlohmann::ordered_json(v) : nlohmann::ordered_json(); };
        fmt::print("{}\n", nlohmann::ordered_json{{"key", o.key}, {"value", value}, {"value_interval", {or_null(std::isfinite(safe), safe), or_null(std::isfinite(bold), bold)}}, {"next_value_goes_over", or_null(!bound, bound ? 0.0 : lever.value(high))},
                                                   {"probability_over", best.over(*budget)}, {"probability_interval", {chance.low, chance.high}}, {"mean_cost_fen", cost.mean},
                                                   {"standard_error_fen", cost.standard_error}, {"replicates", best.cost.size()}, {"sample_share", plan.sample_share}, {"falls_at", shape.falls},
                                                   {"replicates_in_which_cost_falls", shape.replicates}, {"fits_again_at", shape.fits_again}, {"evaluated", curve.size()}}.dump(2));
        return 0;
    }
    const auto tell = [&](const char* en, const char* zh, const auto&... values) { fmt::print("{}\n", fmt::format(fmt::runtime(o.chinese ? zh : en), values...)); };
    const auto say = [&](const char* en, const char* zh) { return std::string(o.chinese ? zh : en); };
    std::vector<std::vector<std::string>> rows{{o.key, say("mean, yuan", "平均支出（元）"), say("P(over budget)", "超支概率"), ""}};
    for (const auto& [step, point] : curve)
        if (first_round.contains(step) || step == low || step == high) rows.push_back({lever.text(lever.value(step)), grouped(point.mean() / 100), fmt::format("{:.3f}", point.over(*budget)), step == low ? say("<- the answer", "← 答案") : ""});
    fmt::print("{}\n", table_text(rows));
    tell("highest {} with P(cost > {} yuan) <= {}: {}{}", "使“支出超过 {1} 元”的概率不高于 {2} 的最高 {0}：{3}{4}", o.key, grouped(static_cast<double>(*budget) / 100), o.probability, lever.text(value),
        bound ? say(" (the end of the bracket; widen --high to look further)", "（已到区间上端；可放宽 --high 再找）")
              : fmt::format(fmt::runtime(say(" (at {} it goes over)", "（到 {} 即超出）")), lever.text(lever.value(high))));
    tell("there: P = {:.3f} (95 % Monte Carlo interval {:.3f} to {:.3f}, {} replicates), mean cost {} ± {} yuan", "此时超支概率 {:.3f}（95% 蒙特卡洛区间 {:.3f} – {:.3f}，模拟 {} 次），平均支出 {} ± {} 元",
        best.over(*budget), chance.low, chance.high, best.cost.size(), grouped(cost.mean / 100), grouped_or_unknown(cost.mean_interval.half_width() / 100));
    const auto step = [&](double at, auto round) { return std::isfinite(at) ? lever.text(lever.step * round(at / lever.step)) : std::string("?"); };
    tell("with other replicates the answer would lie between {} and {} (95 %); more --replicates narrow it{}", "换一批模拟，答案会在 {} 与 {} 之间（95%）；增加 --replicates 可缩小{}",
        step(safe, [](double x) { return std::floor(x); }), step(bold, [](double x) { return std::ceil(x); }),
        std::isfinite(safe) && std::isfinite(bold) ? "" : say(" (? : outside the bracket, or too few replicates to say)", "（“?” 表示在区间之外，或模拟次数不足）"));
    if (shape.falls.empty()) tell("the mean cost grows over the whole bracket (checked at {} values)", "平均支出在整个区间内递增（检查了 {} 个取值）", curve.size());
    for (const double at : shape.falls) tell("note: the mean cost falls at {}, where the law jumps; the search stops at the first value that goes over", "注意：政策规则在 {} 处有跳变，平均支出下降；搜索止于第一个超出预算的取值", lever.text(at));
    if (shape.replicates > 0 && shape.falls.empty()) tell("note: in {:.0f} % of the replicates it falls somewhere: a family crosses a border of the law", "注意：{:.0f}% 的模拟中支出在某处下降：有家庭跨过了政策界限", 100 * shape.replicates);
    for (const double at : shape.fits_again) tell("note: {} keeps within the budget again, beyond a cliff", "注意：越过跳变后，{} 又不超出预算", lever.text(at));
    fmt::print("{}", sample_note(plan.sample_share, o.chinese));
    if (!o.output.empty()) tell("reform: {}{}", "方案文件：{}{}", o.output.string(), reach_of(o.output, o.chinese));
    return 0;
}

}  // namespace doudi::cli
