"""Chinese and English for what people read: categories of evidence, grades, levels, statuses."""
from __future__ import annotations

import re
import unicodedata

import numpy as np
import xarray as xr

LEVELS = {"zh": {"central": "中央", "province": "省级", "prefecture": "市级", "county": "县级"},
          "en": {"central": "centre", "province": "province", "prefecture": "prefecture", "county": "county"}}
PREFECTURES = {"zh": {}, "en": {"长春市": "Changchun", "吉林市": "Jilin City", "四平市": "Siping", "辽源市": "Liaoyuan", "通化市": "Tonghua", "白山市": "Baishan", "松原市": "Songyuan", "白城市": "Baicheng",
                                "延边朝鲜族自治州": "Yanbian"}}
GRADES = {"zh": {"publish": "可公布", "caution": "慎用", "suppress": "不公布"}, "en": {}}
STATUS = {"zh": {"fits": "相符", "off": "不符", "no data": "无公布数", "not comparable": "不可比", "held out": "留作检验", "fit": "拟合用"}, "en": {}}
# Root attributes of a results file.
ATTRIBUTES = {"zh": {"program": "程序", "git_hash": "源码提交", "git_dirty": "源码有未提交的改动", "build": "编译方式", "seed": "种子", "replicates": "模拟次数", "sample_share": "抽样比例",
                     "start": "起始月份", "burn_in_months": "预热月数", "plan_sha256": "方案摘要值", "format_version": "文件格式版本"}, "en": {}}
SET = {"zh": {"all": "全部方案", "over": "覆盖了“{}”自己写明的 {} = {}", "and": "；", "list": "、", "from": "{} 起 {}", "assumed": "分担比例为假设 A-27（文件未给出），可在方案中以 funding 设定",
              "stated": "{}的分担比例由方案设定（funding），其余为假设 A-27（文件未给出）", "all stated": "分担比例由方案设定（funding）"},
       "en": {"all": "all scenarios", "over": "overrides {1} = {2}, which \"{0}\" states itself", "and": "; ", "list": ", ", "from": "{1} from {0}",
              "assumed": "The shares are assumption A-27 (the documents give none); set funding in a scenario", "stated": "The shares of {} are the scenario's (funding), the others assumption A-27 (the documents give none)",
              "all stated": "The shares are the scenario's (funding)"}}
EVIDENCE = {"zh": {"law": "法规", "published": "公布数据", "calibrated": "校准", "recalled, unverified": "回忆，未核实", "calibrated from recalled, unverified": "由未核实的回忆值校准", "published elsewhere": "他处公布", "assumption": "假设", "set by the user": "用户设定", "systemic": "共同因素"}, "en": {}}
PRIOR = {"zh": {"fixed": "固定", "normal": "正态", "lognormal": "对数正态", "beta": "贝塔", "uniform": "均匀", "mean": "均值", "sd": "标准差", "to": "至"}, "en": {}}
EVIDENCE_LONG = {"zh": {**EVIDENCE["zh"], "calibrated": "假设，已按全省公布数校准", "assumption": "假设，未校准", "systemic": "共同因素（经济、疾病、灾害、物价）"},
                 "en": {"calibrated": "assumptions fitted to the province's figures", "assumption": "assumptions, not fitted",
                        "systemic": "common factors (economy, illness, disasters, prices)"}}

