#pragma once
#include "dynamics/alone.hpp"
#include "dynamics/office.hpp"
#include "dynamics/term.hpp"

#include <algorithm>
#include <cstddef>
#include <new>

namespace doudi {

/// The offices of one family under all groups of policies. That of the first one leads; the others go with it as long as they do the same, and the
/// ledger is told what all are paid once.
class Offices {
public:
    /// `apart`: every office goes alone.
    Offices(const Family& family, const World& world, const Term& term, const Calendar& calendar, Ledger& ledger, bool apart);
    Offices(const Offices&) = delete;
    Offices& operator=(const Offices&) = delete;
    ~Offices();

    /// The law as it is from now on; `assess` comes next.
    void meet(const Term& term);
    void assess(const Home& home) {
        if (apart_ || !at(0).assess_income(home)) at(0).assess(home);
        if (count_ > 1) assess_others(home);
    }
    /// Their work in a month, the first one of a term with what its law changes; the next month in which there is any if the family does not change.
    int work(int month, const Home& home) {
        const bool decided = let_work(0, month, home);
        int next = at(0).next_action(month, home, luck_);
        if (count_ > 1) next = let_others_work(month, home, decided, next);
        new_term_ = false;
        return next;
    }
    int next_turn_of_sums(int month, int end, const Home& home) const {
        int next = at(0).next_turn_of_sums(month, end, home);
        for (std::size_t g = 1; g < count_; ++g) next = std::min(next, at(g).next_turn_of_sums(month, end, home));
        return next;
    }
    void help(const Shock& shock, const Home& home) {
        Adder of_lead = adder(0);
        const Fen help = at(0).help(shock, home, of_lead);
        if (count_ > 1) let_others_help(shock, home, help);
    }
    void pay_deaths(int month, const Home& home);
    void pay_disaster(int month, const Home& home);
    /// Pays the months of [from, to), in which nothing changes.
    void pay(int from, int to) {
        Adder of_lead = adder(0);
        at(0).pay(from, to, of_lead);
        if (count_ > 1) let_others_pay(from, to);
    }

    std::size_t size() const { return count_; }
    const Office& operator[](std::size_t group) const { return at(group); }

private:
    template <class... Arguments>
    Office& open(const Arguments&... arguments);
    Office& at(std::size_t group) { return std::launder(reinterpret_cast<Office*>(room_))[group]; }
    const Office& at(std::size_t group) const { return std::launder(reinterpret_cast<const Office*>(room_))[group]; }
    bool in_step(std::size_t group, const Home& home) const;
    void assess_others(const Home& home);
    bool let_work(std::size_t group, int month, const Home& home) {
        const bool settles = month == 0 && at(group).settle();
        return at(group).work(month, home, luck_, new_term_ && term_->decides_anew[group]) || settles;
    }
    int let_others_work(int month, const Home& home, bool decided, int next);
    void let_others_help(const Shock& shock, const Home& home, Fen help);
    void let_others_pay(int from, int to);
    /// For what a group is paid: that of the lead is paid by all who go with it.
    Adder adder(std::size_t group) const {
        if (group == 0 && alone_.led(count_)) return Adder::all_but(ledger_, alone_.groups(), world_, calendar_);
        return {ledger_, static_cast<int>(group), world_, calendar_};
    }

    const World& world_;
    const Calendar& calendar_;
    Ledger& ledger_;
    const Term* term_;
    bool apart_, new_term_ = false;
    OfficeLuck luck_;
    Alone alone_;
    std::size_t count_ = 0;
    alignas(Office) std::byte room_[Alone::most * sizeof(Office)];  ///< without touching what is not used
};

}  // namespace doudi
