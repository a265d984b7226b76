#pragma once
#include "results/sobol.hpp"
#include "simulate/plan.hpp"

#include <atomic>
#include <functional>
#include <string>
#include <vector>

namespace doudi {

/// Inputs whose share of the variance is asked for together: some parameters, or one of the other layers.
struct DriverGroup {
    enum class Layer { parameters, systemic, luck, population };
    std::string name;
    Layer layer = Layer::parameters;
    std::vector<std::size_t> parameters;  ///< places in the assumption table
};

/// The uncertain parameters of a plan grouped by the name before the dot, then the systemic factors, individual luck and,
/// with more than one population, the population draw.
std::vector<DriverGroup> groups_by_prefix(const Plan& plan, int populations);
/// The same with a group for each uncertain parameter.
std::vector<DriverGroup> groups_by_parameter(const Plan& plan, int populations);
/// The same with the user's own groups: pairs of (group, parameter or its prefix). Uncertain parameters that he does not
/// name go to "other". Throws InputError with every name that is unknown or in two groups.
std::vector<DriverGroup> groups_by_table(const Plan& plan, int populations, const std::vector<std::pair<std::string, std::string>>& table);

/// A pick-freeze design (Saltelli et al. 2010) on addressed draws: run 0 is A, run 1 is B, run 2 + g is A with group g of B.
/// Row j of A uses the draws of replicate j, row j of B those of replicate rows + j, each layer by its own address.
struct DriversDesign {
    int rows = 128;        ///< N; the design has (groups + 2) x N runs
    int populations = 4;   ///< draws of the population; A and B of a row never use the same one
    std::vector<DriverGroup> groups;
    int runs() const { return static_cast<int>(groups.size()) + 2; }
};

/// What every run of the design costs.
struct DriversResult {
    DriversDesign design;
    std::size_t scenarios = 0, counties = 0, programmes = 0;
    std::vector<Fen> cost;  ///< [scenario, run, row, county, programme], the whole period, fen
    static constexpr std::size_t all = ~std::size_t{0};

    Fen& at(std::size_t scenario, std::size_t run, std::size_t row, std::size_t county, std::size_t programme) {
        return cost[(((scenario * static_cast<std::size_t>(design.runs()) + run) * static_cast<std::size_t>(design.rows) + row) * counties + county) * programmes + programme];
    }
    /// One value a row: cost of a scenario, or its paired difference from the baseline; `all` counties or programmes.
    std::vector<double> series(std::size_t scenario, bool difference, std::size_t run, std::size_t county = all, std::size_t programme = all) const;
    SobolIndices indices(std::size_t scenario, bool difference, std::size_t county = all, std::size_t programme = all) const;
};

/// Throws InputError if a design has too few or too many rows or populations.
void check(const DriversDesign& design);

/// Simulates the design. `progress` is told of each county before it starts. Stops early, incomplete, once `*stop`.
DriversResult simulate_drivers(const Plan& plan, const DriversDesign& design, int threads,
                               const std::function<void(std::size_t county)>& progress = {}, const std::atomic<bool>* stop = nullptr);

/// Value of information: what would remain of the reserve (quantile at `level` less median, fen) if a group were known,
/// in expectation. Knowing it leaves the variance (1 - first-order index) on average; the reserve is scaled by the square
/// root, which is exact where the distribution keeps its shape and else an upper bound of the spread (Jensen).
struct Information {
    double reserve = 0;                    ///< as it is, over the rows of A and B
    struct Saving { double fen = 0, error = 0; };
    std::vector<Saving> saving;            ///< [group] reserve that learning it frees, and its standard error
};
Information value_of_information(const DriversResult& result, std::size_t scenario, bool difference, double level);

}  // namespace doudi
