#pragma once
#include "results/intervals.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace doudi {

class Adjustment;

/// A precision that a run shall reach: half the 95 % Monte Carlo interval of a statistic, within a share of it or an
/// amount of yuan. "total.q95 within 0.5%", "difference.mean within 100000 yuan", "adjusted total.q95 within 0.5%".
struct Precision {
    std::string text;       ///< as given
    std::string quantity;   ///< "total", "difference", a programme, or "difference.<programme>"
    bool adjusted = false;  ///< of the statistic adjusted for what was drawn
    double level = -1;      ///< of a quantile; negative: the mean
    double share = 0, fen = 0;  ///< one of them

    /// Half the interval and what it may be at most, for one value a replicate.
    struct Reached {
        double value = 0, half_width = 0, wanted = 0;
        bool yes() const { return half_width <= wanted; }
    };
    /// `adjustment`: by what these replicates drew, for an adjusted one; without it that is never reached.
    Reached reached(std::vector<std::int64_t> values, const Adjustment* adjustment = nullptr) const;
};

/// Reads one or more precisions, separated by commas. Throws InputError that shows an example.
std::vector<Precision> parse_precisions(const std::string& text);

/// The replicates after which a run looks whether it may stop: 50, 100, 200, 400 ... A fixed schedule, so that the
/// stopping point depends on nothing but the draws.
int next_batch(int replicates);

}  // namespace doudi
