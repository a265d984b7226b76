#include "storage/seal.hpp"

#include "base/digest.hpp"
#include "base/error.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

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

}  // namespace doudi
