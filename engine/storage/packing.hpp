#pragma once
#include "results/tally.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace doudi {

/// A chunk of a dataset in the results file: numbers of 8 bytes, their bytes sorted by place (shuffle), deflated, with
/// Fletcher's checksum behind: the pipeline of our datasets, so that libhdf5 takes it as it is.
using Chunk = std::string;

constexpr int deflate_level = 2;  ///< by measurement (bench/README.md)

Chunk pack(std::span<const std::int64_t> numbers);
Chunk pack(std::span<const double> numbers);
/// False if `chunk` is not that of so many numbers, or damaged.
bool unpack(std::string_view chunk, std::span<std::int64_t> numbers);

/// The chunks of a county in one cube, one a scenario: `values` lie as [scenario, ...].
std::vector<Chunk> pack_scenarios(const std::vector<std::int64_t>& values, int scenarios);

/// A county's chunks, cube after cube (`result_cubes()`): packed once, for the journal and the result.
using PackedTally = std::vector<std::vector<Chunk>>;
PackedTally pack(const Tally& tally);

}  // namespace doudi
