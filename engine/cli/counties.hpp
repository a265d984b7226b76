#pragma once
#include "cli/batches.hpp"
#include "cli/progress.hpp"
#include "results/sums.hpp"
#include "simulate/sample.hpp"
#include "simulate/targeting.hpp"
#include "storage/journal.hpp"
#include "storage/result_writer.hpp"

#include <atomic>
#include <cstddef>
#include <string>

namespace doudi::cli {

/// What the counties of a run are made from and go to. `batches`: nothing, or where they were simulated already.
struct Course {
    const Plan& plan;
    const SharedDraws& shared;
    int threads;
    const std::atomic<bool>& stop;
    const Batches* batches;
    Journal& journal;
    ResultWriter& writer;
    TargetingWalk& targeting;
    SampleGroups& groups;
    Progress& progress;
};

/// Processor time of this thread.
double processor_seconds();

/// Simulates county after county, or takes it from the journal, and writes each to the journal and to the result.
class Counties {
public:
    explicit Counties(const Course& course);
    /// False if `stop` came first.
    bool run();

    /// `what`, whose processor time counts as writing.
    template <class What>
    auto timed(What what) {
        return [this, what] {
            const double before = processor_seconds();
            what();
            writing += processor_seconds() - before;
        };
    }

    Sums sums;                         ///< of all counties
    std::size_t kept;                  ///< counties in the journal
    double fresh = 0;                  ///< family households of those simulated now
    std::atomic<double> writing = 0;   ///< processor seconds

private:
    struct Finished;
    bool one_after_another();
    bool one_a_thread();
    void write(std::size_t county, const Finished& finished, bool keep);

    const Course to_;
};

}  // namespace doudi::cli
