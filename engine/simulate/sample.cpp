#include "simulate/sample.hpp"

#include <algorithm>

namespace doudi {

SampleGroups make_sample_groups(const Plan& plan) {
    constexpr int replicates = 16, contrasts = 40;
    SampleGroups result;
    result.counties = plan.counties.size();
    result.scenarios = plan.scenarios.size();
    result.programmes = static_cast<std::size_t>(plan.programmes());
    result.share = plan.sample_share;
    result.replicates = std::min(plan.replicates, replicates);
    // Each county brings groups - 1 contrasts to the error.
    result.groups = std::min<std::size_t>(2 + contrasts / std::max<std::size_t>(result.counties, 1), 16);
    result.cost.assign(result.groups * result.counties * result.scenarios * result.programmes, 0);
    return result;
}

void simulate_sample_groups(const Plan& plan, const SharedDraws& shared, std::size_t county, int threads,
                            const std::atomic<bool>* stop, SampleGroups& groups, Errand* errand) {
    Plan part = plan;
    part.replicates = groups.replicates;
    part.sample_groups = static_cast<int>(groups.groups);
    for (part.sample_group = 0; part.sample_group < part.sample_groups; ++part.sample_group) {
        const Tally tally = simulate_county(part, shared, county, threads, stop, false, {}, errand);
        if (stop && stop->load(std::memory_order_relaxed)) return;
        for (int s = 0; s < tally.scenarios; ++s)
            for (int r = 0; r < tally.replicates; ++r)
                for (int x = 0; x < residence_count; ++x)
                    for (int p = 0; p < tally.programmes; ++p)
                        for (int m = 0; m < tally.months; ++m)
                            groups.at(static_cast<std::size_t>(part.sample_group), county, static_cast<std::size_t>(s), static_cast<std::size_t>(p)) +=
                                tally.cost[tally.pay_index(s, r, x, p, m)];
    }
}

}  // namespace doudi
