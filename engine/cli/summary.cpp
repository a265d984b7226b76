#include "cli/summary.hpp"

#include "base/labels.hpp"
#include "base/text.hpp"
#include "cli/adjusted.hpp"
#include "cli/columns.hpp"
#include "cli/figures.hpp"
#include "cli/sampled.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

namespace doudi::cli {
namespace {

class Summary {
public:
    Summary(const ResultTotals& t, bool chinese)
        : t_(t), figures_(t), zh_(chinese), S_(figures_.scenarios()), R_(figures_.replicates()), C_(figures_.counties()), P_(figures_.programmes()) {}

    std::string text() const;
    std::string json() const;

private:
    // Parts of the text.
    std::string opening() const;
    std::string costs() const;
    std::string spread() const;
    std::string errors() const;
    std::string adjusted() const;
    std::string convergence() const;
    std::string hand_check(std::size_t s) const;
    std::string counties(std::size_t s) const;
    std::string scale() const;

    const char* say(const char* en, const char* zh) const { return zh_ ? zh : en; }
    std::string wan(double fen) const { return grouped_or_unknown(fen / 1e6, 1); }
    /// One replicate says nothing of a spread.
    std::string interval(const Estimate& e) const { return R_ < 2 ? "?" : wan(e.q05) + " – " + wan(e.q95); }
    std::string grade_name(Grade g) const { return zh_ ? grade_labels_zh[at(g)] : grade_labels[at(g)]; }
    std::string range(const Interval& i) const { return wan(i.low) + " – " + wan(i.high); }
    /// With the name, where titles repeat.
    std::string title(std::size_t s) const {
        const std::string& own = called(t_.scenarios[s], t_.titles[s], zh_);
        const bool alone = own == t_.scenarios[s] || std::count(t_.titles.begin(), t_.titles.end(), own) == 1;
        return alone ? own : fmt::format(fmt::runtime(say("{} ({})", "{}（{}）")), own, t_.scenarios[s]);
    }
    std::string programme_name(std::size_t p) const { return zh_ ? t_.programmes_zh[p] : t_.programmes[p]; }

