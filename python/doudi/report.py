"""`doudi report OUT.h5 -o report.html`: one self-contained page, no network, readable in print.

It answers in the order in which a budget office asks: how much, how sure, why, where, what could go wrong, how it was made.
"""
from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from . import rules
from .adjusted import can
from .evidence import by_evidence, shares
from .files import replace
from .headline import adjusted, gap
from .page import SCRIPT, STYLE, E, Number, picture, plain, table, wan
from .provenance import STATED, amounts, attribute, funding, labels, settings, titles
from .validation import validation_table, why_no_validation
from .words import ASSUMPTIONS, EVIDENCE, EVIDENCE_LONG, GRADES, LEVELS, PREFECTURES, PRIOR, STATUS, figure, named, prior, reasons, several, word

if TYPE_CHECKING:
    from .comparison import Comparison


class _Page:
    """The chapters of the page; each returns HTML."""

    def __init__(self, c: Comparison, lang: str):
        c.dataset.load()  # once, not again for every question
        self.c, self.ds, self.lang, self.zh = c, c.dataset, lang, lang == "zh"
        self.plots = c.plot(lang)
        self.many, self.alone = self.ds.sizes["scenario"] > 1, self.ds.sizes["replicate"] == 1
        self.titles = titles(self.ds, lang)
        self.unit = "万元" if self.zh else "10,000 yuan"
        self.frame = c.by_programme()
        self.shares = shares(c)
        self.valid = validation_table(c, lang)

    def t(self, zh: str, en: str) -> str:
        return zh if self.zh else en

    def between(self, low: float, high: float, digits: int = 1) -> tuple[Number, Number] | Number:
        """An interval for a table or a card; of one replicate there is none."""
        return plain(np.nan) if self.alone else (wan(low, digits), wan(high, digits))

    def sd(self, place: int, values: np.ndarray) -> Number | str:
        """Spread of an assumption as it was drawn; a fixed one has none, whatever the last bits of its mean say."""
        if prior(self.ds, place, "en").startswith("fixed") or (not self.alone and np.ptp(values) == 0):
            return Number(0.0, word(PRIOR, self.lang, "fixed"))
        return plain(np.nan) if self.alone else Number(float(values.std(ddof=1)), figure(float(values.std(ddof=1)), 2))

    def picture(self, name: str, alt: str, **options: Any) -> str:
        return picture(getattr(self.plots, name)(**options), alt, self.plots.font)

    def chapters(self) -> list[tuple[str, str, str]]:
        t = self.t
        return [("much", t("一、要花多少钱", "1. How much"), self.how_much()), ("sure", t("二、有多大把握", "2. How sure"), self.how_sure()),
                ("why", t("三、为什么", "3. Why"), self.why()), ("where", t("四、钱花在哪里", "4. Where"), self.where()),
                ("wrong", t("五、可能出什么问题", "5. What could go wrong"), self.wrong()), ("made", t("六、如何得出", "6. How it was made"), self.made())]

    def how_much(self) -> str:
        t, c, total = self.t, self.c, self.frame.loc["total"]
        last = "reform" if self.many else "baseline"
        median = "" if self.alone else t("（中位数）", " (median)")
        cards: list[tuple[str, Number, tuple[Number, Number] | Number | None, str]] = [(t("期内总支出", "cost of the period") + median, wan(total[last], 0), self.between(total[f"{last}_q05"], total[f"{last}_q95"], 0), self.titles[-1])]
        if self.many:
            cards.append((t("与基准相比的变化", "change against the baseline") + median, wan(total.change), self.between(total.change_q05, total.change_q95), f"{self.titles[-1]} − {self.titles[0]}"))
        cards.append((t("备用金（95% 不超支）", "reserve that holds with 95 %"), wan(np.nan if self.alone else c.reserve(0.95), 0), None, t("在中位数之外", "over the median")))
        out = '<div class="cards">'
        for label, value, interval, note in cards:
            between = f"{t('九成把握：', '90 %: ')}{interval[0].shown} – {interval[1].shown}<br>" if isinstance(interval, tuple) else ""
            out += f'<div class="card">{E(label)}<b>{value.shown}{"" if np.isnan(value) else t(" 万元", " x 10,000 yuan")}</b><small>{between}{E(note)}</small></div>'
        out += "</div>"
        note = c.sample_note(self.lang)
        out += f'<p id="sample" class="caution">{E(note)}</p>' if note else ""
        names = {str(p): str(z) if self.zh else str(p) for p, z in zip(self.ds.programme.values, self.ds.programme_zh.values, strict=True)} | {"total": t("合计", "total")}
        header = [t("项目", "programme"), f"{self.titles[0]}\n{t('中位数', 'median')}", self.t("5% – 95%", "5 – 95 %")]
        header += [f"{self.titles[-1]}\n{t('中位数', 'median')}", t("变化", "change"), t("变化 5% – 95%", "change 5 – 95 %")] if self.many else []
        rows = []
        for p, r in self.frame.iterrows():
            row: list[Any] = [names[str(p)], wan(r.baseline), self.between(r.baseline_q05, r.baseline_q95)]
            row += [wan(r.reform), wan(r.change), self.between(r.change_q05, r.change_q95)] if self.many else []
            rows.append([*row, plain(r.recipients_month)])
        out += table([*header, f"{self.titles[0]}\n{t('月均人数', 'persons a month')}"], rows, total=True,
                      caption=t(f"单位：{self.unit}。中位数与分位数逐行计算，各行相加不等于合计。", f"Unit: {self.unit}. Medians and quantiles are taken row by row and do not add up."))
        if self.ds.sizes["scenario"] > 2:
            rows = [[title, wan(c.total(i).median().item()), self.between(c.total(i).quantile(0.05).item(), c.total(i).quantile(0.95).item()), wan(c.difference(i).median().item()),
                     self.between(c.difference(i).quantile(0.05).item(), c.difference(i).quantile(0.95).item()), wan(np.nan if self.alone else c.reserve(0.95, i), 0)] for i, title in enumerate(self.titles)]
            out += f"<h3>{t('各方案比较', 'All scenarios')}</h3>" + table([t("方案", "scenario"), t("中位数", "median"), self.t("5% – 95%", "5 – 95 %"), t("变化", "change"), t("变化 5% – 95%", "change 5 – 95 %"),
                                                                        t("备用金", "reserve")], rows, caption=t(f"单位：{self.unit}。", f"Unit: {self.unit}.")) + self.picture("scenarios", t("各方案总支出", "cost of each scenario"))
        if self.many:
            check = c.hand_check()
            if check["expected"]:
                out += "<p>" + t("手工核对：领取人月数 × 两项补贴标准变化 = {expected:,.2f} 元，模拟得 {simulated:,.2f} 元，各次模拟最大差额 {largest_gap:,.2f} 元。",
                                 "Hand check: recipient-months x change of the two subsidies = {expected:,.2f} yuan; simulated {simulated:,.2f}; largest gap of a replicate {largest_gap:,.2f}.").format(**check)
                out += E(gap(check, self.lang, self.ds.attrs["sample_share"] < 1)) + "</p>"
        return out

    def how_sure(self) -> str:
        t, c = self.t, self.c
        total = c.total()
        n = self.ds.sizes["replicate"]
        if self.alone:
            return "<p><b>" + t("只有 1 次模拟：区间、备用金、超支概率、模拟误差，以及何种因素起作用，均无从得知。请用 200 次以上。",
                                "One replicate: it tells no interval, no reserve, no probability of going over a budget, no error of the simulation, and not what drives the cost. Take 200 or more.") + "</b></p>"
        low, high = c.quantile_interval(0.95)
        error = float(total.std(ddof=1)) / np.sqrt(n)
        out = "<p>" + t(f"在中位数之外另备 <b>{wan(c.reserve(0.95), 0).shown} 万元</b>，95% 的情形下不超支；最坏 5% 的情形平均支出 {wan(c.expected_shortfall(0.95), 0).shown} 万元。",
                        f"<b>{wan(c.reserve(0.95), 0).shown} x 10,000 yuan</b> over the median hold with probability 95 %; the worst 5 % of the outcomes cost {wan(c.expected_shortfall(0.95), 0).shown} on average.") + "</p>"
        out += "<p class=note>" + t(f"区间反映未知参数、共同因素与偶然；模拟次数有限造成的误差另计：均值的标准误 {wan(error).shown} 万元，95% 分位数的 95% 置信区间 {wan(low, 0).shown} 至 {wan(high, 0).shown} 万元（“–”表示次数不足以给出界限）。",
                                    f"Intervals hold what is unknown, what all families share, and luck. The error of a finite number of replicates comes on top: standard error of the mean {wan(error).shown}, "
                                    f"95 % confidence interval of the 95 % quantile {wan(low, 0).shown} to {wan(high, 0).shown} (a dash: too few replicates for a bound).") + "</p>"
        if sharp := adjusted(c, self.lang):
            out += f"<p class=note>{sharp}</p>"
        out += self.picture("cost", t("期内总支出的分布", "distribution of the cost"))
        if self.many:
            out += self.picture("difference", t("变化的分布", "distribution of the change"))
        return out + self.picture("exceedance", t("超支概率曲线", "exceedance curve")) + self.picture("convergence", t("收敛", "convergence"))

    def why(self) -> str:
        t, frame = self.t, self.shares
        if self.alone:
            return f'<p id="evidence">{t("只有 1 次模拟，没有任何因素能与偶然区分。", "With one replicate no input can be told from chance.")}</p>'
        out = f"<p>{t('下图为各假设与共同因素各自解释的支出方差份额（一阶）。虚线以内不能与偶然区分。', 'First-order shares of the variance of the cost by assumption and common factor. What is within the dashed line cannot be told from chance.')}</p>"
        out += self.picture("drivers", t("支出由什么决定", "what drives the cost"))
        grades = by_evidence(frame)
        if len(grades):
            parts = t("；", "; ").join(f"{word(EVIDENCE_LONG, self.lang, str(g))} {v:.0%}" for g, v in grades.items())
            out += f'<p id="evidence">{t("可辨认的方差按依据分：", "Of the variance that can be told from chance: ")}<b>{E(parts)}</b>{t("。", ".")}</p>'
        else:
            out += f'<p id="evidence">{t("模拟次数太少，没有任何因素能与偶然区分。", "With so few replicates no input can be told from chance.")}</p>'
        rows = [[named(self.lang, str(name)), word(EVIDENCE, self.lang, r.evidence), plain(r.share, "{:.1%}"), wan(r.per_sd), t("是", "yes") if r.clear else t("否", "no")] for name, r in frame.head(12).iterrows()]
        return out + table([t("因素", "input"), t("依据", "evidence"), t("占方差", "share of variance"), t(f"高一个标准差时支出变化（{self.unit}）", f"cost for one sd more ({self.unit})"),
                             t("超出偶然", "beyond chance")], rows, text=(0, 1, 4))

    def where(self) -> str:
        t, c = self.t, self.c
        counties = c.by_county()
        names = counties.name_zh if self.zh else counties.name_en
        prefecture = self.ds.prefecture_zh.to_series()
        header = [t("县（市、区）", "county"), t("市（州）", "prefecture"), t("代码", "code"), f"{t('基准', 'baseline')}\n{self.unit}"]
        header += [f"{t('变化', 'change')}\n{self.unit}", t("变化\n5% – 95%", "change\n5 – 95 %")] if self.many else []
        sharp = c.adjusted.reserves() if can(self.ds) else None
        header += [t("备用金\n（95%）", "reserve\nat 95 %"), t("其 95%\n区间", "its 95 %\ninterval")] if sharp is not None else []
        rows, pale = [], []
        for i, (code, r) in enumerate(counties.iterrows()):
            hidden = r.grade == "suppress"
            pale += [i] if hidden else []
            show = (lambda v, hidden=hidden: Number(float("nan"), "–") if hidden else wan(v))
            row: list[Any] = [str(names[code]), word(PREFECTURES, self.lang, str(prefecture[code])), Number(code, str(code)), show(r.baseline)]
            row += [show(r.change), plain(np.nan) if hidden else (show(r.change_q05), show(r.change_q95))] if self.many else []
            row += [] if sharp is None else [show(sharp.reserve[code]), plain(np.nan) if hidden else (show(sharp.reserve_low[code]), show(sharp.reserve_high[code]))]
            rows.append([*row, Number(float("nan"), "–") if hidden else plain(r.recipients_month), word(GRADES, self.lang, r.grade)])
        end = len(header) + 1
        kept = "" if sharp is None else t(f"备用金为“{self.titles[-1]}”在中位数之外所需，按抽到的参数和本县因素校正，各县之间不可相加。",
                                          f"Reserves are those of \"{self.titles[-1]}\" over the median, adjusted for the parameters and the county factors that were drawn; they do not add up. ")
        out = self.picture("counties", t("分县", "by county"), top=30) + table([*header, f"{self.titles[0]}\n{t('月均领取人次', 'payments to persons a month')}", t("等级", "grade")], rows, text=(0, 1, end), pale=pale,
              caption=t(f"基准{'与变化' if self.many else ''}为中位数；每人每个项目计一次。{kept}点击表头排序。“不公布”的县误差过大，不列数字。",
                        f"{'Baseline and change are medians' if self.many else 'Costs are medians'}; a person counts once in each programme. {kept}Click a header to sort. Counties graded \"suppress\" are too uncertain for figures."))
        out += self.picture("months", t("逐月支出", "cost by month"))
        levels = c.by_level()
        columns = ["baseline_mean", *(["reform_mean", "change_mean"] if self.many else [])]
        rows = [[word(LEVELS, self.lang, str(level)), *(wan(r[k]) for k in columns)] for level, r in levels.iterrows()]
        rows.append([t("合计", "total"), *(wan(levels[k].sum()) for k in columns)])
        return out + f"<h3>{t('谁来付', 'Who pays')}</h3>" + table([t("级次", "level"), f"{self.titles[0]}\n{t('均值', 'mean')}", *([f"{self.titles[-1]}\n{t('均值', 'mean')}", t("变化", "change")] if self.many else [])],
              rows, total=True, caption=t(f"单位：{self.unit}。{funding(self.ds, 'zh')}。", f"Unit: {self.unit}. {funding(self.ds, 'en')}."))

    def wrong(self) -> str:
        t, ds = self.t, self.ds
        items = [t("以上数字描述的是模型及其假设，并非任何县的实际支出。文件没有给出增发补助比例和临时救助金额；申领率、收入与财产按全省人数校准，未分县校准。",
                   "These figures describe the model under its assumptions, not the spending of any county. The documents give no rates for the extra payment and no amounts for temporary assistance; "
                   "take-up, incomes and assets are fitted to the province's caseloads, not by county.")]
        clear = self.shares[self.shares.clear & self.shares.per_sd.notna()]
        if len(clear):
            name, r = clear.index[0], clear.iloc[0]
            items.append(t(f"最要紧的假设是“{word(ASSUMPTIONS, 'zh', name)}”（{word(EVIDENCE_LONG, 'zh', r.evidence)}）：若它比设想高一个标准差，支出约{'增加' if r.per_sd > 0 else '减少'} {wan(abs(r.per_sd), 0).shown} 万元。",
                           f"The assumption that matters most is {name} ({word(EVIDENCE_LONG, 'en', r.evidence)}): one standard deviation more of it {'raises' if r.per_sd > 0 else 'lowers'} the cost by about {wan(abs(r.per_sd), 0).shown} x 10,000 yuan."))
        off = self.valid[self.valid.status == "off"] if len(self.valid) else self.valid
        judged = self.valid[self.valid.status.isin(["fits", "off"])] if len(self.valid) else self.valid
        if len(judged):
            worst = f"{off.iloc[0].figure}（{off.iloc[0].month}）" if self.zh else f"{off.iloc[0].figure} ({off.iloc[0].month})" if len(off) else ""
            items.append(t(f"可对照的 {len(judged)} 个公布数中，{len(judged) - len(off)} 个与模拟相符" + (f"，{len(off)} 个不符，偏离最大的是{worst}，模拟值为公布数的 {off.iloc[0].ratio:.2f} 倍。" if len(off) else "。"),
                           f"Of {len(judged)} published figures that can be compared, {len(judged) - len(off)} fit" + (f", {len(off)} do not; the worst is {worst}, simulated at {off.iloc[0].ratio:.2f} of it." if len(off) else ".")))
        elif why_no_validation(self.c, self.lang):
            items.append(why_no_validation(self.c, self.lang))
        poor = int((self.c.by_county().grade == "suppress").sum())
        if self.alone:
            items.append(t("只有 1 次模拟，各县的误差无从得知，故均不列数字。", "With one replicate the error of a county cannot be told, so none has figures."))
        elif poor:
            items.append(t(f"{poor} 个县的结果误差过大，不公布。", f"{several(poor, 'county is', 'counties are')} too uncertain to be published."))
        if 1 < ds.sizes["replicate"] < 100:
            items.append(t(f"只模拟了 {ds.sizes['replicate']} 次，分位数粗略；正式测算请用 200 次以上。", f"Only {ds.sizes['replicate']} replicates: quantiles are rough; take 200 or more for the real thing."))
        if float(ds.attrs.get("sample_share", 1)) < 1:
            items.append(t(f"只抽取了 {100 * ds.attrs['sample_share']:.3g}% 的家庭，是预览；分县数字尤其粗略。", f"Only {100 * ds.attrs['sample_share']:.3g} % of the households were simulated: a preview, rough by county."))
        items += [line for line in str(ds.attrs.get("notes", "")).split("\n") if line]
        return '<div class="caution"><ul>' + "".join(f"<li>{E(i)}</li>" for i in items) + "</ul></div>"

    def made(self) -> str:
        t, ds = self.t, self.ds
        whys, beliefs = reasons(ds, "scenario_why", self.lang), reasons(ds, "parameter_why", self.lang)
        out = f"<h3>{t('方案', 'Scenarios')}</h3>" + table([t("方案", "scenario"), t("理由", "why"), t("生活补贴（元/月）", "living subsidy (yuan/month)"), t("护理补贴（元/月）", "nursing subsidy (yuan/month)"),
                                                        t("低保标准（元/月，县城乡平均）", "dibao standard (yuan/month, plain mean of counties, urban and rural)")],
              [[title, whys[i], *(Number(first, shown) for first, shown in zip((ds.living_amount.values[i], ds.nursing_amount.values[i], float(ds.standard[i].mean())), amounts(ds, i, self.lang), strict=True))]
               for i, title in enumerate(labels(ds, self.lang))], text=(0, 1))
        given = settings(ds, self.lang)
        if given:
            out += f'<h3 id="settings">{t("本次运行另行设定（--set）", "Set for this run (--set)")}</h3>' + table(
                [t("方案", "scenario"), t("设定", "setting"), t("说明", "note")], given, text=(0, 1, 2))
        out += self.rules()
        if len(self.valid):
            rows = [[r.figure, str(r.month), plain(r.published), plain(r.simulated), (plain(r.q05), plain(r.q95)), plain(r.ratio, "{:.2f}"), word(STATUS, self.lang, r.status), str(r.note)] for r in self.valid.itertuples()]
            out += f'<h3 id="validation">{t("与公布数对照（偏离最大的在前）", "Against published figures, worst first")}</h3>' + table(
                [t("指标", "figure"), t("月份", "month"), t("公布", "published"), t("模拟", "simulated"), self.t("5% – 95%", "5 – 95 %"), t("模拟/公布", "ratio"), t("结论", "verdict"), t("说明", "note")], rows, text=(0, 1, 6, 7),
                caption=t(f"模拟为“{self.titles[0]}”的中位数。", f"Simulated: the median of \"{self.titles[0]}\"."))
        elif why_no_validation(self.c, self.lang):
            out += f'<h3 id="validation">{t("与公布数对照", "Against published figures")}</h3><p>{E(why_no_validation(self.c, self.lang))}</p>'
        rows = []
        for i, p in enumerate(ds.parameter.values):
            values = ds.parameter_value.values[:, i]
            rows.append([named(self.lang, str(p)), word(EVIDENCE, self.lang, str(ds.parameter_evidence.values[i])), Number(float(values.mean()), figure(float(values.mean()))), self.sd(i, values),
                         plain(float(self.shares.share.get(str(p), np.nan)), "{:.1%}"), prior(ds, i, self.lang)])
        head = [t("假设", "assumption"), t("依据", "evidence"), t("均值", "mean"), t("标准差", "sd"), t("占方差", "share of variance"), t("先验", "prior")]
        out += f'<h3 id="assumptions">{t("假设及其依据", "Assumptions and their evidence")}</h3>' + table(
            head, rows, text=(0, 1, 5), under=[t("理由：", "Why: ") + belief for belief in beliefs])
        keys = [k for k in STATED if k in ds.attrs]
        out += f'<h3 id="version">{t("版本与摘要值", "Version and hashes")}</h3>' + table([t("项", "item"), t("值", "value")], [[attribute(self.lang, k), str(ds.attrs[k])] for k in keys], text=(0, 1))
        sums = ds.source_sha256.values if "source_sha256" in ds else [""] * ds.sizes["source"]
        files = table([t("文件", "file"), "SHA-256"], [[str(s), str(h)] for s, h in zip(ds.source.values, sums, strict=True)], text=(0, 1))
        return out + f"<details><summary>{t('读取的文件', 'Files that were read')}</summary>{files}</details>"

    def rules(self) -> str:
        """Rules on which the scenarios differ, and those that change within the run."""
        t, ds, out = self.t, self.ds, ""
        unlike, later, first = rules.differing(ds, self.lang), rules.dated(ds), str(ds.month.values[0])
        if unlike:
            out += f"<h3>{t('规则参数的差别', 'Rules that differ')}</h3>" + table(
                [t("参数", "parameter"), *self.titles], [[name, *values] for name, values in unlike], text=tuple(range(len(self.titles) + 1)),
                caption=t(f"除两项补贴外，均为首月（{first}）的值；其后变动的见下表。", f"But for the two subsidies these are the values of {first}, the first month; the table below has what changes later.") if later else "")
        if later:
            out += f'<h3 id="later">{t("期内变动的规则", "Rules that change within the run")}</h3>' + table(
                [t("参数", "parameter"), t(f"首月（{first}）", f"in {first}"), t("起始月份", "from"), t("值", "value"), t("出处", "stated in")],
                [[rules.called(self.lang, key), *rest] for key, *rest in later], text=(0, 1, 2, 3, 4),
                caption=t("所读文件和设定中带日期的规则，自该月起执行；方案若不带日期另行设定同一规则，以方案为准。",
                          "What the files and settings that were read state by date, in force from that month on. A scenario that states the same rule without a date overrides it."))
        return out

    def html(self) -> str:
        t, ds = self.t, self.ds
        title = t("社会救助预算模拟报告", "Social-assistance budget: a simulation")
        about = t(f"{ds.sizes['county']} 个县级单元，{ds.month.values[0]} 至 {ds.month.values[-1]}，{ds.sizes['replicate']} 次模拟，种子 {ds.attrs.get('seed')}",
                  f"{several(ds.sizes['county'], 'county', 'counties')}, {ds.month.values[0]} to {ds.month.values[-1]}, {several(ds.sizes['replicate'], 'replicate')}, seed {ds.attrs.get('seed')}")
        chapters = self.chapters()
        contents = "".join(f'<a href="#{key}">{E(name)}</a>' for key, name, _ in chapters)
        body = "".join(f'<section id="{key}"><h2>{E(name)}</h2>{text}</section>' for key, name, text in chapters)
        # The policy forbids the page every request, so that it cannot depend on a network or tell anyone anything.
        policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
        return (f'<!DOCTYPE html><html lang="{"zh-CN" if self.zh else "en"}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
                f'<meta http-equiv="Content-Security-Policy" content="{policy}"><title>{E(title)}</title><style>{STYLE}</style></head><body>'
                f"<header><h1>{E(title)}</h1><p><b>{E(' → '.join(self.titles if len(self.titles) < 4 else [self.titles[0], '…', self.titles[-1]]))}</b><br><span class=note>{E(about)}</span></p>"
                f"<nav>{contents}</nav></header><main>{body}</main><script>{SCRIPT}</script></body></html>")


def report_html(c: Comparison, lang: str = "zh") -> str:
    """The page as text. `lang`: "zh" or "en". Raises ValueError for another."""
    if lang not in ("zh", "en"):
        raise ValueError(f"lang = {lang!r} is neither 'zh' nor 'en'")
    return _Page(c, lang).html()


def write_report(c: Comparison, path: str | os.PathLike[str], lang: str = "zh") -> None:
    """Writes the page; an earlier one stays until this is whole. Raises OSError if the file cannot be written."""
    replace(path, report_html(c, lang).encode(), c.dataset)
