#include "storage/h5_image.hpp"

#include "storage/seal.hpp"

#include <fcntl.h>
#include <hdf5_hl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace doudi::h5 {
namespace {

/// Bob Jenkins' lookup3 (public domain), the checksum of HDF5 metadata: 44 bytes here, so the general tail is short.
std::uint32_t lookup3(const unsigned char* at, std::size_t length) {
    const auto turn = [](std::uint32_t x, int k) { return (x << k) | (x >> (32 - k)); };
    const auto word = [](const unsigned char* p) { return p[0] | std::uint32_t{p[1]} << 8 | std::uint32_t{p[2]} << 16 | std::uint32_t{p[3]} << 24; };
    std::uint32_t a = 0xdeadbeef + static_cast<std::uint32_t>(length), b = a, c = a;
    for (; length > 12; length -= 12, at += 12) {
        a += word(at), b += word(at + 4), c += word(at + 8);
        a -= c, a ^= turn(c, 4), c += b;
        b -= a, b ^= turn(a, 6), a += c;
        c -= b, c ^= turn(b, 8), b += a;
        a -= c, a ^= turn(c, 16), c += b;
        b -= a, b ^= turn(a, 19), a += c;
        c -= b, c ^= turn(b, 4), b += a;
    }
    unsigned char rest[12] = {};
    std::copy_n(at, length, rest);
    a += word(rest), b += word(rest + 4), c += word(rest + 8);
    c ^= b, c -= turn(b, 14);
    a ^= c, a -= turn(c, 11);
    b ^= a, b -= turn(a, 25);
    c ^= b, c -= turn(b, 16);
    a ^= c, a -= turn(c, 4);
    b ^= a, b -= turn(a, 14);
    c ^= b, c -= turn(b, 24);
    return c;
}

/// H5Fget_file_image of libhdf5 1.10 clears the "open" flag of a version 2 or 3 superblock but leaves the checksum that
/// was taken with it, so that no reader opens the image: take the checksum again.
void seal_superblock(std::vector<unsigned char>& image) {
    if (image.size() < 48 || image[8] < 2) return;
    const std::uint32_t sum = lookup3(image.data(), 44);
    for (std::size_t i = 0; i < 4; ++i) image[44 + i] = static_cast<unsigned char>(sum >> (8 * i));
}

}  // namespace

Id string_type() {
    Id type(H5Tcopy(H5T_C_S1), H5Tclose, "make a text type");
    H5Tset_size(type, H5T_VARIABLE);
    H5Tset_cset(type, H5T_CSET_UTF8);
    return type;
}

Image::Image() {
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    Id access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "set file access");
    H5Pset_fapl_core(access, 16u << 20, 0);
    H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_V18);  // checksums on all metadata
    Id creation(H5Pcreate(H5P_FILE_CREATE), H5Pclose, "set file creation");
    H5Pset_link_creation_order(creation, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
    H5Pset_obj_track_times(creation, 0);  // files would differ from run to run
    file = check(H5Fcreate("in-memory", H5F_ACC_TRUNC, creation, access), "make the file image");
}

Image::~Image() {
    close_datasets();
    if (file >= 0) H5Fclose(file);
}

void Image::close_datasets() {
    for (const auto& [name, id] : cubes) H5Dclose(id);
    cubes.clear();
    for (const auto& [name, id] : scales) H5Dclose(id);
    scales.clear();
}

void Image::attribute(hid_t object, const char* name, const std::string& text) const {
    const Id type = string_type();
    Id space(H5Screate(H5S_SCALAR), H5Sclose, "make a scalar");
    Id a(H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose, std::string("make the attribute ") + name);
    const char* pointer = text.c_str();
    check(H5Awrite(a, type, &pointer), std::string("write the attribute ") + name);
}

