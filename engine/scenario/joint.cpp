#include "scenario/joint.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace doudi {
namespace {

constexpr std::array<std::string_view, 3> scale_labels{"none", "log", "logit"};

std::vector<double> numbers(const toml::node* node) {
    std::vector<double> list;
    if (const toml::array* a = node ? node->as_array() : nullptr)
        for (const toml::node& item : *a) list.push_back(item.value_or(0.0));
    return list;
}

std::vector<std::string> strings(const toml::node* node) {
    std::vector<std::string> list;
    if (const toml::array* a = node ? node->as_array() : nullptr)
        for (const toml::node& item : *a) list.push_back(item.value_or(std::string()));
    return list;
}

}  // namespace

JointBelief read_joint(const Source& source, const toml::table& t, std::vector<Fault>& faults) {
    JointBelief joint;
    const auto fail = [&](const Wording& what) { faults.push_back(fault_at(source, t.source(), both("[posterior]: {}", "[posterior]：{}", what))); };
    const auto names = strings(t.get("names")), scales = strings(t.get("scale"));
    const auto low = numbers(t.get("low")), high = numbers(t.get("high")), mean = numbers(t.get("mean"));
    const toml::array* factor = t.get_as<toml::array>("factor");
    if (names.empty() || !factor || scales.size() != names.size() || low.size() != names.size() || high.size() != names.size() ||
        mean.size() != names.size() || factor->size() != names.size()) {
        fail(both("names, scale, low, high, mean and factor must be lists of one length; write the file with `doudi calibrate`", "names、scale、low、high、mean、factor 应为长度相同的列表；请用 `doudi calibrate` 生成该文件"));
        return {};
    }
    std::vector<std::string> known;
    for (const AssumptionInfo& a : assumption_table) known.emplace_back(a.name);
    for (std::size_t i = 0; i < names.size(); ++i) {
        JointBelief::Row row;
        const auto place = std::find(known.begin(), known.end(), names[i]);
        const auto scale = std::find(scale_labels.begin(), scale_labels.end(), scales[i]);
        if (place == known.end()) fail(both("there is no assumption \"{}\"{}", "没有名为 \"{}\" 的假设{}", names[i], nearest(names[i], known)));
        if (std::count(names.begin(), names.end(), names[i]) > 1) fail(both("\"{}\" stands twice", "\"{}\" 重复出现", names[i]));
        if (scale == scale_labels.end()) fail(both("scale = \"{}\" is none of none, log, logit", "scale = \"{}\" 应为 none、log、logit 之一", scales[i]));
        row.place = static_cast<std::size_t>(place - known.begin());
        row.scale = static_cast<JointBelief::Scale>(scale - scale_labels.begin());
        row.low = low[i];
        row.high = high[i];
        row.mean = mean[i];
        row.factor = numbers(factor->get(i));
        if (row.factor.size() != i + 1) fail(both("row {} of factor has {} numbers, not {}: it is a lower triangle", "factor 第 {} 行有 {} 个数，应为 {} 个：该矩阵为下三角", i + 1, row.factor.size(), i + 1));
        joint.rows.push_back(std::move(row));
    }
    return joint;
}

std::string joint_text(const JointBelief& joint) {
    const auto list = [&](const char* key, auto text) {
        std::string line = std::string(key) + " = [";
        for (std::size_t i = 0; i < joint.rows.size(); ++i) line += (i == 0 ? "" : ", ") + text(joint.rows[i]);
        return line + "]\n";
    };
    std::string text = "\n# The posterior as one distribution: mean + factor * (independent standard normal draws), on a scale where each belief\n"
                       "# is nearly normal. A belief that a scenario sets for itself leaves it.\n[posterior]\n";
    text += list("names", [](const auto& r) { return '"' + std::string(assumption_table[r.place].name) + '"'; });
    text += list("scale", [](const auto& r) { return '"' + std::string(scale_labels[static_cast<std::size_t>(r.scale)]) + '"'; });
    text += list("low", [](const auto& r) { return fmt::format("{:.6g}", r.low); });
    text += list("high", [](const auto& r) { return fmt::format("{:.6g}", r.high); });
    text += list("mean", [](const auto& r) { return fmt::format("{:.6g}", r.mean); });
    text += "factor = [\n";
    for (const auto& r : joint.rows) {
        text += "  [";
        for (std::size_t j = 0; j < r.factor.size(); ++j) text += (j == 0 ? "" : ", ") + fmt::format("{:.4g}", r.factor[j]);
        text += "],\n";
    }
    return text + "]\n";
}

}  // namespace doudi
