#pragma once
#include "dynamics/adder.hpp"
#include "dynamics/columns.hpp"
#include "dynamics/earnings.hpp"
#include "dynamics/home.hpp"
#include "dynamics/office.hpp"
#include "dynamics/room.hpp"
#include "rules/means.hpp"

#include <span>

namespace doudi {

/// Lives families in which nothing happens: no shock, no birthday that changes who works, everyone at work who can be, under a
/// law and with incomes that stand still. They are decided once, and paid the same in every month; only the extra payment
/// changes when an 18th or 70th birthday is reported or reviewed. From one replicate to the next most of a family stays as it was (who is disabled,
/// ill, at work, draws a pension) and only amounts of income move; as long as the category is the same too, only the
/// household's top-up has to be reckoned again, by the rule itself.
class Quiet {
public:
    Quiet(const Kin& kin, std::span<const LocalPolicy> policies, const Calendar& calendar);

    /// Pays the family in this replicate; false if it is not a quiet one here, with nothing paid. `assets_ok` and no shock or
    /// disaster are what the caller knows of it.
    bool operator()(const World& world, Ledger& ledger);
    /// The same in those of the replicates [at, at + 64) that have their bit in `todo`; the bits of those in which it is quiet and paid.
    std::uint64_t operator()(std::span<const World> worlds, const Columns& columns, std::size_t at, std::uint64_t todo, Ledger& ledger);

private:
    class Likenesses;
    bool describe(const World& world);
    bool all_at_work(const World& world) const;
    std::uint64_t all_at_work(std::span<const World> worlds, std::size_t at, std::uint64_t which) const;
    void earn(const World& world);
    bool live(const World& world, Ledger& ledger);
    Fen most_spending(const World& world) const;
    struct Decided;
    bool turn_all(Decided& decided, const LocalPolicy& policy) const;
    void pay_supplement(std::size_t group, const World& world, Adder& to) const;

    const Kin& kin_;
    std::span<const LocalPolicy> policies_;
    const Calendar& calendar_;
    bool possible_, grow_up_ = false;  ///< grow_up_: a birthday under 60
    std::uint64_t likeness_ = 0;  ///< who is what in this replicate, bit by bit
    Room<rules::Member, 8> members_;
    std::array<bool, 8> able_;    ///< of working age and employed, were it not for school
    static constexpr std::size_t most_turns = 6;
    std::size_t turn_count_ = 0;
    std::array<int, most_turns> turns_;  ///< months of the birthdays, ascending
    bool may_work_ = false;       ///< a member works
    bool special_ = false;        ///< someone is disabled, ill or tekun, whose pay could hang on his own income
    Fen income_ = 0;              ///< a month, of all members
    struct Extra {
        Fen fen = 0;
        int persons = 0;
        bool operator==(const Extra&) const = default;
    };
    struct Decided {
        std::array<Extra, most_turns> extra;  ///< the extra payment as the law has it from each turn on
        Fen standard = 0;           ///< S
        bool valid = false, means_tested = false;  ///< means_tested: dibao, where the top-up moves with income
        std::uint64_t likeness = 0;
        Entitlement entitlement;
        rules::Means means;
    };
    std::vector<Decided> decided_;  ///< by group of policies, from the first use on
};

}  // namespace doudi
