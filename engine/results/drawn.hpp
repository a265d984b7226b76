#pragma once
#include <cstddef>
#include <span>

namespace doudi {

/// What the replicates of a run drew, and the law of it (see Law).
struct Drawn {
    static constexpr int least = 20;  ///< replicates that are worth adjusting; fewer give a regression nothing to go by
    std::span<const double> parameter, systemic_mean;          ///< [replicate, parameter], [replicate, factor]
    std::span<const double> law_parameter, law_systemic_mean;  ///< [draw, parameter], [draw, factor]
    std::size_t replicates = 0, draws = 0, batches = 0;
    std::span<const double> county_mean{}, law_county_mean{};  ///< [replicate, factor, county], and of any one county [draw, factor]; or nothing
    std::size_t counties = 0;
};

}  // namespace doudi
