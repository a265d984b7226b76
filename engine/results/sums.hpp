#pragma once
#include "base/labels.hpp"
#include "results/tally.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace doudi {

/// Sums of a run over the months of its horizon: what a summary needs.
struct Sums {
    struct Sizes { std::size_t scenarios = 0, replicates = 0, counties = 0, programmes = 0, months = 0; } sizes;
    std::vector<Fen> cost;                          ///< [scenario, replicate, county, residence, programme], year
    std::vector<std::int64_t> recipients;           ///< same shape, person-months
    std::vector<std::int64_t> households;           ///< same shape, household-months
    std::vector<std::int64_t> category_households;  ///< [scenario, replicate, county, residence, category], household-months
    std::vector<std::int64_t> monthly_cost;         ///< [scenario, replicate, month], all counties and programmes

    Sums() = default;
    explicit Sums(const Sizes& sizes);

    /// A scenario of a county in one of the first four cubes of a tally: [replicate, residence, programme or category, month].
    void add(std::size_t cube, std::size_t scenario, std::size_t county, std::span<const std::int64_t> values);
    void add(std::size_t county, const Tally& tally);
};

}  // namespace doudi
