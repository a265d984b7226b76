#include "cli/run.hpp"

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/progress.hpp"
#include "cli/summary.hpp"
#include "simulate/plan_text.hpp"
#include "simulate/simulate.hpp"
#include "storage/journal.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace doudi::cli {
namespace {

/// Bytes of one county's tally; the engine holds one a thread and two more, besides the largest county's people.
double tally_bytes(const Plan& plan) {
    return 8.0 * static_cast<double>(plan.scenarios.size()) * plan.replicates * residence_count * plan.months * (3 * plan.programmes() + category_count + 1);
}

/// Refuses a run that would not fit into memory before it starts.
void check_memory(const Plan& plan, int threads) {
    const double image = 0.35 * tally_bytes(plan) * static_cast<double>(plan.counties.size());
    const double shared = 8.0 * plan.replicates * (static_cast<double>(assumption_count) + 5.0 * static_cast<double>(plan.counties.size()) * plan.months);
    const double people = 700e6 * plan.sample_share, need = (threads + 3) * tally_bytes(plan) + 2 * image + 2 * shared + people;
    const double have = static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGE_SIZE));
    if (need > 0.9 * have)
        throw InputError("--replicates", fmt::format("this run needs about {:.1f} GiB of memory and the machine has {:.1f}; lower --replicates (now {}), --months or --threads, or take fewer --counties at a time",
                                                     need / 0x1p30, have / 0x1p30, plan.replicates));
}

double peak_memory_mib() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
}

}  // namespace

int run(const RunOptions& o, const Program& program, const std::atomic<bool>& stop) {
    namespace fs = std::filesystem;
    const Plan plan = load_plan(o.scenarios, o.overrides);
    const std::string digest = sha256(plan_text(plan) + program.version + program.git_hash);
    if (fs::is_directory(o.output)) throw InputError("-o", o.output.string() + " is a folder; name a file, such as out/result.h5");
    if (o.output.has_parent_path() && !fs::is_directory(o.output.parent_path()))
        throw InputError("-o", "there is no folder " + o.output.parent_path().string());
    if (fs::exists(o.output) && !o.force) {
        if (o.resume && plan_digest_of(o.output) == sha256(plan_text(plan)) && !fs::exists(o.output.string() + ".part")) {
            fmt::print(stderr, "{} is complete; nothing is left to resume\n", o.output.string());
            fmt::print("{}", o.json ? summary_json(read_totals(o.output)) : summary_text(read_totals(o.output), o.chinese));
            return 0;
        }
        throw InputError("-o", o.output.string() + " exists; choose another name, or --force to replace it");
    }
    for (const std::string& note : plan.notes) fmt::print(stderr, "note: {}\n", note);
    const int threads = o.threads > 0 ? o.threads : static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN));
    check_memory(plan, threads);

    Journal journal(o.output.string() + ".part", digest, o.resume);
    if (journal.finished() > 0) fmt::print(stderr, "resuming: {} of {} counties are done\n", journal.finished(), plan.counties.size());
    double households = 0;
    for (const County& c : plan.counties) households += static_cast<double>(c.households);
    Progress progress(households, o.progress);
    const SharedDraws shared = shared_draws(plan);
    ResultWriter writer(plan, shared, program);
    double done = 0, fresh = 0, writing = 0;
    for (std::size_t c = 0; c < plan.counties.size(); ++c) {
        const County& county = plan.counties[c];
        Tally tally(static_cast<int>(plan.scenarios.size()), plan.replicates, plan.months, plan.programmes());
        if (!journal.find(county.code, tally)) {
            progress.at(done, county.name_zh);
            tally = simulate_county(plan, shared, c, threads, &stop);
            if (stop) {
                progress.end();
                fmt::print(stderr, "interrupted: {} of {} counties are kept; run again with --resume\n", journal.finished() + static_cast<std::size_t>(fresh > 0), plan.counties.size());
                return 3;
            }
            const double before = progress.seconds();
            journal.append(county.code, tally);
            writing += progress.seconds() - before;
            fresh += static_cast<double>(county.households);
        }
        const double before = progress.seconds();
        writer.add(c, tally);
        writing += progress.seconds() - before;
        done += static_cast<double>(county.households);
    }
    const double before = progress.seconds();
    writer.publish(o.output);
    journal.remove();
    writing += progress.seconds() - before;
    progress.end();
    const double seconds = progress.seconds();
    const ResultTotals totals = read_totals(o.output);
    if (o.json) {
        fmt::print("{}", summary_json(totals));
        return 0;
    }
    fmt::print("{}", summary_text(totals, o.chinese));
    const double months = fresh * plan.sample_share * plan.months * plan.replicates;
    fmt::print(fmt::runtime(o.chinese ? "\n用时 {:.1f} 秒（其中写文件 {:.1f} 秒），{} 线程；每秒 {} 户月（每次模拟计一次）；内存峰值 {:.0f} MiB\n结果文件：{}（{:.1f} MiB）\n"
                                      : "\n{:.1f} s, of them {:.1f} s writing, on {} threads; {} household-months a second (each replicate once); peak memory {:.0f} MiB\nresult: {} ({:.1f} MiB)\n"),
               seconds, writing, threads, grouped(seconds > 0 ? months / seconds : 0), peak_memory_mib(), o.output.string(),
               static_cast<double>(fs::file_size(o.output)) / 0x1p20);
    return 0;
}

}  // namespace doudi::cli
