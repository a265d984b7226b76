#pragma once
#include <array>
#include <cstddef>
#include <string_view>

namespace doudi {

/// Every unknown of the model: name in the scenario, and the range outside which a value is refused.
/// Each replicate draws one value of each from its prior (`scenarios/assumptions/*.toml`).
#define DOUDI_ASSUMPTIONS(X)                                                                       \
    X(income_level, "income.level", 0.2, 5.0)                                                      \
    X(income_a_urban, "income.dagum_a_urban", 1.2, 40.0)                                           \
    X(income_a_rural, "income.dagum_a_rural", 1.2, 40.0)                                           \
    X(income_county_sd, "income.county_sd", 0.0, 0.5)                                              \
    X(income_assessed_urban, "income.assessed_share_urban", 0.0, 1.0)                              \
    X(income_assessed_rural, "income.assessed_share_rural", 0.0, 1.0)                              \
    X(employed_urban, "employment.share_urban", 0.0, 1.0)                                          \
    X(employed_rural, "employment.share_rural", 0.0, 1.0)                                          \
    X(pension_urban, "pension.share_urban", 0.0, 1.0)                                              \
    X(pension_rural, "pension.share_rural", 0.0, 1.0)                                              \
    X(support_urban, "support.share_urban", 0.0, 1.0)                                              \
    X(support_rural, "support.share_rural", 0.0, 1.0)                                              \
    X(assets_poor_urban, "assets.pass_share_without_income_urban", 0.0, 1.0)                       \
    X(assets_poor_rural, "assets.pass_share_without_income_rural", 0.0, 1.0)                       \
    X(assets_other_urban, "assets.pass_share_other_urban", 0.0, 1.0)                               \
    X(assets_other_rural, "assets.pass_share_other_rural", 0.0, 1.0)                               \
    X(assets_hardship_urban, "assets.pass_share_hardship_urban", 0.0, 1.0)                          \
    X(assets_hardship_rural, "assets.pass_share_hardship_rural", 0.0, 1.0)                          \
    X(assets_member_factor, "assets.factor_per_further_member", 0.0, 1.0)                           \
    X(disability_employment, "disability.employment_factor", 0.0, 1.0)                              \
    X(disability_prevalence, "disability.certified_prevalence", 0.0, 0.2)                          \
    X(disability_severe, "disability.severe_share", 0.0, 1.0)                                      \
    X(illness_prevalence, "illness.prevalence", 0.0, 0.2)                                          \
    X(illness_cost, "illness.monthly_cost_yuan", 0.0, 100000.0)                                    \
    X(school_secondary, "school.secondary_share", 0.0, 1.0)                                        \
    X(school_tertiary, "school.tertiary_share", 0.0, 1.0)                                          \
    X(tuition_tertiary, "school.tertiary_cost_yuan_year", 0.0, 200000.0)                           \
    X(essential_share, "spending.essential_share", 0.0, 0.6)                                       \
    X(tekun_urban, "tekun.share_of_60plus_urban", 0.0, 1.0)                                        \
    X(tekun_rural, "tekun.share_of_60plus_rural", 0.0, 1.0)                                        \
    X(tekun_semi, "tekun.care_semi_share", 0.0, 1.0)                                               \
    X(tekun_full, "tekun.care_full_share", 0.0, 1.0)                                               \
    X(job_loss_urban, "hazard.job_loss_urban", 0.0, 0.2)                                           \
    X(job_loss_rural, "hazard.job_loss_rural", 0.0, 0.2)                                           \
    X(reemployment, "hazard.reemployment", 0.005, 1.0)                                             \
    X(illness_onset, "hazard.illness", 0.0, 0.05)                                                  \
    X(illness_elderly, "hazard.illness_elderly_factor", 1.0, 20.0)                                 \
    X(disability_onset, "hazard.disability", 0.0, 0.05)                                            \
    X(disability_elderly, "hazard.disability_elderly_factor", 1.0, 20.0)                           \
    X(disaster_month, "hazard.disaster_county_month", 0.0, 0.5)                                    \
    X(disaster_share, "disaster.share_hit", 0.0, 0.5)                                              \
    X(death_elderly, "hazard.death_60plus", 0.0, 0.05)                                             \
    X(takeup_dibao_urban, "take_up.dibao_urban", 0.0, 1.0)                                         \
    X(takeup_dibao_rural, "take_up.dibao_rural", 0.0, 1.0)                                         \
    X(takeup_living, "take_up.living_subsidy", 0.0, 1.0)                                           \
    X(takeup_nursing, "take_up.nursing_subsidy", 0.0, 1.0)                                         \
    X(takeup_response, "take_up.response_to_amount", 0.0, 5.0)                                     \
    X(detect_self, "detection.self_application", 0.0, 1.0)                                         \
    X(detect_data, "detection.data_matching", 0.0, 1.0)                                            \
    X(detect_field_urban, "detection.field_visit_urban", 0.0, 1.0)                                 \
    X(detect_field_rural, "detection.field_visit_rural", 0.0, 1.0)                                 \
    X(report_change, "review.reported_change", 0.0, 1.0)                                           \
    X(temp_acute, "temporary.acute_claim_share", 0.0, 1.0)                                         \
    X(temp_need, "temporary.acute_need_yuan", 0.0, 100000.0)                                       \
    X(temp_expenditure, "temporary.expenditure_claim_share", 0.0, 1.0)                             \
    X(temp_other, "temporary.other_emergency_month", 0.0, 0.05)                                    \
    X(labour_sd, "systemic.labour_sd", 0.0, 1.0)                                                   \
    X(illness_sd, "systemic.illness_sd", 0.0, 1.0)                                                 \
    X(disaster_sd, "systemic.disaster_sd", 0.0, 1.0)                                               \
    X(prices_sd, "systemic.prices_sd", 0.0, 1.0)                                                   \
    X(systemic_phi, "systemic.persistence", 0.0, 0.999)                                            \
    X(systemic_corr, "systemic.county_correlation", 0.0, 0.999)                                    \
    X(income_p_urban, "income.dagum_p_urban", 0.03, 20.0)                                          \
    X(income_p_rural, "income.dagum_p_rural", 0.03, 20.0)                                          \
    X(farm_rural, "farm.share_rural", 0.0, 1.0)                                                    \
    X(growth, "growth.income_year", -0.2, 0.3)                                                     \
    X(growth_sd, "growth.income_county_year_sd", 0.0, 0.5)                                         \
    X(permanent_sd, "growth.family_shock_sd", 0.0, 0.5)                                            \
    X(illness_wages, "illness.wage_share_left", 0.0, 1.0)                                          \
    X(illness_lump, "illness.lump_months", 0.0, 60.0)                                              \
    X(disability_wages, "disability.wage_share_left", 0.0, 1.0)                                    \
    X(farm_lost, "disaster.farm_share_lost", 0.0, 1.0)                                             \
    X(detect_rigid, "detection.rigid_factor", 0.0, 1.0)

enum class Assumption {
#define DOUDI_NAME(id, name, low, high) id,
    DOUDI_ASSUMPTIONS(DOUDI_NAME)
#undef DOUDI_NAME
};

struct AssumptionInfo {
    std::string_view name;
    double low, high;
};

inline constexpr auto assumption_table = std::to_array<AssumptionInfo>({
#define DOUDI_ROW(id, name, low, high) {name, low, high},
    DOUDI_ASSUMPTIONS(DOUDI_ROW)
#undef DOUDI_ROW
});
inline constexpr std::size_t assumption_count = assumption_table.size();

}  // namespace doudi
