#include "cli/help.hpp"

namespace doudi::cli {

Help::Help(bool chinese) : chinese_(chinese) {
    column_width(30);
    label("Positionals", chinese ? "参数" : "Arguments");
    label("SUBCOMMAND", chinese ? "命令" : "COMMAND");
    if (!chinese) return;
    label("Usage", "用法");
    label("OPTIONS", "选项");
}

std::string Help::make_option_opts(const CLI::Option* option) const {
    if (option->get_positional() || option->get_type_size() == 0) return "";
    const std::string type = option->get_type_name();  // and after a colon what is checked, which the meaning tells
    return " " + type.substr(0, type.find(':'));
}

std::string Help::make_option_desc(const CLI::Option* option) const {
    std::string text = option->get_description();
    if (option->get_required() && !option->get_positional()) text += chinese_ ? "（必填）" : " (required)";
    if (!option->get_default_str().empty()) text += (chinese_ ? "；默认 " : "; default ") + option->get_default_str();
    return text;
}

}  // namespace doudi::cli
