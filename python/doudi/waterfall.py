"""The picture of a bridge from one budget to another."""
from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from .style import BASE, DOWN, INK, REFORM, UP, blank, chinese_font, style, thousands
from .words import shortened, wrapped


def waterfall(bridge: pd.DataFrame, lang: str | None = None) -> Figure:
    """A picture of `doudi.bridge`: the base, each step with its 5 - 95 % bar, the total. Amounts in 万元. Returns the figure."""
    font = chinese_font()
    chinese = font is not None and lang != "en"
    frame = bridge / 1e4
    unit = "万元" if chinese else "10,000 yuan"
    label = {"base": "基准", "total": "合计"} if chinese else {}
    with style(font):
        n, seed = bridge.attrs.get("replicates", "?"), bridge.attrs.get("seed", "?")
        names = [label.get(str(i), str(i)) if font or str(i).isascii() else f"step {k}" for k, i in enumerate(frame.index)]
        names = [shortened(name, 48) for name in names]
        steps = " → ".join(names[1:-1])
        figure, axes = blank("从一个预算到另一个" if chinese else "From one budget to another",
                             f"{steps}；单位：{unit}；均值，竖线为 5%–95%；{n} 次模拟，种子 {seed}；纵轴不从零开始" if chinese else
                             f"{steps}; unit: {unit}; means, bars 5 – 95 %; {n} replicates, seed {seed}; the axis does not start at zero", height=4.4)
        columns = 90 // len(frame)  # of a label of the axis
        level = float(frame["mean"].iloc[0])
        axes.bar(0, level, color=BASE, width=0.6)
        tops = [(0, level, level, f"{level:,.0f}")]
        for i, (_, row) in enumerate(frame.iloc[1:-1].iterrows(), start=1):
            axes.bar(i, row["mean"], bottom=level, color=UP if row["mean"] > 0 else DOWN, width=0.6)
            axes.errorbar(i, level + row["mean"], yerr=[[max(0.0, row["mean"] - row["q05"])], [max(0.0, row["q95"] - row["mean"])]], color=INK, capsize=3, lw=1)
            axes.plot([i - 0.7, i - 0.3], [level, level], color="#999999", lw=0.8)
            tops.append((i, level + min(row["mean"], row["q05"]), max(level, level + row["q95"], level + row["mean"]), f"{row['mean']:+,.0f}"))
            level += float(row["mean"])
        last = len(frame) - 1
        axes.bar(last, level, color=REFORM, width=0.6)
        axes.plot([last - 0.7, last - 0.3], [level, level], color="#999999", lw=0.8)
        tops.append((last, level, level, f"{level:,.0f}"))
        low, high = min(t[1] for t in tops), max(t[2] for t in tops)
        room = max(high - low, 0.002 * high)
        axes.set_ylim(max(0.0, low - 0.6 * room), high + 0.25 * room)
        for x, _, top, text in tops:
            axes.text(x, top + 0.03 * room, text, ha="center", va="bottom", fontsize=9)
        axes.set_xticks(range(len(frame)), ["\n".join(wrapped(shortened(name, 3 * columns), columns)) for name in names])
        axes.set_ylabel(unit)
        thousands(axes)
    return figure
