#include "dynamics/kin.hpp"

#include <algorithm>

namespace doudi {
namespace {

/// Ages in months from which something about a person changes: school, work, minors, school's end, elders, 70+
/// (840, and 841 where the birthday counts from the next month).
constexpr std::array<int, 7> turning_ages{15 * 12, 16 * 12, 18 * 12, 22 * 12, 60 * 12, 70 * 12, 70 * 12 + 1};

/// At 15 a pupil goes on to secondary school or leaves, and works at 16; at 60 a tekun person's standing changes. Only someone tekun and the
/// special modules ask for more than who works and who pays tuition.
Kin::Turning::Matters matters_at(int age, bool tekun_or_modules) {
    using enum Kin::Turning::Matters;
    if (tekun_or_modules) return always;
    switch (age / 12) {
        case 15:
        case 60: return never;
        case 16: return unless_secondary;
        case 22: return if_tertiary;
        default: return always;
    }
}

}  // namespace

void Kin::find_turnings() const {
    turning_count_ = 0;
    for (int i = 0; i < family.size; ++i) {
        const int age = people[i].age_months;
        if (age + months_ <= turning_ages.front() || age >= turning_ages.back()) continue;
        for (const int turn : turning_ages)
            if (turn > age && turn - age < months_ && turning_count_ < most_turnings)
                turnings_[static_cast<std::size_t>(turning_count_++)] = {static_cast<std::int16_t>(turn - age), static_cast<std::uint8_t>(i), turn == 18 * 12 || turn >= 70 * 12,
                                                                         matters_at(turn, family.any_tekun < 2.0f || modules_)};
    }
    std::sort(turnings_.begin(), turnings_.begin() + turning_count_, [](const Turning& a, const Turning& b) { return a.month < b.month; });
    turnings_[static_cast<std::size_t>(turning_count_)] = {never, 0, false, Turning::Matters::always};
}

}  // namespace doudi
