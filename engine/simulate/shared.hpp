#pragma once
#include "dynamics/world.hpp"
#include "simulate/simulate.hpp"

#include <array>
#include <vector>

namespace doudi {

/// One value of each assumption for a replicate, from its prior, cut to the assumption's range. With
/// `stratified_parameters` a Latin hypercube (McKay, Beckman and Conover 1979): the prior of each assumption is cut into as many
/// parts of equal probability as the plan has replicates, each replicate meets one, in an order of the assumption's own. Each
/// replicate alone is distributed as ever, so means are unbiased; together they spread evenly. Replicates then depend on
/// how many there are.
std::array<double, assumption_count> draw_parameters(const Plan& plan, std::uint32_t replicate);
/// The same where each belief's own draw comes from the replicate that is named for it. Under a joint posterior these draws are
/// independent, and a belief also moves with the draws of those before it.
std::array<double, assumption_count> draw_parameters(const Plan& plan, const std::array<std::uint32_t, assumption_count>& replicate_of);

/// Standard-normal systemic factors of one county: labour, illness, disaster, prices by month of the run
/// (burn-in included), and the county's lasting income effect.
struct CountyFactors {
    std::array<std::vector<double>, 4> z;
    double income_z = 0;
    std::vector<double> growth_z{0.0};  ///< by year of the horizon; in the first nothing has grown yet
};
CountyFactors county_factors(const Plan& plan, const County& county, std::uint32_t replicate,
                             const std::array<double, assumption_count>& parameter);

/// `luck` and `systemic`: addresses of the replicate's individual and systemic draws. `curves`: see SharedDraws.
World make_world(const Plan& plan, const County& county, Residence residence, std::uint32_t luck, std::uint32_t systemic,
                 const std::array<double, assumption_count>& parameter, const CountyFactors& factors, IncomeCurves& curves);
/// The same world for the county's families of the other residence.
void live_in(World& world, Residence residence, IncomeCurves& curves);

}  // namespace doudi
