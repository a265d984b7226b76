#pragma once
#include "scenario/load.hpp"

#include <filesystem>
#include <string>

namespace doudi::cli {

struct SolveOptions {
    std::filesystem::path scenario;
    std::string key = "dibao.standard.factor";  ///< a setting whose value is a number or an amount
    double low = 1.0, high = 1.2;               ///< bracket
    std::string budget;                         ///< yuan, for the months of the scenario
    double probability = 0.05;                  ///< of going over the budget that is borne
    Overrides overrides;
    int threads = 0, rounds = 2;
    bool progress = true, json = false;
};

/// `doudi solve`: the highest value of a setting with P(cost > budget) <= probability, on shared draws. Each round
/// walks 16 values of the bracket at once; that the cost grows over the bracket is checked, not assumed, for the law
/// has cliffs. An infeasible budget is an InputError that says by how much.
int solve(const SolveOptions& options);

}  // namespace doudi::cli
