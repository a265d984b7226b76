#pragma once
#include "results/published.hpp"
#include "scenario/source.hpp"

#include <vector>

namespace doudi {

/// Reads a table of published figures; every fault is an InputError with its line.
std::vector<Published> read_targets(const Source& source);

}  // namespace doudi
