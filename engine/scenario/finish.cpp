#include "scenario/finish.hpp"

#include "base/text.hpp"
#include "scenario/setting.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace doudi {
namespace {

/// Values of the law and of the scenario that come into force within the run.
void change_by_date(Draft& d, const Plan& plan, Keys& keys) {
    auto& stages = d.policy.later;
    const Month end = plan.start + plan.months;
    std::vector<Draft::Dated> dated = std::exchange(d.dated, {});
    std::stable_sort(dated.begin(), dated.end(), [](const Draft::Dated& a, const Draft::Dated& b) { return a.from < b.from; });
    const rules::Policy first = d.policy.policy;
    PolicyScenario::Stage now{.from = plan.start, .policy = first, .standard = d.policy.standard, .standard_prev = d.policy.standard_prev, .pcdi = {}, .min_wage_prev = {}};
    for (const County& c : plan.counties) {
        now.pcdi.push_back(c.pcdi);
        now.min_wage_prev.push_back(c.min_wage_prev);
    }
    const auto same = [](const PolicyScenario::Stage& a, const PolicyScenario::Stage& b) {
        return a.policy == b.policy && a.standard == b.standard && a.standard_prev == b.standard_prev && a.pcdi == b.pcdi && a.min_wage_prev == b.min_wage_prev;
    };
    std::vector<PolicyScenario::Stage> merged;
    auto year = stages.begin();
    for (auto change = dated.begin(); year != stages.end() || change != dated.end();) {
        PolicyScenario::Stage next = now;
        next.from = change == dated.end() ? year->from : year == stages.end() ? change->from : std::min(year->from, change->from);
        if (year != stages.end() && year->from == next.from) {
            next = *year++;
            next.policy = now.policy;
        }
        for (; change != dated.end() && change->from == next.from; ++change) {
            d.policy.policy = next.policy;
            d.reading_law = change->law;
            keys.apply(d, change->setting);  // also past the end of the run: a fault is a fault
            next.policy = d.policy.policy;
        }
        if (next.from < end && !same(now, next)) merged.push_back(next);
        now = next;
    }
    d.reading_law = false;
    d.policy.policy = first;
    stages = std::move(merged);
}

}  // namespace

Wording nearest_code(const Plan& plan, int code) {
    std::vector<std::string> codes;
    for (const County& c : plan.counties) codes.push_back(std::to_string(c.code));
    return nearest(std::to_string(code), codes);
}

