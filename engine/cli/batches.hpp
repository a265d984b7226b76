#pragma once
#include "cli/progress.hpp"
#include "results/precision.hpp"
#include "simulate/simulate.hpp"
#include "storage/journal.hpp"
#include "storage/result_reader.hpp"

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace doudi::cli {

/// Throws InputError for what the plan does not have: a programme, a difference without a reform. All at once.
void check_precisions(const std::vector<Precision>& wanted, const Plan& plan);

/// Whether a finished result of the plan is as precise as wanted.
bool precise_enough(const std::vector<Precision>& wanted, const Plan& plan, const ResultTotals& result);

/// `--until`: simulates the first 100 replicates and then as many more as the precisions will take by what is known (next_look), until every one is
/// reached. The decision is taken on integer totals after each batch, so that the stopping point hangs on nothing but the draws (of adjusted figures: also on the last
/// digits of the C library's exp and erfc). Each batch has a
/// journal beside the output; `--resume` goes on from them. The counties put together are those of a run with that number.
class Batches {
public:
    /// `digest` identifies scenario and program; `most`: replicates at which the run stops in any case.
    Batches(const Plan& plan, std::vector<Precision> wanted, int most, std::filesystem::path output, std::string digest, bool resume, bool chinese);

    /// Returns the number of replicates, or 0 when `stop` was set. `allow` is asked before each batch whether that many are
    /// possible. Tells on stderr what was reached.
    int run(int threads, const std::atomic<bool>& stop, const std::function<void(int)>& allow, Progress& progress);
    /// A county's tally of all batches.
    Tally county(std::size_t place) const;
    void remove();  ///< after the result stands
    /// Households times replicates that this run simulated itself.
    double simulated() const { return simulated_; }

private:
    Plan plan_;
    std::vector<Precision> wanted_;
    int most_;
    std::filesystem::path output_;
    std::string digest_;
    bool resume_, chinese_;
    double simulated_ = 0;
    std::vector<int> ends_;  ///< replicates after each batch
    std::vector<std::unique_ptr<Journal>> journals_;
    std::vector<std::vector<std::vector<Fen>>> cost_;  ///< [scenario][programme][replicate]
};

}  // namespace doudi::cli
