#include "simulation.hpp"

#include "dataset.hpp"

#include "base/error.hpp"
#include "simulate/counties.hpp"
#include "simulate/parallel.hpp"
#include "simulate/targeting.hpp"
#include "storage/journal.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <mutex>

namespace doudi::python {
namespace {

using Clock = std::chrono::steady_clock;

/// Keeps finished counties in memory until keeping them in a file is worth it.
class Keeper {
public:
    Keeper(const std::optional<Checkpoint>& checkpoint, const std::string& plan) : checkpoint_(checkpoint), digest_(plan) {
        if (checkpoint_ && (checkpoint_->after <= 0 || std::filesystem::exists(checkpoint_->file))) open();
    }
    bool find(int county, Tally& tally) const { return journal_ && journal_->find(county, tally); }
    void add(int county, const Tally& tally) {
        if (journal_) return attempt([&] { journal_->append(county, tally); });
        if (!checkpoint_) return;
        waiting_.emplace_back(county, tally);
        if (std::chrono::duration<double>(Clock::now() - start_).count() > checkpoint_->after) open();
    }
    void stopped() {
        if (checkpoint_ && !journal_ && !waiting_.empty()) open();
    }
    void done() {
        if (journal_) journal_->remove();
    }
    std::string warning;  ///< why an optional checkpoint is not kept

private:
    void open() {
        attempt([&] {
            journal_ = std::make_unique<Journal>(checkpoint_->file, sha256(digest_ + checkpoint_->program), true);
            for (const auto& [county, tally] : waiting_) journal_->append(county, tally);
        });
        waiting_.clear();
    }
    template <class Work>
    void attempt(Work work) {
        try {
            work();
        } catch (const std::exception& error) {
            if (checkpoint_->required) throw;
            warning = error.what();
            journal_.reset();
            checkpoint_.reset();
        }
    }

