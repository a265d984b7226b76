#include "cli/calibrate.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/columns.hpp"
#include "cli/output.hpp"
#include "cli/progress.hpp"
#include "results/smoother.hpp"
#include "scenario/characters.hpp"
#include "scenario/joint.hpp"
#include "simulate/counties.hpp"
#include "simulate/fitted.hpp"
#include "simulate/shared.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace doudi::cli {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

/// Simulates every member with its own beliefs; one column of figures a member.
MatrixXd predict(const Plan& plan, SharedDraws& shared, const std::vector<FittedBelief>& free, const MatrixXd& z, int threads, Progress& progress, double& done) {
    const auto members = z.cols();
    for (Eigen::Index m = 0; m < members; ++m)
        for (std::size_t k = 0; k < free.size(); ++k)
            shared.parameter[static_cast<std::size_t>(m) * assumption_count + free[k].place] = free[k].from_normal(z(static_cast<Eigen::Index>(k), m));
    std::vector<ReplicateTotals> totals(static_cast<std::size_t>(members));
    for (ReplicateTotals& t : totals) t.months = plan.months;
    each_county(plan, shared, threads, [&](std::size_t c) { progress.at(done, plan.counties[c].name_zh); }, [&](std::size_t c, const Tally& tally) {
        for (int m = 0; m < tally.replicates; ++m)
            for (std::size_t r = 0; r < 2; ++r)
                for (int month = 0; month < plan.months; ++month) {
                    ReplicateTotals& t = totals[static_cast<std::size_t>(m)];
                    for (std::size_t p = 0; p < programme_count; ++p) {
                        const auto cell = tally.pay_index(0, m, static_cast<int>(r), static_cast<int>(p), month);
                        t.cost[r][p] += tally.cost[cell];
                        t.recipients[r][p] += tally.recipients[cell];
                        t.households[r][p] += tally.households[cell];
                    }
                    for (std::size_t k = 0; k < category_count; ++k)
                        t.category_households[r][k] += tally.category_households[tally.category_index(0, m, static_cast<int>(r), static_cast<int>(k), month)];
                }
        done += static_cast<double>(plan.counties[c].households);
    });
    MatrixXd figures(static_cast<Eigen::Index>(plan.published.size()), members);
    for (std::size_t f = 0; f < plan.published.size(); ++f)
        for (Eigen::Index m = 0; m < members; ++m) figures(static_cast<Eigen::Index>(f), m) = *simulated(plan.published[f], totals[static_cast<std::size_t>(m)]);
    return figures;
}

/// Which combinations of beliefs the data tell: directions by the share of the prior's variance that is left.
void print_directions(const std::vector<FittedBelief>& free, const MatrixXd& before, const MatrixXd& after, bool chinese) {
    if (before.cols() <= before.rows()) {  // then some directions have no spread at all, whatever the data
        fmt::print("\n{}\n", both("Directions that the data tell: not to be seen from {} members for {} beliefs (--members)", "数据信息充分的方向：{} 个成员不足以判断（共 {} 项假设），请增大 --members", before.cols(), before.rows()).in(chinese));
        return;
    }
    MatrixXd prior = covariance(before);
    const VectorXd sd = prior.diagonal().cwiseSqrt();
    prior.diagonal() *= 1 + 1e-9;
    const Eigen::GeneralizedSelfAdjointEigenSolver<MatrixXd> solver(covariance(after), prior);
    if (solver.info() != Eigen::Success) return;
    const auto told = (solver.eigenvalues().array() < 0.5).count();
    fmt::print("\n{}\n", both("Directions in which the data leave less than half of the prior's variance: {} of {}", "数据使方差降到先验一半以下的方向：{} 个（共 {} 个）", told, free.size()).in(chinese));
    for (Eigen::Index k = 0; k < told; ++k) {
        const VectorXd weight = solver.eigenvectors().col(k).cwiseProduct(sd);  // in sds of the prior
        std::vector<Eigen::Index> order(free.size());
        for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<Eigen::Index>(i);
        std::sort(order.begin(), order.end(), [&](Eigen::Index a, Eigen::Index b) { return std::abs(weight[a]) > std::abs(weight[b]); });
        const double length = std::copysign(weight.norm(), weight[order.front()]);  // a direction has no sign: the largest weight is positive
        std::string text;
        for (std::size_t i = 0; i < std::min<std::size_t>(4, order.size()); ++i)
            text += fmt::format("{}{:+.2f} {}", i == 0 ? "" : "  ", weight[order[i]] / length, assumption_table[free[static_cast<std::size_t>(order[i])].place].name);
        fmt::print("{}\n", both("  {:3.0f} % left: {}", "  剩余 {:3.0f}%：{}", 100 * solver.eigenvalues()[k], text).in(chinese));
    }
}

