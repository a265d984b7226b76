#include "storage/result_reader.hpp"

#include "base/bounds.hpp"
#include "base/digest.hpp"
#include "base/memory.hpp"
#include "storage/careful.hpp"
#include "storage/result_input.hpp"
#include "storage/seal.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace doudi {
namespace {

using h5::Id;

constexpr std::array<const char*, 5> cube_names{"cost", "recipients", "households", "category_households", "dibao_single"};

std::vector<hsize_t> shape_of(const Sums::Sizes& n, std::size_t cube) {
    std::vector<hsize_t> shape{n.scenarios, n.replicates, n.counties, residence_count};
    if (cube < 4) shape.push_back(cube < 3 ? n.programmes : category_count);
    shape.push_back(n.months);
    return shape;
}
/// Dimensions of a file, held against what a run can have.
Sums::Sizes sizes_of(const Input& in) {
    const std::int64_t replicates = in.number("replicates");
    const Sums::Sizes n{in.texts("scenario").size(), static_cast<std::size_t>(std::max<std::int64_t>(replicates, 0)),
                        in.numbers<std::int32_t>("county", H5T_NATIVE_INT32).size(), in.texts("programme").size(), in.texts("month").size()};
    if (replicates < 1 || replicates > most_replicates || n.scenarios < 1 || n.scenarios > 64 || n.counties < 1 || n.counties > 10'000 ||
        n.programmes < programme_count || n.programmes > programme_count + most_modules || n.months < 1 || n.months > most_months)
        in.fail({"the dimensions are none that a run can have", "各维度的大小不可能来自任何运行"});
    return n;
}

/// Runs `work` on the file: at once where the seal agrees, with care where there is none.
template <class Work>
void with_seal(const std::filesystem::path& path, const Work& work) {
    if (sealed(path)) work();
    else read_with_care(path, work);
}

void add_cubes(const Input& in, const Sums::Sizes& n, Sums& sums) {
    std::vector<Id> cubes;
    for (std::size_t v = 0; v < 4; ++v) cubes.push_back(in.cube(cube_names[v], shape_of(n, v)));
    const auto cells = static_cast<double>(n.scenarios * n.counties * residence_count * (3 * n.programmes + category_count) + residence_count * n.programmes * n.months);
    const double need = 8.0 * static_cast<double>(n.replicates) * cells, have = memory_limit().bytes;
    if (need > 0.8 * have) in.fail(both("needs {:.1f} GiB of memory to be summed, and {:.1f} are to be had", "汇总需要 {:.1f} GiB 内存，可用 {:.1f} GiB", need / 0x1p30, have / 0x1p30));
    sums = Sums(n);
    for (std::size_t v = 0; v < 4; ++v)
        for (std::size_t s = 0; s < n.scenarios; ++s)
            for (std::size_t c = 0; c < n.counties; ++c) sums.add(v, s, c, in.slab(cubes[v], cube_names[v], shape_of(n, v), s, c));
}

/// Nothing in files without it.
void read_law(const Input& in, std::size_t replicates, ResultTotals& t) {
    if (!in.has("law_parameter")) return;
    const std::size_t parameters = in.texts("parameter").size(), factors = in.texts("factor").size(), draws = in.numbers<std::int32_t>("law_draw", H5T_NATIVE_INT32).size();
    t.law_batches = in.number("law_batches");
    const auto read = [&](const char* name, std::size_t size) {
        auto values = in.numbers<double>(name, H5T_NATIVE_DOUBLE);
        if (values.empty() || values.size() != size) in.fail(both("{} does not have the shape of its dimensions", "{} 的形状与各维度不符", name));
        if (std::any_of(values.begin(), values.end(), [](double v) { return !(std::abs(v) < 1e12); })) in.fail(both("{} holds numbers that no run can have", "{} 含有任何运行都不会产生的数值", name));
        return values;
    };
    t.parameter = read("parameter_value", replicates * parameters);
    t.systemic_mean = read("systemic_mean", replicates * factors);
    t.law_parameter = read("law_parameter", draws * parameters);
    t.law_systemic_mean = read("law_systemic_mean", draws * factors);
    if (in.has("law_county_mean")) {
        t.county_mean = read("county_mean", replicates * factors * t.county_codes.size());
        t.law_county_mean = read("law_county_mean", draws * factors);
    }
    if (t.law_batches < 2 || t.law_batches > 1000 || draws % static_cast<std::size_t>(t.law_batches) != 0 || parameters > 1000 || factors > 1000)
        in.fail(both("{} does not have the shape of its dimensions", "{} 的形状与各维度不符", "law_draw"));
}

/// `known`: the sums of the cubes, where the caller has made them.
ResultTotals totals_from(const std::filesystem::path& path, Sums* known) {
    const Input in(path);
    ResultTotals t;
    t.file = path.string();
    t.program = in.text("program");
    t.start = in.text("start");
    t.settings = in.text("settings");
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
    const Sums::Sizes n = sizes_of(in);
    const std::size_t S = n.scenarios, C = n.counties, P = n.programmes, K = category_count, M = n.months;
    if (t.titles.size() != S || t.county_names_zh.size() != C || t.county_names_en.size() != C || t.population.size() != C || t.family_households.size() != C ||
        t.living_amount.size() != S || t.nursing_amount.size() != S || t.programmes_zh.size() != P || t.categories.size() != K || t.levels.size() != 4 || t.funding_share.size() != S * P * 4 || t.source_names.size() != t.source_texts.size())
        in.fail({"the dimensions do not agree with each other", "各维度的大小互相矛盾"});
    const auto within = [&](const std::vector<std::int64_t>& values, std::int64_t most) {
        if (std::any_of(values.begin(), values.end(), [&](std::int64_t v) { return v < 0 || v > most; })) in.fail({"holds amounts or people that no run can have", "含有任何运行都不会产生的金额或人数"});
    };
    within(t.living_amount, most_subsidy);
    within(t.nursing_amount, most_subsidy);
    within(t.population, most_people);
    within(t.family_households, most_people);
    for (const auto& [name, first] : {std::pair{"living_amount_in_month", &t.living_amount}, {"nursing_amount_in_month", &t.nursing_amount}}) {
        if (!in.has(name)) continue;
        const auto amounts = in.numbers<Fen>(name, H5T_NATIVE_INT64);
        if (amounts.size() != S * M) in.fail({"the dimensions do not agree with each other", "各维度的大小互相矛盾"});
        within(amounts, most_subsidy);
        for (std::size_t k = 0; k < amounts.size(); ++k) t.amounts_move = t.amounts_move || amounts[k] != (*first)[k / M];
    }
    if (known) {
        static_cast<Sums&>(t) = std::move(*known);
    } else {
        add_cubes(in, n, t);
    }
    read_law(in, n.replicates, t);
    if (in.has("sample_group_cost")) {
        t.sample.counties = C;
        t.sample.scenarios = S;
        t.sample.programmes = P;
        t.sample.share = t.sample_share;
        t.sample.replicates = static_cast<int>(in.number("sample_group_replicates"));
        t.sample.cost = in.numbers<Fen>("sample_group_cost", H5T_NATIVE_INT64);
        t.sample.groups = t.sample.cost.size() / (C * S * P);
        if (t.sample.groups * C * S * P != t.sample.cost.size() || t.sample.replicates < 1) in.fail({"sample_group_cost does not have the shape of its dimensions", "sample_group_cost 的形状与各维度不符"});
    }
    return t;
}

/// Codes of the counties whose numbers do not agree with their digests.
std::vector<std::int32_t> damaged_in(const Input& in, const std::vector<std::int32_t>& codes, const std::vector<std::string>& digests) {
    const Sums::Sizes n = sizes_of(in);
    if (digests.size() != n.counties) in.fail({"the dimensions do not agree with each other", "各维度的大小互相矛盾"});
    std::vector<Id> cubes;
    for (std::size_t v = 0; v < cube_names.size(); ++v) cubes.push_back(in.cube(cube_names[v], shape_of(n, v)));
    std::vector<std::int32_t> damaged;
    for (std::size_t c = 0; c < n.counties; ++c) {
        Digest digest;
        for (std::size_t v = 0; v < cube_names.size(); ++v)
            for (std::size_t s = 0; s < n.scenarios; ++s) digest.add(in.slab(cubes[v], cube_names[v], shape_of(n, v), s, c));
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
    const Sums::Sizes n = sizes_of(in);
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
        in.fail({"the dimensions do not agree with each other", "各维度的大小互相矛盾"});
    o.damaged = damaged_in(in, o.county_codes, o.county_digests);
    return o;
}

}  // namespace

ResultTotals read_totals(const std::filesystem::path& path) {
    ResultTotals totals;
    with_seal(path, [&] { totals = totals_from(path, nullptr); });
    return totals;
}

ResultTotals read_totals(const std::filesystem::path& path, Sums sums) {
    ResultTotals totals;
    with_seal(path, [&] { totals = totals_from(path, &sums); });
    return totals;
}

Origin read_origin(const std::filesystem::path& path) {
    Origin origin;
    with_seal(path, [&] { origin = origin_from(path); });
    origin.sealed = sealed(path);
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
