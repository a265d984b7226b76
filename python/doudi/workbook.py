"""`doudi workbook OUT.h5 -o budget.xlsx`: a workbook for people who live in Excel."""
from __future__ import annotations

import pathlib
from typing import TYPE_CHECKING

import numpy as np
import xlsxwriter

if TYPE_CHECKING:
    from .comparison import Comparison


class _Sheet:
    """A worksheet with a frozen header and column widths by content. Text from data is never a formula."""

    def __init__(self, book: xlsxwriter.Workbook, name: str, header: list[str], note: str):
        self.sheet = book.add_worksheet(name)
        self.bold = book.add_format({"bold": True, "bg_color": "#DDE8F3", "border": 1, "text_wrap": True, "valign": "vcenter"})
        self.grey = book.add_format({"font_color": "#666666"})
        self.sheet.write_string(0, 0, note, self.grey)
        for column, text in enumerate(header):
            self.sheet.write_string(1, column, text, self.bold)
        self.sheet.freeze_panes(2, 1)
        self.sheet.set_row(1, 32)
        self.sheet.set_column(0, 0, 26)
        self.sheet.set_column(1, max(1, len(header) - 1), 16)
        self.row = 2

    def add(self, cells: list, formats: list) -> None:
        for column, (cell, fmt) in enumerate(zip(cells, formats, strict=True)):
            if isinstance(cell, tuple):  # a formula and its value
                self.sheet.write_formula(self.row, column, cell[0], fmt, cell[1])
            elif isinstance(cell, str):
                self.sheet.write_string(self.row, column, cell, fmt)
            elif cell is None or not np.isfinite(cell):
                self.sheet.write_blank(self.row, column, None, fmt)
            else:
                self.sheet.write_number(self.row, column, float(cell), fmt)
        self.row += 1


