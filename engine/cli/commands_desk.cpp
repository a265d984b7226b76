#include "cli/commands.hpp"
#include "cli/options.hpp"

#include <iostream>

/// The commands of the desk: families, beliefs and populations to look at, and the questions a budget asks.
namespace doudi::cli {

void Commands::add_households() {
    CLI::App& app = add("households", "write the families of a scenario in one month as JSON Lines, the input of assess", [this] { return households(households_, std::cout); });
    Options takes(app);
    takes.scenario(households_.scenario);
    takes.counties(households_.overrides);
    app.add_option("--residence", households_.residence, "urban, rural or both")->check(CLI::IsMember({"urban", "rural", "both"}));
    app.add_option("--replicate", households_.replicate, "number of the replicate");
    app.add_option("--month", households_.month, "month \"YYYY-MM\"; default the first of the scenario");
    takes.sample_share(households_.overrides);
    takes.seed(households_.overrides);
    takes.threads(households_.threads);
    takes.set(households_.overrides);
    takes.language(language_);
}

void Commands::add_calibrate() {
    CLI::App& app = add("calibrate", "fit the beliefs of a scenario to its published figures", [this] {
        if (!calibrate_.overrides.sample_share) calibrate_.overrides.sample_share = 0.1;
        return calibrate(calibrate_);
    });
    Options takes(app);
    takes.scenario(calibrate_.scenario);
    app.add_option("-o,--output", calibrate_.output, "scenario to write, with the posterior as beliefs")->required();
    app.add_option("--members", calibrate_.members, "members of the ensemble");
    app.add_option("--steps", calibrate_.steps, "steps of the assimilation");
    app.add_option("--drift", calibrate_.drift, "relative error a figure gains a year of distance from the first month")->check(CLI::Range(0.0, 5.0));
    app.add_option("--hold-out", calibrate_.hold_out, "month \"YYYY-MM\" whose figures are kept to test the fit");
    takes.sample_share(calibrate_.overrides, "share of households; a tenth by default");
    takes.seed(calibrate_.overrides);
    takes.threads(calibrate_.threads);
    takes.set(calibrate_.overrides);
    takes.force(calibrate_.force);
    takes.progress(calibrate_.progress);
    takes.language(language_);
}

void Commands::add_population() {
    CLI::App& app = add("population", "how near the synthetic families come to every margin, worst first; -o writes the people", [this] { return population(population_); });
    Options takes(app);
    takes.scenario(population_.scenario);
    app.add_option("-o,--output", population_.people, "CSV to write, one row a person");
    app.add_option("--table", population_.table, "CSV to write, one row a margin");
    app.add_option("--kinds", population_.kinds, "CSV to write, one row a kind of family");
    app.add_option("--lines", population_.lines, "margins to print")->check(CLI::Range(0, 100000));
    takes.counties(population_.overrides);
    takes.sample_share(population_.overrides, "share of households to write");
    takes.seed(population_.overrides);
    takes.set(population_.overrides);
    takes.force(population_.force, "replace existing files");
    takes.language(language_);
}

void Commands::add_solve() {
    CLI::App& app = add("solve", "the highest standard or amount that a budget bears", [this] { return solve(solve_); });
    Options takes(app);
    takes.scenario(solve_.scenario);
    app.add_option("--budget", solve_.budget, "yuan for the months of the scenario");
    app.add_option("--probability", solve_.probability, "probability of going over that is borne");
    app.add_option("--key", solve_.key, "setting to raise: dibao.standard.factor, dibao.standard.urban.1 (a tier, in yuan), nursing_subsidy.amount ...");
    app.add_option("--low", solve_.low, "lower end of the bracket");
    app.add_option("--high", solve_.high, "upper end of the bracket");
    app.add_option("--step", solve_.step, "resolution of the answer; 0.01 yuan or 0.0001 by default");
    app.add_option("--lever", solve_.levers, "KEY=LOW:HIGH[:STEP], several: the cheapest mix instead of one highest value")->take_all();
    app.add_option("--floor", solve_.floors, "what a mix must reach: PROGRAMME.recipients>=N, .households>=N, .benefit>=YUAN, CATEGORY.families>=N")->take_all();
    app.add_option("-o,--output", solve_.output, "reform file to write with the answer");
    takes.replicates(solve_.overrides);
    takes.sample_share(solve_.overrides);
    takes.counties(solve_.overrides);
    takes.seed(solve_.overrides);
    takes.threads(solve_.threads);
    takes.set(solve_.overrides);
    takes.json(solve_.json, "print the answer as JSON");
    takes.language(language_);
    takes.progress(solve_.progress);
}

void Commands::add_bridge() {
    CLI::App& app = add("bridge", "from last budget to this budget in steps that add up", [this] { return bridge_command(bridge_); });
    Options takes(app);
    app.add_option("last", bridge_.last, "scenario of last budget")->required();
    app.add_option("this", bridge_.current, "scenario of this budget")->required();
    app.add_option("--last-results", bridge_.last_results, "results file of last budget by an earlier program: adds the step of the model's own change");
    app.add_option("--order", bridge_.order, "the steps in another order, separated by commas")->delimiter(',');
    takes.replicates(bridge_.overrides);
    takes.sample_share(bridge_.overrides);
    takes.counties(bridge_.overrides);
    takes.seed(bridge_.overrides);
    takes.threads(bridge_.threads);
    takes.json(bridge_.json, "as JSON, in fen");
    takes.progress(bridge_.progress);
    takes.language(language_);
}

void Commands::add_risk() {
    CLI::App& app = add("risk", "what a budget risks: probability of going over, reserve, shortfall, by paying level and county", [this] {
        std::cout << risk_report(read_totals(file_), risk_);
        return 0;
    });
    Options takes(app);
    takes.file(file_);
    app.add_option("--budget", risk_.budget, "yuan for the period");
    app.add_option("--budgets", risk_.budgets, "CSV file with the columns county, budget (yuan): one budget a county");
    app.add_option("--scenario", risk_.scenario, "name of a scenario; the last by default");
    app.add_option("--county", risk_.county, "code of a county; all by default");
    app.add_option("--programme", risk_.programme, "a programme; all by default");
    app.add_option("--level", risk_.level, "who pays: central, province, prefecture or county; all by default");
    app.add_option("--confidence", risk_.confidence, "probability with which the reserve holds");
    app.add_flag("--by-county", risk_.by_county, "a line for each county");
    takes.json(risk_.json, "as JSON, with the exceedance curves");
    takes.language(language_);
}

}  // namespace doudi::cli
