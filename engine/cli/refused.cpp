#include "cli/refused.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <regex>

namespace doudi::cli {
namespace {

/// What follows the colon of CLI11's own text.
std::string after_colon(const std::string& text) {
    const auto colon = text.find(": ");
    return colon == std::string::npos ? text : text.substr(colon + 2);
}

Wording unknown_command(const CLI::App& app, const std::string& word) {
    std::vector<std::string> names;
    for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) names.push_back(command->get_name());
    return both("`doudi --help` lists no command \"{}\"{}", "没有 \"{}\" 这一命令（全部命令见 `doudi --help`）{}", word, nearest(word, names));
}

/// Words that nobody asked for: options of another name, or one word too many.
Wording unexpected(const CLI::App& app) {
    const auto parsed = app.get_subcommands();
    const CLI::App& command = parsed.empty() ? app : *parsed.front();
    std::vector<std::string> options;
    for (const CLI::Option* option : command.get_options())
        for (const std::string& name : option->get_lnames()) options.push_back("--" + name);
    Wording list;
    for (const std::string& word : command.remaining(true)) {
        const std::string name = word.substr(0, word.find('='));
        const std::string meant = name.starts_with("--") ? closest(name, options) : "";
        const Wording one = meant.empty() ? Wording{word, word} : both("{}; did you mean \"{}\"?", "{}（是否应为 \"{}\"？）", word, meant);
        list = list.empty() ? one : both("{}, {}", "{}、{}", list, one);
    }
    return both("`doudi {} --help` does not know {}", "未知的选项或多余的词（见 `doudi {} --help`）：{}", command.get_name(), list);
}

/// 0.000000 as 0.
std::string number(const std::string& text) { return fmt::format("{}", std::strtod(text.c_str(), nullptr)); }

/// What an option or argument means, as the help has it.
std::string meaning(const CLI::App& command, const std::string& name) {
    for (const CLI::Option* option : command.get_options())
        if (option->check_name(name)) return option->get_description();
    return "";
}

}  // namespace

Wording refused(const CLI::App& app, const CLI::ParseError& error) {
    const std::string text = error.what();
    if (app.get_subcommands().empty()) {
        const std::vector<std::string> words = app.remaining();
        if (words.empty() || words.front().starts_with('-')) return both("a command is needed; `doudi --help` lists them", "请写明命令；可用 `doudi --help` 查看全部命令");
        return unknown_command(app, words.front());
    }
    if (dynamic_cast<const CLI::ExtrasError*>(&error)) return unexpected(app);
    if (dynamic_cast<const CLI::ConversionError*>(&error))
        return both("{} cannot be read; numbers, signs and the commas between them are plain ones, without a unit", "{} 无法读取；数字、符号和分隔用的逗号须为半角，不带单位", after_colon(text));
    std::smatch part;
    static const std::regex range("(\\S+): Value (\\S+) not in range \\[?(\\S+) (?:to|-) ([^\\s\\]]+)\\]?"), choice("(\\S+): (\\S+) not in \\{(.*)\\}"), missing("(\\S+) is required"), without("(\\S+): \\d+ required \\S+ missing");
    if (std::regex_match(text, part, range)) return both("{}: {} is outside {} to {}", "{}：{} 超出允许范围（{} 至 {}）", part[1].str(), part[2].str(), number(part[3]), number(part[4]));
    if (std::regex_match(text, part, choice)) {
        static const std::regex comma(",");
        return both("{}: {} is none of {}", "{}：{} 应为 {} 之一", part[1].str(), part[2].str(), Wording{std::regex_replace(part[3].str(), comma, ", "), std::regex_replace(part[3].str(), comma, "、")});
    }
    if (std::regex_match(text, part, missing)) return both("{} is missing: {}", "缺少 {}：{}", part[1].str(), meaning(*app.get_subcommands().front(), part[1]));
    if (std::regex_match(text, part, without)) return both("{}: a value is missing after it", "{} 之后缺少取值", part[1].str());
    return both("{}", "命令行有误，解析程序提示：{}", text);
}

}  // namespace doudi::cli
