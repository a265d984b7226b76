#include "scenario/command_line.hpp"

#include "base/text.hpp"
#include "scenario/finish.hpp"

#include <algorithm>
#include <string_view>

namespace doudi {

std::vector<Setting> CommandLine::settings(const std::vector<std::string>& settings_given) {
    std::vector<Setting> settings;
    for (const std::string& given : settings_given) {
        const auto equals = given.find('=');
        Set& place = *sets_.emplace_back(std::make_unique<Set>());
        place.source = {"--set", given};
        if (equals == std::string::npos || given.find('\n') != std::string::npos || not_utf8(given)) {
            fail("--set " + given, both("is not key=value, such as --set dibao.standard.factor=1.05", "不是“键=值”的形式，例如 --set dibao.standard.factor=1.05"));
            continue;
        }
        const std::string value = given.substr(equals + 1);
        const std::string key = given.substr(0, equals) + " = ";
        for (const std::string& candidate : {key + value, key + '"' + value + '"'}) {  // words need no quotes here
            if (stray_character(candidate)) continue;
            try {
                place.table = toml::parse(std::string_view(candidate), std::string_view("--set"));
                place.source.text = candidate;
                break;
            } catch (const toml::parse_error&) {
                place.source.text.clear();
            }
        }
        if (place.source.text.empty() || place.table.empty()) fail("--set " + given, both("cannot be read as key=value", "无法按“键=值”读取"));
        flatten(place.table, "", place.source, std::filesystem::path("--set"), settings);
    }
    return settings;
}

void CommandLine::overrule(const std::vector<Setting>& reform, const std::vector<Setting>& command) {
    const auto bare = [](const Setting& s) { return s.path.rfind("assumptions.", 0) == 0 ? s.path.substr(12) : s.path; };
    for (const Setting& s : reform)
        for (const Setting& c : command) {
            if (bare(s) != bare(c) || s.path == "name" || s.path == "title" || s.path == "why" || s.path == "why_zh") continue;
            std::string note = both("{} states {}, and what counts is --set {} of the command line", "{} 写明了 {}，实际采用的是命令行的 --set {}", fault_at(*s.source, s.key, Wording()).where, s.path, c.source->text).in(overrides_.chinese);
            if (std::find(notes_.begin(), notes_.end(), note) == notes_.end()) notes_.push_back(std::move(note));
        }
}

bool CommandLine::apply(Plan& plan) {
    if (overrides_.replicates) plan.replicates = *overrides_.replicates;
    if (overrides_.months) plan.months = *overrides_.months;
    if (overrides_.seed) plan.seed = *overrides_.seed;
    if (overrides_.sample_share) plan.sample_share = *overrides_.sample_share;
    const std::size_t before = faults_.size();
    if (plan.replicates < 1 || plan.replicates > most_replicates) fail("--replicates", both("{} is outside 1 to 100,000", "{} 超出允许范围（1 至 100,000）", plan.replicates));
    if (plan.months < 1 || plan.months > most_months) fail("--months", both("{} is outside 1 to 60", "{} 超出允许范围（1 至 60）", plan.months));
    if (plan.seed > INT64_MAX) fail("--seed", both("{} is outside 0 to {}", "{} 超出允许范围（0 至 {}）", static_cast<std::int64_t>(plan.seed), INT64_MAX));
    if (!(plan.sample_share > 0 && plan.sample_share <= 1)) fail("--sample-share", both("{} is not in (0, 1]", "{} 不在 (0, 1] 之内", plan.sample_share));
    return faults_.size() == before;
}

void CommandLine::choose_counties(Plan& plan) {
    if (overrides_.counties.empty()) return;
    std::vector<bool> wanted(plan.counties.size(), false);
    for (const int code : overrides_.counties) {
        const auto found = std::find_if(plan.counties.begin(), plan.counties.end(), [&](const County& c) { return c.code == code; });
        if (code == 0) fail("--counties", both("no county code is given; write --counties 220102,220103, or leave the option out for all counties", "未给出县级代码；请写作 --counties 220102,220103，或去掉该选项以包括全部县"));
        else if (found == plan.counties.end()) fail("--counties", both("no county of the data has the code {}{}", "数据中没有代码为 {} 的县级单元{}", code, nearest_code(plan, code)));
        else wanted[static_cast<std::size_t>(found - plan.counties.begin())] = true;
    }
    const auto only_wanted = [&](auto& list) {
        std::size_t kept = 0;
        for (std::size_t i = 0; i < wanted.size(); ++i)
            if (wanted[i]) list[kept++] = std::move(list[i]);
        list.resize(kept);
    };
    for (PolicyScenario& s : plan.scenarios) {
        only_wanted(s.standard);
        only_wanted(s.standard_prev);
        for (PolicyScenario::Stage& stage : s.later) {
            only_wanted(stage.standard);
            only_wanted(stage.standard_prev);
            only_wanted(stage.pcdi);
            only_wanted(stage.min_wage_prev);
        }
    }
    only_wanted(plan.counties);
}

}  // namespace doudi
