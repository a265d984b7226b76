#include "storage/result_writer.hpp"

#include "storage/h5_image.hpp"

namespace doudi {

struct ResultWriter::File : h5::Image {
    const Plan& plan;
    std::vector<std::string> county_digests;

    explicit File(const Plan& p) : plan(p), county_digests(p.counties.size()) {}

    /// A variable that is filled county by county: one chunk a scenario and county.
    void cube(const std::string& name, const std::vector<std::string>& dims, const std::string& meaning, const std::string& unit) {
        auto chunk = shape_of(dims);
        chunk[0] = chunk[2] = 1;
        const hid_t d = create(name, H5T_STD_I64LE, shape_of(dims), chunk);
        cubes[name] = d;
        describe(d, dims, meaning, unit);
    }
    /// The chunks of a county, one a scenario.
    void fill(std::string_view name, std::size_t dims, std::size_t county, const std::vector<Chunk>& chunks) const {
        std::vector<hsize_t> at(dims, 0);
        at[2] = county;
        for (const Chunk& chunk : chunks) {
            put(cubes.at(std::string(name)), at, chunk);
            ++at[0];
        }
    }
};

ResultWriter::ResultWriter(const Plan& plan, const SharedDraws& shared, const Program& program) : file_(std::make_unique<File>(plan)) {
    describe_result(*file_, plan, shared, program);
    for (const Cube& c : result_cubes()) file_->cube(std::string(c.name), c.dims, std::string(c.meaning), std::string(c.unit));
}
ResultWriter::~ResultWriter() = default;

void ResultWriter::add(std::size_t county, const PackedTally& packed, std::string digest) {
    for (std::size_t cube = 0; cube < packed.size(); ++cube) {
        const Cube& c = result_cubes()[cube];
        file_->fill(c.name, c.dims.size(), county, packed[cube]);
    }
    file_->county_digests[county] = std::move(digest);
}

void ResultWriter::add(std::size_t county, const Tally& tally) { add(county, pack(tally), county_digest(tally)); }

void ResultWriter::add(const Targeting& targeting) { describe_targeting(*file_, targeting); }

void ResultWriter::add(const SampleGroups& groups) {
    std::vector<std::int32_t> labels;
    for (std::size_t g = 0; g < groups.groups; ++g) labels.push_back(static_cast<std::int32_t>(g));
    file_->dimension("sample_group", "group of the sample of households: a sample of its own", labels);
    file_->variable("sample_group_cost", {"sample_group", "county", "scenario", "programme"},
                    "cost of the horizon in the first sample_group_replicates replicates by one group of the sample, weighted up: what the groups differ by is the error of the sample", "fen", groups.cost);
    file_->attribute("sample_group_replicates", std::int64_t{groups.replicates});
}

void ResultWriter::publish(const std::filesystem::path& path) {
    File& f = *file_;
    f.variable("county_sha256", {"county"}, county_digest_meaning, "", f.county_digests);
    f.publish(path);
}

}  // namespace doudi
