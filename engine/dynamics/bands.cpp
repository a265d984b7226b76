#include "dynamics/bands.hpp"

#include "rules/standard.hpp"

#include <algorithm>

namespace doudi {

Bands::Bands(const std::vector<const LocalPolicy*>& policies) {
    const rules::Policy& rules = policies.front()->policy;
    const auto standard = [](const LocalPolicy* p) { return rules::effective_standard(p->standards, p->policy); };
    const auto [lowest, highest] = std::minmax_element(policies.begin(), policies.end(), [&](const auto* a, const auto* b) { return standard(a) < standard(b); });
    const auto [lowest_mean, highest_mean] = std::minmax_element(policies.begin(), policies.end(), [](const auto* a, const auto* b) { return a->standards.pcdi < b->standards.pcdi; });
    own_ = {standard(*lowest), standard(*highest)};
    for (int n = 1; n <= Bands::most; ++n) {
        const auto years = [&](int percent) { return Band{ceil_div(Fen{percent} * 12 * n * own_.from, 100), ceil_div(Fen{percent} * 12 * n * own_.until, 100)}; };
        OfFamily& family = of_[static_cast<std::size_t>(n)];
        family.dibao = years(100);
        ++family.dibao.until;  // edge may begin at the standard or over it
        family.edge = years(rules.edge_mult_pct);
        family.gradual = years(rules.gradual_cap_pct);
        family.mean = {n * (*lowest_mean)->standards.pcdi, n * (*highest_mean)->standards.pcdi};
    }
}

}  // namespace doudi
