#pragma once
#include "base/labels.hpp"
#include "base/money.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace doudi {

/// Margins that a user may give for each residence (`data.margins`), in the order of County::own.
inline constexpr std::array<std::string_view, 9> own_margin_labels{
    "households", "persons", "one_person", "with_one_65plus", "with_two_65plus", "with_three_65plus", "age_0_14", "age_60_64", "age_80plus"};

/// One row of `scenarios/data/counties.csv`: 2020 census margins and the local figures that the rules need.
struct County {
    int code = 0;  ///< GB/T 2260, or the statistical code of a development zone
    std::string name_zh, name_en, prefecture_zh;
    std::int64_t population = 0, urban_population = 0, rural_population = 0;
    std::int64_t households = 0, household_population = 0;  ///< family households (家庭户)
    std::int64_t one_person = 0;                            ///< one-person households
    std::int64_t with_65plus = 0;
    std::array<std::int64_t, 3> with_n_65plus{};            ///< households with one, two, three or more members of 65+
    std::int64_t age_0_14 = 0, age_15_59 = 0, age_60plus = 0, age_65plus = 0, age_80plus = 0;
    /// The user's own margins by residence, -1: none. Family households and their members; ages of their members.
    std::array<std::array<std::int64_t, residence_count>, own_margin_labels.size()> own = no_own_margins();
    std::array<Fen, residence_count> guidance{};            ///< 吉民发〔2023〕67号, fen per person-month
    Fen min_wage_prev = 0;                                  ///< fen per month
    Fen min_wage_2025 = 0;                                  ///< last year's from 2025 on, as published; 0: unknown
    std::array<Fen, residence_count> pcdi{};                ///< last year's disposable income per head, fen per year

    static constexpr std::array<std::array<std::int64_t, residence_count>, own_margin_labels.size()> no_own_margins() {
        std::array<std::array<std::int64_t, residence_count>, own_margin_labels.size()> none{};
        for (auto& row : none) row = {-1, -1};
        return none;
    }
};

/// Ageing from the census to the simulated year: each age group times its factor, households with the people.
struct Ageing {
    double under_60 = 1, from_60_to_64 = 1, from_65 = 1;
    bool operator==(const Ageing&) const = default;
};

/// A county with its margins moved by the factors, rounded so that every sum still holds: population is the sum of the
/// age groups, urban and rural keep their shares, households and their members keep their mean size, households with
/// members of 65+ follow the group.
County aged(County county, const Ageing& factors);

}  // namespace doudi
