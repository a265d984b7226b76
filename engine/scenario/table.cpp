#include "scenario/table.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <charconv>

namespace doudi {

Table::Table(const Source& source, const std::vector<std::string>& required) : source_(source) {
    std::string_view text = source.text;
    if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);  // Excel writes one
    std::vector<Fault> faults;
    std::vector<std::string> row;
    std::string field;
    std::size_t line = 1, started = 1;
    bool quoted = false, any = false;
    const auto end_row = [&] {
        row.push_back(std::move(field));
        field.clear();
        if (row.size() > 1 || !row[0].empty()) {
            if (header_.empty()) header_ = row;
            else if (row.size() != header_.size())
                faults.push_back(fault_at(source, started, both("the row has {} fields, the header {}", "该行有 {} 列，表头有 {} 列", row.size(), header_.size())));
            else {
                cells_.push_back(row);
                lines_.push_back(started);
            }
        }
        row.clear();
        any = false;
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\n') ++line;
        if (quoted) {
            if (c != '"') field += c;
            else if (i + 1 < text.size() && text[i + 1] == '"') field += text[++i];
            else quoted = false;
        } else if (c == '"' && field.empty()) {
            quoted = any = true;
        } else if (c == ',') {
            row.push_back(std::move(field));
            field.clear();
            any = true;
        } else if (c == '\n') {
            end_row();
            started = line;
        } else if (c != '\r') {
            field += c;
            any = true;
        }
    }
    if (any || !row.empty() || !field.empty()) end_row();
    if (quoted) faults.push_back(fault_at(source, started, both("a quote is opened here and never closed", "此处的引号没有闭合")));
    for (const std::string& name : required)
        if (!has(name)) faults.push_back(fault_at(source, 1, both("the column \"{}\" is missing{}", "缺少列 \"{}\"{}", name, nearest(name, header_))));
    if (!faults.empty()) throw InputError(std::move(faults));
}

bool Table::has(const std::string& name) const { return std::find(header_.begin(), header_.end(), name) != header_.end(); }

std::size_t Table::column(const std::string& name) const {
    const auto found = std::find(header_.begin(), header_.end(), name);
    if (found == header_.end()) throw InputError({fault_at(source_, 1, both("the column \"{}\" is missing", "缺少列 \"{}\"", name))});
    return static_cast<std::size_t>(found - header_.begin());
}

const std::string& Table::text(std::size_t row, const std::string& name) const { return cells_[row][column(name)]; }

std::int64_t Table::count(std::size_t row, const std::string& name, std::vector<Fault>& faults) const {
    const std::string& cell = text(row, name);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    if (error != std::errc() || end != cell.data() + cell.size() || value < 0 || value > 2'000'000'000) {
        faults.push_back(fault(row, both("{} = \"{}\" is not a whole number from 0 to 2,000,000,000", "{} = \"{}\" 不是 0 至 2,000,000,000 的整数", name, cell)));
        return 0;
    }
    return value;
}

Fen Table::yuan(std::size_t row, const std::string& name, std::vector<Fault>& faults) const {
    const auto fen = parse_yuan(text(row, name));
    if (!fen || *fen < 0) {
        faults.push_back(fault(row, both("{} = \"{}\" is not an amount in yuan", "{} = \"{}\" 不是以元计的金额", name, text(row, name))));
        return 0;
    }
    return *fen;
}

}  // namespace doudi
