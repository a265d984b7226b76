#include "base/error.hpp"
#include "base/file.hpp"
#include "catch.hpp"

#include <filesystem>
#include <fstream>

using namespace doudi;
namespace fs = std::filesystem;

TEST_CASE("a file is read whole, an empty one as nothing, and one that cannot be read is refused", "[base][file]") {
    const fs::path folder = fs::temp_directory_path() / "doudi-file-test";
    fs::create_directories(folder);
    const std::string text = std::string("兜底\0\n", 8) + std::string(100000, 'x');
    std::ofstream(folder / "whole", std::ios::binary) << text;
    std::ofstream(folder / "empty").close();
    CHECK(read_file(folder / "whole") == text);
    CHECK(read_file(folder / "empty").empty());
    CHECK_THROWS_AS(read_file(folder / "none"), InputError);
    CHECK_THROWS_AS(read_file(folder), InputError);
    // It can be opened, and its first byte cannot be read.
    if (fs::exists("/proc/self/mem")) CHECK_THROWS_AS(read_file("/proc/self/mem"), InputError);
    fs::remove_all(folder);
}
