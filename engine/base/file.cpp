#include "base/file.hpp"

#include "base/error.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

namespace doudi {

std::string read_file(const std::filesystem::path& path) {
    errno = 0;
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    if (in.is_open() && in.peek() != std::ifstream::traits_type::eof()) text << in.rdbuf();
    if (!in.is_open() || in.bad() || text.fail()) throw InputError(path.string(), both("cannot be read: {}", "无法读取，系统提示：{}", std::strerror(errno)));
    return text.str();
}

}  // namespace doudi
