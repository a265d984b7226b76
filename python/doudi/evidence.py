"""How much of what we say rests on assumptions."""
from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from .comparison import Comparison


def shares(c: Comparison, scenario: str | int | None = None, *, difference: bool = False) -> pd.DataFrame:
    """One row an input: `share` of the variance, `chance` (what an idle input would show), `clear` of it, `evidence`,
    `per_sd` (yuan that the cost moves with one standard deviation of the input, by regression); largest share first."""
    ds = c.dataset
    frame = c.drivers(scenario, difference=difference, top=10_000)
    share = next((frame[n] for n in ("share_of_variance", "first_order", "share") if n in frame), None)
    if share is None:
        raise KeyError(f"drivers() has no share of variance, only {list(frame)}")
    chance = frame["share_by_chance"] if "share_by_chance" in frame else pd.Series(0.0, frame.index)
    evidence = pd.Series(ds.parameter_evidence.values, ds.parameter.values) if "parameter_evidence" in ds else pd.Series(dtype=object)
    out = pd.DataFrame({"share": share, "chance": chance, "clear": share > 4 * chance, "evidence": [evidence.get(str(i), "systemic") for i in frame.index]}, index=frame.index)
    cost = (c.difference(scenario) if difference else c.total(scenario)).values
    off = cost - cost.mean()
    slope = {str(p): float(off @ (x - x.mean())) / len(x) / x.std() for p, x in zip(ds.parameter.values, ds.parameter_value.values.T, strict=True) if np.ptp(x) > 0}
    out["per_sd"] = [slope.get(str(i), np.nan) for i in out.index]
    return out.sort_values("share", ascending=False)


def by_evidence(frame: pd.DataFrame) -> pd.Series:
    """Of the variance that `shares` can tell from chance, the share by grade of evidence, adding to 1; empty if there is none."""
    clear = frame[frame.clear]
    return (clear.groupby("evidence").share.sum() / clear.share.sum()).sort_values(ascending=False) if len(clear) else pd.Series(dtype=float)
