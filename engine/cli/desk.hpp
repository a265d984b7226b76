#pragma once
#include <string>
#include <vector>

namespace doudi::cli {

/// Hands over to the Python package, which draws pages and workbooks. Throws InputError if there is no Python.
int desk(const char* command, const std::vector<std::string>& arguments);

}  // namespace doudi::cli