# Names of the assumptions (keys of a scenario file) and of the common factors.
ASSUMPTIONS = {"en": {}, "zh": {
    "income.level": "收入水平系数", "income.dagum_a_urban": "收入分布形状 a（城镇）", "income.dagum_a_rural": "收入分布形状 a（农村）",
    "income.dagum_p_urban": "收入分布形状 p（城镇）", "income.dagum_p_rural": "收入分布形状 p（农村）", "income.county_sd": "县际收入差异",
    "income.assessed_share_urban": "核算收入占实际比例（城镇）", "income.assessed_share_rural": "核算收入占实际比例（农村）",
    "employment.share_urban": "就业率（城镇）", "employment.share_rural": "就业率（农村）", "pension.share_urban": "领取养老金比例（城镇）",
    "pension.share_rural": "领取养老金比例（农村）", "support.share_urban": "有赡养或财产收入比例（城镇）", "support.share_rural": "有赡养或财产收入比例（农村）",
    "assets.pass_share_without_income_urban": "财产符合比例：无收入来源（城镇）", "assets.pass_share_without_income_rural": "财产符合比例：无收入来源（农村）",
    "assets.pass_share_other_urban": "财产符合比例：一般家庭（城镇）", "assets.pass_share_other_rural": "财产符合比例：一般家庭（农村）",
    "assets.pass_share_hardship_urban": "财产符合比例：病残家庭（城镇）", "assets.pass_share_hardship_rural": "财产符合比例：病残家庭（农村）",
    "assets.factor_per_further_member": "每增一人财产符合比例的系数", "disability.employment_factor": "残疾人就业系数", "disability.certified_prevalence": "持证残疾率",
    "disability.severe_share": "重度残疾占比", "illness.prevalence": "重病患病率", "illness.monthly_cost_yuan": "重病月均自付费用（元）",
    "illness.wage_share_left": "重病后工资比例", "illness.lump_months": "发病一次性费用（月数）", "disability.wage_share_left": "残疾人工资比例",
    "disaster.farm_share_lost": "受灾农业损失比例", "detection.rigid_factor": "刚性支出家庭发现系数",
    "school.secondary_share": "高中阶段在学率", "school.tertiary_share": "高等教育在学率", "school.tertiary_cost_yuan_year": "高等教育年费用（元）",
    "spending.essential_share": "刚性支出占收入比例", "tekun.share_of_60plus_urban": "60 岁以上特困比例（城镇）", "tekun.share_of_60plus_rural": "60 岁以上特困比例（农村）",
    "tekun.care_semi_share": "特困半失能占比", "tekun.care_full_share": "特困全失能占比", "hazard.job_loss_urban": "月失业率（城镇）", "hazard.job_loss_rural": "月失业率（农村）",
    "hazard.reemployment": "月再就业率", "hazard.illness": "月重病发生率", "hazard.illness_elderly_factor": "重病发生率老年系数", "hazard.disability": "月致残率",
    "hazard.disability_elderly_factor": "致残率老年系数", "hazard.disaster_county_month": "县月受灾概率", "disaster.share_hit": "受灾家庭比例", "hazard.death_60plus": "60 岁以上月死亡率",
    "take_up.dibao_urban": "低保申领率（城镇）", "take_up.dibao_rural": "低保申领率（农村）", "take_up.living_subsidy": "生活补贴申领率", "take_up.nursing_subsidy": "护理补贴申领率",
    "take_up.response_to_amount": "申领对标准的弹性", "detection.self_application": "月主动申请概率", "detection.data_matching": "月数据比对发现概率",
    "detection.field_visit_urban": "月走访发现概率（城镇）", "detection.field_visit_rural": "月走访发现概率（农村）", "review.reported_change": "变化主动报告概率",
    "temporary.acute_claim_share": "急难型临时救助申请比例", "temporary.acute_need_yuan": "急难型临时救助需求（元）", "temporary.expenditure_claim_share": "支出型临时救助申请比例",
    "temporary.other_emergency_month": "其他急难月发生率", "systemic.labour_sd": "就业共同波动", "systemic.illness_sd": "疾病共同波动", "systemic.disaster_sd": "灾害共同波动",
    "systemic.prices_sd": "物价共同波动", "systemic.persistence": "共同因素持续性", "systemic.county_correlation": "共同因素县际相关", "farm.share_rural": "务农家庭比例（农村）",
    "growth.income_year": "收入年增长率", "growth.income_county_year_sd": "县收入年增长差异", "growth.family_shock_sd": "家庭收入持久冲击",
    "systemic: labour": "共同因素：就业", "systemic: illness": "共同因素：疾病", "systemic: disaster": "共同因素：灾害", "systemic: prices": "共同因素：物价",
    "systemic: county_income": "共同因素：县收入", "systemic: income_growth": "共同因素：收入增长"}}

