#pragma once
#include "results/targeting.hpp"
#include "simulate/simulate.hpp"

#include <memory>

namespace doudi {

/// Targeting county by county, from families that a run has made anyway. The result does not depend on `threads`, nor on
/// which families were shown and which made again.
class TargetingWalk {
public:
    TargetingWalk(const Plan& plan, const SharedDraws& shared, int threads, const std::atomic<bool>* stop = nullptr);
    ~TargetingWalk();
    /// For simulate_county.
    void see(std::size_t county, Residence residence, const GeneratedCell& cell);
    /// Makes the families of the counties that were not shown, and sums up. Empty once `*stop` is true, or if no replicates
    /// are asked for.
    Targeting result();

private:
    struct Seen;
    std::unique_ptr<Seen> seen_;
};

/// Walks a sample of families month by month and measures the targeting of every scenario (docs/results-format.md).
/// `plan.targeting_families` of each county and residence, in the first `plan.targeting_replicates` replicates. The
/// result does not depend on `threads`. Returns early, empty, once `*stop` is true.
Targeting targeting_of(const Plan& plan, const SharedDraws& shared, int threads, const std::atomic<bool>* stop = nullptr);

}  // namespace doudi
