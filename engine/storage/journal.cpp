#include "storage/journal.hpp"

#include "base/digest.hpp"
#include "base/error.hpp"
#include "storage/result_head.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <span>

namespace doudi {
namespace {

/// Head of a record; the chunks, each behind its size, and the SHA-256 (64 hex digits) of all that follow.
struct Head {
    std::uint64_t county, packed;
};
constexpr std::uint64_t digest_size = 64;

std::string header_text(const std::string& plan_digest) { return "doudi journal 2\n" + plan_digest + "\n"; }

void write_all(int file, const void* data, std::size_t size, const std::filesystem::path& path) {
    const char* at = static_cast<const char*>(data);
    while (size > 0) {
        const ssize_t n = ::write(file, at, size);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) throw SystemError(both("{}: cannot write: {}; the finished counties before this one are kept, free some space and run again with --resume", "{}：无法写入，系统提示：{}；此前已完成的县均已保存，请腾出空间后加 --resume 再次运行", path.string(), std::strerror(errno)));
        at += n;
        size -= static_cast<std::size_t>(n);
    }
}

bool read_all(int file, void* data, std::size_t size, std::uint64_t offset) {
    char* at = static_cast<char*>(data);
    while (size > 0) {
        const ssize_t n = ::pread(file, at, size, static_cast<off_t>(offset));
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        at += n;
        offset += static_cast<std::uint64_t>(n);
        size -= static_cast<std::size_t>(n);
    }
    return true;
}

void sync_folder(const std::filesystem::path& file) {
    const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
    if (const int d = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); d >= 0) {
        ::fsync(d);
        ::close(d);
    }
}

}  // namespace

Journal::Journal(std::filesystem::path path, const std::string& plan_digest, bool resume) : path_(std::move(path)) {
    struct stat before{};
    const bool existed = ::stat(path_.c_str(), &before) == 0;
    file_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (file_ < 0) throw InputError("-o", both("{} cannot be written: {}", "{} 无法写入，系统提示：{}", path_.string(), std::strerror(errno)));
    const auto refuse = [&](const Wording& what) {
        ::close(file_);
        throw InputError(path_.string(), what);
    };
    if (::flock(file_, LOCK_EX | LOCK_NB) != 0) refuse({"another run is writing this output; wait for it or choose another -o", "另一次运行正在写同一输出；请等它结束，或用 -o 另选文件名"});
    struct stat named{}, opened{};
    if (::stat(path_.c_str(), &named) != 0 || ::fstat(file_, &opened) != 0 || named.st_ino != opened.st_ino)
        refuse({"another run has just finished this output", "另一次运行刚刚完成了同一输出"});  // and removed its journal between our open and our lock
    const std::string header = header_text(plan_digest);
    struct stat now{};
    ::fstat(file_, &now);
    if (existed && now.st_size > static_cast<off_t>(header.size())) {  // otherwise it holds no county yet
        std::string found(header.size(), '\0');
        const bool ours = read_all(file_, found.data(), found.size(), 0) && found == header;
        if (!resume && (!ours || read_records(header, static_cast<std::uint64_t>(now.st_size)) > header.size()))
            refuse({"an interrupted run has left finished counties here; take it up with --resume, or delete the file", "此处有一次中断的运行留下的已完成的县；请加 --resume 继续，或删除该文件"});
        if (!ours)
            refuse({"the finished counties belong to another run (other scenario, seed, size or program); delete the file or choose another -o", "已完成的县属于另一次运行（方案、种子、规模或程序不同）；请删除该文件，或用 -o 另选文件名"});
        const std::uint64_t whole = read_records(header, static_cast<std::uint64_t>(now.st_size));
        if (::ftruncate(file_, static_cast<off_t>(whole)) != 0) refuse(both("cannot cut a torn record: {}", "无法截去残缺的记录，系统提示：{}", std::strerror(errno)));
        ::lseek(file_, 0, SEEK_END);
    } else {
        if (::ftruncate(file_, 0) != 0) refuse(both("cannot be written: {}", "无法写入，系统提示：{}", std::strerror(errno)));
        write_all(file_, header.data(), header.size(), path_);
        sync_folder(path_);  // or a power cut could lose the name with all that is written under it
    }
}

Journal::~Journal() {
    if (file_ >= 0) ::close(file_);
}

/// Indexes the whole records and returns where the last of them ends.
std::uint64_t Journal::read_records(const std::string& header, std::uint64_t size) {
    std::uint64_t at = header.size();
    for (;;) {
        Head head{};
        if (at + sizeof head + digest_size > size || !read_all(file_, &head, sizeof head, at)) return at;
        if (head.packed > size - at - sizeof head - digest_size) return at;
        std::string packed(head.packed, '\0'), digest(digest_size, '\0');
        if (!read_all(file_, packed.data(), packed.size(), at + sizeof head) ||
            !read_all(file_, digest.data(), digest.size(), at + sizeof head + head.packed))
            return at;
        Digest check;
        check.add({reinterpret_cast<const char*>(&head), sizeof head});
        check.add(packed);
        if (check.hex() != digest) return at;
        records_[static_cast<int>(head.county)] = {at + sizeof head, head.packed};
        at += sizeof head + head.packed + digest_size;
    }
}

bool Journal::find(int county, Tally& tally) const {
    const auto record = records_.find(county);
    if (record == records_.end()) return false;
    std::string packed(record->second.packed, '\0');
    if (!read_all(file_, packed.data(), packed.size(), record->second.offset)) return false;
    std::string_view rest = packed;
    for (const Cube& cube : result_cubes()) {
        auto& values = tally.*cube.values;
        const std::size_t each = values.size() / static_cast<std::size_t>(tally.scenarios);
        for (std::size_t s = 0; s < static_cast<std::size_t>(tally.scenarios); ++s) {
            std::uint64_t size = 0;
            if (rest.size() < sizeof size) return false;
            std::memcpy(&size, rest.data(), sizeof size);
            rest.remove_prefix(sizeof size);
            if (size > rest.size() || !unpack(rest.substr(0, size), std::span(values).subspan(s * each, each))) return false;
            rest.remove_prefix(size);
        }
    }
    return rest.empty();
}

void Journal::append(int county, const Tally& tally) { append(county, pack(tally)); }

void Journal::append(int county, const PackedTally& packed) {
    std::string record(sizeof(Head), '\0');
    for (const auto& cube : packed)
        for (const Chunk& chunk : cube) {
            const std::uint64_t size = chunk.size();
            record.append(reinterpret_cast<const char*>(&size), sizeof size);
            record += chunk;
        }
    const Head head{static_cast<std::uint64_t>(county), record.size() - sizeof head};
    std::memcpy(record.data(), &head, sizeof head);
    record += sha256(record);
    write_all(file_, record.data(), record.size(), path_);
    if (::fsync(file_) != 0) throw SystemError(both("{}: cannot sync: {}", "{}：无法写到磁盘，系统提示：{}", path_.string(), std::strerror(errno)));
    const auto end = static_cast<std::uint64_t>(::lseek(file_, 0, SEEK_CUR));
    records_[county] = {end - digest_size - head.packed, head.packed};
}

void Journal::remove() { ::unlink(path_.c_str()); }

}  // namespace doudi