def write_workbook(c: Comparison, path: str | pathlib.Path) -> None:
    """Writes sheets for summary, counties, programmes, months, assumptions and validation. Amounts in 元 and 万元; the
    mean columns add up, and their totals are formulas. Raises OSError if the file cannot be written."""
    ds = c.dataset
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}) as book:
        yuan = book.add_format({"num_format": "#,##0.00"})
        wan = book.add_format({"num_format": "#,##0.0"})
        count = book.add_format({"num_format": "#,##0"})
        plain = book.add_format({})
        strong = book.add_format({"bold": True, "num_format": "#,##0.00", "top": 1})
        strong_wan = book.add_format({"bold": True, "num_format": "#,##0.0", "top": 1})
        names = [str(t) for t in ds.scenario_title.values]
        about = f"{' / '.join(names)}；{ds.sizes['replicate']} 次模拟，种子 {ds.attrs.get('seed')}；模型结果，并非任何县的实际支出"

        sheet = _Sheet(book, "摘要", ["项目", *(f"{n} 中位数（万元）" for n in names), *(f"{n} {w}（万元）" for n in names for w in ("5%", "95%")),
                                      "变化 中位数（万元）", "变化 5%（万元）", "变化 95%（万元）"], about)
        for label, zh in [*zip(ds.programme.values, ds.programme_zh.values, strict=True), ("total", "合计")]:
            from .comparison import Comparison as Part

            chosen = c if label == "total" else Part(ds.sel(programme=[label]))
            totals = [chosen.total(s) / 1e4 for s in range(ds.sizes["scenario"])]
            change = chosen.difference() / 1e4
            cells = [str(zh), *(float(t.median()) for t in totals), *(float(t.quantile(q)) for t in totals for q in (0.05, 0.95)),
                     float(change.median()), float(change.quantile(0.05)), float(change.quantile(0.95))]
            sheet.add(cells, [plain] + [wan] * (len(cells) - 1))
        sheet.row += 1
        check = c.hand_check()
        for text, key in (("手工核对：领取人月数×标准变化（元）", "expected"), ("模拟的变化（元）", "simulated"), ("最大差额（元）", "largest_gap")):
            sheet.add([text, check[key]], [plain, yuan])

        def table(name: str, first: str, labels: list[str], base: np.ndarray, reform: np.ndarray, change, extra=()) -> None:
            sheet = _Sheet(book, name, [first, f"{names[0]} 均值（元）", f"{names[-1]} 均值（元）", "变化 均值（元）", "变化 均值（万元）",
                                        "变化 5%（元）", "变化 95%（元）", *(e[0] for e in extra)], about)
            start = sheet.row + 1
            for i, label in enumerate(labels):
                row = sheet.row + 1
                sheet.add([label, base[i], reform[i], (f"=C{row}-B{row}", reform[i] - base[i]), (f"=D{row}/10000", (reform[i] - base[i]) / 1e4),
                           float(change[i].quantile(0.05)), float(change[i].quantile(0.95)), *(e[1][i] for e in extra)],
                          [plain, yuan, yuan, yuan, wan, yuan, yuan, *(e[2] for e in extra)])
            last = sheet.row
            sheet.add(["合计", *((f"=SUM({k}{start}:{k}{last})", v) for k, v in zip("BCD", (base.sum(), reform.sum(), (reform - base).sum()), strict=True)),
                       (f"=SUM(E{start}:E{last})", (reform - base).sum() / 1e4), None, None, *(None for _ in extra)],
                      [strong, strong, strong, strong, strong_wan, strong, strong, *(strong for _ in extra)])

        def means(by: str):
            base, reform = c.total(0, by=(by,)).mean("replicate").values, c.total(by=(by,)).mean("replicate").values
            change = c.difference(by=(by,))
            return base, reform, [change.isel({by: i}) for i in range(ds.sizes[by])]

        heads = (ds.recipients.isel(scenario=0).sum(["residence", "programme", "month"]).mean("replicate") / ds.sizes["month"]).values
        table("分县", "县（市、区）", [str(n) for n in ds.county_name_zh.values], *means("county"),
              extra=[("代码", ds.county.values, count), ("月均领取人次", heads, count), ("等级", _grades(c), plain)])
        table("分项目", "项目", [str(n) for n in ds.programme_zh.values], *means("programme"))
        table("分月", "月份", [str(m) for m in ds.month.values], *means("month"))

        levels = {"central": "中央", "province": "省级", "prefecture": "市级", "county": "县级"}
        sheet = _Sheet(book, "分级", ["级次", f"{names[0]} 均值（元）", f"{names[-1]} 均值（元）", "变化 均值（元）", "5%（元）", "95%（元）"],
                       "分担比例为假设 A-27（文件未给出），可在方案中以 funding 设定；各级之和等于总额")
        frame = c.by_level()
        start = sheet.row + 1
        for level, r in frame.iterrows():
            row = sheet.row + 1
            sheet.add([levels[str(level)], r.baseline_mean, r.reform_mean, (f"=C{row}-B{row}", r.change_mean), r.reform_q05, r.reform_q95], [plain, *[yuan] * 5])
        last = sheet.row
        sheet.add(["合计", *((f"=SUM({k}{start}:{k}{last})", frame[n].sum()) for k, n in (("B", "baseline_mean"), ("C", "reform_mean"), ("D", "change_mean"))), None, None],
                  [strong] * 6)

        sheet = _Sheet(book, "假设", ["假设", "均值", "标准差", "依据", "理由"], "每次模拟从先验中抽取一个值；依据为 assumption 者没有吉林的实测数据")
        for p in ds.parameter.values:
            values = ds.parameter_value.sel(parameter=p).values
            spread = float(values.std(ddof=1)) if len(values) > 1 else 0.0
            cells = [str(p), float(values.mean()), spread, str(ds.parameter_evidence.sel(parameter=p).item()), str(ds.parameter_why.sel(parameter=p).item())]
            number = book.add_format({"num_format": "0.0000"})
            sheet.add(cells, [plain, number, number, plain, plain])
        sheet.sheet.set_column(0, 0, 40)
        sheet.sheet.set_column(4, 4, 90)

        from .validation import validation_table

        frame = validation_table(c)
        sheet = _Sheet(book, "验证", ["指标", "月份", "公布", "模拟中位数", "5%", "95%", "比值", "结论", "说明"], "公布数为全省数；最差的在前")
        for row in frame.itertuples(index=False):
            sheet.add([row.figure, row.month, row.published, row.simulated, row.q05, row.q95, row.ratio, row.status, row.note],
                      [plain, plain, count, count, count, count, book.add_format({"num_format": "0.00"}), plain, plain])
        sheet.sheet.set_column(0, 0, 44)


def _grades(c: Comparison) -> list[str]:
    words = {"publish": "可发布", "caution": "慎用", "suppress": "不发布"}
    return [words[g] for g in c.by_county().grade.reindex(c.dataset.county.values)]
