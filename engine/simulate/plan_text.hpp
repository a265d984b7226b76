#pragma once
#include "simulate/plan.hpp"

#include <string>

namespace doudi {

/// Everything in a plan that the result depends on, as text: two plans with the same text give the same result.
/// Its SHA-256 tells whether an interrupted run can be taken up again.
std::string plan_text(const Plan& plan);

}  // namespace doudi
