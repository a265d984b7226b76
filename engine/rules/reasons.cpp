#include "rules/reasons.hpp"

#include "base/text.hpp"
#include "rules/gradual.hpp"
#include "rules/supplement.hpp"
#include "rules/tekun.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace doudi::rules {
namespace {

/// Where a rule stands, in both languages.
struct Place {
    const char *en, *zh;
};
constexpr Place m1{"吉政办规〔2024〕2号 measure 1", "吉政办规〔2024〕2号 措施一"};
constexpr Place m4{"吉政办规〔2024〕2号 measure 4", "吉政办规〔2024〕2号 措施四"};
constexpr Place m5{"吉政办规〔2024〕2号 measure 5", "吉政办规〔2024〕2号 措施五"};
constexpr Place m11{"吉政办规〔2024〕2号 measure 11", "吉政办规〔2024〕2号 措施十一"};
constexpr Place m16{"吉政办规〔2024〕2号 measure 16", "吉政办规〔2024〕2号 措施十六"};
constexpr Place subsidies{"吉民发〔2023〕68号", "吉民发〔2023〕68号"};

class Explanation {
public:
    Explanation(const Household& h, const Standards& s, const Policy& p, const Decision& d)
        : household_(h), standards_(s), policy_(p), d_(d) {}

    std::vector<Reason> all() {
        category();
        for (std::size_t i = 0; i < household_.members.size(); ++i) member(i);
        if (d_.temporary > 0) temporary();
        return std::move(list_);
    }

private:
    void say(std::string en, std::string zh, Place source) { list_.push_back({std::move(en), std::move(zh), source.en, source.zh}); }

    /// "3,000.00 <= income 4,100.00 < 6,000.00 yuan a year"
    void category() {
        const Fen line = 12 * d_.core_size * d_.standard;
        const auto a = yuan_text(d_.annual_income), s = yuan_text(line), top = yuan_text(line * policy_.edge_mult_pct / 100);
        const auto y = yuan_text(d_.core_size * standards_.pcdi);
        switch (d_.category) {
            case Category::dibao:
                say(fmt::format("dibao: income {} < 12 x {} x standard {} = {} yuan a year; top-up {} a month", a, d_.core_size, yuan_text(d_.standard), s, yuan_text(d_.household_dibao)),
                    fmt::format("最低生活保障：年收入 {} 元低于 12×{}×标准 {} = {} 元；每月差额补助 {} 元", a, d_.core_size, yuan_text(d_.standard), s, yuan_text(d_.household_dibao)), m4);
                break;
            case Category::dibao_gradual:
                say(fmt::format("gradual exit, month {}: income {} is at or over {} and under {} percent of it; the old amount goes on, {} a month", household_.prior.months_since_exit, a, s, policy_.gradual_cap_pct, yuan_text(d_.household_dibao)),
                    fmt::format("渐退期第 {} 个月：年收入 {} 元不低于 {} 元，低于其 {}%；按原额发放每月 {} 元", household_.prior.months_since_exit, a, s, policy_.gradual_cap_pct, yuan_text(d_.household_dibao)), {"民发〔2021〕57号 (assumption A-13)", "民发〔2021〕57号（假设 A-13）"});
                break;
            case Category::edge:
                say(fmt::format("edge: {} <= income {} < {} yuan a year", s, a, top),
                    fmt::format("最低生活保障边缘家庭：{} 元 ≤ 年收入 {} 元 < {} 元", s, a, top), m1);
                break;
            case Category::rigid:
                say(fmt::format("rigid-expenditure: {} <= income {} < {} yuan a year, and spending {} is over {} percent of 12-month income {}", top, a, y, yuan_text(household_.essential_spending_12m), policy_.rigid_share_pct, yuan_text(household_.income_12m)),
                    fmt::format("刚性支出困难家庭：{} 元 ≤ 年收入 {} 元 < {} 元，且必要支出 {} 元超过 12 个月收入 {} 元的 {}%", top, a, y, yuan_text(household_.essential_spending_12m), yuan_text(household_.income_12m), policy_.rigid_share_pct), m1);
                break;
            case Category::tekun:
                if (std::count(d_.status.begin(), d_.status.end(), PersonStatus::orphan) == 0) say("all counted members are tekun persons", "共同生活的家庭成员均为特困人员", m5);
                else say("all counted members are tekun persons or orphans under the allowance", "共同生活的家庭成员均为特困人员或享受基本生活费的孤儿", m5);
                break;
            case Category::orphan: say("all counted members are orphans under the allowance", "成员均为享受基本生活费的孤儿", {"国发〔2016〕14号 (assumption A-19)", "国发〔2016〕14号（假设 A-19）"}); break;
            case Category::monitored: say("monitored family, no other category applies", "防止返贫监测对象，不属于其他类别", m1); break;
            case Category::none: none(a, s, top, y);
        }
    }

    void none(const std::string& a, const std::string& s, const std::string& top, const std::string& y) {
        if (d_.core_size == 0) {
            say("no counted member", "没有共同生活的家庭成员", m1);
        } else if (!household_.assets_ok) {
            say("the family's assets do not meet the dibao conditions", "家庭财产状况不符合最低生活保障规定条件", m1);
        } else if (100 * d_.annual_income < policy_.edge_mult_pct * 12 * d_.core_size * d_.standard) {
            say(fmt::format("income {} is exactly {}: neither below nor above the standard", a, s),
                fmt::format("年收入 {} 元恰为 {} 元，既不低于也不高于标准", a, s), m1);
        } else if (d_.annual_income >= d_.core_size * standards_.pcdi) {
            say(fmt::format("income {} is not under {} yuan a year (last year's mean income per head)", a, y),
                fmt::format("年收入 {} 元不低于上年度居民人均可支配收入 {} 元", a, y), m1);
        } else {
            say(fmt::format("income {} is at or over {}, and spending {} is not over {} percent of 12-month income {}", a, top, yuan_text(household_.essential_spending_12m), policy_.rigid_share_pct, yuan_text(household_.income_12m)),
                fmt::format("年收入 {} 元不低于 {} 元，必要支出 {} 元未超过 12 个月收入 {} 元的 {}%", a, top, yuan_text(household_.essential_spending_12m), yuan_text(household_.income_12m), policy_.rigid_share_pct), m1);
        }
    }

