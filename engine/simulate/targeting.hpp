#pragma once
#include "results/targeting.hpp"
#include "simulate/simulate.hpp"

namespace doudi {

/// Walks a sample of families month by month and measures the targeting of every scenario (docs/results-format.md).
/// `plan.targeting_families` of each county and residence, in the first `plan.targeting_replicates` replicates. The
/// result does not depend on `threads`. Returns early, empty, once `*stop` is true.
Targeting targeting_of(const Plan& plan, const SharedDraws& shared, int threads, const std::atomic<bool>* stop = nullptr);

}  // namespace doudi
