#pragma once
#include "population/county.hpp"
#include "population/seed.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace doudi {

/// Integer margins of one county and residence. Urban and rural parts of a county are split in proportion to
/// population (the census table gives only the county), by largest remainder, so that the two add up exactly,
/// unless the user gives figures of his own (County::own).
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

/// One margin of one cell: what the tables say, what the seed gives when scaled to the number of households, and what
/// the synthetic families have.
struct MarginFit {
    int county;
    Residence residence;
    const char* margin;
    std::int64_t wanted;
    double seed;
    std::int64_t fitted;
    std::int64_t error() const { return fitted > wanted ? fitted - wanted : wanted - fitted; }
};

/// Every margin of a county's two cells, fitted and counted again on the families themselves.
std::vector<MarginFit> fits_of(const County& county, const Seeds& seeds);

}  // namespace doudi
