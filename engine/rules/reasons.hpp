#pragma once
#include "rules/decision.hpp"

#include <string>
#include <vector>

namespace doudi::rules {

/// One step of the answer to "why": the rule with its numbers, in both languages, and where it stands.
struct Reason {
    std::string rule, rule_zh, source, source_zh;
};

/// Explains a decision made by `decide` from the same three arguments: the category with its inequality, each
/// member's own standing where it differs, and every payment.
std::vector<Reason> reasons(const Household& household, const Standards& standards, const Policy& policy, const Decision& decision);

}  // namespace doudi::rules
