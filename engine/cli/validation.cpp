#include "cli/validation.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/columns.hpp"
#include "scenario/targets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace doudi::cli {
namespace {

ReplicateTotals totals_of(const ResultTotals& t, std::size_t replicate) {
    ReplicateTotals sum;
    sum.months = static_cast<int>(t.months.size());
    for (std::size_t c = 0; c < t.county_codes.size(); ++c)
        for (std::size_t r = 0; r < 2; ++r) {
            for (std::size_t p = 0; p < programme_count; ++p) {
                const auto cell = t.place(0, replicate, c, r, p);
                sum.cost[r][p] += t.cost[cell];
                sum.recipients[r][p] += t.recipients[cell];
                sum.households[r][p] += t.households[cell];
            }
            for (std::size_t k = 0; k < category_count; ++k)
                sum.category_households[r][k] += t.category_households[((replicate * t.county_codes.size() + c) * 2 + r) * category_count + k];
        }
    return sum;
}

double quantile_of(const std::vector<double>& sorted, double p) {
    const double at = p * static_cast<double>(sorted.size() - 1);
    const auto low = static_cast<std::size_t>(at);
    return sorted[low] + (at - static_cast<double>(low)) * (sorted[std::min(low + 1, sorted.size() - 1)] - sorted[low]);
}

}  // namespace

std::vector<ReplicateTotals> replicate_totals(const ResultTotals& t) {
    std::vector<ReplicateTotals> list;
    for (std::size_t r = 0; r < static_cast<std::size_t>(t.replicates); ++r) list.push_back(totals_of(t, r));
    return list;
}

std::vector<double> simulated_values(const Published& figure, const std::vector<ReplicateTotals>& replicates) {
    std::vector<double> values;
    for (const ReplicateTotals& r : replicates) values.push_back(*simulated(figure, r));
    std::sort(values.begin(), values.end());
    return values;
}

double middle(const std::vector<double>& sorted) { return quantile_of(sorted, 0.5); }

bool whole_province(const ResultTotals& t) { return t.county_codes.size() >= 69; }

std::vector<Validated> validate(const ResultTotals& t) {
    std::vector<Validated> list;
    for (std::size_t i = 0; i < t.source_names.size(); ++i) {
        if (!t.source_names[i].ends_with("targets.csv")) continue;
        const auto replicates = replicate_totals(t);
        const Source source{t.file + ": " + t.source_names[i], t.source_texts[i]};
        for (Published& figure : read_targets(source)) {
            const auto values = simulated_values(figure, replicates);
            Validated v{figure, quantile_of(values, 0.05), middle(values), quantile_of(values, 0.95), figure.status};
            const double slack = 1.645 * figure.relative_error;
            if (figure.status == "fit") v.status = figure.value >= v.q05 * (1 - slack) && figure.value <= v.q95 * (1 + slack) ? "fits" : "off";
            list.push_back(std::move(v));
        }
    }
    const auto badness = [](const Validated& v) { return v.status == "no data" || v.median <= 0 ? -1.0 : std::abs(std::log(v.median / v.figure.value)); };
    std::stable_sort(list.begin(), list.end(), [&](const Validated& a, const Validated& b) { return badness(a) > badness(b); });
    return list;
}

std::string validation_text(const ResultTotals& t, bool zh) {
    const auto list = validate(t);
    if (list.empty()) throw InputError("", both("the results file carries no table of published figures (data.targets in the scenario)", "结果文件不含公布数表（方案中的 data.targets）"));
    if (!whole_province(t))
        throw InputError(t.file, both("holds {} counties, and the published figures are the province's: there is nothing to compare; simulate all counties (without --counties)",
                                      "只含 {} 个县级单元，公布数为全省数，无从对照；请模拟全部县（不用 --counties）", t.county_codes.size()));
    std::vector<std::vector<std::string>> rows;
    if (zh) rows.push_back({"指标", "月份", "公布", "模拟中位数", "5% – 95%", "比值", "结论", "说明"});
    else rows.push_back({"figure", "month", "published", "simulated", "5 – 95 %", "ratio", "status", "note"});
    const auto word = [&](const std::string& status) -> std::string {
        if (!zh) return status;
        return status == "fits" ? "相符" : status == "off" ? "不符" : status == "no data" ? "无公布数" : "不可比";
    };
    for (const Validated& v : list) {
        const bool known = v.status != "no data";
        rows.push_back({zh ? v.figure.name_zh() : v.figure.name(), v.figure.month, known ? grouped(v.figure.value) : "–", grouped(v.median), grouped(v.q05) + " – " + grouped(v.q95),
                        known ? fmt::format("{:.2f}", v.median / v.figure.value) : "–", word(v.status),
                        v.status == "off" && v.figure.note.empty() ? (zh ? "原因未知" : "no reason known") : zh && !v.figure.note_zh.empty() ? v.figure.note_zh : v.figure.note});
    }
    return table_text(rows);
}

}  // namespace doudi::cli
