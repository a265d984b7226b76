"""`doudi report OUT.h5 -o report.html`: one self-contained page, no network, readable in print."""
from __future__ import annotations

import base64
import html
import io
import pathlib
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from .comparison import Comparison

WORDS = {
    "zh": {"title": "社会救助预算模拟报告", "much": "一、要花多少钱", "sure": "二、有多大把握", "why": "三、为什么", "where": "四、钱花在哪里",
           "wrong": "五、可能出什么问题", "made": "六、如何得出", "total": "合计", "programme": "项目", "median": "中位数（万元）", "interval": "5%–95%（万元）",
           "change": "变化（万元）", "heads": "月均人数", "county": "县（市、区）", "base": "基准（万元）", "grade": "等级",
           "reserve": "在中位数之外，另备 {0:,.0f} 万元，可在 95% 的情形下不超支；最坏 5% 情形的平均支出为 {1:,.0f} 万元。",
           "hand": "手工核对：领取人月数 × 标准变化 = {0:,.2f} 元，模拟 {1:,.2f} 元，各次模拟最大差额 {2:,.2f} 元。",
           "caution": "以上数字描述的是模型及其假设，并非任何县的实际支出。文件没有给出增发补助比例和临时救助金额；申领率、收入与财产按全省人数校准，未分县校准。",
           "drivers": "各假设与共同因素对支出方差的份额（一阶，秩相关平方）", "assumed": "以“假设”为依据的因素合计占已解释方差的 {0:.0%}。",
           "valid": "与公布数对照（最差在前）", "assumptions": "假设", "sort": "点击表头排序", "grades": {"publish": "可发布", "caution": "慎用", "suppress": "不发布"},
           "status": {"fits": "相符", "off": "不符", "no data": "无公布数", "not comparable": "不可比"}},
    "en": {"title": "Social-assistance budget simulation", "much": "1. How much", "sure": "2. How sure", "why": "3. Why", "where": "4. Where",
           "wrong": "5. What could go wrong", "made": "6. How it was made", "total": "total", "programme": "programme", "median": "median (10,000 yuan)",
           "interval": "5 – 95 %", "change": "change (10,000 yuan)", "heads": "persons a month", "county": "county", "base": "baseline (10,000 yuan)", "grade": "grade",
           "reserve": "{0:,.0f} x 10,000 yuan beside the median hold with probability 95 %; the mean cost over the worst 5 % is {1:,.0f} x 10,000 yuan.",
           "hand": "Hand check: recipient-months x change of the amount = {0:,.2f} yuan, simulated {1:,.2f}, largest gap of a replicate {2:,.2f}.",
           "caution": "These figures describe the model under its assumptions, not the spending of any county. The documents give no rates for the extra payment and no "
                      "amounts for temporary assistance; take-up, incomes and assets are fitted to the province's caseloads, not by county.",
           "drivers": "Share of the variance of cost by assumption and common factor (first order, squared rank correlation)",
           "assumed": "Inputs whose evidence is an assumption hold {0:.0%} of the explained variance.", "valid": "Against published figures, worst first",
           "assumptions": "Assumptions", "sort": "click a header to sort", "grades": {"publish": "publish", "caution": "caution", "suppress": "suppress"},
           "status": {"fits": "fits", "off": "off", "no data": "no data", "not comparable": "not comparable"}},
}

STYLE = """
body { font-family: "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif; margin: 2em auto; max-width: 62em; color: #222; line-height: 1.5; padding: 0 1em; }
h1 { font-size: 1.6em; } h2 { margin-top: 2em; border-bottom: 2px solid #36648b; font-size: 1.25em; }
table { border-collapse: collapse; font-size: 0.86em; margin: 1em 0; } th { background: #dde8f3; cursor: pointer; position: sticky; top: 0; }
th, td { border: 1px solid #ccc; padding: 0.25em 0.6em; text-align: right; } th:first-child, td:first-child, td.text { text-align: left; }
img { max-width: 100%; } .big { font-size: 1.5em; font-weight: bold; color: #1f4e79; } .note { color: #666; font-size: 0.85em; }
.caution { background: #fff6e0; border-left: 4px solid #e0a800; padding: 0.6em 1em; } .wide { overflow-x: auto; }
@media print { body { max-width: none; margin: 0; } h2 { break-after: avoid; } img, tr { break-inside: avoid; } th { position: static; } }
"""

SORT = """
document.querySelectorAll("th").forEach(th => th.addEventListener("click", () => {
  const table = th.closest("table"), body = table.tBodies[0], i = [...th.parentNode.children].indexOf(th), down = th.dataset.down !== "1";
  const key = row => { const t = row.cells[i].textContent.replaceAll(",", ""); const n = parseFloat(t); return isNaN(n) ? t : n; };
  [...body.rows].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0) * (down ? -1 : 1)).forEach(r => body.append(r));
  th.dataset.down = down ? "1" : "0";
}));
"""


def _picture(figure) -> str:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return f'<img alt="" src="data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}">'