    void member(std::size_t i) {
        const Member& m = household_.members[i];
        const PersonPay& pay = d_.person[i];
        switch (d_.status[i]) {
            case PersonStatus::tekun: {
                const auto base = yuan_text(tekun_base(d_.standard, standards_, policy_)), own = yuan_text(m.monthly_income);
                say(fmt::format("member {}: tekun, basic living {} percent of {}{} = {}; care {} of minimum wage {}", i, policy_.tekun_ratio_pct, base,
                                policy_.tekun_in_full ? "" : fmt::format(" less own income {}, at least 0,", own), yuan_text(pay.tekun_basic), yuan_text(pay.tekun_care), yuan_text(standards_.min_wage_prev)),
                    fmt::format("成员{}：特困人员，基本生活 {} 元的 {}%{} = {} 元，照料护理 {} 元", i, base, policy_.tekun_ratio_pct,
                                policy_.tekun_in_full ? "" : fmt::format("减本人收入 {} 元（不低于 0）", own), yuan_text(pay.tekun_basic), yuan_text(pay.tekun_care)), m5);
                break;
            }
            case PersonStatus::dibao_single:
                say(fmt::format("member {}: included alone, own income {} < standard {}; draws {}", i, yuan_text(countable_income(m, d_.standard, policy_)), yuan_text(d_.standard), yuan_text(pay.dibao)),
                    fmt::format("成员{}：{}，本人收入 {} 元低于标准 {} 元，每月 {} 元", i, d_.category == Category::edge ? "单独纳入低保" : "参照“单人户”纳入低保", yuan_text(countable_income(m, d_.standard, policy_)), yuan_text(d_.standard), yuan_text(pay.dibao)), m4);
                break;
            case PersonStatus::out: say(fmt::format("member {}: not counted", i), fmt::format("成员{}：不计入共同生活家庭成员", i), {"民发〔2021〕57号 article 7", "民发〔2021〕57号 第七条"}); break;
            case PersonStatus::orphan:
            case PersonStatus::none:
            case PersonStatus::dibao:
            case PersonStatus::dibao_gradual:
            case PersonStatus::edge:
            case PersonStatus::rigid:
            case PersonStatus::monitored: break;
        }
        if (pay.supplement > 0)
            say(fmt::format("member {}: extra payment, {:g} percent of the standard = {} (rates are assumption A-4)", i, supplement_basis_points(m, policy_) / 100.0, yuan_text(pay.supplement)),
                fmt::format("成员{}：增发补助金，标准的 {:g}% = {} 元（比例为假设 A-4）", i, supplement_basis_points(m, policy_) / 100.0, yuan_text(pay.supplement)), m4);
        if (pay.living > 0)
            say(fmt::format("member {}: living subsidy, disability grade {} in {}: {}", i, m.disability_grade, d_.status[i] == PersonStatus::edge ? "an edge family" : "dibao", yuan_text(pay.living)),
                fmt::format("成员{}：困难残疾人生活补贴，{}级：{} 元", i, m.disability_grade, yuan_text(pay.living)), subsidies);
        if (pay.nursing > 0)
            say(fmt::format("member {}: nursing subsidy, disability grade {}: {}", i, m.disability_grade, yuan_text(pay.nursing)),
                fmt::format("成员{}：重度残疾人护理补贴，{}级：{} 元", i, m.disability_grade, yuan_text(pay.nursing)), subsidies);
    }

    void temporary() {
        const char* const kinds[] = {"", "public emergency", "acute", "expenditure"};
        const char* const kinds_zh[] = {"", "突发公共事件", "急难型", "支出型"};
        const auto kind = static_cast<std::size_t>(household_.event.type);
        say(fmt::format("temporary assistance, {} type: {}", kinds[kind], yuan_text(d_.temporary)),
            fmt::format("临时救助（{}）：{} 元", kinds_zh[kind], yuan_text(d_.temporary)), m11);
    }

    const Household& household_;
    const Standards& standards_;
    const Policy& policy_;
    const Decision& d_;
    std::vector<Reason> list_;
};

}  // namespace

std::vector<Reason> reasons(const Household& household, const Standards& standards, const Policy& policy, const Decision& decision) {
    auto list = Explanation(household, standards, policy, decision).all();
    if (standards.dibao < decision.standard)
        list.insert(list.begin(), {fmt::format("local standard {} raised to the guidance standard {}", yuan_text(standards.dibao), yuan_text(decision.standard)),
                                   fmt::format("当地标准 {} 元低于省定最低指导标准，按 {} 元执行", yuan_text(standards.dibao), yuan_text(decision.standard)),
                                   "吉民发〔2023〕67号 section 3", "吉民发〔2023〕67号 三"});
    if (household.prior.status != Prior::Status::none && (decision.category == Category::edge || decision.category == Category::rigid))
        list.push_back({"direct flow from earlier assistance, no new application", "由原救助类别直接转入，无需重新申请", m16.en, m16.zh});
    return list;
}

}  // namespace doudi::rules
