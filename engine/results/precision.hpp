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
    std::string quantity;   ///< "total", "difference", a programme, or "difference.<programme>"
    std::string statistic;  ///< "mean", "median" or "q95"
    bool adjusted = false;  ///< of the statistic adjusted for what was drawn
    double level = -1;      ///< of a quantile; negative: the mean
    double share = 0, fen = 0;  ///< one of them

    /// Half the interval and what it may be at most, for one value a replicate.
    struct Reached {
        double value = 0, half_width = 0, wanted = 0;
        bool yes() const { return half_width <= wanted; }
        /// Half the interval in units of what it may be.
        double ratio() const;
    };
    /// `adjustment`: by what these replicates drew, for an adjusted one; without it that is never reached.
    Reached reached(std::vector<std::int64_t> values, const Adjustment* adjustment = nullptr) const;
};

/// Reads one or more precisions, separated by commas. Throws InputError that shows an example.
std::vector<Precision> parse_precisions(const std::string& text);

/// The replicates after which a run looks again whether it may stop, by how far it is from the precision that is worst off (`ratio` of Reached; infinite
/// where it is not known): 100 to begin with, then as many as that one will take if errors fall with the square root of replicates, and a tenth more, in fifties;
/// a quarter more than now at least and four times as many at most. It hangs on the draws alone, so the stopping point does.
int next_look(int replicates, double ratio);

}  // namespace doudi
