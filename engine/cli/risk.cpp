#include "cli/risk.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/adjusted.hpp"
#include "cli/columns.hpp"
#include "cli/sampled.hpp"
#include "cli/series.hpp"
#include "results/estimates.hpp"
#include "scenario/table.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

namespace doudi::cli {
namespace {

using Json = nlohmann::ordered_json;
constexpr std::array exceeded{0.99, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05, 0.02, 0.01};
constexpr double no_budget = std::numeric_limits<double>::infinity();

std::string wan(double fen) { return grouped_or_unknown(fen / 1e6, 1); }
std::string wan(const Interval& i) { return wan(i.low) + " – " + wan(i.high); }
/// Of a probability.
std::string chances(const Interval& i) { return fmt::format("{:.3f} – {:.3f}", std::max(i.low, 0.0), std::min(i.high, 1.0)); }
Json number(double v) { return std::isfinite(v) ? Json(v) : Json(); }
Json pair(const Interval& i) { return {number(i.low), number(i.high)}; }

/// The figures of one slice of the results.
struct Slice {
    std::string label;
    std::size_t county = all;
    std::vector<std::int64_t> cost;
    double budget = no_budget;
    Grade graded = Grade::publish;
};

class Report {
public:
    Report(const ResultTotals& t, const RiskOptions& o) : t_(t), o_(o) {
        std::vector<Fault> faults;
        const auto chosen = [&](const std::string& label, const std::vector<std::string>& labels, const char* option, std::size_t otherwise) {
            try {
                return label.empty() ? otherwise : place_of(label, labels, option);
            } catch (const InputError& e) {
                faults.insert(faults.end(), e.faults().begin(), e.faults().end());
                return otherwise;
            }
        };
        std::vector<std::string> codes;
        for (const int code : t.county_codes) codes.push_back(std::to_string(code));
        scenario_ = chosen(o.scenario, t.scenarios, "--scenario", t.scenarios.size() - 1);
        programme_ = chosen(o.programme, t.programmes, "--programme", all);
        level_ = chosen(o.level, t.levels, "--level", all);
        county_ = chosen(o.county, codes, "--county", all);
        if (!(o.confidence > 0.5 && o.confidence < 1)) faults.push_back({"--confidence", both("{} is not between 0.5 and 1", "{} 不在 0.5 与 1 之间", o.confidence)});
        const auto budget = parse_yuan(o.budget);
        if (!o.budget.empty() && (!budget || *budget <= 0)) faults.push_back({"--budget", both("\"{}\" is not an amount in yuan, such as 6000000000", "\"{}\" 不是以元计的金额，例如 6000000000", o.budget)});
        std::map<int, double> budgets;
        if (!o.budgets.empty()) {
            try {
                budgets = read_budgets(codes);
            } catch (const InputError& e) {
                faults.insert(faults.end(), e.faults().begin(), e.faults().end());
            }
        }
        if (!faults.empty()) throw InputError(std::move(faults));
        whole_ = slice(county_, level_);
        if (!o.budget.empty()) whole_.budget = static_cast<double>(*budget);
        if (o.by_county || !o.budgets.empty()) {
            for (std::size_t c = 0; c < t.county_codes.size(); ++c) {
                if (county_ != all && c != county_) continue;
                const auto found = budgets.find(t.county_codes[c]);
                if (!o.budgets.empty() && found == budgets.end()) continue;
                counties_.push_back(slice(c, level_));
                if (found != budgets.end()) counties_.back().budget = found->second;
            }
        }
        if (level_ == all)
            for (std::size_t l = 0; l < t.levels.size(); ++l) {
                levels_.push_back(slice(county_, l));
                levels_.back().label = level_name(l);
            }
    }

