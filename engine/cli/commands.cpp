#include "cli/commands.hpp"

#include "base/text.hpp"
#include "cli/assess.hpp"
#include "cli/check.hpp"
#include "cli/columns.hpp"
#include "cli/desk.hpp"
#include "cli/explain.hpp"
#include "cli/options.hpp"
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
void add_run_options(CLI::App& app, RunOptions& o) {
    Options takes(app);
    app.add_option("-o,--output", o.output, "results file (HDF5)")->required();
    takes.replicates(o.overrides);
    app.add_option("--until", o.until, "stop at a precision, such as \"total.q95 within 0.5%\"; --replicates is then the most");
    takes.seed(o.overrides);
    takes.threads(o.threads, "threads; 0: all processors. The result does not depend on it");
    takes.counties(o.overrides);
    takes.sample_share(o.overrides, "share of households, weighted up: a quick look with error bars");
    takes.months(o.overrides);
    app.add_option_function<std::string>("--parameter-draws", [&o](const std::string& how) { o.overrides.set.push_back("run.parameter_draws=" + how); },
                                         "random, or stratified: each belief's prior covered evenly, for sharper means from few replicates")->check(CLI::IsMember({"random", "stratified"}));
    takes.set(o.overrides, "key=value, as in a scenario file; for this run only");
    takes.allow_outside(o.overrides);
    app.add_flag("--resume", o.resume, "take up an interrupted run of the same output");
    takes.force(o.force, "replace an existing results file when the run is done");
    takes.progress(o.progress);
    takes.json(o.json, "print the summary as JSON");
}

}  // namespace

