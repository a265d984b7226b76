#pragma once
#include "scenario/source.hpp"

namespace doudi {

/// Place of the assumption with this name, or -1.
int assumption_called(const std::string& name);

/// Reads one belief: `{ prior = "beta", mean = 0.6, sd = 0.05, evidence = "...", why = "..." }`, or a number, which
/// fixes it. Adds a fault and returns false if it is not one, or its mean lies outside the assumption's range.
bool read_prior(const Source& source, const std::string& name, const toml::node& node, Prior& prior, std::vector<Fault>& faults);

}  // namespace doudi
