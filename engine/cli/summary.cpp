#include "cli/summary.hpp"

#include "base/error.hpp"
#include "base/labels.hpp"
#include "base/text.hpp"
#include "cli/columns.hpp"
#include "cli/sampled.hpp"
#include "cli/series.hpp"
#include "cli/validation.hpp"
#include "results/estimates.hpp"
#include "scenario/table.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <sstream>
#include <utility>

namespace doudi::cli {
namespace {

constexpr std::size_t living = at(Programme::living_subsidy), nursing = at(Programme::nursing_subsidy);

class Summary {
public:
    Summary(const ResultTotals& t, bool chinese)
        : t_(t), zh_(chinese), S_(t.scenarios.size()), R_(static_cast<std::size_t>(t.replicates)), C_(t.county_codes.size()), P_(t.programmes.size()) {}

    std::vector<std::int64_t> series(const std::vector<std::int64_t>& cube, std::size_t s, std::size_t programme = all, std::size_t county = all,
                                     std::size_t residence = all) const {
        return cli::series(t_, cube, s, programme, county, residence);
    }
    std::vector<std::int64_t> difference(std::size_t s, std::size_t programme = all, std::size_t county = all) const { return cli::difference(t_, s, programme, county); }

    /// How far a county's baseline may be passed on.
    Grade graded(std::size_t county, std::size_t s = 0, std::size_t programme = all) const {
        const Estimate e = estimate(series(t_.cost, s, programme, county));
        const double persons = estimate(series(t_.recipients, s, programme, county)).mean / static_cast<double>(t_.months.size());
        return grade(relative_error(e), persons * t_.sample_share, t_.sample_share);
    }

    /// Standard error that a sample of households brings to the mean of a scenario's cost (or change), fen.
    double sampling_error(std::size_t s, std::size_t programme = all, bool change = false, std::size_t county = all) const {
        return t_.sample.error([&](std::size_t g, std::size_t c) {
            Fen sum = 0;
            for (std::size_t p = 0; p < P_; ++p)
                if ((programme == all || programme == p) && (county == all || county == c)) sum += t_.sample.at(g, c, s, p) - (change ? t_.sample.at(g, c, 0, p) : 0);
            return static_cast<double>(sum);
        });
    }

    struct HandCheck {
        double expected = 0, difference = 0, person_months = 0;  ///< sums over replicates, which could leave int64
        double caseload = 0;                                     ///< change of the recipient-months times the new amounts
        std::size_t exact = 0;                                       ///< replicates without any gap
    };
    /// Baseline recipient-months times the change of each amount, against the simulated change of the two subsidies.
    HandCheck hand_check(std::size_t s) const {
        HandCheck check;
        const auto living_heads = series(t_.recipients, 0, living), nursing_heads = series(t_.recipients, 0, nursing);
        const auto living_after = series(t_.recipients, s, living), nursing_after = series(t_.recipients, s, nursing);
        const auto living_change = difference(s, living), nursing_change = difference(s, nursing);
        for (std::size_t r = 0; r < R_; ++r) {
            const Fen expected = living_heads[r] * (t_.living_amount[s] - t_.living_amount[0]) + nursing_heads[r] * (t_.nursing_amount[s] - t_.nursing_amount[0]);
            check.expected += static_cast<double>(expected);
            check.difference += static_cast<double>(living_change[r] + nursing_change[r]);
            check.caseload += static_cast<double>((living_after[r] - living_heads[r]) * t_.living_amount[s] + (nursing_after[r] - nursing_heads[r]) * t_.nursing_amount[s]);
            check.person_months += static_cast<double>(living_heads[r] + nursing_heads[r]);
            check.exact += expected == living_change[r] + nursing_change[r];
        }
        return check;
    }

