#pragma once
#include "population/county.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace doudi {

/// Integer margins of one county and residence. Urban and rural parts of a county are split in proportion to
/// population (the census table gives only the county), by largest remainder, so that the two add up exactly.
struct CellMargins {
    std::int64_t households = 0, persons = 0, one_person = 0;  ///< family households and their members
    std::int64_t with_n_65[3]{};                               ///< households with 1, 2, 3 members of 65+
    std::int64_t children = 0;                                 ///< 0-14, all in family households
    std::int64_t aged_60_64 = 0;                               ///< all in family households
    std::int64_t aged_80 = 0;                                  ///< of those 65+ in family households
    std::int64_t collective_65 = 0;                            ///< 65+ outside family households: census rest
    std::int64_t collective_15_59 = 0;                         ///< the other members of collective households
    std::int64_t collective_80 = 0;
};

/// Splits a county. The rule for collective households: all whom the 65+ household margins leave over live
/// there, the rest of the collective population is 15-59; children and 60-64 live in families. A margin that
/// this rule cannot meet is named in `conflicts` with its size.
struct CountyMargins {
    CellMargins cell[residence_count];
    std::vector<std::string> conflicts;
};
CountyMargins margins_of(const County& county);

/// A kind of family: how many members, of them 65+, of them children; the others are 15-64.
struct FamilyType {
    int size = 0, aged = 0, children = 0;
    std::int64_t count = 0;
    std::int64_t first = 0;        ///< rank of the first family of this type
    std::int64_t first_aged = 0;   ///< rank of its first 65+ member among all 65+ members
    std::int64_t first_adult = 0;  ///< the same for 15-64
};

/// The families of one cell by type, counts meeting every margin exactly (see margins_of for conflicts).
struct Layout {
    std::vector<FamilyType> types;
    std::int64_t families = 0, aged = 0, adults = 0, children = 0, persons = 0;
};
Layout layout_of(const CellMargins& margins);

/// Why no layout can have these margins, or empty.
std::string contradiction(const CellMargins& margins);

}  // namespace doudi
