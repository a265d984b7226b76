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
    Adder(Ledger& ledger, const std::vector<int>& groups, const World& w, const Calendar& calendar)
        : ledger_(ledger), page_(ledger.page(w.slot, groups.front())), slot_(w.slot), calendar_(calendar), more_(std::span(groups).subspan(1)) {}

    /// Pays `amount` to `persons` in each month of [from, to).
    void pay(Programme programme, Fen amount, int persons, int from, int to) { pay(doudi::at(programme), amount, persons, from, to); }
    void pay(int programme, Fen amount, int persons, int from, int to) {
        if (amount != 0) add(programme, from, to, {amount, persons, 1});
    }
    void single(Fen amount, int from, int to) {
        if (amount != 0) add(ledger_.single_line(), from, to, {amount, 0, 0});
    }
    void category(Category category, int from, int to) {
        if (category != Category::none) add(ledger_.category_line(category), from, to, {0, 0, 1});
    }

private:
    void add(int line, int from, int to, const Ledger::Cell& cell) {
        from = std::max(from - calendar_.burn_in, 0);
        to = std::min(to - calendar_.burn_in, calendar_.months);
        ledger_.add(page_, line, from, to, cell);
        for (const int group : more_) ledger_.add(ledger_.page(slot_, group), line, from, to, cell);
    }

    Ledger& ledger_;
    Ledger::Page page_;
    int slot_;
    const Calendar& calendar_;
    std::span<const int> more_;
};

}  // namespace doudi
