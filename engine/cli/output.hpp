#pragma once
#include "simulate/plan.hpp"

#include <filesystem>
#include <functional>
#include <ostream>

namespace doudi::cli {

/// Refuses a place for an output before any work is done: a folder, a name in a folder that is not there or may not be written to, and a
/// file that the plan was read from. `example`: a name to show. Throws InputError.
void check_place(const std::filesystem::path& output, const Plan& plan, const char* example);
/// Refuses a file that exists. `could_force`: whether to say that --force replaces it.
void check_free(const std::filesystem::path& output, bool could_force);

/// Writes beside the name and renames when whole. Throws SystemError where that fails; a file of the name is then as it was.
void write_whole(const std::filesystem::path& path, const std::function<void(std::ostream&)>& write);

}  // namespace doudi::cli
