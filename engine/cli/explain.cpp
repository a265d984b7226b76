#include "cli/explain.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/columns.hpp"
#include "simulate/trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace doudi::cli {
namespace {

const char* event_name(Shock::Kind kind, bool zh) {
    switch (kind) {
        case Shock::Kind::illness: return zh ? "重病（因病）" : "serious illness";
        case Shock::Kind::disability: return zh ? "致残（因残），两个月后持证" : "disability, certified two months later";
        case Shock::Kind::job_loss: return zh ? "失业（因失业）" : "job loss, if at work";
        case Shock::Kind::death: return zh ? "上月去世" : "death in the month before";
        case Shock::Kind::emergency: return zh ? "其他急难" : "another emergency";
        case Shock::Kind::disaster: return zh ? "受灾（因灾）" : "disaster";
    }
    return "";
}

std::string member_text(const rules::Member& m, bool zh) {
    std::string text = fmt::format(fmt::runtime(zh ? "{}岁，月收入 {} 元" : "{} years, {} yuan a month"), m.age, yuan_text(m.monthly_income));
    if (m.employed) text += zh ? "，就业" : ", at work";
    if (m.student) text += zh ? "，在读" : ", student";
    if (m.severe_illness) text += zh ? "，重病" : ", seriously ill";
    if (m.disability_grade > 0) text += fmt::format(fmt::runtime(zh ? "，残疾{}级" : ", disability grade {}"), m.disability_grade);
    if (m.tekun) text += zh ? "，无法定义务人" : ", no able obligor";
    return text;
}

class Story {
public:
    Story(const Plan& plan, bool zh) : plan_(plan), zh_(zh) {}

    void print(const std::vector<TracedMonth>& months) {
        std::string before;
        Fen total = 0;
        for (const TracedMonth& m : months) {
            const std::string facts = family(m) + law(m) + standing(m);
            const Fen paid = std::accumulate(m.paid.begin(), m.paid.end(), Fen{0});
            total += paid;
            std::string events;
            for (const Shock& s : m.shocks) events += fmt::format(fmt::runtime(zh_ ? "  事件：{}（成员{}）\n" : "  event: {} (member {} of the first month)\n"), event_name(s.kind, zh_), s.member);
            const bool counted = m.month >= plan_.burn_in;
            if (facts != before || !events.empty())
                fmt::print("{}{}\n{}{}", label(m.month), counted ? "" : zh_ ? "（预热期，不计）" : " (burn-in, not counted)", events, facts != before ? facts : "");
            else if (counted && paid > 0)
                fmt::print("{}\n", label(m.month));
            before = facts;
            for (std::size_t p = 0; p < m.paid.size(); ++p)
                if (m.paid[p] != 0)
                    fmt::print(fmt::runtime(zh_ ? "  发放 {} {} 元\n" : "  paid {}: {} yuan\n"), programme(p), yuan_text(m.paid[p]));
        }
        fmt::print(fmt::runtime(zh_ ? "\n{} 个月合计 {} 元\n" : "\npaid in {} months: {} yuan\n"), plan_.months, yuan_text(total));
    }

private:
    std::string_view programme(std::size_t p) const {
        if (p < programme_labels.size()) return zh_ ? programme_labels_zh[p] : programme_labels[p];
        const auto& info = rules::module_table[static_cast<std::size_t>(plan_.modules_on[p - programme_labels.size()])];
        return zh_ ? info.name_zh : info.name;
    }
    std::string label(int month) const {
        const Month m = plan_.start + (month - plan_.burn_in);
        return fmt::format("{}-{:02}", m.year(), m.month());
    }
    std::string family(const TracedMonth& m) const {
        std::string text;
        for (std::size_t i = 0; i < m.members.size(); ++i)
            text += fmt::format(fmt::runtime(zh_ ? "  成员{}：{}\n" : "  member {}: {}\n"), i, member_text(m.members[i], zh_));
        return text;
    }
    std::string law(const TracedMonth& m) const {
        std::string text;
        for (const rules::Reason& r : m.why) text += fmt::format("  {} [{}]\n", zh_ ? r.rule_zh : r.rule, zh_ ? r.source_zh : r.source);
        return text;
    }
    std::string standing(const TracedMonth& m) const { return unclaimed(m) + enrolment(m); }
    std::string unclaimed(const TracedMonth& m) const {
        std::string text;
        if (m.decision.pay[Programme::living_subsidy] > 0 && !m.claims_living) text += zh_ ? "  未申领困难残疾人生活补贴\n" : "  does not claim the living subsidy\n";
        if (m.decision.pay[Programme::nursing_subsidy] > 0 && !m.claims_nursing) text += zh_ ? "  未申领重度残疾人护理补贴\n" : "  does not claim the nursing subsidy\n";
        return text;
    }
    std::string enrolment(const TracedMonth& m) const {
        const bool alone = std::find(m.decision.status.begin(), m.decision.status.begin() + static_cast<std::ptrdiff_t>(m.members.size()), rules::PersonStatus::dibao_single) !=
                           m.decision.status.begin() + static_cast<std::ptrdiff_t>(m.members.size());
        const bool eligible = alone || m.decision.category == Category::dibao || m.decision.category == Category::edge || m.decision.category == Category::rigid;
        if (m.known) {
            const auto name = (zh_ ? category_labels_zh : category_labels)[static_cast<std::size_t>(m.enrolled)];
            if (m.pay_from > m.month) return fmt::format(fmt::runtime(zh_ ? "  已确认（{}），自 {} 起发放\n" : "  confirmed as {}, paid from {}\n"), name, label(m.pay_from));
            return fmt::format(fmt::runtime(zh_ ? "  在册：{}\n" : "  enrolled: {}\n"), name);
        }
        if (m.confirm_month > m.month) return fmt::format(fmt::runtime(zh_ ? "  已发现并申请，{} 确认\n" : "  found, applied; decision in {}\n"), label(m.confirm_month));
        if (!eligible) return "";
        if (!m.claims) return zh_ ? "  符合条件但未申请\n" : "  eligible, does not come forward\n";
        return zh_ ? "  符合条件，尚未被发现\n" : "  eligible, not found yet\n";
    }

    const Plan& plan_;
    bool zh_;
};

}  // namespace

int explain(const std::filesystem::path& file, const Overrides& overrides, const std::string& household, int replicate, bool chinese) {
    std::vector<Fault> faults;
    Plan plan;
    HouseholdId id;
    collect(faults, [&] { plan = load_plan({file}, overrides); });
    if (replicate < 0 || replicate >= 100000) faults.push_back({"--replicate", both("{} is outside 0 to 99,999", "{} 超出允许范围（0 至 99,999）", replicate)});
    collect(faults, [&] { id = parse_household(household); });
    if (!faults.empty()) throw InputError(std::move(faults));
    fmt::print(fmt::runtime(chinese ? "{}，模拟编号 {}，种子 {}，{}\n\n" : "household {}, replicate {}, seed {}, {}\n\n"), household, replicate, plan.seed,
               called(plan.scenarios[0].name, plan.scenarios[0].title, chinese));
    Story(plan, chinese).print(trace(plan, 0, id, static_cast<std::uint32_t>(replicate)));
    return 0;
}

}  // namespace doudi::cli
