// The engine for Python: scenarios in, labelled arrays out. No HDF5 here: two of it in one process break each other.
#include "base/digest.hpp"
#include "base/error.hpp"
#include "cli/assess.hpp"
#include "rules/parameters.hpp"
#include "scenario/load.hpp"
#include "simulate/plan_text.hpp"
#include "simulate/simulate.hpp"
#include "storage/journal.hpp"

#include <pybind11/functional.h>
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include <chrono>
#include <future>
#include <memory>

namespace py = pybind11;
using namespace doudi;

namespace {

template <class T>
py::array_t<T> array(const std::vector<T>& values, const std::vector<py::ssize_t>& shape) {
    // The array owns the moved vector: no second copy.
    auto* kept = new std::vector<T>(values);
    return py::array_t<T>(shape, kept->data(), py::capsule(kept, [](void* p) { delete static_cast<std::vector<T>*>(p); }));
}

py::ssize_t size(std::size_t n) { return static_cast<py::ssize_t>(n); }

/// Calls `work` on another thread without the GIL and lets Python see signals ten times a second.
template <class Work>
auto interruptible(std::atomic<bool>& stop, Work work) {
    std::future<decltype(work())> result;
    {
        const py::gil_scoped_release release;
        result = std::async(std::launch::async, work);
    }
    for (;;) {
        {
            const py::gil_scoped_release release;
            if (result.wait_for(std::chrono::milliseconds(50)) == std::future_status::ready) break;
        }
        if (PyErr_CheckSignals() != 0) {
            stop = true;
            {
                const py::gil_scoped_release release;
                result.wait();
            }
            throw py::error_already_set();
        }
    }
    return result.get();
}

py::dict describe(const Plan& plan) {
    py::dict d;
    const auto list = [](const auto& items, auto get) {
        py::list result;
        for (const auto& item : items) result.append(get(item));
        return result;
    };
    d["seed"] = plan.seed;
    d["replicates"] = plan.replicates;
    d["months"] = plan.months;
    d["burn_in"] = plan.burn_in;
    d["sample_share"] = plan.sample_share;
    d["start"] = py::make_tuple(plan.start.year(), plan.start.month());
    d["scenario"] = list(plan.scenarios, [](const PolicyScenario& s) { return s.name; });
    d["scenario_title"] = list(plan.scenarios, [](const PolicyScenario& s) { return s.title; });
    d["scenario_why"] = list(plan.scenarios, [](const PolicyScenario& s) { return s.why; });
    d["living_amount"] = list(plan.scenarios, [](const PolicyScenario& s) { return s.policy.living; });
    d["nursing_amount"] = list(plan.scenarios, [](const PolicyScenario& s) { return s.policy.nursing; });
    d["standard"] = list(plan.scenarios, [](const PolicyScenario& s) { return s.standard; });
    py::list funding;
    for (const PolicyScenario& s : plan.scenarios) {
        py::list rows;
        for (std::size_t p = 0; p < static_cast<std::size_t>(plan.programmes()); ++p) {
            const Funding& f = s.funding[p < programme_count ? p : programme_count + static_cast<std::size_t>(plan.modules_on[p - programme_count])];
            rows.append(py::make_tuple(f.central, f.province, f.prefecture, f.county()));
        }
        funding.append(rows);
    }
    d["funding_share"] = funding;
    d["level"] = list(level_labels, [](std::string_view l) { return std::string(l); });
    d["county"] = list(plan.counties, [](const County& c) { return c.code; });
    d["county_name_zh"] = list(plan.counties, [](const County& c) { return c.name_zh; });
    d["county_name_en"] = list(plan.counties, [](const County& c) { return c.name_en; });
    d["prefecture_zh"] = list(plan.counties, [](const County& c) { return c.prefecture_zh; });
    d["population"] = list(plan.counties, [](const County& c) { return c.population; });
    d["family_households"] = list(plan.counties, [](const County& c) { return c.households; });
    py::list programmes = list(programme_labels, [](std::string_view l) { return std::string(l); });
    py::list programmes_zh = list(programme_labels_zh, [](std::string_view l) { return std::string(l); });
    for (const rules::Module m : plan.modules_on) {
        programmes.append(std::string(rules::module_table[static_cast<std::size_t>(m)].name));
        programmes_zh.append(std::string(rules::module_table[static_cast<std::size_t>(m)].name_zh));
    }
    d["programme"] = programmes;
    d["programme_zh"] = programmes_zh;
    d["category"] = list(category_labels, [](std::string_view l) { return std::string(l); });
    d["residence"] = list(residence_labels, [](std::string_view l) { return std::string(l); });
    d["parameter"] = list(assumption_table, [](const AssumptionInfo& a) { return std::string(a.name); });
    d["parameter_evidence"] = list(plan.assumptions, [](const Prior& p) { return p.evidence; });
    d["parameter_why"] = list(plan.assumptions, [](const Prior& p) { return p.why; });
    d["notes"] = plan.notes;
    py::dict sources;
    for (const SourceText& s : plan.sources) sources[py::str(s.path)] = s.text;
    d["sources"] = sources;
    d["plan_sha256"] = sha256(plan_text(plan));
    return d;
}

/// Simulates the plan; `progress(done, total, county)` is called before each county. With a `checkpoint` file finished
/// counties are kept there, checked and synced, until the run is done.
py::dict simulate(const Plan& plan, int threads, const std::function<void(std::int64_t, std::int64_t, const std::string&)>& progress,
                  const std::optional<std::filesystem::path>& checkpoint) {
    std::unique_ptr<Journal> journal;
    if (checkpoint) journal = std::make_unique<Journal>(*checkpoint, sha256(plan_text(plan) + "python " DOUDI_VERSION), true);
    const std::size_t S = plan.scenarios.size(), R = static_cast<std::size_t>(plan.replicates), C = plan.counties.size();
    const std::size_t P = static_cast<std::size_t>(plan.programmes()), M = static_cast<std::size_t>(plan.months), K = category_count;
    std::atomic<bool> stop{false};
    const SharedDraws shared = interruptible(stop, [&] { return shared_draws(plan); });
    const std::vector<py::ssize_t> paid{size(S), size(R), size(C), 2, size(P), size(M)};
    py::array_t<std::int64_t> cost(paid), recipients(paid), households(paid);
    py::array_t<std::int64_t> categories(std::vector<py::ssize_t>{size(S), size(R), size(C), 2, size(K), size(M)});
    py::array_t<std::int64_t> single(std::vector<py::ssize_t>{size(S), size(R), size(C), 2, size(M)});
    // The tally is [scenario, replicate, ...]; the array has the county between.
    const auto place = [&](py::array_t<std::int64_t>& to, const std::vector<std::int64_t>& from, std::size_t width, std::size_t county) {
        std::int64_t* data = to.mutable_data();
        for (std::size_t sr = 0; sr < S * R; ++sr)
            std::copy_n(from.begin() + static_cast<std::ptrdiff_t>(sr * width), width, data + (sr * C + county) * width);
    };
    std::int64_t total = 0, done = 0;
    for (const County& c : plan.counties) total += c.households;
    for (std::size_t c = 0; c < C; ++c) {
        if (progress) progress(done, total, plan.counties[c].name_zh);
        Tally tally(static_cast<int>(S), plan.replicates, plan.months, plan.programmes());
        if (!journal || !journal->find(plan.counties[c].code, tally)) {
            tally = interruptible(stop, [&] { return simulate_county(plan, shared, c, threads, &stop); });
            if (journal) journal->append(plan.counties[c].code, tally);
        }
        place(cost, tally.cost, 2 * P * M, c);
        place(recipients, tally.recipients, 2 * P * M, c);
        place(households, tally.households, 2 * P * M, c);
        place(categories, tally.category_households, 2 * K * M, c);
        place(single, tally.dibao_single, 2 * M, c);
        done += plan.counties[c].households;
    }
    if (progress) progress(total, total, "");
    if (journal) journal->remove();
    py::dict result;
    result["cost"] = cost;
    result["recipients"] = recipients;
    result["households"] = households;
    result["category_households"] = categories;
    result["dibao_single"] = single;
    result["parameter_value"] = array(shared.parameter, {size(R), size(assumption_count)});
    result["systemic"] = array(shared.systemic, {size(R), size(shared.factor_labels.size()), size(C), size(M)});
    result["factor"] = shared.factor_labels;
    return result;
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
    o.allow_outside = allow_outside;
    return load_plan(files, o);
}

}  // namespace

