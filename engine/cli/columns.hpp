#pragma once
#include <string>
#include <vector>

namespace doudi::cli {

/// Columns a text takes on a terminal: a Chinese character takes two.
std::size_t width(const std::string& text);

/// What a scenario is called: its title, and in English, if that is in Chinese, its name.
const std::string& called(const std::string& name, const std::string& title, bool chinese);

/// `grouped`, and "?" for a number that is not known, such as the error of one replicate.
std::string grouped_or_unknown(double value, int decimals = 0);

/// A table as text: the first column to the left, the others to the right, two spaces between.
std::string table_text(const std::vector<std::vector<std::string>>& rows);
/// The same with every column to the left: of words.
std::string list_text(const std::vector<std::vector<std::string>>& rows);

}  // namespace doudi::cli
