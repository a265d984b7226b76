#pragma once
#include "results/tally.hpp"

#include <array>
#include <span>

namespace doudi {

/// What the families of a block are paid in a block of replicates, small enough for the cache. A cell holds the change
/// from the month before, so a span of months costs two additions however long it is.
class Ledger {
public:
    struct Cell {
        Fen fen = 0;
        std::int32_t persons = 0, households = 0;
    };

    Ledger(int replicates, int groups, int programmes, int months)
        : groups_(groups), programmes_(programmes), months_(months), lines_(programmes + category_count + 1),
          page_size_(static_cast<std::size_t>(lines_ * months)), cells_(static_cast<std::size_t>(replicates * groups) * page_size_) {}

    /// The replicate whose slot comes first in this block.
    void begin(int first_slot) { first_slot_ = first_slot; }

    int category_line(Category c) const { return programmes_ + at(c); }
    int single_line() const { return programmes_ + category_count; }

    /// Where a replicate and group keep their cells.
    using Page = Cell*;
    Page page(int slot, int group) { return &cells_[index(slot - first_slot_, group)]; }

    /// Adds `cell` to the months [from, to) of the horizon; the caller keeps them inside it.
    void add(Page page, int line, int from, int to, const Cell& cell) const {
        if (from >= to) return;
        plus(page[place(line, from)], cell);
        if (to < months_) minus(page[place(line, to)], cell);
    }

    /// The same for all months of the horizon.
    void add_throughout(Page page, int line, const Cell& cell) const { plus(page[place(line, 0)], cell); }

    /// What replicates of a row of 64 are paid alike in all months of the horizon: a cell of a line each, for those with their bit in `which`.
    class Bills {
    public:
        void add(int line, std::uint64_t which, const Cell& cell) { bills_[count_++] = {which, line, cell}; }

    private:
        friend class Ledger;
        struct Bill {
            std::uint64_t which;
            int line;
            Cell cell;
        };
        std::size_t count_ = 0;
        std::array<Bill, 12> bills_;
    };
    void add(Page page, const Bills& bills, std::size_t replicate) const {
        for (std::size_t k = 0; k < bills.count_; ++k)
            if (const Bills::Bill& b = bills.bills_[k]; (b.which >> replicate & 1u) != 0) plus(page[place(b.line, 0)], b.cell);
    }

    /// Adds up `replicates` replicates into the tally and clears them. `scenarios[group]`: the policies that the group
    /// stands for; they decide alike, and differ at most in the amounts of the two subsidies, `amounts[scenario, month]`.
    struct Amounts { Fen living, nursing; };
    void settle(int replicates, int residence, std::span<const std::vector<int>> scenarios, std::span<const Amounts> amounts, Tally& tally);

private:
    std::size_t index(int replicate, int group) const {
        return static_cast<std::size_t>(replicate * groups_ + group) * page_size_;
    }
    static void plus(Cell& to, const Cell& by) {
        to.fen += by.fen;
        to.persons += by.persons;
        to.households += by.households;
    }
    static void minus(Cell& to, const Cell& by) {
        to.fen -= by.fen;
        to.persons -= by.persons;
        to.households -= by.households;
    }

    int groups_, programmes_, months_, lines_, first_slot_ = 0;
    std::size_t page_size_;
    /// The first month of every line, for most families are paid the same from it on; then the other months, line by line.
    int place(int line, int month) const { return month == 0 ? line : lines_ + line * (months_ - 1) + month - 1; }
    std::vector<Cell> cells_;  ///< [replicate, group, place]
};

}  // namespace doudi
