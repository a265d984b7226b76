#include "cli/commands.hpp"

#include "base/text.hpp"
#include "cli/assess.hpp"
#include "cli/check.hpp"
#include "cli/columns.hpp"
#include "cli/desk.hpp"
#include "cli/explain.hpp"
#include "cli/help.hpp"
#include "cli/selftest.hpp"
#include "cli/summary.hpp"
#include "cli/validation.hpp"
#include "cli/verify.hpp"
#include "rules/parameters.hpp"
#include "version_info.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <iostream>

namespace doudi::cli {
namespace {

std::atomic<bool> stop{false};

void on_signal(int) { stop = true; }

/// From here on a run that is interrupted leaves what it has.
const std::atomic<bool>& heed_signals() {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) std::signal(signal, on_signal);
    return stop;
}

Program this_program() { return {DOUDI_VERSION, DOUDI_GIT_HASH, DOUDI_BUILD, DOUDI_GIT_DIRTY}; }

/// What a parameter may be: its words, or its least and its most.
std::string range_of(const rules::ParameterInfo& p) {
    using Kind = rules::ParameterInfo::Kind;
    switch (p.kind) {
        case Kind::flag: return "true, false";
        case Kind::choice: return fmt::format("{}", fmt::join(p.choices, ", "));
        case Kind::yuan: return yuan_text(p.low) + " – " + yuan_text(p.high);
        case Kind::number:
        case Kind::list: break;
    }
    return fmt::format("{} – {}", p.low, p.high);
}

int print_parameters(bool chinese) {
    const rules::Policy policy;
    std::vector<std::vector<std::string>> rows{chinese ? std::vector<std::string>{"参数", "默认值", "允许范围", "假设", "含义"} : std::vector<std::string>{"parameter", "default", "range", "assumption", "meaning"}};
    for (const rules::ParameterInfo& p : rules::parameter_table()) rows.push_back({p.name, rules::parameter_text(policy, p.name), range_of(p), p.assumption, p.meaning.in(chinese)});
    fmt::print("{}", list_text(rows));
    return 0;
}

/// Options of `run` and `compare`.
void add_run_options(Options takes, RunOptions& o) {
    takes.add("-o,--output", o.output, "FILE", {"results file (HDF5)", "结果文件（HDF5）"}).required();
    takes.replicates(o.overrides);
    takes.add("--until", o.until, "GOAL",
              {"stop at a precision, such as \"total.q95 within 0.5%\"; --replicates is then the most", "达到精度即停，如 \"total.q95 within 0.5%\"；此时 --replicates 为上限"});
    takes.seed(o.overrides);
    takes.threads(o.threads);
    takes.counties(o.overrides);
    takes.sample_share(o.overrides, {"share of households, over 0 and up to 1, weighted up: a quick look with error bars; by default the scenario's", "抽样比例，大于 0、不超过 1，加权还原：附误差的快速预览；默认取方案中的值"});
    takes.months(o.overrides);
    takes.choice("--parameter-draws", {"random", "stratified"}, [&o](const std::string& how) { o.overrides.set.push_back("run.parameter_draws=" + how); }, "HOW",
                 {"random, or stratified: each belief's prior covered evenly, for sharper means from few replicates; by default the scenario's, or random", "random（随机）或 stratified（分层：均匀覆盖每个假设的先验，模拟次数少时均值更准）；默认取方案中的值，未写则 random"});
    takes.set(o.overrides, {"a setting, as in a scenario file, for this run only; several", "按方案文件的写法改一项设定，仅用于本次运行；可写多项"});
    takes.allow_outside(o.overrides);
    takes.flag("--resume", o.resume, {"take up an interrupted run of the same output", "继续同一输出文件的中断运行"});
    takes.force(o.force, {"replace an existing results file when the run is done", "运行完成后覆盖已有的结果文件"});
    takes.progress(o.progress);
    takes.json(o.json, {"print the summary as JSON", "以 JSON 打印摘要"});
    takes.language();
}

}  // namespace

