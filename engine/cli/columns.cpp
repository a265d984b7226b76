#include "cli/columns.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace doudi::cli {

std::size_t width(const std::string& text) {
    std::size_t n = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if ((byte & 0xC0) == 0x80) continue;
        // Three-byte characters from U+2E80 on are wide; marks such as the dash and the ≤ before it are narrow.
        n += byte >= 0xE3 || (byte == 0xE2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) >= 0xBA) ? 2 : 1;
    }
    return n;
}

const std::string& called(const std::string& name, const std::string& title, bool chinese) {
    const bool wide = std::any_of(title.begin(), title.end(), [](char c) { return static_cast<unsigned char>(c) >= 0xE3; });
    return wide && !chinese ? name : title;
}

std::string grouped_or_unknown(double value, int decimals) { return std::isfinite(value) ? grouped(value, decimals) : "?"; }

namespace {

/// The first `left` columns to the left.
std::string aligned(const std::vector<std::vector<std::string>>& rows, std::size_t left) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
    }
    std::string text;
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            const std::string pad(widths[i] - width(row[i]), ' ');
            line += (i == 0 ? "" : "  ") + (i < left ? row[i] + pad : pad + row[i]);
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + '\n';
    }
    return text;
}

}  // namespace

std::string table_text(const std::vector<std::vector<std::string>>& rows) { return aligned(rows, 1); }

std::string list_text(const std::vector<std::vector<std::string>>& rows) { return aligned(rows, std::numeric_limits<std::size_t>::max()); }

}  // namespace doudi::cli
