#include "storage/seal.hpp"

#include "base/digest.hpp"
#include "base/error.hpp"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fstream>

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

void read_with_care(const std::filesystem::path& file, const std::function<void()>& work) {
    const auto size = static_cast<rlim_t>(std::filesystem::file_size(file));
    const unsigned seconds = 20 + static_cast<unsigned>(size / 10'000'000);
    std::fflush(nullptr);
    const pid_t child = ::fork();
    if (child < 0) throw SystemError(both("cannot start a process to read the file: {}", "无法启动读取文件的进程，系统提示：{}", std::strerror(errno)));
    if (child == 0) {
        ::signal(SIGALRM, SIG_DFL);
        ::alarm(seconds);
        const rlimit none{0, 0};
        ::setrlimit(RLIMIT_CORE, &none);
#ifndef DOUDI_NO_ADDRESS_LIMIT
        const rlim_t most = std::max<rlim_t>(rlim_t{4} << 30, 40 * size);
        const rlimit addresses{most, most};
        ::setrlimit(RLIMIT_AS, &addresses);
#endif
        try {
            work();
        } catch (...) {  // the parent will meet the same fault and say it
            ::_exit(1);
        }
        ::_exit(0);
    }
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    if (WIFSIGNALED(status))
        throw InputError(file.string(), WTERMSIG(status) == SIGALRM ? both("is damaged: reading it did not end within {} s", "已损坏：{} 秒内未能读完", seconds)
                                                                    : both("is damaged: reading it crashes libhdf5 (signal {})", "已损坏：读取时 libhdf5 崩溃（信号 {}）", WTERMSIG(status)));
    work();
}

}  // namespace doudi
