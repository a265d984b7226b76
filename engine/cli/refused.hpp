#pragma once
#include "base/wording.hpp"

#include <CLI/CLI.hpp>

namespace doudi::cli {

/// What is wrong with a command line that `app` could not parse, in both languages.
Wording refused(const CLI::App& app, const CLI::ParseError& error);

}  // namespace doudi::cli
