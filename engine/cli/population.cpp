#include "cli/population.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/columns.hpp"
#include "cli/output.hpp"
#include "population/layout.hpp"
#include "simulate/cell.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <map>

namespace doudi::cli {
namespace {

namespace fs = std::filesystem;

std::string margin_zh(const std::string& margin) {
    static const std::map<std::string, std::string> words{
        {"households", "家庭户"}, {"members of households", "家庭户人口"}, {"one-person households", "一人户"}, {"households with one of 65+", "有一名 65 岁及以上老人的户"},
        {"households with two of 65+", "有两名 65 岁及以上老人的户"}, {"households with three of 65+", "有三名 65 岁及以上老人的户"}, {"children of 0-14", "0–14 岁儿童"}, {"aged 60-64", "60–64 岁"}, {"aged 80+", "80 岁及以上"}};
    const auto found = words.find(margin);
    return found == words.end() ? margin : found->second;
}

void write_table(std::ostream& out, const std::vector<MarginFit>& fits) {
    out << "county,residence,margin,wanted,before_the_fit,after_the_fit,difference\n";
    for (const MarginFit& f : fits)
        out << fmt::format("{},{},{},{},{:.1f},{},{}\n", f.county, residence_labels[static_cast<std::size_t>(f.residence)], f.margin, f.wanted, f.seed, f.fitted, f.fitted - f.wanted);
}

void write_kinds(std::ostream& out, const Plan& plan) {
    out << "county,residence,size,aged_65plus,children_0_14,seed,families\n";
    for (const County& c : plan.counties) {
        const CountyMargins margins = margins_of(c);
        for (const Residence residence : {Residence::urban, Residence::rural}) {
            const SeedTable& seed = plan.seeds[static_cast<std::size_t>(residence)];
            std::map<std::size_t, std::int64_t> counts;
            for (const FamilyType& t : layout_of(margins.cell[at(residence)], seed).types) counts[FamilyKind{t.size, t.aged, t.children}.place()] = t.count;
            for (int size = 1; size <= FamilyKind::largest; ++size)
                for (int aged = 0; aged <= FamilyKind::most_aged; ++aged)
                    for (int children = 0; children <= FamilyKind::most_children; ++children)
                        if (const FamilyKind kind{size, aged, children}; kind.possible())
                            out << fmt::format("{},{},{},{},{},{:.8g},{}\n", c.code, residence_labels[static_cast<std::size_t>(residence)], size, aged, children, seed[kind], counts[kind.place()]);
        }
    }
}

/// One row a person. Amounts are yuan a month as the person or family has them where it has them (the columns `works`,
/// `draws_pension`, `has_farm`, `has_support`, decided at the mean beliefs), before the family's factor.
struct PeopleCount { std::int64_t families = 0, people = 0; };
PeopleCount write_people(std::ostream& out, const Plan& plan) {
    PeopleCount count;
    out << "household,county,residence,collective,size,member,age,female,works,wage,draws_pension,pension,has_farm,farm,has_support,support,income_score,weight\n";
    const auto mean = [&](Assumption a) { return plan.assumptions[static_cast<std::size_t>(a)].mean; };
    const auto yuan = [](std::int32_t fen) { return yuan_text(fen); };
    for (const County& c : plan.counties)
        for (const Residence residence : {Residence::urban, Residence::rural}) {
            const bool urban = residence == Residence::urban;
            const double work = mean(urban ? Assumption::employed_urban : Assumption::employed_rural),
                         pension = mean(urban ? Assumption::pension_urban : Assumption::pension_rural),
                         support = mean(urban ? Assumption::support_urban : Assumption::support_rural);
            const GeneratedCell cell = generate_cell(plan, c, residence, 0);
            const double weight = cell.sampled == 0 ? 1.0 : static_cast<double>(cell.units) / static_cast<double>(cell.sampled);
            for (const Cell& block : cell.blocks)
                for (const Family& f : block.families) {
                    ++count.families;
                    for (int i = 0; i < f.size; ++i, ++count.people) {
                        const Person& p = block.people[f.first + static_cast<std::uint32_t>(i)];
                        out << fmt::format("{}-{}-{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{:.5f},{:.6g}\n", c.code, residence_labels[static_cast<std::size_t>(residence)],
                                           f.id & 0x7fffffffu, c.code, residence_labels[static_cast<std::size_t>(residence)], int{f.collective}, int{f.size}, i, p.age_months / 12,
                                           int{p.female}, int{p.work_score < work}, yuan(p.earnings), int{p.pension_score < pension}, yuan(p.pension),
                                           int{f.farm_score < mean(Assumption::farm_rural)}, yuan(f.farm), int{f.support_score < support}, yuan(f.support + f.uncounted), f.income_score, weight);
                    }
                }
        }
    return count;
}

}  // namespace

int population(const PopulationOptions& o) {
    std::vector<Fault> faults;
    Plan plan;
    const bool loaded = collect(faults, [&] { plan = load_plan({o.scenario}, o.overrides); });
    for (const fs::path* output : {&o.table, &o.kinds, &o.people}) {
        if (output->empty()) continue;
        if (loaded) collect(faults, [&] { check_place(*output, plan, "out/people.csv"); });
        if (!o.force) collect(faults, [&] { check_free(*output, true); });
    }
    if (!faults.empty()) throw InputError(std::move(faults));
    const auto start = std::chrono::steady_clock::now();
    std::vector<MarginFit> fits;
    for (const County& c : plan.counties) {
        const auto of_county = fits_of(c, plan.seeds);
        fits.insert(fits.end(), of_county.begin(), of_county.end());
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    // Worst first: by what is left after the fit, then by what the fit had to move.
    const auto moved = [](const MarginFit& f) { return std::abs(f.seed - static_cast<double>(f.wanted)); };
    std::stable_sort(fits.begin(), fits.end(), [&](const MarginFit& a, const MarginFit& b) {
        return a.error() != b.error() ? a.error() > b.error() : moved(a) > moved(b);
    });
    std::map<int, std::string> names;
    for (const County& c : plan.counties) names[c.code] = o.chinese ? c.name_zh : c.name_en;
    std::vector<std::vector<std::string>> rows;
    if (o.chinese) rows.push_back({"县", "", "居住地", "边际", "统计值", "拟合前", "拟合后", "差"});
    else rows.push_back({"county", "", "residence", "margin", "wanted", "before", "after", "off"});
    const auto sum = [&](auto get) { double s = 0; for (const MarginFit& f : fits) s += static_cast<double>(get(f)); return s; };
    for (std::size_t i = 0; i < std::min(fits.size(), static_cast<std::size_t>(o.lines)); ++i) {
        const MarginFit& f = fits[i];
        rows.push_back({std::to_string(f.county), names[f.county], o.chinese ? (f.residence == Residence::urban ? "城镇" : "农村") : std::string(residence_labels[static_cast<std::size_t>(f.residence)]), o.chinese ? margin_zh(f.margin) : f.margin,
                        grouped(static_cast<double>(f.wanted)), grouped(f.seed), grouped(static_cast<double>(f.fitted)), std::to_string(f.fitted - f.wanted)});
    }
    const auto over = std::count_if(fits.begin(), fits.end(), [](const MarginFit& f) { return f.error() > 1; });
    fmt::print(fmt::runtime(o.chinese ? "{} 个边际，拟合用时 {:.2f} 秒；差超过 1 的有 {} 个；绝对差合计：拟合前 {}，拟合后 {}\n\n{}"
                                      : "{} margins, fitted in {:.2f} s; off by more than 1: {}; sum of absolute differences: before {}, after {}\n\n{}"),
               fits.size(), seconds, over, grouped(sum([&](const MarginFit& f) { return moved(f); })), grouped(sum([](const MarginFit& f) { return f.error(); })), table_text(rows));
    for (const std::string& note : plan.notes) fmt::print("{}{}\n", o.chinese ? "注意：" : "note: ", note);
    if (!o.table.empty()) write_whole(o.table, [&](std::ostream& out) { write_table(out, fits); });
    if (!o.kinds.empty()) write_whole(o.kinds, [&](std::ostream& out) { write_kinds(out, plan); });
    if (!o.people.empty()) {
        PeopleCount count;
        write_whole(o.people, [&](std::ostream& out) { count = write_people(out, plan); });
        fmt::print(fmt::runtime(o.chinese ? "\n已写入 {}：{} 户（单位），{} 人\n" : "\nwritten: {}, {} families and collective residents, {} people\n"), o.people.string(),
                   grouped(static_cast<double>(count.families)), grouped(static_cast<double>(count.people)));
    }
    return 0;
}

}  // namespace doudi::cli
