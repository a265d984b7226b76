#include "dynamics/ledger.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace doudi {
namespace {

/// Of one line, added up to a month.
struct Sum {
    std::int64_t fen = 0, persons = 0, households = 0;
    Sum() = default;
    explicit Sum(const Throughout::Paid& paid) : fen(paid.fen), persons(paid.persons), households(paid.households) {}
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

void Ledger::take_back(int slot, int group, const Throughout::Bill& bill) {
    std::array<Fen, Throughout::row> each;
    Throughout::Bill back{bill.line, bill.which, -bill.fen, -bill.persons, -bill.households, bill.each ? &each : nullptr};
    if (bill.each)
        for (std::uint64_t left = bill.which; left != 0; left &= left - 1) {
            const auto r = static_cast<std::size_t>(std::countr_zero(left));
            each[r] = -(*bill.each)[r];
        }
    const int k = lifted(bill.line);
    if (k < 0) return add(slot, group, back);
    back.line = k;
    taken_throughout_.add(group - 1, static_cast<std::size_t>(slot - first_slot_), back);
}

void Ledger::settle(int replicates, int residence, std::span<const std::vector<int>> scenarios, std::span<const Uplift> uplifts, std::span<const Amounts> amounts, Tally& tally) {
    const auto months = static_cast<std::size_t>(months_);
    std::vector<Sum> of_all(months), of_group(months);
    // What is paid in a line, month by month: the same in all, and the cells, cleared as they are read, if it is used.
    class Changes {
    public:
        Changes() = default;
        Changes(const Throughout& throughout, int page, int line, int r, Cell* first, bool used, int step)
            : first_(used ? first : nullptr), step_(step), any_(used || throughout.any(page, line)), sum_(throughout.paid(page, line, r)) {}
        bool any() const { return any_; }
        const Sum& next_month() {
            if (first_) sum_.add(std::exchange(first_[step_ * month_++], {}));
            return sum_;
        }

    private:
        Cell* first_ = nullptr;
        int step_ = 0, month_ = 0;
        bool any_ = false;
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
        const auto changes = [&](int number) {
            const Page page = page_of(r, number);
            return Changes(throughout_, number, line, r, page.cells + line, (*page.used >> line & 1u) != 0, lines_);
        };
        const auto taken_back = [&](int group) {
            const std::size_t place = back_place(r, group);
            return Changes(taken_throughout_, group - 1, k, r, &back_[place * months].cells[static_cast<std::size_t>(k)], (taken_[place] >> k & 1u) != 0, static_cast<int>(lifted_lines.size()));
        };
        Changes everyone = changes(this->of_all());
        const bool all = groups_ > 1 && everyone.any();
        for (std::size_t m = 0; all && m < months; ++m) of_all[m] = everyone.next_month();
        for (int g = 0; g < groups_; ++g) {
            Changes own = changes(g);
            if (!all && !own.any()) continue;
            const bool raised = all && g > 0 && k >= 0;
            Changes back = raised ? taken_back(g) : Changes();
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
        for (int g = 1; g < groups_; ++g) taken_[back_place(r, g)] = 0;
    }
    std::fill(used_.begin(), used_.end(), 0);
    throughout_.clear();
    taken_throughout_.clear();
}

}  // namespace doudi
