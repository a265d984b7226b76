#pragma once
#include "scenario/setting.hpp"
#include "simulate/plan.hpp"

#include <array>
#include <map>
#include <optional>
#include <vector>

namespace doudi {

/// The standard of one county and residence as a scenario sets it.
struct LocalStandard {
    int code;
    Residence residence;
    Fen amount;
    const Setting* at;
};

/// What a scenario says about the standards of one later calendar year instead of uprating them.
struct YearStandard {
    std::optional<double> factor;
    std::optional<Fen> add;
    std::vector<LocalStandard> local;
    const Setting* at = nullptr;
};

/// Factors from one calendar year to the next: the first is that of the second year of the run, the last holds on.
/// Empty: nothing moves.
struct Uprating {
    std::array<std::vector<double>, residence_count> standard, income;
    std::vector<double> min_wage;
    Fen round_to = 1;             ///< standards are rounded to a multiple, halves up
    const Setting* at = nullptr;  ///< the setting to blame

    static double of(const std::vector<double>& factors, std::size_t year) {
        return factors.empty() ? 1.0 : factors[std::min(year, factors.size() - 1)];
    }
};

/// Fills the standards, incomes and wages of every January after the first year of the run into `scenario.later`, one
/// stage a year, each with the scenario's first policy. `own(county, residence)`: a local standard was set, so a year's
/// factor on the guidance does not reach it. What falls under the guidance standard becomes a fault.
void uprate(PolicyScenario& scenario, const Plan& plan, const Uprating& uprating, const std::map<int, YearStandard>& years,
            const std::vector<std::array<bool, residence_count>>& own, Values& values);

/// What a user should know about a run over more than one calendar year under this scenario.
std::vector<std::string> horizon_notes(const PolicyScenario& scenario, const Plan& plan, const Uprating& uprating, bool standards_by_year, bool chinese);

}  // namespace doudi
