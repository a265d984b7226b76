#pragma once
#include "simulate/plan.hpp"

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace doudi::python {

/// Where finished counties are kept until the run is done.
struct Checkpoint {
    std::filesystem::path file;
    std::string program;    ///< digest of this build: another one does not go on from the file
    double after = 0;       ///< seconds of work before anything is written; at once if the file is there
    bool required = true;   ///< otherwise a file that cannot be used is a warning
};
/// The cubes of a result of the same plan with fewer replicates, in the order of result_cubes(): its replicates are not simulated again.
struct Earlier {
    int replicates = 0;
    std::vector<pybind11::array_t<std::int64_t, pybind11::array::c_style>> cubes;
};
/// Households and counties that are done, and the county that is being simulated.
using Tell = std::function<void(std::int64_t households, std::size_t counties, const std::string& county)>;

/// Simulates the plan on another thread without the GIL, while this one tells the progress and looks for signals ten
/// times a second. Interrupted, it keeps what is finished and raises KeyboardInterrupt.
pybind11::dict simulate(const Plan& plan, int threads, const Tell& tell, const std::optional<Checkpoint>& checkpoint, const Earlier& earlier);
/// By the names of the cubes. Throws IndexError if they are not such a result.
Earlier earlier_of(const Plan& plan, const pybind11::dict& cubes);

/// For work that is shared out: what a result says besides its cubes, and the dims and units of those.
pybind11::dict outline(const Plan& plan);

/// A county and a run of replicates by itself; the same numbers as in the whole, for draws have addresses.
pybind11::dict block(const Plan& plan, std::size_t county, int first, int count, int threads);

}  // namespace doudi::python
