#pragma once
#include "dynamics/alone.hpp"
#include "dynamics/office.hpp"
#include "dynamics/term.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <new>

namespace doudi {

/// The offices of one family under all groups of policies. Where standards are all that a group changes, most families go the same course under it
/// as under the first one, which leads: what all are paid the ledger is told once, and what its standard gives more to the persons of such a group it
/// reckons when it settles. An office of its own a group has only from where the law, compared with what the family earns, could say something else.
class Offices {
public:
    /// `apart`: every group has its office.
    Offices(const Family& family, const World& world, const Term& term, const Calendar& calendar, Ledger& ledger, bool apart);
    Offices(const Offices&) = delete;
    Offices& operator=(const Offices&) = delete;
    ~Offices();

    /// The law as it is from now on; `assess` comes next.
    void meet(const Term& term, const Home& home);
    void assess(const Home& home) {
        assess(0, home);
        for (const int g : alone_.groups()) assess(static_cast<std::size_t>(g), home);
        if (alone_.led(size_) && !at(0).decides_alike(term_->of_led, home)) part_where_decided_otherwise(home);
    }
    /// Their work in a month, the first one of a term with what its law changes; the next month in which there is any if the family does not change.
    int work(int month, const Home& home) {
        work(0, month, home);
        int next = at(0).next_action(month, home, luck_);
        if (alone_.any() || (size_ > 1 && at(0).exits_for_others())) next = let_others_work(month, home, next);
        new_term_ = false;
        return next;
    }
    int next_turn_of_sums(int month, int end, const Home& home) const {
        int next = at(0).next_turn_of_sums(month, end, home);
        for (const int g : alone_.groups()) next = std::min(next, at(g).next_turn_of_sums(month, end, home));
        return next;
    }
    void help(const Shock& shock, const Home& home) {
        Adder of_lead = adder(0);
        const Fen help = at(0).help(shock, home, of_lead);
        if (alone_.any() || (size_ > 1 && help > 0)) let_others_help(shock, home, help);
    }
    void pay_deaths(int month, const Home& home);
    void pay_disaster(int month, const Home& home);
    /// Pays the months of [from, to), in which nothing changes.
    void pay(int from, int to) {
        Adder of_lead = adder(0);
        at(0).pay(from, to, of_lead);
        for (const int g : alone_.groups()) {
            Adder own = adder(static_cast<std::size_t>(g));
            at(g).pay(from, to, own);
        }
    }

    std::size_t size() const { return size_; }
    /// Of a group that has one.
    const Office& operator[](std::size_t group) const { return at(group); }

private:
    template <class Group>
    Office& at(Group group) { return std::launder(reinterpret_cast<Office*>(room_))[group]; }
    template <class Group>
    const Office& at(Group group) const { return std::launder(reinterpret_cast<const Office*>(room_))[group]; }
    void open(std::size_t group);
    void part(std::size_t group, const Home& home);
    /// For what a group is paid: that of the lead is paid by all who go with it.
    Adder adder(std::size_t group) const {
        if (group == 0 && alone_.led(size_)) return Adder::all_but(ledger_, alone_.groups(), world_, calendar_);
        return {ledger_, static_cast<int>(group), world_, calendar_};
    }
    void assess(std::size_t group, const Home& home) {
        if (apart_ || !at(group).assess_income(home)) at(group).assess(home);
    }
    void part_where_decided_otherwise(const Home& home);
    void work(std::size_t group, int month, const Home& home) {
        if (month == 0) at(group).settle();
        at(group).work(month, home, luck_, new_term_ && term_->decides_anew[group]);
    }
    int let_others_work(int month, const Home& home, int next);
    void let_others_help(const Shock& shock, const Home& home, Fen help);

    const Family& family_;
    const World& world_;
    const Calendar& calendar_;
    Ledger& ledger_;
    const Term* term_;
    bool apart_, new_term_ = false;
    std::size_t size_;
    OfficeLuck luck_;
    Alone alone_;
    alignas(Office) std::byte room_[Alone::most * sizeof(Office)];  ///< without touching what is not used
};

}  // namespace doudi
