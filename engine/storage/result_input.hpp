#pragma once
#include "storage/h5.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace doudi {

/// A results file opened for reading, which may hold anything: every failure is an InputError that names the file.
class Input {
public:
    explicit Input(std::filesystem::path path);
    [[noreturn]] void fail(Wording what) const;

    std::int64_t number(const char* name) const;  ///< an attribute of the root, as the next two
    double real(const char* name) const;
    std::string text(const char* name) const;

    bool has(const char* name) const;
    h5::Id dataset(const char* name) const;
    std::vector<std::string> texts(const char* name) const;
    template <class T>  // int32, int64 and double
    std::vector<T> numbers(const char* name, hid_t type) const;
    /// A dataset of numbers with just this shape, stored in chunks of one scenario and county, each of them there: what
    /// else claims to be a cube could ask for any amount of memory.
    h5::Id cube(const char* name, const std::vector<hsize_t>& wanted) const;
    /// One county and scenario of a cube: [replicate, ...].
    std::vector<std::int64_t> slab(hid_t d, const char* name, const std::vector<hsize_t>& wanted, std::size_t scenario, std::size_t county) const;

private:
    std::vector<hsize_t> shape(hid_t d) const;
    std::string well_formed(std::string text, const char* name) const;
    void require(hid_t d, const char* name, H5T_class_t wanted) const;
    void read_attribute(const char* name, H5T_class_t wanted, hid_t type, void* value) const;

    std::filesystem::path path_;
    std::vector<h5::Id> file_;
};

}  // namespace doudi
