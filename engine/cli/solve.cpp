#include "cli/solve.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/columns.hpp"
#include "cli/progress.hpp"
#include "results/estimates.hpp"
#include "simulate/simulate.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace doudi::cli {
namespace {

constexpr int points = 16;  // as many policies as one walk carries

struct Point {
    double value = 0;
    std::vector<std::int64_t> cost;  ///< [replicate], fen
    double over = 0;                 ///< share of replicates over the budget
};

/// A setting's value as the scenario writes it: an amount where the key is one.
std::string setting(const std::string& key, double value) {
    const bool amount = key.ends_with("amount") || key.ends_with(".add") || key.ends_with("_yuan") || key.ends_with(".urban") || key.ends_with(".rural");
    return amount ? fmt::format("{}=\"{:.2f}\"", key, value) : fmt::format("{}={:.8g}", key, value);
}

std::vector<Point> evaluate(const SolveOptions& o, double low, double high, Fen budget, Progress& progress, double& done) {
    Overrides overrides = o.overrides;
    std::vector<Point> curve(points);
    for (int i = 0; i < points; ++i) {
        curve[static_cast<std::size_t>(i)].value = low + (high - low) * i / (points - 1);
        overrides.set_each.push_back({setting(o.key, curve[static_cast<std::size_t>(i)].value)});
    }
    const Plan plan = load_plan(std::vector<std::filesystem::path>(points, o.scenario), overrides);
    const SharedDraws shared = shared_draws(plan);
    for (Point& p : curve) p.cost.assign(static_cast<std::size_t>(plan.replicates), 0);
    for (std::size_t c = 0; c < plan.counties.size(); ++c) {
        progress.at(done, plan.counties[c].name_zh);
        const Tally tally = simulate_county(plan, shared, c, o.threads);
        for (int s = 0; s < points; ++s)
            for (int r = 0; r < plan.replicates; ++r)
                for (int x = 0; x < 2; ++x)
                    for (int p = 0; p < tally.programmes; ++p)
                        for (int m = 0; m < plan.months; ++m)
                            curve[static_cast<std::size_t>(s)].cost[static_cast<std::size_t>(r)] += tally.cost[tally.pay_index(s, r, x, p, m)];
        done += static_cast<double>(plan.counties[c].households);
    }
    for (Point& p : curve) {
        const auto above = std::count_if(p.cost.begin(), p.cost.end(), [&](std::int64_t v) { return v > budget; });
        p.over = static_cast<double>(above) / static_cast<double>(p.cost.size());
    }
    return curve;
}

/// Values at which the mean cost falls although the setting rises.
std::vector<double> falls(const std::vector<Point>& curve) {
    std::vector<double> at;
    for (std::size_t i = 1; i < curve.size(); ++i)
        if (estimate(curve[i].cost).mean < estimate(curve[i - 1].cost).mean) at.push_back(curve[i].value);
    return at;
}

}  // namespace

int solve(const SolveOptions& o) {
    const auto budget = parse_yuan(o.budget);
    if (!budget || *budget <= 0) throw InputError("--budget", "\"" + o.budget + "\" is not an amount in yuan, such as 6000000000");
    if (!(o.low < o.high)) throw InputError("--low", fmt::format("{} is not under --high {}", o.low, o.high));
    if (!(o.probability >= 0 && o.probability < 1)) throw InputError("--probability", fmt::format("{} is not in [0, 1)", o.probability));
    double households = 0, done = 0;
    for (const County& c : load_plan({o.scenario}, o.overrides).counties) households += static_cast<double>(c.households);
    Progress progress(o.rounds * households, o.progress);
    double low = o.low, high = o.high;
    Point best;
    std::vector<std::vector<std::string>> rows{{o.key, "mean, yuan", "P(over budget)"}};
    std::vector<double> cliffs;
    for (int round = 0; round < o.rounds; ++round) {
        const auto curve = evaluate(o, low, high, *budget, progress, done);
        if (round == 0) {
            if (curve.front().over > o.probability) {
                std::vector<std::int64_t> sorted = curve.front().cost;
                std::sort(sorted.begin(), sorted.end());
                const double needed = quantile(sorted, 1 - o.probability);
                throw InputError("--budget", fmt::format("no value from {} on keeps within {} yuan with probability {}: even {} = {} goes over with probability {:.3f}; it needs {} yuan, {} more",
                                                         o.low, grouped(static_cast<double>(*budget) / 100), 1 - o.probability, o.key, o.low, curve.front().over, grouped(needed / 100),
                                                         grouped((needed - static_cast<double>(*budget)) / 100)));
            }
            cliffs = falls(curve);
        }
        // The first value that goes over ends the search: beyond a cliff a higher one may fit again, but is not safe.
        std::size_t last = 0;
        while (last + 1 < curve.size() && curve[last + 1].over <= o.probability) ++last;
        best = curve[last];
        for (const Point& p : curve) rows.push_back({fmt::format("{:.6g}", p.value), grouped(estimate(p.cost).mean / 100), fmt::format("{:.3f}", p.over)});
        low = curve[last].value;
        if (last + 1 == curve.size()) break;
        high = curve[last + 1].value;
    }
    progress.end();
    const double n = static_cast<double>(best.cost.size()), error = std::sqrt(std::max(best.over * (1 - best.over), 1 / n) / n);
    const bool bound = best.value >= o.high;
    if (o.json) {
        fmt::print("{}\n", nlohmann::ordered_json{{"key", o.key}, {"value", best.value}, {"next_value_goes_over", bound ? nlohmann::ordered_json() : nlohmann::ordered_json(high)},
                                                   {"probability_over", best.over}, {"standard_error", error}, {"mean_cost_fen", estimate(best.cost).mean}, {"falls_at", cliffs}}.dump(2));
        return 0;
    }
    fmt::print("{}\nhighest {} with P(cost > {} yuan) <= {}: {:.6g}{}\n", table_text(rows), o.key, grouped(static_cast<double>(*budget) / 100), o.probability, best.value,
               bound ? " (the end of the bracket; widen --high to look further)" : fmt::format(" (at {:.6g} it goes over)", high));
    fmt::print("there: P = {:.3f} ± {:.3f} (standard error over {} replicates), mean cost {} yuan\n", best.over, error, best.cost.size(), grouped(estimate(best.cost).mean / 100));
    if (cliffs.empty()) fmt::print("the mean cost grows over the whole bracket (checked at {} values)\n", points);
    for (const double at : cliffs) fmt::print("note: the mean cost falls at {:.6g}, where the law jumps; the search stops at the first value that goes over\n", at);
    return 0;
}

}  // namespace doudi::cli
