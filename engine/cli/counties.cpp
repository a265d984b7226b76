#include "cli/counties.hpp"

#include "simulate/counties.hpp"
#include "simulate/parallel.hpp"

#include <time.h>

#include <map>
#include <memory>
#include <mutex>
#include <utility>

namespace doudi::cli {
namespace {

Tally empty_tally(const Plan& plan) { return {static_cast<int>(plan.scenarios.size()), plan.replicates, plan.months, plan.programmes()}; }

}  // namespace

/// A county on its way to the journal and to the result.
struct Counties::Finished {
    Tally tally;
    PackedTally packed = PackedTally(result_cubes().size());
    std::string digest;

    void pack(std::size_t cube) { packed[cube] = pack_scenarios(tally.*result_cubes()[cube].values, tally.scenarios); }
};

double processor_seconds() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

Counties::Counties(const Course& course)
    : sums({course.plan.scenarios.size(), static_cast<std::size_t>(course.plan.replicates), course.plan.counties.size(), static_cast<std::size_t>(course.plan.programmes()), static_cast<std::size_t>(course.plan.months)}),
      kept(course.journal.finished()), to_(course) {}

bool Counties::run() { return !to_.batches && one_county_a_thread(to_.plan, to_.threads) ? one_a_thread() : one_after_another(); }

void Counties::write(std::size_t county, const Finished& finished, bool keep) {
    if (keep) {
        to_.journal.append(to_.plan.counties[county].code, finished.packed);
        ++kept;
    }
    to_.writer.add(county, finished.packed, finished.digest);
}

/// All threads work on one county, and pack and write the one before it meanwhile.
bool Counties::one_after_another() {
    const Plan& plan = to_.plan;
    const bool resumed = to_.journal.finished() > 0;
    double done = 0;
    Errand errand;  // whoever settles it meets what went wrong in writing
    for (std::size_t c = 0; c < plan.counties.size(); ++c) {
        const County& county = plan.counties[c];
        const auto finished = std::make_shared<Finished>();
        bool found = false;
        if (resumed) {
            errand.settle();
            finished->tally = empty_tally(plan);
            found = to_.journal.find(county.code, finished->tally);
        }
        if (to_.batches) {
            finished->tally = to_.batches->county(c);
        } else if (!found) {
            to_.progress.at(done, county.name_zh);
            finished->tally = simulate_county(plan, to_.shared, c, to_.threads, &to_.stop, false, [&](Residence residence, const GeneratedCell& cell) { to_.targeting.see(c, residence, cell); }, &errand);
            if (to_.stop) return false;
            fresh += static_cast<double>(county.households);
        }
        std::vector<Errand::Piece> pieces{timed([this, c, finished] { sums.add(c, finished->tally); }), timed([finished] { finished->digest = county_digest(finished->tally); })};
        for (std::size_t cube = 0; cube < result_cubes().size(); ++cube) pieces.push_back(timed([finished, cube] { finished->pack(cube); }));
        errand.give(std::move(pieces), timed([this, c, finished, keep = !to_.batches && !found] { write(c, *finished, keep); }));
        if (plan.sample_share < 1) simulate_sample_groups(plan, to_.shared, c, to_.threads, &to_.stop, to_.groups, &errand);
        if (to_.stop) return false;  // the groups of the sample may lack a part
        done += static_cast<double>(county.households);
    }
    errand.settle();
    return true;
}

/// Counties end out of order: the journal takes them so, the result waits for those before them.
bool Counties::one_a_thread() {
    const Plan& plan = to_.plan;
    const bool resumed = to_.journal.finished() > 0;
    std::mutex lock;
    std::map<std::size_t, std::shared_ptr<Finished>> waiting;
    std::size_t next = 0;
    double done = 0;
    std::atomic<bool> failed = false;
    const auto one = [&](std::size_t c) {
        const County& county = plan.counties[c];
        const auto finished = std::make_shared<Finished>();
        bool found = false;
        {
            const std::lock_guard guard(lock);
            if (resumed) {
                finished->tally = empty_tally(plan);
                found = to_.journal.find(county.code, finished->tally);
            }
            if (!found) to_.progress.at(done, county.name_zh);
        }
        if (!found) finished->tally = simulate_county(plan, to_.shared, c, 1, &to_.stop, false, [&](Residence residence, const GeneratedCell& cell) { to_.targeting.see(c, residence, cell); });
        if (!to_.stop) simulate_sample_groups(plan, to_.shared, c, 1, &to_.stop, to_.groups);
        if (to_.stop) return;
        timed([&] {
            for (std::size_t cube = 0; cube < result_cubes().size(); ++cube) finished->pack(cube);
            finished->digest = county_digest(finished->tally);
            const std::lock_guard guard(lock);
            sums.add(c, finished->tally);
            finished->tally = {};
            if (!found) {
                to_.journal.append(county.code, finished->packed);
                ++kept;
                fresh += static_cast<double>(county.households);
            }
            done += static_cast<double>(county.households);
            waiting[c] = finished;
            for (auto first = waiting.begin(); first != waiting.end() && first->first == next; first = waiting.erase(first)) to_.writer.add(next++, first->second->packed, std::move(first->second->digest));
        })();
    };
    parallel_for(static_cast<int>(plan.counties.size()), to_.threads, [&](int item, int) {
        if (to_.stop || failed) return;
        try {
            one(static_cast<std::size_t>(item));
        } catch (...) {
            failed = true;
            throw;
        }
    });
    return !to_.stop;
}

}  // namespace doudi::cli
