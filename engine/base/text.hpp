#pragma once
#include "base/money.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace doudi {

/// Reads a decimal amount of yuan ("85", "85.00", "-3.5") as fen; nothing if it is not one, or over 10^12 yuan.
std::optional<Fen> parse_yuan(std::string_view text);

/// "770.00": yuan with two decimals.
std::string yuan_text(Fen fen);

/// Offset of the first byte that is not part of well-formed UTF-8 text, or is a zero; nothing if all is well.
std::optional<std::size_t> not_utf8(std::string_view text);

/// 12345.6 as "12,346" with `decimals` places and thousands separators, half away from zero.
std::string grouped(double value, int decimals = 0);

/// 1500 or 0.00006: so many significant digits and never an exponent, for prose.
std::string plain(double value, int digits);

/// The candidate nearest to `word` by edit distance, or empty if none is near.
std::string closest(std::string_view word, std::span<const std::string> candidates);

/// `; did you mean "x"?`, or empty. In both languages: nearest (wording.hpp).
std::string did_you_mean(std::string_view word, std::span<const std::string> candidates);

}  // namespace doudi
