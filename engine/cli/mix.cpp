#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/columns.hpp"
#include "cli/output.hpp"
#include "cli/points.hpp"
#include "cli/progress.hpp"
#include "cli/sampled.hpp"
#include "cli/series.hpp"
#include "cli/solve.hpp"
#include "results/estimates.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <regex>

namespace doudi::cli {
namespace {

/// "dibao.recipients>=300000": a mean over replicates that a mix must reach.
struct Floor {
    std::string text, measure;
    std::size_t place = 0;
    double least = 0;

    double of(const Outcome& o, int months) const {
        if (measure == "recipients") return o.recipients[place];
        if (measure == "households") return o.households[place];
        if (measure == "benefit") return o.recipients[place] > 0 ? o.yuan[place] / months / o.recipients[place] : 0;
        return o.category_households[place];
    }
    /// What is missing, as a share of the floor. A mean benefit is money over persons; in a sample the persons of every county, residence and
    /// month are weighted up to a whole number, so that a benefit of 90 yuan may show as 89.99: that much is not missing.
    double missing(const Outcome& o, const Plan& plan) const {
        const double rounding = measure == "benefit" && plan.sample_share < 1 ? static_cast<double>(plan.counties.size()) / std::max(1.0, o.recipients[place]) : 0;
        return std::max(0.0, 1 - of(o, plan.months) / least - rounding - 1e-9);
    }
};

Floor read_floor(const std::string& text, const Plan& plan) {
    static const std::regex form(R"(\s*([a-z_]+)\.(recipients|households|benefit|families)\s*>=\s*([0-9]+(?:\.[0-9]+)?)\s*)");
    std::smatch m;
    if (!std::regex_match(text, m, form))
        throw InputError("--floor", both("\"{}\" is not a floor; write PROGRAMME.recipients>=N, PROGRAMME.households>=N (a month), PROGRAMME.benefit>=YUAN (a person and month) or CATEGORY.families>=N",
                                         "\"{}\" 不是下限；应写作 PROGRAMME.recipients>=N、PROGRAMME.households>=N（每月）、PROGRAMME.benefit>=YUAN（每人每月）或 CATEGORY.families>=N", text));
    std::vector<std::string> labels;
    if (m[2] == "families") labels.assign(category_labels.begin(), category_labels.end());
    else {
        labels.assign(programme_labels.begin(), programme_labels.end());
        for (const rules::Module on : plan.modules_on) labels.emplace_back(rules::module_table[static_cast<std::size_t>(on)].name);
    }
    return {text, m[2], place_of(m[1], labels, "--floor"), std::stod(m[3])};
}

Lever read_lever(const std::string& text, const Plan& plan) {
    static const std::regex form(R"(([A-Za-z_0-9.]+)=([0-9.]+):([0-9.]+)(?::([0-9.]+))?)");
    std::smatch m;
    if (!std::regex_match(text, m, form)) throw InputError("--lever", both("\"{}\" is not a lever; write KEY=LOW:HIGH or KEY=LOW:HIGH:STEP, such as living_subsidy.amount=80:100:1",
                                                                           "\"{}\" 不是调整项；应写作 KEY=LOW:HIGH 或 KEY=LOW:HIGH:STEP，例如 living_subsidy.amount=80:100:1", text));
    const double low = std::stod(m[2]), high = std::stod(m[3]);
    if (!(low < high)) throw InputError("--lever", both("{}: its low end {} is not under its high end {}", "{}：下限 {} 应小于上限 {}", text, m[2].str(), m[3].str()));
    return make_lever(m[1], low, high, m[4].matched ? std::stod(m[4]) : 0, plan);
}

}  // namespace

int solve_mix(const SolveOptions& o) {
    Plan plan, whole;
    std::vector<Lever> levers;
    std::vector<Floor> floors;
    std::vector<Fault> faults;
    const bool loaded = collect(faults, [&] {
        plan = load_plan({o.scenario}, o.overrides);
        whole = whole_plan(o.scenario, o.overrides);
    });
    const auto read_all = [&](auto& list, const std::vector<std::string>& texts, auto read) {
        for (const std::string& text : texts)
            if (loaded) collect(faults, [&] { list.push_back(read(text, whole)); });
    };
    read_all(levers, o.levers, [&](const std::string& text, const Plan& of) {
        Lever lever = read_lever(text, of);
        check_ends(lever, o.scenario, o.overrides, "--lever", "--lever", "--lever");
        return lever;
    });
    read_all(floors, o.floors, read_floor);
    const Fen budget = o.budget.empty() ? 0 : parse_yuan(o.budget).value_or(-1);
    if (!o.budget.empty() && budget <= 0) faults.push_back({"--budget", both("\"{}\" is not an amount in yuan, such as 6000000000", "\"{}\" 不是以元计的金额，例如 6000000000", o.budget)});
    if (o.floors.empty()) faults.push_back({"--floor", both("a mix needs a floor that it must reach, such as --floor \"dibao.recipients>=300000\"; without one the cheapest is every lever at its lowest",
                                                          "组合须有必须达到的下限，例如 --floor \"dibao.recipients>=300000\"；没有下限时，最省的就是各调整项都取最低值")});
    if (!o.output.empty()) collect(faults, [&] { check_free(o.output, false); });
    if (loaded && !o.output.empty()) collect(faults, [&] { check_place(o.output, plan, "scenarios/reforms/answer.toml"); });
    if (o.levers.size() > 4) faults.push_back({"--lever", both("at most 4 levers at a time", "一次最多 4 个调整项")});
    if (!faults.empty()) throw InputError(std::move(faults));

    // A grid over all levers, then a finer one around the best point, until every lever moves by its step.
    const int across = levers.size() == 1 ? 15 : levers.size() == 2 ? 5 : levers.size() == 3 ? 4 : 3;
    using Mix = std::vector<int>;
    std::map<Mix, Outcome> seen;
    std::vector<std::pair<int, int>> box;
    for (const Lever& l : levers) box.emplace_back(0, l.steps());
    double households = 0, done = 0;
    for (const County& c : plan.counties) households += static_cast<double>(c.households);
    Progress progress(6 * std::ceil(std::pow(across, static_cast<double>(levers.size())) / 15) * households, o.progress, o.chinese);
    const auto short_of = [&](const Outcome& out) {
        double worst = 0;
        for (const Floor& f : floors) worst = std::max(worst, f.missing(out, plan));
        return worst;
    };
    const Mix* best = nullptr;
    for (;;) {
        std::vector<Mix> grid{{}};
        for (const auto& [low, high] : box) {
            std::vector<Mix> longer;
            for (const Mix& m : grid)
                for (int i = 0, last = -1; i < across; ++i) {
                    const int at = low + static_cast<int>(static_cast<std::int64_t>(high - low) * i / (across - 1));
                    if (at == last) continue;
                    last = at;
                    longer.push_back(m);
                    longer.back().push_back(at);
                }
            grid = std::move(longer);
        }
        std::erase_if(grid, [&](const Mix& m) { return seen.contains(m); });
        std::vector<std::vector<std::string>> settings;
        for (const Mix& m : grid) {
            settings.emplace_back();
            for (std::size_t l = 0; l < levers.size(); ++l)
                for (std::string& s : levers[l].settings(levers[l].value(m[l]))) settings.back().push_back(std::move(s));
        }
        auto outcomes = simulate_variants(o.scenario, o.overrides, settings, o.threads, [&](const County& c) {
            progress.at(done, c.name_zh);
            done += static_cast<double>(c.households);
        });
        for (std::size_t i = 0; i < grid.size(); ++i) seen.emplace(grid[i], std::move(outcomes[i]));
        best = nullptr;
        for (const auto& [mix, out] : seen) {
            if (!best) best = &mix;
            const double mine = short_of(out), its = short_of(seen.at(*best));
            if (mine <= 0 ? its > 0 || out.mean() < seen.at(*best).mean() : mine < its) best = &mix;
        }
        bool finest = true;
        for (std::size_t l = 0; l < levers.size(); ++l) {
            const int reach = std::max(1, (box[l].second - box[l].first + across - 2) / (across - 1));
            finest = finest && box[l].second - box[l].first < across;
            box[l] = {std::max(0, (*best)[l] - reach), std::min(levers[l].steps(), (*best)[l] + reach)};
        }
        if (finest) break;
    }
    progress.end();
    const Outcome& out = seen.at(*best);
    const Estimate cost = estimate(out.cost);
    Wording reasons;
    for (const Floor& f : floors)
        if (f.missing(out, plan) > 0) reasons = both("{}{}{} reaches {}", "{}{}{} 实际为 {}", reasons, reasons.empty() ? Wording() : Wording{"; ", "；"}, f.text, grouped(f.of(out, plan.months), 1));
    if (!reasons.empty()) throw InputError("--floor", both("no mix within the levers reaches every floor; the nearest: {}", "调整范围内没有达到全部下限的组合；最接近的：{}", reasons));
    auto in_order = out.cost;
    std::sort(in_order.begin(), in_order.end());
    if (budget > 0 && out.over(budget) > o.probability)
        throw InputError("--budget", both("the cheapest mix that reaches the floors goes over {} yuan with probability {:.3f}, more than {}; it needs {} yuan",
                                          "达到下限的最省组合超过 {} 元的概率为 {:.3f}，高于 {}；需要 {} 元", grouped(static_cast<double>(budget) / 100),
                                          out.over(budget), o.probability, grouped(quantile(in_order, 1 - o.probability) / 100)));
    std::vector<std::pair<Lever, double>> values;
    for (std::size_t l = 0; l < levers.size(); ++l) values.emplace_back(levers[l], levers[l].value((*best)[l]));
    if (!o.output.empty()) {
        std::string least;
        for (const Floor& f : floors) least += (least.empty() ? "" : ", ") + f.text;
        write_reform(o.output, o.scenario, values, o.overrides.set, fmt::format("the cheapest mix that reaches {}; {}", least, run_on(plan, whole.counties.size(), false)),
                     fmt::format("达到 {} 的最省组合；{}", least, run_on(plan, whole.counties.size(), true)));
    }
    if (o.json) {
        nlohmann::ordered_json answer{{"mean_cost_fen", cost.mean}, {"standard_error_fen", cost.standard_error}, {"q95_fen", cost.q95}, {"evaluated", seen.size()}, {"replicates", out.cost.size()}, {"sample_share", plan.sample_share}};
        for (const auto& [lever, value] : values) answer["values"][lever.key] = value;
        for (const Floor& f : floors) answer["floors"].push_back({{"floor", f.text}, {"reached", f.of(out, plan.months)}});
        if (budget > 0) answer["probability_over"] = out.over(budget);
        fmt::print("{}\n", answer.dump(2));
        return 0;
    }
    const auto tell = [&](const char* en, const char* zh, const auto&... parts) { fmt::print("{}\n", fmt::format(fmt::runtime(o.chinese ? zh : en), parts...)); };
    std::vector<std::vector<std::string>> rows{{"lever", "from", "to", "cheapest mix"}};
    if (o.chinese) rows[0] = {"调整项", "下限", "上限", "最省的组合"};
    for (const auto& [lever, value] : values) rows.push_back({lever.key, lever.text(lever.low), lever.text(lever.high), lever.text(value)});
    fmt::print("{}", table_text(rows));
    for (const Floor& f : floors) fmt::print("{}: {}\n", f.text, grouped(f.of(out, plan.months), 1));
    tell("mean cost {} ± {} yuan, 5 to 95 % {} to {}", "平均支出 {} ± {} 元，5% – 95%：{} – {}", grouped(cost.mean / 100), grouped_or_unknown(cost.mean_interval.half_width() / 100), grouped(cost.q05 / 100), grouped(cost.q95 / 100));
    if (budget > 0) tell("P(cost > {} yuan) = {:.3f}", "支出超过 {} 元的概率 = {:.3f}", grouped(static_cast<double>(budget) / 100), out.over(budget));
    tell("the best of {} mixes on the same draws, refined around the best; a search by grid proves no optimum between its points", "在同一批随机数上比较了 {} 个组合，并在最优点附近加密；网格搜索不能证明网格点之间没有更优的组合", seen.size());
    fmt::print("{}", sample_note(plan.sample_share, o.chinese));
    if (!o.output.empty()) tell("reform: {}{}", "方案文件：{}{}", o.output.string(), reach_of(o.output, o.chinese));
    return 0;
}

}  // namespace doudi::cli
