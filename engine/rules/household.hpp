#pragma once
#include "base/calendar.hpp"
#include "base/labels.hpp"
#include "base/money.hpp"

#include <cstdint>
#include <span>

namespace doudi::rules {

enum class DisabilityType : std::uint8_t { none, visual, hearing, speech, physical, intellectual, mental, multiple };
enum class CareLevel : std::uint8_t { none, self, semi, full };  ///< none: not assessed; counts as self in tekun care
enum class SchoolLevel : std::uint8_t { none, secondary, tertiary };

/// One family member as the law sees them in one month.
struct Member {
    Fen monthly_income = 0;  ///< countable income fen per month, before the work-cost deduction
    int age = 0;             ///< completed years
    /// Months since the birth month in the assessed month, or -1 if only `age` is known. Used for the 70th birthday.
    int age_months = -1;
    std::uint8_t disability_grade = 0;  ///< 0 none, 1 most severe, to 4
    DisabilityType disability_type = DisabilityType::none;
    CareLevel care_level = CareLevel::none;
    SchoolLevel school_level = SchoolLevel::none;
    bool severe_illness = false;
    bool employed = false;
    bool student = false;
    bool tekun = false;  ///< no able statutory obligor, and applied
    bool tekun_prior = false;
    bool orphan = false;
    bool work_injury_care = false;
    bool counted = true;
};

/// What is remembered of the family's earlier assistance (C.5): only gradual exit and monitoring depend on it.
/// See docs/assess.md for the meaning of each field in `assess`.
struct Prior {
    enum class Status : std::uint8_t { none, dibao, tekun };
    enum class Reason : std::uint8_t { none, employment, other };
    Status status = Status::none;
    Reason reason = Reason::none;
    int months_since_exit = 0;
    Fen dibao = 0;  ///< the household's last monthly dibao amount
    bool monitored = false;
};

/// Temporary assistance asked for in this month (B.7).
struct Event {
    enum class Type : std::uint8_t { none, public_emergency, acute, expenditure };
    enum class Stage : std::uint8_t { first, topup };
    enum class Cause : std::uint8_t { illness, disaster, disability, schooling, unemployment };
    Type type = Type::none;
    Stage stage = Stage::first;
    Cause cause = Cause::illness;
    int affected = 0;  ///< persons, public emergency
    Fen need = 0;      ///< acute
    Fen paid = 0;      ///< acute, already paid at the first stage
};

/// A family in one month. `members` is a view: the caller keeps the array.
struct Household {
    std::span<const Member> members;
    Fen essential_spending_12m = 0;  ///< E12, fen
    Fen income_12m = 0;              ///< I12, fen
    bool assets_ok = false;
    Prior prior;
    Event event;
};

/// The most members a family may have; more is refused at the door.
inline constexpr int max_members = 32;

/// Standard levels that apply to one household in one month, all in fen.
struct Standards {
    Fen dibao = 0;          ///< L: local standard before the floor, per person-month
    Fen dibao_prev = 0;     ///< last year's
    Fen urban = 0;          ///< urban standard of the unit, for public emergencies
    Fen guidance = 0;       ///< G: provincial guidance standard, 0 = no floor
    Fen min_wage_prev = 0;  ///< last year's monthly minimum wage
    Fen pcdi = 0;           ///< Y: last year's local per-capita disposable income, per year

    bool operator==(const Standards&) const = default;
};

}  // namespace doudi::rules
