#include "base/memory.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <string>

namespace doudi {
namespace {

namespace fs = std::filesystem;

/// A file with one number of bytes; "max", or nothing to read, is no limit.
void lower(MemoryLimit& limit, const fs::path& file, const Wording& who) {
    std::ifstream in(file);
    double bytes = 0;
    if (in >> bytes && bytes > 0 && bytes < limit.bytes) limit = {bytes, who};
}

/// The limits of a group and of all groups above it.
void lower_upwards(MemoryLimit& limit, const fs::path& top, const fs::path& group, const char* name) {
    for (fs::path at = group.relative_path(); ; at = at.parent_path()) {
        lower(limit, top / at / name, both("the control group /{}", "控制组 /{}", at.string()));
        if (at.empty()) return;
    }
}

}  // namespace

MemoryLimit memory_limit(const fs::path& root) {
    MemoryLimit limit{static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGE_SIZE)), {"this machine", "本机"}};
    std::ifstream groups(root / "proc/self/cgroup");
    for (std::string line; std::getline(groups, line);) {
        const auto first = line.find(':'), second = line.find(':', first + 1);
        if (first == std::string::npos || second == std::string::npos) continue;
        const std::string controllers = line.substr(first + 1, second - first - 1), group = line.substr(second + 1);
        if (controllers.empty()) lower_upwards(limit, root / "sys/fs/cgroup", group, "memory.max");
        else if (("," + controllers + ",").find(",memory,") != std::string::npos) lower_upwards(limit, root / "sys/fs/cgroup/memory", group, "memory.limit_in_bytes");
    }
    rlimit addresses{};
    if (::getrlimit(RLIMIT_AS, &addresses) == 0 && addresses.rlim_cur != RLIM_INFINITY && static_cast<double>(addresses.rlim_cur) < limit.bytes)
        limit = {static_cast<double>(addresses.rlim_cur), {"ulimit -v", "ulimit -v"}};
    return limit;
}

double peak_memory() {
    // Not getrusage: its peak is handed down by the process that started this one.
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.rfind("VmHWM:", 0) == 0) return std::strtod(line.c_str() + 6, nullptr) * 1024;
    return 0;
}

}  // namespace doudi