void finish(Draft& d, const Plan& plan, Keys& keys, std::vector<Fault>& faults) {
    Values values(faults);
    d.policy.name = d.name;
    d.policy.title = d.title.empty() ? d.name : d.title;
    d.policy.why = d.why;
    d.policy.why_zh = d.why_zh;
    for (const County& c : plan.counties) {
        std::array<Fen, residence_count> level{}, before{};
        for (std::size_t r = 0; r < 2; ++r) {
            level[r] = static_cast<Fen>(static_cast<double>(c.guidance[r]) * d.standard_factor + 0.5) + d.standard_add;
            before[r] = c.guidance[r];
            if (d.doubts("dibao.standard.factor") || d.doubts("dibao.standard.add")) continue;
            if (level[r] > most_standard && d.standard_at) {
                values.fail(*d.standard_at, both("the {} standard of {} {} would be {} yuan, over {}, the most this program reckons with", "{}低保标准（{} {}）将为 {} 元，超过本程序允许的上限 {} 元", standard_wording(r), c.code, c.name_zh, yuan_text(level[r]), yuan_text(most_standard)));
                d.standard_at = nullptr;
            }
            if (level[r] < c.guidance[r] && d.standard_at) {
                values.fail(*d.standard_at, both("the {} standard of {} {} would be {} yuan, under the guidance standard {} of 吉民发〔2023〕67号", "{}低保标准（{} {}）将为 {} 元，低于指导标准 {} 元（吉民发〔2023〕67号）", standard_wording(r), c.code, c.name_zh, yuan_text(level[r]), yuan_text(c.guidance[r])));
                d.standard_at = nullptr;  // the first county is enough
            }
        }
        d.policy.standard.push_back(level);
        d.policy.standard_prev.push_back(before);
    }
    for (std::size_t m = 0; m < rules::module_table.size(); ++m)
        if (d.policy.modules[m].on && d.policy.modules[m].amount == 0 && !d.doubts(fmt::format("modules.{}.", rules::module_table[m].name)))
            values.fail(*d.module_at[m], both("the module \"{0}\" is switched on without an amount; the gazette gives none ({1}), so set modules.{0}.amount",
                                              "模块 \"{0}\"（{2}）已启用但未给出金额；吉政办规〔2024〕2号未规定金额，请设定 modules.{0}.amount",
                                              rules::module_table[m].name, rules::module_table[m].source, rules::module_table[m].name_zh));
    for (std::size_t p = 0; p < d.funding_at.size(); ++p)
        if (d.doubts(fmt::format("funding.{}.", p < programme_labels.size() ? programme_labels[p] : rules::module_table[p - programme_labels.size()].name))) continue;
        else if (d.funding_at[p] && d.policy.funding[p].county() < 0)
            values.fail(*d.funding_at[p], both("the shares of centre, province and prefecture are over 1 together; the county pays what is left", "中央、省、市（州）三级分担比例合计超过 1；县级负担其余部分"));
        else if (d.funding_county[p] && *d.funding_county[p] != d.policy.funding[p].county())
            values.fail(*d.funding_at[p], both("centre {}, province {} and prefecture {} leave {} for the county, not {}; a share that no file names is the model's own (docs/model-card.md, A-27)",
                                               "中央 {}、省 {}、市（州）{}，县级应负担 {}，而不是 {}；未写明的比例取模型默认值（docs/model-card.md，A-27）", d.policy.funding[p].central / 10000.0, d.policy.funding[p].province / 10000.0,
                                               d.policy.funding[p].prefecture / 10000.0, d.policy.funding[p].county() / 10000.0, *d.funding_county[p] / 10000.0));
    std::vector<std::array<bool, residence_count>> own(plan.counties.size());
    for (const Draft::Local& local : d.local) {
        const auto found = std::find_if(plan.counties.begin(), plan.counties.end(), [&](const County& c) { return c.code == local.code; });
        if (found == plan.counties.end()) {
            values.fail(*local.at, both("no county of the data has the code {}{}", "数据中没有代码为 {} 的县级单元{}", local.code, nearest_code(plan, local.code)));
            continue;
        }
        const auto r = static_cast<std::size_t>(local.residence);
        const Fen guidance = found->guidance[r];
        if (local.amount < guidance)
            values.fail(*local.at, both("the {} standard of {} {}, {} yuan, is under the guidance standard {} of 吉民发〔2023〕67号", "{}低保标准（{} {}）{} 元低于指导标准 {} 元（吉民发〔2023〕67号）", standard_wording(r), found->code, found->name_zh, yuan_text(local.amount), yuan_text(guidance)));
        else if (local.amount > 10 * guidance || local.amount > most_standard)
            values.fail(*local.at, both("{} yuan is over 10 times the guidance standard {} or over {}; money is in yuan, not fen", "{} 元超过指导标准 {} 元的 10 倍或超过上限 {} 元；金额单位为元，不是分", yuan_text(local.amount), yuan_text(guidance), yuan_text(most_standard)));
        else {
            const auto place = static_cast<std::size_t>(found - plan.counties.begin());
            d.policy.standard[place][r] = local.amount;
            own[place][r] = true;
        }
    }
    if (!d.doubts("uprating.") && !d.doubts("dibao.standard.")) uprate(d.policy, plan, d.uprating, d.standard_of_year, own, values);
    change_by_date(d, plan, keys);
}

}  // namespace doudi
