#pragma once
#include <compare>

namespace doudi {

/// A calendar month as one number, so that months can be subtracted: 12 * year + (month - 1).
struct Month {
    int number = 0;

    static constexpr Month of(int year, int month) { return {12 * year + month - 1}; }
    constexpr int year() const { return number / 12; }
    constexpr int month() const { return number % 12 + 1; }  ///< 1 to 12
    constexpr Month operator+(int months) const { return {number + months}; }
    constexpr int operator-(Month other) const { return number - other.number; }
    constexpr auto operator<=>(const Month&) const = default;
};

}  // namespace doudi
