#pragma once
#include <string>
#include <vector>

namespace doudi::cli {

/// Columns a text takes on a terminal: a Chinese character takes two.
std::size_t width(const std::string& text);

/// A table as text: the first column to the left, the others to the right, two spaces between.
std::string table_text(const std::vector<std::vector<std::string>>& rows);

}  // namespace doudi::cli
