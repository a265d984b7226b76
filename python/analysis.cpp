#include "analysis.hpp"

#include "base/error.hpp"
#include "dataset.hpp"
#include "results/adjustment.hpp"
#include "results/precision.hpp"
#include "simulate/bridge.hpp"
#include "storage/drivers_head.hpp"

#include <pybind11/stl.h>

#include <atomic>
#include <optional>
#include <chrono>
#include <future>
#include <span>
#include <variant>

namespace doudi::python {
namespace {

/// Runs `work` on another thread without the GIL, looking for signals. `stop` is set on Ctrl-C; raises KeyboardInterrupt.
template <class Work>
auto without_gil(std::atomic<bool>& stop, Work work) {
    auto future = [&] {
        const py::gil_scoped_release release;
        return std::async(std::launch::async, work);
    }();
    for (;;) {
        {
            const py::gil_scoped_release release;
            if (future.wait_for(std::chrono::milliseconds(50)) == std::future_status::ready) break;
        }
        if (PyErr_CheckSignals() != 0) {
            stop = true;
            {
                const py::gil_scoped_release release;
                future.wait();
            }
            throw py::error_already_set();
        }
    }
    return future.get();
}

/// The pick-freeze design; `groups` as `--groups` or pairs (group, parameter or prefix).
py::dict drivers(const Plan& plan, int rows, int populations, const std::variant<std::string, std::vector<std::pair<std::string, std::string>>>& groups, int threads) {
    const auto* table = std::get_if<1>(&groups);
    const bool each = !table && std::get<0>(groups) == "each";
    if (!table && !each && std::get<0>(groups) != "prefix") throw InputError("groups", "\"" + std::get<0>(groups) + "\" is neither prefix nor each nor a table");
    const DriversDesign design{rows, populations, table ? groups_by_table(plan, populations, *table) : each ? groups_by_parameter(plan, populations) : groups_by_prefix(plan, populations)};
    std::atomic<bool> stop{false};
    const DriversResult result = without_gil(stop, [&] { return simulate_drivers(plan, design, threads, {}, &stop); });
    DatasetSink sink;
    describe_drivers(sink, plan, result, program());
    py::dict d;
    d["attrs"] = sink.attrs;
    d["coords"] = sink.coords;
    d["variables"] = sink.variables;
    return d;
}

py::list bridge_of(const Plan& from, const Plan& to, const std::vector<std::string>& order, int threads) {
    std::atomic<bool> stop{false};
    const Bridge b = without_gil(stop, [&] { return bridge(from, to, order, threads, {}, &stop); });
    const auto fen = [](const std::vector<Fen>& values) { return py::array_t<std::int64_t>(ssize(values.size()), values.data()); };
    py::list rows;
    rows.append(py::make_tuple("base", fen(b.base)));
    for (const Bridge::Step& s : b.steps) rows.append(py::make_tuple(s.name, fen(s.change)));
    rows.append(py::make_tuple("total", fen(b.total)));
    return rows;
}

using Table = py::array_t<double, py::array::c_style | py::array::forcecast>;

Adjustment adjustment(const Table& parameter, const Table& systemic_mean, const Table& law_parameter, const Table& law_systemic_mean, py::ssize_t batches, const std::optional<Table>& county_mean,
                      const std::optional<Table>& law_county_mean) {
    const auto span = [](const Table& t) { return std::span(t.data(), static_cast<std::size_t>(t.size())); };
    for (const Table* t : {&parameter, &systemic_mean, &law_parameter, &law_systemic_mean})
        if (t->ndim() != 2) throw InputError("adjusted", "tables have two dimensions");
    if (systemic_mean.shape(0) != parameter.shape(0) || law_systemic_mean.shape(0) != law_parameter.shape(0) || law_parameter.shape(1) != parameter.shape(1) ||
        law_systemic_mean.shape(1) != systemic_mean.shape(1) || batches < 2 || systemic_mean.shape(1) == 0 || law_parameter.shape(0) == 0 || law_parameter.shape(0) % batches != 0)
        throw InputError("adjusted", "the tables do not agree in size");
    Drawn drawn{span(parameter), span(systemic_mean), span(law_parameter), span(law_systemic_mean), static_cast<std::size_t>(parameter.shape(0)),
                static_cast<std::size_t>(law_parameter.shape(0)), static_cast<std::size_t>(batches), {}, {}, 0};
    if (county_mean && law_county_mean) {
        const Table &mine = *county_mean, &law = *law_county_mean;
        if (mine.ndim() != 3 || law.ndim() != 2 || mine.shape(0) != parameter.shape(0) || mine.shape(1) != law.shape(1) || law.shape(0) != law_parameter.shape(0) || mine.size() == 0)
            throw InputError("adjusted", "the tables of counties do not agree in size");
        drawn.county_mean = span(mine);
        drawn.law_county_mean = span(law);
        drawn.counties = static_cast<std::size_t>(mine.shape(2));
    }
    if (parameter.shape(0) < Adjustment::least) throw InputError("adjusted", "at least " + std::to_string(Adjustment::least) + " replicates");
    return Adjustment(drawn);
}

void add_adjusted(py::module_& m) {
    py::class_<AdjustedFigure>(m, "AdjustedFigure", "A figure in the unit of the values.")
        .def_readonly("value", &AdjustedFigure::value)
        .def_readonly("standard_error", &AdjustedFigure::standard_error)
        .def_readonly("effective_replicates", &AdjustedFigure::effective_replicates)
        .def("interval", [](const AdjustedFigure& f, double confidence) {
            const Interval i = f.interval(confidence);
            return py::make_tuple(i.low, i.high);
        }, py::arg("confidence") = 0.95, "Student's t.");
    py::class_<Adjusted>(m, "Adjusted", "One value a replicate, and what emulators make of it.")
        .def("mean", &Adjusted::mean)
        .def("quantile", &Adjusted::quantile, py::arg("p"))
        .def("reserve", &Adjusted::reserve, py::arg("confidence"), "Quantile less median.")
        .def("shortfall", &Adjusted::shortfall, py::arg("confidence"), "Mean of the worst 1 - confidence.")
        .def("breach", &Adjusted::breach, py::arg("budget"), "Probability of a value over the budget.");
    py::class_<Adjustment::Factors>(m, "Factors", "The systemic factors that emulators know.");
    py::class_<Adjustment>(m, "Adjustment", "Adjusts figures over replicates for what these drew.")
        .def(py::init(&adjustment), py::arg("parameter"), py::arg("systemic_mean"), py::arg("law_parameter"), py::arg("law_systemic_mean"), py::arg("batches"),
             py::arg("county_mean") = py::none(), py::arg("law_county_mean") = py::none(),
             "[replicate, parameter], [replicate, factor], [draw, parameter], [draw, factor] of the law, and its number of batches; [replicate, factor, county], and [draw, factor] of any county.")
        .def_readonly_static("least", &Drawn::least, "Replicates that it takes.")
        .def("county", &Adjustment::county, py::arg("place"), "The factors of one county, for values of it; those of all where they are not known.")
        .def("__call__", [](const Adjustment& a, const Table& values, const Adjustment::Factors* factors) {
            const std::span all(values.data(), static_cast<std::size_t>(values.size()));
            return factors == nullptr ? a(all) : a(all, *factors);
        }, py::arg("values"), py::arg("factors") = py::none());
}

}  // namespace

void add_analysis(py::module_& m) {
    add_adjusted(m);
    m.def("drivers", &drivers, py::arg("plan"), py::arg("rows"), py::arg("populations"), py::arg("groups"), py::arg("threads") = 0,
          "Pick-freeze design and Sobol indices; see doudi.drivers.");
    m.def("bridge", &bridge_of, py::arg("last"), py::arg("current"), py::arg("order") = std::vector<std::string>{}, py::arg("threads") = 0,
          "Base, steps and total of a bridge between two plans: (name, int64 fen by replicate); see doudi.bridge.");
    m.def("precisions", [](const std::string& text) {
        py::list list;
        for (const Precision& p : parse_precisions(text)) list.append(py::make_tuple(p.quantity, p.level, p.adjusted));
        return list;
    }, py::arg("text"), "(quantity, level of the quantile or -1 for the mean, whether adjusted) of each precision in a text like \"total.q95 within 0.5%\".");
    m.def("reached", [](const std::string& text, std::size_t which, const std::vector<std::int64_t>& fen, const Adjustment* adjustment) {
        const Precision::Reached r = parse_precisions(text).at(which).reached(fen, adjustment);
        return py::make_tuple(r.yes(), r.ratio());
    }, py::arg("text"), py::arg("which"), py::arg("fen"), py::arg("adjustment") = py::none(),
          "Whether one value a replicate reaches a precision, an adjusted one only with an adjustment; and half its interval in units of what it may be.");
    m.def("next_look", &next_look, py::arg("replicates"), py::arg("ratio"), "Replicates at which a run looks next whether it may stop, by the worst ratio that `reached` told.");
    m.def("sobol", [](const std::vector<double>& a, const std::vector<double>& b, const std::vector<std::vector<double>>& mixed) {
        if (a.size() < 2 || b.size() != a.size()) throw InputError("sobol", "A and B need the same number of rows, two or more");
        py::list first, first_error, total, total_error;
        for (const auto& m : mixed)
            if (m.size() != a.size()) throw InputError("sobol", "every mixed run needs as many rows as A");
        for (const SobolIndex& i : sobol(a, b, mixed).group) {
            first.append(i.first);
            first_error.append(i.first_error);
            total.append(i.total);
            total_error.append(i.total_error);
        }
        return py::make_tuple(first, first_error, total, total_error);
    }, py::arg("a"), py::arg("b"), py::arg("mixed"), "First-order and total indices of one output with standard errors, from the runs of a pick-freeze design.");
}

}  // namespace doudi::python
