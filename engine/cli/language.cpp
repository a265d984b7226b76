#include "cli/language.hpp"

#include "base/error.hpp"

#include <cstdlib>
#include <iterator>

namespace doudi::cli {

bool asks_for_chinese(const std::vector<std::string>& words) {
    const auto none = words.end();
    for (auto word = words.begin(); word != none; ++word)
        for (const std::string language : {"en", "zh"})
            if (*word == "--lang=" + language || (*word == "--lang" && std::next(word) != none && *std::next(word) == language)) return language == "zh";
    const char* const usual = std::getenv("DOUDI_LANG");
    const std::string language = usual == nullptr || *usual == '\0' ? "en" : usual;
    if (language != "en" && language != "zh") throw InputError("DOUDI_LANG", both("\"{}\" is not en or zh", "\"{}\" 应为 en 或 zh", language));
    return language == "zh";
}

}  // namespace doudi::cli
