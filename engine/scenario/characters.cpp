#include "scenario/characters.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <sstream>
#include <vector>

namespace doudi {
namespace {

bool ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }

/// Goes over a text as TOML has it: quotes, comments, and whether a value has begun.
class Scan {
public:
    explicit Scan(std::string_view toml) : toml_(toml) {
        if (toml_.substr(0, 3) == "\xEF\xBB\xBF") at_ = 3;
        while (at_ < toml_.size() && !stray_) step();
    }
    std::optional<std::size_t> stray() const { return stray_; }
    /// Characters that are not ASCII, each first after a folded line.
    const std::vector<std::size_t>& folded() const { return folded_; }

private:
    void step() {
        const char c = toml_[at_];
        if (!ascii(c)) {
            stray_ = at_;
        } else if (c == '\n') {
            if (depth_ == 0) value_ = false;
            broken_ = false;
            last_ = c;
            ++at_;
        } else if (c == '#' && !broken_) {
            at_ = std::min(toml_.find('\n', at_), toml_.size());
        } else if ((c == '"' || c == '\'') && !broken_) {
            if (text_may_begin()) skip_text(c);
            else broken_ = true;  // nothing on this line is read as the text that it looks like
        } else {
            if (c == '=') value_ = true;
            if (value_ && (c == '[' || c == '{')) ++depth_;
            if (value_ && (c == ']' || c == '}')) depth_ = std::max(0, depth_ - 1);
            if (c != ' ' && c != '\t' && c != '\r') last_ = c;
            ++at_;
        }
    }
    bool text_may_begin() const { return last_ == '\n' || last_ == '=' || last_ == '[' || last_ == ',' || last_ == '{' || (last_ == '.' && !value_); }

    void skip_text(char quote) {
        const std::string three(3, quote);
        const bool lines = toml_.substr(at_, 3) == three;
        for (at_ += lines ? 3 : 1; at_ < toml_.size(); ++at_) {
            const char c = toml_[at_];
            if (quote == '"' && c == '\\' && at_ + 1 < toml_.size() && (lines || toml_[at_ + 1] != '\n')) {
                if (lines) note_fold();
                ++at_;
            } else if (lines ? toml_.substr(at_, 3) == three : c == quote || c == '\n') {
                break;
            }
        }
        if (!lines && at_ < toml_.size() && toml_[at_] == '\n') return;  // never closed: the line ends as any other
        at_ += lines ? 3 : 1;
        for (int more = 0; lines && more < 2 && at_ < toml_.size() && toml_[at_] == quote; ++more) ++at_;  // """a""""" ends in two quotes
        last_ = quote;
    }

    /// At a backslash of a """ text: what follows, if it ends the line.
    void note_fold() {
        const std::size_t end = toml_.find_first_not_of(" \t\r", at_ + 1);
        if (end == toml_.npos || toml_[end] != '\n') return;
        const std::size_t next = toml_.find_first_not_of(" \t\r\n", end);
        if (next != toml_.npos && !ascii(toml_[next])) folded_.push_back(next);
    }

    std::string_view toml_;
    std::size_t at_ = 0;
    std::optional<std::size_t> stray_;
    std::vector<std::size_t> folded_;
    char last_ = '\n';     ///< before this one, but for spaces
    bool value_ = false;   ///< a value has begun on this line, or in brackets that are open
    bool broken_ = false;  ///< the rest of the line is no TOML
    int depth_ = 0;
};

}  // namespace

std::optional<std::size_t> stray_character(std::string_view toml) { return Scan(toml).stray(); }

std::string without_folded_characters(std::string_view toml) {
    std::string text;
    std::size_t from = 0;
    const Scan scan(toml);
    for (const std::size_t at : scan.folded()) {
        const auto lead = static_cast<unsigned char>(toml[at]);
        const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
        std::uint32_t point = lead & (0xFFu >> (bytes + 1));
        for (std::size_t k = 1; k < bytes && at + k < toml.size(); ++k) point = point << 6 | (static_cast<unsigned char>(toml[at + k]) & 0x3Fu);
        char escape[16];
        std::snprintf(escape, sizeof escape, "\\U%08X", static_cast<unsigned>(point));
        text.append(toml.substr(from, at - from)).append(escape);
        from = std::min(at + bytes, toml.size());
    }
    return text.append(toml.substr(from));
}

std::string in_quotes(std::string_view text) {
    std::ostringstream out;
    const toml::value<std::string> value{std::string(text)};
    out << toml::toml_formatter{value, toml::format_flags::allow_unicode_strings};
    return out.str();
}

}  // namespace doudi
