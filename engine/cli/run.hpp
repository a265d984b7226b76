#pragma once
#include "scenario/load.hpp"
#include "storage/result_writer.hpp"

#include <atomic>
#include <filesystem>
#include <vector>

namespace doudi::cli {

struct RunOptions {
    std::vector<std::filesystem::path> scenarios;  ///< the first is the baseline
    std::filesystem::path output;
    Overrides overrides;
    std::string until;       ///< precision to reach, "total.q95 within 0.5%"; --replicates is then the most
    int threads = 0;         ///< 0: all processors
    bool resume = false, force = false, progress = true, json = false, chinese = false;
};

/// Simulates, journals each finished county, publishes the result and prints the summary. Returns the exit code:
/// 0, or 3 when `stop` was set and a resumable file is left. Throws InputError and SystemError.
int run(const RunOptions& options, const Program& program, const std::atomic<bool>& stop);

}  // namespace doudi::cli
