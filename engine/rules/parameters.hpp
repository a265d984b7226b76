#pragma once
#include "base/wording.hpp"
#include "rules/policy.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace doudi::rules {

/// A value as it stands in a scenario or in the `params` of a family: switch, whole number, word or amount, list.
using ParameterValue = std::variant<bool, std::int64_t, std::string, std::vector<std::int64_t>>;

/// One switch or amount of the rules by name, as scenarios, `assess`, the report and the model card call it.
struct ParameterInfo {
    enum class Kind { flag, number, yuan, choice, list };
    std::string name;
    Kind kind;
    std::int64_t low = 0, high = 0;       ///< number, list items: inclusive; yuan: in fen
    std::vector<std::string> choices;     ///< choice
    std::string assumption;               ///< "A-1" ..., empty where the text decides
    Wording meaning;                      ///< one line
};

/// Every parameter of `Policy`, in a fixed order.
std::span<const ParameterInfo> parameter_table();

/// Sets a parameter. Returns what is wrong (unknown name with the closest match, wrong kind, out of range), or empty.
Wording set_parameter(Policy& policy, std::string_view name, const ParameterValue& value);

/// The parameter's value as text, the way a scenario writes it.
std::string parameter_text(const Policy& policy, std::string_view name);

}  // namespace doudi::rules
