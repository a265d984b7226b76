"""`doudi workbook OUT.h5 -o budget.xlsx`: a workbook for people who live in Excel.

Amounts are means over the replicates, which add up; intervals are quantiles, which do not. Totals and differences are
formulas. Text that comes from data is written as text and can never become a formula.
"""
from __future__ import annotations

import datetime
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from .adjusted import can
from .background import assumptions, made, validation
from .files import replace
from .headline import gap, sentences
from .provenance import funding, titles
from .sheets import Book, Sheet
from .words import GRADES, LEVELS, PREFECTURES, WORKBOOK, several, word

if TYPE_CHECKING:
    from .comparison import Comparison


def split_by_level(c: Comparison, scenario: int) -> xr.DataArray:
    """Mean cost in yuan [county, level], split in fen so that the levels add up exactly, as `Comparison.by_level` splits it."""
    levels = pd.Index(c.dataset.level.values, name="level")
    parts = [c.paid_by(str(level), scenario, by=("county",)).mean("replicate") for level in levels]
    return xr.concat(parts, levels).transpose("county", "level")


class _Workbook:
    """The sheets, one method each."""

    def __init__(self, c: Comparison, lang: str):
        ds = c.dataset.load()  # once, not again for every question
        self.c, self.ds, self.lang, self.zh, self.w = c, ds, lang, lang == "zh", WORKBOOK[lang]
        self.many, self.last, self.alone = ds.sizes["scenario"] > 1, ds.sizes["scenario"] - 1, ds.sizes["replicate"] == 1
        self.titles = titles(ds, lang)
        shown = " / ".join(self.titles[:1] + self.titles[-1:] if self.many else self.titles)
        months, n, seed = (str(ds.month.values[0]), str(ds.month.values[-1])), ds.sizes["replicate"], ds.attrs.get("seed")
        self.about = self.t(f"{shown}；{months[0]} 至 {months[1]}；{n} 次模拟，种子 {seed}", f"{shown}; {months[0]} to {months[1]}; {several(n, 'replicate')}, seed {seed}")
        self.programmes = [str(p) for p in (ds.programme_zh if self.zh else ds.programme).values]
        self.counties = [str(p) for p in (ds.county_name_zh if self.zh else ds.county_name_en).values]
        self.levels = [word(LEVELS, lang, str(level)) for level in ds.level.values]
        self.whole = (float(c.total(0).mean()), float(c.total(self.last).mean()))
        self.whole_q = self.quantiles(None)
        self.grades = c.by_county().grade.reindex(ds.county.values)
        self.hidden = (self.grades == "suppress").to_numpy()  # counties without figures
        self.reform_column = 1 if self.many else 0  # of the last scenario's mean among the money columns
        self.checks: list[tuple[str, str, float]] = []  # sheet, its total of the last scenario, value
        self.book = Book(lang, self.about)
        # A fixed date, so that the same result gives the same workbook.
        self.book.book.set_properties({"title": self.t("社会救助预算", "Social-assistance budget"), "comments": f"doudi {ds.attrs.get('plan_sha256', '')[:16]}",
                                       "created": datetime.datetime(2024, 1, 1)})

    def t(self, zh: str, en: str) -> str:
        return zh if self.zh else en

    # -- amounts of the baseline, the last scenario and their difference ------------------------------------------------

    def means(self, by: str) -> tuple[np.ndarray, np.ndarray]:
        base, reform = (self.c.total(s, by=(by,)).mean("replicate").values for s in (0, self.last))
        return base, reform

    def quantiles(self, by: str | None) -> np.ndarray:
        """[label, 5 % and 95 %] of the change, or of the cost if there is but one scenario."""
        keep = (by,) if by else ()
        return self.spread(self.c.difference(by=keep) if self.many else self.c.total(by=keep))

    def spread(self, values: xr.DataArray) -> np.ndarray:
        """5 % and 95 % over the replicates; of one replicate there is no spread, and cells stay blank."""
        q = values.quantile([0.05, 0.95], "replicate").values.T
        return np.full_like(q, np.nan) if self.alone else q

    def money_columns(self) -> list[tuple[str, str]]:
        w = self.w
        if not self.many:
            return [(f"{self.titles[0]}\n{w['mean_yuan']}", "yuan"), (w["wan"], "wan"), (w["t05"], "yuan"), (w["t95"], "yuan")]
        return [(f"{self.titles[0]}\n{w['mean_yuan']}", "yuan"), (f"{self.titles[-1]}\n{w['mean_yuan']}", "yuan"), (w["change_yuan"], "yuan"), (w["change_wan"], "wan"),
                (w["rate"], "share"), (w["q05"], "yuan"), (w["q95"], "yuan")]

    def money(self, sheet: Sheet, at: int, base: float, reform: float, quantiles: Sequence[float] | np.ndarray) -> list[Any]:
        """Cells of a row from column `at` on."""
        if not self.many:
            return [base, (f"={sheet.at(at)}/10000", base / 1e4), *quantiles]
        b, r, d = sheet.at(at), sheet.at(at + 1), sheet.at(at + 2)
        return [base, reform, (f"={r}-{b}", reform - base), (f"={d}/10000", (reform - base) / 1e4), (f"=IF({b}=0,0,{d}/{b})", (reform - base) / base if base else 0.0), *quantiles]

    def total(self, sheet: Sheet, at: int, extra: dict[int, float] | None = None, *, partial: bool = False) -> None:
        """The last row. `partial`: some rows above carry no figures, so the total is a number that holds them, not a sum of what is shown."""
        base, reform = self.whole
        if self.many:
            b, d = sheet.at(at), sheet.at(at + 2)
            others = {at + 4: (f"=IF({b}=0,0,{d}/{b})", (reform - base) / base if base else 0.0), at + 5: self.whole_q[0], at + 6: self.whole_q[1]}
            summed = {at: base, at + 1: reform, at + 2: reform - base, at + 3: (reform - base) / 1e4, **(extra or {})}
        else:
            others = {at + 2: self.whole_q[0], at + 3: self.whole_q[1]}
            summed = {at: base, at + 1: base / 1e4, **(extra or {})}
        if partial:
            sheet.total(self.w["total"], {}, others | summed)
        else:
            sheet.total(self.w["total"], summed, others)
        self.check(sheet, at + self.reform_column)

    def left_out(self, some: bool) -> str:
        """What a sheet says of rows or cells without figures."""
        return self.t("；“不公布”者误差过大，不列数字，合计仍含之（故为数值，不随筛选变动）",
                      "; figures graded \"suppress\" are too uncertain and left blank; totals hold them (so they are numbers and do not follow the filter)") if some else ""

    def check(self, sheet: Sheet, column: int) -> None:
        self.checks.append((sheet.name, f"'{sheet.name}'!{sheet.at(column, sheet.total_row)}", self.whole[1]))

    # -- sheets ---------------------------------------------------------------------------------------------------------

    def summary(self) -> Sheet:
        said = sentences(self.c, self.titles, self.lang)
        sheet = Sheet(self.book, self.w["summary"], [(self.w["item"], "text"), *self.money_columns()], self.about, top=len(said) + 2)
        sheet.sheet.write_string(0, 0, self.t("社会救助预算测算", "Social-assistance budget"), self.book.title)
        for i, text in enumerate(said):
            sheet.say(1 + i, text, self.book.kinds["text"])
        base, reform = self.means("programme")
        q = self.quantiles("programme")
        for i, name in enumerate(self.programmes):
            sheet.add([name, *self.money(sheet, 1, base[i], reform[i], q[i])])
        self.total(sheet, 1)
        check = self.c.hand_check() if self.many else {"expected": 0.0}
        if check["expected"]:
            sheet.row += 1
            for zh, en, key in (("手工核对：领取人月数 × 两项补贴标准变化（元）", "Hand check: recipient-months x change of the subsidies (yuan)", "expected"),
                                ("模拟的两项补贴变化（元）", "Simulated change of the subsidies (yuan)", "simulated"), ("各次模拟的最大差额（元）", "Largest gap of a replicate (yuan)", "largest_gap")):
                self.line(sheet, self.t(zh, en), check[key])
            if why := gap(check, self.lang, self.ds.attrs["sample_share"] < 1).strip():
                sheet.say(sheet.row, why, self.book.kinds["text"])
                sheet.row += 1
        return sheet

    def line(self, sheet: Sheet, text: str, value: Any) -> None:
        sheet.write(0, text, self.book.kinds["text"])
        sheet.write(1, value, self.book.kinds["yuan"])
        sheet.widths[0] = max(sheet.widths[0], 48)
        sheet.row += 1

    def cross_checks(self, sheet: Sheet) -> None:
        """勾稽核对 below the summary, once all other sheets are there."""
        sheet.row += 1
        sheet.sheet.write_string(sheet.row, 0, self.t("勾稽核对：各表合计与摘要合计之差（元），应为 0", "Cross-check: total of a sheet less the total here (yuan), 0 if all is well"), self.book.head)
        sheet.sheet.set_row(sheet.row, 32)
        sheet.row += 1
        _, ours, value = self.checks[0]
        for name, theirs, other in self.checks[1:]:
            self.line(sheet, name, (f"=ROUND({theirs}-{ours},2)", round(other - value, 2)))
        sheet.end()

    def scenarios(self) -> None:
        w, c = self.w, self.c
        columns = [(w["s_name"], "text"), (w["mean_yuan"], "yuan"), (w["median_wan"], "wan"), (w["t05"], "yuan"), (w["t95"], "yuan"), (w["change_yuan"], "yuan"), (w["q05"], "yuan"),
                   (w["q95"], "yuan"), (w["reserve"], "wan"), (w["worst"], "wan")]
        sheet = Sheet(self.book, w["scenarios"], columns, self.about)
        first = xl_rowcol_to_cell(sheet.first, 1, row_abs=True, col_abs=True)
        for i, name in enumerate(self.titles):
            total, change = c.total(i), c.difference(i)
            mean = float(total.mean())
            sheet.add([name, mean, float(total.median()) / 1e4, *self.spread(total), (f"={sheet.at(1)}-{first}", mean - self.whole[0]),
                       *self.spread(change), *((np.nan, np.nan) if self.alone else (c.reserve(0.95, i) / 1e4, c.expected_shortfall(0.95, i) / 1e4))])
        sheet.end()

    def by_county(self) -> None:
        w, ds = self.w, self.ds
        heads = (ds.recipients.isel(scenario=0).sum(["residence", "programme", "month"]).mean("replicate") / ds.sizes["month"]).values
        sheet = Sheet(self.book, w["county"], [(w["c_name"], "text"), (w["pref"], "text"), (w["c_code"], "code"), *self.money_columns(), (f"{self.titles[0]}\n{w['heads']}", "count"),
                                               (w["grade"], "text")], self.about + self.left_out(bool(self.hidden.any())))
        base, reform = self.means("county")
        q = self.quantiles("county")
        for i, name in enumerate(self.counties):
            figures = [*self.money(sheet, 3, base[i], reform[i], q[i]), heads[i]]
            sheet.add([name, word(PREFECTURES, self.lang, str(ds.prefecture_zh.values[i])), int(ds.county.values[i]), *([None] * len(figures) if self.hidden[i] else figures), word(GRADES, self.lang, self.grades.iloc[i])])
        end = len(sheet.kinds)
        self.total(sheet, 3, {end - 2: float(heads.sum())}, partial=bool(self.hidden.any()))
        poor = f'=${xl_col_to_name(end - 1)}{sheet.first + 1}="{word(GRADES, self.lang, "suppress")}"'
        sheet.sheet.conditional_format(sheet.first, 0, sheet.last, end - 1, {"type": "formula", "criteria": poor, "format": self.book.pale})
        sheet.end(filtered=True)

    def reserves(self) -> None:
        """What each county would set aside in the last scenario, and the province; from one to the next they do not add up."""
        w, ds, sharp = self.w, self.ds, self.c.adjusted

        def interval(zh: str, en: str) -> list[tuple[str, str]]:
            return [(self.t(f"{zh}{end}\n（万元）", f"{en}, {bound}\n(10,000 yuan)"), "wan") for end, bound in (("下限", "low"), ("上限", "high"))]

        columns = [(w["c_name"], "text"), (w["pref"], "text"), (w["c_code"], "code"), (w["median_wan"], "wan"), (w["holds"], "wan"), *interval("95% 不超支", "Holds with 95 %"),
                   (w["reserve"], "wan"), *interval("备用金", "Reserve"), (w["worst"], "wan"), (self.t("相当于模拟次数", "As from replicates"), "count"), (w["grade"], "text")]
        note = self.t(f"{self.titles[-1]}。按各次模拟抽到的参数和本县共同因素校正（控制变量法），区间为 95% 置信区间；备用金在中位数之外，各县最坏的年份不同，不可相加",
                      f"{self.titles[-1]}. Adjusted for the parameters and the county's factors that were drawn (control variates); intervals hold with 95 %. Reserves are over the median, and do not add up: each county has its own worst years")
        sheet = Sheet(self.book, w["county_reserve"], columns, note + self.left_out(bool(self.hidden.any())) + (f" {said}" if (said := self.c.sample_note(self.lang)) else ""))
        ours, whole = ((frame / ([1e4] * 8 + [1])).to_numpy() for frame in (sharp.reserves(), sharp.reserves(by=())))
        for i, name in enumerate(self.counties):
            figures = [None] * ours.shape[1] if self.hidden[i] else list(ours[i])
            sheet.add([name, word(PREFECTURES, self.lang, str(ds.prefecture_zh.values[i])), int(ds.county.values[i]), *figures, word(GRADES, self.lang, self.grades.iloc[i])])
        sheet.total(self.t("各县合起来", "All of them together"), {}, {3 + k: value for k, value in enumerate(whole[0])})
        sheet.end(filtered=True)

    def by(self, key: str, first: str, labels: Sequence[str], kind: str) -> None:
        """Programmes or months, with a chart."""
        sheet = Sheet(self.book, self.w[key], [(first, "text"), *self.money_columns()], self.about)
        base, reform = self.means(key)
        q = self.quantiles(key)
        for i, name in enumerate(labels):
            sheet.add([name, *self.money(sheet, 1, base[i], reform[i], q[i])])
        self.total(sheet, 1)
        chart = self.book.book.add_chart({"type": kind})
        for j in ([1, 2] if self.many else [1]):
            chart.add_series({"name": self.titles[0 if j == 1 else -1], "categories": [sheet.name, sheet.first, 0, sheet.last, 0], "values": [sheet.name, sheet.first, j, sheet.last, j]})
        chart.set_title({"name": sheet.name, "overlay": False, "name_font": {"size": 12}})
        chart.set_y_axis({"name": self.t("元", "yuan"), "num_format": "#,##0", "major_gridlines": {"visible": True, "line": {"color": "#E0E0E0"}}})
        chart.set_legend({"position": "bottom"})
        chart.set_size({"width": 760, "height": 340})
        sheet.sheet.insert_chart(sheet.row + 1, 0, chart)
        if len(labels) > 24:
            sheet.sheet.set_portrait()
        sheet.sheet.fit_to_pages(1, 1)  # or the end of the page could cut the chart in two
        sheet.end()

    def by_level(self, split: Sequence[xr.DataArray]) -> None:
        w = self.w
        columns = [(w["l_name"], "text"), (f"{self.titles[0]}\n{w['mean_yuan']}", "yuan")]
        columns += [(f"{self.titles[-1]}\n{w['mean_yuan']}", "yuan"), (w["change_yuan"], "yuan"), (w["change_wan"], "wan")] if self.many else [(w["wan"], "wan")]
        sheet = Sheet(self.book, w["level"], columns, self.t(f"{funding(self.ds, 'zh')}；按分拆分，各级之和等于总额", f"{funding(self.ds, 'en')}. Split in fen: levels add up to the total."))
        base, reform = (s.sum("county").values for s in split)
        for i, name in enumerate(self.levels):
            b, r = base[i], reform[i]
            sheet.add([name, b, r, (f"={sheet.at(2)}-{sheet.at(1)}", r - b), (f"={sheet.at(3)}/10000", (r - b) / 1e4)] if self.many else [name, b, (f"={sheet.at(1)}/10000", b / 1e4)])
        b, r = self.whole
        sheet.total(w["total"], {1: b, 2: r, 3: r - b, 4: (r - b) / 1e4} if self.many else {1: b, 2: b / 1e4})
        self.check(sheet, 1 + self.reform_column)
        sheet.end()

    def matrix(self, key: str, across: Sequence[str], values: np.ndarray, hidden: np.ndarray) -> None:
        """Counties down, something else across, of the last scenario. `hidden`: cells that are graded "suppress"; a suppressed county has no figure at all."""
        hidden = hidden | self.hidden[:, None]
        sheet = Sheet(self.book, self.w[key], [(self.w["c_name"], "text"), *((name, "yuan") for name in across), (self.w["total"] + self.t("（元）", " (yuan)"), "yuan")],
                      self.t(f"{self.titles[-1]}，{self.w['mean_yuan']}", f"{self.titles[-1]}, {self.w['mean_yuan']}") + self.left_out(bool(hidden.any())))
        for i, name in enumerate(self.counties):
            cells = [None if hide else value for value, hide in zip(values[i], hidden[i], strict=True)]
            whole = (f"=SUM({sheet.at(1)}:{sheet.at(len(across))})", values[i].sum()) if not hidden[i].any() else None if self.hidden[i] else values[i].sum()
            sheet.add([name, *cells, whole])
        sums, some = [*values.sum(0), values.sum()], np.append(hidden.any(axis=0), self.hidden.any())
        sheet.total(self.w["total"], {j + 1: v for j, v in enumerate(sums) if not some[j]}, {j + 1: v for j, v in enumerate(sums) if some[j]})
        self.check(sheet, len(across) + 1)
        sheet.end(filtered=True)

    def data(self) -> bytes:
        summary = self.summary()
        if self.ds.sizes["scenario"] > 2:
            self.scenarios()
        self.by_county()
        if can(self.ds):
            self.reserves()
        self.by("programme", self.w["item"], self.programmes, "column")
        self.by("month", self.w["m_name"], [str(m) for m in self.ds.month.values], "line")
        split = [split_by_level(self.c, s) for s in (0, self.last)]
        self.by_level(split)
        cells = self.c.cells().grade.unstack("programme").reindex(index=self.ds.county.values, columns=self.ds.programme.values)
        self.matrix("county_programme", self.programmes, self.c.total(self.last, by=("county", "programme")).mean("replicate").transpose("county", "programme").values,
                    (cells == "suppress").to_numpy())
        self.matrix("county_level", self.levels, split[1].values, np.zeros(split[1].shape, bool))
        self.cross_checks(summary)
        assumptions(self.book, self.c)
        validation(self.book, self.c)
        made(self.book, self.c, self.titles)
        self.book.book.close()
        return self.book.data.getvalue()


def write_workbook(c: Comparison, path: str | os.PathLike[str], lang: str = "zh") -> None:
    """Writes sheets for summary, counties, programmes, months, paying levels, assumptions, validation and how it was made.

    Args:
        c: one scenario, or a baseline with reforms; with several reforms the last one is shown beside the baseline and
            a sheet compares them all.
        path: the file to write; an earlier one is replaced when this one is whole.
        lang: "zh" or "en".

    Amounts are means over replicates in yuan (元), and in 10,000 yuan (万元) where the header says so. Raises OSError if the
    file cannot be written.
    """
    if lang not in WORKBOOK:
        raise ValueError(f"lang = {lang!r} is neither 'zh' nor 'en'")
    replace(path, _Workbook(c, lang).data(), c.dataset)
