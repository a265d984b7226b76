#include "results/published.hpp"

#include <algorithm>
#include <functional>
#include <map>

namespace doudi {

std::string Published::name_zh() const {
    static const std::map<std::string, std::string, std::less<>> words{
        {"dibao", "低保"}, {"tekun", "特困"}, {"temporary", "临时救助"}, {"living_subsidy", "困难残疾人生活补贴"}, {"nursing_subsidy", "重度残疾人护理补贴"}, {"edge", "低保边缘家庭"}, {"rigid", "刚性支出困难家庭"},
        {"persons", "人数"}, {"households", "户数"}, {"category_households", "户数"}, {"person_times_month", "月均人次"}, {"yuan_per_head_month", "人均月支出（元）"}, {"yuan_per_time", "次均支出（元）"}};
    const auto word = [](const std::string& label) {
        const auto found = words.find(label);
        return found == words.end() ? label : found->second;
    };
    return (!residence ? "" : *residence == Residence::urban ? "城市" : "农村") + word(programme) + word(statistic);
}

std::optional<double> simulated(const Published& f, const ReplicateTotals& t) {
    const auto sum = [&](const ReplicateTotals::ByResidence& cube, Programme p) {
        std::int64_t total = 0;
        for (std::size_t r = 0; r < 2; ++r)
            if (!f.residence || at(*f.residence) == static_cast<int>(r)) total += cube[r][static_cast<std::size_t>(p)];
        return static_cast<double>(total);
    };
    const auto families = [&](Category c) {
        std::int64_t total = 0;
        for (std::size_t r = 0; r < 2; ++r)
            if (!f.residence || at(*f.residence) == static_cast<int>(r)) total += t.category_households[r][static_cast<std::size_t>(c)];
        return static_cast<double>(total) / t.months;
    };
    if (f.programme == "edge") return families(Category::edge);
    if (f.programme == "rigid") return families(Category::rigid);
    Programme heads, more;
    if (f.programme == "dibao") heads = Programme::dibao, more = Programme::supplement;
    else if (f.programme == "tekun") heads = Programme::tekun_basic, more = Programme::tekun_care;
    else if (f.programme == "temporary") heads = more = Programme::temporary;
    else if (f.programme == "living_subsidy") heads = more = Programme::living_subsidy;
    else if (f.programme == "nursing_subsidy") heads = more = Programme::nursing_subsidy;
    else return {};
    const double persons = sum(t.recipients, heads);
    if (f.statistic == "persons" || f.statistic == "person_times_month") return persons / t.months;
    if (f.statistic == "households") return sum(t.households, heads) / t.months;
    if (f.statistic != "yuan_per_head_month" && f.statistic != "yuan_per_time") return {};
    const double fen = sum(t.cost, heads) + (more == heads ? 0 : sum(t.cost, more));
    return fen / 100 / std::max(1.0, persons);
}

}  // namespace doudi
