#pragma once
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace doudi {

/// One fault in something that the user gave us: what is wrong, where, and what to try.
struct Fault {
    std::string where;    ///< "file:line:column", "file:line", or the name of an option; may be empty
    std::string what;     ///< one sentence
    std::string excerpt;  ///< the offending line with a caret line under it, or empty
};

/// Bad input. Carries every fault found, not just the first; the command exits with code 2.
class InputError : public std::runtime_error {
public:
    explicit InputError(std::vector<Fault> faults);
    InputError(std::string where, std::string what);
    const std::vector<Fault>& faults() const { return faults_; }

private:
    std::vector<Fault> faults_;
};

/// A failure of the machine (disk full, unwritable file ...), not of the input; exit code 1.
class SystemError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

}  // namespace doudi