    std::optional<Checkpoint> checkpoint_;
    std::string digest_;
    std::unique_ptr<Journal> journal_;
    std::vector<std::pair<int, Tally>> waiting_;
    Clock::time_point start_ = Clock::now();
};

/// Counties of a plan of which the first replicates are known.
class Rest {
public:
    Rest(const Plan& plan, const SharedDraws& shared, const Earlier& earlier) : plan_(plan), shared_(shared), known_(earlier.replicates), part_(plan) {
        for (const auto& cube : earlier.cubes) memory_.push_back(cube.data());
        if (known_ == 0) return;
        part_.replicates = plan.replicates - known_;
        fresh_ = replicates_from(known_, plan.replicates);
        draws_ = some_of(shared, fresh_);
    }
    Tally county(std::size_t c, int threads, const std::atomic<bool>& stop, const CellSight& sight) const {
        if (known_ == 0) return simulate_county(plan_, shared_, c, threads, &stop, false, sight);
        Tally whole(static_cast<int>(plan_.scenarios.size()), plan_.replicates, plan_.months, plan_.programmes());
        whole.place(simulate_county(part_, draws_, c, threads, &stop, false, sight), fresh_);
        const auto all = static_cast<std::size_t>(plan_.replicates), known = static_cast<std::size_t>(known_);
        for (std::size_t k = 0; k < memory_.size(); ++k) {
            auto& to = whole.*result_cubes()[k].values;
            const std::size_t width = to.size() / (plan_.scenarios.size() * all);
            for (std::size_t s = 0; s < plan_.scenarios.size(); ++s)
                for (std::size_t r = 0; r < known; ++r) std::copy_n(memory_[k] + ((s * known + r) * plan_.counties.size() + c) * width, width, to.data() + (s * all + r) * width);
        }
        return whole;
    }

private:
    const Plan& plan_;
    const SharedDraws& shared_;
    int known_;
    Plan part_;
    std::vector<int> fresh_;
    SharedDraws draws_;
    std::vector<const std::int64_t*> memory_;
};

}  // namespace

Earlier earlier_of(const Plan& plan, const py::dict& cubes) {
    Earlier earlier;
    for (const Cube& cube : result_cubes()) {
        auto array = py::cast<py::array_t<std::int64_t, py::array::c_style>>(cubes[std::string(cube.name).c_str()]);
        const bool like = array.ndim() == ssize(cube.dims.size()) && array.shape(0) == ssize(plan.scenarios.size()) && array.shape(2) == ssize(plan.counties.size());
        const auto replicates = like ? static_cast<int>(array.shape(1)) : 0;
        if (!like || replicates >= plan.replicates || (!earlier.cubes.empty() && replicates != earlier.replicates))
            throw py::index_error(std::string(cube.name) + ": not of the same plan with fewer replicates");
        earlier.replicates = replicates;
        earlier.cubes.push_back(std::move(array));
    }
    return earlier;
}

py::dict simulate(const Plan& plan, int threads, const Tell& tell, const std::optional<Checkpoint>& checkpoint, const Earlier& earlier) {
    const std::size_t lines = plan.scenarios.size() * static_cast<std::size_t>(plan.replicates), counties = plan.counties.size();
    Keeper keeper(checkpoint, sha256(plan_text(plan)));
    auto* drawn = new SharedDraws;
    DatasetSink sink(py::capsule(drawn, [](void* p) { delete static_cast<SharedDraws*>(p); }));
    const SharedDraws& shared = *drawn;
    {
        const py::gil_scoped_release release;
        *drawn = shared_draws(plan, threads);
        drawn->law = law_of(plan, threads);
    }
    describe_result(sink, plan, shared, program());
    // NumPy owns the memory of the cubes; the worker writes into it and nothing is copied afterwards.
    std::vector<std::int64_t*> memory;
    for (const Cube& cube : result_cubes()) {
        py::array_t<std::int64_t> array(sink.shape_of(cube.dims));
        memory.push_back(array.mutable_data());
        sink.add(std::string(cube.name), cube.dims, std::string(cube.meaning), std::string(cube.unit), array);
    }
    std::vector<std::string> digests(counties);

    const Rest rest(plan, shared, earlier);
    std::atomic<bool> stop{false};
    TargetingWalk targeting(plan, shared, threads, &stop);
    std::mutex guard;
    std::int64_t done = 0;
    std::size_t finished = 0;
    std::string current;
    std::mutex kept;  // of the keeper
    const auto one = [&](std::size_t c, int threads_within) {
        const County& county = plan.counties[c];
        {
            const std::lock_guard lock(guard);
            current = county.name_zh;
        }
        Tally tally(static_cast<int>(plan.scenarios.size()), plan.replicates, plan.months, plan.programmes());
        const auto found = [&] {
            const std::lock_guard lock(kept);
            return keeper.find(county.code, tally);
        };
        if (!found()) {
            tally = rest.county(c, threads_within, stop, [&](Residence residence, const GeneratedCell& cell) { targeting.see(c, residence, cell); });
            if (stop) return;
            const std::lock_guard lock(kept);
            keeper.add(county.code, tally);
        }
        for (std::size_t k = 0; k < memory.size(); ++k) {  // [scenario, replicate, ...] with the county between
            const auto& from = tally.*result_cubes()[k].values;
            const std::size_t width = from.size() / lines;
            for (std::size_t line = 0; line < lines; ++line)
                std::copy_n(from.data() + line * width, width, memory[k] + (line * counties + c) * width);
        }
        digests[c] = county_digest(tally);
        const std::lock_guard lock(guard);
        done += county.households;
        ++finished;
    };
    const auto work = [&] {
        std::atomic<bool> failed{false};  // by a checkpoint that cannot be written: the counties after it are not begun
        const bool apart = one_county_a_thread(plan, threads);
        parallel_for(static_cast<int>(counties), apart ? threads : 1, [&](int c, int) {
            if (stop || failed) return;
            try {
                one(static_cast<std::size_t>(c), apart ? 1 : threads);
            } catch (...) {
                failed = true;
                throw;
            }
        });
        if (!stop) drawn->targeting = targeting.result();
        if (stop) return keeper.stopped();
        keeper.done();
    };
    {
        std::future<void> result;
        const auto ready = [&] {
            const py::gil_scoped_release release;
            if (!result.valid()) result = std::async(std::launch::async, work);
            return result.wait_for(std::chrono::milliseconds(100)) == std::future_status::ready;
        };
        std::int64_t told = -1;
        const auto report = [&] {
            std::unique_lock lock(guard);
            const auto now = done;
            const auto counties_done = finished;
            const std::string where = current;
            lock.unlock();
            if (tell && now != told) tell(told = now, counties_done, where);
        };
        try {
            while (!ready()) {
                if (PyErr_CheckSignals() != 0) throw py::error_already_set();
                report();
            }
            report();
        } catch (...) {  // a signal, or an error of the caller's progress: end the worker before its memory goes
            stop = true;
            const py::gil_scoped_release release;
            result.wait();
            throw;
        }
        result.get();
    }
    if (!keeper.warning.empty() && PyErr_WarnEx(PyExc_RuntimeWarning, ("no checkpoint was kept: " + keeper.warning).c_str(), 1) != 0) throw py::error_already_set();
    describe_targeting(sink, shared.targeting);
    sink.variable("county_sha256", {"county"}, county_digest_meaning, "", digests);
    return sink.dict();
}

py::dict outline(const Plan& plan) {
    DatasetSink sink, cubes;
    SharedDraws shared = shared_draws(plan);
    shared.law = law_of(plan);
    shared.targeting = targeting_of(plan, shared, 0);
    describe_result(sink, plan, shared, program());
    for (const Cube& cube : result_cubes()) cubes.add(std::string(cube.name), cube.dims, std::string(cube.meaning), std::string(cube.unit), py::none());
    py::dict d = sink.dict();
    d["cubes"] = cubes.variables;
    return d;
}

py::dict block(const Plan& plan, std::size_t county, int first, int count, int threads) {
    if (county >= plan.counties.size() || first < 0 || count < 1 || first + count > plan.replicates) throw py::index_error("no such county or replicates in the plan");
    Tally tally;
    {
        const py::gil_scoped_release release;
        Plan part = plan;
        part.replicates = count;
        const SharedDraws shared = some_of(shared_draws(plan), replicates_from(first, first + count));
        tally = simulate_county(part, shared, county, threads);
    }
    py::dict d;
    for (const Cube& cube : result_cubes()) {
        auto values = std::make_unique<std::vector<std::int64_t>>(std::move(tally.*cube.values));
        const std::int64_t* data = values->data();
        const std::vector<py::ssize_t> shape{ssize(plan.scenarios.size()), count, ssize(values->size() / plan.scenarios.size() / static_cast<std::size_t>(count))};
        const py::capsule owner(values.release(), [](void* p) { delete static_cast<std::vector<std::int64_t>*>(p); });
        d[std::string(cube.name).c_str()] = py::array_t<std::int64_t>(shape, data, owner);
    }
    return d;
}

}  // namespace doudi::python
