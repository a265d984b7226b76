#pragma once
#include "dynamics/world.hpp"
#include "population/family.hpp"
#include "simulate/plan.hpp"

#include <vector>

namespace doudi {

/// All families of one county and residence in blocks, incomes scaled to the county's published mean.
struct GeneratedCell {
    std::vector<Cell> blocks;
    std::int64_t units = 0;    ///< families and collective residents
    std::int64_t sampled = 0;  ///< those generated: all, unless `sample_share` < 1
};
/// `population`: which draw of it; number 0 is that of the seed itself.
GeneratedCell generate_cell(const Plan& plan, const County& county, Residence residence, int threads, std::uint32_t population = 0);

/// The months of the run, and from when on acute assistance counts under the slowest of its policies.
Calendar calendar_of(const Plan& plan);

/// Every policy of the plan as it applies in one county and residence, with what it becomes later in the run.
std::vector<LocalPolicy> local_policies(const Plan& plan, std::size_t county, Residence residence);

}  // namespace doudi
