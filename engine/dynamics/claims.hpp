#pragma once
#include "dynamics/columns.hpp"
#include "dynamics/world.hpp"
#include "population/family.hpp"

#include <span>
#include <vector>

namespace doudi {

/// The share of families that take up a programme under a policy: the drawn share, times the policy's lever, and for the subsidies times
/// (amount / baseline amount) to the power of the assumed response. A family does whose fixed uniform is under it.
double dibao_take_up(const World& world, const LocalPolicy& policy);
double living_take_up(const World& world, const LocalPolicy& policy);
double nursing_take_up(const World& world, const LocalPolicy& policy);
/// What the drawn share of the nursing subsidy's take-up is multiplied by.
double nursing_take_up_factor(const World& world, const LocalPolicy& policy);

inline bool claims_dibao(const Family& f, const World& w, const LocalPolicy& p) { return f.take_up_score < dibao_take_up(w, p); }
inline bool claims_living(const Family& f, const World& w, const LocalPolicy& p) { return f.living_score < living_take_up(w, p); }
inline bool claims_nursing(const Family& f, const World& w, const LocalPolicy& p) { return f.nursing_score < nursing_take_up(w, p); }

/// These shares under one policy as columns, exact for a family's scores (see threshold).
struct Claims {
    Claims(std::span<const World> worlds, const LocalPolicy& policy);
    Column<float> dibao, living, nursing;
};

}  // namespace doudi
