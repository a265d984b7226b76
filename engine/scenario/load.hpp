#pragma once
#include "simulate/plan.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace doudi {

/// What the command line or Python changes for one run, on top of the scenario files.
struct Overrides {
    std::optional<int> replicates, months;
    std::optional<std::uint64_t> seed;
    std::optional<double> sample_share;
    std::vector<int> counties;      ///< codes; empty: all
    std::vector<std::string> set;   ///< "key=value", as in a scenario file
    std::vector<std::vector<std::string>> set_each;  ///< the same for one scenario each, in the order of the files
    std::filesystem::path library;  ///< a folder of shipped scenarios, whose files may be named from anywhere
    bool chinese = false;           ///< the language of the plan's notes
    bool allow_outside = false;     ///< scenario files may name files outside their folder
};

/// Reads scenario files into one plan: the first is the baseline, the others are compared with it on the same
/// draws, so all must agree on data, beliefs and run settings. Throws InputError with every fault found.
/// A scenario's folder is the nearest one at or above the file that has a `law` folder in it, else the file's own.
Plan load_plan(const std::vector<std::filesystem::path>& files, const Overrides& overrides = {});

}  // namespace doudi
