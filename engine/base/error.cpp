#include "base/error.hpp"

namespace doudi {
namespace {

std::string joined(const std::vector<Fault>& faults) {
    std::string text;
    constexpr std::size_t shown = 50;
    for (std::size_t i = 0; i < faults.size() && i < shown; ++i) {
        const Fault& fault = faults[i];
        if (!text.empty()) text += '\n';
        if (!fault.where.empty()) text += fault.where + ": ";
        text += "error: " + fault.what;
        if (!fault.excerpt.empty()) text += '\n' + fault.excerpt;
    }
    if (faults.size() > shown) text += "\nand " + std::to_string(faults.size() - shown) + " more faults";
    return text;
}

}  // namespace

InputError::InputError(std::vector<Fault> faults) : std::runtime_error(joined(faults)), faults_(std::move(faults)) {}

InputError::InputError(std::string where, std::string what)
    : InputError(std::vector<Fault>{{std::move(where), std::move(what), ""}}) {}

}  // namespace doudi