std::string scenario_text(const CalibrateOptions& o, const Plan& plan, const std::vector<FittedBelief>& free, const MatrixXd& z, const std::string& months) {
    namespace fs = std::filesystem;
    const fs::path folder = fs::absolute(o.output).parent_path();
    std::string text = fmt::format("# Written by `doudi calibrate`: posterior means and sds of each belief, for readers; [posterior] below is what is drawn.\nname = {0}\ntitle = {1}\nbase = {2}\nwhy = \"Fitted to published caseloads and payments of {3}\"\nwhy_zh = \"按 {3} 公布的人数与支出拟合\"\n\n[assumptions]\n",
                                   in_quotes(plan.scenarios[0].name + "-calibrated"), in_quotes(plan.scenarios[0].title + "（校准）"), in_quotes(fs::relative(fs::absolute(o.scenario), folder).generic_string()), months);
    for (std::size_t k = 0; k < free.size(); ++k) {
        const Moments m = moments(free[k], z.row(static_cast<Eigen::Index>(k)));
        const char* kind = free[k].prior.kind == Prior::Kind::lognormal ? "lognormal" : free[k].prior.kind == Prior::Kind::normal ? "normal" : "beta";
        const std::string mean = plain(free[k].prior.mean, 5), sd = plain(free[k].prior.sd, 3);
        text += fmt::format("{} = {{ prior = \"{}\", mean = {:.5g}, sd = {:.3g}, evidence = \"{}\", why = \"fitted to published caseloads and payments of {}; before: mean {}, sd {}\", why_zh = \"按 {} 公布的人数与支出拟合；拟合前均值 {}，标准差 {}\" }}\n",
                            assumption_table[free[k].place].name, kind, m.mean, std::max(m.sd, 1e-9), free[k].prior.recalled() ? "calibrated from recalled, unverified" : "calibrated", months, mean, sd, months, mean, sd);
    }
    return text + joint_text(joint_belief(free, z));
}

/// Published figures by what they are for: places among those of the plan.
struct Use {
    std::vector<std::size_t> fit, held_out;
    std::string months;  ///< of those fitted to, for readers
};

Use use_of(const Plan& plan, const CalibrateOptions& o) {
    Use use;
    for (std::size_t i = 0; i < plan.published.size(); ++i)
        if (plan.published[i].status == "fit") (plan.published[i].month == o.hold_out ? use.held_out : use.fit).push_back(i);
    if (use.fit.empty()) throw InputError(o.scenario.string(), both("the scenario names no published figures to fit (data.targets), or all are held out", "方案未指定用于拟合的公布数（data.targets），或全部留作检验"));
    if (!o.hold_out.empty() && use.held_out.empty()) throw InputError("--hold-out", both("no published figure is of the month {}", "没有 {} 的公布数", o.hold_out));
    for (const std::size_t i : use.fit)
        if (use.months.find(plan.published[i].month) == std::string::npos) use.months += (use.months.empty() ? "" : ", ") + plan.published[i].month;
    return use;
}

/// Caseloads drift for reasons outside the model: a figure counts for less the older it is.
void age_figures(Plan& plan, const CalibrateOptions& o) {
    for (Published& f : plan.published) {
        int year = 0, month = 0;
        if (std::sscanf(f.month.c_str(), "%4d-%2d", &year, &month) != 2) throw InputError(o.scenario.string(), both("the published figure {} has no month \"YYYY-MM\"", "公布数 {} 没有 \"YYYY-MM\" 形式的月份", f.name()));
        const double years = std::abs(plan.start - Month::of(year, month)) / 12.0;
        f.relative_error = std::hypot(f.relative_error, o.drift * years);
    }
}

