#pragma once
#include "simulate/drivers.hpp"
#include "storage/result_writer.hpp"

#include <filesystem>

namespace doudi {

/// Writes a design and its indices (docs/results-format.md, "Drivers"): what each run cost, and first-order and total
/// indices with standard errors by quantity, place and programme. Opens in xarray. Published whole or not at all.
void write_drivers(const Plan& plan, const DriversResult& result, const Program& program, const std::filesystem::path& path);

}  // namespace doudi
