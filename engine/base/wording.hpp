#pragma once
#include "base/labels.hpp"

#include <fmt/format.h>

#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace doudi {

/// One thing said in both languages; whoever prints it chooses.
struct Wording {
    std::string en, zh;

    /// Where there is no Chinese, the English.
    const std::string& in(bool chinese) const { return chinese && !zh.empty() ? zh : en; }
    bool empty() const { return en.empty(); }
};

template <class Part>
const Part& spoken(const Part& part, bool) { return part; }
inline const std::string& spoken(const Wording& wording, bool chinese) { return wording.in(chinese); }

/// The same sentence in both languages, with the same parts; a part that is a Wording is put in the language of the sentence.
template <class... Parts>
Wording both(fmt::format_string<decltype(spoken(std::declval<const Parts&>(), false))...> en,
             fmt::format_string<decltype(spoken(std::declval<const Parts&>(), true))...> zh, const Parts&... parts) {
    return {fmt::format(en, spoken(parts, false)...), fmt::format(zh, spoken(parts, true)...)};
}

/// `; did you mean "x"?`, or empty.
Wording nearest(std::string_view word, std::span<const std::string> candidates);

/// "urban" or "rural": of people and families 城镇 and 农村, of a dibao standard 城市 and 农村.
Wording residence_wording(std::size_t residence);
Wording standard_wording(std::size_t residence);

}  // namespace doudi
