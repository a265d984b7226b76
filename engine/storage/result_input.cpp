#include "storage/result_input.hpp"

#include "base/bounds.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <type_traits>

namespace doudi {

using h5::Id;

namespace {

constexpr hsize_t most_numbers = 50'000'000;

}  // namespace

Input::Input(std::filesystem::path path) : path_(std::move(path)) {
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    const hid_t file = H5Fopen(path_.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
    if (file < 0) fail({"is not an HDF5 file, or is damaged", "不是 HDF5 文件，或已损坏"});
    file_.emplace_back(file, H5Fclose, "open");
    if (H5Aexists(file, "format_version") <= 0) fail({"is not a doudi results file (no format_version)", "不是 doudi 结果文件（缺少 format_version）"});
    const std::int64_t version = number("format_version");
    if (version != 1) fail(both("has results format {}; this program reads format 1", "结果格式为 {}；本程序只读格式 1", version));
}

void Input::fail(Wording what) const { throw InputError(path_.string(), std::move(what)); }

std::int64_t Input::number(const char* name) const {
    std::int64_t value = 0;
    read_attribute(name, H5T_INTEGER, H5T_NATIVE_INT64, &value);
    return value;
}

double Input::real(const char* name) const {
    double value = 0;
    read_attribute(name, H5T_FLOAT, H5T_NATIVE_DOUBLE, &value);
    return value;
}

std::string Input::text(const char* name) const {
    char* value = nullptr;
    Id type(H5Tcopy(H5T_C_S1), H5Tclose, "make a type");
    H5Tset_size(type, H5T_VARIABLE);
    H5Tset_cset(type, H5T_CSET_UTF8);
    read_attribute(name, H5T_STRING, type, &value);
    std::string result = value ? value : "";
    H5free_memory(value);
    return well_formed(std::move(result), name);
}

std::vector<hsize_t> Input::shape(hid_t d) const {
    Id space(H5Dget_space(d), H5Sclose, "read a space");
    std::array<hsize_t, 32> size{};
    const int rank = H5Sget_simple_extent_ndims(space);
    if (rank < 0 || rank > 8 || H5Sis_simple(space) <= 0) fail({"a dataset has an impossible shape", "有数据集的形状不合理"});
    H5Sget_simple_extent_dims(space, size.data(), nullptr);
    return {size.begin(), size.begin() + rank};
}

bool Input::has(const char* name) const { return H5Lexists(file_.front(), name, H5P_DEFAULT) > 0; }

Id Input::dataset(const char* name) const {
    const hid_t d = H5Dopen2(file_.front(), name, H5P_DEFAULT);
    if (d < 0) fail(both("has no dataset \"{}\"", "缺少数据集 \"{}\"", name));
    return Id(d, H5Dclose, name);
}

std::vector<std::string> Input::texts(const char* name) const {
    const Id d = dataset(name);
    const auto size = shape(d);
    if (size.size() != 1 || size[0] > 100'000) fail(both("{} has an impossible shape", "{} 的形状不合理", name));
    require(d, name, H5T_STRING);
    std::vector<char*> pointers(size[0], nullptr);
    Id type(H5Tcopy(H5T_C_S1), H5Tclose, "make a type");
    H5Tset_size(type, H5T_VARIABLE);
    H5Tset_cset(type, H5T_CSET_UTF8);
    if (H5Dread(d, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()) < 0) fail(both("cannot read {}", "无法读取 {}", name));
    std::vector<std::string> list;
    for (char* pointer : pointers) {
        list.emplace_back(pointer ? pointer : "");
        H5free_memory(pointer);
    }
    for (std::string& text : list) text = well_formed(std::move(text), name);
    return list;
}

template <class T>
std::vector<T> Input::numbers(const char* name, hid_t type) const {
    const Id d = dataset(name);
    const auto size = shape(d);
    require(d, name, std::is_floating_point_v<T> ? H5T_FLOAT : H5T_INTEGER);
    hsize_t count = 1;
    for (const hsize_t s : size) {
        if (s > most_numbers) fail(both("{} has an impossible shape", "{} 的形状不合理", name));
        count *= s;
        if (count > most_numbers) fail(both("{} has an impossible shape", "{} 的形状不合理", name));
    }
    std::vector<T> values(count);
    if (H5Dread(d, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0) fail(both("cannot read {}: a checksum does not agree, or the file is cut", "无法读取 {}：校验和不符，或文件被截断", name));
    return values;
}

Id Input::cube(const char* name, const std::vector<hsize_t>& wanted) const {
    Id d = dataset(name);
    if (shape(d) != wanted) fail(both("{} does not have the shape of its dimensions", "{} 的形状与各维度不符", name));
    require(d, name, H5T_INTEGER);
    auto chunk = wanted;
    chunk[0] = chunk[2] = 1;
    Id creation(H5Dget_create_plist(d), H5Pclose, "read how a dataset is stored");
    std::vector<hsize_t> found(chunk.size());
    if (H5Pget_layout(creation) != H5D_CHUNKED || H5Pget_chunk(creation, static_cast<int>(found.size()), found.data()) != static_cast<int>(found.size()) || found != chunk)
        fail(both("{} is not stored by scenario and county", "{} 未按方案和县分块存储", name));
    double bytes = 8;
    for (const hsize_t s : wanted) bytes *= static_cast<double>(s);
    if (bytes > 1100.0 * static_cast<double>(H5Dget_storage_size(d))) fail(both("{} claims to hold more than is stored", "{} 声明的数据量多于实际存储", name));  // deflate: 1032 to 1
    return d;
}

std::vector<std::int64_t> Input::slab(hid_t d, const char* name, const std::vector<hsize_t>& wanted, std::size_t scenario, std::size_t county) const {
    std::vector<hsize_t> start(wanted.size(), 0), count = wanted;
    start[0] = scenario;
    start[2] = county;
    count[0] = count[2] = 1;
    hsize_t total = 1;
    for (const hsize_t s : count) total *= s;
    Id space(H5Dget_space(d), H5Sclose, "read a space");
    H5Sselect_hyperslab(space, H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr);
    // Of the rank of the file: otherwise libhdf5 goes from one to the other element by element.
    Id memory(H5Screate_simple(static_cast<int>(count.size()), count.data(), nullptr), H5Sclose, "make a space");
    std::vector<std::int64_t> values(total);
    if (H5Dread(d, H5T_NATIVE_INT64, memory, space, H5P_DEFAULT, values.data()) < 0)
        fail(both("cannot read {}: a checksum does not agree, or the file is cut", "无法读取 {}：校验和不符，或文件被截断", name));
    hsize_t cells = 1;
    for (std::size_t i = 2; i < wanted.size(); ++i) cells *= wanted[i];
    const std::int64_t most = most_cell(static_cast<std::int64_t>(cells));
    for (const std::int64_t value : values)
        if (value > most || value < -most) fail(both("{} holds numbers that no run can have", "{} 含有任何运行都不会产生的数值", name));
    return values;
}

std::string Input::well_formed(std::string text, const char* name) const {
    if (not_utf8(text)) fail(both("{} holds text that is not UTF-8: the file is damaged, or another program wrote it", "{} 含有非 UTF-8 文字：文件已损坏，或由其他程序写成", name));
    return text;
}

void Input::require(hid_t d, const char* name, H5T_class_t wanted) const {
    Id type(H5Dget_type(d), H5Tclose, "read a type");
    if (H5Tget_class(type) != wanted || (wanted == H5T_STRING && H5Tis_variable_str(type) <= 0)) fail(both("{} does not have the type of its kind", "{} 的数据类型不符", name));
}

void Input::read_attribute(const char* name, H5T_class_t wanted, hid_t type, void* value) const {
    const hid_t a = H5Aopen(file_.front(), name, H5P_DEFAULT);
    if (a < 0) fail(both("has no attribute \"{}\"", "缺少属性 \"{}\"", name));
    const Id id(a, H5Aclose, name);
    Id stored(H5Aget_type(a), H5Tclose, "read a type"), space(H5Aget_space(a), H5Sclose, "read a space");
    if (H5Tget_class(stored) != wanted || (wanted == H5T_STRING && H5Tis_variable_str(stored) <= 0) || H5Sget_simple_extent_npoints(space) != 1)
        fail(both("the attribute \"{}\" does not have the type of its kind", "属性 \"{}\" 的数据类型不符", name));
    if (H5Aread(id, type, value) < 0) fail(both("cannot read the attribute \"{}\"", "无法读取属性 \"{}\"", name));
}

template std::vector<std::int32_t> Input::numbers(const char* name, hid_t type) const;
template std::vector<std::int64_t> Input::numbers(const char* name, hid_t type) const;
template std::vector<double> Input::numbers(const char* name, hid_t type) const;

}  // namespace doudi
