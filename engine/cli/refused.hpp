#pragma once
#include "base/wording.hpp"

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace doudi::cli {

/// What is wrong with a command line that `app` could not parse, in both languages. `words`: the line without the program's name.
Wording refused(const CLI::App& app, const CLI::ParseError& error, const std::vector<std::string>& words);

/// Whether the line asks for Chinese, also where it cannot be parsed.
bool asks_for_chinese(const std::vector<std::string>& words);

}  // namespace doudi::cli
