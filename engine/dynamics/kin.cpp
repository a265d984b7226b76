#include "dynamics/kin.hpp"

#include <algorithm>
#include <limits>

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

Kin::Kin(const Family& f, const Person* p, const Calendar& calendar) : family(f), people(p) {
    for (int i = 0; i < f.size; ++i) {
        const int age = p[i].age_months;
        if (age + calendar.total() <= turning_ages.front() || age >= turning_ages.back()) continue;
        for (const int turn : turning_ages)
            if (turn > age && turn - age < calendar.total() && turning_count < most_turnings)
                turnings[static_cast<std::size_t>(turning_count++)] = {static_cast<std::int16_t>(turn - age), static_cast<std::uint8_t>(i), turn == 18 * 12 || turn >= 70 * 12,
                                                                              matters_at(turn, f.any_tekun < 2.0f || calendar.modules)};
    }
    std::sort(turnings.begin(), turnings.begin() + turning_count, [](const Turning& a, const Turning& b) { return a.month < b.month; });
    turnings[static_cast<std::size_t>(turning_count)] = {std::numeric_limits<std::int16_t>::max(), 0, false, Turning::Matters::always};
}

}  // namespace doudi
