#include "base/error.hpp"

namespace doudi {
namespace {

std::string joined(const std::vector<Fault>& faults, bool chinese) {
    std::string text;
    constexpr std::size_t shown = 50;
    for (std::size_t i = 0; i < faults.size() && i < shown; ++i) {
        const Fault& fault = faults[i];
        if (!text.empty()) text += '\n';
        if (!fault.where.empty()) text += fault.where + ": ";
        text += (chinese ? "错误：" : "error: ") + fault.what.in(chinese);
        if (!fault.excerpt.empty()) text += '\n' + fault.excerpt;
    }
    if (faults.size() > shown) text += both("\nand {} more faults", "\n另有 {} 处错误", faults.size() - shown).in(chinese);
    return text;
}

}  // namespace

InputError::InputError(std::vector<Fault> faults) : std::runtime_error(joined(faults, false)), faults_(std::move(faults)) {}

InputError::InputError(std::string where, Wording what) : InputError(std::vector<Fault>{{std::move(where), std::move(what)}}) {}

InputError::InputError(std::string where, std::string english) : InputError(std::vector<Fault>{{std::move(where), std::move(english)}}) {}

std::string InputError::told(bool chinese) const { return joined(faults_, chinese); }

}  // namespace doudi
