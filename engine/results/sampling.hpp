#pragma once
#include "base/money.hpp"

#include <cstddef>
#include <functional>
#include <vector>

namespace doudi {

/// Costs by group of a sample of households: each group is a sample of its own, weighted up, so that what they differ by
/// tells the error of the whole sample (interpenetrating subsamples; Cochran, Sampling Techniques, 13.16). Sums over the
/// months of the horizon, both residences and the first `replicates` replicates, which meet every group alike.
struct SampleGroups {
    std::size_t groups = 0, counties = 0, scenarios = 0, programmes = 0;
    int replicates = 0;
    double share = 1;
    std::vector<Fen> cost;  ///< [group, county, scenario, programme] fen

    Fen& at(std::size_t group, std::size_t county, std::size_t scenario, std::size_t programme) {
        return cost[((group * counties + county) * scenarios + scenario) * programmes + programme];
    }
    Fen at(std::size_t group, std::size_t county, std::size_t scenario, std::size_t programme) const {
        return const_cast<SampleGroups&>(*this).at(group, county, scenario, programme);
    }

    /// Standard error that the sample brings to the mean over replicates of a sum over counties, each with its figure
    /// `of(group, county)` (a sum of `at`), in fen; against the population at 1:1 of the same seed. 0 without groups.
    double error(const std::function<double(std::size_t group, std::size_t county)>& of) const;
};

}  // namespace doudi