Commands::Commands(CLI::App& app, bool chinese) : app_(app), chinese_(chinese) {
    app.formatter(std::make_shared<Help>(chinese));
    arrange(app);
    app.footer(chinese ? "各命令的选项：doudi 命令 --help。退出码：0 完成，2 输入有误，3 中断（可用 --resume 继续），1 其他。"
                       : "Options of a command: doudi COMMAND --help. Exit codes: 0 done, 2 bad input, 3 interrupted (--resume goes on), 1 anything else.");
    takes(app).language();
    add_runs();
    add_reading();
    add_households();
    add_calibrate();
    add_population();
    add_desk();
    add_solve();
    add_bridge();
    add_risk();
    add_drivers();
    add_checks();
}

/// Before its options: their heading, and the option that asks for the help.
void Commands::arrange(CLI::App& app) const {
    app.option_defaults()->group(chinese_ ? "选项" : "Options");
    app.set_help_flag("-h,--help", chinese_ ? "显示本说明" : "print this help");
}

CLI::App& Commands::add(const std::string& name, const Wording& what, std::function<int()> run) {
    CLI::App* const app = app_.add_subcommand(name, what.in(chinese_));
    arrange(*app);
    app->group(chinese_ ? "命令" : "Commands");
    app->footer("");
    commands_.push_back({app, std::move(run)});
    return *app;
}

std::vector<std::filesystem::path> Commands::scenarios() const {
    std::vector<std::filesystem::path> all{scenario_};
    all.insert(all.end(), reforms_.begin(), reforms_.end());
    return all;
}

int Commands::run() {
    for (Overrides* o : {&run_.overrides, &households_.overrides, &calibrate_.overrides, &population_.overrides, &solve_.overrides, &bridge_.overrides, &drivers_.overrides}) o->chinese = chinese_;
    run_.chinese = calibrate_.chinese = population_.chinese = solve_.chinese = bridge_.chinese = risk_.chinese = drivers_.chinese = chinese_;
    return std::find_if(commands_.begin(), commands_.end(), [](const Command& c) { return c.app->parsed(); })->run();
}

void Commands::add_runs() {
    const auto simulate = [this] {
        run_.scenarios = scenarios();
        return cli::run(run_, this_program(), heed_signals());
    };
    CLI::App& one = add("run", {"simulate one scenario", "模拟一个方案"}, simulate);
    takes(one).scenario(scenario_);
    CLI::App& compare = add("compare", {"simulate a baseline and reforms on the same draws", "用同一组随机抽样模拟基准与若干方案"}, simulate);
    takes(compare).argument("base", scenario_, {"baseline scenario", "基准方案"});
    takes(compare).argument("reforms", reforms_, {"one or more reforms", "一个或多个方案"});
    for (CLI::App* app : {&one, &compare}) add_run_options(takes(*app), run_);
}

void Commands::add_reading() {
    Options check = takes(add("check", {"read a scenario, report every fault, simulate nothing", "读取方案并一次列出全部错误，不模拟"},
                              [this] { return cli::check(scenario_, run_.overrides, chinese_); }));
    check.scenario(scenario_);
    check.set(run_.overrides);
    check.allow_outside(run_.overrides);
    check.language();
    add("assess", {"decide families given as JSON Lines on stdin (docs/assess.md)", "按政策逐户判定，从标准输入读 JSON Lines（docs/assess.md）"}, [] { return assess_stream(std::cin, std::cout); });
    Options summary = takes(add("summary", {"print the summary of a results file", "打印结果文件的摘要"}, [this] {
        const ResultTotals totals = read_totals(file_);
        std::cout << (run_.json ? summary_json(totals) : summary_text(totals, chinese_));
        return 0;
    }));
    summary.file(file_);
    summary.json(run_.json, {"as JSON", "以 JSON 打印"});
    summary.language();
    Options explain = takes(add("explain", {"tell the months of one household: events, category and why, payments", "逐月说明一户：事件、类别及依据、发放"},
                                [this] { return cli::explain(scenario_, run_.overrides, household_, replicate_, chinese_); }));
    explain.scenario(scenario_);
    explain.add("--household", household_, "ID", {"county code, residence, index: 220402-rural-117", "县代码、城乡、序号：220402-rural-117"}).required();
    explain.add("--replicate", replicate_, "N", {"number of the replicate, from 0", "模拟编号，自 0 起"}).capture_default_str();
    explain.seed(run_.overrides);
    explain.set(run_.overrides);
    explain.language();
}

