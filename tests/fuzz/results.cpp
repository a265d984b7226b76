// A well-formed HDF5 file with hostile content: a real result whose datasets and attributes are replaced by ones of any
// type, shape and value. Read whole, or refused with words. (Damage to the bytes themselves is the seal's business and
// that of tests/python/test_faults.py: libhdf5 1.10 crashes on some of it.)
#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/summary.hpp"
#include "cli/validation.hpp"
#include "fuzz/folder.hpp"
#include "scenario/load.hpp"
#include "simulate/simulate.hpp"
#include "storage/h5.hpp"
#include "storage/result_reader.hpp"
#include "storage/result_writer.hpp"
#include "storage/seal.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>

using namespace doudi;

namespace {

const char* const names[] = {"cost", "recipients", "households", "category_households", "dibao_single", "scenario", "replicate", "county", "programme", "category",
                             "month", "scenario_title", "programme_zh", "county_name_zh", "county_name_en", "population", "family_households", "living_amount",
                             "nursing_amount", "source", "source_text", "source_sha256", "county_sha256", "parameter_value", "systemic_mean", "county_mean", "law_draw", "law_parameter", "law_systemic_mean", "law_county_mean", "scenario_file"};
const char* const attributes[] = {"format_version", "program", "git_hash", "git_dirty", "build", "seed", "replicates", "start", "sample_share", "plan_sha256", "settings", "law_batches"};

/// Takes the fuzzer's bytes one by one; zeros when they are used up.
struct Bytes {
    const std::uint8_t* at;
    std::size_t left;
    std::uint64_t number(int bytes) {
        std::uint64_t value = 0;
        for (int i = 0; i < bytes; ++i) value = value << 8 | (left > 0 ? (--left, *at++) : 0u);
        return value;
    }
    std::int64_t value() {
        switch (number(1) % 8) {
            case 0: return 0;
            case 1: return 1;
            case 2: return -1;
            case 3: return INT64_MAX;
            case 4: return INT64_MIN;
            case 5: return static_cast<std::int64_t>(number(8));
            default: return static_cast<std::int64_t>(number(2));
        }
    }
};

hid_t type_of(Bytes& b) {
    switch (b.number(1) % 9) {
        case 0: return H5Tcopy(H5T_STD_I64LE);
        case 1: return H5Tcopy(H5T_STD_I32LE);
        case 2: return H5Tcopy(H5T_STD_U8BE);
        case 3: return H5Tcopy(H5T_IEEE_F64LE);
        case 4: return H5Tcopy(H5T_IEEE_F32BE);
        case 5: {
            const hid_t t = H5Tcopy(H5T_C_S1);
            H5Tset_size(t, H5T_VARIABLE);
            H5Tset_cset(t, H5T_CSET_UTF8);
            return t;
        }
        case 6: {
            const hid_t t = H5Tcopy(H5T_C_S1);
            H5Tset_size(t, 1 + b.number(1));
            return t;
        }
        case 7: return H5Tcreate(H5T_OPAQUE, 1 + b.number(1));
        default: return H5Tvlen_create(H5T_STD_I64LE);
    }
}

/// A shape: often one that fits the result, sometimes one of any size.
std::vector<hsize_t> shape_of(Bytes& b) {
    std::vector<hsize_t> shape(b.number(1) % 8);
    for (hsize_t& s : shape) {
        const auto kind = b.number(1);
        s = kind < 100 ? 1 : kind < 140 ? 2 : kind < 170 ? 12 : kind < 200 ? 7 : kind < 230 ? b.number(2) : b.number(5);
    }
    return shape;
}

void replace_dataset(hid_t file, Bytes& b) {
    const char* name = names[b.number(1) % std::size(names)];
    const auto kind = b.number(1);
    h5::Id type(type_of(b), H5Tclose, "type");
    const auto shape = shape_of(b);
    H5Ldelete(file, name, H5P_DEFAULT);
    if (kind % 8 == 0) return;
    const hid_t space = shape.empty() ? H5Screate(kind % 3 == 0 ? H5S_NULL : H5S_SCALAR) : H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr);
    if (space < 0) return;
    h5::Id closes(space, H5Sclose, "space"), creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "creation");
    hsize_t cells = 1;
    bool large = false;
    for (const hsize_t s : shape) {
        large = large || s > 100'000 || cells > 100'000;
        cells = large ? 0 : cells * s;
    }
    if ((kind & 16) != 0 && !shape.empty()) {
        auto chunk = shape;
        for (hsize_t& c : chunk) c = std::max<hsize_t>(1, std::min<hsize_t>(c, 64));
        if (chunk.size() > 3 && (kind & 32) != 0) chunk[0] = chunk[2] = 1;
        H5Pset_chunk(creation, static_cast<int>(chunk.size()), chunk.data());
        if ((kind & 64) != 0) H5Pset_deflate(creation, 1);
    }
    const hid_t d = H5Dcreate2(file, name, type, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    if (d < 0) return;
    if (!large && cells <= 4'000 && H5Tget_class(type) == H5T_INTEGER) {
        std::vector<std::int64_t> values(cells, b.value());
        for (std::size_t i = 0; i < values.size() && i < 4; ++i) values[i] = b.value();
        H5Dwrite(d, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
    } else if (!large && cells <= 1000 && H5Tis_variable_str(type) > 0) {
        const char* words[] = {"", "x", nullptr, "key,value,year\n\"", "2024-01", "\xe4\xbd(\xed"};
        std::vector<const char*> values(cells, words[b.number(1) % std::size(words)]);
        H5Dwrite(d, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
    }
    H5Dclose(d);
}

void replace_attribute(hid_t file, Bytes& b) {
    const char* name = attributes[b.number(1) % std::size(attributes)];
    h5::Id type(type_of(b), H5Tclose, "type");
    const auto shape = shape_of(b);
    H5Adelete(file, name);
    const hid_t space = shape.empty() ? H5Screate(H5S_SCALAR) : H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr);
    if (space < 0) return;
    h5::Id closes(space, H5Sclose, "space");
    if (H5Sget_simple_extent_npoints(space) > 1000) return;
    const hid_t a = H5Acreate2(file, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    if (a < 0) return;
    if (H5Tget_class(type) == H5T_INTEGER) {
        const std::vector<std::int64_t> values(1000, b.value());
        H5Awrite(a, H5T_NATIVE_INT64, values.data());
    }
    H5Aclose(a);
}

/// A result of one small county, made once.
std::string real_result(const Folder& folder) {
    Overrides o;
    o.replicates = 2;
    o.counties = {222402};
    o.sample_share = 0.01;
    const Plan plan = load_plan({folder / "jilin-2024.toml"}, o);
    SharedDraws shared = shared_draws(plan);
    shared.law = {std::vector<double>(2 * Law::batches * assumption_count, 1.0), std::vector<double>(2 * Law::batches * shared.factor_labels.size(), 0.5), std::vector<double>(2 * Law::batches * shared.factor_labels.size(), 0.5)};
    ResultWriter writer(plan, shared, {"0", "none", "fuzz", false});
    writer.add(0, simulate_county(plan, shared, 0, 1));
    writer.publish(folder / "real.h5");
    return folder.read("real.h5");
}

template <class Read>
void refused_or(const Read& read) {
    try {
        read();
    } catch (const InputError& e) {
        HOLDS(!e.faults().empty() && !e.faults().front().what.empty());
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Folder folder;
    static const std::string real = real_result(folder);
    const auto path = folder / "hostile.h5";
    folder.write("hostile.h5", real);
    {
        h5::Id file(H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT), H5Fclose, "open");
        Bytes b{data, size};
        for (int i = 0; i < 8 && b.left > 0; ++i)
            if (b.number(1) % 3 == 0) replace_attribute(file, b);
            else replace_dataset(file, b);
    }
    // Sealed again, as a hostile hand would, so that it is read here and not in a child.
    folder.write("hostile.h5", folder.read("hostile.h5") + seal_for(folder.read("hostile.h5")));
    refused_or([&] {
        const ResultTotals totals = read_totals(path);
        for (const std::string& text : {cli::summary_text(totals, true), cli::summary_json(totals)}) HOLDS(!text.empty() && !not_utf8(text));
        HOLDS(!cli::validation_text(totals, false).empty());
    });
    refused_or([&] { read_origin(path); });
    plan_digest_of(path);
    return 0;
}
