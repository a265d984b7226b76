#pragma once
#include "results/sampling.hpp"
#include "storage/packing.hpp"
#include "storage/result_head.hpp"

#include <filesystem>
#include <memory>

namespace doudi {

/// Builds a results file (docs/results-format.md) in memory, county by county, then writes it beside its name and
/// renames it: the published file is never half written, and an earlier one stays until then.
/// The same plan and program give the same bytes.
class ResultWriter {
public:
    ResultWriter(const Plan& plan, const SharedDraws& shared, const Program& program);
    ~ResultWriter();
    void add(std::size_t county, const Tally& tally);
    void add(std::size_t county, const PackedTally& packed, std::string digest);
    /// Unless it stood in the shared draws.
    void add(const Targeting& targeting);
    /// Only for a sample of households.
    void add(const SampleGroups& groups);
    /// Throws SystemError if the disk refuses; then `path` is as it was.
    void publish(const std::filesystem::path& path);

private:
    struct File;
    std::unique_ptr<File> file_;
};

}  // namespace doudi
