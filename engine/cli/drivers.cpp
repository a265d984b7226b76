#include "cli/drivers.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/columns.hpp"
#include "cli/output.hpp"
#include "cli/progress.hpp"
#include "scenario/table.hpp"
#include "storage/drivers_writer.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <numeric>

namespace doudi::cli {
namespace {

std::vector<DriverGroup> groups_of(const DriversOptions& o, const Plan& plan) {
    if (o.groups == "prefix") return groups_by_prefix(plan, o.populations);
    if (o.groups == "each") return groups_by_parameter(plan, o.populations);
    if (!std::filesystem::exists(o.groups)) throw InputError("--groups", both("\"{}\" is neither prefix nor each nor a file", "\"{}\" 既不是 prefix 或 each，也不是文件", o.groups));
    const Source source{o.groups, read_file(o.groups)};
    const Table table(source, {"group", "parameter"});
    std::vector<std::pair<std::string, std::string>> pairs;
    for (std::size_t row = 0; row < table.rows(); ++row) pairs.emplace_back(table.text(row, "group"), table.text(row, "parameter"));
    return groups_by_table(plan, o.populations, pairs);
}

std::string group_name(const std::string& name, bool zh) {
    static const std::map<std::string, std::pair<std::string, std::string>> known{
        {"layer:systemic", {"systemic factors", "共同因素"}}, {"layer:luck", {"individual luck", "个体随机"}}, {"layer:population", {"population draw", "人口合成抽样"}},
        {"income", {"income", "收入分布"}}, {"farm", {"farming", "农业经营"}}, {"employment", {"employment", "就业"}}, {"pension", {"pensions", "养老金"}}, {"support", {"support by relatives", "赡养收入"}},
        {"assets", {"asset test", "财产审核"}}, {"disability", {"disability", "残疾"}}, {"illness", {"illness", "重病"}}, {"school", {"schooling", "就学"}},
        {"spending", {"spending", "刚性支出"}}, {"tekun", {"tekun", "特困"}}, {"hazard", {"hazards", "风险发生率"}}, {"disaster", {"disasters", "灾害"}},
        {"take_up", {"take-up", "申领率"}}, {"detection", {"detection", "发现机制"}}, {"review", {"review", "复核"}}, {"temporary", {"temporary assistance", "临时救助"}},
        {"systemic", {"size of systemic factors", "共同因素幅度"}}, {"growth", {"growth of incomes", "收入增长"}}};
    const auto found = known.find(name);
    return found == known.end() ? name : zh ? found->second.second : found->second.first;
}

/// Are beliefs drawn together, so that the normals of a row move the rows after it?
bool correlated(const Plan& plan) {
    return std::any_of(plan.joint.rows.begin(), plan.joint.rows.end(), [](const JointBelief::Row& row) {
        return row.drawn && std::any_of(row.factor.begin(), row.factor.end() - std::min<std::ptrdiff_t>(1, std::ssize(row.factor)), [](double f) { return f != 0; });
    });
}

std::string with_error(double value, double error) { return fmt::format("{:.1f} ± {:.1f}", 100 * value, 196 * error); }

std::string table_of(const DriversResult& r, std::size_t scenario, bool difference, const DriversOptions& o) {
    const auto say = [&](const char* en, const char* zh) { return std::string(o.chinese ? zh : en); };
    const SobolIndices s = r.indices(scenario, difference);
    const Information worth = value_of_information(r, scenario, difference, o.level);
    std::vector<std::size_t> order(s.group.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return s.group[a].total > s.group[b].total; });
    std::vector<std::vector<std::string>> rows{{say("what drives it", "驱动因素"), say("by itself, %", "单独份额 %"), say("with interactions, %", "含交互份额 %"),
                                                say("knowing it frees of the reserve, 万元", "查明后可减少的备用金（万元）")}};
    double sum = 0;
    for (const std::size_t g : order) {
        rows.push_back({group_name(r.design.groups[g].name, o.chinese), with_error(s.group[g].first, s.group[g].first_error), with_error(s.group[g].total, s.group[g].total_error),
                        fmt::format("{} ± {}", grouped(worth.saving[g].fen / 1e6, 1), grouped(1.96 * worth.saving[g].error / 1e6, 1))});
        sum += s.group[g].first;
    }
    return table_text(rows) + fmt::format(fmt::runtime(say("sd {} 万元; reserve at {:.0f} % (quantile less median) {} 万元; the shares by themselves add up to {:.0f} %, the rest is interaction and noise\n",
                                                           "标准差 {} 万元；{:.0f}% 备用金（分位数减中位数）{} 万元；单独份额合计 {:.0f}%，其余为交互作用与抽样误差\n")),
                                          grouped(std::sqrt(s.variance) / 1e6, 1), 100 * o.level, grouped(worth.reserve / 1e6, 1), 100 * sum);
}

nlohmann::ordered_json json_of(const DriversResult& r, std::size_t scenario, bool difference, double level) {
    const SobolIndices s = r.indices(scenario, difference);
    const Information worth = value_of_information(r, scenario, difference, level);
    nlohmann::ordered_json list;
    for (std::size_t g = 0; g < s.group.size(); ++g)
        list.push_back({{"group", r.design.groups[g].name}, {"first_order", s.group[g].first}, {"first_order_error", s.group[g].first_error}, {"total_order", s.group[g].total},
                        {"total_order_error", s.group[g].total_error}, {"frees_of_reserve_fen", worth.saving[g].fen}, {"frees_of_reserve_error", worth.saving[g].error}});
    return {{"mean", s.mean}, {"variance", s.variance}, {"reserve", worth.reserve}, {"groups", list}};
}

}  // namespace

