#include "cli/batches.hpp"

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/series.hpp"
#include "results/adjustment.hpp"
#include "simulate/plan_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace doudi::cli {
namespace {

std::vector<std::string> programmes_of(const Plan& plan) {
    std::vector<std::string> labels(programme_labels.begin(), programme_labels.end());
    for (const rules::Module m : plan.modules_on) labels.emplace_back(rules::module_table[static_cast<std::size_t>(m)].name);
    return labels;
}

/// (paired?, programme or `all`) of "total", "difference", "dibao", "difference.dibao".
std::pair<bool, std::size_t> quantity_of(const Precision& p, const Plan& plan) {
    const bool paired = p.quantity == "difference" || p.quantity.starts_with("difference.");
    const std::string rest = p.quantity == "difference" || p.quantity == "total" ? "" : paired ? p.quantity.substr(11) : p.quantity;
    if (paired && plan.scenarios.size() < 2) throw InputError("--until", both("{} needs a reform: use compare", "{} 需要有对比方案：请用 compare", p.quantity));
    if (rest.empty()) return {paired, all};
    const auto programmes = programmes_of(plan);
    if (const auto found = std::find(programmes.begin(), programmes.end(), rest); found != programmes.end()) return {paired, static_cast<std::size_t>(found - programmes.begin())};
    std::vector<std::string> known{"total", "difference"};
    known.insert(known.end(), programmes.begin(), programmes.end());
    throw InputError("--until", both("there is no \"{}\"{}; write {}, or difference.PROGRAMME", "没有 \"{0}\"{1}；可用的有：{2}，以及 difference.项目名", p.quantity, nearest(p.quantity, known), Wording{fmt::format("{}", fmt::join(known, ", ")), fmt::format("{}", fmt::join(known, "、"))}));
}

using Costs = std::vector<std::vector<std::vector<Fen>>>;  // [scenario][programme][replicate]

struct Look {
    bool reached = true;
    double ratio = 0;  ///< of the precision that is worst off
    Wording told;
};

/// How far the replicates are from each precision. `adjustment`: by what they drew, if that is known.
Look look_at(const Costs& cost, const std::vector<Precision>& wanted, const Plan& plan, const Adjustment* adjustment) {
    Look look;
    for (const Precision& p : wanted) {
        const auto [paired, programme] = quantity_of(p, plan);
        for (std::size_t s = paired ? 1 : 0; s < cost.size(); ++s) {
            std::vector<Fen> values(cost[0][0].size(), 0);
            for (std::size_t k = 0; k < cost[s].size(); ++k)
                for (std::size_t r = 0; r < values.size(); ++r)
                    if (programme == all || programme == k) values[r] += cost[s][k][r] - (paired ? cost[0][k][r] : 0);
            const Precision::Reached r = p.reached(values, adjustment);
            look.reached = look.reached && r.yes();
            look.ratio = std::max(look.ratio, r.ratio());
            const Wording error = std::isfinite(r.half_width) ? both("± {} of {} yuan, wanted {}", "± {} 元，估计值 {} 元，要求 ± {} 元", grouped(r.half_width / 100), grouped(r.value / 100), grouped(r.wanted / 100))
                                                              : both("{} yuan, too few replicates to tell its error, wanted ± {}", "估计值 {} 元，模拟次数过少，误差无从得知，要求 ± {} 元", grouped(r.value / 100), grouped(r.wanted / 100));
            const Wording which = p.adjusted ? Wording{"adjusted ", "校正后的 "} : Wording{"", ""};
            look.told = both("{}; {}{}.{} of {}: {}", "{}；{}{}.{}（{}）：{}", look.told, which, p.quantity, p.statistic, plan.scenarios[s].name, error);
        }
    }
    return look;
}

}  // namespace

bool precise_enough(const std::vector<Precision>& wanted, const Plan& plan, const ResultTotals& result) {
    const auto replicates = static_cast<std::size_t>(result.replicates);
    Costs cost(result.scenarios.size(), std::vector<std::vector<Fen>>(result.programmes.size(), std::vector<Fen>(replicates, 0)));
    for (std::size_t s = 0; s < cost.size(); ++s)
        for (std::size_t r = 0; r < replicates; ++r)
            for (std::size_t county = 0; county < result.county_codes.size(); ++county)
                for (std::size_t x = 0; x < residence_count; ++x)
                    for (std::size_t p = 0; p < result.programmes.size(); ++p) cost[s][p][r] += result.cost[result.place(s, r, county, x, p)];
    std::optional<Adjustment> adjustment;
    if (!result.law_parameter.empty()) adjustment.emplace(result.drawn());
    return look_at(cost, wanted, plan, adjustment ? &*adjustment : nullptr).reached;
}

