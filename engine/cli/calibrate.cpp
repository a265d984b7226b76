#include "cli/calibrate.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/columns.hpp"
#include "cli/progress.hpp"
#include "random/math.hpp"
#include "random/philox.hpp"
#include "scenario/joint.hpp"
#include "simulate/counties.hpp"
#include "simulate/shared.hpp"

#include <Eigen/Dense>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>

namespace doudi::cli {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

/// A belief that is fitted: its place, and the scale on which it is nearly normal.
struct Free {
    std::size_t place;
    Prior prior;
    double low, high;

    double to_normal(double x) const {
        if (prior.kind == Prior::Kind::lognormal) return std::log(x);
        if (prior.kind == Prior::Kind::normal) return x;
        const double share = std::clamp((x - low) / (high - low), 1e-9, 1 - 1e-9);
        return std::log(share / (1 - share));
    }
    double from_normal(double z) const {
        if (prior.kind == Prior::Kind::lognormal) return std::clamp(std::exp(z), low, high);
        if (prior.kind == Prior::Kind::normal) return std::clamp(z, low, high);
        return low + (high - low) / (1 + std::exp(-z));
    }
};

std::vector<Free> free_beliefs(const Plan& plan) {
    std::vector<Free> list;
    for (std::size_t i = 0; i < assumption_count; ++i) {
        const Prior& p = plan.assumptions[i];
        if (p.kind == Prior::Kind::fixed) continue;
        if (plan.months <= 12 && assumption_table[i].name.starts_with("growth.")) continue;  // without effect in the first year
        const bool uniform = p.kind == Prior::Kind::uniform, beta = p.kind == Prior::Kind::beta;
        list.push_back({i, p, uniform ? p.low : beta ? 0.0 : assumption_table[i].low, uniform ? p.high : beta ? 1.0 : assumption_table[i].high});
    }
    return list;
}

/// Simulates every member with its own beliefs; one column of figures a member.
MatrixXd predict(const Plan& plan, SharedDraws& shared, const std::vector<Free>& free, const MatrixXd& z, int threads, Progress& progress, double& done) {
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

double quantile_of(const Eigen::RowVectorXd& row, double p) {
    std::vector<double> v(row.data(), row.data() + row.size());
    std::sort(v.begin(), v.end());
    const double at = p * static_cast<double>(v.size() - 1);
    const auto low = static_cast<std::size_t>(at);
    return v[low] + (at - static_cast<double>(low)) * (v[std::min(low + 1, v.size() - 1)] - v[low]);
}

/// Continuous ranked probability score of an ensemble for one outcome, as a share of the outcome: 0 is perfect.
double crps(const Eigen::RowVectorXd& row, double outcome) {
    const double n = static_cast<double>(row.size());
    double spread = 0;
    for (Eigen::Index i = 0; i < row.size(); ++i) spread += (row.array() - row[i]).abs().sum();
    return ((row.array() - outcome).abs().mean() - spread / (2 * n * n)) / outcome;
}

/// One step: moves every member towards the figures by the ensemble's own covariances, each seeing figures blurred
/// by their error times sqrt(steps), so that all steps together use the data once.
void assimilate(MatrixXd& z, const MatrixXd& y, const std::vector<Published>& figures, const std::vector<std::size_t>& used, int steps, int step, std::uint64_t seed) {
    const auto members = z.cols();
    const auto n = static_cast<Eigen::Index>(used.size());
    MatrixXd logs(n, members);
    VectorXd data(n), error(n);
    for (Eigen::Index i = 0; i < n; ++i) {
        const Published& f = figures[used[static_cast<std::size_t>(i)]];
        logs.row(i) = y.row(static_cast<Eigen::Index>(used[static_cast<std::size_t>(i)])).array().max(1e-6).log();
        data[i] = std::log(f.value);
        error[i] = f.relative_error;
    }
    const MatrixXd dz = z.colwise() - z.rowwise().mean().eval(), dy = logs.colwise() - logs.rowwise().mean().eval();
    const double scale = static_cast<double>(members - 1);
    const MatrixXd cross = dz * dy.transpose() / scale;
    MatrixXd own = dy * dy.transpose() / scale;
    own.diagonal() += steps * error.cwiseAbs2();
    MatrixXd innovation(n, members);
    for (Eigen::Index m = 0; m < members; ++m)
        for (Eigen::Index i = 0; i < n; ++i) {
            const Draws luck(seed, Purpose::calibration, static_cast<std::uint32_t>(m), static_cast<std::uint64_t>(step));
            innovation(i, m) = data[i] + std::sqrt(steps) * error[i] * inverse_normal(unit(luck.bits(static_cast<std::uint32_t>(i)))) - logs(i, m);
        }
    z += cross * own.ldlt().solve(innovation);
}

struct Moments { double mean, sd; };
Moments moments_of(const Free& f, const Eigen::RowVectorXd& z) {
    Eigen::ArrayXd x(z.size());
    for (Eigen::Index m = 0; m < z.size(); ++m) x[m] = f.from_normal(z[m]);
    return {x.mean(), std::sqrt((x - x.mean()).square().sum() / static_cast<double>(x.size() - 1))};
}

/// The ensemble as one normal distribution on the fitted scale: mean and Cholesky factor of its covariance.
JointBelief joint_of(const std::vector<Free>& free, const MatrixXd& z) {
    const MatrixXd dz = z.colwise() - z.rowwise().mean().eval();
    MatrixXd covariance = dz * dz.transpose() / static_cast<double>(z.cols() - 1);
    covariance.diagonal().array() += 1e-12;
    const MatrixXd factor = covariance.llt().matrixL();
    JointBelief joint;
    for (std::size_t k = 0; k < free.size(); ++k) {
        const Free& f = free[k];
        const auto row = static_cast<Eigen::Index>(k);
        JointBelief::Row& to = joint.rows.emplace_back();
        to.place = f.place;
        to.scale = f.prior.kind == Prior::Kind::lognormal ? JointBelief::Scale::log : f.prior.kind == Prior::Kind::normal ? JointBelief::Scale::none : JointBelief::Scale::logit;
        to.low = f.low;
        to.high = f.high;
        to.mean = z.row(row).mean();
        for (Eigen::Index j = 0; j <= row; ++j) to.factor.push_back(factor(row, j));
    }
    return joint;
}

/// Which combinations of beliefs the data tell: directions by the share of the prior's variance that is left.
void print_directions(const std::vector<Free>& free, const MatrixXd& before, const MatrixXd& after, bool chinese) {
    const auto covariance = [](const MatrixXd& z) {
        const MatrixXd d = z.colwise() - z.rowwise().mean().eval();
        return MatrixXd(d * d.transpose() / static_cast<double>(z.cols() - 1));
    };
    MatrixXd prior = covariance(before);
    const VectorXd sd = prior.diagonal().cwiseSqrt();
    prior.diagonal() *= 1 + 1e-9;
    const Eigen::GeneralizedSelfAdjointEigenSolver<MatrixXd> solver(covariance(after), prior);
    if (solver.info() != Eigen::Success) return;  // fewer members than beliefs: no directions to speak of
    const auto told = (solver.eigenvalues().array() < 0.5).count();
    fmt::print("\n{}\n", both("Directions in which the data leave less than half of the prior's variance: {} of {}", "数据使方差降到先验一半以下的方向：{} 个（共 {} 个）", told, free.size()).in(chinese));
    for (Eigen::Index k = 0; k < told; ++k) {
        const VectorXd weight = solver.eigenvectors().col(k).cwiseProduct(sd);  // in sds of the prior
        std::vector<Eigen::Index> order(free.size());
        for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<Eigen::Index>(i);
        std::sort(order.begin(), order.end(), [&](Eigen::Index a, Eigen::Index b) { return std::abs(weight[a]) > std::abs(weight[b]); });
        std::string text;
        for (std::size_t i = 0; i < std::min<std::size_t>(4, order.size()); ++i)
            text += fmt::format("{}{:+.2f} {}", i == 0 ? "" : "  ", weight[order[i]] / weight.norm(), assumption_table[free[static_cast<std::size_t>(order[i])].place].name);
        fmt::print("{}\n", both("  {:3.0f} % left: {}", "  剩余 {:3.0f}%：{}", 100 * solver.eigenvalues()[k], text).in(chinese));
    }
}

std::string scenario_text(const CalibrateOptions& o, const Plan& plan, const std::vector<Free>& free, const MatrixXd& z, const std::string& months) {
    namespace fs = std::filesystem;
    const fs::path folder = fs::absolute(o.output).parent_path();
    std::string text = fmt::format("# Written by `doudi calibrate`: posterior means and sds of each belief, for readers; [posterior] below is what is drawn.\nname = \"{0}-calibrated\"\ntitle = \"{1}（校准）\"\nbase = \"{2}\"\nwhy = \"Fitted to published caseloads and payments of {3}\"\nwhy_zh = \"按 {3} 公布的人数与支出拟合\"\n\n[assumptions]\n",
                                   plan.scenarios[0].name, plan.scenarios[0].title, fs::relative(fs::absolute(o.scenario), folder).generic_string(), months);
    for (std::size_t k = 0; k < free.size(); ++k) {
        const Moments m = moments_of(free[k], z.row(static_cast<Eigen::Index>(k)));
        const char* kind = free[k].prior.kind == Prior::Kind::lognormal ? "lognormal" : free[k].prior.kind == Prior::Kind::normal ? "normal" : "beta";
        const std::string mean = plain(free[k].prior.mean, 5), sd = plain(free[k].prior.sd, 3);
        text += fmt::format("{} = {{ prior = \"{}\", mean = {:.5g}, sd = {:.3g}, evidence = \"{}\", why = \"fitted to published caseloads and payments of {}; before: mean {}, sd {}\", why_zh = \"按 {} 公布的人数与支出拟合；拟合前均值 {}，标准差 {}\" }}\n",
                            assumption_table[free[k].place].name, kind, m.mean, std::max(m.sd, 1e-9), free[k].prior.recalled() ? "calibrated from recalled, unverified" : "calibrated", months, mean, sd, months, mean, sd);
    }
    return text + joint_text(joint_of(free, z));
}

}  // namespace

int calibrate(const CalibrateOptions& o) {
    namespace fs = std::filesystem;
    if (fs::exists(o.output) && !o.force) throw InputError("-o", both("{} exists; choose another name, or --force to replace it", "{} 已存在；请另选文件名，或加 --force 覆盖", o.output.string()));
    if (o.members < 20 || o.members > 10000) throw InputError("--members", both("{} is outside 20 to 10,000", "{} 超出允许范围（20 至 10,000）", o.members));
    if (o.steps < 1 || o.steps > 20) throw InputError("--steps", both("{} is outside 1 to 20", "{} 超出允许范围（1 至 20）", o.steps));
    Overrides overrides = o.overrides;
    overrides.replicates = o.members;
    Plan plan = load_plan({o.scenario}, overrides);
    for (Published& f : plan.published) {
        // Caseloads drift for reasons outside the model: a figure counts for less the older it is.
        int year = 0, month = 0;
        if (std::sscanf(f.month.c_str(), "%4d-%2d", &year, &month) != 2) throw InputError(o.scenario.string(), both("the published figure {} has no month \"YYYY-MM\"", "公布数 {} 没有 \"YYYY-MM\" 形式的月份", f.name()));
        const double years = std::abs(plan.start - Month::of(year, month)) / 12.0;
        f.relative_error = std::hypot(f.relative_error, o.drift * years);
    }
    std::vector<std::size_t> used, held;
    for (std::size_t i = 0; i < plan.published.size(); ++i)
        if (plan.published[i].status == "fit") (plan.published[i].month == o.hold_out ? held : used).push_back(i);
    if (used.empty()) throw InputError(o.scenario.string(), both("the scenario names no published figures to fit (data.targets), or all are held out", "方案未指定用于拟合的公布数（data.targets），或全部留作检验"));
    if (!o.hold_out.empty() && held.empty()) throw InputError("--hold-out", both("no published figure is of the month {}", "没有 {} 的公布数", o.hold_out));
    std::string months;
    for (const std::size_t i : used)
        if (months.find(plan.published[i].month) == std::string::npos) months += (months.empty() ? "" : ", ") + plan.published[i].month;

    const auto free = free_beliefs(plan);
    SharedDraws shared = shared_draws(plan);
    MatrixXd z(static_cast<Eigen::Index>(free.size()), o.members);
    for (int m = 0; m < o.members; ++m)
        for (std::size_t k = 0; k < free.size(); ++k)
            z(static_cast<Eigen::Index>(k), m) = free[k].to_normal(shared.parameter[static_cast<std::size_t>(m) * assumption_count + free[k].place]);
    const MatrixXd before = z;
    double households = 0, done = 0;
    for (const County& c : plan.counties) households += static_cast<double>(c.households);
    Progress progress((o.steps + 1) * households, o.progress);
    MatrixXd prior_figures, figures;
    for (int step = 0; step <= o.steps; ++step) {
        figures = predict(plan, shared, free, z, o.threads, progress, done);
        if (step == 0) prior_figures = figures;
        if (step < o.steps) assimilate(z, figures, plan.published, used, o.steps, step, plan.seed);
    }
    progress.end();

    const auto say = [&](const Wording& words) { fmt::print("{}\n", words.in(o.chinese)); };
    const auto word = [&](const char* en, const char* zh) { return std::string(o.chinese ? zh : en); };
    say(both("Fitted to published caseloads and payments of {}, {} figures, {} members, {} steps, drift {} a year, {:.0f} s\n",
             "按 {} 公布的人数与支出拟合：{} 项数字，集合 {} 个成员，{} 步，每年漂移 {}，用时 {:.0f} 秒\n", months, used.size(), o.members, o.steps, o.drift, progress.seconds()));
    const auto table = [&](const std::vector<std::size_t>& which) {
        std::vector<std::vector<std::string>> rows{{word("figure", "指标"), word("month", "月份"), word("published", "公布值"), word("before", "拟合前"), word("after", "拟合后"), "5 – 95 %", word("ratio", "比值"), ""}};
        for (const std::size_t i : which) {
            const Published& f = plan.published[i];
            const auto row = static_cast<Eigen::Index>(i);
            const double q05 = quantile_of(figures.row(row), 0.05), q95 = quantile_of(figures.row(row), 0.95), median = quantile_of(figures.row(row), 0.5);
            const bool fits = f.value >= q05 * (1 - 1.645 * f.relative_error) && f.value <= q95 * (1 + 1.645 * f.relative_error);
            rows.push_back({o.chinese ? f.name_zh() : f.name(), f.month, grouped(f.value), grouped(quantile_of(prior_figures.row(row), 0.5)), grouped(median),
                            grouped(q05) + " – " + grouped(q95), fmt::format("{:.2f}", median / f.value), fits ? word("fits", "相符") : word("off", "偏离")});
        }
        fmt::print("{}\n", table_text(rows));
    };
    table(used);
    if (!held.empty()) {
        say(both("Held out: {}", "留出检验：{}", o.hold_out));
        table(held);
        double score = 0;
        int covered = 0;
        for (const std::size_t i : held) {
            const auto row = figures.row(static_cast<Eigen::Index>(i));
            score += crps(row, plan.published[i].value) / static_cast<double>(held.size());
            covered += quantile_of(row, 0.05) <= plan.published[i].value && plan.published[i].value <= quantile_of(row, 0.95);
        }
        say(both("CRPS, mean share of the figure: {:.3f}; inside the 90 % interval: {} of {}\n", "CRPS（占该指标的平均比例）：{:.3f}；落入 90% 区间：{} 项（共 {} 项）\n", score, covered, held.size()));
    }

    std::vector<std::vector<std::string>> rows{{word("belief", "假设"), word("before", "拟合前"), word("after", "拟合后"), word("sd after / before", "标准差（后/前）"), ""}};
    for (std::size_t k = 0; k < free.size(); ++k) {
        const Moments a = moments_of(free[k], before.row(static_cast<Eigen::Index>(k))), b = moments_of(free[k], z.row(static_cast<Eigen::Index>(k)));
        const double ratio = a.sd > 0 ? b.sd / a.sd : 1;
        rows.push_back({std::string(assumption_table[free[k].place].name), fmt::format("{:.4g} ± {:.2g}", a.mean, a.sd), fmt::format("{:.4g} ± {:.2g}", b.mean, b.sd),
                        fmt::format("{:.2f}", ratio), ratio > 0.9 ? word("the data say little", "数据几乎未提供信息") : ratio < 0.5 ? word("well told", "数据信息充分") : ""});
    }
    fmt::print("{}\n", table_text(rows));
    say(both("Beliefs that the data cannot tell apart (correlation of the posterior beyond 0.5):", "数据无法区分的假设（后验相关超过 0.5）："));
    const MatrixXd dz = z.colwise() - z.rowwise().mean().eval();
    bool any = false;
    for (Eigen::Index i = 0; i < dz.rows(); ++i)
        for (Eigen::Index j = i + 1; j < dz.rows(); ++j) {
            const double r = dz.row(i).dot(dz.row(j)) / (dz.row(i).norm() * dz.row(j).norm());
            if (std::abs(r) > 0.5) {
                say(both("  {} and {}: {:.2f}", "  {} 与 {}：{:.2f}", assumption_table[free[static_cast<std::size_t>(i)].place].name, assumption_table[free[static_cast<std::size_t>(j)].place].name, r));
                any = true;
            }
        }
    if (!any) say(both("  none", "  无"));
    print_directions(free, before, z, o.chinese);

    const std::string beside = o.output.string() + ".new";
    std::ofstream out(beside, std::ios::binary);
    out << scenario_text(o, plan, free, z, months);
    out.close();
    if (!out) throw SystemError(both("{}: cannot write", "{}：无法写入", o.output.string()));
    fs::rename(beside, o.output);
    say(both("\nwritten: {}", "\n已写入：{}", o.output.string()));
    return 0;
}

}  // namespace doudi::cli