def _table(header: list[str], rows: list[list[str]], text: tuple[int, ...] = ()) -> str:
    head = "".join(f"<th>{html.escape(h)}</th>" for h in header)
    body = "".join("<tr>" + "".join(f"<td{' class=text' if i in text else ''}>{html.escape(str(cell))}</td>" for i, cell in enumerate(row)) + "</tr>" for row in rows)
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def report_html(c: Comparison, lang: str = "zh") -> str:
    """The page as text. `lang`: zh or en."""
    w, ds = WORDS[lang], c.dataset
    name = {str(p): str(z) if lang == "zh" else str(p) for p, z in zip(ds.programme.values, ds.programme_zh.values, strict=True)} | {"total": w["total"]}
    titles = [str(t) for t in ds.scenario_title.values]
    wan = lambda yuan: f"{yuan / 1e4:,.1f}"  # noqa: E731
    many = ds.sizes["scenario"] > 1
    frame = c.by_programme()
    header = [w["programme"], f"{titles[0]} {w['median']}", w["interval"], *([f"{titles[-1]} {w['median']}", w["change"], w["interval"]] if many else []), w["heads"]]
    rows = [[name[str(p)], wan(r.baseline), f"{wan(r.baseline_q05)} – {wan(r.baseline_q95)}",
             *([wan(r.reform), wan(r.change), f"{wan(r.change_q05)} – {wan(r.change_q95)}"] if many else []),
             "" if pd.isna(r.recipients_month) else f"{r.recipients_month:,.0f}"] for p, r in frame.iterrows()]
    parts = [f"<h1>{w['title']}</h1><p>{' → '.join(map(html.escape, titles))}</p>",
             f"<p class=note>{ds.sizes['county']} counties, {ds.sizes['replicate']} replicates, {ds.month.values[0]} – {ds.month.values[-1]}, seed {ds.attrs.get('seed')}</p>"]
    total = frame.loc["total"]
    parts += [f"<h2>{w['much']}</h2>"]
    if many:
        parts += [f"<p class=big>{wan(total.change)} 万元 ({wan(total.change_q05)} – {wan(total.change_q95)})</p>"]
    parts += [_table(header, rows)]
    if many:
        check = c.hand_check()
        parts += [f"<p>{w['hand'].format(check['expected'], check['simulated'], check['largest_gap'])}</p>"]
    parts += [f"<h2>{w['sure']}</h2><p>{w['reserve'].format(c.reserve(0.95) / 1e4, c.expected_shortfall(0.95) / 1e4)}</p>",
              _picture(c.plot.cost()), _picture(c.plot.exceedance()), _picture(c.plot.months())]
    drivers = c.drivers(top=100)
    clear = drivers[drivers.share_of_variance > 4 * drivers.share_by_chance]
    evidence = {str(p): str(e) for p, e in zip(ds.parameter.values, ds.parameter_evidence.values, strict=True)}
    assumed = sum(v for k, v in clear.share_of_variance.items() if evidence.get(k, "") in ("assumption", "set by the user", "calibrated"))
    share = assumed / clear.share_of_variance.sum() if len(clear) else 0.0
    parts += [f"<h2>{w['why']}</h2><p>{w['drivers']}</p>", _picture(c.plot.drivers()), f"<p>{w['assumed'].format(share)}</p>"]
    counties = c.by_county()
    parts += [f"<h2>{w['where']}</h2><p class=note>{w['sort']}</p>"]
    if many:
        parts += [_picture(c.plot.counties())]
    parts += [_table([w["county"], w["base"], w["change"], w["interval"], w["grade"]],
                     [[f"{code} {r.name_zh if lang == 'zh' else r.name_en}", "–" if r.grade == "suppress" else wan(r.baseline), "–" if r.grade == "suppress" else wan(r.change),
                       "–" if r.grade == "suppress" else f"{wan(r.change_q05)} – {wan(r.change_q95)}", w["grades"][r.grade]] for code, r in counties.iterrows()])]
    parts += [f"<h2>{w['wrong']}</h2><p class=caution>{w['caution']}</p>"]
    from .validation import validation_table

    valid = validation_table(c)
    if len(valid):
        number = lambda v: "–" if pd.isna(v) else f"{v:,.0f}"  # noqa: E731
        parts += [f"<h3>{w['valid']}</h3>", _table(["", "", "published", "simulated", "5 – 95 %", "ratio", "", ""],
                  [[r.figure, r.month, number(r.published), number(r.simulated), f"{number(r.q05)} – {number(r.q95)}", "–" if pd.isna(r.ratio) else f"{r.ratio:.2f}",
                    w["status"][r.status], r.note] for r in valid.itertuples()], text=(7,))]
    parts += [f"<h2>{w['made']}</h2>"]
    keys = [k for k in ("program", "git_hash", "build", "seed", "sample_share", "plan_sha256") if k in ds.attrs]
    parts += [_table(["", ""], [[k, ds.attrs[k]] for k in keys] + [["source", str(s)] for s in ds.source.values], text=(1,))]
    parts += [f"<h3>{w['assumptions']}</h3>", _table(["", "mean", "sd", "evidence", "why"], [
        [str(p), f"{ds.parameter_value.sel(parameter=p).mean().item():.4g}", f"{ds.parameter_value.sel(parameter=p).std().item():.2g}", evidence[str(p)],
         str(ds.parameter_why.sel(parameter=p).item())] for p in ds.parameter.values], text=(3, 4))]
    return (f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>{w["title"]}</title><style>{STYLE}</style></head><body>'
            + "\n".join(parts) + f"<script>{SORT}</script></body></html>")


def write_report(c: Comparison, path: str | pathlib.Path, lang: str = "zh") -> None:
    """Writes the page. Raises OSError if the file cannot be written."""
    pathlib.Path(path).write_text(report_html(c, lang), encoding="utf-8")
