#pragma once
#include "storage/result_reader.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace doudi::cli {

inline constexpr std::size_t all = ~std::size_t{0};

/// One value a replicate: a cube of the totals summed over the chosen counties, residences and programmes.
std::vector<std::int64_t> series(const ResultTotals& t, const std::vector<std::int64_t>& cube, std::size_t scenario, std::size_t programme = all,
                                 std::size_t county = all, std::size_t residence = all);
/// Paired difference of the cost from the baseline.
std::vector<std::int64_t> difference(const ResultTotals& t, std::size_t scenario, std::size_t programme = all, std::size_t county = all);

/// What a paying level pays of a scenario's cost, in fen, one value a replicate. Each county's programme is settled once for
/// the period: its cost is split by the shares, each rounded down, and the county pays what is left, so that the levels add up to the cost.
std::vector<Fen> paid_by(const ResultTotals& t, std::size_t level, std::size_t scenario, std::size_t programme = all, std::size_t county = all);

/// Place of a label in a list; an InputError that names `option` and the nearest label.
std::size_t place_of(const std::string& label, const std::vector<std::string>& labels, const char* option);

}  // namespace doudi::cli
