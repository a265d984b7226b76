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
    for (int r = 0; r < replicates; ++r)
        for (int g = 0; g < groups_; ++g)
            for (int line = 0; line < lines_; ++line) {
                Cell* row = &cells_[index(r, g, line)];
                Cell sum;
                for (int m = 0; m < months_; ++m) {
                    plus(sum, row[m]);
                    row[m] = {};
                    if (sum.fen == 0 && sum.persons == 0 && sum.households == 0) continue;
                    for (const int s : scenarios[static_cast<std::size_t>(g)]) {
                        const int slot = first_slot_ + r;
                        if (line < programmes_) {
                            const auto cell = tally.pay_index(s, slot, residence, line, m);
                            tally.cost[cell] += paid(line, sum, s, m);
                            tally.recipients[cell] += sum.persons;
                            tally.households[cell] += sum.households;
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
