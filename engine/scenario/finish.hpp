#pragma once
#include "base/error.hpp"
#include "scenario/draft.hpp"
#include "scenario/keys.hpp"

#include <string>
#include <vector>

namespace doudi {

/// Turns what a scenario says into its policy, county by county: the local standards of each month of the run, modules, who pays
/// what share, and what comes into force later. `keys` applies what is dated; what cannot be becomes a fault.
void finish(Draft& draft, const Plan& plan, Keys& keys, std::vector<Fault>& faults);

/// "; did you mean ...?" with the county code nearest to `code`, or nothing.
Wording nearest_code(const Plan& plan, int code);

}  // namespace doudi
