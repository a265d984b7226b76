#pragma once
#include <chrono>
#include <string>

namespace doudi::cli {

/// A line on stderr with share done, time spent and time left: rewritten in place on a terminal, one line a tenth otherwise.
class Progress {
public:
    Progress(double total, bool shown, bool chinese = false);
    void at(double done, const std::string& what);
    /// Takes the line away. What comes next is another stage, from 0 to the same total.
    void end();
    double seconds() const;

private:
    double total_;
    bool shown_, chinese_, terminal_;
    int tenths_ = -1;
    double stage_ = 0;  ///< seconds at which the stage began
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace doudi::cli
