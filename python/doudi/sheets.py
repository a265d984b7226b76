"""Sheets of a workbook: a table with a frozen header, a total of formulas, set up for printing."""
from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from .words import figure, width_of

# "number" is written by `Book.number`; "prose" is text that wraps.
FORMATS = {"yuan": "#,##0.00", "wan": "#,##0.0", "count": "#,##0", "code": "0", "share": "0.0%", "number": "General", "ratio": "0.00", "text": "@", "prose": "@"}


def _lines(text: str, width: float) -> int:
    """Lines that a text takes when it wraps: a word that does not fit leaves some of a line empty."""
    return max(1, math.ceil(1.08 * width_of(text) / max(1.0, width - 2)))


class Book:
    """The workbook with one format of each kind."""

    def __init__(self, lang: str, about: str):
        self.data = io.BytesIO()
        self.book = xlsxwriter.Workbook(self.data, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
        self.font = {"font_name": "Microsoft YaHei" if lang == "zh" else "Calibri", "font_size": 10, "valign": "vcenter"}
        indent = {"text": {"indent": 1}, "prose": {"indent": 1, "text_wrap": True}}
        self.kinds = {k: self.book.add_format(self.font | {"num_format": f} | indent.get(k, {})) for k, f in FORMATS.items()}
        self.totals = {k: self.book.add_format(self.font | {"num_format": f, "bold": True, "top": 1, "bg_color": "#F3F6FA"} | indent.get(k, {})) for k, f in FORMATS.items()}
        self.head = self.book.add_format(self.font | {"bold": True, "bg_color": "#DDE8F3", "border": 1, "border_color": "#9FB4C8", "text_wrap": True, "align": "center"})
        self.right = self.book.add_format(self.font | {"align": "right"})
        self.numbers: dict[str, Any] = {}
        self.title = self.book.add_format(self.font | {"bold": True, "font_size": 15, "font_color": "#1F4E79"})
        self.grey = self.book.add_format(self.font | {"font_color": "#666666", "font_size": 9})
        self.wrapped = {self.grey: self.book.add_format(self.font | {"font_color": "#666666", "font_size": 9, "text_wrap": True}), self.kinds["text"]: self.kinds["prose"]}
        self.pale = self.book.add_format({"font_color": "#999999", "italic": True})
        self.lang, self.about = lang, about

    def t(self, zh: str, en: str) -> str:
        return zh if self.lang == "zh" else en

    def number(self, value: float) -> Any:
        """A format with as many decimals as a number needs for four digits that count: 0.00003976 is not to be shown as 0.0000."""
        places = len(figure(value).partition(".")[2])
        pattern = "0." + "0" * places if places else "#,##0"
        if pattern not in self.numbers:
            self.numbers[pattern] = self.book.add_format(self.font | {"num_format": pattern})
        return self.numbers[pattern]


class Sheet:
    """A table: a note, a frozen header, rows, a total of formulas, set up for printing."""

    def __init__(self, book: Book, name: str, columns: Sequence[tuple[str, str]], note: str, *, frozen: int = 1, top: int = 0):
        self.book, self.name, self.kinds = book, name, [kind for _, kind in columns]
        self.sheet = book.book.add_worksheet(name)
        self.sheet.hide_gridlines(2)
        self.top = top
        self.prose: dict[int, list[tuple[int, str]]] = {}
        self.said: list[tuple[int, str, Any]] = [(top, note, book.grey)]
        for i, (text, _) in enumerate(columns):
            self.sheet.write_string(top + 1, i, text, book.head)
        self.sheet.set_row(top + 1, 48)
        self.widths = [min(22, max(10, width_of(text) // 2 + 2)) for text, _ in columns]
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
            fmt = (formats or self.book.kinds)[kind]
            if kind == "number" and isinstance(cell, float):
                fmt = self.book.number(cell)
            elif kind not in ("text", "prose") and isinstance(cell, str) and formats is None:
                fmt = self.book.right  # a word among numbers
            self.write(i, cell, fmt)
            if kind == "prose" and isinstance(cell, str):
                self.prose.setdefault(self.row, []).append((i, cell))
            shown = cell[1] if isinstance(cell, tuple) else cell
            if isinstance(shown, str):
                self.widths[i] = max(self.widths[i], min(60, width_of(shown) + 2))
            elif shown is not None and np.isfinite(shown):
                self.widths[i] = max(self.widths[i], len(f"{shown:,.2f}") + 2)
        self.row += 1

    def at(self, column: int, row: int | None = None) -> str:
        return xl_rowcol_to_cell(self.row if row is None else row, column)

    def total(self, label: str, summed: dict[int, float], others: dict[int, Any] | None = None) -> None:
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

    def say(self, row: int, text: str, fmt: Any) -> None:
        """A sentence in a row of its own, which wraps where it is longer than the table is wide."""
        self.said.append((row, text, fmt))

    def end(self, *, filtered: bool = False, widths: dict[int, int] | None = None) -> None:
        """`widths`: of columns that are not to be as wide as what they hold."""
        self.widths = [(widths or {}).get(i, width) for i, width in enumerate(self.widths)]
        for i, width in enumerate(self.widths):
            self.sheet.set_column(i, i, width)
        # Heights are set, for not every program reckons them when it opens the workbook.
        for row, cells in self.prose.items():
            lines = max(_lines(text, self.widths[column]) for column, text in cells)
            if lines > 1:
                self.sheet.set_row(row, 14.5 * lines)
        for row, text, fmt in self.said:
            lines = _lines(text, sum(self.widths))
            if lines > 1:
                self.sheet.merge_range(row, 0, row, len(self.widths) - 1, "", self.book.wrapped[fmt])
                self.sheet.set_row(row, 14.5 * lines)
            self.sheet.write_string(row, 0, text, self.book.wrapped[fmt] if lines > 1 else fmt)
        if filtered:
            self.sheet.autofilter(self.top + 1, 0, getattr(self, "last", self.row - 1), len(self.kinds) - 1)
