#pragma once
#include "storage/h5.hpp"
#include "storage/packing.hpp"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <type_traits>
#include <vector>

namespace doudi::h5 {

Id string_type();  ///< UTF-8, of any length

/// An HDF5 file that is built in memory with named dimensions (netCDF-4's dimension scales, so that xarray opens it as it
/// is) and published whole: written beside its name, synced, renamed. No times in it: the same content is the same bytes.
class Image {
public:
    Image();
    ~Image();
    Image(const Image&) = delete;
    Image& operator=(const Image&) = delete;

    void attribute(hid_t object, const char* name, const std::string& text) const;
    void attribute(hid_t object, const char* name, std::int64_t value) const;
    void attribute(hid_t object, const char* name, double value) const;

    template <class T>
    void attribute(const char* name, const T& value) const {  ///< of the root
        const Id root(H5Gopen2(file, "/", H5P_DEFAULT), H5Gclose, "open the root");
        attribute(root, name, value);
    }

    void dimension(const std::string& name, const std::string& meaning, const std::vector<std::string>& labels);
    void dimension(const std::string& name, const std::string& meaning, const std::vector<std::int32_t>& labels);

    /// A variable written at once: text, int64 or double, row-major over `dims`.
    template <class T>
    void variable(const std::string& name, const std::vector<std::string>& dims, const std::string& meaning, const std::string& unit, const std::vector<T>& values) {
        const auto shape = shape_of(dims);
        if constexpr (std::is_same_v<T, std::string>) {
            const Id type = string_type();
            Id d(create(name, type, shape, {}), H5Dclose, "make " + name);
            write(d, values);
            describe(d, dims, meaning, unit);
        } else {
            constexpr bool whole = std::is_same_v<T, std::int64_t>;
            auto chunk = shape;
            if (dims.front() == "replicate" && dims.size() == 4) chunk[0] = std::min<hsize_t>(chunk[0], 64);  // systemic
            Id d(create(name, whole ? H5T_STD_I64LE : H5T_IEEE_F64LE, shape, chunk), H5Dclose, "make " + name);
            std::vector<hsize_t> at(shape.size(), 0);
            const std::size_t all = shape[0], rows = chunk[0], row = values.size() / all;
            for (std::size_t first = 0; first < all; first += rows) {
                std::vector<T> part(rows * row);  // the last chunk is as long as the others
                std::copy_n(values.begin() + static_cast<std::ptrdiff_t>(first * row), std::min(rows, all - first) * row, part.begin());
                at[0] = first;
                put(d, at, pack(part));
            }
            describe(d, dims, meaning, unit);
        }
    }

    /// Writes the file. Throws SystemError if the disk refuses; then `path` is as it was. No writing after it.
    void publish(const std::filesystem::path& path);

protected:
    hid_t create(const std::string& name, hid_t type, const std::vector<hsize_t>& shape, const std::vector<hsize_t>& chunk) const;
    void put(hid_t dataset, const std::vector<hsize_t>& at, const Chunk& chunk) const;
    void write(hid_t dataset, const std::vector<std::string>& list) const;
    void scale(const std::string& name, hid_t dataset, hsize_t size);
    void describe(hid_t d, const std::vector<std::string>& dims, const std::string& meaning, const std::string& unit) const;
    std::vector<hsize_t> shape_of(const std::vector<std::string>& dims) const;
    void close_datasets();

    hid_t file = -1;
    std::map<std::string, hid_t> scales;
    std::map<std::string, hsize_t> sizes;
    std::map<std::string, hid_t> cubes;  ///< open datasets that are filled bit by bit
};

}  // namespace doudi::h5