    std::string text() const;
    std::string json() const;

private:
    Slice slice(std::size_t county, std::size_t level) const {
        Slice s;
        s.county = county;
        s.label = county == all ? fmt::format(fmt::runtime(say("all {} counties of the file", "文件中全部 {} 个县级单元")), t_.county_codes.size()) : fmt::format("{} {}", t_.county_codes[county], t_.county_names_zh[county]);
        s.cost = level == all ? series(t_, t_.cost, scenario_, programme_, county) : paid_by(t_, level, scenario_, programme_, county);
        const Estimate e = estimate(s.cost);
        const double persons = estimate(series(t_, t_.recipients, scenario_, programme_, county)).mean / static_cast<double>(t_.months.size());
        s.graded = grade(relative_error(e), persons * t_.sample_share, t_.sample_share);
        return s;
    }
    std::map<int, double> read_budgets(const std::vector<std::string>& codes) const {
        const Source source{o_.budgets.string(), read_file(o_.budgets)};
        const Table table(source, {"county", "budget"});
        std::map<int, double> budgets;
        std::vector<Fault> faults;
        for (std::size_t row = 0; row < table.rows(); ++row) {
            const Fen budget = table.yuan(row, "budget", faults);
            const std::string& code = table.text(row, "county");
            if (std::find(codes.begin(), codes.end(), code) == codes.end()) faults.push_back(table.fault(row, both("the file has no county {}{}", "结果文件中没有县级单元 {}{}", code, nearest(code, codes))));
            else if (!budgets.emplace(std::stoi(code), static_cast<double>(budget)).second) faults.push_back(table.fault(row, both("the county {} has a budget already", "县级单元 {} 已有预算", code)));
        }
        if (!faults.empty()) throw InputError(std::move(faults));
        if (budgets.empty()) throw InputError("--budgets", both("{} has no budgets: no row follows its header", "{} 中没有预算：表头之后没有数据行", o_.budgets.string()));
        return budgets;
    }
    Json json_of(const Slice& s) const {
        const Estimate e = estimate(s.cost);
        const Risk r = risk(s.cost, s.budget, o_.confidence);
        Json j{{"label", s.label}, {"grade", grade_labels[at(s.graded)]}, {"mean", e.mean}, {"standard_error", number(e.standard_error)}, {"median", e.median}, {"quantile", r.quantile},
               {"quantile_interval", pair(r.quantile_interval)}, {"reserve", r.reserve}, {"reserve_interval", pair(r.reserve_interval)}, {"expected_shortfall", r.shortfall},
               {"expected_shortfall_error", number(r.shortfall_error)}};
        if (s.budget < no_budget) {
            j["budget"] = s.budget;
            j["breach_probability"] = r.breach;
            j["breach_interval"] = pair(r.breach_interval);
        }
        auto sorted = s.cost;
        std::sort(sorted.begin(), sorted.end());
        if (adjustment_) {
            const Adjusted a = adjusted_of(s);
            j["adjusted"] = {{"mean", figure_json(a.mean())}, {"median", figure_json(a.quantile(0.5))}, {"quantile", figure_json(a.quantile(o_.confidence))}, {"reserve", figure_json(a.reserve(o_.confidence))}, {"expected_shortfall", figure_json(a.shortfall(o_.confidence))}};
            if (s.budget < no_budget) j["adjusted"]["breach_probability"] = figure_json(a.breach(s.budget));
        }
        for (const double p : exceeded) j["exceedance"].push_back({{"probability", p}, {"cost", quantile(sorted, 1 - p)}});
        return j;
    }
    /// Where there is an adjustment.
    Adjusted adjusted_of(const Slice& s) const { return s.county == all ? (*adjustment_)(s.cost) : (*adjustment_)(s.cost, adjustment_->county(s.county)); }
    std::string adjusted() const;
    std::string adjusted(const std::string& head, const std::vector<Slice>& slices, bool budgeted) const;
    std::string say(const char* en, const char* zh) const { return o_.chinese ? zh : en; }
    std::string level_name(std::size_t level) const { return o_.chinese ? std::array{"中央", "省", "市（州）", "县"}[level] : t_.levels[level]; }

