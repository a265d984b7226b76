#include "cli/output.hpp"

#include "base/error.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace doudi::cli {
namespace fs = std::filesystem;

void check_place(const fs::path& output, const Plan& plan, const char* example) {
    if (fs::is_directory(output)) throw InputError("-o", both("{} is a folder; name a file, such as {}", "{} 是文件夹；请写文件名，例如 {}", output.string(), example));
    const fs::path folder = output.has_parent_path() ? output.parent_path() : fs::path(".");
    if (!fs::is_directory(folder)) throw InputError("-o", both("there is no folder {}", "没有文件夹 {}", folder.string()));
    if (::access(folder.c_str(), W_OK) != 0) throw InputError("-o", both("{} cannot be written: {}", "{} 无法写入，系统提示：{}", output.string(), std::strerror(errno)));
    for (const SourceText& source : plan.sources) {
        std::error_code ignored;
        if (fs::equivalent(output, source.file, ignored)) throw InputError("-o", both("{} is a file that this command reads; choose another name", "{} 是本命令要读取的文件；请另选文件名", output.string()));
    }
}

void check_free(const fs::path& output, bool could_force) {
    if (!fs::exists(output) || fs::is_directory(output)) return;  // of a folder check_place tells
    throw InputError("-o", could_force ? both("{} exists; choose another name, or --force to replace it", "{} 已存在；请另选文件名，或加 --force 覆盖", output.string())
                                       : both("{} exists; choose another name", "{} 已存在；请另选文件名", output.string()));
}

void write_whole(const fs::path& path, const std::function<void(std::ostream&)>& write) {
    const std::string beside = path.string() + ".new";
    errno = 0;
    std::ofstream out(beside, std::ios::binary);
    if (out) write(out);
    out.close();
    if (out) {
        fs::rename(beside, path);
        return;
    }
    const int why = errno;
    std::error_code ignored;
    fs::remove(beside, ignored);
    throw SystemError(both("{}: cannot write: {}", "{}：无法写入，系统提示：{}", path.string(), std::strerror(why)));
}

}  // namespace doudi::cli
