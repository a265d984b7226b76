#pragma once
#include <optional>
#include <string>
#include <string_view>

// toml++ up to 3.4 has no defined behaviour when it asks whether some characters that are not ASCII are white space (《, 。,
// é: TOML_UNREACHABLE in is_non_ascii_horizontal_whitespace). It asks where a value or a key goes on, and after a line of
// a """ text that ends in a backslash. So no such character may come to it in either place.
namespace doudi {

/// Offset of the first character that is not ASCII and stands where TOML has none: outside quotes and comments, or inside quotes
/// that begin in the middle of a value.
std::optional<std::size_t> stray_character(std::string_view toml);

/// The same text with such a character escaped (\U and eight digits) where it comes first after a line that a backslash ends; lines stay as they are.
std::string without_folded_characters(std::string_view toml);

/// Any text as a string in a TOML file: in quotes, with escapes where it needs them.
std::string in_quotes(std::string_view text);

}  // namespace doudi
