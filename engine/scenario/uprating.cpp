#include "scenario/uprating.hpp"

#include "base/bounds.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace doudi {
namespace {

Fen to_fen(double amount) { return static_cast<Fen>(amount + 0.5); }
Fen rounded(double amount, Fen unit) { return static_cast<Fen>(amount / static_cast<double>(unit) + 0.5) * unit; }

int last_year(const Plan& plan) { return (plan.start + (plan.months - 1)).year(); }

}  // namespace

void uprate(PolicyScenario& s, const Plan& plan, const Uprating& u, const std::map<int, YearStandard>& years,
            const std::vector<std::array<bool, residence_count>>& own, Values& values) {
    const std::size_t counties = plan.counties.size();
    // Levels before rounding, so that roundings do not add up over the years.
    std::vector<std::array<double, residence_count>> standard(counties), income(counties);
    std::vector<double> wage(counties);
    auto before = s.standard;
    for (std::size_t c = 0; c < counties; ++c) {
        for (std::size_t r = 0; r < residence_count; ++r) {
            standard[c][r] = static_cast<double>(s.standard[c][r]);
            income[c][r] = static_cast<double>(plan.counties[c].pcdi[r]);
        }
        wage[c] = static_cast<double>(plan.counties[c].min_wage_prev);
    }
    for (int year = plan.start.year() + 1; year <= last_year(plan); ++year) {
        const auto k = static_cast<std::size_t>(year - plan.start.year() - 1);
        const auto set = years.find(year);
        PolicyScenario::Stage stage{.from = Month::of(year, 1), .policy = s.policy, .standard = before, .standard_prev = before, .pcdi = {}, .min_wage_prev = {}};
        bool blamed = false;
        for (std::size_t c = 0; c < counties; ++c) {
            const County& county = plan.counties[c];
            for (std::size_t r = 0; r < residence_count; ++r) {
                standard[c][r] *= Uprating::of(u.standard[r], k);
                Fen level = u.standard[r].empty() ? to_fen(standard[c][r]) : rounded(standard[c][r], u.round_to);
                const Setting* at = u.at;
                if (set != years.end()) {
                    const YearStandard& y = set->second;
                    const auto local = std::find_if(y.local.begin(), y.local.end(), [&](const LocalStandard& l) { return l.code == county.code && static_cast<std::size_t>(l.residence) == r; });
                    const bool by_guidance = (y.factor || y.add) && !own[c][r];
                    if (by_guidance) level = to_fen(static_cast<double>(county.guidance[r]) * y.factor.value_or(1.0)) + y.add.value_or(0);
                    if (local != y.local.end()) level = local->amount;
                    if (by_guidance || local != y.local.end()) {
                        standard[c][r] = static_cast<double>(level);
                        at = local != y.local.end() ? local->at : y.at;
                    }
                }
                if (level < county.guidance[r] && at && !blamed) {
                    values.fail(*at, both("the {} standard of {} {} would be {} yuan in {}, under the guidance standard {} of 吉民发〔2023〕67号",
                                          "{}低保标准（{} {}）将为 {} 元（{} 年），低于指导标准 {} 元（吉民发〔2023〕67号）",
                                          standard_wording(r), county.code, county.name_zh, yuan_text(level), year, yuan_text(county.guidance[r])));
                    blamed = true;  // the first county is enough
                } else if ((level > 10 * county.guidance[r] || level > most_standard) && at && !blamed) {
                    values.fail(*at, both("the {} standard of {} {} would be {} yuan in {}, over 10 times the guidance standard {} or over {}",
                                          "{}低保标准（{} {}）将为 {} 元（{} 年），超过指导标准 {} 元的 10 倍或超过上限 {} 元",
                                          standard_wording(r), county.code, county.name_zh, yuan_text(level), year, yuan_text(county.guidance[r]), yuan_text(most_standard)));
                    blamed = true;
                }
                stage.standard[c][r] = level;
                stage.standard_prev[c][r] = std::max(before[c][r], county.guidance[r]);
                income[c][r] *= Uprating::of(u.income[r], k);
            }
            // The wage of 2024 is published; uprating begins where that ends.
            wage[c] = year == 2025 && county.min_wage_2025 > 0 ? static_cast<double>(county.min_wage_2025) : wage[c] * Uprating::of(u.min_wage, k);
            if (to_fen(wage[c]) > most_wage && u.at && !blamed) {
                values.fail(*u.at, both("the minimum wage of {} {} would be {} yuan in {}, over {}, the most this program reckons with", "最低工资（{} {}）将为 {} 元（{} 年），超过本程序允许的上限 {} 元", county.code, county.name_zh, yuan_text(to_fen(wage[c])), year, yuan_text(most_wage)));
                blamed = true;
            }
            stage.pcdi.push_back({to_fen(income[c][0]), to_fen(income[c][1])});
            stage.min_wage_prev.push_back(to_fen(wage[c]));
        }
        before = stage.standard;
        s.later.push_back(std::move(stage));
    }
    for (const auto& [year, y] : years)
        for (const LocalStandard& l : y.local)
            if (std::none_of(plan.counties.begin(), plan.counties.end(), [&](const County& c) { return c.code == l.code; }))
                values.fail(*l.at, both("no county of the data has the code {}", "数据中没有代码为 {} 的县级单元", l.code));
}

std::vector<std::string> horizon_notes(const PolicyScenario& s, const Plan& plan, const Uprating& u, bool standards_by_year, bool chinese) {
    std::vector<std::string> notes;
    if (last_year(plan) == plan.start.year()) return notes;
    const int first = plan.start.year();
    const auto say = [&](const char* en, const char* zh, const auto&... years) { notes.push_back(s.name + (chinese ? "：" : ": ") + fmt::format(fmt::runtime(chinese ? zh : en), years...)); };
    if (u.standard[0].empty() && u.standard[1].empty() && !standards_by_year)
        say("the dibao standards of {} hold to {}; nothing uprates them (uprating.dibao_standard, dibao.standard.year.{}.factor)", "{} 年低保标准一直沿用到 {} 年，未设提标（uprating.dibao_standard、dibao.standard.year.{}.factor）", first, last_year(plan), first + 1);
    if (u.income[0].empty() && u.income[1].empty())
        say("last year's income per head, to which rigid-expenditure families are held, stays that of {} (uprating.income_per_head)", "认定刚性支出困难家庭所用的上年度人均收入一直是 {} 年的（uprating.income_per_head）", first - 1);
    if (u.min_wage.empty() && last_year(plan) > std::max(first, 2025))
        say("the minimum wage does not move after the last published one (uprating.min_wage)", "最低工资在最后一次公布之后不再变动（uprating.min_wage）");
    return notes;
}

}  // namespace doudi
