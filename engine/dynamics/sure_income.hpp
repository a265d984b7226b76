#pragma once
#include "dynamics/lasting.hpp"

namespace doudi {

/// A bound from below on the assessed income a month in every month of the run, of a family with nobody disabled and no
/// disaster: those in `dead` bring nothing, those in `lost` (bit i: member i), the ill and the young no wages. Stops early
/// once under `needed`.
Fen sure_income(const Family& family, const Person* people, const World& world, unsigned lost, unsigned dead, Fen needed,
                LastingIncome::Factors year = {});

}  // namespace doudi