    /// Counties by size of the median change, largest first.
    std::vector<std::size_t> counties_by_change(std::size_t s) const {
        std::vector<double> change;
        for (std::size_t c = 0; c < C_; ++c) change.push_back(std::abs(estimate(difference(s, all, c)).median));
        std::vector<std::size_t> order(C_);
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return change[a] > change[b]; });
        return order;
    }

    struct Published {
        const char* name;
        const char* name_zh;
        double published, simulated;
        const char* unit;
        const char* unit_zh;
    };
    /// Caseloads and payments of 吉林省民政厅, 2023-11, from the indicators the file carries, and the baseline's median, as
    /// `doudi validate` takes it. Nothing for a part of the counties: the published figures are the province's.
    std::vector<Published> published() const {
        std::vector<Published> list;
        for (std::size_t i = 0; i < t_.source_names.size(); ++i)
            if (t_.source_names[i].ends_with("indicators.csv")) published_from({t_.file + ": " + t_.source_names[i], t_.source_texts[i]}, list);
        if (!whole_province(t_)) list.clear();  // read all the same: a damaged table is a fault of the file
        return list;
    }

    /// What the command line set on top of the scenarios, whose titles may say otherwise.
    std::vector<std::string> set_for_this_run() const {
        std::vector<std::string> list;
        std::stringstream lines(t_.settings);
        for (std::string line; std::getline(lines, line);)
            if (!line.empty()) list.push_back(line);
        return list;
    }

    std::string text() const;
    std::string json() const;

private:
    std::string convergence() const;
    const char* say(const char* en, const char* zh) const { return zh_ ? zh : en; }
    std::string wan(double fen) const { return grouped_or_unknown(fen / 1e6, 1); }
    std::string interval(const Estimate& e) const { return wan(e.q05) + " – " + wan(e.q95); }
    std::string grade_name(Grade g) const { return zh_ ? grade_labels_zh[at(g)] : grade_labels[at(g)]; }
    std::string range(const Interval& i) const { return wan(i.low) + " – " + wan(i.high); }
    std::string programme_name(std::size_t p) const { return zh_ ? t_.programmes_zh[p] : t_.programmes[p]; }

    void published_from(const Source& source, std::vector<Published>& list) const {
        const Table table(source, {"key", "value", "year"});
        const auto value = [&](const std::string& key, const std::string& year) {
            for (std::size_t row = 0; row < table.rows(); ++row)
                if (table.text(row, "key") == key && table.text(row, "year") == year) return std::strtod(table.text(row, "value").c_str(), nullptr);
            return 0.0;
        };
        const auto replicates = replicate_totals(t_);
        const auto simulated = [&](const char* programme, std::optional<Residence> residence, const char* statistic) {
            doudi::Published figure;
            figure.programme = programme;
            figure.residence = residence;
            figure.statistic = statistic;
            return middle(simulated_values(figure, replicates));
        };
        const Residence urban = Residence::urban, rural = Residence::rural;
        const char *persons = "persons", *persons_zh = "人", *yuan = "yuan/month", *yuan_zh = "元/月";
        const std::string y = "2023-11";
        list.push_back({"dibao, urban, persons", "城市低保人数", value("jl.dibao.urban.persons", y), simulated("dibao", urban, "persons"), persons, persons_zh});
        list.push_back({"dibao, rural, persons", "农村低保人数", value("jl.dibao.rural.persons", y), simulated("dibao", rural, "persons"), persons, persons_zh});
        list.push_back({"dibao with extra payment, urban, a head", "城市低保人均补助（含增发）", value("jl.dibao.urban.benefit_per_head", y), simulated("dibao", urban, "yuan_per_head_month"), yuan, yuan_zh});
        list.push_back({"dibao with extra payment, rural, a head", "农村低保人均补助（含增发）", value("jl.dibao.rural.benefit_per_head", y), simulated("dibao", rural, "yuan_per_head_month"), yuan, yuan_zh});
        list.push_back({"tekun, urban, persons", "城市特困人数", value("jl.tekun.urban.persons", y), simulated("tekun", urban, "persons"), persons, persons_zh});
        list.push_back({"tekun, rural, persons", "农村特困人数", value("jl.tekun.rural.persons", y), simulated("tekun", rural, "persons"), persons, persons_zh});
        list.push_back({"tekun, urban, a head", "城市特困人均救助", value("jl.tekun.urban.benefit_per_head", y), simulated("tekun", urban, "yuan_per_head_month"), yuan, yuan_zh});
        list.push_back({"tekun, rural, a head", "农村特困人均救助", value("jl.tekun.rural.benefit_per_head", y), simulated("tekun", rural, "yuan_per_head_month"), yuan, yuan_zh});
        list.push_back({"temporary assistance, person-times a month", "临时救助每月人次", value("jl.linshi.person_times_ytd", "1 to 2023-11") / 11, simulated("temporary", {}, "person_times_month"), "persons", persons_zh});
        list.push_back({"temporary assistance, a time", "临时救助次均", value("jl.linshi.avg_per_time", "1 to 2023-11"), simulated("temporary", {}, "yuan_per_time"), "yuan", "元"});
    }

