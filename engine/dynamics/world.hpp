#pragma once
#include "dynamics/assumptions.hpp"
#include "dynamics/income.hpp"
#include "rules/modules.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace doudi {

/// Where a World keeps each assumption: what every walk reads stands together, so that it reads few lines of memory.
inline constexpr auto world_places = [] {
    using enum Assumption;
    constexpr std::array first{disability_prevalence, illness_prevalence, disability_severe, disability_employment, farm_rural, reemployment,
                               takeup_living, takeup_nursing, temp_acute, essential_share, illness_onset, illness_elderly,
                               disability_onset, disability_elderly, death_elderly, temp_other, assets_member_factor, illness_cost, illness_wages, disability_wages,
                               school_tertiary, school_secondary, takeup_response, report_change, detect_self, detect_data,
                               employed_urban, pension_urban, support_urban, tekun_urban, income_assessed_urban, takeup_dibao_urban, job_loss_urban,
                               assets_hardship_urban, assets_other_urban, assets_poor_urban,
                               employed_rural, pension_rural, support_rural, tekun_rural, income_assessed_rural, takeup_dibao_rural, job_loss_rural,
                               assets_hardship_rural, assets_other_rural, assets_poor_rural};
    std::array<std::uint8_t, assumption_count> places{};
    std::array<bool, assumption_count> placed{};
    std::uint8_t next = 0;
    for (const Assumption a : first) {
        places[static_cast<std::size_t>(a)] = next++;
        placed[static_cast<std::size_t>(a)] = true;
    }
    for (std::size_t a = 0; a < assumption_count; ++a)
        if (!placed[a]) places[a] = next++;
    return places;
}();

/// What the families of one county and residence share in one replicate: parameters and systemic factors.
struct World {
    std::uint64_t seed = 0;
    std::uint32_t replicate = 0;  ///< address of the draws
    int slot = 0;                 ///< place in the tally
    /// Of a disaster for a family: minus the log of the chance that it is spared; and that it is spared or does not claim.
    double disaster_hazard = 0, claimed_disaster_hazard = 0;
    /// What has gone by before a month starts: the sums of the months' factors on illness and on loss of work, and the disasters that
    /// struck the county. Hazards hang on the month through these alone, so a family's own clock is read off without going through the months.
    struct Tick {
        double sickness = 0, labour = 0, disasters = 0;
    };
    std::vector<Tick> clock;             ///< [month from the start of the burn-in], and one for the end of the run
    Residence residence = Residence::urban;
    double income_factor = 1;            ///< level of the province times that of the county
    /// Factor between families, by their score; everyone alike until a curve is given.
    std::shared_ptr<const IncomeCurve> income_curve = flat_curve();
    std::vector<double> prices;  ///< factor by month from the start of the burn-in
    double prices_max = 1;
    /// Lasting growth of incomes in each year of the horizon against the first, and the spread of a family's own lasting
    /// shock a year; `second_year`: the month in which the second one starts, if there is one and incomes move.
    std::vector<double> growth{1.0};
    double permanent_sd = 0;
    int second_year = 1 << 30;

    double operator[](Assumption a) const { return parameter_[place(a)]; }
    double& operator[](Assumption a) { return parameter_[place(a)]; }
    void set(const std::array<double, assumption_count>& parameter) {
        for (std::size_t a = 0; a < assumption_count; ++a) parameter_[place(static_cast<Assumption>(a))] = parameter[a];
    }
    static const std::shared_ptr<const IncomeCurve>& flat_curve() {
        static const auto flat = std::make_shared<const IncomeCurve>();
        return flat;
    }
    double by_residence(Assumption urban, Assumption rural) const {
        return (*this)[residence == Residence::urban ? urban : rural];
    }

private:
    static constexpr std::size_t place(Assumption a) { return world_places[static_cast<std::size_t>(a)]; }
    alignas(64) std::array<double, assumption_count> parameter_{};
};

/// One policy as it applies in one county and residence.
struct LocalPolicy {
    rules::Policy policy;
    rules::Standards standards;
    /// Dynamic monitoring (measures 2 and 3) as this policy runs it.
    struct Monitoring {
        double detection_factor = 1;  ///< multiplies every channel's monthly probability
        double coverage = 1;          ///< share of families in the database that data matching reaches
        int visit_lag = 0;            ///< months from detection to application
        int surge_percent = 150;      ///< 支出骤增: last three months' spending over this percent of a usual quarter
        int plunge_percent = 30;      ///< 收入骤减: income this percent or more under the mean of 12 months
        bool by_spending = true, by_income = true, by_population = true;  ///< indicators in use
        bool operator==(const Monitoring&) const = default;
    } monitoring;
    rules::ModuleSet modules;
    std::vector<rules::Module> modules_on;  ///< those that are on in any policy, in the order of the tally
    int review_lag = 1, review_months = 12, review_months_unstable = 6, rigid_validity_months = 12;
    int temp_max_per_year = 2, temp_topup_lag = 1;
    Fen dibao_min_payment = 0;
    double take_up_factor = 1, living_take_up_factor = 1, nursing_take_up_factor = 1;
    double living_ratio = 1, nursing_ratio = 1;  ///< amount over the baseline's: what take-up may respond to

    /// What the law becomes later in the run, in order of time; `from`: months from the start of the burn-in.
    int from = 0;
    std::vector<LocalPolicy> later;

    bool operator==(const LocalPolicy&) const = default;
};

/// The months of a run: `burn_in` months that are lived but not counted, then `months` that are.
struct Calendar {
    Month start;
    int burn_in = 12, months = 12;
    /// Acute assistance for what happened before this month (of the burn-in) has all been paid when the horizon starts: the last
    /// top-up comes a month later, or as many as the slowest policy of the run takes.
    int acute_from = burn_in > 0 ? burn_in - 1 : 0;
    /// Special modules may be on, which ask for school and ages that nothing else asks for.
    bool modules = true;
    int total() const { return burn_in + months; }
};

}  // namespace doudi
