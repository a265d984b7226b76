#include "cli/command.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/assess.hpp"
#include "cli/bridge.hpp"
#include "cli/calibrate.hpp"
#include "cli/check.hpp"
#include "cli/desk.hpp"
#include "cli/drivers.hpp"
#include "cli/explain.hpp"
#include "cli/households.hpp"
#include "cli/population.hpp"
#include "cli/risk.hpp"
#include "cli/run.hpp"
#include "cli/selftest.hpp"
#include "cli/solve.hpp"
#include "cli/summary.hpp"
#include "cli/validation.hpp"
#include "cli/verify.hpp"
#include "dynamics/sieve.hpp"
#include "rules/parameters.hpp"
#include "version_info.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <new>

namespace doudi::cli {
namespace {

std::atomic<bool> stop{false};

void on_signal(int) { stop = true; }

Program this_program() { return {DOUDI_VERSION, DOUDI_GIT_HASH, DOUDI_BUILD, DOUDI_GIT_DIRTY}; }

/// Options of `run` and `compare`.
void add_run_options(CLI::App& app, RunOptions& o) {
    app.add_option("-o,--output", o.output, "results file (HDF5)")->required();
    app.add_option("--replicates", o.overrides.replicates, "number of replicates");
    app.add_option("--until", o.until, "stop at a precision, such as \"total.q95 within 0.5%\"; --replicates is then the most");
    app.add_option("--seed", o.overrides.seed, "seed of every draw");
    app.add_option("--threads", o.threads, "threads; 0: all processors. The result does not depend on it")->check(CLI::Range(0, 1024));
    app.add_option("--counties", o.overrides.counties, "county codes, separated by commas; default all")->delimiter(',');
    app.add_option("--sample-share", o.overrides.sample_share, "share of households, weighted up: a quick look with error bars");
    app.add_option("--months", o.overrides.months, "months to count");
    app.add_option_function<std::string>("--parameter-draws", [&o](const std::string& how) { o.overrides.set.push_back("run.parameter_draws=" + how); },
                                         "random, or stratified: each belief's prior covered evenly, for sharper means from few replicates")->check(CLI::IsMember({"random", "stratified"}));
    app.add_option("--set", o.overrides.set, "key=value, as in a scenario file; for this run only")->take_all();
    app.add_flag("--allow-outside", o.overrides.allow_outside, "scenario files may name files outside their folder");
    app.add_flag("--resume", o.resume, "take up an interrupted run of the same output");
    app.add_flag("--force", o.force, "replace an existing results file when the run is done");
    app.add_option_function<std::string>("--progress", [&o](const std::string& when) { o.progress = when == "auto"; }, "auto or off")->check(CLI::IsMember({"auto", "off"}));
    app.add_flag("--json", o.json, "print the summary as JSON");
}

/// DOUDI_VECTOR allows only lesser vector units than the processor has.
void heed_vector_unit() {
    if (const char* unit = std::getenv("DOUDI_VECTOR")) limit_vector_unit(unit);
}

/// `chinese`: set as soon as the language is known, for what goes wrong after.
int dispatch(int argc, char** argv, bool& chinese) {
    CLI::App app{"Doudi (兜底): what social assistance will cost, household by household, and how sure that is"};
    app.name("doudi");
    app.require_subcommand(1);
    app.set_version_flag("--version", [] {
        heed_vector_unit();
        return fmt::format("doudi {}\ngit {}{}\nbuild {}\n", DOUDI_VERSION, DOUDI_GIT_HASH, DOUDI_GIT_DIRTY ? " with local changes" : "", DOUDI_BUILD) + fmt::format("vector unit {}\n", vector_unit());
    });
    std::string language = "en";
    const auto add_language = [&](CLI::App& sub) { sub.add_option("--lang", language, "en or zh")->check(CLI::IsMember({"en", "zh"})); };

    RunOptions o;
    std::filesystem::path scenario, file;
    std::vector<std::filesystem::path> reforms;
    CLI::App* run_command = app.add_subcommand("run", "simulate one scenario");
    run_command->add_option("scenario", scenario, "scenario file (TOML)")->required();
    add_run_options(*run_command, o);
    add_language(*run_command);
    CLI::App* compare = app.add_subcommand("compare", "simulate a baseline and reforms on the same draws");
    compare->add_option("base", scenario, "baseline scenario")->required();
    compare->add_option("reforms", reforms, "one or more reforms")->required();
    add_run_options(*compare, o);
    add_language(*compare);
    CLI::App* check_command = app.add_subcommand("check", "read a scenario, report every fault, simulate nothing");
    check_command->add_option("scenario", scenario, "scenario file (TOML)")->required();
    check_command->add_option("--set", o.overrides.set, "key=value, as in a scenario file")->take_all();
    check_command->add_flag("--allow-outside", o.overrides.allow_outside, "scenario files may name files outside their folder");
    add_language(*check_command);
    CLI::App* assess = app.add_subcommand("assess", "decide families given as JSON Lines on stdin (docs/assess.md)");
    CLI::App* summary = app.add_subcommand("summary", "print the summary of a results file");
    summary->add_option("file", file, "results file")->required();
    summary->add_flag("--json", o.json, "as JSON");
    add_language(*summary);
    std::string household;
    int replicate = 0;
    CLI::App* explain_command = app.add_subcommand("explain", "tell the months of one household: events, category and why, payments");
    explain_command->add_option("scenario", scenario, "scenario file (TOML)")->required();
    explain_command->add_option("--household", household, "county code, residence, index: 220402-rural-117")->required();
    explain_command->add_option("--replicate", replicate, "number of the replicate");
    explain_command->add_option("--seed", o.overrides.seed, "seed of every draw");
    explain_command->add_option("--set", o.overrides.set, "key=value, as in a scenario file")->take_all();
    add_language(*explain_command);
    HouseholdsOptions export_options;
    CLI::App* households_command = app.add_subcommand("households", "write the families of a scenario in one month as JSON Lines, the input of assess");
    households_command->add_option("scenario", export_options.scenario, "scenario file (TOML)")->required();
    households_command->add_option("--counties", export_options.overrides.counties, "county codes, separated by commas; default all")->delimiter(',');
    households_command->add_option("--residence", export_options.residence, "urban, rural or both")->check(CLI::IsMember({"urban", "rural", "both"}));
    households_command->add_option("--replicate", export_options.replicate, "number of the replicate");
    households_command->add_option("--month", export_options.month, "month \"YYYY-MM\"; default the first of the scenario");
    households_command->add_option("--sample-share", export_options.overrides.sample_share, "share of households");
    households_command->add_option("--seed", export_options.overrides.seed, "seed of every draw");
    households_command->add_option("--threads", export_options.threads, "threads; 0: all processors")->check(CLI::Range(0, 1024));
    households_command->add_option("--set", export_options.overrides.set, "key=value, as in a scenario file")->take_all();
    CalibrateOptions fit;
    CLI::App* calibrate_command = app.add_subcommand("calibrate", "fit the beliefs of a scenario to its published figures");
    calibrate_command->add_option("scenario", fit.scenario, "scenario file (TOML)")->required();
    calibrate_command->add_option("-o,--output", fit.output, "scenario to write, with the posterior as beliefs")->required();
    calibrate_command->add_option("--members", fit.members, "members of the ensemble");
    calibrate_command->add_option("--steps", fit.steps, "steps of the assimilation");
    calibrate_command->add_option("--drift", fit.drift, "relative error a figure gains a year of distance from the first month")->check(CLI::Range(0.0, 5.0));
    calibrate_command->add_option("--hold-out", fit.hold_out, "month \"YYYY-MM\" whose figures are kept to test the fit");
    calibrate_command->add_option("--sample-share", fit.overrides.sample_share, "share of households; a tenth by default");
    calibrate_command->add_option("--seed", fit.overrides.seed, "seed of every draw");
    calibrate_command->add_option("--threads", fit.threads, "threads; 0: all processors");
    calibrate_command->add_option("--set", fit.overrides.set, "key=value, as in a scenario file")->take_all();
    calibrate_command->add_flag("--force", fit.force, "replace an existing file");
    calibrate_command->add_option_function<std::string>("--progress", [&fit](const std::string& when) { fit.progress = when == "auto"; }, "auto or off")->check(CLI::IsMember({"auto", "off"}));
    PopulationOptions synthesis;
    CLI::App* population_command = app.add_subcommand("population", "how near the synthetic families come to every margin, worst first; -o writes the people");
    population_command->add_option("scenario", synthesis.scenario, "scenario file (TOML)")->required();
    population_command->add_option("-o,--output", synthesis.people, "CSV to write, one row a person");
    population_command->add_option("--table", synthesis.table, "CSV to write, one row a margin");
    population_command->add_option("--kinds", synthesis.kinds, "CSV to write, one row a kind of family");
    population_command->add_option("--lines", synthesis.lines, "margins to print")->check(CLI::Range(0, 100000));
    population_command->add_option("--counties", synthesis.overrides.counties, "county codes, separated by commas")->delimiter(',');
    population_command->add_option("--sample-share", synthesis.overrides.sample_share, "share of households to write");
    population_command->add_option("--seed", synthesis.overrides.seed, "seed of every draw");
    population_command->add_option("--set", synthesis.overrides.set, "key=value, as in a scenario file")->take_all();
    population_command->add_flag("--force", synthesis.force, "replace existing files");
    add_language(*population_command);
    CLI::App* parameters = app.add_subcommand("parameters", "list every parameter of the rules: default, range, meaning");
    CLI::App* validate_command = app.add_subcommand("validate", "hold a results file against the published figures it carries, worst first");
    validate_command->add_option("file", file, "results file")->required();
    add_language(*validate_command);
    CLI::App* report = app.add_subcommand("report", "write a self-contained HTML page from a results file (-o FILE, --lang zh|en)");
    CLI::App* workbook = app.add_subcommand("workbook", "write an Excel workbook from a results file (-o FILE, --lang zh|en)");
    CLI::App* pictures = app.add_subcommand("pictures", "write every picture of a results file as PNG into a folder (-o FOLDER, --lang zh|en)");
    for (CLI::App* sub : {report, workbook, pictures}) {
        sub->prefix_command();
        sub->set_help_flag();
    }
    SolveOptions goal;
    CLI::App* solve_command = app.add_subcommand("solve", "the highest standard or amount that a budget bears");
    solve_command->add_option("scenario", goal.scenario, "scenario file (TOML)")->required();
    solve_command->add_option("--budget", goal.budget, "yuan for the months of the scenario");
    solve_command->add_option("--probability", goal.probability, "probability of going over that is borne");
    solve_command->add_option("--key", goal.key, "setting to raise: dibao.standard.factor, dibao.standard.urban.1 (a tier, in yuan), nursing_subsidy.amount ...");
    solve_command->add_option("--low", goal.low, "lower end of the bracket");
    solve_command->add_option("--high", goal.high, "upper end of the bracket");
    solve_command->add_option("--step", goal.step, "resolution of the answer; 0.01 yuan or 0.0001 by default");
    solve_command->add_option("--lever", goal.levers, "KEY=LOW:HIGH[:STEP], several: the cheapest mix instead of one highest value")->take_all();
    solve_command->add_option("--floor", goal.floors, "what a mix must reach: PROGRAMME.recipients>=N, .households>=N, .benefit>=YUAN, CATEGORY.families>=N")->take_all();
    solve_command->add_option("-o,--output", goal.output, "reform file to write with the answer");
    solve_command->add_option("--replicates", goal.overrides.replicates, "number of replicates");
    solve_command->add_option("--sample-share", goal.overrides.sample_share, "share of households");
    solve_command->add_option("--counties", goal.overrides.counties, "county codes, separated by commas")->delimiter(',');
    solve_command->add_option("--seed", goal.overrides.seed, "seed of every draw");
    solve_command->add_option("--threads", goal.threads, "threads; 0: all processors");
    solve_command->add_option("--set", goal.overrides.set, "key=value, as in a scenario file")->take_all();
    solve_command->add_flag("--json", goal.json, "print the answer as JSON");
    add_language(*solve_command);
    solve_command->add_option_function<std::string>("--progress", [&goal](const std::string& when) { goal.progress = when == "auto"; }, "auto or off")->check(CLI::IsMember({"auto", "off"}));
    BridgeOptions span;
    CLI::App* bridge_app = app.add_subcommand("bridge", "from last budget to this budget in steps that add up");
    bridge_app->add_option("last", span.last, "scenario of last budget")->required();
    bridge_app->add_option("this", span.current, "scenario of this budget")->required();
    bridge_app->add_option("--last-results", span.last_results, "results file of last budget by an earlier program: adds the step of the model's own change");
    bridge_app->add_option("--order", span.order, "the steps in another order, separated by commas")->delimiter(',');
    bridge_app->add_option("--replicates", span.overrides.replicates, "number of replicates");
    bridge_app->add_option("--sample-share", span.overrides.sample_share, "share of households");
    bridge_app->add_option("--counties", span.overrides.counties, "county codes, separated by commas")->delimiter(',');
    bridge_app->add_option("--seed", span.overrides.seed, "seed of every draw");
    bridge_app->add_option("--threads", span.threads, "threads; 0: all processors");
    bridge_app->add_flag("--json", span.json, "as JSON, in fen");
    bridge_app->add_option_function<std::string>("--progress", [&span](const std::string& when) { span.progress = when == "auto"; }, "auto or off")->check(CLI::IsMember({"auto", "off"}));
    add_language(*bridge_app);
    RiskOptions danger;
    CLI::App* risk_command = app.add_subcommand("risk", "what a budget risks: probability of going over, reserve, shortfall, by paying level and county");
    risk_command->add_option("file", file, "results file")->required();
    risk_command->add_option("--budget", danger.budget, "yuan for the period");
    risk_command->add_option("--budgets", danger.budgets, "CSV file with the columns county, budget (yuan): one budget a county");
    risk_command->add_option("--scenario", danger.scenario, "name of a scenario; the last by default");
    risk_command->add_option("--county", danger.county, "code of a county; all by default");
    risk_command->add_option("--programme", danger.programme, "a programme; all by default");
    risk_command->add_option("--level", danger.level, "who pays: central, province, prefecture or county; all by default");
    risk_command->add_option("--confidence", danger.confidence, "probability with which the reserve holds");
    risk_command->add_flag("--by-county", danger.by_county, "a line for each county");
    risk_command->add_flag("--json", danger.json, "as JSON, with the exceedance curves");
    add_language(*risk_command);
    DriversOptions what;
    CLI::App* drivers_command = app.add_subcommand("drivers", "what drives the budget: shares of the variance by group, and what knowing it would be worth");
    drivers_command->add_option("scenario", scenario, "baseline scenario")->required();
    drivers_command->add_option("reforms", reforms, "reforms, whose paired differences are split as well");
    drivers_command->add_option("-o,--output", what.output, "file to write (HDF5): indices by county and programme")->required();
    drivers_command->add_option("--groups", what.groups, "prefix, each (every parameter for itself), or a CSV file with the columns group, parameter");
    drivers_command->add_option("--rows", what.rows, "rows of the design; a row costs (groups + 2) replicates");
    drivers_command->add_option("--populations", what.populations, "draws of the population; 1 leaves this layer out");
    drivers_command->add_option("--level", what.level, "level of the reserve");
    drivers_command->add_option("--sample-share", what.overrides.sample_share, "share of households");
    drivers_command->add_option("--counties", what.overrides.counties, "county codes, separated by commas")->delimiter(',');
    drivers_command->add_option("--months", what.overrides.months, "months to count");
    drivers_command->add_option("--seed", what.overrides.seed, "seed of every draw");
    drivers_command->add_option("--threads", what.threads, "threads; 0: all processors. The result does not depend on it")->check(CLI::Range(0, 1024));
    drivers_command->add_option("--set", what.overrides.set, "key=value, as in a scenario file")->take_all();
    drivers_command->add_flag("--force", what.force, "replace an existing file");
    drivers_command->add_flag("--json", what.json, "print the shares of the province as JSON");
    drivers_command->add_option_function<std::string>("--progress", [&what](const std::string& when) { what.progress = when == "auto"; }, "auto or off")->check(CLI::IsMember({"auto", "off"}));
    add_language(*drivers_command);
    CLI::App* selftest_command = app.add_subcommand("selftest", "check this build on two small counties of a scenario");
    selftest_command->add_option("scenario", scenario, "scenario file (TOML)")->required();
    CLI::App* verify = app.add_subcommand("verify", "check a results file against its own digests, or by simulating a part of it again");
    verify->add_option("file", file, "results file")->required();
    double rerun = 0;
    verify->add_option("--rerun", rerun, "simulate this share of the counties again from the texts in the file, and compare")->check(CLI::Range(0.0, 1.0));
    verify->add_option("--threads", o.threads, "threads of --rerun; 0: all processors")->check(CLI::Range(0, 1024));
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        return app.exit(e) == 0 ? 0 : 2;
    }
    o.chinese = chinese = language == "zh";
    for (const CLI::App* sub : {report, workbook, pictures})  // their options are the Python package's
        for (const std::string& word : sub->remaining()) chinese = chinese || word == "zh" || word == "--lang=zh";
    heed_vector_unit();
    for (Overrides* overrides : {&o.overrides, &span.overrides, &goal.overrides, &what.overrides, &synthesis.overrides}) overrides->chinese = o.chinese;
    if (*assess) return assess_stream(std::cin, std::cout);
    if (*check_command) return check(scenario, o.overrides, o.chinese);
    if (*summary) {
        const ResultTotals totals = read_totals(file);
        std::cout << (o.json ? summary_json(totals) : summary_text(totals, o.chinese));
        return 0;
    }
    if (*validate_command) {
        std::cout << validation_text(read_totals(file), o.chinese);
        return 0;
    }
    if (*bridge_app) {
        span.chinese = o.chinese;
        return bridge_command(span);
    }
    if (*risk_command) {
        danger.chinese = o.chinese;
        std::cout << risk_report(read_totals(file), danger);
        return 0;
    }
    if (*households_command) return households(export_options, std::cout);
    goal.chinese = o.chinese;
    if (*solve_command) return solve(goal);
    if (*drivers_command) {
        what.scenarios = {scenario};
        what.scenarios.insert(what.scenarios.end(), reforms.begin(), reforms.end());
        what.chinese = o.chinese;
        std::signal(SIGINT, on_signal);
        std::signal(SIGTERM, on_signal);
        return drivers(what, this_program(), stop);
    }
    if (*selftest_command) return selftest(scenario);
    if (*calibrate_command) {
        if (!fit.overrides.sample_share) fit.overrides.sample_share = 0.1;
        return calibrate(fit);
    }
    if (*population_command) {
        synthesis.chinese = o.chinese;
        return population(synthesis);
    }
    if (*explain_command) return explain(scenario, o.overrides, household, replicate, o.chinese);
    if (*report) return desk("report", report->remaining());
    if (*workbook) return desk("workbook", workbook->remaining());
    if (*pictures) return desk("pictures", pictures->remaining());
    if (*parameters) {
        std::vector<std::vector<std::string>> rows{{"parameter", "default", "assumption", "meaning"}};
        const rules::Policy policy;
        for (const rules::ParameterInfo& p : rules::parameter_table())
            rows.push_back({p.name, rules::parameter_text(policy, p.name), p.assumption, p.meaning});
        for (auto& row : rows) fmt::print("{:<42}{:<16}{:<8}{}\n", row[0], row[1], row[2].substr(0, 7), row[3]);
        return 0;
    }
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) std::signal(signal, on_signal);
    if (*verify) return doudi::cli::verify(file, rerun, o.threads, this_program(), stop);
    o.scenarios = {scenario};
    o.scenarios.insert(o.scenarios.end(), reforms.begin(), reforms.end());
    return run(o, this_program(), stop);
}

}  // namespace

int command(int argc, char** argv) {
    bool chinese = false;
    const auto error = [&] { return chinese ? "错误：" : "error: "; };
    try {
        return dispatch(argc, argv, chinese);
    } catch (const InputError& e) {
        std::cerr << e.told(chinese) << '\n';
        return 2;
    } catch (const std::bad_alloc&) {
        std::cerr << error() << (chinese ? "内存不足；请减少 --replicates、--months 或 --threads，或分批指定 --counties" : "out of memory; lower --replicates, --months or --threads, or take fewer --counties at a time") << std::endl;
        _exit(1);
    } catch (const SystemError& e) {
        std::cerr << error() << e.told(chinese) << std::endl;
        std::cout.flush();
        _exit(1);  // libhdf5's own cleanup may fail again after a full disk
    } catch (const std::exception& e) {
        std::cerr << (chinese ? "错误：系统提示：" : "error: ") << e.what() << std::endl;
        std::cout.flush();
        _exit(1);  // libhdf5's own cleanup may fail again after a full disk
    }
}

}  // namespace doudi::cli
