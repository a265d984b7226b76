#pragma once
#include "cli/bridge.hpp"
#include "cli/calibrate.hpp"
#include "cli/drivers.hpp"
#include "cli/households.hpp"
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
    /// Adds them to `app`.
    explicit Commands(CLI::App& app);
    Commands(const Commands&) = delete;
    Commands& operator=(const Commands&) = delete;

    /// Whether the one that was parsed is to speak Chinese.
    bool chinese() const;
    /// Does what was asked; the exit code.
    int run();

private:
    CLI::App& add(const std::string& name, const std::string& what, std::function<int()> run);
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
    std::string language_ = "en";

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