    const ResultTotals& t_;
    bool zh_;
    std::size_t S_, R_, C_, P_;
};

/// Mean and 95 % quantile of the last scenario's total at 1, 2, 4, 8 ... replicates.
std::string Summary::convergence() const {
    const auto values = series(t_.cost, S_ - 1);
    std::vector<std::vector<std::string>> rows{{say("replicates", "模拟次数")}, {say("mean", "均值")}, {say("± 95 %", "± 95%")}, {"95 %"}};
    for (std::size_t n = 1;; n = std::min(2 * n, R_)) {
        const Estimate e = estimate({values.begin(), values.begin() + static_cast<std::ptrdiff_t>(n)});
        rows[0].push_back(std::to_string(n));
        rows[1].push_back(wan(e.mean));
        rows[2].push_back(wan(e.mean_interval.half_width()));
        rows[3].push_back(wan(e.q95));
        if (n == R_) break;
    }
    return fmt::format(fmt::runtime(say("Convergence, {}, 万元:\n{}", "收敛情况（{}，万元）：\n{}")), t_.titles[S_ - 1], table_text(rows).substr(0, table_text(rows).size() - 1));
}

std::string Summary::text() const {
    std::string out;
    const auto add = [&](const std::string& line) { out += line + '\n'; };
    const std::int64_t people = std::accumulate(t_.population.begin(), t_.population.end(), std::int64_t{0});
    const std::int64_t homes = std::accumulate(t_.family_households.begin(), t_.family_households.end(), std::int64_t{0});
    add(fmt::format(fmt::runtime(say("{} counties, {} people, {} family households; {} months from {}, {} replicates, seed {}{}",
                                     "{0} 个县级单元，{1} 人，{2} 个家庭户；自 {4} 起 {3} 个月，{5} 次模拟，种子 {6}{7}")),
                    C_, grouped(static_cast<double>(people)), grouped(static_cast<double>(homes)), t_.months.size(), t_.start, R_, t_.seed,
                    t_.sample_share < 1 ? fmt::format(fmt::runtime(say(", a sample of {:.3g} of households", "，抽样比例 {:.3g}")), t_.sample_share) : ""));
    if (const auto settings = set_for_this_run(); !settings.empty()) {
        std::string line;
        for (const std::string& s : settings) line += (line.empty() ? "" : zh_ ? "；" : "; ") + s;
        add(say("Set for this run, whatever the scenarios say: ", "本次运行另行设定（优先于各情景）：") + line);
    }
    add("");
    add(say("Cost of the period, 万元 (10,000 yuan): median and 5 – 95 % interval", "期内支出（万元）：中位数与 5%–95% 区间"));
    std::vector<std::vector<std::string>> rows(1);
    rows[0].push_back(say("programme", "项目"));
    for (std::size_t s = 0; s < S_; ++s) {
        rows[0].push_back(t_.titles[s]);
        rows[0].push_back("5 – 95 %");
        if (s > 0) {
            rows[0].push_back(say("change", "变化"));
            rows[0].push_back("5 – 95 %");
        }
    }
    rows[0].push_back(say("persons a month", "月均人数"));
    for (std::size_t p = 0; p <= P_; ++p) {
        const std::size_t programme = p < P_ ? p : all;
        std::vector<std::string> row{p < P_ ? programme_name(p) : say("TOTAL", "合计")};
        for (std::size_t s = 0; s < S_; ++s) {
            const Estimate e = estimate(series(t_.cost, s, programme));
            row.push_back(wan(e.median));
            row.push_back(interval(e));
            if (s > 0) {
                const Estimate d = estimate(difference(s, programme));
                row.push_back(wan(d.median));
                row.push_back(interval(d));
            }
        }
        row.push_back(p < P_ ? grouped(estimate(series(t_.recipients, 0, programme)).median / static_cast<double>(t_.months.size())) : "");
        rows.push_back(row);
    }
    out += table_text(rows);
    add(say("Changes are paired: both scenarios live through the same draws, so their interval is that of the change itself.",
            "“变化”为配对差：各情景使用同一组随机抽样，其区间即变化本身的区间。"));
    const Estimate total = estimate(series(t_.cost, 0));
    add(fmt::format(fmt::runtime(say("Spread of the baseline's total: sd {} 万元, {} % of the mean.", "基准总额的离散度：标准差 {} 万元，为均值的 {}%。")), wan(total.sd),
                    grouped_or_unknown(total.mean == 0 ? 0.0 : 100 * total.sd / total.mean, 1)));
    if (t_.sample.groups > 0) {
        const double error = sampling_error(0);
        std::string line = fmt::format(fmt::runtime(say("Error of the sample of households, beside that of the Monte Carlo: standard error of the total {} 万元, {:.1f} % of the mean",
                                                        "抽样误差（在蒙特卡洛误差之外）：总额的标准误 {} 万元，为均值的 {:.1f}%")),
                                       wan(error), total.mean == 0 ? 0.0 : 100 * error / total.mean);
        for (std::size_t s = 1; s < S_; ++s)
            line += fmt::format(fmt::runtime(say("; of the change, {}: {} 万元", "；变化（{}）{} 万元")), t_.titles[s], wan(sampling_error(s, all, true)));
        add(line + say(".", "。"));
    }
    out += sample_note(t_.sample_share, zh_);
    add("");
    add(say("Error of the Monte Carlo itself, totals, 万元 (? : more replicates are needed to say)", "模拟本身的误差（合计，万元；“?” 表示模拟次数不足）"));
    std::vector<std::vector<std::string>> errors{{"", say("mean", "均值"), say("95 % interval", "95% 区间"), say("median", "中位数"), say("95 % interval", "95% 区间"), "95 %", say("95 % interval", "95% 区间")}};
    for (std::size_t s = 0; s < S_; ++s)
        for (const bool paired : {false, true}) {
            if (paired && s == 0) continue;
            const Estimate e = estimate(paired ? difference(s) : series(t_.cost, s));
            errors.push_back({(paired ? say("change: ", "变化：") : "") + t_.titles[s], wan(e.mean), range(e.mean_interval), wan(e.median), range(e.median_interval), wan(e.q95), range(e.q95_interval)});
        }
    out += table_text(errors);
    add(convergence());

    for (std::size_t s = 1; s < S_; ++s) {
        const double r = static_cast<double>(R_);
        if (t_.amounts_move) {
            if (s == 1) add(say("\nNo hand check: the amount of a subsidy changes within the run (doudi.Comparison.hand_check reckons it by month).", "\n未作手工核对：补贴标准在期内变化（可用 Python 的 hand_check 逐月核对）。"));
        } else if (t_.living_amount[s] != t_.living_amount[0] || t_.nursing_amount[s] != t_.nursing_amount[0]) {
            const HandCheck h = hand_check(s);
            add("");
            add(fmt::format(fmt::runtime(say("Hand check, {}: {} recipient-months (mean of the replicates, both subsidies) x change of the amount",
                                             "手工核对（{}）：领取人月数 {}（两项合计，各次模拟均值）× 标准变化")),
                            t_.titles[s], grouped(h.person_months / r)));
            add(fmt::format(fmt::runtime(say("  living {} -> {} yuan, nursing {} -> {} yuan: {} 万元 by hand, {} 万元 simulated, gap {} 万元",
                                             "  生活补贴 {} → {} 元，护理补贴 {} → {} 元：手算 {} 万元，模拟 {} 万元，差 {} 万元")),
                            yuan_text(t_.living_amount[0]), yuan_text(t_.living_amount[s]), yuan_text(t_.nursing_amount[0]), yuan_text(t_.nursing_amount[s]),
                            grouped(h.expected / r / 1e6, 4), grouped(h.difference / r / 1e6, 4),
                            grouped((h.difference - h.expected) / r / 1e6, 4)));
            add(h.exact == R_ ? say("  No gap, to the fen, in every replicate: the amount changes no one's eligibility and take-up does not respond.",
                                    "  每次模拟均分毫不差：标准变化不改变资格，申领行为亦未作反应。")
                : std::abs(h.caseload / r) < 0.5  // nobody else draws them, on average: to half a fen, as headline.py reads it
                    ? say("  The gap is rounding: a sample is weighted up cell by cell. Without --sample-share it is exact.",
                          "  差额为抽样加权取整所致；全量模拟（不用 --sample-share）时分毫不差。")
                    : say("  The gap is the change in who draws the subsidies: eligibility or take-up differs between the two scenarios.",
                          "  差额来自领取人的变化：两情景的资格或申领率不同。"));
            if (h.exact != R_)
                add(fmt::format(fmt::runtime(say("  The gap in parts: change of the caseload x new amounts {} 万元, rest {} 万元.", "  差额分解：领取人月数变化 × 新标准 {} 万元，其余 {} 万元。")),
                                grouped(static_cast<double>(h.caseload) / r / 1e6, 4), grouped(static_cast<double>(h.difference - h.expected - h.caseload) / r / 1e6, 4)));
        }
        add("");
        add(fmt::format(fmt::runtime(say("Counties with the largest change, {}, 万元:", "变化最大的县（市、区），{}，万元：")), t_.titles[s]));
        std::vector<std::vector<std::string>> change{{say("county", "县（市、区）"), say("baseline", "基准"), say("change", "变化"), "5 – 95 %", say("grade", "等级")}};
        const auto order = counties_by_change(s);
        for (std::size_t k = 0; k < std::min<std::size_t>(5, C_); ++k) {
            const std::size_t c = order[k];
            const Estimate d = estimate(difference(s, all, c));
            const Grade g = graded(c);
            const std::string name = fmt::format("{} {}", t_.county_codes[c], zh_ ? t_.county_names_zh[c] : t_.county_names_en[c] + " " + t_.county_names_zh[c]);
            if (g == Grade::suppress) change.push_back({name, "–", "–", "–", grade_name(g)});
            else change.push_back({name, wan(estimate(series(t_.cost, 0, all, c)).median), wan(d.median), interval(d), grade_name(g)});
        }
        out += table_text(change);
    }

    const auto scale = published();
    if (!scale.empty()) {
        add("");
        add(say("Scale against 吉林省民政厅 2023-11 (before the standards of 2024):", "与吉林省民政厅 2023 年 11 月数据对照（早于 2024 年标准）："));
        std::vector<std::vector<std::string>> check{{"", say("published", "公布"), say("simulated", "模拟"), say("ratio", "比值")}};
        for (const Published& p : scale)
            check.push_back({zh_ ? p.name_zh : p.name, p.published > 0 ? grouped(p.published) : say("none", "无"), grouped(p.simulated),
                             p.published > 0 ? fmt::format("{:.2f}", p.simulated / p.published) : "–"});
        out += table_text(check);
    }
    add("");
    add(say("These figures describe the model and its assumptions (docs/model-card.md), not the spending of any county. The documents give no rates for\n"
            "the extra payment (增发) and no amounts for temporary assistance: both are assumptions. Take-up, incomes and the asset test are fitted to provincial caseloads only.",
            "以上数字描述的是模型及其假设（见 docs/model-card.md），并非任何县的实际支出。文件未给出增发补助比例和临时救助金额，\n"
            "二者均为假设；申领率、收入与财产审核通过率仅按全省人数校准。"));
    return out;
}

