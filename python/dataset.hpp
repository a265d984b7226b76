#pragma once
#include "storage/result_head.hpp"

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace doudi::python {

namespace py = pybind11;

inline py::ssize_t ssize(std::size_t n) { return static_cast<py::ssize_t>(n); }

/// Takes what describe_result says and makes plain Python of it, for xarray.Dataset to take:
/// attrs {name: value}, coords and variables {name: (dims, values, {"long_name", "units"})}.
struct DatasetSink {
    explicit DatasetSink(py::object owner = {}) : owner(std::move(owner)) {}
    py::object owner;  ///< of the doubles that are described; they are copied if it is empty
    py::dict attrs, coords, variables;
    std::map<std::string, std::size_t> sizes;

    template <class T>
    void attribute(const char* name, const T& value) { attrs[name] = value; }
    template <class T>
    void dimension(const std::string& name, const std::string& meaning, const std::vector<T>& labels) {
        sizes[name] = labels.size();
        coords[name.c_str()] = py::make_tuple(py::make_tuple(name), values(labels, {ssize(labels.size())}), about(meaning, ""));
    }
    template <class T>
    void variable(const std::string& name, const std::vector<std::string>& dims, const std::string& meaning, const std::string& unit, const std::vector<T>& list) {
        add(name, dims, meaning, unit, values(list, shape_of(dims)));
    }
    /// Doubles are looked at where they are: none that are gone when the call is over.
    void variable(const std::string& name, const std::vector<std::string>& dims, const std::string& meaning, const std::string& unit, std::vector<double>&& list) = delete;
    void add(const std::string& name, const std::vector<std::string>& dims, const std::string& meaning, const std::string& unit, const py::object& array);
    py::dict dict() const;
    std::vector<py::ssize_t> shape_of(const std::vector<std::string>& dims) const;

private:
    static py::dict about(const std::string& meaning, const std::string& unit);
    template <class T>
    py::object values(const std::vector<T>& list, const std::vector<py::ssize_t>& shape) const {
        if constexpr (std::is_same_v<T, std::string>) return texts_array(list, shape);
        else if (std::is_same_v<T, double> && owner) return py::array_t<T>(shape, list.data(), owner);
        else return py::array_t<T>(shape, list.data());
    }
    static py::object texts_array(const std::vector<std::string>& list, const std::vector<py::ssize_t>& shape);
};

Program program();  ///< of this build

/// What a plan says before it is run: the dataset without replicates and cubes.
py::dict describe(const Plan& plan);

}  // namespace doudi::python