WORKBOOK = {
    "zh": {"summary": "摘要", "scenarios": "各方案", "county": "分县", "county_reserve": "分县备用金", "programme": "分项目", "month": "分月", "level": "分级", "county_programme": "分县分项目",
           "county_level": "分县分级", "assumptions": "假设", "validation": "验证", "about": "说明", "total": "合计", "mean_yuan": "均值（元）", "change_yuan": "变化（元）",
           "change_wan": "变化（万元）", "rate": "变化率", "q05": "变化 5%（元）", "q95": "变化 95%（元）", "t05": "5%（元）", "t95": "95%（元）", "wan": "均值（万元）", "item": "项目",
           "c_name": "县（市、区）", "c_code": "代码", "pref": "市（州）", "heads": "月均领取人次", "grade": "等级", "m_name": "月份", "l_name": "级次", "s_name": "方案",
           "a_name": "假设", "mean": "均值", "sd": "标准差", "prior": "先验分布", "evidence": "依据", "driver": "占支出方差", "why": "理由", "figure": "指标", "published": "公布",
           "simulated": "模拟中位数", "ratio": "模拟/公布", "status": "结论", "note": "说明", "median_wan": "中位数（万元）", "holds": "95% 不超支（万元）", "reserve": "备用金（95%，万元）", "worst": "最坏 5% 平均（万元）"},
    "en": {"summary": "Summary", "scenarios": "Scenarios", "county": "By county", "county_reserve": "County reserves", "programme": "By programme", "month": "By month", "level": "By paying level",
           "county_programme": "County x programme", "county_level": "County x level", "assumptions": "Assumptions", "validation": "Validation", "about": "About",
           "total": "Total", "mean_yuan": "mean (yuan)", "change_yuan": "Change (yuan)", "change_wan": "Change (10,000 yuan)", "rate": "Change (%)",
           "q05": "Change 5 % (yuan)", "q95": "Change 95 % (yuan)", "t05": "5 % (yuan)", "t95": "95 % (yuan)", "wan": "mean (10,000 yuan)", "item": "Programme",
           "c_name": "County", "c_code": "Code", "pref": "Prefecture", "heads": "Payments to persons a month", "grade": "Grade", "m_name": "Month", "l_name": "Level",
           "s_name": "Scenario", "a_name": "Assumption", "mean": "Mean", "sd": "Standard deviation", "prior": "Prior", "evidence": "Evidence",
           "driver": "Share of variance", "why": "Why", "figure": "Figure", "published": "Published", "simulated": "Simulated median", "ratio": "Simulated/published",
           "status": "Verdict", "note": "Note", "median_wan": "Median (10,000 yuan)", "holds": "Holds with 95 % (10,000 yuan)", "reserve": "Reserve at 95 % (10,000 yuan)",
           "worst": "Mean of the worst 5 % (10,000 yuan)"},
}

# What the desk's commands say of a fault, by what Python says of it in English.
FAULTS = {
    r'DOUDI_LANG: "(.+)" is not en or zh': r'DOUDI_LANG："\1" 应为 en 或 zh',
    r"(.+): there is no such file": r"\1：没有该文件",
    r"(.+): cannot be read: (.+)": r"\1：无法读取，系统提示：\2",
    r"(.+): was damaged or changed after it was written: its seal does not agree; run again, or take a copy that `doudi verify` passes":
        r"\1：写成之后已损坏或被改动：全文校验值不符；请重新运行，或改用能通过 `doudi verify` 的副本",
    r"(?s)(.+): not a results file, or a damaged one \((.+)\)": r"\1：不是结果文件，或已损坏（系统提示：\2）",
    r"(.+): is not a doudi results file \(no format_version\)": r"\1：不是 doudi 结果文件（缺少 format_version）",
    r"(.+): has results format (.+); this program reads format 1": r"\1：结果格式为 \2；本程序只读格式 1",
    r"(.+): cannot read (\S+): a checksum does not agree, or the file is cut; run again, or take another copy": r"\1：无法读取 \2：校验和不符，或文件被截断；请重新运行，或改用另一份副本",
    r'(.+): has no dataset "(.+)"': r'\1：缺少数据集 "\2"',
    r"(.+): a file of `doudi drivers`, not a result of `doudi run` or `compare`; doudi.open_drivers opens it": r"\1：是 `doudi drivers` 的文件，不是 `doudi run` 或 `compare` 的结果；可用 doudi.open_drivers 打开",
    r"(.+): an HDF5 file, but not a result of doudi: .+": r"\1：是 HDF5 文件，但不是 doudi 的结果：没有按方案、模拟、县、项目和月份的变量 `cost`，或没有 `plan_sha256`",
    r"(.+): a result of another format \((.+)\), and this program reads doudi-results-1; open it with the version that wrote it":
        r"\1：结果为另一种格式（文件自称 \2），本程序只读 doudi-results-1；请用写成它的版本打开",
    r"(.+) is the results file itself; choose another name for the output": r"\1 就是结果文件本身；请为输出另选文件名",
    r"(.+) exists; choose another name, or --force to replace it": r"\1 已存在；请另选文件名，或加 --force 覆盖",
    r"(.+) cannot be written: there is no folder (.+); make it first, or choose another place": r"\1 无法写入：没有文件夹 \2；请先新建，或另选位置",
    r"(.+) cannot be written: it is a folder; add the name of a file": r"\1 无法写入：它是文件夹；请加上文件名",
    r"(.+) cannot be written: it is a file; name a folder": r"\1 无法写入：它是文件；请指定文件夹",
    r"(.+) cannot be written: (.+)": r"\1 无法写入，系统提示：\2",
    r"the following arguments are required: (.+)": r"缺少参数：\1",
    r"unrecognized arguments: (.+)": r"未知的参数：\1",
    r"argument (.+): expected one argument": r"参数 \1 后缺少值",
    r"argument (.+): invalid choice: (.+) \(choose from (.+)\)": r"参数 \1 的值 \2 无效，可选：\3",
    r"argument (.+): ignored explicit argument (.+)": r"参数 \1 不带值，却给出了 \2",
    r"ambiguous option: (.+) could match (.+)": r"参数 \1 不明确，可能是 \2",
}


