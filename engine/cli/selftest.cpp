#include "cli/selftest.hpp"

#include "base/wording.hpp"
#include "random/math.hpp"
#include "random/philox.hpp"
#include "results/estimates.hpp"
#include "results/split.hpp"
#include "simulate/simulate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace doudi::cli {
namespace {

class Checks {
public:
    explicit Checks(bool chinese) : chinese_(chinese) {}
    void say(const Wording& what, bool holds) {
        const auto verdict = holds ? (chinese_ ? "通过  " : "ok  ") : (chinese_ ? "不通过" : "FAIL");
        fmt::print("{}  {}\n", verdict, what.in(chinese_));
        failed_ += !holds;
    }
    int code() const { return failed_ == 0 ? 0 : 1; }

private:
    bool chinese_;
    int failed_ = 0;
};

bool same(const Tally& a, const Tally& b) {
    return a.cost == b.cost && a.recipients == b.recipients && a.households == b.households && a.category_households == b.category_households && a.dibao_single == b.dibao_single;
}

/// Whether living and nursing of scenario 1 cost exactly `step` fen more a recipient-month than those of scenario 0, and
/// nothing else changed.
bool hand_check(const Tally& t, Fen step) {
    for (int r = 0; r < t.replicates; ++r)
        for (int x = 0; x < 2; ++x)
            for (int p = 0; p < t.programmes; ++p)
                for (int m = 0; m < t.months; ++m) {
                    const bool subsidy = p == at(Programme::living_subsidy) || p == at(Programme::nursing_subsidy);
                    const auto a = t.pay_index(0, r, x, p, m), b = t.pay_index(1, r, x, p, m);
                    if (t.cost[b] - t.cost[a] != (subsidy ? step * t.recipients[a] : 0)) return false;
                }
    return true;
}

/// Where take-up responds, the gap to recipient-months x step is the change of the recipient-months x the new amount.
bool gap_is_caseload(const Tally& t, Fen step, Fen amount, std::int64_t& moved) {
    for (int r = 0; r < t.replicates; ++r)
        for (int x = 0; x < 2; ++x)
            for (const Programme programme : {Programme::living_subsidy, Programme::nursing_subsidy})
                for (int m = 0; m < t.months; ++m) {
                    const auto a = t.pay_index(0, r, x, at(programme), m), b = t.pay_index(1, r, x, at(programme), m);
                    const std::int64_t more = t.recipients[b] - t.recipients[a];
                    if (t.cost[b] - t.cost[a] != step * t.recipients[a] + amount * more) return false;
                    moved += more;
                }
    return true;
}

/// What centre, province, prefecture and county pay adds up to every cost of the tally, under shares that do not divide it.
bool levels_add_up(const Tally& t) {
    for (const Fen cost : t.cost) {
        const auto part = split<4>(cost, {3333, 3333, 1, 3333});
        if (std::accumulate(part.begin(), part.end(), Fen{0}) != cost) return false;
    }
    return true;
}

/// Simulation-based calibration on a model whose answer is known: cost = exp(a theta + b z), theta what is not known, z what
/// happens. In each of 1,000 experiments 200 replicates are drawn, and one more, the truth.
struct Coverage {
    double mean = 0, quantile = 0, breach = 0;  ///< shares of the experiments in which the 95 % intervals hold the true figures
    double uniform = 0;                         ///< chi-square of the rank of the truth among the replicates, 20 classes
};
Coverage calibrate_intervals(std::uint64_t seed) {
    constexpr int experiments = 1000, replicates = 200, classes = 20;
    constexpr double a = 0.12, b = 0.05, scale = 6e11;
    const double sd = std::sqrt(a * a + b * b), true_mean = scale * portable_exp(sd * sd / 2), true_q95 = scale * portable_exp(sd * inverse_normal(0.95)), budget = scale * portable_exp(sd * inverse_normal(0.9));
    Coverage c;
    std::array<int, classes> ranks{};
    for (int e = 0; e < experiments; ++e) {
        std::vector<std::int64_t> cost;
        for (int r = 0; r <= replicates; ++r) {
            const Draws draws(seed, Purpose::calibration, static_cast<std::uint32_t>(r), static_cast<std::uint64_t>(e));
            cost.push_back(static_cast<std::int64_t>(scale * portable_exp(a * inverse_normal(unit(draws.bits(0))) + b * inverse_normal(unit(draws.bits(1))))));
        }
        const std::int64_t truth = cost.back();
        cost.pop_back();
        const auto below = std::count_if(cost.begin(), cost.end(), [&](std::int64_t v) { return v < truth; });
        ++ranks[static_cast<std::size_t>(below * classes / (replicates + 1))];
        const auto holds = [](const Interval& i, double v) { return i.low <= v && v <= i.high ? 1.0 / experiments : 0.0; };
        const Estimate estimated = estimate(cost);
        c.mean += holds(estimated.mean_interval, true_mean);
        c.quantile += holds(estimated.q95_interval, true_q95);
        c.breach += holds(risk(cost, budget, 0.95).breach_interval, 0.1);
    }
    for (const int n : ranks) c.uniform += std::pow(n - experiments / double{classes}, 2) / (experiments / double{classes});
    return c;
}

bool categories_add_up(const Tally& t) {
    for (int s = 0; s < t.scenarios; ++s)
        for (int r = 0; r < t.replicates; ++r)
            for (int x = 0; x < 2; ++x) {
                std::int64_t first = -1;
                for (int m = 0; m < t.months; ++m) {
                    std::int64_t sum = 0;
                    for (int c = 0; c < category_count; ++c) sum += t.category_households[t.category_index(s, r, x, c, m)];
                    if (first < 0) first = sum;
                    if (sum != first) return false;
                }
            }
    return true;
}

}  // namespace

