#pragma once
#include <array>
#include <string_view>

namespace doudi {

/// Paying programmes, in the order of the `programme` dimension of every file and table.
enum class Programme { dibao, supplement, tekun_basic, tekun_care, living_subsidy, nursing_subsidy, temporary };
inline constexpr std::array<std::string_view, 7> programme_labels{
    "dibao", "supplement", "tekun_basic", "tekun_care", "living_subsidy", "nursing_subsidy", "temporary"};
inline constexpr std::array<std::string_view, 7> programme_labels_zh{
    "最低生活保障金", "增发补助金", "特困基本生活", "特困照料护理", "困难残疾人生活补贴", "重度残疾人护理补贴", "临时救助"};
inline constexpr int programme_count = 7;

/// Household categories, in the order of the `category` dimension.
enum class Category { none, dibao, dibao_gradual, edge, rigid, tekun, orphan, monitored };
inline constexpr std::array<std::string_view, 8> category_labels{
    "none", "dibao", "dibao_gradual", "edge", "rigid", "tekun", "orphan", "monitored"};
inline constexpr std::array<std::string_view, 8> category_labels_zh{
    "不属于", "最低生活保障", "低保渐退期", "低保边缘家庭", "刚性支出困难家庭", "特困人员", "孤儿", "防止返贫监测对象"};
inline constexpr int category_count = 8;

enum class Residence { urban, rural };
inline constexpr std::array<std::string_view, 2> residence_labels{"urban", "rural"};
inline constexpr int residence_count = 2;

/// Place of an enumerator in its label list and in every array that follows it.
template <class Enum>
constexpr int at(Enum value) {
    return static_cast<int>(value);
}

}  // namespace doudi
