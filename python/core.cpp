// The engine for Python: scenarios in, labelled arrays out. No HDF5 here: two of it in one process break each other.
#include "analysis.hpp"
#include "dataset.hpp"
#include "simulation.hpp"

#include "base/digest.hpp"
#include "base/error.hpp"
#include "cli/assess.hpp"
#include "scenario/load.hpp"
#include "storage/seal.hpp"

#include <pybind11/functional.h>
#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

namespace py = pybind11;
using namespace doudi;

namespace {

/// The scenarios that travel with the package.
std::filesystem::path shipped() {
    return std::filesystem::path(py::module_::import("doudi._core").attr("__file__").cast<std::string>()).parent_path() / "scenarios";
}

Plan load(const std::vector<std::filesystem::path>& files, std::optional<int> replicates, std::optional<int> months, std::optional<std::uint64_t> seed,
          std::optional<double> sample_share, const std::vector<int>& counties, const std::vector<std::vector<std::string>>& set_each, bool allow_outside) {
    Overrides o;
    o.replicates = replicates;
    o.months = months;
    o.seed = seed;
    o.sample_share = sample_share;
    o.counties = counties;
    o.set_each = set_each;
    o.library = shipped();
    o.allow_outside = allow_outside;
    return load_plan(files, o);
}

}  // namespace

PYBIND11_MODULE(_core, m) {
    m.doc() = "The Doudi engine; use the package `doudi`.";
    py::register_exception<InputError>(m, "InputError", PyExc_ValueError);
    py::register_exception<SystemError>(m, "MachineError", PyExc_OSError);
    m.attr("git_hash") = python::program().git_hash;
    m.attr("county_digest_meaning") = county_digest_meaning;
    m.attr("InputError").attr("__doc__") = "Bad input, with every fault: what is wrong, where (file:line:column) and what to try. A ValueError.";
    m.attr("MachineError").attr("__doc__") = "A failure of the machine, such as a full disk; earlier files are as they were. An OSError.";
    py::class_<Plan>(m, "Plan", "A scenario, or a comparison of several, read and checked.")
        .def("describe", &python::describe, "What a result will say of its input: {attrs, coords, variables}, with no replicate.")
        .def_readonly("notes", &Plan::notes, "What to know about the input, a sentence each.")
        .def_property_readonly("sources", [](const Plan& p) {
            py::list list;
            for (const SourceText& source : p.sources) list.append(py::make_tuple(source.path, source.text));
            return list;
        }, "Every file that was read: (path in the scenario folder, text).")
        .def_property_readonly("counties", [](const Plan& p) { return p.counties.size(); }, "Number of counties.")
        .def_property_readonly("households", [](const Plan& p) {
            std::int64_t total = 0;
            for (const County& c : p.counties) total += c.households;
            return total;
        }, "Family households of its counties.")
        .def_property_readonly("sha256", [](const Plan& p) { return sha256(plan_text(p)); }, "Digest of all that the numbers depend on.");
    m.def("load", &load, py::arg("files"), py::kw_only(), py::arg("replicates") = py::none(), py::arg("months") = py::none(), py::arg("seed") = py::none(),
          py::arg("sample_share") = py::none(), py::arg("counties") = std::vector<int>{}, py::arg("set_each") = std::vector<std::vector<std::string>>{},
          py::arg("allow_outside") = false, "Reads scenario files, which may name shipped ones; raises InputError with every fault.");
    m.def(
        "simulate",
        [](const Plan& plan, int threads, const python::Tell& tell, const std::optional<std::filesystem::path>& checkpoint, const std::string& program, double after, bool required,
           const std::optional<py::dict>& earlier) {
            std::optional<python::Checkpoint> keep;
            if (checkpoint) keep = python::Checkpoint{*checkpoint, program, after, required};
            return python::simulate(plan, threads, tell, keep, earlier ? python::earlier_of(plan, *earlier) : python::Earlier());
        },
        py::arg("plan"), py::arg("threads") = 0, py::arg("tell") = nullptr, py::kw_only(), py::arg("checkpoint") = py::none(), py::arg("program") = "",
        py::arg("after") = 0.0, py::arg("required") = true, py::arg("earlier") = py::none(),
        "Simulates a plan: {attrs, coords, variables} for xarray.Dataset. Without the GIL; KeyboardInterrupt stops it. `earlier`: the cubes of the same "
        "plan with fewer replicates, which are not simulated again.");
    m.def("outline", &python::outline, py::arg("plan"), "A result with its shared draws but without its cubes: {attrs, coords, variables, cubes}.");
    m.def("block", &python::block, py::arg("plan"), py::arg("county"), py::arg("first"), py::arg("count"), py::arg("threads") = 1,
          "The county in this place of the plan, `count` replicates from `first` on: {cube: array without the county}.");
    m.def(
        "assess_line",
        [](const std::string& line) {
            bool ok = false;
            const std::string answer = cli::assess_line(line, ok);
            return py::make_tuple(answer, ok);
        },
        py::arg("line"), "Decides one family given as JSON; returns (answer as JSON, whether it was decided).");
    m.def("sealed", &sealed, py::arg("file"), "Whether a file ends in a seal; raises InputError if it cannot be read, or if the seal does not agree.");
    python::add_analysis(m);
    m.def("parameters", [] {
        py::list list;
        const rules::Policy policy;
        for (const rules::ParameterInfo& p : rules::parameter_table())
            list.append(py::make_tuple(p.name, rules::parameter_text(policy, p.name), p.assumption, p.meaning.en, p.meaning.zh));
        return list;
    }, "Every parameter of the rules: (name, default, assumption, meaning, meaning in Chinese).");
}
