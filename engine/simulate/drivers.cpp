#include "simulate/drivers.hpp"

#include "base/error.hpp"
#include "results/estimates.hpp"
#include "simulate/counties.hpp"
#include "simulate/shared.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace doudi {
namespace {

bool uncertain(const Prior& p) { return p.kind != Prior::Kind::fixed && (p.sd > 0 || p.high > p.low); }

std::string prefix_of(std::size_t parameter) {
    const std::string name(assumption_table[parameter].name);
    return name.substr(0, name.find('.'));
}

/// Groups by the name that each uncertain parameter is given, in order of first mention, and the other layers.
template <class Name>
std::vector<DriverGroup> grouped_by(const Plan& plan, int populations, Name name) {
    std::vector<DriverGroup> groups;
    for (std::size_t i = 0; i < assumption_count; ++i) {
        if (!uncertain(plan.assumptions[i])) continue;
        const std::string group = name(i);
        auto found = std::find_if(groups.begin(), groups.end(), [&](const DriverGroup& g) { return g.name == group; });
        if (found == groups.end()) found = groups.insert(groups.end(), {group, DriverGroup::Layer::parameters, {}});
        found->parameters.push_back(i);
    }
    groups.push_back({"layer:systemic", DriverGroup::Layer::systemic, {}});
    groups.push_back({"layer:luck", DriverGroup::Layer::luck, {}});
    if (populations > 1) groups.push_back({"layer:population", DriverGroup::Layer::population, {}});
    return groups;
}

}  // namespace

std::vector<DriverGroup> groups_by_prefix(const Plan& plan, int populations) { return grouped_by(plan, populations, prefix_of); }

std::vector<DriverGroup> groups_by_parameter(const Plan& plan, int populations) {
    return grouped_by(plan, populations, [](std::size_t i) { return std::string(assumption_table[i].name); });
}

std::vector<DriverGroup> groups_by_table(const Plan& plan, int populations, const std::vector<std::pair<std::string, std::string>>& table) {
    std::map<std::size_t, std::string> group_of;
    std::vector<std::string> known;
    for (std::size_t i = 0; i < assumption_count; ++i) known.emplace_back(assumption_table[i].name);
    std::vector<Fault> faults;
    for (const auto& [group, name] : table) {
        bool found = false;
        for (std::size_t i = 0; i < assumption_count; ++i) {
            if (known[i] != name && prefix_of(i) != name) continue;
            found = true;
            const auto [place, fresh] = group_of.emplace(i, group);
            if (!fresh && place->second != group) faults.push_back({"--groups", both("{} is in the groups \"{}\" and \"{}\"", "{} 同时列入 \"{}\" 和 \"{}\" 两组", known[i], place->second, group)});
        }
        if (!found) faults.push_back({"--groups", both("there is no assumption \"{}\"{}", "没有名为 \"{}\" 的假设{}", name, nearest(name, known))});
    }
    if (!faults.empty()) throw InputError(std::move(faults));
    return grouped_by(plan, populations, [&](std::size_t i) { return group_of.contains(i) ? group_of[i] : "other"; });
}

std::vector<double> DriversResult::series(std::size_t scenario, bool difference, std::size_t run, std::size_t county, std::size_t programme) const {
    const auto rows = static_cast<std::size_t>(design.rows), runs = static_cast<std::size_t>(design.runs());
    const std::size_t c0 = county == all ? 0 : county, c1 = county == all ? counties : county + 1;
    const std::size_t p0 = programme == all ? 0 : programme, p1 = programme == all ? programmes : programme + 1;
    std::vector<double> values(rows);
    for (std::size_t row = 0; row < rows; ++row) {
        Fen sum = 0;
        for (std::size_t c = c0; c < c1; ++c)
            for (std::size_t p = p0; p < p1; ++p) {
                const auto place = [&](std::size_t s) { return (((s * runs + run) * rows + row) * counties + c) * programmes + p; };
                sum += cost[place(scenario)] - (difference ? cost[place(0)] : 0);
            }
        values[row] = static_cast<double>(sum);
    }
    return values;
}

SobolIndices DriversResult::indices(std::size_t scenario, bool difference, std::size_t county, std::size_t programme) const {
    std::vector<std::vector<double>> mixed;
    for (std::size_t g = 0; g < design.groups.size(); ++g) mixed.push_back(series(scenario, difference, 2 + g, county, programme));
    return sobol(series(scenario, difference, 0, county, programme), series(scenario, difference, 1, county, programme), mixed);
}

