#pragma once
#include "dynamics/alike.hpp"
#include "dynamics/bands.hpp"
#include "dynamics/uplift.hpp"

#include <vector>

namespace doudi {

/// A time in which the law stays as it is.
struct Term {
    int from = 0, until = 0;
    Fen reach = 0, mean_income = 0;     ///< fen a head and month: see out_of_reach
    std::vector<LocalPolicy> policies;  ///< the first of each group
    std::vector<bool> decides_anew;     ///< by group: its standard or its rules differ from the term before
    std::vector<Lead> lead;             ///< by group, of the first one
    std::vector<Fen> standard;          ///< by group: S
    std::vector<Uplift> uplift;         ///< by group, over the first one; none where its rules are others
    std::vector<Bands> bands;           ///< by group: between it and the first one
    Bands of_led;                       ///< between all whose rules are those of the first one
    std::vector<std::vector<int>> untested;  ///< groups that pay families alike whose means are not tested
};

}  // namespace doudi
