#include "cli/adjusted.hpp"

#include <nlohmann/json.hpp>

#include <cmath>

namespace doudi::cli {

std::optional<Adjustment> adjustment(const ResultTotals& t) {
    if (t.law_parameter.empty() || t.replicates < Adjustment::least) return std::nullopt;
    return Adjustment(t.drawn());
}

nlohmann::ordered_json figure_json(const AdjustedFigure& f) {
    const Interval i = f.interval();
    return {{"value", f.value}, {"standard_error", f.standard_error}, {"interval", {i.low, i.high}},
            {"effective_replicates", std::isfinite(f.effective_replicates) ? nlohmann::ordered_json(f.effective_replicates) : nlohmann::ordered_json()}};
}

}  // namespace doudi::cli
