#include "dataset.hpp"

#include "version_info.hpp"

#include <pybind11/stl.h>

namespace doudi::python {

py::dict DatasetSink::about(const std::string& meaning, const std::string& unit) {
    py::dict d;
    d["long_name"] = meaning;
    if (!unit.empty()) d["units"] = unit;
    return d;
}

py::object DatasetSink::texts_array(const std::vector<std::string>& list, const std::vector<py::ssize_t>& shape) {
    const py::module_ numpy = py::module_::import("numpy");
    return numpy.attr("array")(py::cast(list), py::arg("dtype") = "object").attr("reshape")(shape);
}

std::vector<py::ssize_t> DatasetSink::shape_of(const std::vector<std::string>& dims) const {
    std::vector<py::ssize_t> shape;
    for (const std::string& dim : dims) shape.push_back(ssize(sizes.at(dim)));
    return shape;
}

void DatasetSink::add(const std::string& name, const std::vector<std::string>& dims, const std::string& meaning, const std::string& unit, const py::object& array) {
    variables[name.c_str()] = py::make_tuple(py::cast(dims), array, about(meaning, unit));
}

py::dict DatasetSink::dict() const {
    py::dict d;
    d["attrs"] = attrs;
    d["coords"] = coords;
    d["variables"] = variables;
    return d;
}

Program program() { return {DOUDI_VERSION, DOUDI_GIT_HASH, DOUDI_BUILD, DOUDI_GIT_DIRTY}; }

py::dict describe(const Plan& plan) {
    Plan none = plan;
    none.replicates = 0;
    DatasetSink sink;
    describe_result(sink, none, shared_draws(none), program());
    sink.attribute("replicates", std::int64_t{plan.replicates});
    sink.attribute("plan_sha256", sha256(plan_text(plan)));
    return sink.dict();
}

}  // namespace doudi::python
