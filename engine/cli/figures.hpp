#pragma once
#include "results/estimates.hpp"
#include "storage/result_reader.hpp"

#include "cli/series.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace doudi::cli {

/// What a summary says of a results file, in numbers.
class Figures {
public:
    explicit Figures(const ResultTotals& totals) : t_(totals) {}

    std::size_t scenarios() const { return t_.scenarios.size(); }
    std::size_t replicates() const { return static_cast<std::size_t>(t_.replicates); }
    std::size_t counties() const { return t_.county_codes.size(); }
    std::size_t programmes() const { return t_.programmes.size(); }

    std::vector<std::int64_t> series(const std::vector<std::int64_t>& cube, std::size_t s, std::size_t programme = all, std::size_t county = all) const {
        return cli::series(t_, cube, s, programme, county);
    }
    std::vector<std::int64_t> difference(std::size_t s, std::size_t programme = all, std::size_t county = all) const { return cli::difference(t_, s, programme, county); }

    /// How far a county's baseline may be passed on.
    Grade graded(std::size_t county) const;
    /// Standard error that a sample of households brings to the mean of a scenario's cost (or change), fen.
    double sampling_error(std::size_t s, std::size_t programme = all, bool change = false) const;

    struct HandCheck {
        double expected = 0, difference = 0, person_months = 0;  ///< sums over replicates, which could leave int64
        double caseload = 0;                                     ///< change of the recipient-months times the new amounts
        std::size_t exact = 0;                                   ///< replicates without any gap
    };
    /// Baseline recipient-months times the change of each amount, against the simulated change of the two subsidies.
    HandCheck hand_check(std::size_t s) const;

    /// Counties by size of the median change, largest first.
    std::vector<std::size_t> counties_by_change(std::size_t s) const;

    struct Published {
        const char* name;
        const char* name_zh;
        double published, simulated;
        const char* unit;
    };
    /// Caseloads and payments of 吉林省民政厅, 2023-11, from the indicators the file carries, and the baseline's median, as
    /// `doudi validate` takes it. Nothing for a part of the counties: the published figures are the province's.
    std::vector<Published> published() const;

    /// What the command line set on top of the scenarios, whose titles may say otherwise.
    std::vector<std::string> set_for_this_run() const;

private:
    const ResultTotals& t_;
};

}  // namespace doudi::cli