int selftest(const std::filesystem::path& file, bool chinese) {
    Overrides o;
    o.chinese = chinese;
    o.replicates = 4;
    Plan plan = load_plan({file}, o);
    // The two smallest counties, so that it takes seconds.
    auto counties = plan.counties;
    std::sort(counties.begin(), counties.end(), [](const County& a, const County& b) { return a.population < b.population; });
    for (std::size_t i = 0; i < std::min<std::size_t>(2, counties.size()); ++i) o.counties.push_back(counties[i].code);
    const auto amounts = [&](const char* amount) {
        return std::vector<std::string>{std::string("living_subsidy.amount=\"") + amount + '"', std::string("nursing_subsidy.amount=\"") + amount + '"',
                                        "take_up.response_to_amount=0", "living_subsidy.take_up_factor=1", "nursing_subsidy.take_up_factor=1"};
    };
    Checks checks(chinese);
    checks.say(both("Philox gives the known answer of its authors", "Philox 给出其作者公布的已知结果"),
               philox({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}) == Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
    o.set_each = {amounts("80.00"), amounts("85.00"), amounts("80.00")};
    const Plan three = load_plan({file, file, file}, o);
    const SharedDraws shared = shared_draws(three);
    for (std::size_t c = 0; c < three.counties.size(); ++c) {
        fmt::print("{} {}\n", three.counties[c].code, three.counties[c].name_zh);
        const Tally t = simulate_county(three, shared, c, 1);
        checks.say(both("something is paid", "有补助发放"), std::accumulate(t.cost.begin(), t.cost.end(), Fen{0}) > 0);
        const auto block = static_cast<std::ptrdiff_t>(t.cost.size() / 3);
        checks.say(both("a null reform is zero in every cell", "不作任何改动的方案，每个单元的差额均为零"), std::equal(t.cost.begin(), t.cost.begin() + block, t.cost.begin() + 2 * block));
        checks.say(both("80 to 85 yuan is recipient-months x 5 yuan, to the fen, in every cell", "80 元提高到 85 元，每个单元的差额等于领取人月 × 5 元，精确到分"), hand_check(t, 500));
        checks.say(both("the categories add up to the same households in every month", "各类别户数每月合计相同"), categories_add_up(t));
        checks.say(both("what the levels pay adds up to every cost, to the fen", "各级负担之和等于每一项支出，精确到分"), levels_add_up(t));
        checks.say(both("1, 2 and 7 threads give the same tallies", "1、2、7 个线程结果相同"), same(t, simulate_county(three, shared, c, 2)) && same(t, simulate_county(three, shared, c, 7)));
        checks.say(both("walking from event to event gives the tallies of the plain monthly loop", "按事件推进与逐月循环结果相同"), same(t, simulate_county(three, shared, c, 0, nullptr, true)));
    }
    for (auto& settings : o.set_each) settings[2] = "take_up.response_to_amount=0.3";
    o.set_each.resize(2);
    const Plan responding = load_plan({file, file}, o);
    std::int64_t moved = 0;
    bool decomposed = true;
    const SharedDraws again = shared_draws(responding);
    for (std::size_t c = 0; c < responding.counties.size(); ++c) decomposed = gap_is_caseload(simulate_county(responding, again, c, 0), 500, 8500, moved) && decomposed;
    checks.say(both("where take-up responds (0.3), the gap to the hand check is {} more recipient-months x 85 yuan, to the fen, in every cell",
                    "申领率随标准变化（0.3）时，与手算之差等于多出的 {} 领取人月 × 85 元，每个单元精确到分", moved / responding.replicates), decomposed && moved > 0);
    // 1,000 experiments of 95 %: sd 0.7 %, four of them 2.8 %; order statistics and Clopper-Pearson may hold more. Chi-square of 19: 99.9 % under 43.8.
    const Coverage c = calibrate_intervals(20240101);
    checks.say(both("95 % Monte Carlo intervals hold the truth of a known model: mean {:.1f} %, 95 % quantile {:.1f} %, breach probability {:.1f} % of 1,000 times",
                    "95% 蒙特卡洛区间在已知模型中覆盖真值的比例（1,000 次试验）：均值 {:.1f}%，95% 分位数 {:.1f}%，超支概率 {:.1f}%", 100 * c.mean, 100 * c.quantile, 100 * c.breach),
               std::abs(c.mean - 0.95) < 0.028 && c.quantile > 0.922 && c.breach > 0.922);
    checks.say(both("the truth is any rank among the replicates (simulation-based calibration, chi-square {:.1f} of 19)", "真值在各次模拟中的名次均匀（基于模拟的校准检验，卡方 {:.1f}，自由度 19）", c.uniform), c.uniform < 43.8);
    const Wording verdict = checks.code() == 0 ? both("every check holds", "全部检验通过") : both("some checks fail: do not trust results of this build and scenario", "部分检验未通过：请勿采信本程序对该方案的结果");
    fmt::print("{}\n", verdict.in(chinese));
    return checks.code();
}

}  // namespace doudi::cli
