#include "dynamics/home.hpp"

#include <algorithm>

/// A family's income and spending of twelve months, and when they will pass the line of rigid expenditure.
namespace doudi {

Fen Home::spending_over(int months) const {
    Fen sum = 0;
    int at = past_count_ - 1;
    for (int month = month_; month > month_ - months; --month) {
        while (at > 0 && past_[static_cast<std::size_t>(at)].month > month) --at;
        sum += scaled(static_cast<double>(past_[static_cast<std::size_t>(at)].spending_base), world_.prices[static_cast<std::size_t>(std::max(month, 0))]);
    }
    for (int k = lump_count_; k-- > 0 && lumps_[static_cast<std::size_t>(k)].month > month_ - months;) sum += lumps_[static_cast<std::size_t>(k)].amount;
    return sum;
}

Fen Home::income_over_year() const {
    Fen sum = 0;
    int until = month_ + 1;
    for (int at = past_count_; at-- > 0 && until > month_ - 11;) {
        const int from = at == 0 ? month_ - 11 : std::max(past_[static_cast<std::size_t>(at)].month, month_ - 11);
        sum += (until - from) * past_[static_cast<std::size_t>(at)].income;
        until = from;
    }
    return sum;
}

/// Place in `past_` of what held in `month`.
int Home::since(int month) const {
    int at = past_count_ - 1;
    while (at > 0 && past_[static_cast<std::size_t>(at)].month > month) --at;
    return at;
}

const Home::Sums& Home::sums() const {
    if (sums_month_ != month_) {
        sums_ = {spending_over(12), income_over_year()};
        sums_month_ = month_;
    }
    return sums_;
}

int Home::spending_passes(int percent, int end) const {
    if (passing_month_ != month_ || passing_percent_ != percent || passing_end_ != end) {
        passing_ = find_passing(percent, end);
        passing_month_ = month_;
        passing_percent_ = percent;
        passing_end_ = end;
    }
    return passing_;
}

int Home::find_passing(int percent, int end) const {
    if (!could_spend_over(percent)) return never;
    auto [spending, income] = sums();
    const bool over = 100 * spending > percent * income;
    const auto monthly = [&](const Since& s, int month) { return scaled(static_cast<double>(s.spending_base), world_.prices[static_cast<std::size_t>(std::max(month, 0))]); };
    const Since& now = past_[static_cast<std::size_t>(past_count_ - 1)];
    int at = since(month_ - 11), lump = 0;
    for (int month = month_ + 1; month < end; ++month) {
        const int gone = month - 12;
        while (at + 1 < past_count_ && past_[static_cast<std::size_t>(at + 1)].month <= gone) ++at;
        while (lump < lump_count_ && lumps_[static_cast<std::size_t>(lump)].month < gone) ++lump;
        const Since& left = past_[static_cast<std::size_t>(at)];
        spending += monthly(now, month) - monthly(left, gone);
        if (lump < lump_count_ && lumps_[static_cast<std::size_t>(lump)].month == gone) spending -= lumps_[static_cast<std::size_t>(lump)].amount;
        income += now.income - left.income;
        if ((100 * spending > percent * income) != over) return month;
    }
    return never;
}

bool Home::spending_surge(int percent) const {
    const Fen year = spending_over(12);
    return 100 * 12 * spending_over(3) >= 3 * percent * year && year > 0;
}

bool Home::income_plunge(int percent) const {
    const Fen year = income_over_year();
    return 100 * 12 * income_now_ <= (100 - percent) * year && year > 0;
}

bool Home::could_spend_over(int percent) const {
    // A bound: the twelve months are of those that were, or like now; each at the most and the least of these, and at the highest price.
    Fen most = spending_base_, least = income_now_, lumps = 0;
    for (int at = past_count_; at-- > 0;) {
        const Since& s = past_[static_cast<std::size_t>(at)];
        most = std::max(most, s.spending_base);
        least = std::min(least, s.income);
        if (s.month <= month_ - 11) break;
    }
    for (int k = lump_count_; k-- > 0 && lumps_[static_cast<std::size_t>(k)].month > month_ - 12;) lumps += lumps_[static_cast<std::size_t>(k)].amount;
    return 100 * (12 * (1 + scaled(static_cast<double>(most), world_.prices_max)) + lumps) > percent * 12 * least;
}

}  // namespace doudi
