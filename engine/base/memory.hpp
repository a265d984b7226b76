#pragma once
#include "base/wording.hpp"

#include <filesystem>

namespace doudi {

/// How much memory this process may use, and who says so: the machine, a control group (containers, batch systems), or
/// ulimit -v; the smallest of them. `root` stands before /proc and /sys, for tests.
struct MemoryLimit {
    double bytes = 0;
    Wording who;
};
MemoryLimit memory_limit(const std::filesystem::path& root = "/");

/// Peak resident memory of this process so far, in bytes.
double peak_memory();

}  // namespace doudi
