#include "cli/check.hpp"

#include "base/digest.hpp"
#include "base/text.hpp"
#include "simulate/plan_text.hpp"

#include <fmt/format.h>

namespace doudi::cli {

int check(const std::filesystem::path& file, const Overrides& overrides, bool chinese) {
    const Plan plan = load_plan({file}, overrides);
    const PolicyScenario& s = plan.scenarios[0];
    std::int64_t people = 0, households = 0;
    for (const County& c : plan.counties) {
        people += c.population;
        households += c.households;
    }
    std::array<Fen, 2> low = s.standard[0], high = s.standard[0];
    for (const auto& level : s.standard)
        for (std::size_t r = 0; r < 2; ++r) {
            low[r] = std::min(low[r], level[r]);
            high[r] = std::max(high[r], level[r]);
        }
    fmt::print(fmt::runtime(chinese ? "{}：{}\n{} 个县级单元，{} 人，{} 个家庭户；自 {}-{:02} 起 {} 个月，{} 次模拟\n"
                                    : "{}: {}\n{} counties, {} people, {} family households; {}-{:02} on for {} months, {} replicates\n"),
               s.name, s.title, plan.counties.size(), grouped(static_cast<double>(people)), grouped(static_cast<double>(households)), plan.start.year(),
               plan.start.month(), plan.months, plan.replicates);
    fmt::print(fmt::runtime(chinese ? "低保标准：城市 {}–{} 元，农村 {}–{} 元；生活补贴 {} 元，护理补贴 {} 元\n"
                                    : "dibao standards: urban {} to {}, rural {} to {} yuan; living subsidy {}, nursing subsidy {} yuan\n"),
               yuan_text(low[0]), yuan_text(high[0]), yuan_text(low[1]), yuan_text(high[1]), yuan_text(s.policy.living), yuan_text(s.policy.nursing));
    for (const SourceText& source : plan.sources) fmt::print("  {}  {}\n", sha256(source.text).substr(0, 12), source.path);
    for (const std::string& note : plan.notes) fmt::print("{}{}\n", chinese ? "注意：" : "note: ", note);
    return 0;
}

}  // namespace doudi::cli
