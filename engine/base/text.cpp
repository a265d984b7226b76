#include "base/text.hpp"

#include "base/wording.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace doudi {

std::optional<Fen> parse_yuan(std::string_view text) {
    const bool negative = !text.empty() && text.front() == '-';
    if (negative) text.remove_prefix(1);
    const auto dot = text.find('.');
    const std::string_view whole = text.substr(0, dot);
    std::string_view part = dot == std::string_view::npos ? "" : text.substr(dot + 1);
    const auto digits = [](std::string_view s) { return std::all_of(s.begin(), s.end(), [](char c) { return c >= '0' && c <= '9'; }); };
    if (whole.empty() || whole.size() > 12 || !digits(whole) || !digits(part) || (dot != std::string_view::npos && part.empty())) return {};
    while (part.size() > 2 && part.back() == '0') part.remove_suffix(1);
    if (part.size() > 2) return {};
    Fen fen = 0;
    for (const char c : whole) fen = 10 * fen + (c - '0');
    for (std::size_t i = 0; i < 2; ++i) fen = 10 * fen + (i < part.size() ? part[i] - '0' : 0);
    return negative ? -fen : fen;
}

std::string yuan_text(Fen fen) {
    const auto size = fen < 0 ? 0 - static_cast<std::uint64_t>(fen) : static_cast<std::uint64_t>(fen);
    std::string cents = std::to_string(size % 100);
    if (cents.size() < 2) cents.insert(0, "0");
    return (fen < 0 ? "-" : "") + std::to_string(size / 100) + "." + cents;
}

std::optional<std::size_t> not_utf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const std::size_t more = byte < 0x80 ? 0 : byte >= 0xC2 && byte < 0xE0 ? 1 : byte >= 0xE0 && byte < 0xF0 ? 2 : byte >= 0xF0 && byte < 0xF5 ? 3 : 9;
        if (byte == 0 || i + more >= text.size()) return i;
        std::uint32_t point = byte;
        for (std::size_t k = 1; k <= more; ++k) {
            const auto next = static_cast<unsigned char>(text[i + k]);
            if ((next & 0xC0) != 0x80) return i;
            point = (k == 1 ? byte & (0x3Fu >> more) : point) << 6 | (next & 0x3Fu);
        }
        const bool too_long = (more == 2 && point < 0x800) || (more == 3 && point < 0x10000), surrogate = point >= 0xD800 && point < 0xE000;
        if (more > 0 && (too_long || surrogate || point > 0x10FFFF)) return i;
        i += more + 1;
    }
    return {};
}

std::string grouped(double value, int decimals) {
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, "%.*f", decimals, value);
    std::string text = buffer;
    auto end = static_cast<std::ptrdiff_t>(text.find('.') == std::string::npos ? text.size() : text.find('.'));
    const std::ptrdiff_t first = text.front() == '-' ? 1 : 0;
    for (end -= 3; end > first; end -= 3) text.insert(static_cast<std::size_t>(end), ",");
    return text;
}

std::string plain(double value, int digits) {
    char buffer[512];
    std::snprintf(buffer, sizeof buffer, "%.*e", digits - 1, value);
    const char* exponent = std::strchr(buffer, 'e');
    if (!exponent) return buffer;  // not a number
    std::snprintf(buffer, sizeof buffer, "%.*f", std::max(0, digits - 1 - std::atoi(exponent + 1)), std::strtod(buffer, nullptr));
    std::string text = buffer;
    if (text.find('.') != std::string::npos) text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text;
}

std::string closest(std::string_view word, std::span<const std::string> candidates) {
    if (word.size() > 200) return "";  // nobody mistyped that, and the table below grows with it
    std::string best;
    std::size_t best_distance = std::max<std::size_t>(2, word.size() / 2) + 1;
    for (const std::string& candidate : candidates) {
        std::vector<std::size_t> row(candidate.size() + 1);
        for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
        for (std::size_t i = 1; i <= word.size(); ++i) {
            std::size_t diagonal = row[0];
            row[0] = i;
            for (std::size_t j = 1; j < row.size(); ++j) {
                const std::size_t change = diagonal + (word[i - 1] == candidate[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
            }
        }
        if (row.back() < best_distance) {
            best_distance = row.back();
            best = candidate;
        }
    }
    return best;
}

std::string did_you_mean(std::string_view word, std::span<const std::string> candidates) {
    return nearest(word, candidates).en;
}

}  // namespace doudi
