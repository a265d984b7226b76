#include "storage/seal.hpp"

#include "base/digest.hpp"
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
#include <fstream>
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

std::string seal_for(std::string_view image) { return std::string(seal_mark) + sha256(image) + "\n"; }

bool sealed(const std::filesystem::path& file) {
    const auto broken = [&] { return InputError(file.string(), both("was damaged or changed after it was written: its seal does not agree; run again, or take a copy that `doudi verify` passes", "写成之后已损坏或被改动：全文校验值不符；请重新运行，或改用能通过 `doudi verify` 的副本")); };
    std::error_code error;
    if (!std::filesystem::is_regular_file(file, error)) throw InputError(file.string(), both("there is no such file", "没有该文件"));
    std::ifstream in(file, std::ios::binary);
    if (!in) throw InputError(file.string(), both("cannot be read: {}", "无法读取，系统提示：{}", std::strerror(errno)));
    const auto size = std::filesystem::file_size(file, error);
    if (error || size < seal_size) return false;
    std::string seal(seal_size, '\0');
    in.seekg(static_cast<std::streamoff>(size - seal_size));
    in.read(seal.data(), static_cast<std::streamsize>(seal_size));
    if (!in) return false;
    if (seal.compare(0, seal_mark.size(), seal_mark) != 0) {
        // A digest at the end under a mark that is not ours: the mark itself is what was damaged.
        const bool digest = seal.back() == '\n' && seal.substr(seal_mark.size(), 64).find_first_not_of("0123456789abcdef") == std::string::npos;
        if (digest) throw broken();
        return false;
    }
    in.seekg(0);
    Digest digest;
    std::string part(1u << 20, '\0');
    for (std::uint64_t left = size - seal_size; left > 0 && in;) {
        const auto n = std::min<std::uint64_t>(left, part.size());
        in.read(part.data(), static_cast<std::streamsize>(n));
        digest.add(std::string_view(part).substr(0, static_cast<std::size_t>(in.gcount())));
        left -= n;
    }
    if (!in || digest.hex() + "\n" != seal.substr(seal_mark.size())) throw broken();
    return true;
}

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
enum Outcome : int { well, faulty, failed };
[[noreturn]] void try_out(const std::function<void()>& work, unsigned seconds, [[maybe_unused]] rlim_t most, int to_parent) {
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
    } catch (...) {
        ::_exit(failed);
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
    if (child == 0) try_out(work, seconds, most, ends[1]);
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
