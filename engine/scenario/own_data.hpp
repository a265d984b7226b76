#pragma once
#include "population/county.hpp"
#include "population/seed.hpp"
#include "scenario/table.hpp"

#include <string>
#include <vector>

namespace doudi {

/// Reads a user's margins by residence into County::own. Columns: code, residence (urban, rural), margin (one of
/// own_margin_labels), count, source. Adds a fault, with its line, for each row that cannot be used.
void read_margins(const Source& source, std::vector<County>& counties, std::vector<Fault>& faults);

/// Reads survey microdata as the table that the families are fitted from.
/// `households`: household, weight, residence (urban, rural, or all). `members`: household, age in whole years.
/// Further columns are left alone. A hundredth of the default seed is mixed in, so that a kind of family that the sample
/// happens to lack can still be had. `notes` tells how many households were used. Adds a fault for each bad row.
Seeds read_survey(const Source& households, const Source& members, std::vector<Fault>& faults, std::vector<std::string>& notes, bool chinese = false);

}  // namespace doudi
