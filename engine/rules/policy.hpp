#pragma once
#include "base/money.hpp"

#include <array>
#include <vector>

namespace doudi::rules {

/// Every switch and amount of the rules. Names are those of docs/model-card.md; the values here are the
/// defaults given there. Those that a document fixes `scenarios/law/` states again with date and source.
struct Policy {
    enum class IncomeBasis { current, trailing12 };
    enum class FloorMode { clamp, error };
    enum class SevereDef { grade12, grade12_im3 };
    enum class SingleBenefit { own_gap, full, floor60 };
    enum class SuppCombine { max, sum };
    enum class BirthdayEffective { month_of, next_month };
    enum class TekunBase { max, current, prior };
    enum class LivingScope { dibao, dibao_edge };

    bool edge_lower_inclusive = true;
    IncomeBasis income_basis = IncomeBasis::current;
    TekunBase tekun_base = TekunBase::max;
    struct SuppBp {
        int severe_illness = 2000, severe_disability = 2000, age70 = 1000, minor = 1000;
        bool operator==(const SuppBp&) const = default;
    } supp_bp;                                                        // A-4, basis points of S
    SuppCombine supp_combine = SuppCombine::max;
    SevereDef supp_severe_def = SevereDef::grade12;
    bool supp_for_single = true;
    SevereDef single_severe_def = SevereDef::grade12_im3;
    SingleBenefit single_benefit = SingleBenefit::own_gap;
    bool single_high_illness_needs_adult_jobless = true;
    bool single_enabled = true;
    int work_deduction_bp = 0;
    int edge_mult_pct = 200;
    int rigid_share_pct = 60;
    FloorMode floor_mode = FloorMode::clamp;
    BirthdayEffective birthday_effective = BirthdayEffective::month_of;
    bool multiple_disability_no_labour = true;
    bool tekun_in_full = true;
    bool temp_emergency_per_person = true;
    int tekun_ratio_pct = 130;
    struct CarePct {
        int self = 10, semi = 20, full = 30;
        bool operator==(const CarePct&) const = default;
    } care_pct;
    int tekun_minor_entry_age = 16;
    int tekun_minor_retention_age = 18;
    Fen living = 85'00;   ///< `living_yuan`, fen per person-month
    Fen nursing = 85'00;  ///< `nursing_yuan`
    LivingScope living_scope = LivingScope::dibao;
    bool nursing_im3 = false;
    int temp_emergency_months = 1;
    Fen temp_small = 1000'00;                                         // A-12 `temp_small_yuan`
    Fen temp_cap = 20000'00;                                          // `temp_cap_yuan`
    struct TempExpMonths {
        int illness = 3, disaster = 3, disability = 2, schooling = 2, unemployment = 1;
        bool operator==(const TempExpMonths&) const = default;
    } temp_exp_months;
    int gradual_months = 6;
    int gradual_cap_pct = 200;
    /// Percent of the old amount by month of gradual exit; empty = flat 100.
    std::vector<int> gradual_profile_pct;

    bool operator==(const Policy&) const = default;
};

}  // namespace doudi::rules
