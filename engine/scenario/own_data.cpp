#include "scenario/own_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

namespace doudi {
namespace {

constexpr double default_part = 0.01;
constexpr std::size_t fewest_households = 30;  ///< of a residence: under that a sample says nothing of its kinds

template <class Labels>
std::vector<std::string> words(const Labels& labels) {
    return {labels.begin(), labels.end()};
}

struct Sampled {
    std::size_t row = 0;
    double weight = 0;
    bool in[residence_count]{};
    int size = 0, aged = 0, children = 0;
};

double number(const Table& t, std::size_t row, const char* column, std::vector<Fault>& faults) {
    const std::string& cell = t.text(row, column);
    double value = 0;
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    if (error != std::errc() || end != cell.data() + cell.size() || !(value > 0 && value < 1e9)) {
        faults.push_back(t.fault(row, both("{} = \"{}\" is not a number over 0", "{} = \"{}\" 不是大于 0 的数值", column, cell)));
        return 0;
    }
    return value;
}

}  // namespace

void read_margins(const Source& source, std::vector<County>& counties, std::vector<Fault>& faults) {
    const Table t(source, {"code", "residence", "margin", "count", "source"});
    std::vector<std::string> codes;
    for (const County& c : counties) codes.push_back(std::to_string(c.code));
    std::map<std::string, std::size_t> seen;
    for (std::size_t row = 0; row < t.rows(); ++row) {
        const std::string &code = t.text(row, "code"), &residence = t.text(row, "residence"), &margin = t.text(row, "margin");
        const auto county = std::find(codes.begin(), codes.end(), code);
        const auto label = std::find(own_margin_labels.begin(), own_margin_labels.end(), margin);
        const auto where = std::find(residence_labels.begin(), residence_labels.end(), residence);
        const std::int64_t count = t.count(row, "count", faults);
        if (county == codes.end()) faults.push_back(t.fault(row, both("no county of the county table has the code \"{}\"{}", "县级数据表中没有代码 \"{}\"{}", code, nearest(code, codes))));
        if (label == own_margin_labels.end()) faults.push_back(t.fault(row, both("there is no margin \"{}\"{}", "没有名为 \"{}\" 的边际{}", margin, nearest(margin, words(own_margin_labels)))));
        if (where == residence_labels.end()) faults.push_back(t.fault(row, both("residence = \"{}\" is neither urban nor rural", "residence = \"{}\" 应为 urban 或 rural", residence)));
        if (t.text(row, "source").empty()) faults.push_back(t.fault(row, both("the figure has no source; name the table it is from", "该数字未注明来源；请写明出自哪张表")));
        if (county == codes.end() || label == own_margin_labels.end() || where == residence_labels.end()) continue;
        const auto [first, fresh] = seen.emplace(code + residence + margin, t.line(row));
        if (!fresh) faults.push_back(t.fault(row, both("{} {} {} stands twice, first in line {}", "{} {} {} 重复出现，首次在第 {} 行", code, residence, margin, first->second)));
        County& c = counties[static_cast<std::size_t>(county - codes.begin())];
        const std::int64_t people = where == residence_labels.begin() ? c.urban_population : c.rural_population;
        if (count > people) faults.push_back(t.fault(row, both("{0} {1} = {2} is over the {3} {1} people of {4}", "{0} {1} = {2} 超过{4}该类人口 {3} 人", margin, residence, count, people, c.name_zh)));
        c.own[static_cast<std::size_t>(label - own_margin_labels.begin())][static_cast<std::size_t>(where - residence_labels.begin())] = count;
    }
}

Seeds read_survey(const Source& households, const Source& members, std::vector<Fault>& faults, std::vector<std::string>& notes, bool chinese) {
    const Table h(households, {"household", "weight", "residence"}), m(members, {"household", "age"});
    std::map<std::string, Sampled> sample;
    const std::size_t faults_before = faults.size();
    for (std::size_t row = 0; row < h.rows(); ++row) {
        Sampled s;
        s.row = row;
        s.weight = number(h, row, "weight", faults);
        const std::string& residence = h.text(row, "residence");
        s.in[0] = residence == "urban" || residence == "all";
        s.in[1] = residence == "rural" || residence == "all";
        if (!s.in[0] && !s.in[1]) faults.push_back(h.fault(row, both("residence = \"{}\" is none of urban, rural, all", "residence = \"{}\" 应为 urban、rural、all 之一", residence)));
        const auto [first, fresh] = sample.emplace(h.text(row, "household"), s);
        if (!fresh) faults.push_back(h.fault(row, both("the household \"{}\" stands twice, first in line {}", "家庭 \"{}\" 重复出现，首次在第 {} 行", first->first, h.line(first->second.row))));
    }
    for (std::size_t row = 0; row < m.rows(); ++row) {
        const std::int64_t age = m.count(row, "age", faults);
        if (age > 120) faults.push_back(m.fault(row, both("age = {} is outside 0 to 120 years", "age = {} 超出 0 至 120 岁", age)));
        const auto found = sample.find(m.text(row, "household"));
        if (found == sample.end()) {
            faults.push_back(m.fault(row, both("the household \"{}\" is not in {}", "家庭 \"{}\" 不在 {} 中", m.text(row, "household"), households.name)));
            continue;
        }
        ++found->second.size;
        found->second.aged += age >= 65;
        found->second.children += age < 15;
    }
    Seeds seeds;
    std::size_t used[residence_count]{}, without_adult = 0;
    for (const auto& [name, s] : sample) {
        if (s.size == 0) faults.push_back(h.fault(s.row, both("the household \"{}\" has no member in {}", "家庭 \"{}\" 在 {} 中没有成员", name, members.name)));
        FamilyKind kind{std::min(s.size, FamilyKind::largest), std::min(s.aged, FamilyKind::most_aged), std::min(s.children, FamilyKind::most_children)};
        if (!kind.possible()) {  // children alone, or more than fit after the cut: no kind of ours
            without_adult += s.size > 0;
            continue;
        }
        for (std::size_t r = 0; r < residence_count; ++r)
            if (s.in[r]) {
                seeds[r][kind] += s.weight;
                ++used[r];
            }
    }
    const bool whole_rows = faults.size() == faults_before;
    for (std::size_t r = 0; r < residence_count; ++r)
        if (used[r] < fewest_households && whole_rows)
            faults.push_back({households.name, both("{} {} households can be used; at least {} are needed (residence = all counts for both)", "可用的家庭（{1}）只有 {0} 户，至少需要 {2} 户（residence = all 者城乡均计入）", used[r], residence_wording(r), fewest_households)});
    double whole = 0;
    for (const double w : default_seed().weight) whole += w;
    for (SeedTable& seed : seeds) {
        double sum = 0;
        for (const double w : seed.weight) sum += w;
        for (std::size_t i = 0; i < family_kinds; ++i)
            seed.weight[i] = (1 - default_part) * (sum > 0 ? seed.weight[i] / sum : 0.0) + default_part * default_seed().weight[i] / whole;
    }
    notes.push_back(fmt::format(fmt::runtime(chinese ? "家庭按调查 {} 拟合：城镇 {} 户，农村 {} 户{}" : "families are fitted from the survey {}: {} urban and {} rural households{}"), households.name, used[0], used[1],
                                without_adult > 0 ? fmt::format(fmt::runtime(chinese ? "；{} 户只有儿童或人口过多，未采用" : "; {} households of children alone, or too large, left out"), without_adult) : ""));
    return seeds;
}

}  // namespace doudi
