#include "base/bounds.hpp"
#include "base/error.hpp"
#include "base/memory.hpp"
#include "base/text.hpp"
#include "catch.hpp"

#include <filesystem>
#include <fstream>

#include <unistd.h>

using namespace doudi;
namespace fs = std::filesystem;

namespace {

__extension__ using Wide = __int128;

struct Root {
    fs::path path = fs::temp_directory_path() / ("doudi-root-" + std::to_string(::getpid()));
    Root() { fs::remove_all(path); }
    ~Root() { fs::remove_all(path); }
    void write(const std::string& name, const std::string& text) const {
        fs::create_directories((path / name).parent_path());
        std::ofstream(path / name) << text;
    }
};

}  // namespace

TEST_CASE("the memory limit is the smallest of the machine's and of every control group above the process", "[memory]") {
    const Root root;
    const MemoryLimit machine = memory_limit(root.path);
    CHECK(machine.bytes > 1e8);
    root.write("proc/self/cgroup", "0::/batch/job7\n");
    root.write("sys/fs/cgroup/batch/job7/memory.max", "max\n");
    CHECK(memory_limit(root.path).bytes == machine.bytes);
    root.write("sys/fs/cgroup/batch/memory.max", "50000000\n");
    CHECK(memory_limit(root.path).bytes == 5e7);
    CHECK(memory_limit(root.path).who.en == "the control group /batch");
    root.write("sys/fs/cgroup/batch/job7/memory.max", "30000000\n");
    CHECK(memory_limit(root.path).bytes == 3e7);
    CHECK(memory_limit(root.path).who.en == "the control group /batch/job7");
}

TEST_CASE("a container sees its limit at the top of its own tree, in both versions of control groups", "[memory]") {
    const Root root;
    root.write("proc/self/cgroup", "0::/\n");
    root.write("sys/fs/cgroup/memory.max", "40000000\n");
    CHECK(memory_limit(root.path).bytes == 4e7);
    root.write("proc/self/cgroup", "5:cpu,memory:/docker/abc\n4:pids:/\n");
    root.write("sys/fs/cgroup/memory/memory.limit_in_bytes", "20000000\n");
    CHECK(memory_limit(root.path).bytes == 2e7);
    root.write("proc/self/cgroup", "nonsense\n");
    CHECK(memory_limit(root.path).who.en == "this machine");
}

TEST_CASE("text that is not well-formed UTF-8 is found at its first wrong byte", "[text]") {
    CHECK_FALSE(not_utf8(""));
    CHECK_FALSE(not_utf8("a兜底é😀"));
    CHECK(not_utf8("ab\xff") == std::size_t{2});
    CHECK(not_utf8("a\xc0\xaf") == std::size_t{1});          // too long a form of '/'
    CHECK(not_utf8("\xed\xa0\x80") == std::size_t{0});       // a surrogate
    CHECK(not_utf8("\xf4\x90\x80\x80") == std::size_t{0});   // over U+10FFFF
    CHECK(not_utf8("\xe5\x85") == std::size_t{0});           // cut short
    CHECK(not_utf8(std::string_view("a\0b", 3)) == std::size_t{1});
}

TEST_CASE("a number in prose has so many digits and never an exponent", "[text]") {
    CHECK(plain(1500, 3) == "1500");
    CHECK(plain(12345, 3) == "12300");
    CHECK(plain(6e-05, 3) == "0.00006");
    CHECK(plain(4.0273e-06, 3) == "0.00000403");
    CHECK(plain(0.05, 3) == "0.05");
    CHECK(plain(-0.9996, 3) == "-1");
    CHECK(plain(0, 3) == "0");
    CHECK(plain(1e300, 2).size() == 301);
}

TEST_CASE("a sentence of two languages takes its parts in each of them", "[text]") {
    const std::vector<std::string> known{"urban", "rural"};
    const Wording said = both("{} is unknown{}", "未知：{}{}", "urbn", nearest("urbn", known));
    CHECK(said.en == "urbn is unknown; did you mean \"urban\"?");
    CHECK(said.zh == "未知：urbn；是否应为 \"urban\"？");
    CHECK(both("of {1}, {0}", "{0}（{1}）", residence_wording(0), standard_wording(0)).in(true) == "城镇（城市）");
}

TEST_CASE("faults speak English to a program, and to a reader the language that was asked for", "[error]") {
    const InputError e({Fault("a.toml:3:1", both("{} is negative", "{} 为负数", "x"), "   3 | x = -1"), Fault("--rows", "1 is outside 2 to 3")});
    CHECK(std::string(e.what()) == "a.toml:3:1: error: x is negative\n   3 | x = -1\n--rows: error: 1 is outside 2 to 3");
    CHECK(e.told(false) == e.what());
    CHECK(e.told(true) == "a.toml:3:1: 错误：x 为负数\n   3 | x = -1\n--rows: 错误：1 is outside 2 to 3");
    const SystemError full({"the disk is full", "磁盘已满"});
    CHECK(std::string(full.what()) == "the disk is full");
    CHECK(full.told(true) == "磁盘已满");
    CHECK(InputError(std::vector<Fault>(53, Fault("", "no"))).told(true).ends_with("\n另有 3 处错误"));
}

TEST_CASE("the nation over 60 months fits int64 with every amount at the end of its range", "[bounds]") {
    // In wider arithmetic than the static_asserts of base/bounds.hpp use.
    const auto total = static_cast<Wide>(most_people) * most_months * most_paid;
    CHECK(total < std::numeric_limits<std::int64_t>::max());
    CHECK(total * most_replicates > std::numeric_limits<std::int64_t>::max());  // why no sum over replicates is taken in int64
    CHECK(static_cast<Wide>(most_cell(60 * 20 * 3000)) * (60 * 20 * 3000) <= std::numeric_limits<std::int64_t>::max());
}
