#include "storage/result_reader.hpp"

#include "base/digest.hpp"
#include "storage/h5.hpp"

#include <array>

namespace doudi {
namespace {

using h5::Id;

/// A results file opened for reading; every failure is an InputError that names the file.
class Input {
public:
    explicit Input(std::filesystem::path path) : path_(std::move(path)) {
        H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
        if (!std::filesystem::is_regular_file(path_)) fail("there is no such file");
        const hid_t file = H5Fopen(path_.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
        if (file < 0) fail("is not an HDF5 file, or is damaged");
        file_.emplace_back(file, H5Fclose, "open");
        if (H5Aexists(file, "format_version") <= 0) fail("is not a doudi results file (no format_version)");
        const std::int64_t version = number("format_version");
        if (version != 1) fail("has results format " + std::to_string(version) + "; this program reads format 1");
    }
    [[noreturn]] void fail(const std::string& what) const { throw InputError(path_.string(), what); }

    std::int64_t number(const char* name) const {
        std::int64_t value = 0;
        read_attribute(name, H5T_NATIVE_INT64, &value);
        return value;
    }
    double real(const char* name) const {
        double value = 0;
        read_attribute(name, H5T_NATIVE_DOUBLE, &value);
        return value;
    }
    std::string text(const char* name) const {
        char* value = nullptr;
        Id type(H5Tcopy(H5T_C_S1), H5Tclose, "make a type");
        H5Tset_size(type, H5T_VARIABLE);
        H5Tset_cset(type, H5T_CSET_UTF8);
        read_attribute(name, type, &value);
        std::string result = value ? value : "";
        H5free_memory(value);
        return result;
    }
    std::vector<hsize_t> shape(hid_t d) const {
        Id space(H5Dget_space(d), H5Sclose, "read a space");
        std::array<hsize_t, 32> size{};
        const int rank = H5Sget_simple_extent_ndims(space);
        if (rank < 0 || rank > 8) fail("a dataset has an impossible shape");
        H5Sget_simple_extent_dims(space, size.data(), nullptr);
        return {size.begin(), size.begin() + rank};
    }
    Id dataset(const char* name) const {
        const hid_t d = H5Dopen2(file_.front(), name, H5P_DEFAULT);
        if (d < 0) fail(std::string("has no dataset \"") + name + '"');
        return Id(d, H5Dclose, name);
    }
    std::vector<std::string> texts(const char* name) const {
        const Id d = dataset(name);
        const auto size = shape(d);
        if (size.size() != 1 || size[0] > 1'000'000) fail(std::string(name) + " has an impossible shape");
        std::vector<char*> pointers(size[0], nullptr);
        Id type(H5Tcopy(H5T_C_S1), H5Tclose, "make a type");
        H5Tset_size(type, H5T_VARIABLE);
        H5Tset_cset(type, H5T_CSET_UTF8);
        if (H5Dread(d, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()) < 0) fail(std::string("cannot read ") + name);
        std::vector<std::string> list;
        for (char* pointer : pointers) {
            list.emplace_back(pointer ? pointer : "");
            H5free_memory(pointer);
        }
        return list;
    }
    template <class T>
    std::vector<T> numbers(const char* name, hid_t type) const {
        const Id d = dataset(name);
        const auto size = shape(d);
        hsize_t count = 1;
        for (const hsize_t s : size) count *= s;
        if (count > 10'000'000) fail(std::string(name) + " has an impossible shape");
        std::vector<T> values(count);
        if (H5Dread(d, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0) fail(std::string("cannot read ") + name + ": a checksum does not agree, or the file is cut");
        return values;
    }
    /// One county and scenario of a cube with the given trailing shape: [replicate, ...].
    std::vector<std::int64_t> slab(hid_t d, const char* name, const std::vector<hsize_t>& wanted, std::size_t scenario, std::size_t county) const {
        if (shape(d) != wanted) fail(std::string(name) + " does not have the shape of its dimensions");
        std::vector<hsize_t> start(wanted.size(), 0), count = wanted;
        start[0] = scenario;
        start[2] = county;
        count[0] = count[2] = 1;
        hsize_t total = 1;
        for (const hsize_t s : count) total *= s;
        Id space(H5Dget_space(d), H5Sclose, "read a space");
        H5Sselect_hyperslab(space, H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr);
        Id memory(H5Screate_simple(1, &total, nullptr), H5Sclose, "make a space");
        std::vector<std::int64_t> values(total);
        if (H5Dread(d, H5T_NATIVE_INT64, memory, space, H5P_DEFAULT, values.data()) < 0)
            fail(std::string("cannot read ") + name + ": a checksum does not agree, or the file is cut");
        return values;
    }

private:
    void read_attribute(const char* name, hid_t type, void* value) const {
        const hid_t a = H5Aopen(file_.front(), name, H5P_DEFAULT);
        if (a < 0) fail(std::string("has no attribute \"") + name + '"');
        const Id id(a, H5Aclose, name);
        if (H5Aread(id, type, value) < 0) fail(std::string("cannot read the attribute \"") + name + '"');
    }
    std::filesystem::path path_;
    std::vector<Id> file_;
};

constexpr std::array<const char*, 5> cube_names{"cost", "recipients", "households", "category_households", "dibao_single"};

}  // namespace

ResultTotals read_totals(const std::filesystem::path& path) {
    const Input in(path);
    ResultTotals t;
    t.program = in.text("program");
    t.start = in.text("start");
    t.seed = in.number("seed");
    t.replicates = in.number("replicates");
    t.sample_share = in.real("sample_share");
    t.scenarios = in.texts("scenario");
    t.titles = in.texts("scenario_title");
    t.programmes = in.texts("programme");
    t.programmes_zh = in.texts("programme_zh");
    t.categories = in.texts("category");
    t.months = in.texts("month");
    t.county_names_zh = in.texts("county_name_zh");
    t.county_names_en = in.texts("county_name_en");
    t.source_names = in.texts("source");
    t.source_texts = in.texts("source_text");
    t.county_codes = in.numbers<std::int32_t>("county", H5T_NATIVE_INT32);
    t.living_amount = in.numbers<Fen>("living_amount", H5T_NATIVE_INT64);
    t.nursing_amount = in.numbers<Fen>("nursing_amount", H5T_NATIVE_INT64);
    t.population = in.numbers<std::int64_t>("population", H5T_NATIVE_INT64);
    t.family_households = in.numbers<std::int64_t>("family_households", H5T_NATIVE_INT64);
    const std::size_t S = t.scenarios.size(), C = t.county_codes.size(), P = t.programmes.size(), K = t.categories.size(), M = t.months.size();
    if (t.replicates < 1 || t.replicates > 1'000'000 || S == 0 || C == 0 || M == 0 || t.titles.size() != S || t.county_names_zh.size() != C ||
        t.county_names_en.size() != C || t.population.size() != C || t.living_amount.size() != S || t.nursing_amount.size() != S || P < 7 || P > 64 || t.programmes_zh.size() != P || K != 8)
        in.fail("the dimensions do not agree with each other");
    const auto R = static_cast<std::size_t>(t.replicates);
    t.cost.assign(S * R * C * 2 * P, 0);
    t.recipients = t.households = t.cost;
    t.category_households.assign(S * R * C * 2 * K, 0);
    t.monthly_cost.assign(S * R * M, 0);
    const std::array<std::vector<std::int64_t>*, 4> sums{&t.cost, &t.recipients, &t.households, &t.category_households};
    for (std::size_t v = 0; v < 4; ++v) {
        const Id d = in.dataset(cube_names[v]);
        const std::size_t width = v < 3 ? P : K;
        for (std::size_t s = 0; s < S; ++s)
            for (std::size_t c = 0; c < C; ++c) {
                const auto values = in.slab(d, cube_names[v], {S, R, C, 2, width, M}, s, c);
                for (std::size_t r = 0; r < R; ++r)
                    for (std::size_t k = 0; k < 2 * width; ++k) {
                        std::int64_t sum = 0;
                        for (std::size_t m = 0; m < M; ++m) {
                            const std::int64_t value = values[(r * 2 * width + k) * M + m];
                            sum += value;
                            if (v == 0) t.monthly_cost[(s * R + r) * M + m] += value;
                        }
                        (*sums[v])[((s * R + r) * C + c) * 2 * width + k] = sum;
                    }
            }
    }
    return t;
}

std::vector<std::int32_t> damaged_counties(const std::filesystem::path& path) {
    const Input in(path);
    const auto codes = in.numbers<std::int32_t>("county", H5T_NATIVE_INT32);
    const auto wanted = in.texts("county_sha256");
    const std::size_t S = in.texts("scenario").size(), P = in.texts("programme").size(), M = in.texts("month").size(), C = codes.size();
    const auto R = static_cast<std::size_t>(in.number("replicates"));
    if (wanted.size() != C) in.fail("the dimensions do not agree with each other");
    std::vector<Id> cubes;
    for (const char* name : cube_names) cubes.push_back(in.dataset(name));
    std::vector<std::int32_t> damaged;
    for (std::size_t c = 0; c < C; ++c) {
        Digest digest;
        for (std::size_t v = 0; v < cube_names.size(); ++v) {
            std::vector<hsize_t> shape{S, R, C, 2};
            if (v < 4) shape.push_back(v < 3 ? P : 8);
            shape.push_back(M);
            for (std::size_t s = 0; s < S; ++s) digest.add(in.slab(cubes[v], cube_names[v], shape, s, c));
        }
        if (digest.hex() != wanted[c]) damaged.push_back(codes[c]);
    }
    return damaged;
}

std::string plan_digest_of(const std::filesystem::path& path) {
    try {
        return Input(path).text("plan_sha256");
    } catch (const InputError&) {
        return "";
    }
}

}  // namespace doudi
