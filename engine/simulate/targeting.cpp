#include "simulate/targeting.hpp"

#include "dynamics/home.hpp"
#include "dynamics/office.hpp"
#include "dynamics/walk.hpp"
#include "simulate/cell.hpp"
#include "simulate/parallel.hpp"
#include "simulate/shared.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace doudi {
namespace {

struct Income { Fen a_head; int persons; };

/// What the sampled families of one cell add up to under one scenario in one replicate: integers, so that the order of
/// adding cannot matter.
struct Sums {
    std::int64_t persons = 0, due = 0, due_paid = 0, paid = 0, paid_undue = 0;
    Fen money = 0, money_undue = 0;
    std::int64_t poor[2]{}, gap[2]{}, gap_squared[2]{};  ///< before and after; fen times persons, fen^2 times persons
    std::vector<Income> incomes[2];

    void add(const Sums& o) {
        persons += o.persons, due += o.due, due_paid += o.due_paid, paid += o.paid, paid_undue += o.paid_undue;
        money += o.money, money_undue += o.money_undue;
        for (std::size_t k = 0; k < 2; ++k) {
            poor[k] += o.poor[k], gap[k] += o.gap[k], gap_squared[k] += o.gap_squared[k];
            incomes[k].insert(incomes[k].end(), o.incomes[k].begin(), o.incomes[k].end());
        }
    }
};

/// One cell's sums with what turns them into a population: `weight` families for each sampled one, `line` in fen.
struct Weighed {
    Sums sums;
    double weight = 1;
    Fen line = 1;
};

double part(double of, double all) { return all > 0 ? of / all : std::numeric_limits<double>::quiet_NaN(); }

/// Gini of weighted incomes, by the trapezia under the Lorenz curve.
double gini(const std::vector<const Weighed*>& cells, std::size_t when) {
    struct Point { Fen income; double persons; };
    std::vector<Point> points;
    for (const Weighed* cell : cells)
        for (const Income& i : cell->sums.incomes[when]) points.push_back({i.a_head, i.persons * cell->weight});
    std::sort(points.begin(), points.end(), [](const Point& a, const Point& b) { return a.income != b.income ? a.income < b.income : a.persons < b.persons; });
    double persons = 0, money = 0, area = 0;
    for (const Point& p : points) {
        const double more = p.persons * static_cast<double>(p.income);
        area += p.persons * (2 * money + more);
        money += more;
        persons += p.persons;
    }
    return 1 - part(area, persons * money);
}

void measure(const std::vector<const Weighed*>& cells, double* to) {
    double persons = 0, due = 0, due_paid = 0, paid = 0, undue = 0, money = 0, money_undue = 0, fgt[3][2] = {};
    for (const Weighed* c : cells) {
        const Sums& s = c->sums;
        const double w = c->weight, line = static_cast<double>(c->line);
        persons += w * static_cast<double>(s.persons);
        due += w * static_cast<double>(s.due);
        due_paid += w * static_cast<double>(s.due_paid);
        paid += w * static_cast<double>(s.paid);
        undue += w * static_cast<double>(s.paid_undue);
        money += w * static_cast<double>(s.money);
        money_undue += w * static_cast<double>(s.money_undue);
        for (std::size_t k = 0; k < 2; ++k) {
            fgt[0][k] += w * static_cast<double>(s.poor[k]);
            fgt[1][k] += w * static_cast<double>(s.gap[k]) / line;
            fgt[2][k] += w * static_cast<double>(s.gap_squared[k]) / (line * line);
        }
    }
    const double coverage = part(due_paid, due);
    const double values[] = {coverage, 1 - coverage, part(undue, paid), part(money_undue, money), part(fgt[0][0], persons), part(fgt[0][1], persons),
                             part(fgt[1][0], persons), part(fgt[1][1], persons), part(fgt[2][0], persons), part(fgt[2][1], persons), gini(cells, 0), gini(cells, 1)};
    static_assert(std::size(values) == targeting_labels.size());
    std::copy(std::begin(values), std::end(values), to);
}

/// The sums of one cell: [replicate, scenario].
class CellWalk {
public:
    CellWalk(const Plan& plan, const SharedDraws& shared, std::size_t county, Residence residence, int replicates)
        : plan_(plan), residence_(residence), policies_(local_policies(plan, county, residence)), calendar_(calendar_of(plan)) {
        for (int r = 0; r < replicates; ++r) {
            const auto at = static_cast<std::size_t>(r);
            std::array<double, assumption_count> parameter{};
            std::copy_n(shared.parameter.begin() + static_cast<std::ptrdiff_t>(at * assumption_count), assumption_count, parameter.begin());
            worlds_.push_back(make_world(plan, plan.counties[county], residence, shared.luck_of[at], shared.systemic_of[at], parameter,
                                         county_factors(plan, plan.counties[county], shared.systemic_of[at], parameter), *shared.curves));
            worlds_.back().slot = 0;
            responds_ = responds_ || worlds_.back()[Assumption::takeup_response] > 0;
        }
    }

