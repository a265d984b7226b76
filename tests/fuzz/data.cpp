// Any text as one of the data tables: read, laid out into families that meet its margins, or refused with words.
#include "base/bounds.hpp"
#include "base/error.hpp"
#include "fuzz/folder.hpp"
#include "population/layout.hpp"
#include "scenario/load.hpp"
#include "simulate/cell.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>

using namespace doudi;

namespace {

void lay_out(const County& county) {
    const CountyMargins margins = margins_of(county);
    for (const CellMargins& cell : margins.cell) {
        const Layout layout = layout_of(cell);
        std::int64_t families = 0;
        for (const FamilyType& type : layout.types) {
            HOLDS(type.count >= 0);
            families += type.count;
        }
        HOLDS(families == layout.families && families == cell.households);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Folder folder;
    static const std::string names[] = {"data/counties.csv", "data/dibao-standards-2024.csv", "data/incomes.csv", "data/indicators.csv", "data/targets.csv"};
    static const std::string shipped[] = {folder.read(names[0]), folder.read(names[1]), folder.read(names[2]), folder.read(names[3]), folder.read(names[4])};
    if (size == 0) return 0;
    const std::size_t which = data[0] % 5;
    folder.write(names[which], {reinterpret_cast<const char*>(data) + 1, size - 1});
    if (which == 0) folder.write(names[3], "key,value,year,confidence\n");  // the total of the indicators would refuse almost everything
    try {
        const Plan plan = load_plan({folder / "jilin-2024.toml"});
        for (const County& county : plan.counties) {
            lay_out(county);
            if (county.population > 3000) continue;
            Plan small = plan;
            small.sample_share = 1;
            for (const Residence residence : {Residence::urban, Residence::rural}) generate_cell(small, county, residence, 1);
        }
    } catch (const InputError& e) {
        HOLDS(!e.faults().empty() && !e.faults().front().what.empty());
    }
    folder.write(names[which], shipped[which]);
    folder.write(names[3], shipped[3]);
    return 0;
}
