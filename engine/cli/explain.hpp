#pragma once
#include "scenario/load.hpp"

#include <string>

namespace doudi::cli {

/// `doudi explain`: the months of one household in one replicate: what befell it, what the law says and why, and
/// what it is paid, to the fen as in the tallies.
int explain(const std::filesystem::path& scenario, const Overrides& overrides, const std::string& household, int replicate, bool chinese);

}  // namespace doudi::cli
