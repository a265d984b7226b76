#include "scenario/setting.hpp"

#include "base/text.hpp"

#include <cstdio>

namespace doudi {

void flatten(const toml::table& table, const std::string& prefix, const Source& source, const std::filesystem::path& file, std::vector<Setting>& out) {
    for (const auto& [key, node] : table) {
        const std::string path = prefix + std::string(key.str());
        const toml::table* inner = node.as_table();
        if (inner && !inner->contains("prior") && !inner->contains("values")) flatten(*inner, path + ".", source, file, out);
        else out.push_back({path, &node, key.source(), &source, file});
    }
}

std::string Values::text(const Setting& s) {
    if (const auto v = s.node->value_exact<std::string>()) return *v;
    fail(s, both("{} must be text in quotes", "{} 应为加引号的文字", s.path));
    return "";
}

std::int64_t Values::whole(const Setting& s, std::int64_t low, std::int64_t high) {
    const auto v = s.node->value_exact<std::int64_t>();
    if (!v) fail(s, both("{} must be a whole number", "{} 应为整数", s.path));
    else if (*v < low || *v > high) fail(s, both("{} = {} is outside {} to {}", "{} = {} 超出允许范围（{} 至 {}）", s.path, *v, low, high));
    else return *v;
    return low;
}

double Values::number(const Setting& s, double low, double high) {
    const auto v = s.node->is_number() ? s.node->value<double>() : std::optional<double>{};
    if (!v) fail(s, both("{} must be a number", "{} 应为数值", s.path));
    else if (!(*v >= low && *v <= high)) fail(s, both("{} = {} is outside {} to {}", "{} = {} 超出允许范围（{} 至 {}）", s.path, *v, low, high));
    else return *v;
    return low;
}

bool Values::flag(const Setting& s) {
    const auto v = s.node->value_exact<bool>();
    if (!v) fail(s, both("{} must be true or false", "{} 应为 true 或 false", s.path));
    return v.value_or(false);
}

Month Values::month(const Setting& s) {
    const std::string given = text(s);
    int year = 0, m = 0;
    char tail = 0;
    if (given.size() == 7 && std::sscanf(given.c_str(), "%4d-%2d%c", &year, &m, &tail) == 2 && m >= 1 && m <= 12 && year >= 2020 && year <= 2100)
        return Month::of(year, m);
    fail(s, both("{} = \"{}\" is not a month from \"2020-01\" to \"2100-12\"", "{} = \"{}\" 不是 \"2020-01\" 至 \"2100-12\" 之间的月份", s.path, given));
    return Month::of(2024, 1);
}

std::optional<std::string> Values::bare_number(const Setting& s) const {
    if (!s.node->is_number() || s.source->name != "--set") return {};
    const auto &begin = s.node->source().begin, &end = s.node->source().end;
    return s.source->line(begin.line).substr(begin.column - 1, end.column - begin.column);
}

std::optional<std::string> Values::written(const Setting& s) const {
    const auto text = s.node->value_exact<std::string>();
    return text ? text : bare_number(s);
}

Fen Values::amount(const Setting& s, Fen most) {
    const auto words = written(s);
    if (!words) {
        fail(s, both("{} must be text in quotes, such as \"85.00 yuan/month\"", "{} 应为加引号的金额，例如 \"85.00 yuan/month\"", s.path));
        return 0;
    }
    const std::string& given = *words;
    const auto unit = given.find(' ');
    const std::string after = unit == std::string::npos ? "" : given.substr(unit + 1);
    if (!after.empty() && after != "yuan/month" && after != "yuan/person/month" && after != "yuan")
        fail(s, both("{}: the unit \"{}\" is none of yuan/month, yuan/person/month, yuan", "{}：单位 \"{}\" 不在可用单位之列（yuan/month、yuan/person/month、yuan）", s.path, after));
    const auto fen = parse_yuan(given.substr(0, unit));
    if (!fen) fail(s, both("{} = \"{}\" is not an amount, such as \"85.00 yuan/month\"", "{} = \"{}\" 不是金额，应写作 \"85.00 yuan/month\" 之类", s.path, given));
    else if (*fen < 0) fail(s, both("{} = \"{}\" is negative", "{} = \"{}\" 为负数", s.path, given));
    else if (*fen > most) fail(s, both("{} = \"{}\" is over {} yuan, the most this program reckons with (money is in yuan, not fen)", "{} = \"{}\" 超过本程序允许的上限 {} 元（金额单位为元，不是分）", s.path, given, yuan_text(most)));
    else return *fen;
    return 0;
}

}  // namespace doudi
