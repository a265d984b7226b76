#include "cli/figures.hpp"

#include "cli/validation.hpp"
#include "scenario/table.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <optional>
#include <sstream>

namespace doudi::cli {
namespace {

constexpr std::size_t living = at(Programme::living_subsidy), nursing = at(Programme::nursing_subsidy);

void published_from(const ResultTotals& t, const Source& source, std::vector<Figures::Published>& list) {
    const Table table(source, {"key", "value", "year"});
    const auto value = [&](const std::string& key, const std::string& year) {
        for (std::size_t row = 0; row < table.rows(); ++row)
            if (table.text(row, "key") == key && table.text(row, "year") == year) return std::strtod(table.text(row, "value").c_str(), nullptr);
        return 0.0;
    };
    const auto replicates = replicate_totals(t);
    const auto simulated = [&](const char* programme, std::optional<Residence> residence, const char* statistic) {
        doudi::Published figure;
        figure.programme = programme;
        figure.residence = residence;
        figure.statistic = statistic;
        return middle(simulated_values(figure, replicates));
    };
    const Residence urban = Residence::urban, rural = Residence::rural;
    const char *persons = "persons", *yuan = "yuan/month";
    const std::string y = "2023-11";
    list.push_back({"dibao, urban, persons", "城市低保人数", value("jl.dibao.urban.persons", y), simulated("dibao", urban, "persons"), persons});
    list.push_back({"dibao, rural, persons", "农村低保人数", value("jl.dibao.rural.persons", y), simulated("dibao", rural, "persons"), persons});
    list.push_back({"dibao with extra payment, urban, a head", "城市低保人均补助（含增发）", value("jl.dibao.urban.benefit_per_head", y), simulated("dibao", urban, "yuan_per_head_month"), yuan});
    list.push_back({"dibao with extra payment, rural, a head", "农村低保人均补助（含增发）", value("jl.dibao.rural.benefit_per_head", y), simulated("dibao", rural, "yuan_per_head_month"), yuan});
    list.push_back({"tekun, urban, persons", "城市特困人数", value("jl.tekun.urban.persons", y), simulated("tekun", urban, "persons"), persons});
    list.push_back({"tekun, rural, persons", "农村特困人数", value("jl.tekun.rural.persons", y), simulated("tekun", rural, "persons"), persons});
    list.push_back({"tekun, urban, a head", "城市特困人均救助", value("jl.tekun.urban.benefit_per_head", y), simulated("tekun", urban, "yuan_per_head_month"), yuan});
    list.push_back({"tekun, rural, a head", "农村特困人均救助", value("jl.tekun.rural.benefit_per_head", y), simulated("tekun", rural, "yuan_per_head_month"), yuan});
    list.push_back({"temporary assistance, person-times a month", "临时救助每月人次", value("jl.linshi.person_times_ytd", "1 to 2023-11") / 11, simulated("temporary", {}, "person_times_month"), "persons"});
    list.push_back({"temporary assistance, a time", "临时救助次均", value("jl.linshi.avg_per_time", "1 to 2023-11"), simulated("temporary", {}, "yuan_per_time"), "yuan"});
}

}  // namespace

Grade Figures::graded(std::size_t county) const {
    const Estimate e = estimate(series(t_.cost, 0, all, county));
    const double persons = estimate(series(t_.recipients, 0, all, county)).mean / static_cast<double>(t_.months.size());
    return grade(relative_error(e), persons * t_.sample_share, t_.sample_share);
}

double Figures::sampling_error(std::size_t s, std::size_t programme, bool change) const {
    return t_.sample.error([&](std::size_t g, std::size_t c) {
        Fen sum = 0;
        for (std::size_t p = 0; p < programmes(); ++p)
            if (programme == all || programme == p) sum += t_.sample.at(g, c, s, p) - (change ? t_.sample.at(g, c, 0, p) : 0);
        return static_cast<double>(sum);
    });
}

Figures::HandCheck Figures::hand_check(std::size_t s) const {
    HandCheck check;
    const auto living_heads = series(t_.recipients, 0, living), nursing_heads = series(t_.recipients, 0, nursing);
    const auto living_after = series(t_.recipients, s, living), nursing_after = series(t_.recipients, s, nursing);
    const auto living_change = difference(s, living), nursing_change = difference(s, nursing);
    for (std::size_t r = 0; r < replicates(); ++r) {
        const Fen expected = living_heads[r] * (t_.living_amount[s] - t_.living_amount[0]) + nursing_heads[r] * (t_.nursing_amount[s] - t_.nursing_amount[0]);
        check.expected += static_cast<double>(expected);
        check.difference += static_cast<double>(living_change[r] + nursing_change[r]);
        check.caseload += static_cast<double>((living_after[r] - living_heads[r]) * t_.living_amount[s] + (nursing_after[r] - nursing_heads[r]) * t_.nursing_amount[s]);
        check.person_months += static_cast<double>(living_heads[r] + nursing_heads[r]);
        check.exact += expected == living_change[r] + nursing_change[r];
    }
    return check;
}

std::vector<std::size_t> Figures::counties_by_change(std::size_t s) const {
    std::vector<double> change;
    for (std::size_t c = 0; c < counties(); ++c) change.push_back(std::abs(estimate(difference(s, all, c)).median));
    std::vector<std::size_t> order(counties());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return change[a] > change[b]; });
    return order;
}

std::vector<Figures::Published> Figures::published() const {
    std::vector<Published> list;
    for (std::size_t i = 0; i < t_.source_names.size(); ++i)
        if (t_.source_names[i].ends_with("indicators.csv")) published_from(t_, {t_.file + ": " + t_.source_names[i], t_.source_texts[i]}, list);
    if (!whole_province(t_)) list.clear();  // read all the same: a damaged table is a fault of the file
    return list;
}

std::vector<std::string> Figures::set_for_this_run() const {
    std::vector<std::string> list;
    std::stringstream lines(t_.settings);
    for (std::string line; std::getline(lines, line);)
        if (!line.empty()) list.push_back(line);
    return list;
}

}  // namespace doudi::cli
