"""Pictures with matplotlib. Each states unit, scenario, replicates and seed. Every method returns the figure."""
from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import matplotlib
import matplotlib.font_manager
import numpy as np
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from .comparison import Comparison

FONTS = ["Noto Sans CJK SC", "Noto Sans CJK JP", "Source Han Sans SC", "WenQuanYi Micro Hei", "Microsoft YaHei", "PingFang SC", "SimHei"]


def chinese_font() -> str | None:
    """A font with Chinese characters, or None with a warning that says what to install."""
    known = {f.name for f in matplotlib.font_manager.fontManager.ttflist}
    for name in FONTS:
        if name in known:
            return name
    warnings.warn("no font with Chinese characters was found, names are shown in English; install fonts-noto-cjk and delete "
                  f"{matplotlib.get_cachedir()}", stacklevel=3)
    return None


class Plots:
    """See `Comparison.plot`. Amounts in 万元."""

    def __init__(self, comparison: Comparison):
        self.c = comparison
        self.font = chinese_font()

    def _figure(self, title: str, height: float = 4.0):
        with matplotlib.rc_context({"font.sans-serif": [self.font, "DejaVu Sans"] if self.font else ["DejaVu Sans"], "axes.unicode_minus": False}):
            figure = Figure(figsize=(8, height), layout="constrained", dpi=110)
            axes = figure.subplots()
        ds = self.c.dataset
        names = ds.scenario_title.values if self.font else ds.scenario.values
        figure.suptitle(title, fontsize=12)
        figure.text(0.99, 0.005, f"{' / '.join(map(str, names))}; {ds.sizes['replicate']} replicates, seed {ds.attrs.get('seed')}", ha="right", fontsize=7,
                    color="0.4", family=self.font or "sans-serif")
        figure.get_layout_engine().set(rect=(0, 0.03, 1, 0.97))
        return figure, axes

    def _label(self, zh: str, en: str) -> str:
        return f"{zh} {en}" if self.font else en

    def _family(self, axes) -> None:
        if self.font:
            for item in [axes.title, axes.xaxis.label, axes.yaxis.label, *axes.get_xticklabels(), *axes.get_yticklabels()]:
                item.set_family(self.font)
            if axes.get_legend():
                for text in axes.get_legend().get_texts():
                    text.set_family(self.font)
            axes.figure._suptitle.set_family(self.font)

    @property
    def _unit(self) -> str:
        return "万元" if self.font else "10,000 yuan"

    def _histogram(self, title: str, series: dict[str, np.ndarray]):
        figure, axes = self._figure(title)
        bins = np.histogram_bin_edges(np.concatenate(list(series.values())), bins=30)
        for name, values in series.items():
            axes.hist(values, bins=bins, alpha=0.55, label=name)
            axes.axvline(np.median(values), color="0.2", lw=1)
        axes.set_xlabel(self._unit)
        axes.set_ylabel(self._label("模拟次数", "replicates"))
        if len(series) > 1:
            axes.legend()
        self._family(axes)
        return figure

    def cost(self):
        """Distribution of the cost of the period, one histogram a scenario."""
        names = self.c.dataset.scenario_title.values if self.font else self.c.dataset.scenario.values
        return self._histogram(self._label("期内支出", "cost of the period"), {str(n): self.c.total(i).values / 1e4 for i, n in enumerate(names)})

    def difference(self, scenario: str | int | None = None):
        """Distribution of the paired change."""
        return self._histogram(self._label("配对变化", "paired change"), {"": self.c.difference(scenario).values / 1e4})

    def exceedance(self, scenario: str | int | None = None):
        """Probability that the cost is over a budget, by budget."""
        figure, axes = self._figure(self._label("超支概率", "probability of going over a budget"))
        values = np.sort(self.c.total(scenario).values / 1e4)
        axes.step(values, 1 - np.arange(1, len(values) + 1) / len(values), where="post")
        axes.axhline(0.05, color="0.6", lw=0.8, ls="--")
        axes.set_xlabel(self._label("预算", "budget") + f" ({self._unit})")
        axes.set_ylabel(self._label("概率", "probability"))
        self._family(axes)
        return figure

    def months(self, scenario: str | int | None = None):
        """Fan of the cost by month: median, 50 % and 90 % bands."""
        figure, axes = self._figure(self._label("逐月支出", "cost by month"))
        q = (self.c.total(scenario, by=("month",)) / 1e4).quantile([0.05, 0.25, 0.5, 0.75, 0.95], "replicate")
        x = np.arange(q.sizes["month"])
        axes.fill_between(x, q[0], q[4], alpha=0.2, color="C0", lw=0)
        axes.fill_between(x, q[1], q[3], alpha=0.35, color="C0", lw=0)
        axes.plot(x, q[2], color="C0")
        axes.set_xticks(x, list(q.month.values), rotation=45, fontsize=8)
        axes.set_ylabel(self._unit)
        self._family(axes)
        return figure

    def counties(self, scenario: str | int | None = None, top: int = 20):
        """Counties by size of the change, with 5 - 95 % bars."""
        frame = self.c.by_county(scenario).head(top).iloc[::-1]
        figure, axes = self._figure(self._label("各县变化", "change by county"), height=0.8 + 0.27 * len(frame))
        y = np.arange(len(frame))
        axes.errorbar(frame.change / 1e4, y, xerr=[(frame.change - frame.change_q05) / 1e4, (frame.change_q95 - frame.change) / 1e4], fmt="o", ms=4, lw=1)
        axes.set_yticks(y, frame.name_zh if self.font else frame.name_en, fontsize=8)
        axes.set_xlabel(self._unit)
        axes.axvline(0, color="0.7", lw=0.8)
        self._family(axes)
        return figure

    def drivers(self, scenario: str | int | None = None, difference: bool = False):
        """What drives the budget: first-order shares of variance."""
        frame = self.c.drivers(scenario, difference=difference).iloc[::-1]
        figure, axes = self._figure(self._label("预算由什么决定", "what drives the budget"), height=1 + 0.3 * len(frame))
        axes.barh(np.arange(len(frame)), frame.share_of_variance)
        axes.axvline(frame.share_by_chance.iloc[0] * 4, color="0.4", ls="--", lw=0.8)
        axes.set_yticks(np.arange(len(frame)), frame.index, fontsize=8)
        axes.set_xlabel(self._label("方差份额（虚线：偶然水平的 4 倍）", "share of variance (dashed: four times chance)"))
        self._family(axes)
        return figure

    def convergence(self, scenario: str | int | None = None):
        """Mean with its standard error as replicates grow."""
        frame = self.c.convergence(scenario) / 1e4
        figure, axes = self._figure(self._label("收敛", "convergence of the mean"))
        axes.errorbar(frame.index, frame["mean"], yerr=2 * frame["standard_error"].fillna(0), fmt="o-")
        axes.set_xscale("log", base=2)
        axes.set_xlabel(self._label("模拟次数", "replicates"))
        axes.set_ylabel(self._unit)
        self._family(axes)
        return figure


