#include "dynamics/ledger.hpp"

#include <utility>

namespace doudi {
namespace {

/// Of one line, added up to a month.
struct Sum {
    std::int64_t fen = 0, persons = 0, households = 0;
    void add(const Ledger::Cell& cell) {
        fen += cell.fen;
        persons += cell.persons;
        households += cell.households;
    }
    void add(const Sum& sum) {
        fen += sum.fen;
        persons += sum.persons;
        households += sum.households;
    }
};

}  // namespace

void Ledger::settle(int replicates, int residence, std::span<const std::vector<int>> scenarios, std::span<const Uplift> uplifts, std::span<const Amounts> amounts, Tally& tally) {
    const auto months = static_cast<std::size_t>(months_);
    std::vector<Sum> of_all(months), of_group(months);
    // Cells of a line, month by month and cleared as they are read; none if it is not used.
    class Changes {
    public:
        Changes(Cell* first, bool used, int step) : first_(used ? first : nullptr), step_(step) {}
        bool any() const { return first_ != nullptr; }
        const Sum& next_month() {
            if (any()) sum_.add(std::exchange(first_[step_ * month_++], {}));
            return sum_;
        }

    private:
        Cell* first_;
        int step_, month_ = 0;
        Sum sum_;
    };
    const auto lift = [&](const Uplift& by, int line, Sum& sum) {
        if (line == this->line(Programme::supplement)) sum.fen += by.supplement(sum.fen, sum.persons);
        else if (line == this->line(Programme::tekun_basic)) sum.fen += by.tekun_basic(sum.persons);
        else sum.fen += by.dibao(sum.persons);
    };
    // Tells every scenario what it paid in a line of a replicate, if anything.
    const auto add_up = [&](int r, int line, const auto& tell) {
        const int k = lifted(line);
        const auto changes = [&](const Page& page) { return Changes(page.cells + line, (*page.used >> line & 1u) != 0, lines_); };
        const auto taken_back = [&](int group) {
            const std::size_t place = back_place(r, group);
            return Changes(&back_[place * months].cells[static_cast<std::size_t>(k)], (taken_[place] >> k & 1u) != 0, static_cast<int>(lifted_lines.size()));
        };
        Changes everyone = changes(page_of(r, this->of_all()));
        const bool all = groups_ > 1 && everyone.any();
        for (std::size_t m = 0; all && m < months; ++m) of_all[m] = everyone.next_month();
        for (int g = 0; g < groups_; ++g) {
            Changes own = changes(page_of(r, g));
            if (!all && !own.any()) continue;
            const bool raised = all && g > 0 && k >= 0;
            Changes back = raised ? taken_back(g) : Changes(nullptr, false, 0);
            for (std::size_t m = 0; m < months; ++m) {
                Sum& sum = of_group[m] = all ? of_all[m] : Sum{};
                if (raised) {
                    sum.add(back.next_month());
                    lift(uplifts[static_cast<std::size_t>(g)], line, sum);
                }
                sum.add(own.next_month());
            }
            for (const int s : scenarios[static_cast<std::size_t>(g)]) tell(s, first_slot_ + r);
        }
    };
    const auto add = [&](std::vector<std::int64_t>& to, std::size_t at, std::int64_t Sum::*what) {
        for (std::size_t m = 0; m < months; ++m) to[at + m] += of_group[m].*what;
    };
    const auto subsidy = [&](std::size_t at, int scenario, Fen Amounts::*amount) {
        for (std::size_t m = 0; m < months; ++m) tally.cost[at + m] += of_group[m].persons * (amounts[static_cast<std::size_t>(scenario) * months + m].*amount);
    };
    for (int r = 0; r < replicates; ++r) {
        for (int p = 0; p < programmes_; ++p)
            add_up(r, line(p), [&](int s, int slot) {
                const std::size_t at = tally.pay_index(s, slot, residence, p, 0);
                if (p == doudi::at(Programme::living_subsidy)) subsidy(at, s, &Amounts::living);
                else if (p == doudi::at(Programme::nursing_subsidy)) subsidy(at, s, &Amounts::nursing);
                else add(tally.cost, at, &Sum::fen);
                add(tally.recipients, at, &Sum::persons);
                add(tally.households, at, &Sum::households);
            });
        for (int c = 1; c < category_count; ++c)
            add_up(r, line(static_cast<Category>(c)), [&](int s, int slot) { add(tally.category_households, tally.category_index(s, slot, residence, c, 0), &Sum::households); });
        add_up(r, single_line, [&](int s, int slot) { add(tally.dibao_single, tally.single_index(s, slot, residence, 0), &Sum::fen); });
        for (int page = 0; page < pages_; ++page) *page_of(r, page).used = 0;
        for (int g = 1; g < groups_; ++g) taken_[back_place(r, g)] = 0;
    }
}

}  // namespace doudi
