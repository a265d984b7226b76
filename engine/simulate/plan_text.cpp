#include "simulate/plan_text.hpp"

#include "rules/parameters.hpp"

#include <fmt/format.h>

namespace doudi {

std::string plan_text(const Plan& plan) {
    std::string text = fmt::format("doudi plan 1\nseed {}\nreplicates {}\nstart {}-{:02}\nmonths {}\nburn_in {}\nsample_share {:a}\ntargeting {} {}\n",
                                   plan.seed, plan.replicates, plan.start.year(), plan.start.month(), plan.months, plan.burn_in, plan.sample_share, plan.targeting_families, plan.targeting_replicates);
    if (plan.population_draws > 1) text += fmt::format("population_draws {}\n", plan.population_draws);
    if (plan.stratified_parameters) text += "parameters stratified\n";
    for (const County& c : plan.counties)
        text += fmt::format("county {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {}\n", c.code, c.urban_population, c.rural_population,
                            c.households, c.household_population, c.one_person, c.with_n_65plus[0], c.with_n_65plus[1], c.with_n_65plus[2],
                            c.age_0_14, c.age_15_59, c.age_60plus, c.age_65plus, c.age_80plus, c.guidance[0], c.guidance[1], c.min_wage_prev,
                            c.pcdi[0], c.pcdi[1], c.population);
    for (const County& c : plan.counties)
        for (std::size_t i = 0; i < c.own.size(); ++i)
            if (c.own[i][0] >= 0 || c.own[i][1] >= 0) text += fmt::format("margin {} {} {} {}\n", c.code, own_margin_labels[i], c.own[i][0], c.own[i][1]);
    if (plan.seeds != Seeds{default_seed(), default_seed()})
        for (const SeedTable& seed : plan.seeds)
            for (const double w : seed.weight) text += fmt::format("seed {:a}\n", w);
    for (std::size_t i = 0; i < assumption_count; ++i) {
        const Prior& p = plan.assumptions[i];
        text += fmt::format("assumption {} {} {:a} {:a} {:a} {:a}\n", assumption_table[i].name, static_cast<int>(p.kind), p.mean, p.sd, p.low, p.high);
    }
    for (const JointBelief::Row& row : plan.joint.rows) {
        text += fmt::format("joint {} {} {} {:a} {:a} {:a}", assumption_table[row.place].name, int{row.drawn}, static_cast<int>(row.scale), row.low, row.high, row.mean);
        for (const double f : row.factor) text += fmt::format(" {:a}", f);
        text += '\n';
    }
    for (const PolicyScenario& s : plan.scenarios) {
        text += fmt::format("scenario {} detection {:a} coverage {:a} lag {} surge {} plunge {} by {}{}{} review {} {} {} rigid {} temporary {} {} min {} take-up {:a} {:a} {:a}\n", s.name,
                            s.monitoring.detection_factor, s.monitoring.coverage, s.monitoring.visit_lag, s.monitoring.surge_percent, s.monitoring.plunge_percent,
                            int{s.monitoring.by_spending}, int{s.monitoring.by_income}, int{s.monitoring.by_population}, s.review_lag, s.review_months, s.review_months_unstable, s.rigid_validity_months,
                            s.temp_max_per_year, s.temp_topup_lag, s.dibao_min_payment, s.take_up_factor, s.living_take_up_factor, s.nursing_take_up_factor);
        for (const rules::ParameterInfo& info : rules::parameter_table())
            text += "  " + info.name + " = " + rules::parameter_text(s.policy, info.name) + '\n';
        for (const rules::Module m : plan.modules_on) {
            const rules::ModuleTerms& t = s.modules[static_cast<std::size_t>(m)];
            text += fmt::format("  module {} {} {} {} {} {} {} {} {} {}\n", static_cast<int>(m), t.on, t.amount, t.amount_tekun, t.amount_rural,
                                t.amount_secondary, t.amount_tertiary, t.share_bp, t.extend_edge_rigid, t.months);
        }
        for (std::size_t c = 0; c < s.standard.size(); ++c)
            text += fmt::format("  standard {} {} {} {}\n", s.standard[c][0], s.standard[c][1], s.standard_prev[c][0], s.standard_prev[c][1]);
        for (const auto& stage : s.later) {
            text += fmt::format("  from {}-{:02}\n", stage.from.year(), stage.from.month());
            for (const rules::ParameterInfo& info : rules::parameter_table())
                text += "    " + info.name + " = " + rules::parameter_text(stage.policy, info.name) + '\n';
            for (std::size_t c = 0; c < stage.standard.size(); ++c)
                text += fmt::format("    standard {} {} {} {} income {} {} wage {}\n", stage.standard[c][0], stage.standard[c][1], stage.standard_prev[c][0],
                                    stage.standard_prev[c][1], stage.pcdi[c][0], stage.pcdi[c][1], stage.min_wage_prev[c]);
        }
    }
    return text;
}

}  // namespace doudi
