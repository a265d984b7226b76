#pragma once
#include "cli/bridge.hpp"
#include "cli/calibrate.hpp"
#include "cli/drivers.hpp"
#include "cli/households.hpp"
#include "cli/options.hpp"
#include "cli/population.hpp"
#include "cli/risk.hpp"
#include "cli/run.hpp"
#include "cli/solve.hpp"

#include <CLI/CLI.hpp>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace doudi::cli {

/// The commands: what each takes, and what it does.
class Commands {
public:
    /// Adds them to `app`; they explain themselves, and speak, in one language.
    Commands(CLI::App& app, bool chinese);
    Commands(const Commands&) = delete;
    Commands& operator=(const Commands&) = delete;

    /// Does what was asked; the exit code.
    int run();

private:
    CLI::App& add(const std::string& name, const Wording& what, std::function<int()> run);
    void arrange(CLI::App& app) const;
    Options takes(CLI::App& app) const { return {app, chinese_}; }
    void add_runs();
    void add_reading();
    void add_households();
    void add_calibrate();
    void add_population();
    void add_desk();
    void add_solve();
    void add_bridge();
    void add_risk();
    void add_drivers();
    void add_checks();
    /// Baseline and reforms.
    std::vector<std::filesystem::path> scenarios() const;

    struct Command {
        CLI::App* app;
        std::function<int()> run;
    };
    CLI::App& app_;
    std::vector<Command> commands_;
    bool chinese_;

    // What the commands were given.
    std::filesystem::path scenario_, file_;
    std::vector<std::filesystem::path> reforms_;
    RunOptions run_;
    std::string household_;
    int replicate_ = 0;
    double rerun_ = 0;
    HouseholdsOptions households_;
    CalibrateOptions calibrate_;
    PopulationOptions population_;
    SolveOptions solve_;
    BridgeOptions bridge_;
    RiskOptions risk_;
    DriversOptions drivers_;
};

}  // namespace doudi::cli
