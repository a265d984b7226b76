"""How pictures look: a font with Chinese characters, colours, an empty figure with its foot, numbers at the axes."""
from __future__ import annotations

import contextlib
import functools
import warnings
from collections.abc import Iterator

import matplotlib
import matplotlib.font_manager
import matplotlib.ticker
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .words import wrapped

FONTS = ["Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei",
         "Microsoft YaHei", "PingFang SC", "Hiragino Sans GB", "SimHei", "SimSun", "Noto Serif CJK SC"]
INK, BASE, REFORM, UP, DOWN, PALE = "#333333", "#8a99a8", "#1f5a92", "#b5482f", "#3d7f4f", "#c9d3dd"


@functools.cache
def _known_font() -> str | None:
    known = {f.name for f in matplotlib.font_manager.fontManager.ttflist}
    found = next((name for name in FONTS if name in known), None)
    if found is None:  # a font that was installed after matplotlib made its list
        for path in matplotlib.font_manager.findSystemFonts():
            if any(part in path for part in ("CJK", "wqy", "SourceHan", "msyh", "simhei", "simsun", "PingFang")):
                matplotlib.font_manager.fontManager.addfont(path)
        known = {f.name for f in matplotlib.font_manager.fontManager.ttflist}
        found = next((name for name in FONTS if name in known), None)
    return found


def chinese_font() -> str | None:
    """A font with Chinese characters, or None with a warning that says what to install."""
    font = _known_font()
    if font is None:
        warnings.warn("no font with Chinese characters was found, so labels are English; install one (Debian: apt install fonts-noto-cjk) and start Python again",
                      stacklevel=3)
    return font


@contextlib.contextmanager
def style(font: str | None) -> Iterator[None]:
    with matplotlib.rc_context({
            "font.family": [font, "DejaVu Sans"] if font else ["DejaVu Sans"], "axes.unicode_minus": False, "font.size": 10, "axes.spines.top": False,
            "axes.spines.right": False, "axes.edgecolor": "#888888", "axes.titlesize": 12, "axes.titlelocation": "left", "axes.labelcolor": INK, "text.color": INK,
            "xtick.color": INK, "ytick.color": INK, "legend.frameon": False, "svg.fonttype": "path", "svg.hashsalt": "doudi"}):
        yield


def blank(title: str, foot: str, width: float = 8, height: float = 4.2) -> tuple[Figure, Axes]:
    """An empty figure within `style`: its title, and a foot of what the picture shows, in as many lines as it needs."""
    lines = wrapped(foot, int(15 * width))  # a column of the foot is at most 4.7 points wide
    room = 0.24 + 0.14 * (len(lines) - 1)
    height += room - 0.24
    figure = Figure(figsize=(width, height), layout="constrained", dpi=120)
    engine = figure.get_layout_engine()
    assert engine is not None
    engine.set(rect=(0, room / height, 1, 1 - room / height))  # type: ignore[call-arg]
    axes = figure.subplots()
    axes.set_title(title, fontweight="bold")
    figure.text(0.995, 0.006, "\n".join(lines), ha="right", va="bottom", fontsize=7.5, color="#666666")
    return figure, axes


def thousands(axes: Axes) -> None:
    """Commas at the axes, and never a label that is rounded away from its tick."""
    for axis in (axes.xaxis, axes.yaxis):
        if isinstance(axis.get_major_formatter(), matplotlib.ticker.ScalarFormatter):
            axis.set_major_formatter(lambda v, _: f"{v:,.10g}")
