"""What a sample of households does to the figures of a `Comparison`: its error, which no interval holds, and the words for it."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

if TYPE_CHECKING:
    from .comparison import Comparison


def share(ds: xr.Dataset) -> float:
    """Share of the households that were simulated; 1 is all of them."""
    return float(ds.attrs.get("sample_share", 1.0))


def error(ds: xr.Dataset, scenario: int, *, difference: bool = False) -> float:
    """Standard error in fen that a sample of households brings to the mean cost of a scenario (or its change), as the command
    reckons it: by what the groups of the sample differ by, county by county (Cochran, Sampling Techniques, 13.16). 0 where
    every household is simulated, NaN where the results carry no groups.

    Nothing else holds this error: quantiles, reserves and shortfalls are those of the replicates of the sample. Its
    weights also blow up individual luck, so the replicates of a small county spread too widely.
    """
    if share(ds) >= 1:
        return 0.0
    if "sample_group_cost" not in ds or ds.sizes["sample_group"] < 2:
        return float("nan")
    cost = ds.sample_group_cost.sum("programme").transpose("scenario", "sample_group", "county").values.astype(float)
    values = cost[scenario] - cost[0] if difference else cost[scenario]
    variance = values.var(axis=0, ddof=1) / len(values)  # of each county's sum over the groups' mean
    return float(np.sqrt((1 - share(ds)) * variance.sum()) / float(ds.attrs["sample_group_replicates"]))


def note(c: Comparison, lang: str = "en", scenario: str | int | None = None) -> str:
    """What a sample does to intervals, reserves and quantiles, in a few sentences; empty without a sample."""
    part = share(c.dataset)
    if part >= 1:
        return ""
    place, mean = c._scenario(scenario), float(c.total(scenario).mean())
    total, change = c.sampling_error(place) / 1e4, c.sampling_error(place, difference=True) / 1e4
    relative = 1e6 * total / mean if mean else 0.0
    if lang == "zh":
        known = "其标准误未测（命令 run、compare 的结果才有抽样分组）" if np.isnan(total) else f"总额的抽样标准误 {total:,.1f} 万元，为均值的 {relative:.1f}%" + (f"；变化的抽样标准误 {change:,.1f} 万元" if place else "")
        return f"区间来自抽样（只模拟了 {100 * part:.3g}% 的家庭），未含抽样误差：{known}。加权把个体偶然放大，小县各次模拟之间的离散因此偏大，由抽样得出的各县备用金与分位数偏高。"
    known = ("its standard error was not measured (results of the commands run and compare carry the groups that tell it)" if np.isnan(total) else
             f"standard error of the total {total:,.1f} x 10,000 yuan, {relative:.1f} % of the mean" + (f"; of the change {change:,.1f}" if place else ""))
    return (f"The intervals are those of a sample ({100 * part:.3g} % of the households) and do not hold its error: {known}. Weights blow up individual luck, so the replicates "
            "of a small county spread too widely: reserves and quantiles of counties from a sample are too high.")


def noted(c: Comparison, frame: Any) -> Any:
    """A Series or frame of risks with what a sample does to them as ``.attrs["note"]``."""
    text = note(c)
    if text:
        frame.attrs["note"] = text
    return frame
