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


def word(table: dict[str, dict[str, str]], lang: str, key: str) -> str:
    """The word for a label; the label itself where there is none."""
    return table[lang].get(str(key), str(key))