def told(error: Exception, lang: str) -> str:
    """A fault as the desk's commands print it."""
    said = str(error)
    if lang == "en":
        return f"error: {said}"
    return "错误：" + next((found.expand(zh) for en, zh in FAULTS.items() if (found := re.fullmatch(en, said))), f"系统提示：{said}")


def word(table: dict[str, dict[str, str]], lang: str, key: str) -> str:
    """The word for a label; the label itself where there is none."""
    return table[lang].get(str(key), str(key))


def reasons(ds: xr.Dataset, variable: str, lang: str) -> list[str]:
    """`scenario_why` or `parameter_why`, in Chinese where a Chinese one was given."""
    english = [without_exponents(str(text)) for text in ds[variable].values]
    if lang != "zh" or f"{variable}_zh" not in ds:  # an older result
        return english
    return [without_exponents(str(zh)) or en for zh, en in zip(ds[f"{variable}_zh"].values, english, strict=True)]


def without_exponents(text: str) -> str:
    """The same text, with 1.5e+03 written 1500."""
    return re.sub(r"(?<![\w.])[-+]?\d+(\.\d+)?e[-+]?\d+(?![\w.])", lambda number: np.format_float_positional(float(number[0]), trim="-"), text)


def prior(ds: xr.Dataset, place: int, lang: str) -> str:
    """A prior for a table, such as ``beta mean 0.6 sd 0.05``, its numbers without exponents; empty where the results carry none."""
    text = str(ds.parameter_prior.values[place]) if "parameter_prior" in ds else ""
    return " ".join(word(PRIOR, lang, part) for part in without_exponents(text).split())


def figure(value: float, digits: int = 4) -> str:
    """So many digits that count, without an exponent."""
    if not np.isfinite(value):
        return "–"
    if abs(value) >= 10 ** (digits - 1):
        return f"{value:,.0f}"
    return np.format_float_positional(value, precision=digits, unique=False, fractional=False, trim="-")


def named(lang: str, key: str) -> str:
    """An assumption for a table: in Chinese its name, with the key to set in a scenario."""
    name = word(ASSUMPTIONS, lang, key)
    return name if name == key or key.startswith("systemic: ") else f"{name}（{key}）"


def several(n: int, one: str, more: str = "") -> str:
    """A count in English: 1 county, 2 counties."""
    return f"{n} {one if n == 1 else more or one + 's'}"


def shortened(text: str, columns: int) -> str:
    """The text, or where it takes more columns its beginning and its end, which tell names apart that `with_` made."""
    if width_of(text) <= columns:
        return text
    head, tail = text, text
    while width_of(head) > columns // 2:
        head = head[:-1]
    while width_of(tail) > columns - columns // 2 - 1:
        tail = tail[1:]
    return f"{head}…{tail}"


def wrapped(text: str, columns: int) -> list[str]:
    """The text in lines of at most so many columns: Chinese breaks anywhere, a word after a blank, and a long one every 24 characters."""
    lines = [""]
    for piece in re.findall(rf"[!-~]{{1,{min(24, columns)}}} ?|[^!-~]", text):
        if width_of(lines[-1] + piece.rstrip()) > columns:
            lines.append("")
        lines[-1] += piece
    return [line.strip() for line in lines]


def width_of(text: object) -> int:
    """Columns that the longest line of a text takes; a Chinese character takes two."""
    return max(sum(2 if unicodedata.east_asian_width(ch) in "WF" else 1 for ch in line) for line in str(text).split("\n"))
