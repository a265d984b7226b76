"""`doudi workbook OUT.h5 -o budget.xlsx`: a workbook for people who live in Excel.

Amounts are means over the replicates, which add up; intervals are quantiles, which do not. Totals and differences are
formulas. Text that comes from data is written as text and can never become a formula.
"""
from __future__ import annotations

import datetime
import io
import os
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr
import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from .evidence import shares
from .files import replace
from .validation import validation_table
from .words import EVIDENCE, GRADES, LEVELS, STATUS, word

if TYPE_CHECKING:
    from .comparison import Comparison

FORMATS = {"yuan": "#,##0.00", "wan": "#,##0.0", "count": "#,##0", "code": "0", "share": "0.0%", "number": "0.0000", "ratio": "0.00", "text": "@"}

WORDS = {
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


def _width(text: object) -> int:
    return max(sum(2 if unicodedata.east_asian_width(ch) in "WF" else 1 for ch in line) for line in str(text).split("\n"))


class _Book:
    """The workbook with one format of each kind."""

    def __init__(self, lang: str, about: str):
        self.data = io.BytesIO()
        self.book = xlsxwriter.Workbook(self.data, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
        self.font = {"font_name": "Microsoft YaHei" if lang == "zh" else "Calibri", "font_size": 10, "valign": "vcenter"}
        indent = {"text": {"indent": 1}}
        self.kinds = {k: self.book.add_format(self.font | {"num_format": f} | indent.get(k, {})) for k, f in FORMATS.items()}
        self.totals = {k: self.book.add_format(self.font | {"num_format": f, "bold": True, "top": 1, "bg_color": "#F3F6FA"} | indent.get(k, {})) for k, f in FORMATS.items()}
        self.head = self.book.add_format(self.font | {"bold": True, "bg_color": "#DDE8F3", "border": 1, "border_color": "#9FB4C8", "text_wrap": True, "align": "center"})
        self.wrap = self.book.add_format(self.font | {"text_wrap": True, "valign": "top"})
        self.title = self.book.add_format(self.font | {"bold": True, "font_size": 15, "font_color": "#1F4E79"})
        self.grey = self.book.add_format(self.font | {"font_color": "#666666", "font_size": 9})
        self.pale = self.book.add_format({"font_color": "#999999", "italic": True})
        self.lang, self.about = lang, about


class _Sheet:
    """A table: a note, a frozen header, rows, a total of formulas, set up for printing."""

    def __init__(self, book: _Book, name: str, columns: Sequence[tuple[str, str]], note: str, *, frozen: int = 1, top: int = 0):
        self.book, self.name, self.kinds = book, name, [kind for _, kind in columns]
        self.sheet = book.book.add_worksheet(name)
        self.sheet.hide_gridlines(2)
        self.top = top
        self.sheet.write_string(top, 0, note, book.grey)
        for i, (text, _) in enumerate(columns):
            self.sheet.write_string(top + 1, i, text, book.head)
        self.sheet.set_row(top + 1, 48)
        self.widths = [min(22, max(10, _width(text) // 2 + 2)) for text, _ in columns]
        self.first = self.row = top + 2
        self.sheet.freeze_panes(self.first, frozen)
        self.sheet.repeat_rows(top + 1)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_margins(0.4, 0.4, 0.6, 0.6)
        self.sheet.set_footer(f"&L&8{name}&C&8{book.about.replace('&', '&&')[:180]}&R&8&P / &N")

    def write(self, column: int, cell: Any, fmt: Any) -> None:
        if isinstance(cell, tuple):  # a formula and its value
            self.sheet.write_formula(self.row, column, cell[0], fmt, float(cell[1]))
        elif isinstance(cell, str):
            self.sheet.write_string(self.row, column, cell, fmt)
        elif cell is None or not np.isfinite(cell):
            self.sheet.write_blank(self.row, column, None, fmt)
        else:
            self.sheet.write_number(self.row, column, float(cell), fmt)

    def add(self, cells: Sequence[Any], *, formats: dict[str, Any] | None = None) -> None:
        for i, (cell, kind) in enumerate(zip(cells, self.kinds, strict=True)):
            self.write(i, cell, (formats or self.book.kinds)[kind])
            shown = cell[1] if isinstance(cell, tuple) else cell
            if isinstance(shown, str):
                self.widths[i] = max(self.widths[i], min(60, _width(shown) + 2))
            elif shown is not None and np.isfinite(shown):
                self.widths[i] = max(self.widths[i], len(f"{shown:,.2f}") + 2)
        self.row += 1

    def at(self, column: int, row: int | None = None) -> str:
        return xl_rowcol_to_cell(self.row if row is None else row, column)

    def total(self, label: str, summed: dict[int, float], others: dict[int, Any] | None = None) -> str:
        """A row of sums over what the filter shows. `summed`: column to value; `others`: further cells."""
        last = self.row - 1
        cells: list[Any] = [None] * len(self.kinds)
        cells[0] = label
        for i, value in summed.items():
            letter = xl_col_to_name(i)
            cells[i] = (f"=SUBTOTAL(9,{letter}{self.first + 1}:{letter}{last + 1})", value)
        for i, cell in (others or {}).items():
            cells[i] = cell
        self.last, self.total_row = last, self.row
        self.add(cells, formats=self.book.totals)
        return f"'{self.name}'!"

    def end(self, *, filtered: bool = False) -> None:
        for i, width in enumerate(self.widths):
            self.sheet.set_column(i, i, width)
        if filtered:
            self.sheet.autofilter(self.top + 1, 0, getattr(self, "last", self.row - 1), len(self.kinds) - 1)


def split_by_level(ds: xr.Dataset, scenario: int) -> xr.DataArray:
    """Mean cost in yuan [county, level]. Each cell is split in fen, the county taking what is left, so levels add up exactly."""
    cost, parts = ds.cost.isel(scenario=scenario), []
    left = cost
    for level in list(ds.level.values)[:-1]:
        share = ds.funding_share.isel(scenario=scenario).sel(level=level, drop=True)
        part = cost * share // 10000
        left = left - part
        parts.append(part)
    drop = [d for d in cost.dims if d not in ("replicate", "county")]
    return xr.concat([(p.sum(drop).mean("replicate") / 100) for p in [*parts, left]], pd.Index(ds.level.values, name="level")).transpose("county", "level")


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
    if lang not in WORDS:
        raise ValueError(f"lang = {lang!r} is neither 'zh' nor 'en'")
    ds, w = c.dataset.load(), WORDS[lang]  # once, not again for every question
    many = ds.sizes["scenario"] > 1
    titles = [str(t) for t in (ds.scenario_title if lang == "zh" else ds.scenario).values]
    n, seed = ds.sizes["replicate"], ds.attrs.get("seed")
    about = (f"{' / '.join(titles[:1] + titles[-1:] if many else titles)}；{ds.month.values[0]} 至 {ds.month.values[-1]}；{n} 次模拟，种子 {seed}" if lang == "zh"
             else f"{' / '.join(titles[:1] + titles[-1:] if many else titles)}; {ds.month.values[0]} to {ds.month.values[-1]}; {n} replicates, seed {seed}")
    programmes = [str(p) for p in (ds.programme_zh if lang == "zh" else ds.programme).values]
    counties = [str(p) for p in (ds.county_name_zh if lang == "zh" else ds.county_name_en).values]
    book = _Book(lang, about)
    zh = lang == "zh"
    # Fixed, so that the same result gives the same workbook.
    book.book.set_properties({"title": "社会救助预算" if zh else "Social-assistance budget", "comments": f"doudi {ds.attrs.get('plan_sha256', '')[:16]}",
                              "created": datetime.datetime(2024, 1, 1)})

    def means(scenario: int, by: str) -> np.ndarray:
        return c.total(scenario, by=(by,)).mean("replicate").values

    def money_columns() -> list[tuple[str, str]]:
        if not many:
            return [(f"{titles[0]}\n{w['mean_yuan']}", "yuan"), (w["wan"], "wan"), (w["t05"], "yuan"), (w["t95"], "yuan")]
        return [(f"{titles[0]}\n{w['mean_yuan']}", "yuan"), (f"{titles[-1]}\n{w['mean_yuan']}", "yuan"), (w["change_yuan"], "yuan"), (w["change_wan"], "wan"),
                (w["rate"], "share"), (w["q05"], "yuan"), (w["q95"], "yuan")]

    def money_cells(sheet: _Sheet, at: int, base: float, reform: float, quantiles: Sequence[float] | np.ndarray) -> list[Any]:
        if not many:
            return [base, (f"={sheet.at(at)}/10000", base / 1e4), *quantiles]
        b, r, d = sheet.at(at), sheet.at(at + 1), sheet.at(at + 2)
        return [base, reform, (f"={r}-{b}", reform - base), (f"={d}/10000", (reform - base) / 1e4), (f'=IF({b}=0,0,{d}/{b})', (reform - base) / base if base else 0.0), *quantiles]

    def money_total(sheet: _Sheet, at: int, base: float, reform: float, quantiles: Sequence[float] | np.ndarray, extra: dict[int, float] | None = None) -> str:
        if not many:
            return sheet.total(w["total"], {at: base, at + 1: base / 1e4, **(extra or {})}, {at + 2: quantiles[0], at + 3: quantiles[1]})
        b, d = sheet.at(at), sheet.at(at + 2)
        return sheet.total(w["total"], {at: base, at + 1: reform, at + 2: reform - base, at + 3: (reform - base) / 1e4, **(extra or {})},
                           {at + 4: (f"=IF({b}=0,0,{d}/{b})", (reform - base) / base if base else 0.0), at + 5: quantiles[0], at + 6: quantiles[1]})

    def quantiles(by: str | None) -> np.ndarray:
        values = (c.difference(by=(by,) if by else ()) if many else c.total(by=(by,) if by else ()))
        return values.quantile([0.05, 0.95], "replicate").values.T

    last = ds.sizes["scenario"] - 1
    whole = (float(c.total(0).mean()), float(c.total(last).mean()))
    whole_q = quantiles(None)
    checks: list[tuple[str, str, float]] = []  # sheet, cell of its total, value

    # 摘要
    change, total = c.difference() / 1e4, c.total() / 1e4
    if zh:
        said = [f"{titles[-1]}：期内总支出均值 {total.mean().item():,.0f} 万元，九成把握在 {total.quantile(0.05).item():,.0f} 至 {total.quantile(0.95).item():,.0f} 万元之间。"]
        if many:
            said.append(f"比“{titles[0]}”{'多' if change.mean() >= 0 else '少'} {abs(change.mean().item()):,.1f} 万元（九成把握 {change.quantile(0.05).item():,.1f} 至 {change.quantile(0.95).item():,.1f}）。")
        said.append(f"在中位数之外另备 {c.reserve(0.95) / 1e4:,.0f} 万元，95% 的情形下不超支；最坏 5% 的情形平均支出 {c.expected_shortfall(0.95) / 1e4:,.0f} 万元。")
        said.append("数字描述的是模型及其假设，并非任何县的实际支出；“均值”各行可相加，分位数（5%、95%）不可相加。")
    else:
        said = [f"{titles[-1]}: mean cost of the period {total.mean().item():,.0f} x 10,000 yuan, with 90 % between {total.quantile(0.05).item():,.0f} and {total.quantile(0.95).item():,.0f}."]
        if many:
            said.append(f"That is {change.mean().item():+,.1f} x 10,000 yuan against \"{titles[0]}\" (90 %: {change.quantile(0.05).item():,.1f} to {change.quantile(0.95).item():,.1f}).")
        said.append(f"A reserve of {c.reserve(0.95) / 1e4:,.0f} x 10,000 yuan over the median holds with 95 %; the worst 5 % cost {c.expected_shortfall(0.95) / 1e4:,.0f} on average.")
        said.append("The figures describe the model under its assumptions, not the spending of any county. Means add up; quantiles (5 %, 95 %) do not.")
    top = len(said) + 2
    sheet = _Sheet(book, w["summary"], [(w["item"], "text"), *money_columns()], about, top=top)
    sheet.sheet.write_string(0, 0, "社会救助预算测算" if zh else "Social-assistance budget", book.title)
    for i, text in enumerate(said):
        sheet.sheet.write_string(1 + i, 0, text, book.kinds["text"])
    base, reform, q = means(0, "programme"), means(last, "programme"), quantiles("programme")
    for i, name in enumerate(programmes):
        sheet.add([name, *money_cells(sheet, 1, base[i], reform[i], q[i])])
    prefix = money_total(sheet, 1, *whole, whole_q)
    column = 2 if many else 1
    checks.append((w["summary"], prefix + sheet.at(column, sheet.total_row), whole[1]))
    summary = sheet
    if many:
        check = c.hand_check()
        sheet.row += 1
        lines = ("手工核对：领取人月数 × 两项补贴标准变化（元）", "模拟的两项补贴变化（元）", "各次模拟的最大差额（元）") if zh else \
                ("Hand check: recipient-months x change of the subsidies (yuan)", "Simulated change of the subsidies (yuan)", "Largest gap of a replicate (yuan)")
        for text, key in zip(lines, ("expected", "simulated", "largest_gap"), strict=True):
            sheet.write(0, text, book.kinds["text"])
            sheet.write(1, check[key], book.kinds["yuan"])
            sheet.row += 1
        sheet.widths[0] = max(sheet.widths[0], 46)

    if ds.sizes["scenario"] > 2:
        s = _Sheet(book, w["scenarios"], [(w["s_name"], "text"), (w["mean_yuan"], "yuan"), (w["median_wan"], "wan"), (w["t05"], "yuan"), (w["t95"], "yuan"), (w["change_yuan"], "yuan"),
                                          (w["q05"], "yuan"), (w["q95"], "yuan"), (w["reserve"], "wan"), (w["worst"], "wan")], about)
        for i, name in enumerate(titles):
            t, d = c.total(i), c.difference(i)
            mean = float(t.mean())
            change_cell = (f"={s.at(1)}-{xl_rowcol_to_cell(s.first, 1, row_abs=True, col_abs=True)}", mean - whole[0])
            s.add([name, mean, float(t.median()) / 1e4, *t.quantile([0.05, 0.95]).values, change_cell, *d.quantile([0.05, 0.95]).values,
                   c.reserve(0.95, i) / 1e4, c.expected_shortfall(0.95, i) / 1e4])
        s.end()

    # 分县
    heads = (ds.recipients.isel(scenario=last).sum(["residence", "programme", "month"]).mean("replicate") / ds.sizes["month"]).values
    grades = c.by_county().grade.reindex(ds.county.values)
    prefectures = [str(p) for p in ds.prefecture_zh.values]
    sheet = _Sheet(book, w["county"], [(w["c_name"], "text"), (w["pref"], "text"), (w["c_code"], "code"), *money_columns(), (w["heads"], "count"), (w["grade"], "text")], about, frozen=1)
    base, reform, q = means(0, "county"), means(last, "county"), quantiles("county")
    for i, name in enumerate(counties):
        sheet.add([name, prefectures[i], int(ds.county.values[i]), *money_cells(sheet, 3, base[i], reform[i], q[i]), heads[i], word(GRADES, lang, grades.iloc[i])])
    end = len(sheet.kinds)
    prefix = money_total(sheet, 3, *whole, whole_q, {end - 2: float(heads.sum())})
    checks.append((w["county"], prefix + sheet.at(column + 2, sheet.total_row), whole[1]))
    grade_column = xl_col_to_name(end - 1)
    sheet.sheet.conditional_format(sheet.first, 0, sheet.last, end - 1, {"type": "formula", "criteria": f'=${grade_column}{sheet.first + 1}="{word(GRADES, lang, "suppress")}"', "format": book.pale})
    sheet.end(filtered=True)

    # 分项目, 分月
    for key, first, labels in (("programme", w["item"], programmes), ("month", w["m_name"], [str(m) for m in ds.month.values])):
        sheet = _Sheet(book, w[key], [(first, "text"), *money_columns()], about)
        base, reform, q = means(0, key), means(last, key), quantiles(key)
        for i, name in enumerate(labels):
            sheet.add([name, *money_cells(sheet, 1, base[i], reform[i], q[i])])
        prefix = money_total(sheet, 1, *whole, whole_q)
        checks.append((w[key], prefix + sheet.at(column, sheet.total_row), whole[1]))
        chart = book.book.add_chart({"type": "line" if key == "month" else "column"})
        for j in ([1, 2] if many else [1]):
            chart.add_series({"name": titles[0] if j == 1 else titles[-1], "categories": [w[key], sheet.first, 0, sheet.last, 0], "values": [w[key], sheet.first, j, sheet.last, j]})
        chart.set_title({"name": w[key], "overlay": False, "name_font": {"size": 12}})
        chart.set_y_axis({"name": "元" if zh else "yuan", "num_format": "#,##0", "major_gridlines": {"visible": True, "line": {"color": "#E0E0E0"}}})
        chart.set_legend({"position": "bottom"})
        chart.set_size({"width": 760, "height": 340})
        sheet.sheet.insert_chart(sheet.row + 1, 0, chart)
        sheet.end()

    # 分级
    names = [word(LEVELS, lang, str(level)) for level in ds.level.values]
    note = ("分担比例为假设 A-27（文件未给出），可在方案中以 funding 设定；逐格按分拆分，县级取余，各级之和等于总额" if zh else
            "The shares are assumption A-27 (the documents give none); set `funding` in a scenario. Cells are split in fen, the county takes what is left.")
    split = [split_by_level(ds, s) for s in (0, last)]
    columns = [(w["l_name"], "text"), (f"{titles[0]}\n{w['mean_yuan']}", "yuan")]
    columns += [(f"{titles[-1]}\n{w['mean_yuan']}", "yuan"), (w["change_yuan"], "yuan"), (w["change_wan"], "wan")] if many else [(w["wan"], "wan")]
    sheet = _Sheet(book, w["level"], columns, note)
    sums = [s.sum("county").values for s in split]
    for i, name in enumerate(names):
        b, r = sums[0][i], sums[1][i]
        sheet.add([name, b, r, (f"={sheet.at(2)}-{sheet.at(1)}", r - b), (f"={sheet.at(3)}/10000", (r - b) / 1e4)] if many else [name, b, (f"={sheet.at(1)}/10000", b / 1e4)])
    prefix = sheet.total(w["total"], {1: whole[0], 2: whole[1], 3: whole[1] - whole[0], 4: (whole[1] - whole[0]) / 1e4} if many else {1: whole[0], 2: whole[0] / 1e4})
    checks.append((w["level"], prefix + sheet.at(column, sheet.total_row), whole[1]))
    sheet.end()

    # 分县分项目, 分县分级: of the last scenario
    matrices = (("county_programme", programmes, c.total(last, by=("county", "programme")).mean("replicate").transpose("county", "programme").values),
                ("county_level", names, split[1].values))
    for key, across, values in matrices:
        sheet = _Sheet(book, w[key], [(w["c_name"], "text"), *((name, "yuan") for name in across), (w["total"], "yuan")], f"{titles[-1]}，{w['mean_yuan']}" if zh else f"{titles[-1]}, {w['mean_yuan']}")
        for i, name in enumerate(counties):
            sheet.add([name, *values[i], (f"=SUM({sheet.at(1)}:{sheet.at(len(across))})", values[i].sum())])
        prefix = sheet.total(w["total"], {j + 1: v for j, v in enumerate([*values.sum(0), values.sum()])})
        checks.append((w[key], prefix + sheet.at(len(across) + 1, sheet.total_row), whole[1]))
        sheet.end(filtered=True)

    # 勾稽核对, back on the first sheet
    summary.row += 1
    summary.sheet.write_string(summary.row, 0, "勾稽核对：各表合计与摘要合计之差（元），应为 0" if zh else "Cross-check: total of a sheet less the total here (yuan), 0 if all is well", book.head)
    summary.sheet.set_row(summary.row, 32)
    summary.row += 1
    for name, cell, value in checks[1:]:
        summary.sheet.write_string(summary.row, 0, name, book.kinds["text"])
        summary.sheet.write_formula(summary.row, 1, f"=ROUND({cell}-{checks[0][1]},2)", book.kinds["yuan"], round(value - checks[0][2], 2))
        summary.row += 1
    summary.end()

    _assumptions(c, book, w, lang)
    _validation(c, book, w, lang)
    _about(c, book, w, zh)
    book.book.close()
    replace(path, book.data.getvalue())


def _assumptions(c: Comparison, book: _Book, w: dict[str, str], lang: str) -> None:
    ds = c.dataset
    share = shares(c).share
    sheet = _Sheet(book, w["assumptions"], [(w["a_name"], "text"), (w["evidence"], "text"), (w["mean"], "number"), (w["sd"], "number"), (w["driver"], "share"), (w["prior"], "text"), (w["why"], "text")],
                   "每次模拟从先验中抽取一个值；依据为“假设”者没有吉林的实测数据；占方差为一阶份额，低于偶然水平者不足为凭" if lang == "zh" else
                   "Each replicate draws a value from the prior; where the evidence is an assumption, nothing was measured in Jilin. Shares of variance are first order.")
    for p in ds.parameter.values:
        values = ds.parameter_value.sel(parameter=p).values
        sheet.add([str(p), word(EVIDENCE, lang, ds.parameter_evidence.sel(parameter=p).item()), float(values.mean()), float(values.std(ddof=1)) if len(values) > 1 else 0.0,
                   float(share.get(p, np.nan)), str(ds.parameter_prior.sel(parameter=p).item()) if "parameter_prior" in ds else "", str(ds.parameter_why.sel(parameter=p).item())])
    sheet.end(filtered=True)
    sheet.sheet.set_column(6, 6, 80, book.wrap)


def _validation(c: Comparison, book: _Book, w: dict[str, str], lang: str) -> None:
    sheet = _Sheet(book, w["validation"], [(w["figure"], "text"), (w["m_name"], "text"), (w["published"], "count"), (w["simulated"], "count"), ("5%", "count"), ("95%", "count"),
                                           (w["ratio"], "ratio"), (w["status"], "text"), (w["note"], "text")],
                   "公布数为全省数；偏离最大的在前；相符：公布数落在模拟的 90% 区间（放宽公布数自身误差）之内" if lang == "zh" else
                   "Published figures are the province's; worst first. Fits: inside the 90 % interval, widened by the figure's own error.")
    for row in validation_table(c, lang).itertuples(index=False):
        ratio = (f"=IF({sheet.at(2)}=0,0,{sheet.at(3)}/{sheet.at(2)})", row.ratio) if np.isfinite(row.ratio) and row.published else None
        sheet.add([row.figure, str(row.month), row.published, row.simulated, row.q05, row.q95, ratio, word(STATUS, lang, row.status), str(row.note)])
    sheet.end(filtered=True)


def _about(c: Comparison, book: _Book, w: dict[str, str], zh: bool) -> None:
    ds = c.dataset
    sheet = _Sheet(book, w["about"], [("项" if zh else "Item", "text"), ("内容" if zh else "Content", "text")], book.about)
    lines = [("读法" if zh else "How to read", "每次模拟抽取一组未知参数、共同因素与各户偶然；5% 与 95% 为各次模拟的分位数。变化为配对差：各方案经历相同的抽样。" if zh else
              "Each replicate draws the unknown parameters, the common factors and individual luck; 5 % and 95 % are quantiles over replicates. Changes are paired: all scenarios meet the same draws."),
             ("等级" if zh else "Grades", "可发布：相对标准误不超过 5% 且月均至少 100 人；不宜发布：相对标准误超过 20% 或月均不足 20 人；其余慎用。" if zh else
              "publish: relative standard error at most 5 % and 100 persons a month; suppress: over 20 %, or under 20 persons; caution: between.")]
    lines += [(str(t), str(y)) for t, y in zip(ds.scenario_title.values, ds.scenario_why.values, strict=True)] if "scenario_why" in ds else []
    lines += [(k, str(ds.attrs[k])) for k in ("program", "git_hash", "build", "seed", "replicates", "sample_share", "start", "burn_in_months", "plan_sha256") if k in ds.attrs]
    if "source_sha256" in ds:
        lines += [(str(s), f"SHA-256 {h}") for s, h in zip(ds.source.values, ds.source_sha256.values, strict=True)]
    for line in lines:
        sheet.add(line)
    sheet.end()
    sheet.sheet.set_column(1, 1, 110, book.wrap)
