#pragma once
#include "scenario/load.hpp"

#include <filesystem>

namespace doudi::cli {

struct PopulationOptions {
    std::filesystem::path scenario, people, table, kinds;  ///< CSV files to write, or empty
    Overrides overrides;
    int lines = 20;
    bool force = false, chinese = false;
};

/// `doudi population`: how near the synthetic families come to every margin, cell by cell, worst first, before and after
/// the fit; on wish all cells as CSV, and the synthetic people themselves, one row each.
int population(const PopulationOptions& options);

}  // namespace doudi::cli
