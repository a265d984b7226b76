#include "cli/bridge.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/columns.hpp"
#include "cli/progress.hpp"
#include "cli/sampled.hpp"
#include "cli/series.hpp"
#include "results/estimates.hpp"
#include "simulate/bridge.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>

namespace doudi::cli {
namespace {

/// A step, or a budget that is simulated for it.
const std::string& step_name(const std::string& step, bool chinese) {
    static const std::map<std::string, std::string> zh{{"last budget", "上年预算"}, {"this budget", "本年预算"}, {"model", "模型版本"}, {"standard", "低保标准"}, {"amounts", "补贴金额"}, {"rules", "规则与程序"},
                                                       {"caseload", "对象规模"}, {"take-up", "申领率"}, {"income", "收入"}, {"prices", "物价与支出"}, {"data", "数据与期间"}, {"other", "其他"}};
    const auto found = zh.find(step);
    return chinese && found != zh.end() ? found->second : step;
}

/// An earlier program's figures of last budget. Throws InputError if they are not of the same draws.
ResultTotals read_last(const std::filesystem::path& file, const Plan& plan) {
    ResultTotals t = read_totals(file);
    std::vector<Fault> faults;
    const auto differs = [&](const Wording& what) {
        faults.push_back({file.string(), both("holds another {} than this bridge; run last budget with the earlier program for the same seed, replicates, counties and sample",
                                              "其{}与本次分解不同；请用原程序以相同的种子、模拟次数、县和抽样比例重新运行上年预算", what)});
    };
    if (t.seed != static_cast<std::int64_t>(plan.seed)) differs(both("seed ({}, not {})", "种子（{}，而非 {}）", t.seed, plan.seed));
    if (t.replicates != plan.replicates) differs(both("number of replicates ({}, not {})", "模拟次数（{}，而非 {}）", t.replicates, plan.replicates));
    if (t.sample_share != plan.sample_share) differs(both("sample share ({}, not {})", "抽样比例（{}，而非 {}）", t.sample_share, plan.sample_share));
    if (!std::equal(t.county_codes.begin(), t.county_codes.end(), plan.counties.begin(), plan.counties.end(), [](const auto code, const County& c) { return code == c.code; }))
        differs({"list of counties", "县级单元"});
    if (!faults.empty()) throw InputError(std::move(faults));
    return t;
}

/// The step from those figures to this program's, put before the others.
void add_model_step(Bridge& b, const ResultTotals& t) {
    const auto before = series(t, t.cost, 0);
    Bridge::Step model{"model", b.base, true};
    for (std::size_t r = 0; r < before.size(); ++r) model.change[r] -= before[r];
    b.base = before;
    b.steps.insert(b.steps.begin(), model);
}

}  // namespace

int bridge_command(const BridgeOptions& o) {
    std::vector<Fault> faults;
    Plan from, to;
    std::optional<ResultTotals> last;
    collect(faults, [&] { from = load_plan({o.last}, o.overrides); });
    const bool loaded = collect(faults, [&] { to = load_plan({o.current}, o.overrides); });
    collect(faults, [&] { bridge_order(o.order); });
    if (loaded && !o.last_results.empty()) collect(faults, [&] { last = read_last(o.last_results, to); });
    if (!faults.empty()) throw InputError(std::move(faults));
    double households = 0, done = 0;
    for (const County& c : to.counties) households += static_cast<double>(c.households);
    Progress progress(static_cast<double>(bridge_steps().size() + 1) * households, o.progress, o.chinese);
    Bridge b = bridge(from, to, o.order, o.threads, [&](const std::string& step, const County& c) {
        progress.at(done, step_name(step, o.chinese) + " " + c.name_zh);
        done += static_cast<double>(c.households);
    });
    progress.end();
    if (last) add_model_step(b, *last);
    if (o.json) {
        nlohmann::ordered_json out{{"unit", "fen"}, {"replicates", to.replicates}, {"seed", to.seed}, {"sample_share", to.sample_share}};
        const auto of = [](const std::string& name, const std::vector<Fen>& values) {
            const Estimate e = estimate(values);
            return nlohmann::ordered_json{{"step", name}, {"sum_over_replicates", std::accumulate(values.begin(), values.end(), Fen{0})}, {"mean", e.mean}, {"standard_error", e.standard_error},
                                          {"median", e.median}, {"q05", e.q05}, {"q95", e.q95}};
        };
        out["base"] = of("last budget", b.base);
        for (const Bridge::Step& s : b.steps) {
            out["steps"].push_back(of(s.name, s.change));
            out["steps"].back()["changes"] = s.changes;
        }
        out["total"] = of("this budget", b.total);
        fmt::print("{}\n", out.dump(2));
        return 0;
    }
    const auto say = [&](const char* en, const char* chinese) { return std::string(o.chinese ? chinese : en); };
    std::vector<std::vector<std::string>> rows{{say("万元", "万元"), say("mean", "均值"), say("± 95 % Monte Carlo", "± 95% 蒙特卡洛"), say("5 %", "5%"), say("95 %", "95%")}};
    const auto row = [&](const std::string& name, const std::vector<Fen>& values) {
        const Estimate e = estimate(values);
        rows.push_back({name, grouped(e.mean / 1e6, 1), grouped_or_unknown(e.mean_interval.half_width() / 1e6, 1), grouped(e.q05 / 1e6, 1), grouped(e.q95 / 1e6, 1)});
    };
    row(say("last budget: ", "上年预算：") + called(from.scenarios[0].name, from.scenarios[0].title, o.chinese), b.base);
    for (const Bridge::Step& s : b.steps) {
        const std::string name = "  " + step_name(s.name, o.chinese);
        if (s.changes) row(name, s.change);
        else rows.push_back({name, say("no change", "无变化")});
    }
    row(say("this budget: ", "本年预算：") + called(to.scenarios[0].name, to.scenarios[0].title, o.chinese), b.total);
    fmt::print("{}{}", table_text(rows), say("Each step changes one thing on top of those before it, on the same draws; base and steps add up to this budget in every replicate, to the fen.\nWhere steps interact their sizes hang on the order (--order); their sum does not.\n",
                                             "各步依次变更，使用同一组随机抽样；每次模拟中“上年预算 + 各步”精确等于“本年预算”（到分）。\n各步之间有交互时，其大小取决于次序（--order），合计不变。\n"));
    fmt::print("{}", sample_note(to.sample_share, o.chinese));
    return 0;
}

}  // namespace doudi::cli
