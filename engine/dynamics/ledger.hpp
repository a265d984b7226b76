#pragma once
#include "dynamics/throughout.hpp"
#include "dynamics/uplift.hpp"
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
        : replicates_(replicates), groups_(groups), pages_(groups > 1 ? groups + 1 : 1), programmes_(programmes), months_(months), lines_((first_module + programmes - programme_count + 3) / 4 * 4),
          page_size_(static_cast<std::size_t>(lines_ * months)), rows_(static_cast<std::size_t>(replicates * pages_) * page_size_ / 4),
          used_(static_cast<std::size_t>(pages_)), back_(static_cast<std::size_t>(replicates * (groups - 1) * months)), taken_(static_cast<std::size_t>(replicates * (groups - 1))),
          throughout_(pages_, lines_, replicates), taken_throughout_(groups - 1, static_cast<int>(lifted_lines.size()), replicates) {}

    /// The replicate whose slot comes first in this block.
    void begin(int first_slot) { first_slot_ = first_slot; }

    // Cells that one payment needs stand in one line of the cache.
    static constexpr int line(Programme p) { return programme_lines[static_cast<std::size_t>(at(p))]; }
    /// Of a programme by number, or a module after them.
    static constexpr int line(int programme) { return programme < programme_count ? programme_lines[static_cast<std::size_t>(programme)] : first_module + programme - programme_count; }
    static constexpr int line(Category c) { return category_lines[static_cast<std::size_t>(at(c))]; }
    static constexpr int single_line = 12;

    int groups() const { return groups_; }
    /// The page of what all groups pay, each by its own standard: in place of that of a group.
    int of_all() const { return pages_ - 1; }
    /// Where a replicate and group keep their cells.
    struct Page {
        Cell* cells;
        std::uint64_t* used;  ///< bit l: something was added to line l; there are not 64
    };
    Page page(int slot, int group) { return page_of(slot - first_slot_, group); }

    /// Months [from, to) of the horizon: the change of the first is taken back in the one after the last.
    struct Span {
        int from = 0, to = 0;
        bool none = true, ends = false;  ///< ends: before the horizon does
        int row = 0, row_past = 0;       ///< places in a page
    };
    Span span(int from, int to) const { return {from, to, from >= to, to < months_, from * lines_, to * lines_}; }
    /// Adds `cell` to the months of a span.
    void add(Page page, int line, const Span& span, const Cell& cell) const {
        if (span.none) return;
        mark(page, line);
        plus(page.cells[span.row + line], cell);
        if (span.ends) minus(page.cells[span.row_past + line], cell);
    }
    /// The same in all months of the horizon, to the replicates of a bill from the slot on: to a group, or `of_all`.
    void add(int slot, int group, const Throughout::Bill& bill) { throughout_.add(group, static_cast<std::size_t>(slot - first_slot_), bill); }
    /// To several groups, which pay it alike.
    void add(int slot, std::span<const int> groups, const Throughout::Bill& bill) {
        if (static_cast<int>(groups.size()) == groups_) return add(slot, of_all(), bill);
        for (const int group : groups) add(slot, group, bill);
    }
    /// Takes back from a group after the first what all are paid, for it pays something else.
    void take_back(int slot, int group, int line, const Span& span, const Cell& cell) {
        const Cell back{-cell.fen, -cell.persons, -cell.households};
        const int k = lifted(line);
        if (k < 0) return add(page(slot, group), line, span, back);
        if (span.none) return;
        const std::size_t place = back_place(slot - first_slot_, group);
        taken_[place] = static_cast<std::uint8_t>(taken_[place] | 1u << k);
        Row* const rows = &back_[place * static_cast<std::size_t>(months_)];
        plus(rows[span.from].cells[static_cast<std::size_t>(k)], back);
        if (span.ends) minus(rows[span.to].cells[static_cast<std::size_t>(k)], back);
    }
    void take_back(int slot, int group, const Throughout::Bill& bill);

    /// Adds up `replicates` replicates into the tally and clears them. `scenarios[group]`: the policies that the group
    /// stands for; they decide alike, and differ at most in the amounts of the two subsidies, `amounts[scenario, month]`.
    /// `uplifts[group]`: what the group pays more to those whom all pay.
    struct Amounts { Fen living, nursing; };
    void settle(int replicates, int residence, std::span<const std::vector<int>> scenarios, std::span<const Uplift> uplifts, std::span<const Amounts> amounts, Tally& tally);

private:
    struct alignas(64) Row { std::array<Cell, 4> cells; };
    static constexpr std::array<int, programme_count> programme_lines{0, 1, 8, 9, 3, 4, 5};
    static constexpr std::array<int, category_count> category_lines{15, 2, 11, 6, 7, 10, 13, 14};
    static constexpr int first_module = 16;

    /// The lines in which a standard gives more to those whom all pay: dibao, extra payments, tekun basic and dibao of those included alone.
    static constexpr std::array lifted_lines{programme_lines[0], programme_lines[1], programme_lines[2], single_line};
    /// Place of a line among them, or -1.
    static int lifted(int line) {
        for (int k = 0; k < static_cast<int>(lifted_lines.size()); ++k)
            if (lifted_lines[static_cast<std::size_t>(k)] == line) return k;
        return -1;
    }
    std::size_t back_place(int replicate, int group) const { return static_cast<std::size_t>((group - 1) * replicates_ + replicate); }
    Page page_of(int replicate, int group) {
        const auto place = static_cast<std::size_t>(group * replicates_ + replicate);
        return {rows_[place * page_size_ / 4].cells.data(), &used_[static_cast<std::size_t>(group)]};
    }
    /// Mostly it is marked, and a store that the next one waits for is spared.
    static void mark(const Page& page, int line) {
        const std::uint64_t bit = std::uint64_t{1} << line;
        if ((*page.used & bit) == 0) *page.used |= bit;
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

    int replicates_, groups_, pages_, programmes_, months_, lines_, first_slot_ = 0;
    std::size_t page_size_;
    std::vector<Row> rows_;    ///< [page, replicate, month, line], four lines a row: most families are paid the same from the first month on, in several lines
    std::vector<std::uint64_t> used_;  ///< [page], of all replicates: a word for each would be one more thing to fetch
    std::vector<Row> back_;    ///< what is taken back in the lifted lines, [group after the first, replicate, month]
    std::vector<std::uint8_t> taken_;  ///< [group after the first, replicate], bit k: in lifted line k
    Throughout throughout_;            ///< [page], and each line
    Throughout taken_throughout_;      ///< what is taken back of it, [group after the first], and each lifted line
};

}  // namespace doudi