Commands::Commands(CLI::App& app) : app_(app) {
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

CLI::App& Commands::add(const std::string& name, const std::string& what, std::function<int()> run) {
    CLI::App* const app = app_.add_subcommand(name, what);
    commands_.push_back({app, std::move(run)});
    return *app;
}

std::vector<std::filesystem::path> Commands::scenarios() const {
    std::vector<std::filesystem::path> all{scenario_};
    all.insert(all.end(), reforms_.begin(), reforms_.end());
    return all;
}

bool Commands::chinese() const {
    const auto says_so = [](const Command& c) {  // what the Python package is handed is not parsed here
        const std::vector<std::string> words = c.app->remaining();
        return std::any_of(words.begin(), words.end(), [](const std::string& word) { return word == "zh" || word == "--lang=zh"; });
    };
    return language_ == "zh" || std::any_of(commands_.begin(), commands_.end(), says_so);
}

int Commands::run() {
    const bool chinese = language_ == "zh";
    run_.chinese = calibrate_.chinese = population_.chinese = solve_.chinese = bridge_.chinese = risk_.chinese = drivers_.chinese = chinese;
    for (Overrides* o : {&run_.overrides, &households_.overrides, &calibrate_.overrides, &population_.overrides, &solve_.overrides, &bridge_.overrides, &drivers_.overrides}) o->chinese = chinese;
    return std::find_if(commands_.begin(), commands_.end(), [](const Command& c) { return c.app->parsed(); })->run();
}

void Commands::add_runs() {
    const auto simulate = [this] {
        run_.scenarios = scenarios();
        return cli::run(run_, this_program(), heed_signals());
    };
    CLI::App& one = add("run", "simulate one scenario", simulate);
    Options(one).scenario(scenario_);
    CLI::App& compare = add("compare", "simulate a baseline and reforms on the same draws", simulate);
    compare.add_option("base", scenario_, "baseline scenario")->required();
    compare.add_option("reforms", reforms_, "one or more reforms")->required();
    for (CLI::App* app : {&one, &compare}) {
        add_run_options(*app, run_);
        Options(*app).language(language_);
    }
}

void Commands::add_reading() {
    Options check(add("check", "read a scenario, report every fault, simulate nothing", [this] { return cli::check(scenario_, run_.overrides, run_.chinese); }));
    check.scenario(scenario_);
    check.set(run_.overrides);
    check.allow_outside(run_.overrides);
    check.language(language_);
    add("assess", "decide families given as JSON Lines on stdin (docs/assess.md)", [] { return assess_stream(std::cin, std::cout); });
    Options summary(add("summary", "print the summary of a results file", [this] {
        const ResultTotals totals = read_totals(file_);
        std::cout << (run_.json ? summary_json(totals) : summary_text(totals, run_.chinese));
        return 0;
    }));
    summary.file(file_);
    summary.json(run_.json, "as JSON");
    summary.language(language_);
    CLI::App& explain = add("explain", "tell the months of one household: events, category and why, payments",
                            [this] { return cli::explain(scenario_, run_.overrides, household_, replicate_, run_.chinese); });
    Options takes(explain);
    takes.scenario(scenario_);
    explain.add_option("--household", household_, "county code, residence, index: 220402-rural-117")->required();
    explain.add_option("--replicate", replicate_, "number of the replicate");
    takes.seed(run_.overrides);
    takes.set(run_.overrides);
    takes.language(language_);
}

void Commands::add_desk() {
    Options(add("parameters", "list every parameter of the rules: default, range, meaning", [this] { return print_parameters(run_.chinese); })).language(language_);
    Options validate(add("validate", "hold a results file against the published figures it carries, worst first", [this] {
        std::cout << validation_text(read_totals(file_), run_.chinese);
        return 0;
    }));
    validate.file(file_);
    validate.language(language_);
    const auto hand_over = [this](const char* name, const char* what) {
        CLI::App& app = add(name, what, [this, name] { return desk(name, app_.get_subcommand(name)->remaining()); });
        app.prefix_command();
        app.set_help_flag();
    };
    hand_over("report", "write a self-contained HTML page from a results file (-o FILE, --lang zh|en)");
    hand_over("workbook", "write an Excel workbook from a results file (-o FILE, --lang zh|en)");
    hand_over("pictures", "write every picture of a results file as PNG into a folder (-o FOLDER, --lang zh|en)");
}

void Commands::add_drivers() {
    CLI::App& app = add("drivers", "what drives the budget: shares of the variance by group, and what knowing it would be worth", [this] {
        drivers_.scenarios = scenarios();
        return drivers(drivers_, this_program(), heed_signals());
    });
    Options takes(app);
    app.add_option("scenario", scenario_, "baseline scenario")->required();
    app.add_option("reforms", reforms_, "reforms, whose paired differences are split as well");
    app.add_option("-o,--output", drivers_.output, "file to write (HDF5): indices by county and programme")->required();
    app.add_option("--groups", drivers_.groups, "prefix, each (every parameter for itself), or a CSV file with the columns group, parameter");
    app.add_option("--rows", drivers_.rows, "rows of the design; a row costs (groups + 2) replicates");
    app.add_option("--populations", drivers_.populations, "draws of the population; 1 leaves this layer out");
    app.add_option("--level", drivers_.level, "level of the reserve");
    takes.sample_share(drivers_.overrides);
    takes.counties(drivers_.overrides);
    takes.months(drivers_.overrides);
    takes.seed(drivers_.overrides);
    takes.threads(drivers_.threads, "threads; 0: all processors. The result does not depend on it");
    takes.set(drivers_.overrides);
    takes.force(drivers_.force);
    takes.json(drivers_.json, "print the shares of the province as JSON");
    takes.progress(drivers_.progress);
    takes.language(language_);
}

void Commands::add_checks() {
    Options selftest(add("selftest", "check this build on two small counties of a scenario", [this] { return cli::selftest(scenario_, run_.chinese); }));
    selftest.scenario(scenario_);
    selftest.language(language_);
    CLI::App& verify = add("verify", "check a results file against its own digests, or by simulating a part of it again",
                           [this] { return cli::verify(file_, rerun_, run_.threads, run_.chinese, this_program(), heed_signals()); });
    Options takes(verify);
    takes.file(file_);
    verify.add_option("--rerun", rerun_, "simulate this share of the counties again from the texts in the file, and compare")->check(CLI::Range(0.0, 1.0));
    takes.threads(run_.threads, "threads of --rerun; 0: all processors");
    takes.language(language_);
}

}  // namespace doudi::cli