def waterfall(bridge) -> Figure:
    """A picture of `doudi.bridge`: the base, each step with its 5 - 95 % bar, the total. In 万元. Returns the figure."""
    font = chinese_font()
    with matplotlib.rc_context({"font.sans-serif": [font, "DejaVu Sans"] if font else ["DejaVu Sans"], "axes.unicode_minus": False}):
        figure = Figure(figsize=(8, 4.2), layout="constrained", dpi=110)
        axes = figure.subplots()
    frame = bridge / 1e4
    level = frame.loc["base", "mean"]
    axes.bar(0, level, color="0.6")
    for i, (_, row) in enumerate(frame.iloc[1:-1].iterrows(), start=1):
        axes.bar(i, row["mean"], bottom=level, color="C3" if row["mean"] > 0 else "C2")
        axes.errorbar(i, level + row["mean"], yerr=[[max(0.0, row["mean"] - row["q05"])], [max(0.0, row["q95"] - row["mean"])]], color="0.2", capsize=3)
        axes.text(i, level + max(row["mean"], 0), f"{row['mean']:+,.0f}", ha="center", va="bottom", fontsize=8)
        level += row["mean"]
    axes.bar(len(frame) - 1, level, color="0.4")
    low, high = sorted([frame.loc["base", "mean"], level])
    room = max(high - low, 0.02 * high)
    axes.set_ylim(low - 2 * room, high + 2 * room)
    axes.set_xticks(range(len(frame)), frame.index, rotation=20)
    axes.set_ylabel("万元" if font else "10,000 yuan")
    figure.suptitle("预算桥 bridge between budgets" if font else "bridge between budgets", fontsize=12)
    figure.text(0.99, 0.005, f"{bridge.attrs.get('replicates')} replicates, seed {bridge.attrs.get('seed')}; axis cut", ha="right", fontsize=7, color="0.4")
    if font:
        for item in [axes.yaxis.label, *axes.get_xticklabels(), figure._suptitle]:
            item.set_family(font)
    return figure
