#pragma once
#include "scenario/load.hpp"

#include <filesystem>

/// Plans for tests: the shipped scenarios, few counties and replicates.
inline std::filesystem::path scenario_file(const char* name) { return std::filesystem::path(DOUDI_SOURCE_DIR) / "scenarios" / name; }

inline doudi::Plan small_plan(std::vector<const char*> names, int replicates, std::vector<int> counties, double share = 1.0,
                              std::vector<std::string> set = {}) {
    doudi::Overrides o;
    o.replicates = replicates;
    o.counties = std::move(counties);
    o.sample_share = share;
    o.set = std::move(set);
    std::vector<std::filesystem::path> files;
    for (const char* name : names) files.push_back(scenario_file(name));
    return doudi::load_plan(files, o);
}
