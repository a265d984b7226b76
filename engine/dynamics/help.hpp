#pragma once
#include "dynamics/adder.hpp"
#include "dynamics/shocks.hpp"

namespace doudi {

/// Acute temporary assistance, small amount first and the rest after the lag (measure 11): no means test, so it is
/// the same for every family. The claim is decided by the shock's own words.
bool claims_acute(const Shock& shock, const World& world);
void pay_acute(const Shock& shock, const World& world, const LocalPolicy& policy, Adder& to);

}  // namespace doudi
