#pragma once
#include "scenario/load.hpp"
#include "scenario/setting.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace doudi {

/// What the command line or Python says on top of the scenario files, and what of theirs it overrules. Faults join `faults`.
class CommandLine {
public:
    CommandLine(const Overrides& overrides, std::vector<Fault>& faults) : overrides_(overrides), faults_(faults) {}

    /// `--set key=value` as a file would say it.
    std::vector<Setting> settings(const std::vector<std::string>& given);
    /// A reform whose title speaks of what `command` sets otherwise: both are told in a note, so that no table is misread.
    void overrule(const std::vector<Setting>& reform, const std::vector<Setting>& command);
    const std::vector<std::string>& notes() const { return notes_; }
    /// Size and seed of the run; false if the size is none that a run can have.
    bool apply(Plan& plan);
    void choose_counties(Plan& plan);

private:
    struct Set {
        Source source;
        toml::table table;
    };

    void fail(std::string option, Wording what) { faults_.emplace_back(std::move(option), std::move(what)); }

    const Overrides& overrides_;
    std::vector<Fault>& faults_;
    std::vector<std::unique_ptr<Set>> sets_;  ///< settings point into them
    std::vector<std::string> notes_;
};

}  // namespace doudi
