"""The picture of the Sobol indices of a pick-freeze design."""
from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from .style import INK, REFORM, UP, blank, chinese_font, style


def sobol(drivers: Any, quantity: str | None = None, place: str | int = "province", item: str = "total", lang: str | None = None) -> Figure:
    """Sobol indices of a pick-freeze design (`doudi.drivers`, `doudi.open_drivers`): for each group of inputs the share of the
    variance that it brings by itself (bar) and with all its interactions (mark), each with two standard errors. Returns the figure."""
    font = chinese_font()
    chinese = font is not None and lang != "en"
    ds = drivers.dataset
    frame = drivers.table(quantity, place, item)
    quantity = quantity or str(ds.quantity.values[-1])
    with style(font):
        runs = ds.attrs.get("rows", "?")
        figure, axes = blank("方差由什么带来（Sobol 指数）" if chinese else "What brings the variance (Sobol indices)",
                             f"{quantity}，{place}，{item}；单位：方差份额；{runs} 行设计，{ds.sizes.get('run', '?')} 组模拟，种子 {ds.attrs.get('seed')}" if chinese else
                             f"{quantity}, {place}, {item}; unit: share of variance; {runs} rows of a design, {ds.sizes.get('run', '?')} runs, seed {ds.attrs.get('seed')}",
                             height=1.5 + 0.3 * len(frame))
        y = np.arange(len(frame))[::-1]
        axes.barh(y, frame.first_order, xerr=2 * frame.first_order_error, color=REFORM, height=0.6, error_kw={"ecolor": INK, "lw": 1, "capsize": 2}, label="一阶" if chinese else "first order")
        axes.errorbar(frame.total_order, y - 0.12, xerr=2 * frame.total_order_error, fmt="D", ms=4, color=UP, lw=1, capsize=2, label="总效应" if chinese else "total order")
        axes.set_yticks(y, [str(g) for g in frame.index], fontsize=8)
        axes.axvline(0, color="#999999", lw=0.8)
        axes.xaxis.set_major_formatter(lambda x, _: f"{100 * x:.3g}%")
        axes.set_xlabel("占方差的份额（线：± 2 倍标准误）" if chinese else "share of the variance (lines: ± 2 standard errors)")
        axes.legend(loc="lower right", fontsize=8)
    return figure
