#include "cli/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace doudi::cli {

Progress::Progress(double total, bool shown, bool chinese) : total_(total), shown_(shown), chinese_(chinese), terminal_(isatty(STDERR_FILENO) != 0) {}

double Progress::seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

void Progress::at(double done, const std::string& what) {
    if (!shown_ || total_ <= 0) return;
    const double share = done / total_, spent = seconds(), of_stage = spent - stage_;
    const int tenths = static_cast<int>(10 * share);
    if (!terminal_ && tenths == tenths_) return;
    tenths_ = tenths;
    const std::string left = share > 0 && of_stage > 0.5 ? fmt::format(fmt::runtime(chinese_ ? "剩余 {:.0f} 秒" : "{:.0f} s left"), of_stage / share * (1 - share)) : "";
    fmt::print(stderr, fmt::runtime(chinese_ ? "{}{:3.0f}%  {:.0f} 秒  {}  {}{}" : "{}{:3.0f} %  {:.0f} s  {}  {}{}"), terminal_ ? "\r\033[K" : "", 100 * share, spent, left, what, terminal_ ? "" : "\n");
    std::fflush(stderr);
}

void Progress::end() {
    if (shown_ && terminal_) fmt::print(stderr, "\r\033[K");
    stage_ = seconds();
    tenths_ = -1;
}

}  // namespace doudi::cli
