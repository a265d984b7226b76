#pragma once
#include "storage/result_writer.hpp"

#include <atomic>
#include <filesystem>

namespace doudi::cli {

/// `doudi verify`: the seal, every county against its digest, every scenario text against its digest; with `rerun` > 0
/// that share of the counties (at least one) is simulated again from the texts in the file and compared number by
/// number. Returns 0, 2 if anything does not agree, or 3 when `stop` was set. Throws InputError for a file that cannot
/// be read, or that cannot be run again.
int verify(const std::filesystem::path& file, double rerun, int threads, bool chinese, const Program& program, const std::atomic<bool>& stop);

}  // namespace doudi::cli
