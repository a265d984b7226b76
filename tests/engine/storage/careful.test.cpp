#include "base/error.hpp"
#include "catch.hpp"
#include "storage/careful.hpp"

#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <new>
#include <string>
#include <vector>

using namespace doudi;

namespace {

/// A file of a few bytes, gone at the end.
class Small {
public:
    Small() : path_(std::filesystem::temp_directory_path() / ("doudi-seal-" + std::to_string(::getpid()))) { std::ofstream(path_) << "bytes"; }
    Small(const Small&) = delete;
    Small& operator=(const Small&) = delete;
    ~Small() { std::filesystem::remove(path_); }
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

}  // namespace

TEST_CASE("a file that nothing vouches for is read twice, and what is read is here") {
    const Small file;
    int read = 0;
    read_with_care(file.path(), [&] { ++read; });
    CHECK(read == 1);  // and once in the child
}

TEST_CASE("what the child finds wrong is told in both languages, and the file is not read here") {
    const Small file;
    int read = 0;
    try {
        read_with_care(file.path(), [&] {
            ++read;
            std::vector<Fault> faults;
            for (int k = 0; k < 3000; ++k) faults.push_back({"place " + std::to_string(k), Wording{"wrong", "有误"}, k % 2 == 0 ? "" : "line\n^"});  // more than a pipe holds at once
            throw InputError(std::move(faults));
        });
        FAIL("not refused");
    } catch (const InputError& e) {
        REQUIRE(e.faults().size() == 3000);
        CHECK(e.faults()[1].where == "place 1");
        CHECK(e.faults()[1].what.en == "wrong");
        CHECK(e.faults()[1].what.zh == "有误");
        CHECK(e.faults()[1].excerpt == "line\n^");
        CHECK(e.faults()[2998].excerpt.empty());
    }
    CHECK(read == 0);
}

TEST_CASE("a crash of the child, and a failure that is no fault, are refused with the name of the file") {
    const Small file;
    const auto said = [&](const auto& work) {
        try {
            read_with_care(file.path(), work);
        } catch (const InputError& e) {
            CHECK(e.faults().front().where == file.path().string());
            return e.faults().front().what.en;
        }
        return std::string("nothing");
    };
    CHECK(said([] { ::raise(SIGKILL); }) == "is damaged: reading it crashes libhdf5 (signal 9)");
    CHECK(said([] { throw SystemError({"HDF5: cannot make a type", "无法"}); }) == "is damaged: HDF5: cannot make a type");
    CHECK(said([] { throw std::bad_alloc(); }) == "is damaged: it cannot be read with 4096 MiB of memory");
}
