#include "cli/language.hpp"

#include "base/error.hpp"

#include <cstdlib>

namespace doudi::cli {

bool asks_for_chinese(const std::vector<std::string>& words) {
    static const std::string option = "--lang";
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (words[i].starts_with(option + "=")) return words[i].substr(option.size() + 1) == "zh";
        if (words[i] == option && i + 1 < words.size()) return words[i + 1] == "zh";
    }
    const char* const usual = std::getenv("DOUDI_LANG");
    const std::string language = usual == nullptr || *usual == '\0' ? "en" : usual;
    if (language != "en" && language != "zh") throw InputError("DOUDI_LANG", both("\"{}\" is not en or zh", "\"{}\" 应为 en 或 zh", language));
    return language == "zh";
}

}  // namespace doudi::cli
