#pragma once
#include "simulate/simulate.hpp"

namespace doudi {

/// Whether the counties of the plan are so small (a sample) that each thread had better take one of its own: within one
/// they would wait for each other. `threads`: 0 = all.
bool one_county_a_thread(const Plan& plan, int threads);

/// Simulates the counties of the plan and hands them over one at a time, in their order: `begin` before a county is simulated,
/// `take` with its tally. Ends early, without the counties that are left, once `*stop` is true.
void each_county(const Plan& plan, const SharedDraws& shared, int threads, const std::function<void(std::size_t county)>& begin,
                 const std::function<void(std::size_t county, const Tally& tally)>& take, const std::atomic<bool>* stop = nullptr);

}  // namespace doudi
