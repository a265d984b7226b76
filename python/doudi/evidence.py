"""How much of what we say rests on assumptions."""
from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import stats

if TYPE_CHECKING:
    from .comparison import Comparison


def _standardised(values: np.ndarray) -> np.ndarray:
    """Ranks down the rows with mean 0 and length 1, so that products are rank correlations; 0 where all values are the same."""
    ranks = stats.rankdata(values, axis=0) - (len(values) + 1) / 2
    return np.asarray(ranks / np.maximum(np.sqrt((ranks**2).sum(axis=0)), 1e-9))


def limit(cost: np.ndarray, inputs: np.ndarray) -> float:
    """The share of variance, a squared rank correlation, that the largest of so many inputs without effect goes over in one list of 20.

    `cost` is [replicate] and `inputs` [replicate, input]. Where no input has an effect, every order of the costs is as likely as the one
    that was drawn, so that the largest share over 999 orders at random has the very law of the largest share of the list, however few
    the replicates, however alike the inputs and whatever the ties (Westfall and Young 1993): it lies over the 50th largest of them in
    at most 50 cases of 1000. The usual law of one squared correlation, Beta(1/2, (n - 2)/2), taken at 5 % over the number of inputs,
    agrees from 200 replicates on, and is over-confident with few: its tail is not that of ranks.
    """
    ranks, columns, luck = _standardised(cost), _standardised(inputs), np.random.default_rng(1)
    largest = [float(((luck.permutation(ranks) @ columns) ** 2).max(initial=0.0)) for _ in range(999)]
    return float(np.sort(largest)[-50]) + 1e-9  # what differs in rounding alone is not over it


def shares(c: Comparison, scenario: str | int | None = None, *, difference: bool = False) -> pd.DataFrame:
    """One row an input that can act: `share` of the variance, `chance` (what an idle input shows on average), `limit` (what the largest
    of the list goes over by chance in one list of 20), `clear` of that, `evidence`, `per_sd` (yuan that the cost moves with one
    standard deviation of the input, by regression); largest share first."""
    ds = c.dataset
    frame = c.drivers(scenario, difference=difference, top=10_000)
    if ds.sizes["month"] <= 12:  # incomes grow from year to year
        frame = frame[~frame.index.str.startswith("growth.")]
    evidence = pd.Series(ds.parameter_evidence.values, ds.parameter.values) if "parameter_evidence" in ds else pd.Series(dtype=object)
    cost = (c.difference(scenario) if difference else c.total(scenario)).values
    inputs = dict(zip(map(str, ds.parameter.values), ds.parameter_value.values.T, strict=True))
    if "systemic" in ds:
        inputs |= {f"systemic: {f}": ds.systemic.sel(factor=f).mean(["county", "month"]).values for f in ds.factor.values}
    beyond = limit(cost, np.array([inputs[str(i)] for i in frame.index]).reshape(len(frame), len(cost)).T)
    share = frame.share_of_variance
    out = pd.DataFrame({"share": share, "chance": frame.share_by_chance, "limit": beyond, "clear": share > beyond, "evidence": [evidence.get(str(i), "systemic") for i in frame.index]}, index=frame.index)
    off = cost - cost.mean()
    slope = {str(p): float(off @ (x - x.mean())) / len(x) / x.std() for p, x in zip(ds.parameter.values, ds.parameter_value.values.T, strict=True) if np.ptp(x) > 0}
    out["per_sd"] = [slope.get(str(i), np.nan) for i in out.index]
    return out.sort_values("share", ascending=False)


def by_evidence(frame: pd.DataFrame) -> pd.Series:
    """Of the variance that `shares` can tell from chance, the share by grade of evidence, adding to 1; empty if there is none."""
    clear = frame[frame.clear]
    return (clear.groupby("evidence").share.sum() / clear.share.sum()).sort_values(ascending=False) if len(clear) else pd.Series(dtype=float)