    std::vector<Weighed> operator()(const GeneratedCell& cell, int threads, const std::atomic<bool>* stop) const {
        // The families of all blocks in one row: replicate r takes every `stride`-th from its own start.
        std::vector<std::int64_t> first;
        std::int64_t total = 0;
        for (const Cell& block : cell.blocks) {
            first.push_back(total);
            total += static_cast<std::int64_t>(block.families.size());
        }
        // A preview of few households is not held up by this second walk.
        const auto wanted = std::max<std::int64_t>(static_cast<std::int64_t>(plan_.targeting_families * plan_.sample_share), 20);
        const std::int64_t stride = std::max<std::int64_t>(total / wanted, 1);
        const std::size_t scenarios = policies_.size(), size = worlds_.size() * scenarios;
        std::vector<std::vector<Sums>> of_thread(static_cast<std::size_t>(thread_count(threads)), std::vector<Sums>(size));
        const Tally nothing(static_cast<int>(scenarios), 1, plan_.months, plan_.programmes());
        std::vector<std::unique_ptr<Scratch>> scratch;
        for (std::size_t t = 0; t < of_thread.size(); ++t) scratch.push_back(std::make_unique<Scratch>(*this));
        std::vector<std::vector<std::int64_t>> taken(of_thread.size(), std::vector<std::int64_t>(worlds_.size(), 0));
        parallel_for(static_cast<int>(cell.blocks.size()), threads, [&](int b, int thread) {
            const Cell& block = cell.blocks[static_cast<std::size_t>(b)];
            std::vector<Sums>& sums = of_thread[static_cast<std::size_t>(thread)];
            for (std::size_t r = 0; r < worlds_.size(); ++r) {
                const std::int64_t from = first[static_cast<std::size_t>(b)], start = static_cast<std::int64_t>(r) % stride;
                std::int64_t i = (start - from % stride + stride) % stride;
                for (; i < static_cast<std::int64_t>(block.families.size()); i += stride) {
                    if (stop && stop->load(std::memory_order_relaxed)) return;
                    ++taken[static_cast<std::size_t>(thread)][r];
                    const Family& f = block.families[static_cast<std::size_t>(i)];
                    Scratch& own = *scratch[static_cast<std::size_t>(thread)];
                    own.paid = nothing;
                    family(f, &block.people[f.first], worlds_[r], own, &sums[r * scenarios]);
                }
            }
        });
        std::vector<Weighed> result(size);
        for (std::size_t r = 0; r < worlds_.size(); ++r) {
            std::int64_t n = 0;
            for (const auto& t : taken) n += t[r];
            for (std::size_t s = 0; s < scenarios; ++s) {
                Weighed& to = result[r * scenarios + s];
                for (const auto& t : of_thread) to.sums.add(t[r * scenarios + s]);
                to.weight = n > 0 ? static_cast<double>(cell.units) / static_cast<double>(n) : 0.0;
                to.line = std::max<Fen>(line_of(s), 1);
            }
        }
        return result;
    }

private:
    /// What one thread needs for a family: the walker and what it saw in the last month.
    struct Scratch {
        struct Seen { bool there = false, due = false, gradual = false; int persons = 0; Fen income = 0; };

        explicit Scratch(const CellWalk& cell)
            : ledger(1, static_cast<int>(cell.policies_.size()), cell.plan_.programmes(), cell.plan_.months),
              walk(cell.calendar_, cell.policies_, cell.responds_, true, [this, last = cell.calendar_.total() - 1](int month, std::size_t s, const Home& home, const Office& office) {
                  if (month == last) see(seen[s], home, office);
              }) {}
        Scratch(const Scratch&) = delete;
        Scratch& operator=(const Scratch&) = delete;

        void see(Seen& now, const Home& home, const Office& office) const {
            const Entitlement& law = office.today();
            now.there = true;
            now.due = law.dibao + law.single + law.tekun_basic > 0;
            now.gradual = office.enrolled() == Category::dibao_gradual;
            const rules::Household h = home.assessed(false);
            now.persons = static_cast<int>(h.members.size());
            Fen income = 0;
            for (const rules::Member& m : h.members) income += m.monthly_income;
            now.income = (counted > 0 ? static_cast<Fen>(static_cast<double>(income) / counted) : income) + uncounted;
        }

        Ledger ledger;
        Tally paid;
        std::array<Seen, Walker::most_policies> seen;
        double counted = 0;   ///< share of income that the office counts
        Fen uncounted = 0;    ///< support that no rule sees
        Walker walk;
    };

    /// The standard of the last month.
    Fen line_of(std::size_t s) const { return (policies_[s].later.empty() ? policies_[s] : policies_[s].later.back()).standards.dibao; }

