#pragma once
#include "scenario/load.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace doudi::cli {

struct BridgeOptions {
    std::filesystem::path last, current;
    std::filesystem::path last_results;  ///< what an earlier program said of last budget: adds the step "model"; may be empty
    std::vector<std::string> order;
    Overrides overrides;                 ///< of both budgets
    int threads = 0;
    bool progress = true, json = false, chinese = false;
};

/// `doudi bridge LAST.toml THIS.toml`: what makes this budget differ from last budget, step by step, paired, with intervals.
int bridge_command(const BridgeOptions& options);

}  // namespace doudi::cli
