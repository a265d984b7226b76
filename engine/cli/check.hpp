#pragma once
#include "scenario/load.hpp"

namespace doudi::cli {

/// `doudi check`: loads a scenario, prints what it says (files, size, levels, amounts) and its notes.
int check(const std::filesystem::path& scenario, const Overrides& overrides, bool chinese);

}  // namespace doudi::cli
