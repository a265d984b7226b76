#pragma once
#include "dynamics/column.hpp"
#include "dynamics/shocks.hpp"
#include "dynamics/world.hpp"

#include <span>
#include <vector>

namespace doudi {

/// What the policies of a comparison have in common. Income in fen a head and month, see Walker::out_of_reach.
struct Bounds {
    double take_up_factor = 1;  ///< highest factor on the take-up of dibao
    double nursing_factor = 1;  ///< highest on the take-up of the nursing subsidy, response included
    Fen reach = 0, mean_income = 0;
    double rigid_share_pct = 60;  ///< lowest
    int months = 24;              ///< burn-in and horizon
    int acute_from = 11;          ///< see Calendar
    bool incomes_move = false;    ///< over the years: then nobody is left out for what he earns
};

/// The worlds of a run by replicate, in columns padded to whole blocks, for looking at one family in many replicates at once.
struct Columns {
    static constexpr int block = 256;  ///< replicates

    Columns(std::span<const World> worlds, const Bounds& bounds);
    static std::size_t padded(std::size_t replicates) { return (replicates + block - 1) / block * block; }

    // Thresholds of scores: the smallest float not under the double, so that comparing with it is exact.
    Column<float> disabled, ill, employed, employed_disabled, pension, tekun, comes, nursing, support, farm, secondary, tertiary;
    Column<float> grade[3], care[2];  ///< of disability: under these 1, 2, 3; of care: full, semi
    Column<float> assets[3][8];       ///< hardship, other, without income; by size of the family
    // Bounds of hazards over the whole run, and of incomes.
    // By stream of shocks: of a member under 60, of one who is older, of the family whoever is in it; and of who could lose work.
    struct Hazard {
        Column<float> young, old, family;
    };
    ByStream<Hazard> hazard;
    Column<float> job_loss;
    Column<float> out_of_work, level, assessed, ordinary;
    std::vector<Column<float>> curve;  ///< by knot of the score
    // What incomes are made of, as it is.
    Column<double> exact_level, exact_assessed, exact_ill_wages, exact_disabled_wages;
    std::vector<Column<double>> exact_curve;
    // Of all replicates: what no family's score over it, or not under it, can come to.
    float most_disabled = 0, most_ill = 0, most_tekun = 0, least_employed = 0, least_pension = 0, most_assets[3][8] = {};
};

/// The smallest float that is not under x: for a float score, score < x exactly where score < this.
float threshold(double x);

/// One score held against a column.
struct Comparison {
    float score;
    const Column<float>* column;
};
/// For each comparison the replicates [at, at + 64) in which the score is under the column, bit by bit. `at` is a multiple of 64.
void compare(std::span<const Comparison> comparisons, std::size_t at, std::uint64_t* bits);

}  // namespace doudi
