#include "cli/points.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/output.hpp"
#include "scenario/characters.hpp"
#include "simulate/counties.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <string_view>

namespace doudi::cli {

double Outcome::mean() const {
    double sum = 0;
    for (const Fen c : cost) sum += static_cast<double>(c) / static_cast<double>(cost.size());
    return sum;
}

double Outcome::over(Fen budget) const {
    return static_cast<double>(std::count_if(cost.begin(), cost.end(), [&](Fen c) { return c > budget; })) / static_cast<double>(cost.size());
}

std::vector<Outcome> simulate_variants(const std::filesystem::path& scenario, const Overrides& given, const std::vector<std::vector<std::string>>& settings, int threads,
                                       const std::function<void(const County&)>& progress) {
    constexpr std::size_t walk = 15;
    std::vector<Outcome> outcomes;
    for (std::size_t first = 0; first < settings.size(); first += walk) {
        const std::size_t count = std::min(walk, settings.size() - first);
        Overrides overrides = given;
        overrides.set_each = {{}};
        for (std::size_t i = 0; i < count; ++i) overrides.set_each.push_back(settings[first + i]);
        const Plan plan = load_plan(std::vector<std::filesystem::path>(count + 1, scenario), overrides);
        const SharedDraws shared = shared_draws(plan, threads);
        const auto P = static_cast<std::size_t>(plan.programmes());
        const double share = 1.0 / plan.replicates;
        std::vector<Outcome> part(count);
        for (Outcome& o : part) {
            o.cost.assign(static_cast<std::size_t>(plan.replicates), 0);
            o.recipients.assign(P, 0);
            o.households.assign(P, 0);
            o.yuan.assign(P, 0);
            o.category_households.assign(category_count, 0);
        }
        const auto begin = [&](std::size_t c) {
            if (progress) progress(plan.counties[c]);
        };
        each_county(plan, shared, threads, begin, [&](std::size_t, const Tally& tally) {
            for (int s = 0; s < static_cast<int>(count); ++s)
                for (int r = 0; r < plan.replicates; ++r)
                    for (int x = 0; x < residence_count; ++x)
                        for (int m = 0; m < plan.months; ++m) {
                            Outcome& o = part[static_cast<std::size_t>(s)];
                            for (int p = 0; p < plan.programmes(); ++p) {
                                const auto cell = tally.pay_index(s + 1, r, x, p, m);
                                const auto place = static_cast<std::size_t>(p);
                                o.cost[static_cast<std::size_t>(r)] += tally.cost[cell];
                                o.yuan[place] += share * static_cast<double>(tally.cost[cell]) / 100;
                                o.recipients[place] += share * static_cast<double>(tally.recipients[cell]) / plan.months;
                                o.households[place] += share * static_cast<double>(tally.households[cell]) / plan.months;
                            }
                            for (int k = 0; k < category_count; ++k)
                                o.category_households[static_cast<std::size_t>(k)] += share * static_cast<double>(tally.category_households[tally.category_index(s + 1, r, x, k, m)]) / plan.months;
                        }
        });
        outcomes.insert(outcomes.end(), part.begin(), part.end());
    }
    return outcomes;
}

int Lever::steps() const { return static_cast<int>(std::lround((high - low) / step)); }

std::string Lever::text(double value) const { return amount ? fmt::format("{:.2f}", value) : fmt::format("{:.8g}", value); }

std::vector<std::string> Lever::settings(double value) const {
    if (tier_counties.empty()) return {amount ? fmt::format("{}=\"{:.2f}\"", key, value) : fmt::format("{}={:.8g}", key, value)};
    std::vector<std::string> list;
    for (const int county : tier_counties) list.push_back(fmt::format("dibao.standard.local.{}.{}=\"{:.2f}\"", county, residence, value));
    return list;
}

namespace {

bool in_yuan(const std::string& key) {
    return key.find("amount") != std::string::npos || key.ends_with(".add") || key.ends_with("_yuan") || key.ends_with(".urban") || key.ends_with(".rural") || key.ends_with("min_payment") ||
           key.ends_with("round_to");
}

}  // namespace

Plan whole_plan(const std::filesystem::path& scenario, Overrides overrides) {
    overrides.counties.clear();
    return load_plan({scenario}, overrides);
}

Lever make_lever(const std::string& key, double low, double high, double step, const Plan& plan) {
    Lever lever{key, low, high, step, {}, "", false};
    std::optional<std::pair<double, double>> usual;  // the bracket where none is given
    if (key == "dibao.standard.factor") usual = {1, 1.2};
    for (const std::size_t r : {0U, 1U}) {
        const std::string prefix = "dibao.standard." + std::string(residence_labels[r]) + ".";
        if (!key.starts_with(prefix)) continue;
        std::set<Fen, std::greater<>> tiers;
        for (const County& c : plan.counties) tiers.insert(c.guidance[r]);
        const int tier = std::atoi(key.c_str() + prefix.size());
        if (tier < 1 || tier > static_cast<int>(tiers.size()))
            throw InputError("--key", both("there is no tier \"{}\"; the {} guidance has tiers 1 (the highest) to {}", "没有 \"{}\" 档；{}指导标准分 1（最高）至 {} 档", key.substr(prefix.size()), standard_wording(r), tiers.size()));
        const Fen guidance = *std::next(tiers.begin(), tier - 1);
        for (const County& c : plan.counties)
            if (c.guidance[r] == guidance) lever.tier_counties.push_back(c.code);
        lever.residence = residence_labels[r];
        lever.amount = true;
        usual = {static_cast<double>(guidance) / 100, std::round(1.2 * static_cast<double>(guidance) / 100)};
    }
    if (!lever.amount) lever.amount = in_yuan(key);
    if (high == 0 && !usual) throw InputError("--low", both("give the bracket of {}: --low and --high", "请给出 {} 的取值范围：--low 和 --high", key));
    if (low == 0 && usual) lever.low = usual->first;
    if (high == 0) lever.high = usual->second;
    if (lever.step == 0) lever.step = lever.amount ? 0.01 : 0.0001;
    if (!(lever.step > 0)) throw InputError("--step", both("{} is not over 0", "{} 应大于 0", step));
    if (!(lever.low < lever.high)) throw InputError("--low", both("{} is not under --high {}", "{} 应小于 --high {}", lever.low, lever.high));
    return lever;
}

void check_ends(const Lever& lever, const std::filesystem::path& scenario, const Overrides& given, const char* key, const char* low, const char* high) {
    const auto fault_at_end = [&](double value) -> std::optional<Wording> {
        Overrides overrides = given;
        overrides.set_each = {lever.settings(value)};
        try {
            (void)load_plan({scenario}, overrides);
        } catch (const InputError& e) {
            return e.faults().front().what;
        }
        return std::nullopt;
    };
    const auto at_low = fault_at_end(lever.low), at_high = fault_at_end(lever.high);
    if (at_low && at_high) throw InputError(key, *at_low);
    if (at_low) throw InputError(low, both("{} cannot be {}: {}", "{} 不能为 {}：{}", lever.key, lever.text(lever.low), *at_low));
    if (at_high) throw InputError(high, both("{} cannot be {}: {}", "{} 不能为 {}：{}", lever.key, lever.text(lever.high), *at_high));
}

std::string run_on(const Plan& plan, std::size_t all_counties, bool chinese) {
    constexpr std::size_t most = 10;  // codes that are read rather than skipped
    std::string codes;
    for (std::size_t c = 0; c < std::min(most, plan.counties.size()); ++c) codes += (c == 0 ? "" : chinese ? "、" : ", ") + std::to_string(plan.counties[c].code);
    if (plan.counties.size() > most) codes += chinese ? " 等" : " ...";
    const std::size_t n = plan.counties.size();
    const std::string where = n == all_counties ? fmt::format(fmt::runtime(chinese ? "全部 {} 个县级单元" : "all {} counties"), n)
                                                : fmt::format(fmt::runtime(chinese ? "{} 个县级单元（{}）" : "{} counties ({})"), n, codes);
    return fmt::format(fmt::runtime(chinese ? "模拟 {} 次，种子 {}，{}{}" : "{} replicates, seed {}, {}{}"), plan.replicates, plan.seed, where,
                       plan.sample_share < 1 ? fmt::format(fmt::runtime(chinese ? "，抽样比例 {}" : ", a sample of {} of the households"), plain(plan.sample_share, 3)) : "");
}

void write_reform(const std::filesystem::path& path, const std::filesystem::path& base, const std::vector<std::pair<Lever, double>>& values, const std::vector<std::string>& set,
                  const std::string& why, const std::string& why_zh) {
    namespace fs = std::filesystem;
    check_free(path, false);
    const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
    std::map<std::string, std::string> lines;  // the last word on a key counts, and a lever's is the last
    std::string notes;
    for (const std::string& setting : set) {
        const auto equals = setting.find('=');
        const std::string key = setting.substr(0, equals), value = setting.substr(equals + 1);
        if (key == "name" || key == "title" || key == "why" || key == "why_zh") continue;  // the answer has its own
        if (key.starts_with("data.") || key == "law") {  // a reform may not state these
            notes += "# To be given again where this reform is run: --set '" + setting + "'\n";
            continue;
        }
        const bool number = value.find_first_not_of("0123456789.+-_eE") == std::string::npos, bare = in_yuan(key) && number;
        bool toml_value = !bare;
        try {
            if (toml_value) (void)toml::parse(std::string_view(setting), std::string_view("--set"));
        } catch (const toml::parse_error&) {
            toml_value = false;  // a word without quotes, as a shell leaves it
        }
        lines[key] = toml_value ? value : in_quotes(value);
    }
    for (const auto& [lever, value] : values)
        for (const std::string& setting : lever.settings(value)) {
            const auto equals = setting.find('=');
            lines[setting.substr(0, equals)] = setting.substr(equals + 1);
        }
    const std::string name = in_quotes(path.stem().string());
    write_whole(path, [&](std::ostream& out) {
        out << "name = " << name << "\ntitle = " << name << "\nbase = " << in_quotes(fs::relative(base, folder).generic_string()) << "\nwhy = " << in_quotes(why) << "\nwhy_zh = " << in_quotes(why_zh) << '\n' << notes << '\n';
        for (const auto& [key, value] : lines) out << key << " = " << value << '\n';
    });
}

std::string reach_of(const std::filesystem::path& reform, bool chinese) {
    try {
        (void)load_plan({reform});
        return "";
    } catch (const InputError&) {
        return chinese ? "（其基准在该文件所在的文件夹之外：check、run 时须加 --allow-outside，或将其写入 scenarios/reforms）" : " (its base lies outside its folder: check and run need --allow-outside, or write it into scenarios/reforms)";
    }
}

}  // namespace doudi::cli
