#pragma once
#include "scenario/source.hpp"

namespace doudi {

/// Reads the [posterior] table that `doudi calibrate` writes: names, scale, low, high, mean and the rows of the lower
/// triangular factor. Adds a fault for each part that is missing, unknown or of the wrong length.
JointBelief read_joint(const Source& source, const toml::table& table, std::vector<Fault>& faults);

/// The same as text, for a scenario file.
std::string joint_text(const JointBelief& joint);

}  // namespace doudi