/// The ensemble before and after, on the normal scales ([belief, member]), and what its members say ([figure, member]).
struct Fit {
    std::vector<FittedBelief> beliefs;
    MatrixXd before, after, figures_before, figures_after;
    double seconds;
};

Fit fit(const Plan& plan, const std::vector<std::size_t>& used, const CalibrateOptions& o) {
    Fit f{.beliefs = fitted_beliefs(plan), .before = {}, .after = {}, .figures_before = {}, .figures_after = {}, .seconds = 0};
    SharedDraws shared = shared_draws(plan);
    f.before.resize(static_cast<Eigen::Index>(f.beliefs.size()), o.members);
    for (int m = 0; m < o.members; ++m)
        for (std::size_t k = 0; k < f.beliefs.size(); ++k)
            f.before(static_cast<Eigen::Index>(k), m) = f.beliefs[k].to_normal(shared.parameter[static_cast<std::size_t>(m) * assumption_count + f.beliefs[k].place]);
    std::vector<Observation> observations;
    for (const std::size_t i : used) observations.push_back({plan.published[i].value, plan.published[i].relative_error});
    double households = 0, done = 0;
    for (const County& c : plan.counties) households += static_cast<double>(c.households);
    Progress progress((o.steps + 1) * households, o.progress);
    f.after = f.before;
    for (int step = 0; step <= o.steps; ++step) {
        f.figures_after = predict(plan, shared, f.beliefs, f.after, o.threads, progress, done);
        if (step == 0) f.figures_before = f.figures_after;
        if (step < o.steps) assimilate(f.after, f.figures_after(used, Eigen::all), observations, o.steps, step, plan.seed);
    }
    progress.end();
    f.seconds = progress.seconds();
    return f;
}

std::string word(const char* en, const char* zh, bool chinese) { return chinese ? zh : en; }

void print_figures(const Plan& plan, const Fit& fit, const std::vector<std::size_t>& which, bool chinese) {
    const auto word = [&](const char* en, const char* zh) { return cli::word(en, zh, chinese); };
    std::vector<std::vector<std::string>> rows{{word("figure", "指标"), word("month", "月份"), word("published", "公布值"), word("before", "拟合前"), word("after", "拟合后"), word("5 – 95 %", "5%–95%"), word("ratio", "比值"), ""}};
    for (const std::size_t i : which) {
        const Published& f = plan.published[i];
        const auto row = static_cast<Eigen::Index>(i);
        const double q05 = quantile(fit.figures_after.row(row), 0.05), q95 = quantile(fit.figures_after.row(row), 0.95), median = quantile(fit.figures_after.row(row), 0.5);
        const bool fits = f.value >= q05 * (1 - 1.645 * f.relative_error) && f.value <= q95 * (1 + 1.645 * f.relative_error);
        rows.push_back({chinese ? f.name_zh() : f.name(), f.month, grouped(f.value), grouped(quantile(fit.figures_before.row(row), 0.5)), grouped(median),
                        grouped(q05) + " – " + grouped(q95), fmt::format("{:.2f}", median / f.value), fits ? word("fits", "相符") : word("off", "不符")});
    }
    fmt::print("{}\n", table_text(rows));
}

void print_score(const Plan& plan, const Fit& fit, const std::vector<std::size_t>& held_out, bool chinese) {
    double score = 0;
    int covered = 0;
    for (const std::size_t i : held_out) {
        const auto row = fit.figures_after.row(static_cast<Eigen::Index>(i));
        score += crps(row, plan.published[i].value) / static_cast<double>(held_out.size());
        covered += quantile(row, 0.05) <= plan.published[i].value && plan.published[i].value <= quantile(row, 0.95);
    }
    fmt::print("{}\n", both("CRPS, mean share of the figure: {:.3f}; inside the 90 % interval: {} of {}\n", "CRPS（占该指标的平均比例）：{:.3f}；落入 90% 区间：{} 项（共 {} 项）\n", score, covered, held_out.size()).in(chinese));
}

