#pragma once
#include "scenario/load.hpp"

#include <CLI/CLI.hpp>

#include <filesystem>
#include <string>

namespace doudi::cli {

/// Adds to a command the options that several have, in the same words.
class Options {
public:
    explicit Options(CLI::App& app) : app_(app) {}

    void scenario(std::filesystem::path& to) { app_.add_option("scenario", to, "scenario file (TOML)")->required(); }
    void file(std::filesystem::path& to) { app_.add_option("file", to, "results file")->required(); }
    void replicates(Overrides& to) { app_.add_option("--replicates", to.replicates, "number of replicates"); }
    void seed(Overrides& to) { app_.add_option("--seed", to.seed, "seed of every draw"); }
    void months(Overrides& to) { app_.add_option("--months", to.months, "months to count"); }
    void counties(Overrides& to) { app_.add_option("--counties", to.counties, "county codes, separated by commas; default all")->delimiter(','); }
    void sample_share(Overrides& to, const std::string& meaning = "share of households") { app_.add_option("--sample-share", to.sample_share, meaning); }
    void set(Overrides& to, const std::string& meaning = "key=value, as in a scenario file") { app_.add_option("--set", to.set, meaning)->take_all(); }
    void allow_outside(Overrides& to) { app_.add_flag("--allow-outside", to.allow_outside, "scenario files may name files outside their folder"); }
    void threads(int& to, const std::string& meaning = "threads; 0: all processors") { app_.add_option("--threads", to, meaning)->check(CLI::Range(0, 1024)); }
    void progress(bool& to) {
        app_.add_option_function<std::string>("--progress", [&to](const std::string& when) { to = when == "auto"; }, "auto or off")->check(CLI::IsMember({"auto", "off"}));
    }
    void force(bool& to, const std::string& meaning = "replace an existing file") { app_.add_flag("--force", to, meaning); }
    void json(bool& to, const std::string& meaning) { app_.add_flag("--json", to, meaning); }
    void language(std::string& to) { app_.add_option("--lang", to, "en or zh")->check(CLI::IsMember({"en", "zh"})); }

private:
    CLI::App& app_;
};

}  // namespace doudi::cli
