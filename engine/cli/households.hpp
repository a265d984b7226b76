#pragma once
#include "scenario/load.hpp"

#include <iosfwd>
#include <string>

namespace doudi::cli {

struct HouseholdsOptions {
    std::filesystem::path scenario;
    Overrides overrides;
    std::string residence = "both";  ///< "urban", "rural" or "both"
    std::string month;               ///< "YYYY-MM"; empty: the first of the horizon
    int replicate = 0, threads = 0;
};

/// `doudi households`: the families of a scenario in one month and replicate as JSON Lines, the input of `doudi assess`
/// (docs/assess.md). Standards and parameters of the rules go with them, so that the answer needs nothing else.
int households(const HouseholdsOptions& options, std::ostream& out);

}  // namespace doudi::cli
