#pragma once
#include "results/tally.hpp"
#include "storage/packing.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace doudi {

/// Finished counties of a run that is not finished: a file beside the result, one checked record each, written and
/// synced before the next county starts. A torn last record is recognised and dropped.
class Journal {
public:
    /// Opens `path` for the plan with this digest and locks it. With `resume` the whole records are kept for
    /// `find`; without it an existing journal is an InputError, for it may hold hours of work.
    /// Throws InputError if it belongs to another plan, is locked by another run, or cannot be written.
    Journal(std::filesystem::path path, const std::string& plan_digest, bool resume);
    ~Journal();
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;

    /// The tally of a county that was appended, or that an interrupted run has left, if any. `shape` gives its sizes.
    bool find(int county, Tally& shape) const;
    std::size_t finished() const { return records_.size(); }
    void append(int county, const Tally& tally);
    void append(int county, const PackedTally& packed);
    void remove();  ///< after the result stands

private:
    struct Record { std::uint64_t offset, packed; };
    std::uint64_t read_records(const std::string& header, std::uint64_t size);

    std::filesystem::path path_;
    int file_ = -1;
    std::map<int, Record> records_;
};

}  // namespace doudi
