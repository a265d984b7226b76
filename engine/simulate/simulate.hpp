#pragma once
#include "results/drawn.hpp"
#include "results/tally.hpp"
#include "results/targeting.hpp"
#include "simulate/plan.hpp"

#include <atomic>
#include <functional>
#include <string>
#include <vector>

namespace doudi {

/// What replicates are drawn from, told by draws without a simulation, so that what depends on what they drew can be held against it
/// (results/adjustment.hpp). Batches of equal size, one after the other, each a Latin hypercube of the parameters under a seed of its own: a sum of
/// functions of one parameter each has nearly its exact mean in a batch, and the batches tell the error.
struct Law {
    static constexpr int batches = 8;
    static constexpr int least = Drawn::least;  ///< replicates; fewer get none
    std::vector<double> parameter;      ///< [draw, assumption]
    std::vector<double> systemic_mean;  ///< [draw, factor]; its law is the same with the other sign, given the parameters
    std::vector<double> county_mean;    ///< [draw, factor], of one county: any has the same law
};

/// What all households share in a replicate, for the results file.
struct SharedDraws {
    std::vector<double> parameter;  ///< [replicate, assumption]; a caller may put values of his own
    /// [replicate] whose systemic series, and whose individual luck, a replicate meets: addresses of draws. The replicate
    /// itself unless a pick-freeze design says otherwise; `systemic` below is not made again.
    std::vector<std::uint32_t> systemic_of, luck_of;
    std::vector<std::uint32_t> population_of;  ///< [replicate] which draw of the population it lives in
    std::vector<std::string> factor_labels;
    std::vector<double> systemic;   ///< [replicate, factor, county, month], months of the horizon only
    std::vector<double> systemic_mean;  ///< [replicate, factor], over counties by their households, and months
    std::vector<double> county_mean;    ///< [replicate, factor, county], over months
    Law law;                        ///< empty unless a caller puts law_of here
    Targeting targeting;            ///< empty unless a caller puts targeting_of here
    std::shared_ptr<IncomeCurves> curves = std::make_shared<IncomeCurves>();  ///< those made so far
};
SharedDraws shared_draws(const Plan& plan, int threads = 1);
/// What replicates drew, and its law, which is made already.
Drawn drawn_of(const SharedDraws& shared);
/// Eight draws a replicate, 1,024 to 8,192.
Law law_of(const Plan& plan, int threads = 1);
/// The draws of some replicates, for a plan of that many; `systemic`, its means and the law are left out.
SharedDraws some_of(const SharedDraws& shared, const std::vector<int>& replicates);
/// The replicates [from, to).
std::vector<int> replicates_from(int from, int to);

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
