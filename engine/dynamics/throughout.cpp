#include "dynamics/throughout.hpp"

#include "random/lanes.hpp"

#include <algorithm>
#include <bit>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dynamics/throughout.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace doudi::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Adds to 64 amounts and counts where `which` has its bit: one amount, or one for each.
void pay_here(std::int64_t* to, std::int64_t* counts, std::uint64_t which, const std::int64_t* fen, bool one_amount, std::int64_t count) {
    const hn::CappedTag<std::int64_t, most_lanes<std::int64_t>> d;
    constexpr std::size_t lanes = hn::MaxLanes(d);
    const auto bit_of_lane = hn::Shl(hn::Set(d, 1), hn::Iota(d, 0));
    const auto more = hn::Set(d, count), same = hn::Set(d, fen[0]);
    for (std::size_t r = 0; r < Throughout::row; r += lanes) {
        const auto paid = hn::TestBit(hn::Set(d, static_cast<std::int64_t>(which >> r)), bit_of_lane);
        const auto amount = one_amount ? same : hn::LoadU(d, fen + r);
        hn::StoreU(hn::Add(hn::LoadU(d, to + r), hn::IfThenElseZero(paid, amount)), d, to + r);
        hn::StoreU(hn::Add(hn::LoadU(d, counts + r), hn::IfThenElseZero(paid, more)), d, counts + r);
    }
}

}  // namespace doudi::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace doudi {
namespace {

HWY_EXPORT(pay_here);

constexpr int few = 12;  // of 64, which are sooner paid one by one

}  // namespace

void Throughout::add(int page, std::size_t at, const Bill& bill) {
    used_[static_cast<std::size_t>(page)] |= std::uint64_t{1} << bill.line;
    Cells& cells = cells_[place(page, bill.line, at)];
    const std::int64_t count = bill.persons + one_household * bill.households;
    const Fen* fen = bill.each ? bill.each->data() : &bill.fen;
    if (std::popcount(bill.which) > few) return HWY_DYNAMIC_DISPATCH(pay_here)(cells.fen.data(), cells.counted.data(), bill.which, fen, bill.each == nullptr, count);
    for (std::uint64_t left = bill.which; left != 0; left &= left - 1) {
        const auto r = static_cast<std::size_t>(std::countr_zero(left));
        cells.fen[r] += bill.each ? fen[r] : bill.fen;
        cells.counted[r] += count;
    }
}

void Throughout::clear() {
    for (std::size_t page = 0; page < used_.size(); ++page) {
        for (std::size_t line = 0; used_[page] != 0 && line < lines_; ++line)
            if ((used_[page] >> line & 1u) != 0) std::fill_n(cells_.begin() + static_cast<std::ptrdiff_t>((page * lines_ + line) * rows_), rows_, Cells{});
        used_[page] = 0;
    }
}

}  // namespace doudi
#endif
