"""Sheets of the workbook that say on what the figures rest: assumptions, published figures, how the result was made."""
from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from . import rules
from .evidence import shares
from .provenance import STATED, amounts, attribute, labels, settings
from .sheets import Book, Sheet
from .validation import validation_table, why_no_validation
from .words import EVIDENCE, PRIOR, STATUS, WORKBOOK, named, prior, reasons, word

if TYPE_CHECKING:
    from .comparison import Comparison


def assumptions(book: Book, c: Comparison) -> None:
    w, ds, share, alone = WORKBOOK[book.lang], c.dataset, shares(c).share, c.dataset.sizes["replicate"] == 1
    columns = [(w["a_name"], "prose"), (w["evidence"], "prose"), (w["mean"], "number"), (w["sd"], "number"), (w["driver"], "share"), (w["prior"], "prose"), (w["why"], "prose")]
    sheet = Sheet(book, w["assumptions"], columns, book.t(
        "每次模拟从先验中抽取一个值；依据为“假设”者没有吉林的实测数据；占方差为一阶份额，低于偶然水平者不足为凭",
        "Each replicate draws a value from the prior; where the evidence is an assumption, nothing was measured in Jilin. Shares of variance are first order."))
    beliefs = reasons(ds, "parameter_why", book.lang)
    for i, p in enumerate(ds.parameter.values):
        values = ds.parameter_value.values[:, i]
        fixed = prior(ds, i, "en").startswith("fixed") or (not alone and np.ptp(values) == 0)
        spread = word(PRIOR, book.lang, "fixed") if fixed else np.nan if alone else float(values.std(ddof=1))
        sheet.add([named(book.lang, str(p)), word(EVIDENCE, book.lang, str(ds.parameter_evidence.values[i])), float(values.mean()), spread,
                   float(share.get(p, np.nan)), prior(ds, i, book.lang), beliefs[i]])
    sheet.end(filtered=True, widths={0: 40, 1: 22, 5: 28, 6: 72})


def validation(book: Book, c: Comparison) -> None:
    w = WORKBOOK[book.lang]
    columns = [(w["figure"], "text"), (w["m_name"], "text"), (w["published"], "count"), (w["simulated"], "count"), ("5%", "count"), ("95%", "count"), (w["ratio"], "ratio"),
               (w["status"], "text"), (w["note"], "prose")]
    sheet = Sheet(book, w["validation"], columns, why_no_validation(c, book.lang) or book.t(
        "公布数为全省数；偏离最大的在前；相符：公布数落在模拟的 90% 区间（放宽公布数自身误差）之内",
        "Published figures are the province's; worst first. Fits: inside the 90 % interval, widened by the figure's own error."))
    for row in validation_table(c, book.lang).itertuples(index=False):
        ratio = (f"=IF({sheet.at(2)}=0,0,{sheet.at(3)}/{sheet.at(2)})", row.ratio) if np.isfinite(row.ratio) and row.published else None
        sheet.add([row.figure, str(row.month), row.published, row.simulated, row.q05, row.q95, ratio, word(STATUS, book.lang, row.status), str(row.note)])
    sheet.end(filtered=True)


def made(book: Book, c: Comparison, titles: Sequence[str]) -> None:
    ds = c.dataset
    sheet = Sheet(book, WORKBOOK[book.lang]["about"], [(book.t("项", "Item"), "prose"), (book.t("内容", "Content"), "prose")], book.about)
    lines = [(book.t("读法", "How to read"), book.t(
                "每次模拟抽取一组未知参数、共同因素与各户偶然；5% 与 95% 为各次模拟的分位数。变化为配对差：各方案经历相同的抽样。",
                "Each replicate draws the unknown parameters, the common factors and individual luck; 5 % and 95 % are quantiles over replicates. Changes are paired: all scenarios meet the same draws.")),
             (book.t("等级", "Grades"), book.t(
                "可公布：相对标准误不超过 5% 且月均至少 100 人；不公布：相对标准误超过 20% 或月均不足 20 人，不列数字；其余慎用。",
                "publish: relative standard error at most 5 % and 100 persons a month; suppress: over 20 %, or under 20 persons, no figures; caution: between."))]
    lines += list(zip(labels(ds, book.lang), reasons(ds, "scenario_why", book.lang), strict=True)) if "scenario_why" in ds else []
    heads = book.t("生活补贴|护理补贴|低保标准（县城乡平均）", "living subsidy|nursing subsidy|dibao standard (plain mean of counties, urban and rural)").split("|")
    lines += [(title, book.t("；", "; ").join(f"{head} {amount}" for head, amount in zip(heads, amounts(ds, i, book.lang), strict=True)) + book.t("（元/月）", " (yuan/month)")) for i, title in enumerate(titles)]
    lines += [(book.t(f"规则的差别：{name}", f"Rule that differs: {name}"), book.t("；", "; ").join(f"{title}{book.t('：', ': ')}{value}" for title, value in zip(titles, values, strict=True)))
              for name, values in rules.differing(ds, book.lang)]
    lines += [(book.t(f"期内变动的规则：{rules.called('zh', key)}", f"Rule that changes within the run: {rules.called('en', key)}"),
               book.t(f"首月 {start}，{month} 起 {value}（见 {where}；方案若不带日期另行设定，以方案为准）", f"{start} in the first month, {value} from {month} (stated in {where}; a scenario that states it without a date overrides it)"))
              for key, start, month, value, where in rules.dated(ds)]
    lines += [(book.t(f"另行设定（--set）：{scenario}", f"Set for this run (--set): {scenario}"), text + (book.t(f"（{over}）", f" ({over})") if over else "")) for scenario, text, over in settings(ds, book.lang)]
    lines += [(attribute(book.lang, k), str(ds.attrs[k])) for k in STATED if k in ds.attrs]
    lines += [(str(s), f"SHA-256 {h}") for s, h in zip(ds.source.values, ds.source_sha256.values, strict=True)] if "source_sha256" in ds else []
    for line in lines:
        sheet.add(line)
    sheet.end(widths={0: 44, 1: 96})
