#include "storage/result_writer.hpp"

#include "storage/h5_image.hpp"

#include <algorithm>

namespace doudi {

using h5::check;
using h5::Id;

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
    /// The county's values lie as [scenario, replicate, ...]; in the file they go to [:, :, county, ...].
    void fill(const std::string& name, std::size_t county, const std::vector<std::int64_t>& values) const {
        const hid_t d = cubes.at(name);
        Id space(H5Dget_space(d), H5Sclose, "read a space");
        hsize_t size[8], start[8] = {}, count[8];
        const int rank = H5Sget_simple_extent_dims(space, size, nullptr);
        std::copy_n(size, rank, count);
        start[2] = county;
        count[2] = 1;
        check(H5Sselect_hyperslab(space, H5S_SELECT_SET, start, nullptr, count, nullptr), "select a county");
        Id memory(H5Screate_simple(rank, count, nullptr), H5Sclose, "make a space");
        check(H5Dwrite(d, H5T_NATIVE_INT64, memory, space, H5P_DEFAULT, values.data()), "write " + name);
    }
};

ResultWriter::ResultWriter(const Plan& plan, const SharedDraws& shared, const Program& program) : file_(std::make_unique<File>(plan)) {
    describe_result(*file_, plan, shared, program);
    for (const Cube& c : result_cubes()) file_->cube(std::string(c.name), c.dims, std::string(c.meaning), std::string(c.unit));
}
ResultWriter::~ResultWriter() = default;

int ResultWriter::parts() { return static_cast<int>(std::size(result_cubes())) + 1; }

void ResultWriter::add(std::size_t county, const Tally& tally, int part) {
    if (part + 1 == parts()) {
        file_->county_digests[county] = county_digest(tally);
        return;
    }
    const Cube& c = result_cubes()[static_cast<std::size_t>(part)];
    file_->fill(std::string(c.name), county, tally.*c.values);
}

void ResultWriter::add(std::size_t county, const Tally& tally) {
    for (int part = 0; part < parts(); ++part) add(county, tally, part);
}

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
