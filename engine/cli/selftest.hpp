#pragma once
#include "scenario/load.hpp"

#include <filesystem>

namespace doudi::cli {

/// `doudi selftest`: checks on two small counties of the user's own scenario, with the user's own build: draws, null
/// reform, hand check, parts and totals, threads, the plain loop. Returns 0, or 1 with the checks that fail.
int selftest(const std::filesystem::path& scenario);

}  // namespace doudi::cli
