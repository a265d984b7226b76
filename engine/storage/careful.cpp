#include "storage/careful.hpp"

#include "base/error.hpp"

#include <hdf5.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define DOUDI_NO_ADDRESS_LIMIT  // the sanitizers reserve terabytes of addresses
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define DOUDI_NO_ADDRESS_LIMIT
#endif

namespace doudi {
namespace {

/// Faults as bytes, for the way from a process to its parent: four texts each, a zero after every one.
std::string as_bytes(const std::vector<Fault>& faults) {
    std::string bytes;
    for (const Fault& f : faults)
        for (const std::string& text : {f.where, f.what.en, f.what.zh, f.excerpt}) bytes.append(text).push_back('\0');
    return bytes;
}

std::vector<Fault> as_faults(const std::string& bytes) {
    std::vector<std::string> texts;
    for (std::size_t from = 0, end; (end = bytes.find('\0', from)) != std::string::npos; from = end + 1) texts.push_back(bytes.substr(from, end - from));
    std::vector<Fault> faults;
    for (std::size_t k = 0; k + 4 <= texts.size(); k += 4) faults.push_back({texts[k], Wording{texts[k + 1], texts[k + 2]}, texts[k + 3]});
    return faults;
}

/// Every byte that comes until the other end is closed.
std::string all_from(int end) {
    std::string bytes;
    std::array<char, 4096> part;
    for (ssize_t n; (n = ::read(end, part.data(), part.size())) != 0;) {
        if (n > 0) bytes.append(part.data(), static_cast<std::size_t>(n));
        else if (errno != EINTR) break;
    }
    return bytes;
}

void all_to(int end, const std::string& bytes) {
    for (std::size_t done = 0; done < bytes.size();) {
        const ssize_t n = ::write(end, bytes.data() + done, bytes.size() - done);
        if (n > 0) done += static_cast<std::size_t>(n);
        else if (n < 0 && errno != EINTR) return;
    }
}

/// In the child: how `work` went, as an exit code, and its faults to the parent.
enum Outcome : int { well, faulty, out_of_memory };
[[noreturn]] void try_out(const std::filesystem::path& file, const std::function<void()>& work, unsigned seconds, [[maybe_unused]] rlim_t most, int to_parent) {
    ::signal(SIGALRM, SIG_DFL);
    ::alarm(seconds);
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
#ifndef DOUDI_NO_ADDRESS_LIMIT
    const rlimit addresses{most, most};
    ::setrlimit(RLIMIT_AS, &addresses);
#endif
    try {
        work();
        ::H5close();  // as at the end of a process: it may crash there too
    } catch (const InputError& e) {
        all_to(to_parent, as_bytes(e.faults()));
        ::_exit(faulty);
    } catch (const SystemError& e) {  // libhdf5 refuses it
        all_to(to_parent, as_bytes({{file.string(), both("is damaged: {}", "已损坏：{}", Wording{e.told(false), e.told(true)})}}));
        ::_exit(faulty);
    } catch (...) {
        ::_exit(out_of_memory);
    }
    ::_exit(well);
}

}  // namespace

void read_with_care(const std::filesystem::path& file, const std::function<void()>& work) {
    const auto size = static_cast<rlim_t>(std::filesystem::file_size(file));
    const unsigned seconds = 20 + static_cast<unsigned>(size / 10'000'000);
    const rlim_t most = std::max<rlim_t>(rlim_t{4} << 30, 40 * size);
    std::fflush(nullptr);
    std::array<int, 2> ends;
    const pid_t child = ::pipe(ends.data()) == 0 ? ::fork() : -1;
    if (child < 0) throw SystemError(both("cannot start a process to read the file: {}", "无法启动读取文件的进程，系统提示：{}", std::strerror(errno)));
    if (child == 0) try_out(file, work, seconds, most, ends[1]);
    ::close(ends[1]);
    std::vector<Fault> faults = as_faults(all_from(ends[0]));
    ::close(ends[0]);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    if (WIFSIGNALED(status))
        throw InputError(file.string(), WTERMSIG(status) == SIGALRM ? both("is damaged: reading it did not end within {} s", "已损坏：{} 秒内未能读完", seconds)
                                                                    : both("is damaged: reading it crashes libhdf5 (signal {})", "已损坏：读取时 libhdf5 崩溃（信号 {}）", WTERMSIG(status)));
    // What was refused there is not read here: without the child's limits it may go another way, and crash.
    if (!faults.empty()) throw InputError(std::move(faults));
    if (WEXITSTATUS(status) != well) throw InputError(file.string(), both("is damaged: it cannot be read with {} MiB of memory", "已损坏：用 {} MiB 内存无法读取", most >> 20));
    work();
}

}  // namespace doudi
