#pragma once
#include "results/tally.hpp"
#include "results/targeting.hpp"
#include "simulate/plan.hpp"

#include <atomic>
#include <functional>
#include <string>
#include <vector>

namespace doudi {

/// What all households share in a replicate, for the results file.
struct SharedDraws {
    std::vector<double> parameter;  ///< [replicate, assumption]; a caller may put values of his own
    std::vector<double> parameter_score;  ///< the same: see DrawnParameters; nothing that is simulated hangs on it
    /// [replicate] whose systemic series, and whose individual luck, a replicate meets: addresses of draws. The replicate
    /// itself unless a pick-freeze design says otherwise; `systemic` below is not made again.
    std::vector<std::uint32_t> systemic_of, luck_of;
    std::vector<std::uint32_t> population_of;  ///< [replicate] which draw of the population it lives in
    std::vector<std::string> factor_labels;
    std::vector<double> systemic;   ///< [replicate, factor, county, month], months of the horizon only
    std::vector<double> systemic_mean;  ///< [replicate, factor], over counties and months
    Targeting targeting;            ///< empty unless a caller puts targeting_of here
    std::shared_ptr<IncomeCurves> curves = std::make_shared<IncomeCurves>();  ///< those made so far
};
SharedDraws shared_draws(const Plan& plan, int threads = 1);
/// The draws of some replicates, for a plan of that many; `parameter_score`, `systemic` and its mean are left out.
SharedDraws some_of(const SharedDraws& shared, const std::vector<int>& replicates);

class Errand;
struct GeneratedCell;
/// Shown the families of each residence of a county, of the first draw of the population, before they are walked.
using CellSight = std::function<void(Residence residence, const GeneratedCell& cell)>;

/// Simulates one county of the plan under every scenario, on `threads` OpenMP threads (0 = all).
/// The result does not depend on `threads` or on which other counties are in the plan.
/// `every_month` is the plain loop over every family and month: the same tally, for tests.
/// Returns early with an incomplete tally once `*stop` is true (the caller discards it).
/// Threads do pieces of `errand`, if there is one, meanwhile.
Tally simulate_county(const Plan& plan, const SharedDraws& shared, std::size_t county, int threads,
                      const std::atomic<bool>* stop = nullptr, bool every_month = false, const CellSight& sight = {}, Errand* errand = nullptr);

}  // namespace doudi