std::string Summary::json() const {
    using Json = nlohmann::ordered_json;
    const auto pair = [](const Interval& i) { return Json{std::isfinite(i.low) ? Json(i.low) : Json(), std::isfinite(i.high) ? Json(i.high) : Json()}; };
    const auto of = [&](const Estimate& e) {
        return Json{{"median", e.median}, {"q05", e.q05}, {"q95", e.q95}, {"mean", e.mean}, {"sd", e.sd}, {"standard_error", e.standard_error},
                    {"mean_interval", pair(e.mean_interval)}, {"median_interval", pair(e.median_interval)}, {"q05_interval", pair(e.q05_interval)}, {"q95_interval", pair(e.q95_interval)}};
    };
    Json out{{"unit", "fen"}, {"counties", C_}, {"replicates", R_}, {"seed", t_.seed}, {"months", t_.months.size()}, {"start", t_.start}, {"sample_share", t_.sample_share}, {"settings", set_for_this_run()}};
    for (std::size_t s = 0; s < S_; ++s) {
        Json scenario{{"name", t_.scenarios[s]}, {"title", t_.titles[s]}};
        for (std::size_t p = 0; p <= P_; ++p) {
            const std::size_t programme = p < P_ ? p : all;
            Json& cell = scenario["cost"][p < P_ ? t_.programmes[p] : "total"];
            cell = of(estimate(series(t_.cost, s, programme)));
            if (s > 0) cell["difference"] = of(estimate(difference(s, programme)));
            if (t_.sample.groups > 0) {
                cell["sampling_error"] = sampling_error(s, programme);
                if (s > 0) cell["difference"]["sampling_error"] = sampling_error(s, programme, true);
            }
            if (p < P_) scenario["recipient_months"][t_.programmes[p]] = of(estimate(series(t_.recipients, s, programme)));
        }
        if (s > 0) {
            const HandCheck h = hand_check(s);
            const double r = static_cast<double>(R_);
            if (!t_.amounts_move) scenario["hand_check"] = {{"recipient_months", h.person_months / r}, {"expected", h.expected / r},
                                      {"difference", h.difference / r}, {"caseload_part", h.caseload / r}, {"replicates_without_gap", h.exact}};
            for (const std::size_t c : counties_by_change(s))
                scenario["counties"].push_back({{"code", t_.county_codes[c]}, {"name_zh", t_.county_names_zh[c]}, {"grade", grade_labels[at(graded(c))]}, {"baseline", of(estimate(series(t_.cost, 0, all, c)))},
                                                {"difference", of(estimate(difference(s, all, c)))}});
        }
        out["scenarios"].push_back(scenario);
    }
    for (const Published& p : published()) out["published"].push_back({{"what", p.name}, {"unit", p.unit}, {"published", p.published}, {"simulated", p.simulated}});
    return out.dump(2) + '\n';
}

}  // namespace

std::string summary_text(const ResultTotals& totals, bool chinese) { return Summary(totals, chinese).text(); }
std::string summary_json(const ResultTotals& totals) { return Summary(totals, false).json(); }

}  // namespace doudi::cli
