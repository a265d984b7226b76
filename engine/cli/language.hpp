#pragma once
#include <string>
#include <vector>

namespace doudi::cli {

/// Whether Chinese is asked for: by --lang anywhere in the line, also where it cannot be parsed, or else by DOUDI_LANG. `words`: the line without
/// the program's name. Throws InputError if DOUDI_LANG is neither en nor zh.
bool asks_for_chinese(const std::vector<std::string>& words);

}  // namespace doudi::cli
