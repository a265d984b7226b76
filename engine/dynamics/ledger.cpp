#include "dynamics/ledger.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace doudi {

void Ledger::settle(int replicates, int residence, std::span<const std::vector<int>> scenarios, std::span<const Amounts> amounts, Tally& tally) {
    const auto months = static_cast<std::size_t>(months_);
    // Of one line, month by month: of all groups and of one.
    struct Sums {
        explicit Sums(std::size_t months) : fen(months), persons(months), households(months) {}
        std::vector<std::int64_t> fen, persons, households;
    } of_all(months), of_group(months);
    const auto add = [&](std::vector<std::int64_t>& to, std::size_t at, const std::vector<std::int64_t>& by) {
        for (std::size_t m = 0; m < months; ++m) to[at + m] += by[m];
    };
    const auto subsidy = [&](std::size_t at, int scenario, const Sums& sums, Fen Amounts::*amount) {
        for (std::size_t m = 0; m < months; ++m) tally.cost[at + m] += sums.persons[m] * (amounts[static_cast<std::size_t>(scenario) * months + m].*amount);
    };
    // Adds the changes of a line up and clears it.
    const auto sum_up = [&](Cell* cells, Sums& sums, bool anew) {
        Cell sum;
        for (std::size_t m = 0; m < months; ++m) {
            Cell& cell = cells[static_cast<int>(m) * lines_];
            plus(sum, cell);
            cell = {};
            sums.fen[m] = (anew ? 0 : sums.fen[m]) + sum.fen;
            sums.persons[m] = (anew ? 0 : sums.persons[m]) + sum.persons;
            sums.households[m] = (anew ? 0 : sums.households[m]) + sum.households;
        }
    };
    // Tells every scenario what it paid in a line of a replicate, if anything. `more`: the line of the differences, or -1.
    const auto add_up = [&](int r, int line, int more, const auto& tell) {
        const auto uses = [&](const Page& page) { return (*page.used >> line & 1u) != 0; };
        const Page everyone = page_of(r, this->of_all());
        const bool all = groups_ > 1 && uses(everyone);
        if (all) sum_up(everyone.cells + line, of_all, true);
        for (int g = 0; g < groups_; ++g) {
            const Page own = page_of(r, g);
            const bool differs = all && more >= 0 && g > 0;
            const Sums* sums = all ? &of_all : nullptr;
            if (differs || uses(own)) {
                if (all) of_group = of_all;
                if (uses(own)) sum_up(own.cells + line, of_group, !all);
                Fen sum = 0;
                for (std::size_t m = 0; differs && m < months; ++m) of_group.fen[m] += sum += std::exchange(differences(r, static_cast<int>(m), more)[g - 1], 0);
                sums = &of_group;
            }
            for (const int s : scenarios[static_cast<std::size_t>(g)])
                if (sums != nullptr) tell(s, first_slot_ + r, *sums);
        }
    };
    constexpr std::array differing{Programme::dibao, Programme::supplement, Programme::tekun_basic, Programme::temporary};  // in the order of `More`
    const auto more_of = [&](int programme) {
        const auto found = std::find_if(differing.begin(), differing.end(), [&](Programme p) { return doudi::at(p) == programme; });
        return found == differing.end() ? -1 : static_cast<int>(found - differing.begin());
    };
    for (int r = 0; r < replicates; ++r) {
        for (int p = 0; p < programmes_; ++p)
            add_up(r, line(p), more_of(p), [&](int s, int slot, const Sums& sums) {
                const std::size_t at = tally.pay_index(s, slot, residence, p, 0);
                if (p == doudi::at(Programme::living_subsidy)) subsidy(at, s, sums, &Amounts::living);
                else if (p == doudi::at(Programme::nursing_subsidy)) subsidy(at, s, sums, &Amounts::nursing);
                else add(tally.cost, at, sums.fen);
                add(tally.recipients, at, sums.persons);
                add(tally.households, at, sums.households);
            });
        for (int c = 1; c < category_count; ++c)
            add_up(r, line(static_cast<Category>(c)), -1, [&](int s, int slot, const Sums& sums) { add(tally.category_households, tally.category_index(s, slot, residence, c, 0), sums.households); });
        add_up(r, single_line, static_cast<int>(More::single), [&](int s, int slot, const Sums& sums) { add(tally.dibao_single, tally.single_index(s, slot, residence, 0), sums.fen); });
        for (int page = 0; page < pages_; ++page) *page_of(r, page).used = 0;
    }
}

}  // namespace doudi
