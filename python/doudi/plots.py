"""Pictures with matplotlib. Each states unit, scenario, replicates and seed, and every method returns the figure.

Labels are Chinese where a font with Chinese characters is found, English otherwise; ``c.plot("en")`` asks for English.
"""
from __future__ import annotations

import contextlib
import functools
import os
import pathlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from scipy import stats

from .evidence import shares
from .provenance import titles
from .style import BASE, DOWN, INK, PALE, REFORM, UP, blank, chinese_font, style, thousands
from .words import ASSUMPTIONS, PREFECTURES, several, shortened, word

if TYPE_CHECKING:
    from .comparison import Comparison

class Plots:
    """Pictures of a comparison; amounts in 万元 (10,000 yuan). `scenario` is a name or a position, by default the last.

    ``c.plot.cost()`` gives a matplotlib Figure: a notebook shows it, ``.savefig("cost.png")`` keeps it.
    ``c.plot("en")`` labels in English, ``c.plot("zh")`` in Chinese.
    """

    def __init__(self, comparison: Comparison, lang: str | None = None):
        if lang not in (None, "zh", "en"):
            raise ValueError(f"lang = {lang!r} is neither 'zh' nor 'en'")
        self.c = comparison
        self.font = chinese_font()
        self.lang = "en" if self.font is None else lang or "zh"

    def __call__(self, lang: str) -> Plots:
        return Plots(self.c, lang)

    # -- what all pictures share ------------------------------------------------------------------------------------

    def _word(self, zh: str, en: str) -> str:
        return zh if self.lang == "zh" else en

    @property
    def _unit(self) -> str:
        return self._word("万元", "10,000 yuan")

    def _name(self, scenario: str | int | None) -> str:
        return self.names[self.c._scenario(scenario)]

    @functools.cached_property
    def names(self) -> list[str]:
        """What the scenarios are called in a picture: short, and each unlike the others."""
        ds = self.c.dataset
        own = [str(name) for name in ds.scenario.values]
        called = titles(ds, self.lang) if "scenario_title" in ds and self.font else own
        if self.font is None:  # rather than boxes
            called = [name if name.isascii() else f"scenario {place}" for place, name in enumerate(called, start=1)]
        short = [shortened(name, 48) for name in called]
        return [name if short.count(name) == 1 else f"{place}: {name}" for place, name in enumerate(short, start=1)]

    @property
    def _alone(self) -> bool:
        """Whether there is but one replicate, from which no spread can be told."""
        return self.c.dataset.sizes["replicate"] == 1

    def _untold(self, axes: Axes, zh: str, en: str) -> None:
        """Says in the picture's place what cannot be told."""
        axes.set_xticks([])
        axes.set_yticks([])
        axes.text(0.5, 0.5, self._word(f"只有 1 次模拟，{zh}无从得知", f"one replicate does not tell {en}"), transform=axes.transAxes, ha="center", va="center", color="#666666")

    def _names(self, places: Sequence[int]) -> str:
        names = [self.names[i] for i in places]
        return " / ".join(names) if len(names) < 3 or len(" / ".join(names)) < 50 else f"{names[0]} / … / {names[-1]}"

    @contextlib.contextmanager
    def _figure(self, title: str, scenarios: str, *, width: float = 8, height: float = 4.2, unit: str | None = None) -> Iterator[tuple[Figure, Axes]]:
        ds = self.c.dataset
        with style(self.font):
            n, seed = ds.sizes["replicate"], ds.attrs.get("seed", "?")
            share = ds.attrs.get("sample_share", 1.0)
            sample = "" if share == 1 else self._word(f"；抽样 {100 * share:.3g}%", f"; sample of {100 * share:.3g} %")
            figure, axes = blank(title, self._word(f"{scenarios}；单位：{unit or self._unit}；{n} 次模拟，种子 {seed}{sample}",
                                                   f"{scenarios}; unit: {unit or self._unit}; {several(n, 'replicate')}, seed {seed}{sample}"), width, height)
            yield figure, axes
            thousands(axes)

    def _histogram(self, axes: Axes, series: Sequence[tuple[str, np.ndarray]], colours: list[str]) -> None:
        everything = np.concatenate([values for _, values in series])
        bins: list[float] | int = 1
        if np.ptp(everything) > 0:
            bins = np.histogram_bin_edges(everything, bins=min(40, max(8, int(2 * len(everything) ** 0.4)))).tolist()
        for (name, values), colour in zip(series, colours, strict=True):
            if len(series) < 3:
                axes.hist(values, bins=bins, alpha=0.55, color=colour, edgecolor="white", linewidth=0.4, label=name)
            else:  # more than two filled histograms hide each other
                axes.hist(values, bins=bins, histtype="step", color=colour, linewidth=1.8, label=name)
            axes.axvline(float(np.median(values)), color=colour, lw=1.6)
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set_xlabel(self._unit)
        axes.set_ylabel(self._word("模拟次数", "replicates"))

    # -- the pictures -----------------------------------------------------------------------------------------------

    def cost(self) -> Figure:
        """Distribution of the cost of the period: a histogram a scenario (at most six), its median a line."""
        places = range(min(6, self.c.dataset.sizes["scenario"]))
        colours = [BASE, REFORM, UP, DOWN, "#8a6bb1", "#c99a2e"][:len(places)]
        if len(places) == 1:
            colours = [REFORM]
        with self._figure(self._word("期内总支出的分布", "Distribution of the cost of the period"), self._names(places)) as (figure, axes):
            self._histogram(axes, [(self.names[i], self.c.total(i).values / 1e4) for i in places], colours)
            if len(places) > 1:
                axes.legend(frameon=True, edgecolor="none")  # a median's line may run through it
                axes.set_ylim(top=axes.get_ylim()[1] * (1.05 + 0.09 * len(places)))
        return figure

    def difference(self, scenario: str | int | None = None) -> Figure:
        """Distribution of the paired change against the baseline, with its median and 5 - 95 % interval."""
        values = self.c.difference(scenario).values / 1e4
        low, middle, high = np.quantile(values, [0.05, 0.5, 0.95])
        with self._figure(self._word("支出变化的分布（配对差）", "Distribution of the paired change"), f"{self._name(scenario)} − {self._name(0)}") as (figure, axes):
            self._histogram(axes, [("", values)], [REFORM])
            if self._alone:
                axes.text(0.985, 0.96, self._word(f"{middle:,.0f}（只有 1 次模拟，没有区间）", f"{middle:,.0f} (one replicate, no interval)"), transform=axes.transAxes, ha="right", va="top")
                axes.set_ylim(top=axes.get_ylim()[1] * 1.18)
                return figure
            axes.axvspan(low, high, color=REFORM, alpha=0.08, lw=0)
            axes.text(0.985, 0.96, self._word(f"中位数 {middle:,.0f}\n5%–95% {low:,.0f} 至 {high:,.0f}", f"median {middle:,.0f}\n5–95 % {low:,.0f} to {high:,.0f}"),
                      transform=axes.transAxes, ha="right", va="top")
            axes.set_ylim(top=axes.get_ylim()[1] * 1.18)
        return figure

    def exceedance(self, scenario: str | int | None = None) -> Figure:
        """Probability that the cost is over a budget, by budget; the budget that holds with 95 % is marked."""
        values = np.sort(self.c.total(scenario).values / 1e4)
        n = len(values)
        with self._figure(self._word("超支概率曲线", "Probability of going over a budget"), self._name(scenario)) as (figure, axes):
            if self._alone:
                self._untold(axes, "超支概率", "the probability of going over a budget")
                return figure
            axes.step(np.concatenate([[values[0]], values]), np.concatenate([[1.0], 1 - np.arange(1, n + 1) / n]), where="post", color=REFORM)
            safe, middle = np.quantile(values, [0.95, 0.5])
            axes.plot([safe, safe], [0, 0.05], color=UP, lw=1)
            axes.axhline(0.05, color=UP, lw=0.8, ls="--")
            axes.annotate(self._word(f"预算 {safe:,.0f} 时超支概率 5%\n（中位数 {middle:,.0f}，备用 {safe - middle:,.0f}）",
                                     f"{safe:,.0f} is exceeded with 5 %\n(median {middle:,.0f}, reserve {safe - middle:,.0f})"),
                          (safe, 0.05), xytext=(0.97, 0.62), textcoords="axes fraction", ha="right", arrowprops={"arrowstyle": "-", "color": "#999999", "lw": 0.8})
            axes.set_ylim(0, 1.02)
            axes.yaxis.set_major_formatter(lambda y, _: f"{y:.0%}")
            axes.set_xlabel(self._word("预算（万元）", "budget (10,000 yuan)"))
            axes.set_ylabel(self._word("支出超过预算的概率", "probability of exceeding it"))
        return figure

    def months(self, scenario: str | int | None = None) -> Figure:
        """Fan of the cost by month: median, 50 % and 90 % bands; the baseline's median dashed."""
        place = self.c._scenario(scenario)
        q = (self.c.total(place, by=("month",)) / 1e4).quantile([0.05, 0.25, 0.5, 0.75, 0.95], "replicate")
        x = np.arange(q.sizes["month"])
        with self._figure(self._word("逐月支出", "Cost by month"), self._name(place) + ("" if place == 0 else f" / {self._name(0)}")) as (figure, axes):
            if not self._alone:
                axes.fill_between(x, q[0], q[4], alpha=0.18, color=REFORM, lw=0, label=self._word("5%–95%", "5 – 95 %"))
                axes.fill_between(x, q[1], q[3], alpha=0.35, color=REFORM, lw=0, label=self._word("25%–75%", "25 – 75 %"))
            axes.plot(x, q[2], color=REFORM, label=self._word("1 次模拟，没有区间", "one replicate, no interval") if self._alone else self._word("中位数", "median"))
            if place != 0:
                axes.plot(x, (self.c.total(0, by=("month",)) / 1e4).median("replicate"), color=INK, ls="--", lw=1, label=self._word("基准中位数", "baseline median"))
            step = max(1, len(x) // 18)
            axes.set_xticks(x[::step], list(q.month.values[::step]), rotation=45 if len(x) > 8 else 0)
            axes.set_ylabel(self._unit)
            bottom, high = axes.get_ylim()
            axes.set_ylim(bottom, high + 0.14 * (high - bottom))
            axes.legend(ncols=4, loc="upper right", fontsize=9)
        return figure

    def counties(self, scenario: str | int | None = None, top: int | None = None) -> Figure:
        """Counties in order of size: cost (or change) with 5 - 95 %, coloured by prefecture.

        With one scenario the cost is ranked, otherwise the change. Counties graded "suppress" are counted, not drawn.
        """
        many = self.c.dataset.sizes["scenario"] > 1
        frame = self.c.by_county(scenario)
        hidden = int((frame.grade == "suppress").sum())
        frame = frame[frame.grade != "suppress"]
        if many:
            middle, low, high = frame.change, frame.change_q05, frame.change_q95
        else:
            q = self.c.total(scenario, by=("county",)).quantile([0.05, 0.5, 0.95], "replicate").sel(county=frame.index.values).values
            low, middle, high = (pd.Series(row, frame.index) for row in q)
        order = middle.abs().sort_values(ascending=False).index[:top][::-1]
        low, middle, high = (s.reindex(order) / 1e4 for s in (low, middle, high))
        prefecture = self.c.dataset.prefecture_zh.to_series().reindex(order)
        palette = dict(zip(prefecture.iloc[::-1].unique(), [c for i, c in enumerate(matplotlib.color_sequences["tab10"]) if i != 7] * 3, strict=False))
        title = self._word("分县变化（配对差）", "Change by county") if many else self._word("分县支出", "Cost by county")
        names = f"{self._name(scenario)} − {self._name(0)}" if many else self._name(scenario)
        with self._figure(title, names, height=1.3 + 0.2 * len(order)) as (figure, axes):
            y = np.arange(len(order))
            for p, colour in palette.items():
                at, name = (prefecture == p).to_numpy(), word(PREFECTURES, self.lang, str(p))
                axes.hlines(y[at], low[at], high[at], color=colour, lw=1.6)
                axes.plot(middle[at], y[at], "o", ms=4.5, color=colour, label=name if self.font or name.isascii() else None)
            axes.set_yticks(y, frame.reindex(order)["name_zh" if self.lang == "zh" else "name_en"], fontsize=8)
            axes.set_ylim(-0.8, len(order) - 0.2)
            if len(order):
                axes.axvline(0, color="#999999", lw=0.8)
                axes.grid(axis="x", color="#eeeeee")
                axes.set_axisbelow(True)
            else:
                axes.set_xticks([])
            left_out = self._word(f"；另有 {hidden} 个县不公布，未画出", f"; {several(hidden, 'more county is', 'more counties are')} suppressed and not drawn") if hidden else ""
            axes.set_xlabel(self._unit + left_out)
            if axes.get_legend_handles_labels()[0]:
                figure.legend(loc="outside right upper", fontsize=8)  # within, it would hide counties
        return figure

    def drivers(self, scenario: str | int | None = None, difference: bool = False) -> Figure:
        """What drives the budget: the twelve largest shares of the variance, with what chance alone may show dashed."""
        frame = shares(self.c, scenario, difference=difference).head(12)
        title = self._word("变化由什么决定" if difference else "支出由什么决定", "What drives the change" if difference else "What drives the cost")
        names = f"{self._name(scenario)} − {self._name(0)}" if difference else self._name(scenario)
        with self._figure(title, names, height=1.4 + 0.28 * len(frame), unit=self._word("方差份额", "share of variance")) as (figure, axes):
            if frame.empty:
                self._untold(axes, "支出由什么决定", "what drives the cost")
                return figure
            y = np.arange(len(frame))[::-1]
            axes.barh(y, frame.share, color=[REFORM if clear else PALE for clear in frame.clear], height=0.65, label=self._word("一阶", "first order"))
            axes.axvline(frame.limit.iloc[0], color=UP, ls="--", lw=1, label=self._word("偶然所能及（整张表 5%），以内（浅色）不足为凭", "within reach of chance (5 % for the whole list): pale"))
            axes.set_yticks(y, [word(ASSUMPTIONS, self.lang, i) for i in frame.index], fontsize=8)
            axes.xaxis.set_major_formatter(lambda x, _: f"{100 * x:.3g}%")
            axes.set_xlim(left=0)
            axes.set_xlabel(self._word("占方差的份额", "share of the variance"))
            axes.legend(loc="lower right", fontsize=8, frameon=True, edgecolor="none")  # the dashed line may run through it
        return figure

    def convergence(self, scenario: str | int | None = None) -> Figure:
        """Mean, with its 95 % Monte Carlo interval (Student's t, as the command prints), as replicates grow: whether there are enough of them."""
        frame = self.c.convergence(scenario)
        mean = frame["mean"] / 1e4
        half = frame["standard_error"] / 1e4 * stats.t.ppf(0.975, np.maximum(frame.index - 1, 1))
        with self._figure(self._word("均值随模拟次数的收敛", "Convergence of the mean"), self._name(scenario)) as (figure, axes):
            if self._alone:
                self._untold(axes, "误差", "its error")
                return figure
            axes.errorbar(frame.index, mean, yerr=half.fillna(0), fmt="o-", color=REFORM, capsize=3, ms=4)
            # The bars of two and four replicates are many times those that matter: they may leave the picture.
            room = 1.3 * float(half[frame.index >= min(8, frame.index[-1])].max())
            low, high = min(mean.min(), mean.iloc[-1] - room), max(mean.max(), mean.iloc[-1] + room)
            axes.set_ylim(low - 0.06 * (high - low), high + 0.14 * (high - low))
            axes.axhline(float(mean.iloc[-1]), color="#999999", lw=0.8, ls="--")
            axes.set_xscale("log", base=2)
            axes.set_xticks(frame.index, [str(n) for n in frame.index])
            axes.set_xlabel(self._word("模拟次数（竖线：均值的 95% 区间，学生 t 分布；次数少时可超出图幅）", "replicates (bars: 95 % interval of the mean, Student's t; those of few may leave the picture)"))
            axes.set_ylabel(self._unit)
            final = float(half.iloc[-1])
            axes.text(0.985, 0.96, self._word(f"现有 {frame.index[-1]} 次：{mean.iloc[-1]:,.0f} ± {final:,.0f}（95%）", f"now, {frame.index[-1]}: {mean.iloc[-1]:,.0f} ± {final:,.0f} (95 %)"),
                      transform=axes.transAxes, ha="right", va="top")
        return figure

    def scenarios(self) -> Figure:
        """Median cost of each scenario with 5 - 95 %: for a sweep of standards."""
        n = self.c.dataset.sizes["scenario"]
        q = np.array([np.quantile(self.c.total(i).values / 1e4, [0.05, 0.5, 0.95]) for i in range(n)])
        with self._figure(self._word("各方案总支出", "Cost of each scenario"), self._word(f"{n} 个方案", f"{n} scenarios"), height=1.3 + 0.3 * n) as (figure, axes):
            y = np.arange(n)[::-1]
            axes.hlines(y, q[:, 0], q[:, 2], color=REFORM, lw=2)
            axes.plot(q[:, 1], y, "o", color=REFORM)
            axes.axvline(q[0, 1], color="#999999", lw=0.8, ls="--")
            axes.set_yticks(y, self.names, fontsize=9)
            axes.set_ylim(-0.7, n - 0.3)
            axes.set_xlabel(self._unit)
        return figure

    def save_all(self, folder: str | os.PathLike[str]) -> list[pathlib.Path]:
        """Every picture as PNG into a folder, which must exist; returns the paths. For a slide deck, or a look."""
        many = self.c.dataset.sizes["scenario"] > 1
        paths = []
        for name in ["cost", "exceedance", "months", "counties", "drivers", "convergence", *(["difference", "scenarios"] if many else [])]:
            paths.append(pathlib.Path(folder, f"{name}.png"))
            getattr(self, name)().savefig(paths[-1])
        return paths
