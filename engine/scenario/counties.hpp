#pragma once
#include "population/county.hpp"
#include "scenario/table.hpp"

#include <filesystem>
#include <vector>

namespace doudi {

struct DataFiles {
    std::filesystem::path counties, standards, incomes, indicators, margins, survey_households, survey_members;
};

/// Reads and checks the county table, the guidance standards and the incomes. `year` is that of the first month: it
/// picks last year's minimum wage. Adds a fault for each row that does not sum, each unit of the notice without a
/// county and the reverse.
std::vector<County> read_counties(Reader& reader, const DataFiles& files, int year, std::vector<Fault>& faults);

}  // namespace doudi
