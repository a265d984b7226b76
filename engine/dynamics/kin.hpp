#pragma once
#include "dynamics/world.hpp"
#include "population/family.hpp"

#include <array>

namespace doudi {

/// A family with what is the same in every replicate: its members and the months in which one of them comes to an age at
/// which something changes (school, work, minors, school's end, elders, 70+).
struct Kin {
    struct Turning {
        std::int16_t month;
        std::uint8_t member;
        bool anew;  ///< 18 or 70: what the family is paid is reckoned anew at once, not only at the next review
        /// In which replicates it could change anything: where a person is not at secondary school (at 16), or at tertiary school (at 22).
        enum class Matters : std::uint8_t { always, unless_secondary, if_tertiary, never } matters;
    };

    Kin(const Family& family, const Person* people, const Calendar& calendar);

    const Family& family;
    const Person* people;
    int turning_count = 0;
    static constexpr int most_turnings = 48;
    std::array<Turning, most_turnings + 1> turnings;  ///< in order of months, from month 1 on; one that never comes ends them
};

}  // namespace doudi