void check_precisions(const std::vector<Precision>& wanted, const Plan& plan) {
    std::vector<Fault> faults;
    for (const Precision& p : wanted) collect(faults, [&] { quantity_of(p, plan); });
    if (!faults.empty()) throw InputError(std::move(faults));
}

Batches::Batches(const Plan& plan, std::vector<Precision> wanted, int most, std::filesystem::path output, std::string digest, bool resume, bool chinese)
    : plan_(plan), wanted_(std::move(wanted)), most_(most), output_(std::move(output)), digest_(std::move(digest)), resume_(resume), chinese_(chinese) {
    cost_.assign(plan.scenarios.size(), std::vector<std::vector<Fen>>(static_cast<std::size_t>(plan.programmes())));
}

int Batches::run(int threads, const std::atomic<bool>& stop, const std::function<void(int)>& allow, Progress& progress) {
    for (int from = 0, to = std::min(next_look(0, 0), most_), next = 0;; from = to, to = next) {
        allow(to);
        Plan part = plan_;
        part.replicates = to;
        journals_.push_back(std::make_unique<Journal>(output_.string() + fmt::format(".{}.part", to), sha256(digest_ + plan_text(part) + "from " + std::to_string(from)), resume_));
        ends_.push_back(to);
        SharedDraws all_draws = shared_draws(part, threads);
        if (std::any_of(wanted_.begin(), wanted_.end(), [](const Precision& p) { return p.adjusted; })) all_draws.law = law_of(part, threads);
        const SharedDraws draws = some_of(all_draws, replicates_from(from, to));
        part.replicates = to - from;
        for (auto& scenario : cost_)
            for (auto& programme : scenario) programme.resize(static_cast<std::size_t>(to), 0);
        double done = 0;
        for (std::size_t c = 0; c < part.counties.size(); ++c) {
            Tally tally(static_cast<int>(part.scenarios.size()), part.replicates, part.months, part.programmes());
            if (!journals_.back()->find(part.counties[c].code, tally)) {
                progress.at(done, fmt::format(fmt::runtime(chinese_ ? "模拟 {} 次，{}" : "{} replicates, {}"), to, part.counties[c].name_zh));
                tally = simulate_county(part, draws, c, threads, &stop);
                if (stop) return 0;
                simulated_ += static_cast<double>(part.counties[c].households) * part.replicates;
                journals_.back()->append(part.counties[c].code, tally);
            }
            done += static_cast<double>(part.counties[c].households);
            for (int s = 0; s < tally.scenarios; ++s)
                for (int p = 0; p < tally.programmes; ++p)
                    for (int r = 0; r < tally.replicates; ++r)
                        for (int x = 0; x < residence_count; ++x)
                            for (int m = 0; m < tally.months; ++m)
                                cost_[static_cast<std::size_t>(s)][static_cast<std::size_t>(p)][static_cast<std::size_t>(from + r)] += tally.cost[tally.pay_index(s, r, x, p, m)];
        }
        progress.end();
        std::optional<Adjustment> adjustment;
        if (!all_draws.law.parameter.empty()) adjustment.emplace(drawn_of(all_draws));
        Look now = look_at(cost_, wanted_, plan_, adjustment ? &*adjustment : nullptr);
        next = std::min(next_look(to, now.ratio), most_);
        if (!now.reached && to < most_) now.told = both("{}; on to {}", "{}；继续模拟至 {} 次", now.told, next);
        fmt::print(stderr, "{}\n", both("{} replicates{}", "模拟 {} 次{}", to, now.told).in(chinese_));
        if (now.reached) return to;
        if (to >= most_) {
            fmt::print(stderr, fmt::runtime(chinese_ ? "注意：模拟 {} 次（允许的最多次数）仍未达到要求的精度；可用 --replicates N 放宽\n" : "note: the precision is not reached at {} replicates, the most that is allowed; --replicates N allows more\n"), to);
            return to;
        }
    }
}

Tally Batches::county(std::size_t place) const {
    Tally whole(static_cast<int>(plan_.scenarios.size()), ends_.back(), plan_.months, plan_.programmes());
    for (std::size_t b = 0; b < ends_.size(); ++b) {
        const int from = b == 0 ? 0 : ends_[b - 1];
        Tally part(whole.scenarios, ends_[b] - from, whole.months, whole.programmes);
        if (!journals_[b]->find(plan_.counties[place].code, part)) throw SystemError(both("{}: a finished county is missing in the journal of its batch", "{}：某一已完成的县在其批次的记录中缺失", output_.string()));
        whole.place(part, replicates_from(from, ends_[b]));
    }
    return whole;
}

void Batches::remove() {
    for (auto& journal : journals_) journal->remove();
}

}  // namespace doudi::cli
