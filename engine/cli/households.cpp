#include "cli/households.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "dynamics/walk.hpp"
#include "rules/parameters.hpp"
#include "simulate/cell.hpp"
#include "simulate/snapshot.hpp"

#include <fmt/format.h>

#include <iterator>
#include <ostream>

namespace doudi::cli {
namespace {

constexpr const char* disability_words[] = {"none", "visual", "hearing", "speech", "physical", "intellectual", "mental", "multiple"};
constexpr const char* care_words[] = {"none", "self", "semi", "full"};
constexpr const char* school_words[] = {"none", "secondary", "tertiary"};

/// Parameters of the rules that are not the defaults of `assess`, as its "params".
std::string params_text(const LocalPolicy& local) {
    const rules::Policy defaults;
    std::string text;
    for (const rules::ParameterInfo& p : rules::parameter_table())
        if (const std::string value = rules::parameter_text(local.policy, p.name); value != rules::parameter_text(defaults, p.name))
            text += fmt::format("{}\"{}\": {}", text.empty() ? "" : ", ", p.name, value);
    if (local.standards.dibao < local.standards.guidance)
        text += fmt::format("{}\"guidance\": \"{}\"", text.empty() ? "" : ", ", yuan_text(local.standards.guidance));
    return text;
}

std::string prior_text(const rules::Prior& p) {
    if (p.status == rules::Prior::Status::none && !p.monitored) return "{}";
    return fmt::format(R"({{"status": "{}", "reason": "{}", "months_since_exit": {}, "dibao": "{}", "monitored": {}}})",
                       p.status == rules::Prior::Status::dibao ? "dibao" : p.status == rules::Prior::Status::tekun ? "tekun" : "none",
                       p.reason == rules::Prior::Reason::employment ? "employment" : "other", p.months_since_exit, yuan_text(p.dibao), p.monitored);
}

std::string member_text(const rules::Member& m, Month month) {
    const Month birth = month + -m.age_months;
    std::string text = fmt::format(R"({{"birth_ym": "{:04}-{:02}", "monthly_income": "{}")", birth.year(), birth.month(), yuan_text(m.monthly_income));
    if (m.disability_grade > 0)
        text += fmt::format(R"(, "disability_grade": {}, "disability_type": "{}")", m.disability_grade, disability_words[static_cast<std::size_t>(m.disability_type)]);
    if (m.severe_illness) text += R"(, "severe_illness": true)";
    if (m.employed) text += R"(, "employed": true)";
    if (m.student) text += R"(, "student": true)";
    if (m.school_level != rules::SchoolLevel::none) text += fmt::format(R"(, "school_level": "{}")", school_words[static_cast<std::size_t>(m.school_level)]);
    if (m.care_level != rules::CareLevel::none) text += fmt::format(R"(, "care_level": "{}")", care_words[static_cast<std::size_t>(m.care_level)]);
    if (m.tekun) text += R"(, "tekun": true)";
    return text + "}";
}

int month_place(const Plan& plan, const std::string& text) {
    if (text.empty()) return 0;
    int year = 0, month = 0;
    char tail = 0;
    const bool read = text.size() == 7 && std::sscanf(text.c_str(), "%4d-%2d%c", &year, &month, &tail) == 2 && month >= 1 && month <= 12;
    const int place = read ? Month::of(year, month) - plan.start : -1;
    if (place < 0 || place >= plan.months)
        throw InputError("--month", both("\"{0}\" is not a month of the scenario, which has {1} months from {2}-{3:02}", "\"{0}\" 不在方案的测算期内（自 {2}-{3:02} 起共 {1} 个月）", text, plan.months, plan.start.year(), plan.start.month()));
    return place;
}

}  // namespace

int households(const HouseholdsOptions& o, std::ostream& out) {
    std::vector<Fault> faults;
    Plan plan;
    int place = 0;
    if (o.replicate < 0 || o.replicate >= 100000) faults.push_back({"--replicate", both("{} is outside 0 to 99,999", "{} 超出允许范围（0 至 99,999）", o.replicate)});
    collect(faults, [&] {
        plan = load_plan({o.scenario}, o.overrides);
        place = month_place(plan, o.month);
    });
    if (!faults.empty()) throw InputError(std::move(faults));
    const Month month = plan.start + place;
    for (std::size_t c = 0; c < plan.counties.size(); ++c)
        for (const Residence residence : {Residence::urban, Residence::rural}) {
            if (o.residence != "both" && o.residence != residence_labels[static_cast<std::size_t>(residence)]) continue;
            const auto policies = local_policies(plan, c, residence);
            const LocalPolicy& local = in_force(policies[0], plan.burn_in + place);
            const std::string shared = fmt::format(
                R"("month": "{}-{:02}", "standard": "{}", "standard_prev": "{}", "urban_standard": "{}", "min_wage_prev": "{}", "last_year_pcdi": "{}", "params": {{{}}})",
                month.year(), month.month(), yuan_text(local.standards.dibao), yuan_text(local.standards.dibao_prev), yuan_text(local.standards.urban),
                yuan_text(local.standards.min_wage_prev), yuan_text(local.standards.pcdi), params_text(local));
            out << snapshot(plan, c, residence, static_cast<std::uint32_t>(o.replicate), place, o.threads,
                            [&](std::string& to, const Family& family, const rules::Household& h) {
                                fmt::format_to(std::back_inserter(to), R"({{"id": "{}", {}, "assets_ok": {}, "income_12m": "{}", "essential_spending_12m": "{}", "prior": {}, "members": [)",
                                               household_text(family.id), shared, h.assets_ok, yuan_text(h.income_12m), yuan_text(h.essential_spending_12m), prior_text(h.prior));
                                for (std::size_t i = 0; i < h.members.size(); ++i) to += (i == 0 ? "" : ", ") + member_text(h.members[i], month);
                                to += "]}\n";
                            });
        }
    out.flush();
    if (!out) throw SystemError({"cannot write the households to standard output", "无法将家庭写到标准输出"});
    return 0;
}

}  // namespace doudi::cli
