#pragma once
#include "dynamics/shocks.hpp"

#include <array>

namespace doudi {

/// The state that all policies share: members, income and spending of one family, month by month.
class Home {
public:
    Home(const Family& family, const Person* people, const World& world, const Calendar& calendar, bool assets_ok);

    /// Income per month as the office would assess it in the first month, all earners at work.
    Fen settled_income() const { return settled_income_; }
    /// Whether nothing but shocks can change the family: no initial job loss, no illness, no schooling costs.
    bool settled() const { return settled_; }

    /// Moves into `month`: birthdays, due re-employment, the shocks of the month, then income and spending.
    /// `disaster` says whether the county's disaster hits this family. True if an assessment could change.
    bool enter(int month, const Shocks& shocks, int& next_shock, bool disaster);

    rules::Household assessed() const;  ///< a view of this object's members
    bool spending_surge() const;        ///< 支出骤增, measure 2
    bool income_plunge() const;         ///< 收入骤减, measure 2
    bool someone_died() const { return died_; }
    bool unstable() const { return can_work_; }
    int last_reemployed() const { return last_reemployed_; }
    int alive() const { return alive_; }

private:
    void set_incomes(int month);

    const Family& family_;
    const Person* people_;
    const World& world_;
    Calendar calendar_;
    bool assets_ok_, settled_ = true, died_ = false, can_work_ = false;
    int alive_ = 0, count_ = 0, last_reemployed_ = -1, disaster_until_ = -1;
    Fen settled_income_ = 0;
    double factor_ = 1, assessed_share_ = 1;
    static constexpr int room = 12;
    std::array<rules::Member, room> members_{};
    std::array<int, room> who_{};          ///< place in people_
    std::array<int, room> jobless_until_{};
    std::array<int, room> disabled_from_{};///< month from which the certificate counts
    std::array<std::uint32_t, room> disability_word_{};
    std::array<Fen, 96> income_{}, spending_{};  ///< by month + 12
    Fen income_12m_ = 0, spending_12m_ = 0, lump_ = 0;
    int month_ = 0;
};

}  // namespace doudi
