#pragma once
#include "scenario/load.hpp"

#include <filesystem>
#include <string>

namespace doudi::cli {

struct CalibrateOptions {
    std::filesystem::path scenario, output;
    Overrides overrides;
    int members = 300;          ///< of the ensemble
    int steps = 4;              ///< of the multiple data assimilation
    double drift = 0.10;        ///< relative error that a figure gains a year of distance from the scenario's first month
    int threads = 0;
    std::string hold_out;       ///< month whose figures are kept for the test of the fit, or empty
    bool force = false, progress = true, chinese = false;
};

/// `doudi calibrate`: fits the beliefs of a scenario to its published figures by an ensemble smoother with multiple
/// data assimilation (Emerick and Reynolds 2013) on shared draws, and writes a scenario with the posterior means and
/// sds. Prints the fit, the score on what was held out, and which beliefs the data cannot tell apart.
int calibrate(const CalibrateOptions& options);

}  // namespace doudi::cli
