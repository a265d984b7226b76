#include "simulate/simulate.hpp"

#include "base/error.hpp"
#include "dynamics/walk.hpp"
#include "simulate/cell.hpp"
#include "simulate/parallel.hpp"
#include "simulate/shared.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>

namespace doudi {
namespace {

/// Replicates that a thread lives through before it goes on to the next families: their ledger stays in the cache.
constexpr int replicates_at_once = Sieve::block;

struct Units { std::int64_t all = 0, sampled = 0; };

/// Every family that was not walked, or stood in no category, is "none"; then a sample is weighted up by the exact
/// ratio of units to sampled units, in integers.
void finish(Tally& tally, int replicate, int residence, const Units& units) {
    if (units.sampled == 0) return;
    // Whole parts first: value * units would overflow for large sums.
    const auto weigh = [&](std::int64_t& value) {
        if (value != 0 && units.sampled != units.all) value = value / units.sampled * units.all + (2 * (value % units.sampled) * units.all + units.sampled) / (2 * units.sampled);
    };
    for (int s = 0; s < tally.scenarios; ++s)
        for (int m = 0; m < tally.months; ++m) {
            for (int p = 0; p < tally.programmes; ++p) {
                const auto cell = tally.pay_index(s, replicate, residence, p, m);
                weigh(tally.cost[cell]);
                weigh(tally.recipients[cell]);
                weigh(tally.households[cell]);
            }
            std::int64_t none = units.all;
            for (int c = 1; c < category_count; ++c) {
                auto& cell = tally.category_households[tally.category_index(s, replicate, residence, c, m)];
                weigh(cell);
                none -= cell;
            }
            tally.category_households[tally.category_index(s, replicate, residence, 0, m)] = none;
            weigh(tally.dibao_single[tally.single_index(s, replicate, residence, m)]);
        }
}

std::array<double, assumption_count> parameters_of(const SharedDraws& shared, int replicate) {
    std::array<double, assumption_count> parameter{};
    std::copy_n(shared.parameter.begin() + static_cast<std::ptrdiff_t>(replicate) * static_cast<std::ptrdiff_t>(assumption_count), assumption_count, parameter.begin());
    return parameter;
}

/// The families of all blocks in one row, once for every block of replicates, in lots that one thread walks before it settles its ledger. Settling
/// costs as much as dozens of families, so lots are large; towards the end small, for the other threads wait for the last one.
class Lots {
public:
    Lots(const std::vector<Cell>& blocks, int blocks_of_replicates, int threads) : blocks_(blocks) {
        for (const Cell& block : blocks) ends_.push_back(families() + block.families.size());
        for (int b = 0; b < blocks_of_replicates; ++b)
            for (std::size_t from = 0; from < families();) {
                const std::size_t left = families() - from, in_all = left + families() * static_cast<std::size_t>(blocks_of_replicates - 1 - b);
                const std::size_t size = threads == 1 ? most : std::clamp(in_all / static_cast<std::size_t>(4 * threads), least, most);
                lots_.push_back({b, from, from + std::min(size, left)});
                from = lots_.back().to;
            }
    }
    int count() const { return static_cast<int>(lots_.size()); }
    int block_of_replicates(int lot) const { return lots_[static_cast<std::size_t>(lot)].block_of_replicates; }
    template <class What>
    void each_family(int lot, const What& what) const {
        const std::size_t from = lots_[static_cast<std::size_t>(lot)].from, to = lots_[static_cast<std::size_t>(lot)].to;
        auto b = static_cast<std::size_t>(std::upper_bound(ends_.begin(), ends_.end(), from) - ends_.begin());
        for (std::size_t at = from; at < to; ++b) {
            const Cell& block = blocks_[b];
            const std::size_t start = ends_[b] - block.families.size(), until = std::min(to, ends_[b]);
            for (; at < until; ++at) what(block.families[at - start], block);
        }
    }

private:
    static constexpr std::size_t least = 512, most = 32768;
    struct Lot {
        int block_of_replicates;
        std::size_t from, to;
    };
    std::size_t families() const { return ends_.empty() ? 0 : ends_.back(); }

