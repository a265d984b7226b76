#pragma once
#include <filesystem>
#include <string>

namespace doudi {

/// A whole file. Throws InputError where it cannot be opened or read to its end.
std::string read_file(const std::filesystem::path& path);

}  // namespace doudi
