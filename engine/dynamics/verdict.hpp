#pragma once
#include "dynamics/described.hpp"
#include "dynamics/office.hpp"
#include "rules/dibao.hpp"
#include "rules/means.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace doudi {

/// What one policy says of a family in which nothing happens. From one replicate to the next most of such a family stays as it was and only amounts
/// of income move; as long as these leave everyone where he was, the decision holds and only amounts of dibao have to be reckoned again, by the
/// rules themselves.
class Verdict {
public:
    static constexpr std::size_t most_turns = 6;

    explicit Verdict(const LocalPolicy& policy);

    /// Decides the family. `turns`: the months of its birthdays, ascending; false if one of them changes more than the extra payment.
    bool decide(const Described& family, std::span<const int> turns);
    /// Whether what was decided last holds for this family: all but the amounts of dibao.
    bool holds(const Described& family) const;
    /// Whether it could hold for other incomes of the same members: not where someone without support is no tekun person by his own income.
    bool could_hold(const Described& family) const { return !family.tekun() || tekun_apart_; }
    /// In which of the replicates of `earnings` with their bit in `which`, all of the likeness of now, it holds because every comparison of an income comes
    /// out as it did when it was decided: of the family's with the thresholds of the rules, of a member's own with the standard. None where a
    /// comparison hangs on more. The sums of twelve months are another matter.
    std::uint64_t holds_in(const Earnings& earnings, const Described& family, std::uint64_t which) const;
    /// Whether those incomes are under the band of rigid-expenditure families, or over it.
    bool outside_the_band() const { return income_until_ <= band_from_ || income_from_ >= band_until_; }

    /// The household's dibao and that of those included alone, a month.
    struct Dibao {
        Fen family = 0, single = 0;
    };
    Dibao dibao(const Described& family) const;
    /// The same in a replicate of `earnings`, where no work-cost deduction is made.
    Dibao dibao(const Earnings& earnings, std::size_t replicate) const {
        if (!means_tested_) return {entitlement_.dibao, alone_ == 0 ? entitlement_.single : single(earnings, replicate)};
        const double income = tekun_apart_ ? earnings.total[replicate] - earnings.of[0][replicate] : earnings.total[replicate];
        return {std::max(rules::dibao_top_up(means(12 * static_cast<Fen>(income))), policy_.dibao_min_payment), 0};
    }
    /// As it was decided: its amounts of dibao are those of the family that was.
    const Entitlement& entitlement() const { return entitlement_; }
    struct Extra {
        Fen fen = 0;
        int persons = 0;
        bool operator==(const Extra&) const = default;
    };
    Extra extra() const { return {entitlement_.supplement, entitlement_.supplement_persons}; }
    /// The extra payment as the law has it from a birthday on.
    const Extra& extra_from(std::size_t turn) const { return extra_[turn]; }
    Fen standard() const { return standard_; }

private:
    rules::Means means(Fen annual) const {
        rules::Means h = means_;
        h.annual = annual;
        return h;
    }
    Fen annual(const Described& family) const;
    unsigned included_alone(const Described& family, const rules::Means& now) const;
    bool turn_all(const Described& family, std::span<const int> turns);
    void bound(const Described& family);
    Fen single(const Earnings& earnings, std::size_t replicate) const;

    const LocalPolicy& policy_;
    Fen standard_;                ///< S
    bool valid_ = false;
    bool means_tested_ = false;   ///< dibao, where the top-up moves with income
    bool tekun_apart_ = false;    ///< there is a tekun person, paid the same whatever his income, which is not the family's
    unsigned alone_ = 0;          ///< bit i: member i is included alone
    bool by_income_ = false;      ///< it holds where the following does:
    Fen income_from_ = 0, income_until_ = 0, band_from_ = 0, band_until_ = 0;  ///< of the family's a month
    unsigned own_counts_ = 0, own_under_ = 0;                 ///< bit i: member i's own income counts, and is under the standard
    std::uint64_t likeness_ = 0;
    Entitlement entitlement_;
    rules::Means means_;
    std::array<Extra, most_turns> extra_;
};

}  // namespace doudi
