#include "dynamics/ledger.hpp"

#include <algorithm>

namespace doudi {

void Ledger::settle(int replicates, int residence, std::span<const std::vector<int>> scenarios, std::span<const Amounts> amounts, Tally& tally) {
    const auto paid = [&](int line, const Cell& sum, int scenario, int month) -> Fen {
        const Amounts& now = amounts[static_cast<std::size_t>(scenario * months_ + month)];
        if (line == at(Programme::living_subsidy)) return sum.persons * now.living;
        if (line == at(Programme::nursing_subsidy)) return sum.persons * now.nursing;
        return sum.fen;
    };
    std::vector<Cell> sums(static_cast<std::size_t>(lines_));
    for (int r = 0; r < replicates; ++r)
        for (int g = 0; g < groups_; ++g) {
            Cell* cell = &cells_[index(r, g)];
            std::fill(sums.begin(), sums.end(), Cell{});
            for (int m = 0; m < months_; ++m)
                for (int line = 0; line < lines_; ++line, ++cell) {
                    Cell& sum = sums[static_cast<std::size_t>(line)];
                    plus(sum, *cell);
                    *cell = {};
                    if (sum.fen == 0 && sum.persons == 0 && sum.households == 0) continue;
                    for (const int s : scenarios[static_cast<std::size_t>(g)]) {
                        const int slot = first_slot_ + r;
                        if (line < programmes_) {
                            const auto at = tally.pay_index(s, slot, residence, line, m);
                            tally.cost[at] += paid(line, sum, s, m);
                            tally.recipients[at] += sum.persons;
                            tally.households[at] += sum.households;
                        } else if (line < single_line()) {
                            tally.category_households[tally.category_index(s, slot, residence, line - programmes_, m)] += sum.households;
                        } else {
                            tally.dibao_single[tally.single_index(s, slot, residence, m)] += sum.fen;
                        }
                    }
                }
        }
}

}  // namespace doudi
