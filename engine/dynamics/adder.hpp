#pragma once
#include "dynamics/ledger.hpp"
#include "dynamics/world.hpp"

#include <algorithm>

namespace doudi {

/// Adds what one family is paid under one group of policies to the ledger, for spans of months counted from the start of
/// the burn-in; months outside the horizon are dropped.
class Adder {
public:
    Adder(Ledger& ledger, int group, const World& w, const Calendar& calendar)
        : ledger_(ledger), page_(ledger.page(w.slot, group)), slot_(w.slot), calendar_(calendar) {}
    /// Under several groups of policies at once, which pay it alike.
    Adder(Ledger& ledger, std::span<const int> groups, const World& w, const Calendar& calendar)
        : Adder(ledger, static_cast<int>(groups.size()) == ledger.groups() ? ledger.of_all() : groups.front(), w, calendar) {
        if (static_cast<int>(groups.size()) < ledger.groups()) others_ = groups.subspan(1);
    }
    /// Under all groups but these: to all, and from these it is taken back.
    static Adder all_but(Ledger& ledger, std::span<const int> groups, const World& w, const Calendar& calendar) {
        Adder to(ledger, ledger.of_all(), w, calendar);
        to.others_ = groups;
        to.back_ = true;
        return to;
    }

    /// The months [from, to), as far as they are in the horizon.
    Ledger::Span span(int from, int to) const { return ledger_.span(std::max(from - calendar_.burn_in, 0), std::min(to - calendar_.burn_in, calendar_.months)); }
    /// Pays `amount` to `persons` in each of these months.
    template <class Which>  // a programme, or its number
    void pay(Which programme, Fen amount, int persons, const Ledger::Span& span) {
        if (amount != 0) add(Ledger::line(programme), span, {amount, persons, 1});
    }
    void pay(Programme programme, Fen amount, int persons, int from, int to) { pay(programme, amount, persons, span(from, to)); }
    /// To those who are paid something already.
    void more(Programme programme, Fen amount, const Ledger::Span& span) {
        if (amount != 0) add(Ledger::line(programme), span, {amount, 0, 0});
    }
    void single(Fen amount, int persons, const Ledger::Span& span) {
        if (amount != 0) add(Ledger::single_line, span, {amount, persons, 0});
    }
    void category(Category category, const Ledger::Span& span) {
        if (category != Category::none) add(Ledger::line(category), span, {0, 0, 1});
    }

private:
    void add(int line, const Ledger::Span& span, const Ledger::Cell& cell) {
        ledger_.add(page_, line, span, cell);
        if (others_.empty()) return;
        for (const int group : others_) {
            if (back_) ledger_.take_back(slot_, group, line, span, cell);
            else ledger_.add(ledger_.page(slot_, group), line, span, cell);
        }
    }

    Ledger& ledger_;
    Ledger::Page page_;
    int slot_;
    const Calendar& calendar_;
    std::span<const int> others_;
    bool back_ = false;  ///< from the others it is taken back
};

}  // namespace doudi
