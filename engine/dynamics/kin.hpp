#pragma once
#include "dynamics/world.hpp"
#include "population/family.hpp"

#include <array>
#include <limits>

namespace doudi {

/// A family with what is the same in every replicate: its members and the months in which one of them comes to an age at
/// which something changes (school, work, minors, school's end, elders, 70+).
struct Kin {
    static constexpr std::int16_t never = std::numeric_limits<std::int16_t>::max();
    struct Turning {
        std::int16_t month;
        std::uint8_t member;
        bool anew;  ///< 18 or 70: what the family is paid is reckoned anew at once, not only at the next review
        /// In which replicates it could change anything: where a person is not at secondary school (at 16), or at tertiary school (at 22).
        enum class Matters : std::uint8_t { always, unless_secondary, if_tertiary, never } matters;
    };

    Kin(const Family& f, const Person* p, const Calendar& calendar) : family(f), people(p), months_(calendar.total()), modules_(calendar.modules) {}

    const Family& family;
    const Person* people;

    /// In order of months, from month 1 on; one that never comes ends them. Found when first asked for: of most families nobody asks, and
    /// their members are not even read.
    const Turning* turnings() const {
        if (turning_count_ < 0) find_turnings();
        return turnings_.data();
    }

private:
    void find_turnings() const;

    static constexpr int most_turnings = 48;
    int months_;    ///< of the run
    bool modules_;  ///< special ones may be on
    mutable int turning_count_ = -1;
    mutable std::array<Turning, most_turnings + 1> turnings_;
};

}  // namespace doudi
