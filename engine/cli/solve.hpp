#pragma once
#include "scenario/load.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace doudi::cli {

struct SolveOptions {
    std::filesystem::path scenario, output;     ///< output: a reform with the answer; may be empty
    std::string key = "dibao.standard.factor";  ///< a lever (cli/points.hpp)
    double low = 0, high = 0, step = 0;         ///< bracket and resolution; 0: by the key
    std::vector<std::string> levers;            ///< "key=low:high": the cheapest mix instead of one highest value
    std::vector<std::string> floors;            ///< "dibao.recipients>=300000": what a mix must reach
    std::string budget;                         ///< yuan, for the months of the scenario
    double probability = 0.05;                  ///< of going over the budget that is borne
    Overrides overrides;
    int threads = 0;
    bool progress = true, json = false, chinese = false;
};

/// `doudi solve`: the highest value of a lever with P(cost > budget) <= probability, to its last step, on shared draws. Each
/// round walks 15 values of the bracket at once; that the cost grows over the bracket is checked, not assumed, for the law
/// has cliffs. With `levers`: the mix of several with the least mean cost that reaches every floor (engine/cli/mix.cpp).
/// An infeasible budget is an InputError that says by how much.
int solve(const SolveOptions& options);
int solve_mix(const SolveOptions& options);

}  // namespace doudi::cli
