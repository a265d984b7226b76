#pragma once
#include <pybind11/pybind11.h>

namespace doudi::python {

/// Adds the functions behind `doudi.drivers` and its like to the module.
void add_analysis(pybind11::module_& m);

}  // namespace doudi::python
