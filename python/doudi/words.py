"""Chinese and English for what people read: categories of evidence, grades, levels, statuses."""
from __future__ import annotations

LEVELS = {"zh": {"central": "中央", "province": "省级", "prefecture": "市级", "county": "县级"},
          "en": {"central": "centre", "province": "province", "prefecture": "prefecture", "county": "county"}}
GRADES = {"zh": {"publish": "可发布", "caution": "慎用", "suppress": "不宜发布"}, "en": {}}
STATUS = {"zh": {"fits": "相符", "off": "不符", "no data": "无公布数", "not comparable": "不可比", "held out": "留作检验", "fit": "拟合用"}, "en": {}}
EVIDENCE = {"zh": {"law": "法规", "published": "公布数据", "calibrated": "校准", "recalled, unverified": "回忆，未核实", "assumption": "假设", "set by the user": "用户设定", "systemic": "共同因素"}, "en": {}}
EVIDENCE_LONG = {"zh": {**EVIDENCE["zh"], "calibrated": "假设，已按全省公布数校准", "assumption": "假设，未校准", "systemic": "共同因素（经济、疾病、灾害、物价）"},
                 "en": {"calibrated": "assumptions fitted to the province's figures", "assumption": "assumptions, not fitted",
                        "systemic": "common factors (economy, illness, disasters, prices)"}}


WORKBOOK = {
    "zh": {"summary": "摘要", "scenarios": "各方案", "county": "分县", "programme": "分项目", "month": "分月", "level": "分级", "county_programme": "分县分项目",
           "county_level": "分县分级", "assumptions": "假设", "validation": "验证", "about": "说明", "total": "合计", "mean_yuan": "均值（元）", "change_yuan": "变化（元）",
           "change_wan": "变化（万元）", "rate": "变化率", "q05": "变化 5%（元）", "q95": "变化 95%（元）", "t05": "5%（元）", "t95": "95%（元）", "wan": "均值（万元）", "item": "项目",
           "c_name": "县（市、区）", "c_code": "代码", "pref": "市（州）", "heads": "月均领取人次", "grade": "等级", "m_name": "月份", "l_name": "级次", "s_name": "方案",
           "a_name": "假设", "mean": "均值", "sd": "标准差", "prior": "先验分布", "evidence": "依据", "driver": "占支出方差", "why": "理由", "figure": "指标", "published": "公布",
           "simulated": "模拟中位数", "ratio": "模拟/公布", "status": "结论", "note": "说明", "median_wan": "中位数（万元）", "reserve": "备用金（95%，万元）", "worst": "最坏 5% 平均（万元）"},
    "en": {"summary": "Summary", "scenarios": "Scenarios", "county": "By county", "programme": "By programme", "month": "By month", "level": "By paying level",
           "county_programme": "County x programme", "county_level": "County x level", "assumptions": "Assumptions", "validation": "Validation", "about": "About",
           "total": "Total", "mean_yuan": "mean (yuan)", "change_yuan": "Change (yuan)", "change_wan": "Change (10,000 yuan)", "rate": "Change (%)",
           "q05": "Change 5 % (yuan)", "q95": "Change 95 % (yuan)", "t05": "5 % (yuan)", "t95": "95 % (yuan)", "wan": "mean (10,000 yuan)", "item": "Programme",
           "c_name": "County", "c_code": "Code", "pref": "Prefecture", "heads": "Persons paid a month", "grade": "Grade", "m_name": "Month", "l_name": "Level",
           "s_name": "Scenario", "a_name": "Assumption", "mean": "Mean", "sd": "Standard deviation", "prior": "Prior", "evidence": "Evidence",
           "driver": "Share of variance", "why": "Why", "figure": "Figure", "published": "Published", "simulated": "Simulated median", "ratio": "Simulated/published",
           "status": "Verdict", "note": "Note", "median_wan": "Median (10,000 yuan)", "reserve": "Reserve at 95 % (10,000 yuan)",
           "worst": "Mean of the worst 5 % (10,000 yuan)"},
}


def word(table: dict[str, dict[str, str]], lang: str, key: str) -> str:
    """The word for a label; the label itself where there is none."""
    return table[lang].get(str(key), str(key))