    const ResultTotals& t_;
    Figures figures_;
    bool zh_;
    std::size_t S_, R_, C_, P_;
};

std::string Summary::opening() const {
    std::string out;
    const auto add = [&](const std::string& line) { out += line + '\n'; };
    const std::int64_t people = std::accumulate(t_.population.begin(), t_.population.end(), std::int64_t{0});
    const std::int64_t homes = std::accumulate(t_.family_households.begin(), t_.family_households.end(), std::int64_t{0});
    add(fmt::format(fmt::runtime(say("{} counties, {} people, {} family households; {} months from {}, {} replicates, seed {}{}",
                                     "{0} 个县级单元，{1} 人，{2} 个家庭户；自 {4} 起 {3} 个月，{5} 次模拟，种子 {6}{7}")),
                    C_, grouped(static_cast<double>(people)), grouped(static_cast<double>(homes)), t_.months.size(), t_.start, R_, t_.seed,
                    t_.sample_share < 1 ? fmt::format(fmt::runtime(say(", a sample of {:.3g} of households", "，抽样比例 {:.3g}")), t_.sample_share) : ""));
    if (const auto settings = figures_.set_for_this_run(); !settings.empty()) {
        std::string line;
        for (const std::string& s : settings) line += (line.empty() ? "" : zh_ ? "；" : "; ") + s;
        add(say("Set for this run, whatever the scenarios say: ", "本次运行另行设定（优先于各方案）：") + line);
    }
    return out;
}

std::string Summary::costs() const {
    std::vector<std::vector<std::string>> rows(1);
    rows[0].push_back(say("programme", "项目"));
    for (std::size_t s = 0; s < S_; ++s) {
        rows[0].push_back(title(s));
        rows[0].push_back(say("5 – 95 %", "5%–95%"));
        if (s > 0) {
            rows[0].push_back(say("change", "变化"));
            rows[0].push_back(say("5 – 95 %", "5%–95%"));
        }
    }
    rows[0].push_back(say("persons a month", "月均人数"));
    for (std::size_t p = 0; p <= P_; ++p) {
        const std::size_t programme = p < P_ ? p : all;
        std::vector<std::string> row{p < P_ ? programme_name(p) : say("TOTAL", "合计")};
        for (std::size_t s = 0; s < S_; ++s) {
            const Estimate e = estimate(figures_.series(t_.cost, s, programme));
            row.push_back(wan(e.median));
            row.push_back(interval(e));
            if (s > 0) {
                const Estimate d = estimate(figures_.difference(s, programme));
                row.push_back(wan(d.median));
                row.push_back(interval(d));
            }
        }
        row.push_back(p < P_ ? grouped(estimate(figures_.series(t_.recipients, 0, programme)).median / static_cast<double>(t_.months.size())) : "");
        rows.push_back(row);
    }
    return say("Cost of the period, 万元 (10,000 yuan): median and 5 – 95 % interval", "期内支出（万元）：中位数与 5%–95% 区间") + std::string("\n") + table_text(rows);
}

/// Of the baseline, and what a sample of households adds to it.
std::string Summary::spread() const {
    std::string out;
    const auto add = [&](const std::string& line) { out += line + '\n'; };
    if (S_ > 1) add(say("Changes are paired: both scenarios live through the same draws, so their interval is that of the change itself.",
            "“变化”为配对差：各方案使用同一组随机抽样，其区间即变化本身的区间。"));
    const Estimate total = estimate(figures_.series(t_.cost, 0));
    add(fmt::format(fmt::runtime(say("Spread of the baseline's total: sd {} 万元, {} % of the mean.", "基准总额的离散度：标准差 {} 万元，为均值的 {}%。")), wan(total.sd),
                    grouped_or_unknown(total.mean == 0 ? 0.0 : 100 * total.sd / total.mean, 1)));
    if (t_.sample.groups > 0) {
        const double error = figures_.sampling_error(0);
        std::string line = fmt::format(fmt::runtime(say("Error of the sample of households, beside that of the Monte Carlo: standard error of the total {} 万元, {:.1f} % of the mean",
                                                        "抽样误差（在蒙特卡洛误差之外）：总额的标准误 {} 万元，为均值的 {:.1f}%")),
                                       wan(error), total.mean == 0 ? 0.0 : 100 * error / total.mean);
        for (std::size_t s = 1; s < S_; ++s)
            line += fmt::format(fmt::runtime(say("; of the change, {}: {} 万元", "；变化（{}）{} 万元")), title(s), wan(figures_.sampling_error(s, all, true)));
        add(line + say(".", "。"));
    }
    out += sample_note(t_.sample_share, zh_);
    return out;
}

std::string Summary::errors() const {
    std::vector<std::vector<std::string>> errors{{"", say("mean", "均值"), say("95 % interval", "95% 区间"), say("median", "中位数"), say("95 % interval", "95% 区间"), say("95 %", "95%"), say("95 % interval", "95% 区间")}};
    for (std::size_t s = 0; s < S_; ++s)
        for (const bool paired : {false, true}) {
            if (paired && s == 0) continue;
            const Estimate e = estimate(paired ? figures_.difference(s) : figures_.series(t_.cost, s));
            errors.push_back({(paired ? say("change: ", "变化：") : "") + title(s), wan(e.mean), range(e.mean_interval), wan(e.median), range(e.median_interval), wan(e.q95), range(e.q95_interval)});
        }
    return say("Error of the Monte Carlo itself, totals, 万元 (? : more replicates are needed to say)", "模拟本身的误差（合计，万元；“?” 表示模拟次数不足）") + std::string("\n") + table_text(errors);
}

std::string Summary::adjusted() const {
    const auto adjust = adjustment(t_);
    if (!adjust) return "";
    std::vector<std::vector<std::string>> rows{{"", say("mean", "均值"), say("95 % interval", "95% 区间"), say("as from", "相当于"), say("median", "中位数"), say("95 % interval", "95% 区间"), say("as from", "相当于"), say("95 %", "95%"),
                                                say("95 % interval", "95% 区间"), say("as from", "相当于")}};
    for (std::size_t s = 0; s < S_; ++s)
        for (const bool paired : {false, true}) {
            if (paired && s == 0) continue;
            const auto values = paired ? figures_.difference(s) : figures_.series(t_.cost, s);
            if (std::all_of(values.begin(), values.end(), [&](std::int64_t v) { return v == values.front(); })) continue;
            const Adjusted a = (*adjust)(values);
            rows.push_back({(paired ? say("change: ", "变化：") : "") + title(s)});
            for (const AdjustedFigure& f : {a.mean(), a.quantile(0.5), a.quantile(0.95)})
                rows.back().insert(rows.back().end(), {wan(f.value), range(f.interval()), grouped_or_unknown(std::floor(f.effective_replicates), 0)});
        }
    if (rows.size() == 1) return "";
    return say("The same, adjusted for the parameters and common factors that were drawn (control variates), 万元; as from so many replicates without it",
               "同上，按各次模拟抽到的参数与共同因素校正（控制变量法，万元）；“相当于”为不校正时达到同样精度所需的模拟次数") + std::string("\n") + table_text(rows);
}

/// Mean and 95 % quantile of the last scenario's total at 1, 2, 4, 8 ... replicates.
std::string Summary::convergence() const {
    const auto values = figures_.series(t_.cost, S_ - 1);
    std::vector<std::vector<std::string>> rows{{say("replicates", "模拟次数")}, {say("mean", "均值")}, {say("± 95 %", "± 95%")}, {say("95 %", "95%")}};
    for (std::size_t n = 1;; n = std::min(2 * n, R_)) {
        const Estimate e = estimate({values.begin(), values.begin() + static_cast<std::ptrdiff_t>(n)});
        rows[0].push_back(std::to_string(n));
        rows[1].push_back(wan(e.mean));
        rows[2].push_back(wan(e.mean_interval.half_width()));
        rows[3].push_back(wan(e.q95));
        if (n == R_) break;
    }
    return fmt::format(fmt::runtime(say("Convergence, {}, 万元:\n{}", "收敛情况（{}，万元）：\n{}")), title(S_ - 1), table_text(rows).substr(0, table_text(rows).size() - 1));
}

std::string Summary::hand_check(std::size_t s) const {
    std::string out;
    const auto add = [&](const std::string& line) { out += line + '\n'; };
    const double r = static_cast<double>(R_);
    if (t_.amounts_move) {
        if (s == 1) add(say("\nNo hand check: the amount of a subsidy changes within the run (doudi.Comparison.hand_check reckons it by month).", "\n未作手工核对：补贴标准在期内变化（可用 Python 的 hand_check 逐月核对）。"));
    } else if (t_.living_amount[s] != t_.living_amount[0] || t_.nursing_amount[s] != t_.nursing_amount[0]) {
        const Figures::HandCheck h = figures_.hand_check(s);
        add("");
        add(fmt::format(fmt::runtime(say("Hand check, {}: {} recipient-months (mean of the replicates, both subsidies) x change of the amount",
                                         "手工核对（{}）：领取人月数 {}（两项合计，各次模拟均值）× 标准变化")),
                        title(s), grouped(h.person_months / r)));
        add(fmt::format(fmt::runtime(say("  living {} -> {} yuan, nursing {} -> {} yuan: {} 万元 by hand, {} 万元 simulated, gap {} 万元",
                                         "  生活补贴 {} → {} 元，护理补贴 {} → {} 元：手算 {} 万元，模拟 {} 万元，差 {} 万元")),
                        yuan_text(t_.living_amount[0]), yuan_text(t_.living_amount[s]), yuan_text(t_.nursing_amount[0]), yuan_text(t_.nursing_amount[s]),
                        grouped(h.expected / r / 1e6, 4), grouped(h.difference / r / 1e6, 4),
                        grouped((h.difference - h.expected) / r / 1e6, 4)));
        add(h.exact == R_ ? say("  No gap, to the fen, in every replicate: the amount changes no one's eligibility and take-up does not respond.",
                                "  每次模拟均分毫不差：标准变化不改变资格，申领行为亦未作反应。")
            : t_.sample_share < 1 && std::abs(h.caseload / r) < 0.5  // nobody else draws them, on average: to half a fen, as headline.py reads it
                ? say("  The gap is rounding: a sample is weighted up cell by cell. Without --sample-share it is exact.",
                      "  差额为抽样加权取整所致；全量模拟（不用 --sample-share）时分毫不差。")
                : say("  The gap is the change in who draws the subsidies: eligibility or take-up differs between the two scenarios.",
                      "  差额来自领取人的变化：两方案的资格或申领率不同。"));
        if (h.exact != R_)
            add(fmt::format(fmt::runtime(say("  The gap in parts: change of the caseload x new amounts {} 万元, rest {} 万元.", "  差额分解：领取人月数变化 × 新标准 {} 万元，其余 {} 万元。")),
                            grouped(static_cast<double>(h.caseload) / r / 1e6, 4), grouped(static_cast<double>(h.difference - h.expected - h.caseload) / r / 1e6, 4)));
    }
    return out;
}

/// Those with the largest change.
std::string Summary::counties(std::size_t s) const {
    std::vector<std::vector<std::string>> change{{say("county", "县（市、区）"), say("baseline", "基准"), say("change", "变化"), say("5 – 95 %", "5%–95%"), say("grade", "等级")}};
    const auto order = figures_.counties_by_change(s);
    for (std::size_t k = 0; k < std::min<std::size_t>(5, C_); ++k) {
        const std::size_t c = order[k];
        const Estimate d = estimate(figures_.difference(s, all, c));
        const Grade g = figures_.graded(c);
        const std::string name = fmt::format("{} {}", t_.county_codes[c], zh_ ? t_.county_names_zh[c] : t_.county_names_en[c] + " " + t_.county_names_zh[c]);
        if (g == Grade::suppress) change.push_back({name, "–", "–", "–", grade_name(g)});
        else change.push_back({name, wan(estimate(figures_.series(t_.cost, 0, all, c)).median), wan(d.median), interval(d), grade_name(g)});
    }
    return fmt::format(fmt::runtime(say("Counties with the largest change, {}, 万元:", "变化最大的县（市、区），{}，万元：")), title(s)) + std::string("\n") + table_text(change);
}

/// Against what was published; nothing for a part of the counties.
std::string Summary::scale() const {
    const auto published = figures_.published();
    if (published.empty()) return "";
    std::vector<std::vector<std::string>> rows{{"", say("published", "公布"), say("simulated", "模拟"), say("ratio", "比值")}};
    for (const Figures::Published& p : published)
        rows.push_back({zh_ ? p.name_zh : p.name, p.published > 0 ? grouped(p.published) : say("none", "无"), grouped(p.simulated),
                        p.published > 0 ? fmt::format("{:.2f}", p.simulated / p.published) : "–"});
    return say("\nScale against 吉林省民政厅 2023-11 (before the standards of 2024):\n", "\n与吉林省民政厅 2023 年 11 月数据对照（早于 2024 年标准）：\n") + table_text(rows);
}

std::string Summary::text() const {
    std::string out = opening() + '\n' + costs() + spread() + '\n' + errors() + adjusted() + convergence() + '\n';
    for (std::size_t s = 1; s < S_; ++s) out += hand_check(s) + '\n' + counties(s);
    out += scale() + '\n';
    out += say("These figures describe the model and its assumptions (docs/model-card.md), not the spending of any county. The documents give no rates for\n"
            "the extra payment (增发) and no amounts for temporary assistance: both are assumptions. Take-up, incomes and the asset test are fitted to provincial caseloads only.",
            "以上数字描述的是模型及其假设（见 docs/model-card.md），并非任何县的实际支出。文件未给出增发补助比例和临时救助金额，\n"
            "二者均为假设；申领率、收入与财产审核通过率仅按全省人数校准。");
    out += '\n';
    return out;
}

std::string Summary::json() const {
    using Json = nlohmann::ordered_json;
    const auto pair = [](const Interval& i) { return Json{std::isfinite(i.low) ? Json(i.low) : Json(), std::isfinite(i.high) ? Json(i.high) : Json()}; };
    const auto of = [&](const Estimate& e) {
        return Json{{"median", e.median}, {"q05", e.q05}, {"q95", e.q95}, {"mean", e.mean}, {"sd", e.sd}, {"standard_error", e.standard_error},
                    {"mean_interval", pair(e.mean_interval)}, {"median_interval", pair(e.median_interval)}, {"q05_interval", pair(e.q05_interval)}, {"q95_interval", pair(e.q95_interval)}};
    };
    Json out{{"unit", "fen"}, {"counties", C_}, {"replicates", R_}, {"seed", t_.seed}, {"months", t_.months.size()}, {"start", t_.start}, {"sample_share", t_.sample_share}, {"settings", figures_.set_for_this_run()}};
    const auto adjust = adjustment(t_);
    const auto adjusted = [&](const std::vector<std::int64_t>& values) {
        const Adjusted a = (*adjust)(values);
        Json j;
        for (const auto& [name, f] : {std::pair{"mean", a.mean()}, {"q05", a.quantile(0.05)}, {"median", a.quantile(0.5)}, {"q95", a.quantile(0.95)}}) j[name] = figure_json(f);
        return j;
    };
    for (std::size_t s = 0; s < S_; ++s) {
        Json scenario{{"name", t_.scenarios[s]}, {"title", t_.titles[s]}};
        for (std::size_t p = 0; p <= P_; ++p) {
            const std::size_t programme = p < P_ ? p : all;
            Json& cell = scenario["cost"][p < P_ ? t_.programmes[p] : "total"];
            cell = of(estimate(figures_.series(t_.cost, s, programme)));
            if (s > 0) cell["difference"] = of(estimate(figures_.difference(s, programme)));
            if (adjust) {
                cell["adjusted"] = adjusted(figures_.series(t_.cost, s, programme));
                if (s > 0) cell["difference"]["adjusted"] = adjusted(figures_.difference(s, programme));
            }
            if (t_.sample.groups > 0) {
                cell["sampling_error"] = figures_.sampling_error(s, programme);
                if (s > 0) cell["difference"]["sampling_error"] = figures_.sampling_error(s, programme, true);
            }
            if (p < P_) scenario["recipient_months"][t_.programmes[p]] = of(estimate(figures_.series(t_.recipients, s, programme)));
        }
        if (s > 0) {
            const Figures::HandCheck h = figures_.hand_check(s);
            const double r = static_cast<double>(R_);
            if (!t_.amounts_move) scenario["hand_check"] = {{"recipient_months", h.person_months / r}, {"expected", h.expected / r},
                                      {"difference", h.difference / r}, {"caseload_part", h.caseload / r}, {"replicates_without_gap", h.exact}};
            for (const std::size_t c : figures_.counties_by_change(s))
                scenario["counties"].push_back({{"code", t_.county_codes[c]}, {"name_zh", t_.county_names_zh[c]}, {"grade", grade_labels[at(figures_.graded(c))]}, {"baseline", of(estimate(figures_.series(t_.cost, 0, all, c)))},
                                                {"difference", of(estimate(figures_.difference(s, all, c)))}});
        }
        out["scenarios"].push_back(scenario);
    }
    for (const Figures::Published& p : figures_.published()) out["published"].push_back({{"what", p.name}, {"unit", p.unit}, {"published", p.published}, {"simulated", p.simulated}});
    return out.dump(2) + '\n';
}

}  // namespace

std::string summary_text(const ResultTotals& totals, bool chinese) { return Summary(totals, chinese).text(); }
std::string summary_json(const ResultTotals& totals) { return Summary(totals, false).json(); }

}  // namespace doudi::cli
