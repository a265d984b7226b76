#include "cli/run.hpp"

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/memory.hpp"
#include "base/text.hpp"
#include "cli/counties.hpp"
#include "cli/output.hpp"
#include "cli/summary.hpp"
#include "simulate/counties.hpp"
#include "simulate/plan_text.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>

namespace doudi::cli {
namespace {

constexpr double packing = 0.2;  ///< bytes of the cubes in the file for each in memory

/// Bytes of one county's tally; the engine holds one a thread and four more (of the county that is simulated and the one
/// that is written meanwhile), besides the largest county's people.
double tally_bytes(const Plan& plan) {
    return 8.0 * static_cast<double>(plan.scenarios.size()) * plan.replicates * residence_count * plan.months * (3 * plan.programmes() + category_count + 1);
}

/// Peak memory of the run, foreseen in bytes. Sizes a family, a replicate's month and the packing of a result were
/// measured (docs/reliability.md); a tenth more than their sum is said, so that the peak stays under it.
double foreseen_memory(const Plan& plan, int threads) {
    const double replicates = plan.replicates, counties = static_cast<double>(plan.counties.size()), scenarios = static_cast<double>(plan.scenarios.size());
    double families = 0;
    for (const County& c : plan.counties) families = std::max(families, static_cast<double>(c.households));
    const double people = 300 * families * plan.sample_share;
    const double worlds = 500 * replicates * (plan.burn_in + plan.months) * (one_county_a_thread(plan, threads) ? threads : 1);
    const double ledgers = 300.0 * threads * std::min(replicates, 256.0) * (1.3 * scenarios + 1) * plan.months;
    const double factors = 8 * replicates * (plan.months > 12 ? 6 : 5) * counties * plan.months;
    const double shared = 8 * replicates * static_cast<double>(assumption_count) + factors;
    const double image = factors + packing * tally_bytes(plan) * counties;
    const double totals = 8 * scenarios * replicates * counties * residence_count * (3 * plan.programmes() + category_count);
    return 1.1 * (40e6 + people + worlds + ledgers + (threads + 5) * tally_bytes(plan) + shared + 2 * image + totals);
}

/// Refuses a run that would not fit into memory before it starts.
void check_memory(const Plan& plan, double need) {
    const MemoryLimit limit = memory_limit();
    if (need > 0.9 * limit.bytes)
        throw InputError("--replicates", both("this run needs about {:.1f} GiB of memory and {} gives {:.1f}; lower --replicates (now {}), --months or --threads, or take fewer --counties at a time",
                                              "本次运行约需 {:.1f} GiB 内存，而{}可用 {:.1f} GiB；请减少 --replicates（现为 {}）、--months 或 --threads，或分批指定 --counties", need / 0x1p30, limit.who, limit.bytes / 0x1p30, plan.replicates));
}

/// Where `--until` stops in any case.
int most_replicates(const RunOptions& o) { return o.overrides.replicates.value_or(12800); }

/// The result at the place of the output, if this run would end with it, or with fewer replicates of the same.
std::optional<ResultTotals> finished(const RunOptions& o, Plan plan, const std::vector<Precision>& wanted) {
    const std::string digest = plan_digest_of(o.output);
    if (digest.empty() || std::filesystem::exists(o.output.string() + ".part")) return std::nullopt;
    if (wanted.empty() && digest != sha256(plan_text(plan))) return std::nullopt;
    ResultTotals result = read_totals(o.output);
    if (wanted.empty()) return result;
    plan.replicates = static_cast<int>(result.replicates);  // so many were enough
    if (digest != sha256(plan_text(plan))) return std::nullopt;
    if (result.replicates != most_replicates(o) && !precise_enough(wanted, plan, result))
        throw InputError("-o", both("{} exists, with {} replicates of this scenario, which do not have the precision wanted; choose another name, or --force to replace it",
                                    "{} 已存在，为同一方案模拟 {} 次的结果，未达到所要求的精度；请另选文件名，或加 --force 覆盖", o.output.string(), result.replicates));
    return result;
}

}  // namespace

int run(const RunOptions& o, const Program& program, const std::atomic<bool>& stop) {
    namespace fs = std::filesystem;
    std::vector<Fault> faults;
    Plan plan;
    std::vector<Precision> wanted;
    const bool loaded = collect(faults, [&] { plan = load_plan(o.scenarios, o.overrides); });
    if (loaded && !o.until.empty() && plan.stratified_parameters)
        faults.push_back({"--until", both("stratified parameters are drawn for a number of replicates that is known beforehand; choose --replicates, or --parameter-draws random",
                                          "分层抽取参数须事先确定模拟次数；请用 --replicates，或改用 --parameter-draws random")});
    if (!o.until.empty()) collect(faults, [&] {
        wanted = parse_precisions(o.until);
        if (loaded) check_precisions(wanted, plan);
    });
    if (loaded) collect(faults, [&] { check_place(o.output, plan, "out/result.h5"); });
    if (!o.force && !o.resume) collect(faults, [&] { check_free(o.output, true); });
    if (!faults.empty()) throw InputError(std::move(faults));
    std::string digest = sha256(plan_text(plan) + program.version + program.git_hash);
    if (o.resume && !o.force && fs::exists(o.output)) {
        if (const auto result = finished(o, plan, wanted)) {
            fmt::print(stderr, fmt::runtime(o.chinese ? "{} 已完成，没有可继续的内容\n" : "{} is complete; nothing is left to resume\n"), o.output.string());
            fmt::print("{}", o.json ? summary_json(*result) : summary_text(*result, o.chinese));
            return 0;
        }
        check_free(o.output, true);
    }
    const auto say = [&](const char* en, const char* zh) { return fmt::runtime(o.chinese ? zh : en); };
    for (const std::string& note : plan.notes) fmt::print(stderr, say("note: {}\n", "注意：{}\n"), note);
    const int threads = o.threads > 0 ? o.threads : static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN));
    double households = 0;
    for (const County& c : plan.counties) households += static_cast<double>(c.households);
    Progress progress(households, o.progress, o.chinese);
    std::unique_ptr<Batches> batches;
    if (!wanted.empty()) {
        batches = std::make_unique<Batches>(plan, wanted, most_replicates(o), o.output, program.version + program.git_hash, o.resume, o.chinese);
        const auto allow = [&](int replicates) {
            Plan larger = plan;
            larger.replicates = replicates;
            check_memory(larger, foreseen_memory(larger, threads));
        };
        plan.replicates = batches->run(threads, stop, allow, progress);
        if (plan.replicates == 0) {
            progress.end();
            fmt::print(stderr, say("interrupted: the finished counties are kept; run again with --resume\n", "已中断：已完成的县均已保存；加 --resume 再次运行即可继续\n"));
            return 3;
        }
        digest = sha256(plan_text(plan) + program.version + program.git_hash);
    }
    const double need = foreseen_memory(plan, threads);
    check_memory(plan, need);

    Journal journal(o.output.string() + ".part", digest, o.resume);
    const auto still_free = [&] {
        if (fs::exists(o.output) && !o.force) throw InputError("-o", both("{} has come into being meanwhile; it is left alone, choose another name or --force to replace it", "{} 在运行期间已由他人生成，未予改动；请另选文件名，或加 --force 覆盖", o.output.string()));
    };
    still_free();  // a run that held the lock may have ended just now
    if (journal.finished() > 0) fmt::print(stderr, say("resuming: {} of {} counties are done\n", "继续运行：已完成 {} 个县级单元（共 {} 个）\n"), journal.finished(), plan.counties.size());
    SharedDraws shared = shared_draws(plan, threads);
    shared.law = law_of(plan, threads);
    TargetingWalk targeting(plan, shared, threads, &stop);
    ResultWriter writer(plan, shared, program);
    SampleGroups groups = make_sample_groups(plan);
    Counties counties({plan, shared, threads, stop, batches.get(), journal, writer, targeting, groups, progress});
    const auto interrupted = [&] {
        progress.end();
        fmt::print(stderr, say("interrupted: {} of {} counties are kept; run again with --resume\n", "已中断：已保存 {} 个县级单元（共 {} 个）；加 --resume 再次运行即可继续\n"), counties.kept, plan.counties.size());
        return 3;
    };
    const bool cut = !counties.run();
    const Targeting whom = cut ? Targeting() : targeting.result();
    if (cut || stop) return interrupted();
    counties.timed([&] {
        writer.add(whom);
        if (plan.sample_share < 1) writer.add(groups);
        still_free();
        writer.publish(o.output);
        journal.remove();
        if (batches) batches->remove();
    })();
    progress.end();
    const double seconds = progress.seconds();
    const ResultTotals totals = read_totals(o.output, std::move(counties.sums));
    if (o.json) {
        fmt::print("{}", summary_json(totals));
        return 0;
    }
    fmt::print("{}", summary_text(totals, o.chinese));
    const double months = (counties.fresh * plan.replicates + (batches ? batches->simulated() : 0)) * plan.sample_share * plan.months;
    fmt::print(fmt::runtime(o.chinese ? "\n用时 {:.1f} 秒（写文件另占处理器 {:.1f} 秒，与模拟同时进行），{} 线程；每秒 {} 户月（每次模拟计一次）；内存峰值 {:.0f} MiB（预计 {:.0f}）\n结果文件：{}（{:.1f} MiB）\n"
                                      : "\n{:.1f} s, with {:.1f} s of processor time for writing meanwhile, on {} threads; {} household-months a second (each replicate once); peak memory {:.0f} MiB of {:.0f} foreseen\nresult: {} ({:.1f} MiB)\n"),
               seconds, counties.writing.load(), threads, grouped(seconds > 0 ? months / seconds : 0), peak_memory() / 0x1p20, need / 0x1p20, o.output.string(),
               static_cast<double>(fs::file_size(o.output)) / 0x1p20);
    return 0;
}

}  // namespace doudi::cli
