#pragma once
#include "base/wording.hpp"
#include "population/margins.hpp"

#include <vector>

namespace doudi {

/// All families of one kind in a cell.
struct FamilyType {
    int size = 0, aged = 0, children = 0;
    std::int64_t count = 0;
    std::int64_t first = 0;        ///< rank of the first family of this type
    std::int64_t first_aged = 0;   ///< rank of its first 65+ member among all 65+ members
    std::int64_t first_adult = 0;  ///< the same for 15-64
};

/// The families of one cell by type.
struct Layout {
    std::vector<FamilyType> types;
    std::int64_t families = 0, aged = 0, adults = 0, children = 0, persons = 0;
};

/// Fits the seed to the margins of a cell and rounds to whole families.
/// The fit is iterative proportional: in turn the households (of one person, larger; by members of 65+) by factors,
/// and the persons and children by an exponential tilt, until all hold: the table nearest to the seed in the sense of
/// relative entropy. Rounding goes by largest remainder within groups that hold the household margins, then moves
/// single families to the neighbouring kind where the fit asks most for it, until persons and children hold too.
/// Every margin is met exactly where the margins allow it; fits_of shows what is not.
Layout layout_of(const CellMargins& margins, const SeedTable& seed = default_seed());

/// Why no layout can have these margins, or empty.
Wording contradiction(const CellMargins& margins);

}  // namespace doudi
