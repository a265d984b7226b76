#pragma once
#include "base/wording.hpp"

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace doudi {

/// One fault in something that the user gave us: what is wrong, where, and what to try.
struct Fault {
    Fault(std::string place, Wording wording, std::string lines = "") : where(std::move(place)), what(std::move(wording)), excerpt(std::move(lines)) {}
    /// In English alone: for what the engine refuses below the scenario, and what `assess` answers as JSON.
    Fault(std::string place, std::string english, std::string lines = "") : Fault(std::move(place), Wording{std::move(english), ""}, std::move(lines)) {}

    std::string where;    ///< "file:line:column", "file:line", or the name of an option; may be empty
    Wording what;           ///< one sentence
    std::string excerpt;  ///< the offending line with a caret line under it, or empty
};

/// Bad input. Carries every fault found, not just the first; the command exits with code 2. what() is English.
class InputError : public std::runtime_error {
public:
    explicit InputError(std::vector<Fault> faults);
    InputError(std::string where, Wording what);
    InputError(std::string where, std::string english);
    const std::vector<Fault>& faults() const { return faults_; }
    /// All faults, a line each and what it shows under it.
    std::string told(bool chinese) const;

private:
    std::vector<Fault> faults_;
};

/// Does a part of reading what was given, and keeps its faults, so that all are told at once. Whether it had none.
template <class Part>
bool collect(std::vector<Fault>& faults, const Part& part) {
    try {
        part();
        return true;
    } catch (const InputError& e) {
        faults.insert(faults.end(), e.faults().begin(), e.faults().end());
        return false;
    }
}

/// A failure of the machine (disk full, unwritable file ...), not of the input; exit code 1. what() is English.
class SystemError : public std::runtime_error {
public:
    explicit SystemError(Wording what) : std::runtime_error(what.en), what_(std::move(what)) {}
    const std::string& told(bool chinese) const { return what_.in(chinese); }

private:
    Wording what_;
};

}  // namespace doudi