void Commands::add_desk() {
    takes(add("parameters", {"list every parameter of the rules: default, range, meaning", "列出政策规则的全部参数：默认值、允许范围、含义"}, [this] { return print_parameters(chinese_); })).language();
    Options validate = takes(add("validate", {"hold a results file against the published figures it carries, worst first", "将结果与所载公布数逐项对照，偏差最大的在前"}, [this] {
        std::cout << validation_text(read_totals(file_), chinese_);
        return 0;
    }));
    validate.file(file_);
    validate.language();
    const auto hand_over = [this](const char* name, const Wording& what) {
        CLI::App& app = add(name, what, [this, name] {
            std::vector<std::string> words = app_.get_subcommand(name)->remaining();
            if (app_.count("--lang") > 0) words.insert(words.begin(), chinese_ ? "--lang=zh" : "--lang=en");
            return desk(name, words);
        });
        app.prefix_command();
        app.set_help_flag();
    };
    hand_over("report", {"write a self-contained HTML page from a results file", "由结果文件生成单个网页报告"});
    hand_over("workbook", {"write an Excel workbook from a results file", "由结果文件生成 Excel 工作簿"});
    hand_over("pictures", {"write every picture of a results file as PNG into a folder", "将结果文件的全部图片存为 PNG"});
}

void Commands::add_drivers() {
    Options drivers = takes(add("drivers", {"what drives the budget: shares of the variance by group, and what knowing it would be worth", "预算受什么左右：各组假设的方差份额，及弄清它的价值"}, [this] {
        drivers_.scenarios = scenarios();
        return cli::drivers(drivers_, this_program(), heed_signals());
    }));
    drivers.argument("scenario", scenario_, {"baseline scenario", "基准方案"});
    drivers.add("reforms", reforms_, "", {"reforms, whose paired differences are split as well", "方案；其配对差也作分解"});
    drivers.add("-o,--output", drivers_.output, "FILE", {"file to write (HDF5): indices by county and programme", "写出的文件（HDF5）：分县分项目的指数"}).required();
    drivers.add("--groups", drivers_.groups, "GROUPS",
                {"prefix, each (every parameter for itself), or a CSV file with the columns group, parameter",
                 "prefix（按前缀）、each（逐个参数），或含 group、parameter 两列的 CSV 文件"}).capture_default_str();
    drivers.add("--rows", drivers_.rows, "N", {"rows of the design; a row costs (groups + 2) replicates", "设计的行数；每行需（组数 + 2）次模拟"}).capture_default_str();
    drivers.add("--populations", drivers_.populations, "N", {"draws of the population; 1 leaves this layer out", "人口抽样的次数；1 表示不计这一层"}).capture_default_str();
    drivers.add("--level", drivers_.level, "P", {"level of the reserve", "备用金够用的概率"}).capture_default_str();
    drivers.sample_share(drivers_.overrides);
    drivers.counties(drivers_.overrides);
    drivers.months(drivers_.overrides);
    drivers.seed(drivers_.overrides);
    drivers.threads(drivers_.threads);
    drivers.set(drivers_.overrides);
    drivers.force(drivers_.force);
    drivers.json(drivers_.json, {"print the shares of the province as JSON", "以 JSON 打印全省的份额"});
    drivers.progress(drivers_.progress);
    drivers.language();
}

void Commands::add_checks() {
    Options selftest = takes(add("selftest", {"check this build on two small counties of a scenario", "用方案中的两个小县检验本程序"}, [this] { return cli::selftest(scenario_, chinese_); }));
    selftest.scenario(scenario_);
    selftest.language();
    Options verify = takes(add("verify", {"check a results file against its own digests, or by simulating a part of it again", "核对结果文件自带的校验值，或重新模拟其中一部分"},
                               [this] { return cli::verify(file_, rerun_, run_.threads, chinese_, this_program(), heed_signals()); }));
    verify.file(file_);
    verify.add("--rerun", rerun_, "SHARE", {"simulate this share of the counties (0 to 1) again from the texts in the file, and compare", "按文件所载文本重新模拟这一比例（0 至 1）的县并比较"}).check(CLI::Range(0.0, 1.0));
    verify.threads(run_.threads, {"threads of --rerun, by default all processors (0)", "--rerun 的线程数，默认用全部处理器（0）"});
    verify.language();
}

}  // namespace doudi::cli