PYBIND11_MODULE(_core, m) {
    m.doc() = "The Doudi engine; use the package `doudi`.";
    py::register_exception<InputError>(m, "InputError", PyExc_ValueError);
    py::register_exception<SystemError>(m, "MachineError", PyExc_OSError);
    py::class_<Plan>(m, "Plan").def("describe", &describe, "Labels, amounts and texts of the plan as a dict.");
    m.def("load", &load, py::arg("files"), py::kw_only(), py::arg("replicates") = py::none(), py::arg("months") = py::none(), py::arg("seed") = py::none(),
          py::arg("sample_share") = py::none(), py::arg("counties") = std::vector<int>{}, py::arg("set_each") = std::vector<std::vector<std::string>>{},
          py::arg("allow_outside") = false, "Reads scenario files; raises InputError with every fault.");
    m.def("simulate", &simulate, py::arg("plan"), py::arg("threads") = 0, py::arg("progress") = nullptr, py::arg("checkpoint") = py::none(),
          "Simulates a plan; int64 arrays in fen, persons and households. Releases the GIL; KeyboardInterrupt stops it.");
    m.def(
        "assess_line",
        [](const std::string& line) {
            bool ok = false;
            const std::string answer = cli::assess_line(line, ok);
            return py::make_tuple(answer, ok);
        },
        py::arg("line"), "Decides one family given as JSON; returns (answer as JSON, whether it was decided).");
    m.def("parameters", [] {
        py::list list;
        const rules::Policy policy;
        for (const rules::ParameterInfo& p : rules::parameter_table())
            list.append(py::make_tuple(p.name, rules::parameter_text(policy, p.name), p.assumption, p.meaning));
        return list;
    }, "Every parameter of the rules: (name, default, assumption, meaning).");
}
