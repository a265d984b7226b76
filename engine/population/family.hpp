#pragma once
#include "population/layout.hpp"
#include "random/philox.hpp"

#include <cstdint>
#include <vector>

namespace doudi {

/// Scores and amounts of one person that never change between replicates. A replicate decides by its own
/// parameters: disabled where `disability_score < prevalence`, employed where `work_score < share`, and so on.
struct Person {
    float disability_score;  ///< uniform over relative prevalence at the person's age
    float illness_score;
    float work_score;        ///< 2 (never employed) outside 16-64
    float pension_score;     ///< 2 (no pension) under 60
    float tekun_score;       ///< 2 under 60
    float grade_score, care_score, school_score;
    std::int32_t earnings;   ///< monthly fen of wages if employed, before the household's factor; lost with the job; 0 outside 16-64
    std::int32_t pension;    ///< monthly fen if drawn, before the level; 0 where none can be
    std::int16_t age_months; ///< in the first month of the burn-in
    std::uint8_t type_score; ///< of the disability type, in 1/256
    bool female;
};

/// One family (家庭户), or one resident of a collective household (集体户), who is assessed alone.
struct Family {
    std::uint64_t id = 0;       ///< county code, residence, index: the subject of all its draws
    std::uint32_t first = 0;    ///< place of the first member in Cell::people
    std::uint8_t size = 0;
    bool collective = false;
    float income_score = 0;     ///< normal score z of the factor between families
    float assets_score = 0, support_score = 0, take_up_score = 0, living_score = 0, nursing_score = 0;
    std::int32_t support = 0;   ///< monthly fen of rents and relatives' support if any, as far as the office counts them, before the factor
    std::int32_t uncounted = 0; ///< the rest of them: gifts of relatives and the like, which no rule sees
    float farm_score = 2;
    std::int32_t farm = 0;      ///< monthly fen of the own farm if any, before the factor: rural families only; kept when a job is lost
    std::uint16_t review_phase = 0;  ///< uniform: decides in which months of an interval of any length the family is reviewed
    // Smallest scores over members: one comparison tells whether anyone is disabled, ill, earns ...
    float any_disability = 2, any_illness = 2, any_work = 2, any_pension = 2, any_tekun = 2;
    std::uint8_t workers = 0;   ///< members of working age
    float illness_weight = 0;   ///< members, those of 60+ counted at the hazard's elderly factor later: under 60
    float elderly = 0;          ///< members of 60+
};

/// All families of one county and residence, generated from addresses and let go after use.
struct Cell {
    std::vector<Family> families;
    std::vector<Person> people;
};

/// A household's id: (county code, residence, index), the same in every run.
constexpr std::uint64_t family_id(int county_code, Residence residence, std::uint64_t index) {
    return (static_cast<std::uint64_t>(county_code) << 32) | (static_cast<std::uint64_t>(residence) << 31) | index;
}

/// Number of families and collective residents of a cell; their indices are 0 .. count - 1.
std::int64_t unit_count(const CellMargins& margins, const Layout& layout);

/// Which units of a cell are generated. A share < 1 is a systematic sample with a random start along the order of the
/// layout (size, members of 65+, children; then the collective residents by age), which stratifies it by these: every unit
/// has the same chance, every stratum its share to a unit. `group` of `groups`: every so many-th of the sampled units, a
/// systematic sample of its own; the groups together are the sample.
struct Sample {
    double share = 1;
    int group = 0, groups = 1;
    bool whole() const { return share >= 1 && groups == 1; }
};

/// Generates the units in the places `first` to `last` (exclusive) of one cell, in yuan of an arbitrary scale (see
/// income_scale.hpp). Places are indices where the sample is whole, else places in the order of the layout.
/// Source of margins: 2020 census (see scenarios/data/SOURCES.md); the rest: named assumptions.
Cell generate_block(std::uint64_t seed, const County& county, Residence residence, const CellMargins& margins,
                    const Layout& layout, std::int64_t first, std::int64_t last, const Sample& sample);

}  // namespace doudi
