#include "scenario/source.hpp"

#include "base/file.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <utility>

namespace doudi {
namespace fs = std::filesystem;

std::string Source::line(std::size_t number) const {
    std::size_t from = 0;
    for (std::size_t i = 1; i < number && from != std::string::npos; ++i) {
        from = text.find('\n', from);
        if (from != std::string::npos) ++from;
    }
    if (from == std::string::npos || number == 0) return "";
    return text.substr(from, text.find('\n', from) - from);
}

namespace {

/// Columns on a terminal, where a Chinese character takes two: only to put the caret under the right place.
std::size_t columns(std::string_view text) {
    std::size_t n = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte & 0xC0) != 0x80) n += byte >= 0xE0 ? 2 : 1;
    }
    return n;
}

/// Byte offset of the 1-based character column.
std::size_t offset_of(std::string_view line, std::size_t column) {
    std::size_t place = 0;
    for (std::size_t seen = 1; place < line.size() && seen < column; ++seen) {
        ++place;
        while (place < line.size() && (static_cast<unsigned char>(line[place]) & 0xC0) == 0x80) ++place;
    }
    return place;
}

std::string excerpt(const Source& source, std::size_t line, std::size_t first, std::size_t last) {
    constexpr int most = 100;  // a file with more faults is not a scenario; looking lines up would take minutes
    if (++source.excerpts > most) return "";
    const std::string text = source.line(line).substr(0, 1000);
    const std::string number = std::to_string(line);
    const std::size_t from = offset_of(text, first);
    const std::size_t to = last > first ? offset_of(text, last) : text.size();
    return "   " + number + " | " + text + "\n   " + std::string(number.size(), ' ') + " | " +
           std::string(columns(std::string_view(text).substr(0, from)), ' ') +
           std::string(std::max<std::size_t>(1, columns(std::string_view(text).substr(from, to - from))), '^');
}

}  // namespace

Fault fault_at(const Source& source, const toml::source_region& region, Wording what) {
    const std::size_t line = region.begin.line, column = region.begin.column;
    if (line == 0) return {source.name, std::move(what)};
    const std::size_t end = region.end.line == line ? region.end.column : 0;
    return {source.name + ":" + std::to_string(line) + ":" + std::to_string(column), std::move(what),
            excerpt(source, line, column, end)};
}

Fault fault_at(const Source& source, std::size_t line, Wording what) {
    return {source.name + ":" + std::to_string(line), std::move(what)};
}

void Reader::start(const fs::path& scenario) {
    const fs::path own = fs::weakly_canonical(fs::absolute(scenario)).parent_path();
    fs::path folder = own;
    for (int up = 0; up < 4; ++up, folder = folder.parent_path())
        if (fs::is_directory(folder / "law")) break;
    if (!fs::is_directory(folder / "law")) folder = own;
    if (std::find(folders_.begin(), folders_.end(), folder) == folders_.end()) folders_.push_back(folder);
}

std::optional<fs::path> Reader::within(const fs::path& path) const {
    for (const fs::path& folder : folders_)
        if (const fs::path relative = path.lexically_relative(folder); !relative.empty() && *relative.begin() != "..") return relative;
    return std::nullopt;
}

fs::path Reader::resolve(const std::string& named, const fs::path& from, const Fault& at) const {
    std::vector<fs::path> candidates{from.parent_path() / named};
    for (const fs::path& folder : folders_) candidates.push_back(folder / named);
    for (const fs::path& candidate : candidates) {
        std::error_code ignored;
        if (!fs::is_regular_file(candidate, ignored)) continue;
        if (!allow_outside_ && !within(fs::weakly_canonical(candidate)))
            throw InputError({{at.where, both("\"{}\" leaves the scenario folder {}; move it inside, or pass --allow-outside", "\"{}\" 位于方案文件夹 {} 之外；请移入该文件夹，或加 --allow-outside", named, folders_.front().string()), at.excerpt}});
        return candidate.lexically_normal();
    }
    Wording places;
    for (const fs::path& folder : folders_) places = places.empty() ? both("{0}", "{0}", folder.string()) : both("{} or {}", "{} 或 {}", places, folder.string());
    throw InputError({{at.where, both("there is no file \"{}\" beside this one or in {}", "找不到文件 \"{}\"：本文件旁边和 {} 中均没有", named, places), at.excerpt}});
}

const Source& Reader::read(const fs::path& path) {
    const fs::path key = fs::weakly_canonical(fs::absolute(path));
    if (const auto known = files_.find(key); known != files_.end()) return *known->second;
    std::error_code error;
    const auto size = fs::file_size(path, error);
    if (error || !fs::is_regular_file(path)) throw InputError(path.string(), both("there is no such file, or it cannot be read", "没有该文件，或无法读取"));
    if (size > 64u << 20) throw InputError(path.string(), both("is over 64 MiB; a scenario or data table is never that large", "超过 64 MiB；方案文件或数据表不会这样大"));
    std::string text = read_file(path);
    if (const auto wrong = not_utf8(text)) {
        const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(*wrong), '\n');
        throw InputError(path.string() + ":" + std::to_string(line), both("is not UTF-8 text; save the file as UTF-8 (in Excel: CSV UTF-8)", "不是 UTF-8 文本；请将文件另存为 UTF-8（在 Excel 中选“CSV UTF-8”）"));
    }
    order_.push_back(key);
    return *files_.emplace(key, std::make_unique<Source>(Source{path.lexically_normal().string(), std::move(text)})).first->second;
}

const toml::table& Reader::parse(const fs::path& path) {
    const Source& source = read(path);
    const fs::path key = fs::weakly_canonical(fs::absolute(path));
    if (const auto found = tables_.find(key); found != tables_.end()) return found->second;
    if (source.text.size() > 1u << 20) throw InputError(path.string(), both("is over 1 MiB; a scenario, or a file of the law or of beliefs, is never that large", "超过 1 MiB；方案文件、政策文件或假设文件不会这样大"));
    if (const auto stray = stray_character(source.text)) {
        const std::string_view before = std::string_view(source.text).substr(0, *stray);
        const auto line = static_cast<toml::source_index>(1 + std::count(before.begin(), before.end(), '\n'));
        const std::string_view own = before.substr(before.rfind('\n') + 1);
        const auto column = static_cast<toml::source_index>(1 + std::count_if(own.begin(), own.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
        throw InputError({fault_at(source, toml::source_region{{line, column}, {line, column + 1}, nullptr},
                                   both("not TOML: a character such as ，。“《 stands outside quotes; names and signs there are ASCII, and other text goes in straight quotes (\"...\")",
                                        "不是合法的 TOML：引号之外出现了 ，。“《 之类的字符；引号之外的名称和符号一律用半角，其他文字放在半角直引号（\"...\"）之内"))});
    }
    try {
        return tables_.emplace(key, toml::parse(without_folded_characters(source.text), source.name)).first->second;
    } catch (const toml::parse_error& e) {
        throw InputError({fault_at(source, e.source(), both("not TOML: {}", "不是合法的 TOML，解析程序提示：{}", std::string(e.description())))});
    }
}

std::vector<SourceText> Reader::sources() const {
    std::vector<SourceText> list;
    for (const fs::path& path : order_) list.push_back({recorded(path), files_.at(path)->text, path});
    return list;
}

std::string Reader::recorded(const fs::path& path) const {
    const fs::path whole = fs::weakly_canonical(fs::absolute(path));
    return within(whole).value_or(whole.filename()).generic_string();
}

}  // namespace doudi