void check(const DriversDesign& design) {
    std::vector<Fault> faults;
    if (design.rows < 2 || design.rows > 100000) faults.push_back({"--rows", both("{} is outside 2 to 100,000", "{} 超出允许范围（2 至 100,000）", design.rows)});
    if (design.populations < 1 || design.populations > 1000) faults.push_back({"--populations", both("{} is outside 1 to 1,000", "{} 超出允许范围（1 至 1,000）", design.populations)});
    if (!faults.empty()) throw InputError(std::move(faults));
}

DriversResult simulate_drivers(const Plan& given, const DriversDesign& design, int threads,
                               const std::function<void(std::size_t county)>& progress, const std::atomic<bool>* stop) {
    check(design);
    const auto rows = static_cast<std::uint32_t>(design.rows), k = static_cast<std::uint32_t>(design.populations);
    const int runs = design.runs();
    Plan plan = given;
    plan.replicates = runs * design.rows;
    plan.stratified_parameters = false;  // a design has an order of its own
    SharedDraws shared;
    for (std::uint32_t row = 0; row < rows; ++row) {
        // All ordered pairs of two different populations in turn: unbiased for the variance over all populations.
        const std::uint32_t home = row % k, other = k == 1 ? 0 : (home + 1 + row / k % (k - 1)) % k;
        for (int run = 0; run < runs; ++run) {
            const bool from_b = run == 1;
            std::array<std::uint32_t, assumption_count> drawn;
            drawn.fill(from_b ? rows + row : row);
            std::uint32_t systemic = from_b ? rows + row : row, luck = systemic, population = from_b ? other : home;
            if (run >= 2) {
                const DriverGroup& g = design.groups[static_cast<std::size_t>(run - 2)];
                for (const std::size_t i : g.parameters) drawn[i] = rows + row;
                if (g.layer == DriverGroup::Layer::systemic) systemic = rows + row;
                if (g.layer == DriverGroup::Layer::luck) luck = rows + row;
                if (g.layer == DriverGroup::Layer::population) population = other;
            }
            const auto parameter = draw_parameters(plan, drawn);
            shared.parameter.insert(shared.parameter.end(), parameter.begin(), parameter.end());
            shared.systemic_of.push_back(systemic);
            shared.luck_of.push_back(luck);
            shared.population_of.push_back(population);
        }
    }
    DriversResult result;
    result.design = design;
    result.scenarios = plan.scenarios.size();
    result.counties = plan.counties.size();
    result.programmes = static_cast<std::size_t>(plan.programmes());
    result.cost.assign(result.scenarios * static_cast<std::size_t>(plan.replicates) * result.counties * result.programmes, 0);
    const auto begin = [&](std::size_t c) {
        if (progress) progress(c);
    };
    each_county(plan, shared, threads, begin, [&](std::size_t c, const Tally& tally) {
        for (std::size_t s = 0; s < result.scenarios; ++s)
            for (int row = 0; row < design.rows; ++row)
                for (int run = 0; run < runs; ++run)
                    for (int p = 0; p < plan.programmes(); ++p)
                        for (int x = 0; x < residence_count; ++x)
                            for (int m = 0; m < plan.months; ++m)
                                result.at(s, static_cast<std::size_t>(run), static_cast<std::size_t>(row), c, static_cast<std::size_t>(p)) +=
                                    tally.cost[tally.pay_index(static_cast<int>(s), row * runs + run, x, p, m)];
    }, stop);
    return result;
}

Information value_of_information(const DriversResult& result, std::size_t scenario, bool difference, double level) {
    std::vector<std::int64_t> values;
    for (const std::size_t run : {0U, 1U})
        for (const double v : result.series(scenario, difference, run)) values.push_back(static_cast<std::int64_t>(v));
    std::sort(values.begin(), values.end());
    Information information;
    information.reserve = quantile(values, level) - quantile(values, 0.5);
    for (const SobolIndex& i : result.indices(scenario, difference).group) {
        const double left = std::sqrt(1 - std::clamp(i.first, 0.0, 1.0));
        information.saving.push_back({information.reserve * (1 - left), left > 0 ? information.reserve * i.first_error / (2 * left) : 0});
    }
    return information;
}

}  // namespace doudi
