#include "storage/result_reader.hpp"

#include "base/bounds.hpp"
#include "base/digest.hpp"
#include "base/memory.hpp"
#include "base/text.hpp"
#include "storage/h5.hpp"
#include "storage/seal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <type_traits>

namespace doudi {
namespace {

using h5::Id;

/// A results file opened for reading; every failure is an InputError that names the file.
class Input {
public:
    explicit Input(std::filesystem::path path) : path_(std::move(path)) {
        H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
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
        read_attribute(name, H5T_INTEGER, H5T_NATIVE_INT64, &value);
        return value;
    }
    double real(const char* name) const {
        double value = 0;
        read_attribute(name, H5T_FLOAT, H5T_NATIVE_DOUBLE, &value);
        return value;
    }
    std::string text(const char* name) const {
        char* value = nullptr;
        Id type(H5Tcopy(H5T_C_S1), H5Tclose, "make a type");
        H5Tset_size(type, H5T_VARIABLE);
        H5Tset_cset(type, H5T_CSET_UTF8);
        read_attribute(name, H5T_STRING, type, &value);
        std::string result = value ? value : "";
        H5free_memory(value);
        return well_formed(std::move(result), name);
    }
    std::vector<hsize_t> shape(hid_t d) const {
        Id space(H5Dget_space(d), H5Sclose, "read a space");
        std::array<hsize_t, 32> size{};
        const int rank = H5Sget_simple_extent_ndims(space);
        if (rank < 0 || rank > 8 || H5Sis_simple(space) <= 0) fail("a dataset has an impossible shape");
        H5Sget_simple_extent_dims(space, size.data(), nullptr);
        return {size.begin(), size.begin() + rank};
    }
    bool has(const char* name) const { return H5Lexists(file_.front(), name, H5P_DEFAULT) > 0; }
    Id dataset(const char* name) const {
        const hid_t d = H5Dopen2(file_.front(), name, H5P_DEFAULT);
        if (d < 0) fail(std::string("has no dataset \"") + name + '"');
        return Id(d, H5Dclose, name);
    }
    std::vector<std::string> texts(const char* name) const {
        const Id d = dataset(name);
        const auto size = shape(d);
        if (size.size() != 1 || size[0] > 100'000) fail(std::string(name) + " has an impossible shape");
        require(d, name, H5T_STRING);
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
        for (std::string& text : list) text = well_formed(std::move(text), name);
        return list;
    }
    template <class T>
    std::vector<T> numbers(const char* name, hid_t type) const {
        const Id d = dataset(name);
        const auto size = shape(d);
        require(d, name, std::is_floating_point_v<T> ? H5T_FLOAT : H5T_INTEGER);
        hsize_t count = 1;
        for (const hsize_t s : size) {
            if (s > most_numbers) fail(std::string(name) + " has an impossible shape");
            count *= s;
            if (count > most_numbers) fail(std::string(name) + " has an impossible shape");
        }
        std::vector<T> values(count);
        if (H5Dread(d, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0) fail(std::string("cannot read ") + name + ": a checksum does not agree, or the file is cut");
        return values;
    }
    /// A dataset of numbers with just this shape, stored in chunks of one scenario and county, each of them there: what
    /// else claims to be a cube could ask for any amount of memory.
    Id cube(const char* name, const std::vector<hsize_t>& wanted) const {
        Id d = dataset(name);
        if (shape(d) != wanted) fail(std::string(name) + " does not have the shape of its dimensions");
        require(d, name, H5T_INTEGER);
        auto chunk = wanted;
        chunk[0] = chunk[2] = 1;
        Id creation(H5Dget_create_plist(d), H5Pclose, "read how a dataset is stored");
        std::vector<hsize_t> found(chunk.size());
        if (H5Pget_layout(creation) != H5D_CHUNKED || H5Pget_chunk(creation, static_cast<int>(found.size()), found.data()) != static_cast<int>(found.size()) || found != chunk)
            fail(std::string(name) + " is not stored by scenario and county");
        double bytes = 8;
        for (const hsize_t s : wanted) bytes *= static_cast<double>(s);
        if (bytes > 1100.0 * static_cast<double>(H5Dget_storage_size(d))) fail(std::string(name) + " claims to hold more than is stored");  // deflate: 1032 to 1
        return d;
    }
    /// One county and scenario of a cube: [replicate, ...].
    std::vector<std::int64_t> slab(hid_t d, const char* name, const std::vector<hsize_t>& wanted, std::size_t scenario, std::size_t county) const {
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
            fail(std::string("cannot read ") + name + ": a checksum does not agree, or the file is cut");
        hsize_t cells = 1;
        for (std::size_t i = 2; i < wanted.size(); ++i) cells *= wanted[i];
        const std::int64_t most = most_cell(static_cast<std::int64_t>(cells));
        for (const std::int64_t value : values)
            if (value > most || value < -most) fail(std::string(name) + " holds numbers that no run can have");
        return values;
    }

private:
    static constexpr hsize_t most_numbers = 50'000'000;

    /// What is printed, and written as JSON, is UTF-8 whatever befell the file.
    std::string well_formed(std::string text, const char* name) const {
        if (not_utf8(text)) fail(std::string(name) + " holds text that is not UTF-8: the file is damaged, or another program wrote it");
        return text;
    }
    void require(hid_t d, const char* name, H5T_class_t wanted) const {
        Id type(H5Dget_type(d), H5Tclose, "read a type");
        if (H5Tget_class(type) != wanted || (wanted == H5T_STRING && H5Tis_variable_str(type) <= 0)) fail(std::string(name) + " does not have the type of its kind");
    }
    void read_attribute(const char* name, H5T_class_t wanted, hid_t type, void* value) const {
        const hid_t a = H5Aopen(file_.front(), name, H5P_DEFAULT);
        if (a < 0) fail(std::string("has no attribute \"") + name + '"');
        const Id id(a, H5Aclose, name);
        Id stored(H5Aget_type(a), H5Tclose, "read a type"), space(H5Aget_space(a), H5Sclose, "read a space");
        if (H5Tget_class(stored) != wanted || (wanted == H5T_STRING && H5Tis_variable_str(stored) <= 0) || H5Sget_simple_extent_npoints(space) != 1)
            fail(std::string("the attribute \"") + name + "\" does not have the type of its kind");
        if (H5Aread(id, type, value) < 0) fail(std::string("cannot read the attribute \"") + name + '"');
    }
    std::filesystem::path path_;
    std::vector<Id> file_;
};

constexpr std::array<const char*, 5> cube_names{"cost", "recipients", "households", "category_households", "dibao_single"};

/// Dimensions of a file, held against what a run can have.
struct Sizes {
    std::size_t scenarios, replicates, counties, programmes, months;
    std::vector<hsize_t> shape(std::size_t cube) const {
        std::vector<hsize_t> shape{scenarios, replicates, counties, residence_count};
        if (cube < 4) shape.push_back(cube < 3 ? programmes : category_count);
        shape.push_back(months);
        return shape;
    }
};
Sizes sizes_of(const Input& in) {
    const std::int64_t replicates = in.number("replicates");
    const Sizes n{in.texts("scenario").size(), static_cast<std::size_t>(std::max<std::int64_t>(replicates, 0)),
                  in.numbers<std::int32_t>("county", H5T_NATIVE_INT32).size(), in.texts("programme").size(), in.texts("month").size()};
    if (replicates < 1 || replicates > most_replicates || n.scenarios < 1 || n.scenarios > 64 || n.counties < 1 || n.counties > 10'000 ||
        n.programmes < programme_count || n.programmes > programme_count + most_modules || n.months < 1 || n.months > most_months)
        in.fail("the dimensions are none that a run can have");
    return n;
}

/// Runs `work` on the file: at once where the seal agrees, with care where there is none.
template <class Work>
void with_seal(const std::filesystem::path& path, const Work& work) {
    switch (check_seal(path)) {
        case Seal::agrees: return work();
        case Seal::missing: return read_with_care(path, work);
        case Seal::broken: throw InputError(path.string(), "was damaged or changed after it was written: its seal does not agree; run again, or take a copy that `doudi verify` passes");
    }
}

ResultTotals totals_from(const std::filesystem::path& path) {
    const Input in(path);
    ResultTotals t;
    t.file = path.string();
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
    t.levels = in.texts("level");
    t.funding_share = in.numbers<std::int64_t>("funding_share", H5T_NATIVE_INT64);
    t.population = in.numbers<std::int64_t>("population", H5T_NATIVE_INT64);
    t.family_households = in.numbers<std::int64_t>("family_households", H5T_NATIVE_INT64);
    const Sizes n = sizes_of(in);
    const std::size_t S = n.scenarios, R = n.replicates, C = n.counties, P = n.programmes, K = category_count, M = n.months;
    if (t.titles.size() != S || t.county_names_zh.size() != C || t.county_names_en.size() != C || t.population.size() != C || t.family_households.size() != C ||
        t.living_amount.size() != S || t.nursing_amount.size() != S || t.programmes_zh.size() != P || t.categories.size() != K || t.levels.size() != 4 || t.funding_share.size() != S * P * 4 || t.source_names.size() != t.source_texts.size())
        in.fail("the dimensions do not agree with each other");
    const auto within = [&](const std::vector<std::int64_t>& values, std::int64_t most) {
        if (std::any_of(values.begin(), values.end(), [&](std::int64_t v) { return v < 0 || v > most; })) in.fail("holds amounts or people that no run can have");
    };
    within(t.living_amount, most_subsidy);
    within(t.nursing_amount, most_subsidy);
    within(t.population, most_people);
    within(t.family_households, most_people);
    std::vector<Id> cubes;
    for (std::size_t v = 0; v < 4; ++v) cubes.push_back(in.cube(cube_names[v], n.shape(v)));
    const double need = 8.0 * static_cast<double>(R) * static_cast<double>(S * C * 2 * (3 * P + K) + 2 * P * M), have = memory_limit().bytes;
    if (need > 0.8 * have) in.fail(fmt::format("needs {:.1f} GiB of memory to be summed, and {:.1f} are to be had", need / 0x1p30, have / 0x1p30));
    for (const auto& [name, first] : {std::pair{"living_amount_in_month", &t.living_amount}, {"nursing_amount_in_month", &t.nursing_amount}}) {
        if (!in.has(name)) continue;
        const auto amounts = in.numbers<Fen>(name, H5T_NATIVE_INT64);
        if (amounts.size() != S * M) in.fail("the dimensions do not agree with each other");
        within(amounts, most_subsidy);
        for (std::size_t k = 0; k < amounts.size(); ++k) t.amounts_move = t.amounts_move || amounts[k] != (*first)[k / M];
    }
    t.cost.assign(S * R * C * 2 * P, 0);
    t.recipients = t.households = t.cost;
    t.category_households.assign(S * R * C * 2 * K, 0);
    t.monthly_cost.assign(S * R * M, 0);
    const std::array<std::vector<std::int64_t>*, 4> sums{&t.cost, &t.recipients, &t.households, &t.category_households};
    for (std::size_t v = 0; v < 4; ++v) {
        const std::size_t width = v < 3 ? P : K;
        for (std::size_t s = 0; s < S; ++s)
            for (std::size_t c = 0; c < C; ++c) {
                const auto values = in.slab(cubes[v], cube_names[v], n.shape(v), s, c);
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
    if (in.has("sample_group_cost")) {
        t.sample.counties = C;
        t.sample.scenarios = S;
        t.sample.programmes = P;
        t.sample.share = t.sample_share;
        t.sample.replicates = static_cast<int>(in.number("sample_group_replicates"));
        t.sample.cost = in.numbers<Fen>("sample_group_cost", H5T_NATIVE_INT64);
        t.sample.groups = t.sample.cost.size() / (C * S * P);
        if (t.sample.groups * C * S * P != t.sample.cost.size() || t.sample.replicates < 1) in.fail("sample_group_cost does not have the shape of its dimensions");
    }
    return t;
}

/// Codes of the counties whose numbers do not agree with their digests.
std::vector<std::int32_t> damaged_in(const Input& in, const std::vector<std::int32_t>& codes, const std::vector<std::string>& digests) {
    const Sizes n = sizes_of(in);
    if (digests.size() != n.counties) in.fail("the dimensions do not agree with each other");
    std::vector<Id> cubes;
    for (std::size_t v = 0; v < cube_names.size(); ++v) cubes.push_back(in.cube(cube_names[v], n.shape(v)));
    std::vector<std::int32_t> damaged;
    for (std::size_t c = 0; c < n.counties; ++c) {
        Digest digest;
        for (std::size_t v = 0; v < cube_names.size(); ++v)
            for (std::size_t s = 0; s < n.scenarios; ++s) digest.add(in.slab(cubes[v], cube_names[v], n.shape(v), s, c));
        if (digest.hex() != digests[c]) damaged.push_back(codes[c]);
    }
    return damaged;
}

Origin origin_from(const std::filesystem::path& path) {
    const Input in(path);
    Origin o;
    o.program = in.text("program");
    o.git_hash = in.text("git_hash");
    o.git_dirty = in.number("git_dirty") != 0;
    o.build = in.text("build");
    o.plan_sha256 = in.text("plan_sha256");
    o.settings = in.text("settings");
    o.seed = in.number("seed");
    o.sample_share = in.real("sample_share");
    const Sizes n = sizes_of(in);
    o.replicates = static_cast<int>(n.replicates);
    o.months = static_cast<int>(n.months);
    o.scenario_files = in.texts("scenario_file");
    o.source_names = in.texts("source");
    o.source_texts = in.texts("source_text");
    o.source_digests = in.texts("source_sha256");
    o.county_codes = in.numbers<std::int32_t>("county", H5T_NATIVE_INT32);
    o.county_digests = in.texts("county_sha256");
    o.parameters = in.numbers<double>("parameter_value", H5T_NATIVE_DOUBLE);
    if (o.scenario_files.size() != n.scenarios || o.source_texts.size() != o.source_names.size() || o.source_digests.size() != o.source_names.size())
        in.fail("the dimensions do not agree with each other");
    o.damaged = damaged_in(in, o.county_codes, o.county_digests);
    return o;
}

}  // namespace

ResultTotals read_totals(const std::filesystem::path& path) {
    ResultTotals totals;
    with_seal(path, [&] { totals = totals_from(path); });
    return totals;
}

Origin read_origin(const std::filesystem::path& path) {
    Origin origin;
    with_seal(path, [&] { origin = origin_from(path); });
    origin.sealed = check_seal(path) == Seal::agrees;
    return origin;
}

std::string plan_digest_of(const std::filesystem::path& path) {
    std::string digest;
    try {
        with_seal(path, [&] { digest = Input(path).text("plan_sha256"); });
    } catch (const InputError&) {
        return "";
    }
    return digest;
}

}  // namespace doudi
