#pragma once
#include "base/money.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace doudi {

/// What families are paid alike in every month of the horizon, by page of the ledger and line: replicates side by side, so that a family is
/// paid in 64 of them at once.
class Throughout {
public:
    static constexpr std::size_t row = 64;  ///< replicates
    struct Paid {
        std::int64_t fen = 0, persons = 0, households = 0;
    };

    Throughout(int pages, int lines, int replicates)
        : lines_(static_cast<std::size_t>(lines)), rows_((static_cast<std::size_t>(replicates) + row - 1) / row), cells_(static_cast<std::size_t>(pages) * lines_ * rows_),
          used_(static_cast<std::size_t>(pages)) {}

    /// What some of 64 replicates are paid a month in one line, and whom it counts; all may be negative.
    struct Bill {
        int line;
        std::uint64_t which;                         ///< bit k: the one after k others
        Fen fen;
        int persons, households;
        const std::array<Fen, row>* each = nullptr;  ///< amounts by replicate, in place of one
    };
    /// `at`: the first of the 64, counted from the first one of the block; a multiple of 64.
    void add(int page, std::size_t at, const Bill& bill);

    /// Whether anything was added to the line in any replicate.
    bool any(int page, int line) const { return (used_[static_cast<std::size_t>(page)] >> line & 1u) != 0; }
    Paid paid(int page, int line, int replicate) const {
        const auto r = static_cast<std::size_t>(replicate);
        const Cells& cells = cells_[place(page, line, r)];
        const std::int64_t counted = cells.counted[r % row], persons = static_cast<std::int32_t>(counted);
        return {cells.fen[r % row], persons, (counted - persons) / one_household};
    }
    void clear();

private:
    /// Persons in the lower half of a number, households in the upper one: a lot of families has less than two billion of either.
    static constexpr std::int64_t one_household = std::int64_t{1} << 32;
    struct alignas(64) Cells {
        std::array<std::int64_t, row> fen{}, counted{};
    };
    std::size_t place(int page, int line, std::size_t replicate) const { return (static_cast<std::size_t>(page) * lines_ + static_cast<std::size_t>(line)) * rows_ + replicate / row; }

    std::size_t lines_, rows_;
    std::vector<Cells> cells_;         ///< [page, line, row of replicates]
    std::vector<std::uint64_t> used_;  ///< [page], bit l: something was added to line l; there are not 64
};

}  // namespace doudi
