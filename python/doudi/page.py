"""What a page is made of: its style and script, numbers as they are shown and sorted, tables, pictures."""
from __future__ import annotations

import base64
import html
import io
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from .style import style
from .words import width_of

STYLE = """
:root { --ink: #222; --blue: #1f4e79; --line: #c9d3dd; }
body { font-family: "Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei", "PingFang SC", sans-serif; margin: 2em auto; max-width: 62em; color: var(--ink); line-height: 1.55; padding: 0 1.2em; }
h1 { font-size: 1.7em; margin-bottom: 0.1em; color: var(--blue); } h2 { margin-top: 2.2em; border-bottom: 2px solid var(--blue); font-size: 1.3em; } h3 { font-size: 1.05em; margin-bottom: 0; }
nav a { margin-right: 1.2em; white-space: nowrap; } a { color: var(--blue); }
table { border-collapse: collapse; font-size: 0.86em; margin: 0.8em 0; } caption { text-align: left; color: #666; padding-bottom: 0.3em; }
th { background: #dde8f3; position: sticky; top: 0; cursor: pointer; white-space: pre-line; } th:focus-visible { outline: 2px solid var(--blue); }
th[aria-sort=ascending]::after { content: " ▲"; } th[aria-sort=descending]::after { content: " ▼"; }
th, td { border: 1px solid var(--line); text-align: right; padding: 0.25em 0.7em; } td { white-space: nowrap; } th.text, td.text { text-align: left; } td.long { white-space: normal; min-width: 12em; overflow-wrap: anywhere; } tbody tr:nth-child(even) { background: #f8fafc; }
table.paired tbody tr { background: none; } table.paired tbody tr:is(:nth-child(4n+3), :nth-child(4n+4)) { background: #f8fafc; }
tr.over td { border-bottom: none; } tr.under td { border-top: none; white-space: normal; color: #555; padding: 0 0.7em 0.45em 1.6em; }
tr.total { font-weight: bold; background: #eef3f8 !important; } tr.pale { color: #8a8a8a; font-style: italic; }
img { width: 50em; max-width: 100%; display: block; margin: 0.8em 0; } .cards { display: flex; flex-wrap: wrap; gap: 0.8em; margin: 1em 0; }
.card { border: 1px solid var(--line); border-top: 4px solid var(--blue); padding: 0.6em 1em; min-width: 11em; flex: 1; } .card b { display: block; font-size: 1.5em; color: var(--blue); }
.card small, .note { color: #666; font-size: 0.85em; } .caution { background: #fff6e0; border-left: 4px solid #e0a800; padding: 0.6em 1em; } .wide { overflow-x: auto; }
code { font-size: 0.92em; overflow-wrap: anywhere; } details summary { cursor: pointer; color: var(--blue); }
@media (max-width: 60em) { td.long { min-width: 8em; } th, td { padding: 0.25em 0.45em; } }
@page { size: A4; margin: 15mm 13mm; }
@media print { body { max-width: none; margin: 0; padding: 0; font-size: 9.5pt; } nav { display: none; } h2, h3 { break-after: avoid; } h2 + p, tr.over { break-after: avoid; } img { width: 43em; } .card b { font-size: 1.25em; } img, tr, .card, .caution { break-inside: avoid; }
  th { position: static; } th::after { content: "" !important; } .wide { overflow: visible; } table { font-size: 7.4pt; } th, td { padding: 0.15em 0.45em; } td.long { min-width: 0; } a { color: inherit; text-decoration: none; } }
"""

SCRIPT = """
document.querySelectorAll("th").forEach(th => { const sort = () => {
  const table = th.closest("table"), body = table.tBodies[0], i = [...th.parentNode.children].indexOf(th);
  const down = th.getAttribute("aria-sort") !== "descending";
  const key = row => { const v = row.cells[i].dataset.v; return v === undefined ? row.cells[i].textContent : v === "" ? -Infinity : Number(v); };
  const order = (a, b) => typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), document.documentElement.lang);
  const rows = [...body.rows].filter(r => !r.matches(".total, .under")), below = r => r.matches(".over") ? [r, r.nextElementSibling] : [r];
  rows.sort((a, b) => order(key(a), key(b)) * (down ? -1 : 1)).forEach(r => below(r).forEach(part => body.insertBefore(part, body.querySelector("tr.total"))));
  th.parentNode.querySelectorAll("th").forEach(other => other.removeAttribute("aria-sort"));
  th.setAttribute("aria-sort", down ? "descending" : "ascending");
}; th.addEventListener("click", sort); th.addEventListener("keydown", e => { if (e.key === "Enter" || e.key === " ") { e.preventDefault(); sort(); } }); });
addEventListener("beforeprint", () => document.querySelectorAll("details").forEach(d => { d.open = true; }));
"""

E = html.escape


def picture(figure: Figure, alt: str, font: str | None) -> str:
    buffer = io.BytesIO()
    with style(font):
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    return f'<img alt="{E(alt, quote=True)}" src="data:image/svg+xml;base64,{base64.b64encode(buffer.getvalue()).decode()}">'


class Number(float):
    """A number with the way it is shown; sorted by its value."""

    shown: str

    def __new__(cls, value: float, shown: str):
        self = super().__new__(cls, value)
        self.shown = shown
        return self


def wan(yuan: float, digits: int = 1) -> Number:
    return Number(yuan, "–" if not np.isfinite(yuan) else f"{yuan / 1e4:,.{digits}f}")


def plain(value: float, pattern: str = "{:,.0f}") -> Number:
    return Number(value, "–" if pd.isna(value) else pattern.format(value))


def table(header: Sequence[str], rows: Sequence[Sequence[Any]], *, text: Sequence[int] = (0,), caption: str = "", total: bool = False, pale: Sequence[int] = (),
           under: Sequence[str] = ()) -> str:
    """Cells: text, a Number, or a (low, high) pair of Numbers, which sorts by its low end. `under`: for each row a text that is
    too long for a column and takes the width of the table below it."""
    def cell(value: Any, column: int) -> str:
        kind = ' class="text"' if column in text else ""
        if isinstance(value, tuple):
            return f'<td data-v="{float(value[0])!r}"{kind}>{value[0].shown} – {value[1].shown}</td>'
        if isinstance(value, Number):
            kind = ' class="long"' if width_of(value.shown) > 20 else kind  # by month
            return f'<td data-v="{"" if np.isnan(value) else repr(float(value))}"{kind}>{E(value.shown)}</td>'
        if column in text and width_of(value) > 20:
            kind = ' class="text long"'
        return f"<td{kind}>{E(str(value))}</td>"

    head = "".join(f'<th scope="col" tabindex="0"{" class=text" if i in text else ""}>{E(h)}</th>' for i, h in enumerate(header))
    body = []
    for i, row in enumerate(rows):
        kind = ' class="total"' if total and i == len(rows) - 1 else ' class="pale"' if i in pale else ' class="over"' if under else ""
        body.append(f"<tr{kind}>" + "".join(cell(v, j) for j, v in enumerate(row)) + "</tr>")
        if under:
            body.append(f'<tr class="under"><td class="text" colspan="{len(header)}">{E(under[i])}</td></tr>')
    return f'<div class="wide"><table{" class=paired" if under else ""}>{f"<caption>{E(caption)}</caption>" if caption else ""}<thead><tr>{head}</tr></thead><tbody>{"".join(body)}</tbody></table></div>'
