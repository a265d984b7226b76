#pragma once
#include <chrono>
#include <string>

namespace doudi::cli {

/// A line on stderr with share done, rate and time left: rewritten in place on a terminal, one line a tenth otherwise.
class Progress {
public:
    Progress(double total, bool shown, bool chinese = false);
    void at(double done, const std::string& what);
    void end();
    double seconds() const;

private:
    double total_;
    bool shown_, chinese_, terminal_;
    int tenths_ = -1;
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace doudi::cli
