#pragma once
#include "dynamics/world.hpp"
#include "results/tally.hpp"

#include <algorithm>

namespace doudi {

/// Adds what one family is paid under one policy to the tally, for spans of months counted from the start of the
/// burn-in; months outside the horizon are dropped.
class Adder {
public:
    Adder(Tally& tally, int scenario, const World& w, const Calendar& calendar)
        : tally_(tally), scenario_(scenario), replicate_(w.slot), residence_(at(w.residence)), calendar_(calendar) {}

    /// Pays `amount` to `persons` in each month of [from, to).
    void pay(Programme programme, Fen amount, int persons, int from, int to) { pay(doudi::at(programme), amount, persons, from, to); }
    void pay(int programme, Fen amount, int persons, int from, int to) {
        if (amount == 0) return;
        const auto [first, count] = counted(from, to);
        const std::size_t cell = tally_.pay_index(scenario_, replicate_, residence_, programme, 0) + first;
        for (std::size_t m = 0; m < count; ++m) {
            tally_.cost[cell + m] += amount;
            tally_.recipients[cell + m] += persons;
            tally_.households[cell + m] += 1;
        }
    }
    void single(Fen amount, int from, int to) {
        if (amount == 0) return;
        const auto [first, count] = counted(from, to);
        const std::size_t cell = tally_.single_index(scenario_, replicate_, residence_, 0) + first;
        for (std::size_t m = 0; m < count; ++m) tally_.dibao_single[cell + m] += amount;
    }
    void category(Category category, int from, int to) {
        if (category == Category::none) return;
        const auto [first, count] = counted(from, to);
        const std::size_t cell = tally_.category_index(scenario_, replicate_, residence_, doudi::at(category), 0) + first;
        for (std::size_t m = 0; m < count; ++m) tally_.category_households[cell + m] += 1;
    }

private:
    struct Span { std::size_t first, count; };
    Span counted(int from, int to) const {
        const int first = std::max(from - calendar_.burn_in, 0), last = std::min(to - calendar_.burn_in, calendar_.months);
        return {static_cast<std::size_t>(first), static_cast<std::size_t>(std::max(last - first, 0))};
    }
    Tally& tally_;
    int scenario_, replicate_, residence_;
    const Calendar& calendar_;
};

}  // namespace doudi
