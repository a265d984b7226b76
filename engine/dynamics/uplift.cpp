#include "dynamics/uplift.hpp"

#include "base/money.hpp"
#include "rules/standard.hpp"
#include "rules/supplement.hpp"
#include "rules/tekun.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace doudi {
namespace {

Fen standard_of(const LocalPolicy& p) { return rules::effective_standard(p.standards, p.policy); }
Fen tekun_of(const LocalPolicy& p) { return rules::tekun_basic(rules::tekun_base(standard_of(p), p.standards, p.policy), p.policy); }

/// The shares of the standard that a person can draw as extra payment, ascending.
std::vector<int> shares(const rules::Policy& p) {
    const std::array<int, 4> reasons{p.supp_bp.severe_illness, p.supp_bp.severe_disability, p.supp_bp.age70, p.supp_bp.minor};
    std::vector<int> shares;
    if (p.supp_combine == rules::Policy::SuppCombine::max) shares.assign(reasons.begin(), reasons.end());
    else
        for (unsigned which = 1; which < 1u << reasons.size(); ++which) {
            shares.push_back(0);
            for (std::size_t k = 0; k < reasons.size(); ++k)
                if ((which >> k & 1u) != 0) shares.back() += reasons[k];
        }
    std::sort(shares.begin(), shares.end());
    shares.erase(std::unique(shares.begin(), shares.end()), shares.end());
    std::erase(shares, 0);
    return shares;
}

Fen at_share(const LocalPolicy& p, int basis_points) { return rules::supplement_at(basis_points, standard_of(p)); }

}  // namespace

bool are_lifted(const LocalPolicy& lead, const LocalPolicy& policy) {
    const rules::Policy& p = lead.policy;
    if (p.income_basis != rules::Policy::IncomeBasis::current || p.work_deduction_bp != 0 || !p.tekun_in_full || !p.gradual_profile_pct.empty()) return false;
    if (p.single_benefit == rules::Policy::SingleBenefit::floor60) return false;
    const std::vector<int> shares = doudi::shares(p);
    if (shares.size() > 2) return false;
    for (const LocalPolicy* one : {&lead, &policy}) {
        if (standard_of(*one) == 0 || one->dibao_min_payment != 0) return false;
        // Where rounding made them nothing, or the same, the sum would not tell them apart.
        if (!shares.empty() && (at_share(*one, shares.front()) == 0 || (shares.size() == 2 && at_share(*one, shares.front()) == at_share(*one, shares.back())))) return false;
    }
    return true;
}

Uplift::Uplift(const LocalPolicy& lead, const LocalPolicy& policy) : dibao_(standard_of(policy) - standard_of(lead)), tekun_basic_(tekun_of(policy) - tekun_of(lead)) {
    const std::vector<int> shares = doudi::shares(lead.policy);
    if (shares.empty()) return;
    lesser_ = at_share(lead, shares.front());
    apart_ = at_share(lead, shares.back()) - lesser_;
    lesser_more_ = at_share(policy, shares.front()) - lesser_;
    greater_more_ = at_share(policy, shares.back()) - at_share(lead, shares.back());
}

}  // namespace doudi
