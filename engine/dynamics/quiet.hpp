#pragma once
#include "dynamics/adder.hpp"
#include "dynamics/alike.hpp"
#include "dynamics/alone.hpp"
#include "dynamics/claims.hpp"
#include "dynamics/columns.hpp"
#include "dynamics/earnings.hpp"
#include "dynamics/home.hpp"
#include "dynamics/verdict.hpp"

#include <span>

namespace doudi {

/// Lives families in which nothing happens: no shock, no birthday that changes who works, everyone at work who can be, under a
/// law and with incomes that stand still. They are decided once, and paid the same in every month; only the extra payment
/// changes with an 18th or 70th birthday (see Verdict).
class Quiet {
public:
    /// By group of policies, and what each has of the first one.
    Quiet(const Kin& kin, std::span<const LocalPolicy> policies, std::span<const Lead> leads, const Calendar& calendar);

    /// Pays the family in this replicate; false if it is not a quiet one here, with nothing paid. `assets_ok` and no shock or
    /// disaster are what the caller knows of it. It is paid in the months before `until`.
    bool operator()(const World& world, Ledger& ledger, int until);
    /// The same in those of the replicates [at, at + 64) that have their bit in `todo`, to the end of the run; the bits of those in which it
    /// is quiet and paid. `claims`: by group of policies.
    std::uint64_t operator()(std::span<const World> worlds, const Columns& columns, std::span<const Claims> claims, std::size_t at, std::uint64_t todo, Ledger& ledger);

private:
    /// What 64 replicates are paid, line by line.
    class Bills {
    public:
        void add(const Throughout::Bill& bill) { list_.make(count_++) = bill; }
        const Throughout::Bill* begin() const { return list_.data(); }
        const Throughout::Bill* end() const { return list_.data() + count_; }

    private:
        std::size_t count_ = 0;
        Room<Throughout::Bill, 12> list_;
    };

    /// Whether it could hang on a member's own income if a decision holds.
    bool own_income_counts() const { return family_.special || work_costs_; }
    bool begin();
    Fen most_spending(const World& world) const;
    bool sums_count(const LocalPolicy& policy, const World& world, Fen standard) const;
    bool in_band(const LocalPolicy& policy, Fen standard) const;
    bool spends_much(const LocalPolicy& policy, const World& world) const;
    bool decide(const World& world);
    std::uint64_t hold(std::span<const World> worlds, const Earnings& earnings, std::size_t at, std::uint64_t which);
    static Category shown(const Entitlement& entitlement, bool known);
    void pay(const World& world, Ledger& ledger, int until) const;
    void pay(std::span<const World> worlds, const Earnings& earnings, std::size_t at, std::uint64_t same, Ledger& ledger);
    bool goes_with_first(std::size_t group, std::uint64_t same) const;
    Bills bills(std::size_t group, std::uint64_t same) const;
    Verdict::Dibao dibao(std::size_t group, const Earnings& earnings, std::size_t replicate) {
        if (!work_costs_) return verdicts_[group].dibao(earnings, replicate);
        family_.take(earnings, replicate, true);
        return verdicts_[group].dibao(family_);
    }
    /// The replicates among `same` in which the office knows the family.
    std::uint64_t known(std::size_t group, std::uint64_t same) const { return verdicts_[group].entitlement().enrols() ? same & claimed_[group][0] : 0; }
    bool ages(std::size_t group) const;
    void pay_supplement(std::size_t group, int end, Adder& to) const;

    const Kin& kin_;
    std::span<const LocalPolicy> policies_;
    std::span<const Lead> leads_;
    const Calendar& calendar_;
    bool begun_ = false, possible_;
    Described family_;
    std::size_t turn_count_ = 0;
    std::array<int, Verdict::most_turns> turns_;  ///< months of the birthdays, ascending
    bool work_costs_ = false;     ///< a policy deducts them from a member's own income
    // By group of policies, from the first use on:
    std::vector<Verdict> verdicts_;
    std::vector<std::array<std::uint64_t, 3>> claimed_;  ///< in which of a row of replicates it takes up dibao, living and nursing subsidy
};

}  // namespace doudi
