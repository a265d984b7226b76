#include "simulate/cell.hpp"

#include "population/income_scale.hpp"
#include "simulate/parallel.hpp"

#include <algorithm>

namespace doudi {
namespace {

void set_ratios(LocalPolicy& local, const rules::Policy& baseline) {
    const auto ratio = [](Fen amount, Fen base) { return amount > 0 && base > 0 ? static_cast<double>(amount) / static_cast<double>(base) : 1.0; };
    local.living_ratio = ratio(local.policy.living, baseline.living);
    local.nursing_ratio = ratio(local.policy.nursing, baseline.nursing);
}

}  // namespace

Calendar calendar_of(const Plan& plan) {
    Calendar calendar{plan.start, plan.burn_in, plan.months};
    for (const PolicyScenario& s : plan.scenarios) calendar.acute_from = std::min(calendar.acute_from, std::max(plan.burn_in - s.temp_topup_lag, 0));
    calendar.modules = !plan.modules_on.empty();
    return calendar;
}

std::vector<LocalPolicy> local_policies(const Plan& plan, std::size_t county, Residence residence) {
    std::vector<LocalPolicy> policies;
    const auto r = static_cast<std::size_t>(residence);
    for (const PolicyScenario& s : plan.scenarios) {
        LocalPolicy local;
        local.policy = s.policy;
        local.standards = {.dibao = s.standard[county][r],
                           .dibao_prev = s.standard_prev[county][r],
                           .urban = s.standard[county][0],
                           .guidance = plan.counties[county].guidance[r],
                           .min_wage_prev = plan.counties[county].min_wage_prev,
                           .pcdi = plan.counties[county].pcdi[r]};
        local.monitoring = s.monitoring;
        local.modules = s.modules;
        local.modules_on = plan.modules_on;
        local.review_lag = s.review_lag;
        local.review_months = s.review_months;
        local.review_months_unstable = s.review_months_unstable;
        local.rigid_validity_months = s.rigid_validity_months;
        local.temp_max_per_year = s.temp_max_per_year;
        local.temp_topup_lag = s.temp_topup_lag;
        local.dibao_min_payment = s.dibao_min_payment;
        local.take_up_factor = s.take_up_factor;
        local.living_take_up_factor = s.living_take_up_factor;
        local.nursing_take_up_factor = s.nursing_take_up_factor;
        set_ratios(local, plan.scenarios[0].policy);
        std::vector<Month> changes;
        for (const auto* who : {&s, &plan.scenarios[0]})
            for (const auto& stage : who->later) changes.push_back(stage.from);
        std::sort(changes.begin(), changes.end());
        changes.erase(std::unique(changes.begin(), changes.end()), changes.end());
        for (const Month month : changes) {
            LocalPolicy now = local;
            now.later.clear();
            now.from = month - plan.start + plan.burn_in;
            if (const auto* stage = stage_of(s, month)) {
                now.policy = stage->policy;
                now.standards.dibao = stage->standard[county][r];
                now.standards.dibao_prev = stage->standard_prev[county][r];
                now.standards.urban = stage->standard[county][0];
                now.standards.min_wage_prev = stage->min_wage_prev[county];
                now.standards.pcdi = stage->pcdi[county][r];
            }
            const auto* base = stage_of(plan.scenarios[0], month);
            set_ratios(now, base ? base->policy : plan.scenarios[0].policy);
            local.later.push_back(std::move(now));
        }
        policies.push_back(std::move(local));
    }
    return policies;
}

GeneratedCell generate_cell(const Plan& plan, const County& county, Residence residence, int threads, std::uint32_t population) {
    const Words other = Draws(plan.seed, Purpose::population, population, 0).block(0);
    const std::uint64_t seed = population == 0 ? plan.seed : std::uint64_t{other[0]} << 32 | other[1];
    constexpr std::int64_t block_size = 4096;
    GeneratedCell result;
    const CellMargins margins = margins_of(county).cell[at(residence)];
    const Layout layout = layout_of(margins, plan.seeds[static_cast<std::size_t>(residence)]);
    const std::int64_t units = unit_count(margins, layout);
    if (units == 0) return result;
    result.units = units;
    const bool urban = residence == Residence::urban;
    const auto mean = [&](Assumption u, Assumption r) { return plan.assumptions[static_cast<std::size_t>(urban ? u : r)].mean; };
    const double job_loss = mean(Assumption::job_loss_urban, Assumption::job_loss_rural);
    const IncomeAnchor anchor{mean(Assumption::employed_urban, Assumption::employed_rural),
                              mean(Assumption::pension_urban, Assumption::pension_rural),
                              mean(Assumption::support_urban, Assumption::support_rural),
                              plan.assumptions[static_cast<std::size_t>(Assumption::farm_rural)].mean,
                              county.pcdi[static_cast<std::size_t>(residence)],
                              mean(Assumption::disability_prevalence, Assumption::disability_prevalence),
                              mean(Assumption::disability_employment, Assumption::disability_employment),
                              mean(Assumption::illness_prevalence, Assumption::illness_prevalence),
                              mean(Assumption::school_secondary, Assumption::school_secondary),
                              mean(Assumption::school_tertiary, Assumption::school_tertiary),
                              job_loss / (job_loss + mean(Assumption::reemployment, Assumption::reemployment)),
                              mean(Assumption::tekun_urban, Assumption::tekun_rural),
                              mean(Assumption::illness_wages, Assumption::illness_wages),
                              mean(Assumption::disability_wages, Assumption::disability_wages)};
    const int blocks = static_cast<int>((units + block_size - 1) / block_size);
    std::vector<Cell>& cells = result.blocks;
    cells.resize(static_cast<std::size_t>(blocks));
    std::vector<IncomeSum> sums(cells.size());
    const Sample sample{plan.sample_share, plan.sample_group, plan.sample_groups};
    parallel_for(blocks, threads, [&](int b, int) {
        const auto place = static_cast<std::size_t>(b);
        cells[place] = generate_block(seed, county, residence, margins, layout, b * block_size,
                                      std::min(units, (b + 1) * block_size), sample);
        sums[place] = income_sum(cells[place], anchor);
    });
    IncomeSum sum;
    for (std::size_t b = 0; b < cells.size(); ++b) {
        sum.income += sums[b].income;
        sum.persons += sums[b].persons;
        result.sampled += static_cast<std::int64_t>(cells[b].families.size());
    }
    const double scale = sum.income == 0 ? 1.0
                         : static_cast<double>(anchor.pcdi) / 12.0 * static_cast<double>(sum.persons) / static_cast<double>(sum.income);
    parallel_for(blocks, threads, [&](int b, int) { scale_income(cells[static_cast<std::size_t>(b)], scale); });
    return result;
}

}  // namespace doudi
