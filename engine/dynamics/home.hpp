#pragma once
#include "dynamics/kin.hpp"
#include "dynamics/lasting.hpp"
#include "dynamics/member.hpp"
#include "dynamics/room.hpp"
#include "dynamics/shocks.hpp"

#include <array>

namespace doudi {

/// The state that all policies share: members, income and spending of one family, month by month. Months in which
/// nothing happens may be skipped.
class Home {
public:
    static constexpr int never = 1 << 30;
    static constexpr int room = 12;  ///< members

    Home(const Kin& kin, const World& world, bool assets_ok, const Shocks& shocks);

    /// Moves into `month`: birthdays, due re-employment, the shocks of the month, then income and spending. Months
    /// between the last one and this must not be past `next_event`. True if an assessment could change.
    bool enter(int month);
    /// The next month after the current one in which anything happens, or `never`.
    int next_event() const;
    /// The shocks of the current month.
    std::span<const Shock> shocks_now() const { return {shocks_.list.data() + first_, shocks_.list.data() + next_}; }
    /// Whether a shock of the current month found whom it strikes: work is lost only by one who has it, nobody is disabled twice, and
    /// the dead are spared.
    bool befell(const Shock& shock) const { return (void_ >> (&shock - shocks_.list.data()) & 1u) == 0; }
    bool disaster_now() const { return disaster_; }

    /// A view of this object's members. Without `sums`, the income and spending of twelve months are left zero: enough
    /// where no rule looks at them.
    rules::Household assessed(bool sums) const;
    std::span<const rules::Member> members() const { return members_.first(static_cast<std::size_t>(count_)); }
    Fen income_now() const { return income_now_; }
    bool assets_ok() const { return assets_ok_; }
    /// Whether nobody is disabled, ill or tekun now.
    bool plain() const { return plain_; }
    /// Whether necessary spending has been a fixed share of income in every month so far: nobody ill or in tertiary school,
    /// no lump of costs.
    bool ordinary() const { return ordinary_; }
    bool spending_surge(int percent) const;        ///< 支出骤增, measure 2
    bool income_plunge(int percent) const;         ///< 收入骤减, measure 2
    /// Who died, as of this month: of all, and of tekun persons.
    struct Dead { int all = 0, tekun = 0; };
    const Dead& dead() const { return dead_; }
    bool someone_died() const { return dead_.all > 0; }
    bool crossed_18_or_70() const { return crossed_; }
    bool unstable() const { return can_work_; }
    int last_reemployed() const { return last_reemployed_; }
    int alive() const { return count_; }
    /// Whether 12-month spending could be over `percent` of 12-month income, now or later while the family stays as it is.
    bool could_spend_over(int percent) const;
    /// The first month after this one, before `end` and while the family stays as it is, in which 12-month spending comes
    /// over `percent` of 12-month income, or is no longer over it; or `never`.
    int spending_passes(int percent, int end) const;

private:
    static Fen scaled(double amount, double factor) { return static_cast<Fen>(amount * factor); }
    int find_passing(int percent, int end) const;
    void set_level(const LastingIncome::Factors& year);
    void set_members(int month, int since);
    enum class Effect { none, later, now };
    Effect strike(const Shock& shock, int month);
    void bury(std::size_t place);
    bool come_due(int month);
    void lump(int month, Fen amount);
    Fen spending_over(int months) const;  ///< the last so many months
    int since(int month) const;
    Fen income_over_year() const;

    const Kin& kin_;
    const World& world_;
    const Shocks& shocks_;
    bool assets_ok_, crossed_ = false, can_work_ = false, disaster_ = false, ordinary_ = true, plain_ = true;
    int count_ = 0, last_reemployed_ = -1, disaster_until_ = -1, month_ = -1, first_ = 0, next_ = 0;
    const Kin::Turning* turning_;                 ///< the next one
    Dead dead_;
    std::uint64_t void_ = 0;                      ///< bit k: shock k found nobody
    int due_ = never;                             ///< the first month in which a job or a certificate is due
    LastingIncome lasting_;
    int year_ = 0, next_year_ = never;            ///< of the horizon, where incomes move
    double factor_ = 1, assessed_share_ = 1;      ///< on farms
    Room<rules::Member, room> members_;
    std::array<std::uint8_t, room> who_;          ///< place in the family
    std::array<bool, room> has_work_;             ///< whenever school or a spell does not keep it from them (see has_work)
    std::array<bool, room> works_;                ///< has work, or would have without the spell it is in
    /// What a member brings a month, before what is not assessed: wages at full strength, pension, support from outside.
    struct Brings {
        double wages, pension, support;
    };
    std::array<Brings, room> brings_;
    std::array<int, room> jobless_until_;
    std::array<int, room> disabled_from_;         ///< month from which a new certificate counts
    std::array<std::uint32_t, room> disability_word_;
    /// Income and spending as they changed; before the first month they were as in it.
    struct Since {
        int month;
        Fen income, spending_base;
    };
    struct Lump {
        int month;
        Fen amount;
    };
    static constexpr int longest = 96;            ///< months: burn-in and horizon
    std::array<Since, longest> past_;
    std::array<Lump, longest> lumps_;
    int past_count_ = 0, lump_count_ = 0;
    Fen income_now_ = 0, spending_base_ = 0;
    /// What several policies ask of the same month.
    struct Sums { Fen spending, income; };
    const Sums& sums() const;
    mutable Sums sums_{};
    mutable int sums_month_ = -1, passing_month_ = -1, passing_percent_ = 0, passing_end_ = 0, passing_ = 0;
};

}  // namespace doudi
