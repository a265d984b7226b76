#include "dynamics/ledger.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace doudi {

void Ledger::settle(int replicates, int residence, std::span<const std::vector<int>> scenarios, std::span<const Amounts> amounts, Tally& tally) {
    const auto months = static_cast<std::size_t>(months_);
    std::vector<std::int64_t> fen(months), persons(months), households(months);  // of one line, month by month
    const auto add = [&](std::vector<std::int64_t>& to, std::size_t at, const std::vector<std::int64_t>& by) {
        for (std::size_t m = 0; m < months; ++m) to[at + m] += by[m];
    };
    const auto subsidy = [&](std::size_t at, int scenario, Fen Amounts::*amount) {
        for (std::size_t m = 0; m < months; ++m) tally.cost[at + m] += persons[m] * (amounts[static_cast<std::size_t>(scenario) * months + m].*amount);
    };
    const auto used = [&](const Cell* cells) {
        std::int64_t any = 0;
        for (int m = 0; m < months_; ++m) any |= cells[m * lines_].fen | cells[m * lines_].persons | cells[m * lines_].households;
        return any != 0;
    };
    // Adds up a line of a replicate month by month and clears it; tells every scenario whose sums are not all zero.
    const auto add_up = [&](int r, int line, int more, const auto& tell) {
        Cell* const of_all = groups_ > 1 ? cells(r, this->of_all()) + line : nullptr;
        const bool all = of_all != nullptr && used(of_all);
        for (int g = 0; g < groups_; ++g) {
            Cell* const own = cells(r, g) + line;
            if (!all && !used(own)) continue;
            Cell sum;
            for (std::size_t m = 0; m < months; ++m) {
                Cell& cell = own[static_cast<int>(m) * lines_];
                plus(sum, cell);
                if (all) plus(sum, of_all[static_cast<int>(m) * lines_]);
                cell = {};
                if (more >= 0 && g > 0) sum.fen += std::exchange(differences(r, static_cast<int>(m), more)[g - 1], 0);
                fen[m] = sum.fen;
                persons[m] = sum.persons;
                households[m] = sum.households;
            }
            for (const int s : scenarios[static_cast<std::size_t>(g)]) tell(s, first_slot_ + r);
        }
        for (int m = 0; all && m < months_; ++m) of_all[m * lines_] = {};
    };
    constexpr std::array differing{Programme::dibao, Programme::supplement, Programme::tekun_basic, Programme::temporary};  // in the order of `More`
    const auto more_of = [&](int programme) {
        const auto found = std::find_if(differing.begin(), differing.end(), [&](Programme p) { return doudi::at(p) == programme; });
        return found == differing.end() ? -1 : static_cast<int>(found - differing.begin());
    };
    for (int r = 0; r < replicates; ++r) {
        for (int p = 0; p < programmes_; ++p)
            add_up(r, line(p), more_of(p), [&](int s, int slot) {
                const std::size_t at = tally.pay_index(s, slot, residence, p, 0);
                if (p == doudi::at(Programme::living_subsidy)) subsidy(at, s, &Amounts::living);
                else if (p == doudi::at(Programme::nursing_subsidy)) subsidy(at, s, &Amounts::nursing);
                else add(tally.cost, at, fen);
                add(tally.recipients, at, persons);
                add(tally.households, at, households);
            });
        for (int c = 1; c < category_count; ++c)
            add_up(r, line(static_cast<Category>(c)), -1, [&](int s, int slot) { add(tally.category_households, tally.category_index(s, slot, residence, c, 0), households); });
        add_up(r, single_line, static_cast<int>(More::single), [&](int s, int slot) { add(tally.dibao_single, tally.single_index(s, slot, residence, 0), fen); });
    }
}

}  // namespace doudi