    const ResultTotals& t_;
    const RiskOptions& o_;
    std::optional<Adjustment> adjustment_ = adjustment(t_);
    std::size_t scenario_ = 0, programme_ = all, level_ = all, county_ = all;
    Slice whole_;
    std::vector<Slice> counties_, levels_;
};

/// The same figures, sharper, where the file tells what they take.
std::string Report::adjusted() const {
    if (!adjustment_) return "";
    const Adjusted a = adjusted_of(whole_);
    std::vector<std::vector<std::string>> rows{{say("adjusted for what was drawn", "按抽到的参数校正"), say("万元", "万元"), say("95 % Monte Carlo interval", "95% 蒙特卡洛区间"), say("as from replicates", "相当于模拟次数")}};
    const auto row = [&](const std::string& name, const AdjustedFigure& f) { rows.push_back({name, wan(f.value), wan(f.interval()), grouped_or_unknown(std::floor(f.effective_replicates), 0)}); };
    row(say("mean", "均值"), a.mean());
    row(say("median", "中位数"), a.quantile(0.5));
    row(fmt::format(fmt::runtime(say("cost that holds with {:.4g} %", "{:.4g}% 不超支的金额")), 100 * o_.confidence), a.quantile(o_.confidence));
    row(say("reserve over the median", "中位数以上的备用金"), a.reserve(o_.confidence));
    row(fmt::format(fmt::runtime(say("mean of the worst {:.4g} %", "最坏 {:.4g}% 的平均")), 100 * (1 - o_.confidence)), a.shortfall(o_.confidence));
    if (whole_.budget < no_budget) {
        const AdjustedFigure f = a.breach(whole_.budget);
        // Where no replicate goes over, or all do, a plain share has no error to compare with.
        const double over = risk(whole_.cost, whole_.budget, o_.confidence).breach;
        const bool compares = over > 0 && over < 1;
        rows.push_back({fmt::format(fmt::runtime(say("P(cost > {} 万元)", "P(支出 > {} 万元)")), wan(whole_.budget)), fmt::format("{:.3f}", f.value), chances(f.interval()), compares ? grouped_or_unknown(std::floor(f.effective_replicates), 0) : "?"});
    }
    return '\n' + table_text(rows);
}

std::string Report::adjusted(const std::string& head, const std::vector<Slice>& slices, bool budgeted) const {
    std::vector<std::vector<std::string>> rows{{head + say(", adjusted", "（校正后）"), say("median, 万元", "中位数（万元）"), fmt::format(fmt::runtime(say("holds with {:.4g} %", "{:.4g}% 不超支")), 100 * o_.confidence),
                                                say("its interval", "其区间"), say("reserve", "备用金"), say("its interval", "其区间"), say("as from replicates", "相当于模拟次数")}};
    if (budgeted) rows[0].push_back(say("P(over budget)", "超支概率"));
    for (const Slice& s : slices) {
        rows.push_back({s.label});
        if (s.graded == Grade::suppress) {
            rows.back().resize(rows[0].size(), "–");
            continue;
        }
        const Adjusted a = adjusted_of(s);
        const AdjustedFigure top = a.quantile(o_.confidence), reserve = a.reserve(o_.confidence);
        for (std::string cell : {wan(a.quantile(0.5).value), wan(top.value), wan(top.interval()), wan(reserve.value), wan(reserve.interval()), grouped_or_unknown(std::floor(reserve.effective_replicates), 0)})
            rows.back().push_back(std::move(cell));
        if (!budgeted) continue;
        if (s.budget < no_budget) {
            const AdjustedFigure over = a.breach(s.budget);
            rows.back().push_back(fmt::format("{:.3f} ({})", over.value, chances(over.interval())));
        } else {
            rows.back().push_back("–");
        }
    }
    return table_text(rows);
}

std::string Report::text() const {
    const std::string comma = say(", ", "，");
    std::string of = called(t_.scenarios[scenario_], t_.titles[scenario_], o_.chinese) + comma + whole_.label;
    if (programme_ != all) of += comma + (o_.chinese ? t_.programmes_zh : t_.programmes)[programme_];
    if (level_ != all) of += comma + say("paid by ", "负担级次 ") + level_name(level_);
    std::string out = fmt::format(fmt::runtime(say("{}; {} replicates, months {} – {}\n", "{}；{} 次模拟，月份 {} – {}\n")), of, t_.replicates, t_.months.front(), t_.months.back());
    const auto spread = [&](double fen) { return t_.replicates < 2 ? "?" : wan(fen); };  // one replicate says nothing of it
    const Risk r = risk(whole_.cost, whole_.budget, o_.confidence);
    const Estimate e = estimate(whole_.cost);
    out += sample_note(t_.sample_share, o_.chinese);
    if (whole_.graded == Grade::suppress) out += say("note: too few replicates or recipients: this figure should not be passed on (suppress)\n", "注意：模拟次数或领取人过少，该数字不宜对外使用（不公布）\n");
    if (whole_.budget < no_budget)
        out += fmt::format(fmt::runtime(say("P(cost > {} 万元) = {:.3f}  (95 % Monte Carlo interval {:.3f} – {:.3f})\n", "P(支出 > {} 万元) = {:.3f}（95% 蒙特卡洛区间 {:.3f} – {:.3f}）\n")), wan(whole_.budget), r.breach,
                           r.breach_interval.low, r.breach_interval.high);
    out += table_text({{"", say("万元", "万元"), say("95 % Monte Carlo interval", "95% 蒙特卡洛区间")},
                       {say("mean", "均值"), wan(e.mean), wan(e.mean_interval)},
                       {say("median", "中位数"), wan(e.median), wan(e.median_interval)},
                       {fmt::format(fmt::runtime(say("cost that holds with {:.4g} %", "{:.4g}% 不超支的金额")), 100 * o_.confidence), spread(r.quantile), wan(r.quantile_interval)},
                       {say("reserve over the median", "中位数以上的备用金"), spread(r.reserve), wan(r.reserve_interval)},
                       {fmt::format(fmt::runtime(say("mean of the worst {:.4g} %", "最坏 {:.4g}% 的平均")), 100 * (1 - o_.confidence)), spread(r.shortfall),
                        wan(Interval{r.shortfall - 1.96 * r.shortfall_error, r.shortfall + 1.96 * r.shortfall_error})}});
    out += adjusted();
    auto sorted = whole_.cost;
    std::sort(sorted.begin(), sorted.end());
    std::vector<std::vector<std::string>> curve{{say("probability of going over", "超支概率")}, {say("a budget of, 万元", "预算（万元）")}};
    for (const double p : {0.9, 0.75, 0.5, 0.25, 0.1, 0.05, 0.01}) {
        curve[0].push_back(fmt::format(fmt::runtime(say("{:.0f} %", "{:.0f}%")), 100 * p));
        curve[1].push_back(spread(quantile(sorted, 1 - p)));
    }
    out += '\n' + table_text(curve);
    const auto block = [&](const std::string& head, const std::vector<Slice>& slices) {
        if (slices.empty()) return;
        const bool budgeted = std::any_of(slices.begin(), slices.end(), [](const Slice& s) { return s.budget < no_budget; });
        std::vector<std::vector<std::string>> rows{{head, say("median, 万元", "中位数（万元）"), fmt::format(fmt::runtime(say("holds with {:.4g} %", "{:.4g}% 不超支")), 100 * o_.confidence),
                                                    say("its interval", "其区间"), say("reserve", "备用金"), say("grade", "等级")}};
        if (budgeted) rows[0].push_back(say("P(over budget)", "超支概率"));
        for (const Slice& s : slices) {
            const Risk x = risk(s.cost, s.budget, o_.confidence);
            const bool hidden = s.graded == Grade::suppress;
            rows.push_back({s.label, wan(estimate(s.cost).median), spread(x.quantile), wan(x.quantile_interval), spread(x.reserve), o_.chinese ? grade_labels_zh[at(s.graded)] : grade_labels[at(s.graded)]});
            if (budgeted) rows.back().push_back(fmt::format("{:.3f} ({:.3f} – {:.3f})", x.breach, x.breach_interval.low, x.breach_interval.high));
            if (hidden)
                for (std::size_t i = 1; i < rows.back().size(); ++i)
                    if (i != 5) rows.back()[i] = "–";
        }
        out += '\n' + table_text(rows);
        if (adjustment_) out += '\n' + adjusted(head, slices, budgeted);
    };
    block(say("paid by", "负担级次"), levels_);
    block(say("county", "县（市、区）"), counties_);
    if (!levels_.empty()) out += say("The levels add up to the cost in every replicate, to the fen; their reserves do not, for each has its own worst years.\n", "各级次在每次模拟中合计等于总支出（精确到分）；备用金不可相加。\n");
    return out;
}

std::string Report::json() const {
    Json out{{"unit", "fen"}, {"scenario", t_.scenarios[scenario_]}, {"replicates", t_.replicates}, {"sample_share", t_.sample_share}, {"confidence", o_.confidence}, {"whole", json_of(whole_)}};
    for (std::size_t l = 0; l < levels_.size(); ++l) {
        out["levels"].push_back(json_of(levels_[l]));
        out["levels"].back()["label"] = t_.levels[l];
    }
    for (const Slice& s : counties_) out["counties"].push_back(json_of(s));
    return out.dump(2) + '\n';
}

}  // namespace

std::string risk_report(const ResultTotals& totals, const RiskOptions& options) {
    const Report report(totals, options);
    return options.json ? report.json() : report.text();
}

}  // namespace doudi::cli