void Image::attribute(hid_t object, const char* name, std::int64_t value) const {
    Id space(H5Screate(H5S_SCALAR), H5Sclose, "make a scalar");
    Id a(H5Acreate2(object, name, H5T_STD_I64LE, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose, std::string("make the attribute ") + name);
    check(H5Awrite(a, H5T_NATIVE_INT64, &value), std::string("write the attribute ") + name);
}

void Image::attribute(hid_t object, const char* name, double value) const {
    Id space(H5Screate(H5S_SCALAR), H5Sclose, "make a scalar");
    Id a(H5Acreate2(object, name, H5T_IEEE_F64LE, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose, std::string("make the attribute ") + name);
    check(H5Awrite(a, H5T_NATIVE_DOUBLE, &value), std::string("write the attribute ") + name);
}

hid_t Image::create(const std::string& name, hid_t type, const std::vector<hsize_t>& shape, const std::vector<hsize_t>& chunk) const {
    Id space(H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr), H5Sclose, "make a space");
    Id creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "set creation");
    H5Pset_obj_track_times(creation, 0);
    H5Pset_attr_creation_order(creation, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
    if (!chunk.empty()) {
        H5Pset_fill_time(creation, H5D_FILL_TIME_NEVER);
        H5Pset_chunk(creation, static_cast<int>(chunk.size()), chunk.data());
        H5Pset_shuffle(creation);
        H5Pset_deflate(creation, deflate_level);
        H5Pset_fletcher32(creation);
    }
    return check(H5Dcreate2(file, name.c_str(), type, space, H5P_DEFAULT, creation, H5P_DEFAULT), "make the dataset " + name);
}

void Image::put(hid_t dataset, const std::vector<hsize_t>& at, const Chunk& chunk) const {
    check(H5Dwrite_chunk(dataset, H5P_DEFAULT, 0, at.data(), chunk.size(), chunk.data()), "write a chunk");
}

void Image::write(hid_t dataset, const std::vector<std::string>& list) const {
    std::vector<const char*> pointers;
    for (const std::string& text : list) pointers.push_back(text.c_str());
    const Id type = string_type();
    check(H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()), "write text");
}

void Image::scale(const std::string& name, hid_t dataset, hsize_t size) {
    check(H5DSset_scale(dataset, name.c_str()), "make the dimension " + name);
    scales[name] = dataset;
    sizes[name] = size;
}

void Image::dimension(const std::string& name, const std::string& meaning, const std::vector<std::string>& labels) {
    const Id type = string_type();
    const hid_t d = create(name, type, {labels.size()}, {});
    write(d, labels);
    scale(name, d, labels.size());
    attribute(d, "long_name", meaning);
}

void Image::dimension(const std::string& name, const std::string& meaning, const std::vector<std::int32_t>& labels) {
    const hid_t d = create(name, H5T_STD_I32LE, {labels.size()}, {});
    check(H5Dwrite(d, H5T_NATIVE_INT32, H5S_ALL, H5S_ALL, H5P_DEFAULT, labels.data()), "write " + name);
    scale(name, d, labels.size());
    attribute(d, "long_name", meaning);
}

void Image::describe(hid_t d, const std::vector<std::string>& dims, const std::string& meaning, const std::string& unit) const {
    for (std::size_t i = 0; i < dims.size(); ++i)
        check(H5DSattach_scale(d, scales.at(dims[i]), static_cast<unsigned>(i)), "attach the dimension " + dims[i]);
    attribute(d, "long_name", meaning);
    if (!unit.empty()) attribute(d, "units", unit);
}

std::vector<hsize_t> Image::shape_of(const std::vector<std::string>& dims) const {
    std::vector<hsize_t> shape;
    for (const std::string& dim : dims) shape.push_back(sizes.at(dim));
    return shape;
}

void Image::publish(const std::filesystem::path& path) {
    close_datasets();
    check(H5Fflush(file, H5F_SCOPE_GLOBAL), "flush the file image");
    const ssize_t size = H5Fget_file_image(file, nullptr, 0);
    check(size, "measure the file image");
    std::vector<unsigned char> image;
    image.reserve(static_cast<std::size_t>(size) + seal_size);
    image.resize(static_cast<std::size_t>(size));
    check(H5Fget_file_image(file, image.data(), image.size()), "read the file image");
    seal_superblock(image);
    const std::string seal = seal_for({reinterpret_cast<const char*>(image.data()), image.size()});
    image.insert(image.end(), seal.begin(), seal.end());

    const std::string beside = path.string() + ".new";
    const auto fail = [&](const Wording& what) {
        const std::string reason = std::strerror(errno);
        ::unlink(beside.c_str());
        throw SystemError(both("{}: cannot {}: {}; nothing was changed, and the finished counties are kept for --resume", "{}：无法{}，系统提示：{}；未作任何改动，已完成的县均已保存，可加 --resume 继续", path.string(), what, reason));
    };
    const int out = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (out < 0) fail({"make the file", "新建文件"});
    for (std::size_t done = 0; done < image.size();) {
        const ssize_t n = ::write(out, image.data() + done, image.size() - done);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) {
            const int reason = errno;
            ::close(out);
            errno = reason;
            fail({"write", "写入"});
        }
        done += static_cast<std::size_t>(n);
    }
    if (::fsync(out) != 0) {
        const int reason = errno;
        ::close(out);
        errno = reason;
        fail({"sync", "写到磁盘"});
    }
    ::close(out);
    if (::rename(beside.c_str(), path.c_str()) != 0) fail({"rename to its name", "改名"});
    const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
    if (const int d = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); d >= 0) {
        ::fsync(d);
        ::close(d);
    }
}

}  // namespace doudi::h5
