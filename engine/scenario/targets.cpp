#include "scenario/targets.hpp"

#include "scenario/table.hpp"

#include <algorithm>
#include <charconv>

namespace doudi {

std::vector<Published> read_targets(const Source& source) {
    const Table t(source, {"programme", "residence", "statistic", "month", "value", "relative_error", "status", "note", "source"});
    std::vector<Published> list;
    std::vector<Fault> faults;
    const auto number = [&](std::size_t row, const char* column, double low, double high) {
        const std::string& cell = t.text(row, column);
        double value = 0;
        const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
        if (error != std::errc() || end != cell.data() + cell.size() || !(value > low && value < high))
            faults.push_back(t.fault(row, both("{} = \"{}\" is not a number between {:f} and {:f}", "{} = \"{}\" 不是 {:.0f} 与 {:.0f} 之间的数值", column, cell, low, high)));
        return value;
    };
    for (std::size_t row = 0; row < t.rows(); ++row) {
        Published p;
        p.programme = t.text(row, "programme");
        const std::string& residence = t.text(row, "residence");
        if (residence == "urban" || residence == "rural") p.residence = residence == "urban" ? Residence::urban : Residence::rural;
        else if (residence != "all") faults.push_back(t.fault(row, both("residence = \"{}\" is none of urban, rural, all", "residence = \"{}\" 应为 urban、rural、all 之一", residence)));
        p.statistic = t.text(row, "statistic");
        p.month = t.text(row, "month");
        p.status = t.text(row, "status");
        p.note = t.text(row, "note");
        if (t.has("note_zh")) p.note_zh = t.text(row, "note_zh");
        p.source = t.text(row, "source");
        if (p.status != "fit" && p.status != "not comparable" && p.status != "no data")
            faults.push_back(t.fault(row, both("status = \"{}\" is none of fit, not comparable, no data", "status = \"{}\" 应为 fit、not comparable、no data 之一", p.status)));
        if (p.status != "no data") {
            p.value = number(row, "value", 0, 1e12);
            p.relative_error = number(row, "relative_error", 0, 10);
        }
        ReplicateTotals empty;
        empty.months = 1;
        if (!simulated(p, empty)) faults.push_back(t.fault(row, both("there is no statistic \"{}\" of \"{}\"", "没有 \"{}\" 这一统计指标（项目 \"{}\"）", p.statistic, p.programme)));
        list.push_back(std::move(p));
    }
    if (!faults.empty()) throw InputError(std::move(faults));
    return list;
}

}  // namespace doudi