void print_beliefs(const Fit& fit, bool chinese) {
    const auto word = [&](const char* en, const char* zh) { return cli::word(en, zh, chinese); };
    std::vector<std::vector<std::string>> rows{{word("belief", "假设"), word("before", "拟合前"), word("after", "拟合后"), word("sd after / before", "标准差（后/前）"), ""}};
    for (std::size_t k = 0; k < fit.beliefs.size(); ++k) {
        const auto row = static_cast<Eigen::Index>(k);
        const Moments a = moments(fit.beliefs[k], fit.before.row(row)), b = moments(fit.beliefs[k], fit.after.row(row));
        const double ratio = a.sd > 0 ? b.sd / a.sd : 1;
        rows.push_back({std::string(assumption_table[fit.beliefs[k].place].name), fmt::format("{:.4g} ± {:.2g}", a.mean, a.sd), fmt::format("{:.4g} ± {:.2g}", b.mean, b.sd),
                        fmt::format("{:.2f}", ratio), ratio > 0.9 ? word("the data say little", "数据几乎未提供信息") : ratio < 0.5 ? word("well told", "数据信息充分") : ""});
    }
    fmt::print("{}\n", table_text(rows));
}

void print_confounded(const Fit& fit, bool chinese) {
    const auto say = [&](const Wording& words) { fmt::print("{}\n", words.in(chinese)); };
    say(both("Beliefs that the data cannot tell apart (correlation of the posterior beyond 0.5):", "数据无法区分的假设（后验相关超过 0.5）："));
    const MatrixXd spread = covariance(fit.after);
    bool any = false;
    for (Eigen::Index i = 0; i < spread.rows(); ++i)
        for (Eigen::Index j = i + 1; j < spread.rows(); ++j) {
            const double r = spread(i, j) / std::sqrt(spread(i, i) * spread(j, j));
            if (std::abs(r) <= 0.5) continue;
            say(both("  {} and {}: {:.2f}", "  {} 与 {}：{:.2f}", assumption_table[fit.beliefs[static_cast<std::size_t>(i)].place].name, assumption_table[fit.beliefs[static_cast<std::size_t>(j)].place].name, r));
            any = true;
        }
    if (!any) say(both("  none", "  无"));
}

}  // namespace

int calibrate(const CalibrateOptions& o) {
    std::vector<Fault> faults;
    if (!o.force) collect(faults, [&] { check_free(o.output, true); });
    const bool members = o.members >= 20 && o.members <= 10000;
    if (!members) faults.push_back({"--members", both("{} is outside 20 to 10,000", "{} 超出允许范围（20 至 10,000）", o.members)});
    if (o.steps < 1 || o.steps > 20) faults.push_back({"--steps", both("{} is outside 1 to 20", "{} 超出允许范围（1 至 20）", o.steps)});
    Overrides overrides = o.overrides;
    if (members) overrides.replicates = o.members;
    Plan plan;
    Use use;
    const bool loaded = collect(faults, [&] { plan = load_plan({o.scenario}, overrides); });
    if (loaded) {
        collect(faults, [&] { check_place(o.output, plan, "scenarios/calibrated.toml"); });
        collect(faults, [&] {
            age_figures(plan, o);
            use = use_of(plan, o);
        });
    }
    if (!faults.empty()) throw InputError(std::move(faults));
    const Fit fitted = fit(plan, use.fit, o);

    const auto say = [&](const Wording& words) { fmt::print("{}\n", words.in(o.chinese)); };
    say(both("Fitted to published caseloads and payments of {}, {} figures, {} members, {} steps, drift {} a year, {:.0f} s\n",
             "按 {} 公布的人数与支出拟合：{} 项数字，集合 {} 个成员，{} 步，每年漂移 {}，用时 {:.0f} 秒\n", use.months, use.fit.size(), o.members, o.steps, o.drift, fitted.seconds));
    print_figures(plan, fitted, use.fit, o.chinese);
    if (!use.held_out.empty()) {
        say(both("Held out: {}", "留出检验：{}", o.hold_out));
        print_figures(plan, fitted, use.held_out, o.chinese);
        print_score(plan, fitted, use.held_out, o.chinese);
    }
    print_beliefs(fitted, o.chinese);
    print_confounded(fitted, o.chinese);
    print_directions(fitted.beliefs, fitted.before, fitted.after, o.chinese);

    write_whole(o.output, [&](std::ostream& out) { out << scenario_text(o, plan, fitted.beliefs, fitted.after, use.months); });
    say(both("\nwritten: {}", "\n已写入：{}", o.output.string()));
    return 0;
}

}  // namespace doudi::cli
