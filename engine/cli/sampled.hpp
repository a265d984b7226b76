#pragma once
#include <string>

namespace doudi::cli {

/// What to keep in mind of figures from a sample of the households: a line, or nothing for a share of 1. A family of the sample
/// stands for 1 / share families that fare as it does, so that luck, which averages out over a province, widens a county.
std::string sample_note(double share, bool chinese);

}  // namespace doudi::cli
