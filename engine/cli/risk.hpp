#pragma once
#include "storage/result_reader.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace doudi::cli {

struct RiskOptions {
    std::string scenario, programme, level, county;  ///< empty: the last scenario, all of them
    std::string budget;                 ///< yuan for the period; empty: none
    std::filesystem::path budgets;      ///< CSV with the columns county and budget (yuan); empty: none
    double confidence = 0.95;           ///< of the reserve and the shortfall
    bool by_county = false, json = false, chinese = false;
};

/// `doudi risk`: what a budget risks. Probability of going over, reserve, expected shortfall and the exceedance curve, each
/// with its Monte Carlo error, for the province or a county, all or one programme, all or one paying level; by level and,
/// where asked, by county. County figures that may not be passed on are shown as suppressed.
std::string risk_report(const ResultTotals& totals, const RiskOptions& options);

}  // namespace doudi::cli
