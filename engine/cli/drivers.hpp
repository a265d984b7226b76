#pragma once
#include "scenario/load.hpp"
#include "storage/result_writer.hpp"

#include <atomic>
#include <filesystem>
#include <vector>

namespace doudi::cli {

struct DriversOptions {
    std::vector<std::filesystem::path> scenarios;  ///< the first is the baseline
    std::filesystem::path output;
    std::string groups = "prefix";  ///< prefix, each, or a CSV file with the columns group and parameter
    int rows = 128, populations = 4, threads = 0;
    double level = 0.95;
    Overrides overrides;
    bool progress = true, json = false, chinese = false, force = false;
};

/// `doudi drivers`: what drives the budget. Simulates a pick-freeze design, writes the file and prints, for the province,
/// each group's first-order and total share of the variance of cost and of the paired difference, and what knowing it
/// would free of the reserve. Returns 0, or 3 when stopped. Throws InputError and SystemError.
int drivers(const DriversOptions& options, const Program& program, const std::atomic<bool>& stop);

}  // namespace doudi::cli