    void family(const Family& f, const Person* people, const World& world, Scratch& scratch, Sums* sums) const {
        // Residents of collective households under 60 have their family, and its income, elsewhere.
        if (f.collective && f.elderly == 0) return;
        const bool supported = f.support_score < world.by_residence(Assumption::support_urban, Assumption::support_rural);
        scratch.seen.fill({});
        scratch.counted = world.by_residence(Assumption::income_assessed_urban, Assumption::income_assessed_rural);
        scratch.uncounted = supported ? static_cast<Fen>(f.uncounted * income_factor(f, world)) : 0;
        const Kin kin(f, people, calendar_);
        Quiet quiet = scratch.walk.quiet(kin);
        scratch.walk(kin, quiet, world, scratch.ledger);
        Tally& paid = scratch.paid;
        scratch.ledger.settle(1, at(residence_), scratch.walk.groups(), scratch.walk.uplifts(), amounts_, paid);
        for (std::size_t s = 0; s < policies_.size(); ++s) {
            const Scratch::Seen& now = scratch.seen[s];
            if (!now.there) continue;
            const auto of = [&](Programme p) { return paid.cost[paid.pay_index(static_cast<int>(s), 0, at(residence_), at(p), plan_.months - 1)]; };
            const Fen support = of(Programme::dibao) + of(Programme::supplement) + of(Programme::tekun_basic) + of(Programme::tekun_care);
            const Fen all = support + of(Programme::living_subsidy) + of(Programme::nursing_subsidy) + of(Programme::temporary);
            Sums& sum = sums[s];
            sum.persons += now.persons;
            if (now.due) sum.due += now.persons;
            if (now.due && support > 0) sum.due_paid += now.persons;
            if (support > 0) sum.paid += now.persons;
            sum.money += support;
            if (support > 0 && !now.due && !now.gradual) {
                sum.paid_undue += now.persons;
                sum.money_undue += support;
            }
            const Fen line = line_of(s), a_head[2] = {now.income / now.persons, (now.income + all) / now.persons};
            for (std::size_t k = 0; k < 2; ++k) {
                sum.incomes[k].push_back({a_head[k], now.persons});
                if (a_head[k] >= line) continue;
                const Fen gap = line - a_head[k];
                sum.poor[k] += now.persons;
                sum.gap[k] += now.persons * gap;
                sum.gap_squared[k] += now.persons * gap * gap;
            }
        }
    }

    const Plan& plan_;
    Residence residence_;
    std::vector<LocalPolicy> policies_;
    Calendar calendar_;
    std::vector<Ledger::Amounts> amounts_ = subsidy_amounts(policies_, calendar_);
    std::vector<World> worlds_;
    bool responds_ = false;
};

}  // namespace

struct TargetingWalk::Seen {
    const Plan& plan;
    const SharedDraws& shared;
    int threads;
    const std::atomic<bool>* stop;
    int replicates;
    std::vector<std::array<std::vector<Weighed>, residence_count>> cells;  ///< by county; empty: not seen, or nobody there
    std::vector<char> shown;  ///< by county
};

TargetingWalk::TargetingWalk(const Plan& plan, const SharedDraws& shared, int threads, const std::atomic<bool>* stop)
    : seen_(new Seen{plan, shared, threads, stop, std::min(plan.targeting_replicates, plan.replicates), {}, {}}) {
    seen_->cells.resize(plan.counties.size());
    seen_->shown.resize(plan.counties.size());
}
TargetingWalk::~TargetingWalk() = default;

void TargetingWalk::see(std::size_t county, Residence residence, const GeneratedCell& cell) {
    Seen& s = *seen_;
    if (s.replicates == 0 || cell.units == 0) return;
    s.cells[county][static_cast<std::size_t>(at(residence))] = CellWalk(s.plan, s.shared, county, residence, s.replicates)(cell, s.threads, s.stop);
    s.shown[county] = true;
}

Targeting TargetingWalk::result() {
    Seen& s = *seen_;
    Targeting result;
    const Plan& plan = s.plan;
    if (s.replicates == 0) return result;
    for (std::size_t c = 0; c < plan.counties.size(); ++c) {
        if (s.shown[c]) continue;
        for (const Residence residence : {Residence::urban, Residence::rural}) see(c, residence, generate_cell(plan, plan.counties[c], residence, s.threads));
        if (s.stop && *s.stop) return {};
    }
    if (s.stop && *s.stop) return {};
    const auto replicates = static_cast<std::size_t>(s.replicates);
    const std::size_t scenarios = plan.scenarios.size(), counties = plan.counties.size(), measures = targeting_labels.size();
    result.replicates = s.replicates;
    result.county.resize(scenarios * replicates * counties * measures);
    result.province.resize(scenarios * replicates * measures);
    for (std::size_t scenario = 0; scenario < scenarios; ++scenario)
        for (std::size_t r = 0; r < replicates; ++r) {
            std::vector<const Weighed*> province;
            const std::size_t place = scenario * replicates + r;
            for (std::size_t c = 0; c < counties; ++c) {
                std::vector<const Weighed*> county;
                for (const auto& cell : s.cells[c])
                    if (!cell.empty()) county.push_back(&cell[r * scenarios + scenario]);
                measure(county, &result.county[(place * counties + c) * measures]);
                province.insert(province.end(), county.begin(), county.end());
            }
            measure(province, &result.province[place * measures]);
        }
    return result;
}

Targeting targeting_of(const Plan& plan, const SharedDraws& shared, int threads, const std::atomic<bool>* stop) {
    return TargetingWalk(plan, shared, threads, stop).result();
}

}  // namespace doudi
