#pragma once
#include <array>
#include <string_view>
#include <vector>

namespace doudi {

/// Measures of whom the money reaches, in the last month of the horizon, persons counted in their families; poverty and
/// Gini of income a head, before and after everything the programmes pay. Order of the `targeting_measure` dimension.
inline constexpr std::array<std::string_view, 12> targeting_labels{
    "coverage",                   // of the persons whom the law entitles to dibao or tekun: share in families that are paid
    "exclusion_error",            // 1 - coverage
    "inclusion_error",            // of the persons in paid families: share whom the law no longer entitles (gradual exit is law)
    "leakage",                    // of the money of dibao, supplement and tekun: share that goes to such families
    "poverty_headcount_before",   // Foster, Greer and Thorbecke (1984) with 0, 1 and 2; the line is the local dibao standard
    "poverty_headcount_after",
    "poverty_gap_before",
    "poverty_gap_after",
    "poverty_severity_before",
    "poverty_severity_after",
    "gini_before",
    "gini_after",
};

/// Targeting of the first replicates, each on a systematic sample of families of its own, so that the spread over
/// replicates holds beliefs, luck and sampling together. Not a number where nobody is in the base of a share.
struct Targeting {
    int replicates = 0;            ///< 0: not asked for
    std::vector<double> county;    ///< [scenario, replicate, county, measure]
    std::vector<double> province;  ///< [scenario, replicate, measure], all counties of the run together
};

}  // namespace doudi
