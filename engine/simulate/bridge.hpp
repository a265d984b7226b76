#pragma once
#include "simulate/plan.hpp"

#include <atomic>
#include <functional>
#include <string>
#include <vector>

namespace doudi {

/// From last budget to this budget in steps, each on the same addressed draws, so that every step's change is paired.
struct Bridge {
    struct Step {
        std::string name;
        std::vector<Fen> change;  ///< [replicate] of the period's cost; zero where the step changes nothing
        bool changes = true;      ///< whether the two budgets differ in it
    };
    std::vector<Fen> base;    ///< [replicate] cost of last budget
    std::vector<Step> steps;  ///< base and steps add up to `total` in every replicate, to the fen
    std::vector<Fen> total;   ///< [replicate] cost of this budget
};

/// Names of the steps in their usual order: standard, amounts, rules, caseload, take-up, income, prices, data. What
/// belongs to none of them, if the budgets differ in it, becomes a last step "other".
const std::vector<std::string>& bridge_steps();

/// The steps in this order, or in the usual one where none is given. Throws InputError if it is no permutation of bridge_steps().
std::vector<std::string> bridge_order(const std::vector<std::string>& wanted);

/// Simulates the bridge between two plans of one scenario each. Seed, replicates and sample are those of `to`. `order` is
/// a permutation of bridge_steps(), or empty; where steps interact their sizes hang on it, their sum does not.
/// Throws InputError if the plans have other counties, or the order is none. Once `*stop` is true it ends early, and the caller discards what it has.
Bridge bridge(Plan from, Plan to, const std::vector<std::string>& order, int threads,
              const std::function<void(const std::string& step, const County&)>& progress = {}, const std::atomic<bool>* stop = nullptr);

}  // namespace doudi
