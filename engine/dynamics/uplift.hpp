#pragma once
#include "dynamics/world.hpp"

#include <cstdint>

namespace doudi {

/// What the standard of one policy gives more than that of another one, which leads, to those whom both pay for the same reasons: so much to
/// each person, whatever his family earns. Of the top-up of n persons, n S less their income, the difference is n times that of S.
class Uplift {
public:
    Uplift() = default;
    /// Of policies that `are_lifted`.
    Uplift(const LocalPolicy& lead, const LocalPolicy& policy);

    /// To persons in dibao with their family, or included alone.
    Fen dibao(std::int64_t persons) const { return persons * dibao_; }
    Fen tekun_basic(std::int64_t persons) const { return persons * tekun_basic_; }
    /// To persons who draw `fen` of extra payments in all where the first policy applies. There are two rates, so the sum tells how many draw which.
    Fen supplement(Fen fen, std::int64_t persons) const {
        if (apart_ == 0) return persons * lesser_more_;
        const std::int64_t greater = (fen - persons * lesser_) / apart_;
        return (persons - greater) * lesser_more_ + greater * greater_more_;
    }

private:
    Fen dibao_ = 0, tekun_basic_ = 0;
    Fen lesser_ = 0, apart_ = 0;                    ///< the lesser rate where the first policy applies, and how far the other one is over it
    Fen lesser_more_ = 0, greater_more_ = 0;        ///< to who draws which
};

/// Whether what a standard changes can be told by person: two policies with the same rules, whose amounts are the standard less an income or a
/// share of it, with no more than two shares for extra payments.
bool are_lifted(const LocalPolicy& lead, const LocalPolicy& policy);

}  // namespace doudi