int drivers(const DriversOptions& o, const Program& program, const std::atomic<bool>& stop) {
    std::vector<Fault> faults;
    Plan plan;
    DriversDesign design{o.rows, o.populations, {}};
    const bool loaded = collect(faults, [&] { plan = load_plan(o.scenarios, o.overrides); });
    if (!(o.level > 0.5 && o.level < 1)) faults.push_back({"--level", both("{} is not between 0.5 and 1", "{} 不在 0.5 与 1 之间", o.level)});
    collect(faults, [&] { check(design); });
    if (loaded) {
        collect(faults, [&] { design.groups = groups_of(o, plan); });
        collect(faults, [&] { check_place(o.output, plan, "out/drivers.h5"); });
    }
    if (!o.force) collect(faults, [&] { check_free(o.output, true); });
    if (!faults.empty()) throw InputError(std::move(faults));
    double households = 0, done = 0;
    for (const County& c : plan.counties) households += static_cast<double>(c.households);
    Progress progress(households, o.progress, o.chinese);
    const DriversResult result = simulate_drivers(plan, design, o.threads, [&](std::size_t c) {
        progress.at(done, plan.counties[c].name_zh);
        done += static_cast<double>(plan.counties[c].households);
    }, &stop);
    progress.end();
    if (stop) {
        fmt::print(stderr, "{}\n", o.chinese ? "已中断：未写入任何文件" : "interrupted: nothing is written");
        return 3;
    }
    write_drivers(plan, result, program, o.output);
    if (o.json) {
        nlohmann::ordered_json out{{"unit", "fen"}, {"rows", o.rows}, {"runs", design.runs() * o.rows}, {"seed", plan.seed}, {"sample_share", plan.sample_share}, {"beliefs_correlated", correlated(plan)}};
        for (std::size_t s = 0; s < result.scenarios; ++s) {
            out["scenarios"].push_back({{"name", plan.scenarios[s].name}, {"cost", json_of(result, s, false, o.level)}});
            if (s > 0) out["scenarios"].back()["difference"] = json_of(result, s, true, o.level);
        }
        fmt::print("{}\n", out.dump(2));
        return 0;
    }
    const auto say = [&](const char* en, const char* zh) { return o.chinese ? zh : en; };
    fmt::print(fmt::runtime(say("{} counties; {} rows x {} runs on addressed draws, {} populations, seed {}\n", "{} 个县级单元；{} 行 × {} 次运行（定址抽样），{} 套合成人口，种子 {}\n")),
               plan.counties.size(), o.rows, design.runs(), o.populations, plan.seed);
    const auto title = [&](std::size_t s) { return called(plan.scenarios[s].name, plan.scenarios[s].title, o.chinese); };
    for (std::size_t s = 0; s < result.scenarios; ++s) {
        fmt::print(fmt::runtime(say("\nWhat drives the cost: {}\n{}", "\n支出由什么决定：{}\n{}")), title(s), table_of(result, s, false, o));
        if (s > 0) fmt::print(fmt::runtime(say("\nWhat drives the paired difference: {} - {}\n{}", "\n配对差由什么决定：{} − {}\n{}")), title(s), title(0), table_of(result, s, true, o));
    }
    fmt::print("\n{}", say("Shares are of the variance, ± 95 % Monte Carlo interval. What knowing a group frees: the reserve times 1 - sqrt(1 - share by itself).\n",
                           "份额为方差份额，± 为 95% 蒙特卡洛区间。“可减少的备用金” = 备用金 ×（1 − √(1 − 单独份额)）。\n"));
    if (correlated(plan))
        fmt::print("{}", say("The beliefs are correlated ([posterior]). Drawn are independent normals behind them, in the order of its rows, and a group is that of its rows' normals: knowing it moves later beliefs with it.\n",
                             "各项假设彼此相关（[posterior]）。抽取的是其背后按行次序排列的独立正态变量，各组的份额按本组各行的变量计：查明一组，其后各组也随之变动。\n"));
    if (plan.sample_share < 1)
        fmt::print(fmt::runtime(say("A sample of {:.3g} of the households overstates luck and population draw: their variance is about {:.3g} times that of all households.\n",
                                    "抽样比例 {:.3g} 会高估个体随机与人口合成两项：其方差约为全量的 {:.3g} 倍。\n")), plan.sample_share, 1 / plan.sample_share);
    fmt::print(fmt::runtime(say("by county and programme: {}\n", "分县分项目结果：{}\n")), o.output.string());
    return 0;
}

}  // namespace doudi::cli
