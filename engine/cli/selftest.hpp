#pragma once
#include "scenario/load.hpp"

#include <filesystem>

namespace doudi::cli {

/// `doudi selftest`: checks on two small counties of the user's own scenario, with the user's own build: draws, null
/// reform, hand check with and without a response of take-up, parts and totals, threads, the plain loop; and coverage of the
/// intervals on a model whose answer is known. Returns 0, or 1 with the checks that fail.
int selftest(const std::filesystem::path& scenario, bool chinese);

}  // namespace doudi::cli
