#pragma once
#include "results/sampling.hpp"
#include "simulate/simulate.hpp"

namespace doudi {

/// What the error of a plan's sample is reckoned from: simulates the groups of one county and adds them to `groups`, which
/// make_sample_groups made. Few replicates are enough, for all of them meet the same families.
SampleGroups make_sample_groups(const Plan& plan);
void simulate_sample_groups(const Plan& plan, const SharedDraws& shared, std::size_t county, int threads,
                            const std::atomic<bool>* stop, SampleGroups& groups, Errand* errand = nullptr);

}  // namespace doudi