    const std::vector<Cell>& blocks_;
    std::vector<std::size_t> ends_;
    std::vector<Lot> lots_;
};

template <class Work>
void each_replicate(const Plan& plan, int threads, const Work& work) {
    constexpr int together = 16;
    parallel_for((plan.replicates + together - 1) / together, threads, [&](int block, int) {
        for (int r = block * together; r < std::min(plan.replicates, (block + 1) * together); ++r) work(r);
    });
}

/// Adds one residence of a county to the tallies, one a thread, whose cells are other ones than those of the other residence.
Units simulate_cell(const Plan& plan, std::vector<World>& worlds, const SharedDraws& shared,
                    std::size_t county_place, Residence residence, int threads, std::vector<Tally>& tallies,
                    const std::atomic<bool>* stop, bool every_month, const CellSight& sight, Errand* errand) {
    const County& county = plan.counties[county_place];
    GeneratedCell generated = generate_cell(plan, county, residence, threads, shared.population_of[0]);
    if (generated.units == 0) return {};
    if (sight && shared.population_of[0] == 0) sight(residence, generated);
    for (World& world : worlds) live_in(world, residence, *shared.curves);
    const auto policies = local_policies(plan, county_place, residence);
    const bool responds = std::any_of(worlds.begin(), worlds.end(), [](const World& w) { return w[Assumption::takeup_response] > 0; });
    const Calendar calendar = calendar_of(plan);
    const Walker walk(calendar, policies, responds, every_month);
    const auto amounts = subsidy_amounts(policies, calendar);
    const Sieve sieve(worlds, walk.bounds(worlds));
    const auto claims = walk.claims(worlds);
    std::vector<Ledger> ledgers;
    ledgers.reserve(tallies.size());
    for (std::size_t thread = 0; thread < tallies.size(); ++thread)
        ledgers.emplace_back(std::min(replicates_at_once, plan.replicates), static_cast<int>(walk.groups().size()), plan.programmes(), plan.months);
    const int blocks_of_replicates = (plan.replicates + replicates_at_once - 1) / replicates_at_once;
    const Lots lots(generated.blocks, blocks_of_replicates, thread_count(threads));
    parallel_for(lots.count(), threads, [&](int lot, int thread) {
        Ledger& ledger = ledgers[static_cast<std::size_t>(thread)];
        Sieve::Kept kept;
        const int first = lots.block_of_replicates(lot) * replicates_at_once, count = std::min(replicates_at_once, plan.replicates - first);
        ledger.begin(first);
        lots.each_family(lot, [&](const Family& family, const Cell& block) {
            if (stop && stop->load(std::memory_order_relaxed)) return;
            const Kin kin(family, &block.people[family.first], calendar);
            Quiet quiet = walk.quiet(kin);
            if (every_month) {
                for (int r = first; r < first + count; ++r) walk(kin, quiet, worlds[static_cast<std::size_t>(r)], ledger);
            } else {
                sieve(kin, first, kept);
                walk(kin, quiet, worlds, sieve.columns(), claims, first, kept, ledger);
            }
        });
        ledger.settle(count, at(residence), walk.groups(), walk.uplifts(), amounts, tallies[static_cast<std::size_t>(thread)]);
    }, errand);
    return {generated.units, generated.sampled};
}

}  // namespace

std::vector<int> replicates_from(int from, int to) {
    std::vector<int> replicates(static_cast<std::size_t>(to - from));
    std::iota(replicates.begin(), replicates.end(), from);
    return replicates;
}

SharedDraws some_of(const SharedDraws& shared, const std::vector<int>& replicates) {
    SharedDraws some;
    some.factor_labels = shared.factor_labels;
    some.curves = shared.curves;
    for (const int r : replicates) {
        const auto at = static_cast<std::size_t>(r);
        const auto parameter = parameters_of(shared, r);
        some.parameter.insert(some.parameter.end(), parameter.begin(), parameter.end());
        some.systemic_of.push_back(shared.systemic_of[at]);
        some.luck_of.push_back(shared.luck_of[at]);
        some.population_of.push_back(shared.population_of[at]);
    }
    return some;
}

Tally simulate_county(const Plan& plan, const SharedDraws& shared, std::size_t county, int threads,
                      const std::atomic<bool>* stop, bool every_month, const CellSight& sight, Errand* errand) {
    if (plan.scenarios.size() > Walker::most_policies)
        throw InputError("", both("at most {} scenarios in one comparison", "一次比较最多 {} 个方案", Walker::most_policies));
    std::map<std::uint32_t, std::vector<int>> populations;
    for (int r = 0; r < plan.replicates; ++r) populations[shared.population_of[static_cast<std::size_t>(r)]].push_back(r);
    if (populations.size() > 1) {
        Tally whole(static_cast<int>(plan.scenarios.size()), plan.replicates, plan.months, plan.programmes());
        for (const auto& [population, replicates] : populations) {
            Plan part = plan;
            part.replicates = static_cast<int>(replicates.size());
            whole.place(simulate_county(part, some_of(shared, replicates), county, threads, stop, every_month, sight, errand), replicates);
        }
        return whole;
    }
    std::vector<World> worlds(static_cast<std::size_t>(plan.replicates));
    each_replicate(plan, threads, [&](int r) {
        const auto at = static_cast<std::size_t>(r);
        const auto parameter = parameters_of(shared, r);
        const std::uint32_t systemic = shared.systemic_of[at];
        worlds[at] = make_world(plan, plan.counties[county], Residence::urban, shared.luck_of[at], systemic, parameter,
                                county_factors(plan, plan.counties[county], systemic, parameter), *shared.curves);
        worlds[at].slot = r;
    });
    std::vector<Tally> tallies;
    tallies.reserve(static_cast<std::size_t>(thread_count(threads)));
    for (int thread = 0; thread < thread_count(threads); ++thread) tallies.emplace_back(static_cast<int>(plan.scenarios.size()), plan.replicates, plan.months, plan.programmes());
    std::array<Units, residence_count> units;
    for (const Residence residence : {Residence::urban, Residence::rural})
        units[static_cast<std::size_t>(residence)] = simulate_cell(plan, worlds, shared, county, residence, threads, tallies, stop, every_month, sight, errand);
    each_replicate(plan, threads, [&](int r) {
        for (std::size_t t = 1; t < tallies.size(); ++t) tallies[0].add(tallies[t], r);
        for (int residence = 0; residence < residence_count; ++residence) finish(tallies[0], r, residence, units[static_cast<std::size_t>(residence)]);
    });
    return std::move(tallies[0]);
}

}  // namespace doudi
