#include "rules/parameters.hpp"

#include "base/bounds.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <functional>

namespace doudi::rules {
namespace {

using Kind = ParameterInfo::Kind;

struct Entry {
    ParameterInfo info;
    std::function<void(Policy&, const ParameterValue&)> set;  ///< after the kind and range have been checked
    std::function<std::string(const Policy&)> text;
};

template <class Get>
Entry flag(std::string name, std::string assumption, Wording meaning, Get get) {
    return {{std::move(name), Kind::flag, 0, 0, {}, std::move(assumption), std::move(meaning)},
            [get](Policy& p, const ParameterValue& v) { get(p) = std::get<bool>(v); },
            [get](const Policy& p) { return std::string(get(const_cast<Policy&>(p)) ? "true" : "false"); }};
}

template <class Get>
Entry number(std::string name, std::int64_t low, std::int64_t high, std::string assumption, Wording meaning, Get get) {
    return {{std::move(name), Kind::number, low, high, {}, std::move(assumption), std::move(meaning)},
            [get](Policy& p, const ParameterValue& v) { get(p) = static_cast<int>(std::get<std::int64_t>(v)); },
            [get](const Policy& p) { return std::to_string(get(const_cast<Policy&>(p))); }};
}

template <class Get>
Entry yuan(std::string name, Fen high, std::string assumption, Wording meaning, Get get) {
    return {{std::move(name), Kind::yuan, 0, high, {}, std::move(assumption), std::move(meaning)},
            [get](Policy& p, const ParameterValue& v) { get(p) = *parse_yuan(std::get<std::string>(v)); },
            [get](const Policy& p) { return '"' + yuan_text(get(const_cast<Policy&>(p))) + '"'; }};
}

template <class Get>
Entry choice(std::string name, std::vector<std::string> words, std::string assumption, Wording meaning, Get get) {
    using Value = std::remove_reference_t<decltype(get(std::declval<Policy&>()))>;
    return {{std::move(name), Kind::choice, 0, 0, words, std::move(assumption), std::move(meaning)},
            [get, words](Policy& p, const ParameterValue& v) {
                get(p) = static_cast<Value>(std::find(words.begin(), words.end(), std::get<std::string>(v)) - words.begin());
            },
            [get, words](const Policy& p) { return '"' + words[static_cast<std::size_t>(get(const_cast<Policy&>(p)))] + '"'; }};
}

#define OF(member) [](Policy& p) -> auto& { return p.member; }  // NOLINT(bugprone-macro-parentheses): the name of a member

std::vector<Entry> make_entries() {
    std::vector<Entry> e;
    e.push_back(flag("edge_lower_inclusive", "A-1", {"income of exactly S makes an edge family", "收入恰为低保标准者属低保边缘"}, OF(edge_lower_inclusive)));
    e.push_back(choice("income_basis", {"current", "trailing12"}, "A-2", {"income of this month times 12, or of the last 12 months", "收入核算：本月收入乘 12（current），或最近 12 个月（trailing12）"}, OF(income_basis)));
    e.push_back(number("edge_mult_pct", 100, 1000, "", {"where edge families end, and the band of rigid-expenditure families and of 参照单人户 begins, percent of S (measure 1: 2倍)", "低保边缘收入上限，即刚性支出与参照单人户的收入下限（低保标准的%）"}, OF(edge_mult_pct)));
    e.push_back(number("rigid_share_pct", 0, 100, "", {"necessary spending over this percent of income (measure 1: 60%)", "刚性支出占收入的下限（%）"}, OF(rigid_share_pct)));
    e.push_back(number("work_deduction_bp", 0, 10000, "A-9", {"work-cost deduction, basis points of S", "就业成本扣减（低保标准的万分之）"}, OF(work_deduction_bp)));
    e.push_back(choice("floor_mode", {"clamp", "error"}, "", {"a local standard under the guidance is raised, or refused", "低于指导标准的地方标准：提高到指导标准（clamp），或报错（error）"}, OF(floor_mode)));
    e.push_back(flag("single_enabled", "", {"individual inclusion (measure 4: 可)", "单人保"}, OF(single_enabled)));
    e.push_back(choice("single_severe_def", {"grade12", "grade12_im3"}, "A-6", {"who counts as severely disabled for inclusion alone", "单人保的重度残疾认定"}, OF(single_severe_def)));
    e.push_back(choice("single_benefit", {"own_gap", "full", "floor60"}, "A-7", {"what a person included alone draws", "单人保的发放额"}, OF(single_benefit)));
    e.push_back(flag("single_high_illness_needs_adult_jobless", "A-8", {"the condition 成年无业 (adult, without work) holds for the severely ill too", "单人保的重病患者也须成年无业"}, OF(single_high_illness_needs_adult_jobless)));
    e.push_back(number("supp_bp.severe_illness", 0, 10000, "A-4", {"extra payment, basis points of S", "增发比例：重病患者（低保标准的万分之）"}, OF(supp_bp.severe_illness)));
    e.push_back(number("supp_bp.severe_disability", 0, 10000, "A-4", {"extra payment, basis points of S", "增发比例：重度残疾人（低保标准的万分之）"}, OF(supp_bp.severe_disability)));
    e.push_back(number("supp_bp.age70", 0, 10000, "A-4", {"extra payment, basis points of S", "增发比例：70 岁以上（低保标准的万分之）"}, OF(supp_bp.age70)));
    e.push_back(number("supp_bp.minor", 0, 10000, "A-4", {"extra payment, basis points of S", "增发比例：未成年人（低保标准的万分之）"}, OF(supp_bp.minor)));
    e.push_back(choice("supp_combine", {"max", "sum"}, "A-5", {"several reasons for one person", "一人符合多项增发时"}, OF(supp_combine)));
    e.push_back(choice("supp_severe_def", {"grade12", "grade12_im3"}, "A-6", {"who counts as severely disabled for the extra payment", "增发的重度残疾认定"}, OF(supp_severe_def)));
    e.push_back(flag("supp_for_single", "", {"persons included alone draw the extra payment", "单人保享受增发"}, OF(supp_for_single)));
    e.push_back(choice("birthday_effective", {"month_of", "next_month"}, "", {"from when a 70th birthday counts", "70 岁生日起算月份"}, OF(birthday_effective)));
    e.push_back(flag("multiple_disability_no_labour", "A-14", {"multiple disability of grade 1 or 2 is no labour capacity (tekun)", "一、二级多重残疾视为无劳动能力（特困）"}, OF(multiple_disability_no_labour)));
    e.push_back(flag("tekun_in_full", "A-24", {"tekun basic living is paid in full; false: less the person's own income", "特困基本生活全额发放；false：减去本人收入"}, OF(tekun_in_full)));
    e.push_back(flag("temp_emergency_per_person", "A-25", {"public emergency is paid a person; false: a family", "突发公共事件临时救助按人发放；false：按户"}, OF(temp_emergency_per_person)));
    e.push_back(number("tekun_ratio_pct", 100, 1000, "", {"basic living, percent of the base (measure 5: 1.3倍)", "特困基本生活标准（基数的%）"}, OF(tekun_ratio_pct)));
    e.push_back(choice("tekun_base", {"max", "current", "prior"}, "A-3", {"which year's standard is the base", "特困基数取哪年标准"}, OF(tekun_base)));
    e.push_back(number("care_pct.self", 0, 100, "", {"care, percent of last year's minimum wage (measure 5: 10%)", "照料护理：自理（上年最低工资的%）"}, OF(care_pct.self)));
    e.push_back(number("care_pct.semi", 0, 100, "", {"care, percent of last year's minimum wage (measure 5: 20%)", "照料护理：半失能（上年最低工资的%）"}, OF(care_pct.semi)));
    e.push_back(number("care_pct.full", 0, 100, "", {"care, percent of last year's minimum wage (measure 5: 30%)", "照料护理：全失能（上年最低工资的%）"}, OF(care_pct.full)));
    e.push_back(number("tekun_minor_entry_age", 0, 18, "", {"minors enter tekun under this age (民发〔2021〕43号: 16)", "未满此年龄的未成年人可纳入特困（民发〔2021〕43号：16）"}, OF(tekun_minor_entry_age)));
    e.push_back(number("tekun_minor_retention_age", 0, 25, "", {"tekun minors stay to this age", "特困未成年人保留到的年龄"}, OF(tekun_minor_retention_age)));
    e.push_back(yuan("living_yuan", most_subsidy, "", {"living subsidy a person and month (吉民发〔2023〕68号)", "困难残疾人生活补贴（元/月）"}, OF(living)));
    e.push_back(yuan("nursing_yuan", most_subsidy, "", {"nursing subsidy a person and month (吉民发〔2023〕68号)", "重度残疾人护理补贴（元/月）"}, OF(nursing)));
    e.push_back(choice("living_scope", {"dibao", "dibao_edge"}, "A-10", {"living subsidy for edge families too", "生活补贴覆盖范围"}, OF(living_scope)));
    e.push_back(flag("nursing_im3", "A-11", {"nursing subsidy for grade 3 intellectual or mental", "护理补贴覆盖三级智力、精神残疾"}, OF(nursing_im3)));
    e.push_back(number("temp_emergency_months", 0, 12, "", {"public emergency, months of the urban standard (measure 11: 1)", "突发公共事件临时救助（城市低保标准的月数）"}, OF(temp_emergency_months)));
    e.push_back(yuan("temp_small_yuan", most_temporary, "A-12", {"acute assistance, small amount first", "急难型先行救助金额（元）"}, OF(temp_small)));
    e.push_back(yuan("temp_cap_yuan", most_temporary, "A-12", {"acute and expenditure assistance, most a time", "临时救助单次上限（元）"}, OF(temp_cap)));
    e.push_back(number("temp_exp_months.illness", 0, 36, "A-12", {"expenditure assistance, months of S", "支出型临时救助：疾病（低保标准的月数）"}, OF(temp_exp_months.illness)));
    e.push_back(number("temp_exp_months.disaster", 0, 36, "A-12", {"expenditure assistance, months of S", "支出型临时救助：灾害（低保标准的月数）"}, OF(temp_exp_months.disaster)));
    e.push_back(number("temp_exp_months.disability", 0, 36, "A-12", {"expenditure assistance, months of S", "支出型临时救助：残疾（低保标准的月数）"}, OF(temp_exp_months.disability)));
    e.push_back(number("temp_exp_months.schooling", 0, 36, "A-12", {"expenditure assistance, months of S", "支出型临时救助：就学（低保标准的月数）"}, OF(temp_exp_months.schooling)));
    e.push_back(number("temp_exp_months.unemployment", 0, 36, "A-12", {"expenditure assistance, months of S", "支出型临时救助：失业（低保标准的月数）"}, OF(temp_exp_months.unemployment)));
    e.push_back(number("gradual_months", 0, 60, "A-13", {"length of gradual exit", "渐退期（月）"}, OF(gradual_months)));
    e.push_back(number("gradual_cap_pct", 100, 1000, "A-13", {"gradual exit ends at this percent of S", "渐退期收入上限（低保标准的%）"}, OF(gradual_cap_pct)));
    e.push_back({{"gradual_profile_pct", Kind::list, 0, 100, {}, "A-13", {"percent of the old amount by month; empty is flat 100", "渐退期逐月发放比例（原金额的%）；空为一直 100"}},
                 [](Policy& p, const ParameterValue& v) {
                     p.gradual_profile_pct.clear();
                     for (const std::int64_t item : std::get<std::vector<std::int64_t>>(v)) p.gradual_profile_pct.push_back(static_cast<int>(item));
                 },
                 [](const Policy& p) {
                     std::string text = "[";
                     for (const int item : p.gradual_profile_pct) text += (text.size() > 1 ? ", " : "") + std::to_string(item);
                     return text + "]";
                 }});
    return e;
}

#undef OF

const std::vector<Entry>& entries() {
    static const std::vector<Entry> all = make_entries();
    return all;
}

Wording range_fault(const ParameterInfo& info, std::int64_t value) {
    if (value >= info.low && value <= info.high) return {};
    const auto text = [&](std::int64_t v) { return info.kind == Kind::yuan ? yuan_text(v) : std::to_string(v); };
    return both("{} = {} is outside {} to {}", "{} = {} 超出允许范围（{} 至 {}）", info.name, text(value), text(info.low), text(info.high));
}

Wording fault_in(const ParameterInfo& info, const ParameterValue& value) {
    const auto expected = [&](const Wording& what) { return both("{} must be {}", "{} 应为{}", info.name, what); };
    switch (info.kind) {
        case Kind::flag: return std::holds_alternative<bool>(value) ? Wording() : expected({"true or false", " true 或 false"});
        case Kind::number:
            if (const auto* v = std::get_if<std::int64_t>(&value)) return range_fault(info, *v);
            return expected({"a whole number", "整数"});
        case Kind::yuan: {
            const auto* text = std::get_if<std::string>(&value);
            const auto fen = text ? parse_yuan(*text) : std::optional<Fen>{};
            return fen ? range_fault(info, *fen) : expected({"an amount in yuan as text with at most two decimals, such as \"85.00\"", "以元计、最多两位小数、加引号的金额，例如 \"85.00\""});
        }
        case Kind::choice: {
            const auto* word = std::get_if<std::string>(&value);
            if (word && std::find(info.choices.begin(), info.choices.end(), *word) != info.choices.end()) return {};
            std::string list;
            for (const std::string& c : info.choices) list += (list.empty() ? "\"" : ", \"") + c + '"';
            return expected(both("one of {}{}", "下列之一：{}{}", list, word ? nearest(*word, info.choices) : Wording()));
        }
        case Kind::list: break;
    }
    const auto* items = std::get_if<std::vector<std::int64_t>>(&value);
    if (!items) return expected({"a list of whole numbers", "整数列表"});
    for (const std::int64_t item : *items)
        if (auto fault = range_fault(info, item); !fault.empty()) return fault;
    return {};
}

const Entry* find(std::string_view name) {
    const auto& all = entries();
    const auto found = std::find_if(all.begin(), all.end(), [&](const Entry& e) { return e.info.name == name; });
    return found == all.end() ? nullptr : &*found;
}

}  // namespace

std::span<const ParameterInfo> parameter_table() {
    static const std::vector<ParameterInfo> table = [] {
        std::vector<ParameterInfo> infos;
        for (const Entry& e : entries()) infos.push_back(e.info);
        return infos;
    }();
    return table;
}

Wording set_parameter(Policy& policy, std::string_view name, const ParameterValue& value) {
    const Entry* entry = find(name);
    if (!entry) {
        std::vector<std::string> names;
        for (const ParameterInfo& info : parameter_table()) names.push_back(info.name);
        return both("no policy parameter is called \"{}\"{}", "没有名为 \"{}\" 的政策参数{}", name, nearest(name, names));
    }
    Wording fault = fault_in(entry->info, value);
    if (fault.empty()) entry->set(policy, value);
    return fault;
}

std::string parameter_text(const Policy& policy, std::string_view name) {
    const Entry* entry = find(name);
    return entry ? entry->text(policy) : "";
}

}  // namespace doudi::rules
