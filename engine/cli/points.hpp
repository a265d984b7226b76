#pragma once
#include "scenario/load.hpp"

#include <functional>
#include <string>
#include <vector>

namespace doudi::cli {

/// What one variant of a scenario comes to on the shared draws.
struct Outcome {
    std::vector<Fen> cost;                         ///< [replicate] of the whole period
    std::vector<double> recipients, households, yuan;  ///< [programme] means over replicates: persons and households a month, yuan of the period
    std::vector<double> category_households;       ///< [category] mean a month
    double mean() const;
    double over(Fen budget) const;                 ///< share of replicates over a budget
};

/// Simulates variants of one scenario, each given by settings "key=value", on the same draws: 15 to a walk, with the scenario
/// itself beside them, so that a response of take-up is always to the amounts of the scenario as it stands.
std::vector<Outcome> simulate_variants(const std::filesystem::path& scenario, const Overrides& overrides, const std::vector<std::vector<std::string>>& settings,
                                       int threads, const std::function<void(const County&)>& progress);

/// A setting that a search may move. Keys of scenario files whose value is a number or an amount; and
/// "dibao.standard.urban.1", "dibao.standard.rural.2" ...: the standard in yuan of the counties of a tier of the guidance
/// (1 is the highest).
struct Lever {
    std::string key;
    double low = 0, high = 0, step = 0;
    std::vector<int> tier_counties;  ///< of a tier
    std::string residence;           ///< of a tier
    bool amount = false;             ///< in yuan

    int steps() const;
    double value(int i) const { return low + step * i; }
    std::string text(double value) const;  ///< as a reader expects it
    std::vector<std::string> settings(double value) const;
};
/// The plan of all counties, whose tiers a lever may name.
Plan whole_plan(const std::filesystem::path& scenario, Overrides overrides);
/// Whether a scenario may be set to both ends of a lever. Throws InputError that names the option: `key` where neither may, else `low` or `high`.
void check_ends(const Lever& lever, const std::filesystem::path& scenario, const Overrides& overrides, const char* key = "--key", const char* low = "--low", const char* high = "--high");
/// Completes a lever: what it moves, its step (a fen, or 0.0001) and bracket where none is given. Throws InputError.
Lever make_lever(const std::string& key, double low, double high, double step, const Plan& plan);

/// What a search was run on, for the reform it leaves: "200 replicates, seed 1, all 69 counties, a sample of 0.05 of the households".
std::string run_on(const Plan& plan, std::size_t all_counties, bool chinese);

/// Writes a reform that sets the levers to the values, and what the command line set besides, so that it stands for the answer.
/// An existing file is an InputError.
void write_reform(const std::filesystem::path& path, const std::filesystem::path& base, const std::vector<std::pair<Lever, double>>& values, const std::vector<std::string>& set,
                  const std::string& why, const std::string& why_zh);
/// What to add when a reform was written where the base lies outside its folder, which `doudi check` and `run` refuse; or nothing.
std::string reach_of(const std::filesystem::path& reform, bool chinese);

}  // namespace doudi::cli
