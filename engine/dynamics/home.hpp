#pragma once
#include "dynamics/shocks.hpp"

#include <array>

namespace doudi {

/// The state that all policies share: members, income and spending of one family, month by month. Months in which
/// nothing happens may be skipped: `enter` fills them in.
class Home {
public:
    static constexpr int never = 1 << 30;

    /// `disasters`: months in which a disaster of the county hits this family, ascending.
    Home(const Family& family, const Person* people, const World& world, bool assets_ok,
         const Shocks& shocks, std::span<const int> disasters);

    /// Moves into `month`: birthdays, due re-employment, the shocks of the month, then income and spending. Months
    /// between the last one and this must not be past `next_event`. True if an assessment could change.
    bool enter(int month);
    /// The next month after the current one in which anything happens, or `never`.
    int next_event() const;
    /// The shocks of the current month.
    std::span<const Shock> shocks_now() const { return {shocks_.list.data() + first_, shocks_.list.data() + next_}; }
    bool disaster_now() const { return disaster_; }

    rules::Household assessed() const;  ///< a view of this object's members
    bool spending_surge(int percent) const;        ///< 支出骤增, measure 2
    bool income_plunge(int percent) const;         ///< 收入骤减, measure 2
    bool someone_died() const { return died_; }
    bool unstable() const { return can_work_; }
    int last_reemployed() const { return last_reemployed_; }
    int alive() const { return count_; }
    /// Whether 12-month spending could come over `percent` of 12-month income while the family stays as it is: a
    /// bound over all months until the next event.
    bool spending_could_pass(int percent) const;

private:
    void set_members(int month);
    void fill(int month);
    void strike(const Shock& shock, int month);
    void bury(std::size_t place);

    const Family& family_;
    const Person* people_;
    const World& world_;
    const Shocks& shocks_;
    std::span<const int> disasters_;
    bool assets_ok_, died_ = false, can_work_ = false, disaster_ = false;
    int count_ = 0, last_reemployed_ = -1, disaster_until_ = -1, month_ = 0, first_ = 0, next_ = 0;
    std::size_t next_disaster_ = 0;
    double factor_ = 1, assessed_share_ = 1;
    static constexpr int room = 12;
    std::array<rules::Member, room> members_;
    std::array<std::uint8_t, room> who_;          ///< place in people_
    std::array<bool, room> works_;                ///< has work, or would have without the spell it is in
    std::array<int, room> jobless_until_;
    std::array<int, room> disabled_from_;         ///< month from which a new certificate counts
    std::array<std::uint32_t, room> disability_word_;
    static constexpr int longest = 84;            ///< burn-in and horizon
    std::array<Fen, longest + 12> income_, spending_;  ///< by month + 12
    Fen income_now_ = 0, spending_base_ = 0, lump_ = 0, income_12m_ = 0, spending_12m_ = 0;
};

/// Grade and type of a certified disability from a person's scores.
std::uint8_t disability_grade(double score, double severe_share);
rules::DisabilityType disability_type(std::uint8_t score);
bool disabled(const Person& person, const World& world);
bool employed(const Person& person, const World& world, bool disabled);

/// Whether nothing but shocks can change the family in this replicate (nobody ill, out of work, or of school or
/// entry age), and its assessed income a month if so.
struct Settled {
    bool settled;
    Fen income;
};
Settled settled(const Family& family, const Person* people, const World& world, const Calendar& calendar);

/// The family's own factor on earnings, farm and support: level of the county times the curve at its score, mean 1.
double income_factor(const Family& family, const World& world);

/// Whether the person is out of work when the burn-in starts, and for how many months: unemployment in its steady
/// state, where the share out of work is loss / (loss + re-employment). -1: at work.
int initial_spell(const Family& family, int place, const World& world);

}  // namespace doudi
