#include "cli/commands.hpp"

#include <iostream>

/// The commands of the desk: families, beliefs and populations to look at, and the questions a budget asks.
namespace doudi::cli {

void Commands::add_households() {
    Options households = takes(add("households", {"write the families of a scenario in one month as JSON Lines, the input of assess", "将方案某月的家庭写成 JSON Lines，即 assess 的输入"},
                                   [this] { return cli::households(households_, std::cout); }));
    households.scenario(households_.scenario);
    households.counties(households_.overrides);
    households.choice("--residence", {"urban", "rural", "both"}, [this](const std::string& which) { households_.residence = which; }, "WHICH",
                      {"urban, rural or both; both by default", "urban（城镇）、rural（农村）或 both（二者）；默认 both"});
    households.add("--replicate", households_.replicate, "N", {"number of the replicate, from 0", "模拟编号，自 0 起"}).capture_default_str();
    households.add("--month", households_.month, "YYYY-MM", {"month; by default the first of the scenario", "月份；默认为方案的第一个月"});
    households.sample_share(households_.overrides);
    households.seed(households_.overrides);
    households.threads(households_.threads);
    households.set(households_.overrides);
    households.language();
}

void Commands::add_calibrate() {
    Options calibrate = takes(add("calibrate", {"fit the beliefs of a scenario to its published figures", "使方案的假设与公布数相符（校准）"}, [this] {
        if (!calibrate_.overrides.sample_share) calibrate_.overrides.sample_share = 0.1;
        return cli::calibrate(calibrate_);
    }));
    calibrate.scenario(calibrate_.scenario);
    calibrate.add("-o,--output", calibrate_.output, "FILE", {"scenario to write, with the posterior as beliefs", "写出的方案文件，以后验为假设"}).required();
    calibrate.add("--members", calibrate_.members, "N", {"members of the ensemble", "集合的成员数"}).capture_default_str();
    calibrate.add("--steps", calibrate_.steps, "N", {"steps of the assimilation", "同化的步数"}).capture_default_str();
    calibrate.add("--drift", calibrate_.drift, "X",
                  {"relative error a figure gains a year of distance from the first month", "公布数与第一个月每相距一年所增加的相对误差"}).check(CLI::Range(0.0, 5.0))->capture_default_str();
    calibrate.add("--hold-out", calibrate_.hold_out, "YYYY-MM", {"month whose figures are kept to test the fit", "留作检验、不参与校准的公布数所在月份"});
    calibrate.sample_share(calibrate_.overrides, {"share of households, over 0 and up to 1; a tenth by default", "抽样比例，大于 0、不超过 1；默认十分之一"});
    calibrate.seed(calibrate_.overrides);
    calibrate.threads(calibrate_.threads);
    calibrate.set(calibrate_.overrides);
    calibrate.force(calibrate_.force);
    calibrate.progress(calibrate_.progress);
    calibrate.language();
}

void Commands::add_population() {
    Options population = takes(add("population", {"how near the synthetic families come to every margin, worst first; -o writes the people", "合成家庭与各项普查边际的差距，最大的在前；-o 写出全部人口"},
                                   [this] { return cli::population(population_); }));
    population.scenario(population_.scenario);
    population.add("-o,--output", population_.people, "FILE", {"CSV to write, one row a person", "写出的 CSV，每人一行"});
    population.add("--table", population_.table, "FILE", {"CSV to write, one row a margin", "写出的 CSV，每项边际一行"});
    population.add("--kinds", population_.kinds, "FILE", {"CSV to write, one row a kind of family", "写出的 CSV，每类家庭一行"});
    population.add("--lines", population_.lines, "N", {"margins to print", "打印的边际项数"}).check(CLI::Range(0, 100000))->capture_default_str();
    population.counties(population_.overrides);
    population.sample_share(population_.overrides, {"share of households to write, over 0 and up to 1; by default the scenario's", "写出家庭的比例，大于 0、不超过 1；默认取方案中的值"});
    population.seed(population_.overrides);
    population.set(population_.overrides);
    population.force(population_.force, {"replace existing files", "覆盖已有文件"});
    population.language();
}

void Commands::add_solve() {
    Options solve = takes(add("solve", {"the highest standard or amount that a budget bears", "预算能承受的最高标准或金额"}, [this] { return cli::solve(solve_); }));
    solve.scenario(solve_.scenario);
    solve.add("--budget", solve_.budget, "YUAN", {"budget for the months of the scenario; to be given unless there is a --lever", "方案测算期的预算（元）；不用 --lever 时必填"});
    solve.add("--probability", solve_.probability, "P", {"probability of going over that is borne", "可以承受的超支概率"}).capture_default_str();
    solve.add("--key", solve_.key, "KEY", {"setting to raise: dibao.standard.factor, dibao.standard.urban.1 (a tier, in yuan), nursing_subsidy.amount ...",
                                           "要提高的设定：dibao.standard.factor、dibao.standard.urban.1（某一档，元）、nursing_subsidy.amount 等"}).capture_default_str();
    solve.add("--low", solve_.low, "X", {"lower end of the bracket; by default 1 of dibao.standard.factor and the guidance of a tier, else to be given", "取值范围的下限；dibao.standard.factor 默认 1，某一档标准默认为指导标准，其他设定须给出"});
    solve.add("--high", solve_.high, "X", {"upper end of the bracket; by default 1.2 of dibao.standard.factor and 1.2 times the guidance of a tier, else to be given", "取值范围的上限；dibao.standard.factor 默认 1.2，某一档标准默认为指导标准的 1.2 倍，其他设定须给出"});
    solve.add("--step", solve_.step, "X", {"resolution of the answer; 0.01 yuan or 0.0001 by default", "答案的精度；默认 0.01 元或 0.0001"});
    solve.add("--lever", solve_.levers, "LEVER",
              {"KEY=LOW:HIGH[:STEP], up to four, with a --floor: the cheapest mix instead of one highest value", "KEY=LOW:HIGH[:STEP]（半角冒号），最多 4 项，须与 --floor 同用：求最省钱的组合，而不是一项的最高值"}).take_all();
    solve.add("--floor", solve_.floors, "FLOOR",
              {"what a mix must reach, with a --lever: PROGRAMME.recipients>=N, .households>=N, .benefit>=YUAN, CATEGORY.families>=N",
               "组合须达到的下限，须与 --lever 同用：项目.recipients>=人数、项目.households>=户数、项目.benefit>=元、类别.families>=户数（项目见 doudi risk --help，类别为 dibao、edge、rigid 等）"}).take_all();
    solve.add("-o,--output", solve_.output, "FILE", {"reform file to write with the answer", "将答案写成方案文件"});
    solve.replicates(solve_.overrides);
    solve.sample_share(solve_.overrides);
    solve.counties(solve_.overrides);
    solve.seed(solve_.overrides);
    solve.threads(solve_.threads);
    solve.set(solve_.overrides);
    solve.json(solve_.json, {"print the answer as JSON", "以 JSON 打印答案"});
    solve.language();
    solve.progress(solve_.progress);
}

void Commands::add_bridge() {
    Options bridge = takes(add("bridge", {"from last budget to this budget in steps that add up", "从上年预算到本年预算，分步说明，各步合计为总差额"}, [this] { return bridge_command(bridge_); }));
    bridge.argument("last", bridge_.last, {"scenario of last budget", "上年预算的方案"});
    bridge.argument("this", bridge_.current, {"scenario of this budget", "本年预算的方案"});
    bridge.add("--last-results", bridge_.last_results, "FILE",
               {"results file of last budget by an earlier program: adds the step of the model's own change", "较早版本程序算出的上年结果文件：另列模型自身变化一步"});
    bridge.add("--order", bridge_.order, "STEP,...", {"all steps in another order; by default standard,amounts,rules,caseload,take-up,income,prices,data", "各步的次序，须全部列出，以半角逗号分隔；默认 standard,amounts,rules,caseload,take-up,income,prices,data"}).delimiter(',');
    bridge.replicates(bridge_.overrides, {"number of replicates; by default that of this budget", "模拟次数；默认取本年方案中的值"});
    bridge.sample_share(bridge_.overrides, {"share of households, over 0 and up to 1; by default that of this budget", "抽样比例，大于 0、不超过 1；默认取本年方案中的值"});
    bridge.counties(bridge_.overrides);
    bridge.seed(bridge_.overrides, {"seed of every draw; by default that of this budget", "全部随机抽样的种子；默认取本年方案中的值"});
    bridge.threads(bridge_.threads);
    bridge.json(bridge_.json, {"as JSON, in fen", "以 JSON 打印，单位为分"});
    bridge.progress(bridge_.progress);
    bridge.language();
}

void Commands::add_risk() {
    Options risk = takes(add("risk", {"what a budget risks: probability of going over, reserve, mean of the worst cases, by paying level and county", "预算的风险：超支概率、备用金、最坏情形的平均支出，分级分县"}, [this] {
        std::cout << risk_report(read_totals(file_), risk_);
        return 0;
    }));
    risk.file(file_);
    risk.add("--budget", risk_.budget, "YUAN", {"budget for the period, of what is asked for (county, programme, level)", "所选范围（县、项目、级次）在测算期内的预算（元）"});
    risk.add("--budgets", risk_.budgets, "FILE", {"CSV with the columns county, budget (yuan): one budget a county", "含 county、budget（元）两列的 CSV：每县一个预算"});
    risk.add("--scenario", risk_.scenario, "NAME", {"name of a scenario, not its title; the last by default", "方案的 name（不是标题）；默认最后一个"});
    risk.add("--county", risk_.county, "CODE", {"code of a county; all by default", "县（市、区）代码；默认全部"});
    risk.add("--programme", risk_.programme, "NAME", {"dibao, supplement, tekun_basic, tekun_care, living_subsidy, nursing_subsidy, temporary or a special module; all by default",
              "项目：dibao（低保金）、supplement（增发）、tekun_basic（特困基本生活）、tekun_care（特困照料护理）、living_subsidy（生活补贴）、nursing_subsidy（护理补贴）、temporary（临时救助）或专项模块；默认全部"});
    risk.add("--level", risk_.level, "LEVEL", {"who pays: central, province, prefecture or county; all by default", "由谁负担：central（中央）、province（省）、prefecture（市、州）或 county（县）；默认全部"});
    risk.add("--confidence", risk_.confidence, "P", {"probability with which the reserve holds", "备用金够用的概率"}).capture_default_str();
    risk.flag("--by-county", risk_.by_county, {"a line for each county", "每县一行"});
    risk.json(risk_.json, {"as JSON, with the exceedance curves", "以 JSON 打印，附超额概率曲线"});
    risk.language();
}

}  // namespace doudi::cli
