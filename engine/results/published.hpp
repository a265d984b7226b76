#pragma once
#include "base/labels.hpp"
#include "base/money.hpp"

#include <array>
#include <optional>
#include <string>

namespace doudi {

/// One published figure that a simulation can be held against (`scenarios/data/targets.csv`).
struct Published {
    std::string programme;            ///< dibao, tekun, temporary, living_subsidy, nursing_subsidy, edge, rigid
    std::optional<Residence> residence;  ///< none: both
    std::string statistic;            ///< persons, households, yuan_per_head_month, person_times_month, yuan_per_time, category_households
    std::string month;                ///< "2023-11"
    double value = 0, relative_error = 0;
    std::string status, note, source;  ///< status: fit, not comparable, no data
    std::string note_zh;               ///< empty if none was given

    std::string name() const {
        return programme + (residence ? ", " + std::string(residence_labels[static_cast<std::size_t>(*residence)]) : "") + ", " + statistic;
    }
    std::string name_zh() const;
};

/// Sums over the counties and months of one replicate.
struct ReplicateTotals {
    int months = 0;
    using ByResidence = std::array<std::array<std::int64_t, programme_count>, residence_count>;
    ByResidence cost{}, recipients{}, households{};
    std::array<std::array<std::int64_t, category_count>, residence_count> category_households{};
};

/// The simulated counterpart of a published figure. Dibao a head includes the extra payment; tekun is basic living
/// and care. Nothing if the statistic does not exist for the programme.
std::optional<double> simulated(const Published& figure, const ReplicateTotals& totals);

}  // namespace doudi
