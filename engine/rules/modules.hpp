#pragma once
#include "rules/decision.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace doudi::rules {

/// Special assistance (专项救助), 吉政办规〔2024〕2号 measures 6 to 13. The gazette names who may receive it and gives no
/// amounts: each module is off until a scenario gives its amount.
enum class Module : std::uint8_t { medical_premium, medical_aid, education, housing, employment, disaster, heating, funeral, services };
inline constexpr int module_count = 9;

struct ModuleInfo {
    std::string_view name, name_zh, source;
    bool dibao, tekun, edge, rigid, monitored;  ///< qualifying categories by the text
    enum class Target : std::uint8_t { person, family, disaster, death } target;
    std::uint16_t months;                       ///< calendar months in which it is paid, bit 0 = January; ours
    std::string_view whom;
};

inline constexpr std::uint16_t every_month_mask = 0xfff;
inline constexpr std::array<ModuleInfo, module_count> module_table{{
    {"medical_premium", "医疗救助（资助参保）", "吉政办规〔2024〕2号 measure 6", true, true, true, true, true, ModuleInfo::Target::person, 0x001, "every member, once a year; tekun in full (amount_tekun), others a fixed amount"},
    {"medical_aid", "医疗救助（直接救助）", "吉政办规〔2024〕2号 measure 6", true, true, true, true, true, ModuleInfo::Target::person, every_month_mask, "seriously ill members"},
    {"education", "教育救助", "吉政办规〔2024〕2号 measure 7", true, true, true, true, false, ModuleInfo::Target::person, 0x104, "students, a term (March and September); amount_secondary, amount_tertiary by stage"},
    {"housing", "住房救助", "吉政办规〔2024〕2号 measure 8", true, true, true, true, false, ModuleInfo::Target::family, every_month_mask, "families; amount_rural for rural families (repair spread over months)"},
    {"employment", "就业救助", "吉政办规〔2024〕2号 measure 9", true, false, true, true, true, ModuleInfo::Target::person, every_month_mask, "able members of 16 to 59 without work who do not study"},
    {"disaster", "受灾人员救助", "吉政办规〔2024〕2号 measure 10", true, true, true, true, false, ModuleInfo::Target::disaster, every_month_mask, "families hit by a disaster of the county, in its month"},
    {"heating", "取暖救助", "吉政办规〔2024〕2号 measure 12", true, true, true, true, true, ModuleInfo::Target::family, 0xe0f, "families, October to April"},
    {"funeral", "殡葬救助", "吉政办规〔2024〕2号 measure 12", true, true, false, false, false, ModuleInfo::Target::death, every_month_mask, "deaths in dibao and tekun; edge and rigid if extend_edge_rigid"},
    {"services", "服务类救助", "吉政办规〔2024〕2号 measure 13", true, true, true, true, true, ModuleInfo::Target::person, every_month_mask, "minors, severely disabled, and those of 60 or more who are not self-caring"},
}};

/// What a scenario says about one module. Amounts in fen; -1: as `amount`.
struct ModuleTerms {
    bool on = false;
    Fen amount = 0, amount_tekun = -1, amount_rural = -1, amount_secondary = -1, amount_tertiary = -1;
    int share_bp = 10000;            ///< of qualifying families, basis points
    bool extend_edge_rigid = false;  ///< funeral: 鼓励 extension to edge and rigid families
    std::uint16_t months = 0;        ///< 0: those of the table
    bool operator==(const ModuleTerms&) const = default;
};
using ModuleSet = std::array<ModuleTerms, module_count>;

/// What a family would draw from a module in a month in which it is paid: for members who are tekun, and for the rest,
/// whose claim hangs on the family's enrolment. Where the family is the target it draws one of the two, not both. For the event targets: an event of that month.
struct ModuleDue {
    Fen tekun = 0, others = 0;
    int tekun_persons = 0, other_persons = 0;
    bool operator==(const ModuleDue&) const = default;
};
ModuleDue module_due(Module module, const ModuleTerms& terms, const Household& household, const Decision& decision, Residence residence);

}  // namespace doudi::rules
