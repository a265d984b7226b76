"""How well so many replicates know a figure: the error of the Monte Carlo itself. Behind `Comparison`; amounts as they come."""
from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from . import risk


def table(quantities: dict[str, np.ndarray], confidence: float) -> pd.DataFrame:
    """Mean, 5 %, median and 95 % of each quantity [replicate], with the mean's standard error and intervals; see `Comparison.precision`."""
    rows = {}
    for name, values in quantities.items():
        n = len(values)
        error = values.std(ddof=1) / np.sqrt(n) if n > 1 else np.nan
        t = stats.t.ppf(0.5 + confidence / 2, n - 1) if n > 1 else np.nan
        rows[name, "mean"] = {"value": values.mean(), "standard_error": error, "low": values.mean() - t * error, "high": values.mean() + t * error}
        for label, q in (("q05", 0.05), ("median", 0.5), ("q95", 0.95)):
            low, high = risk.quantile_interval(values, q, confidence)
            rows[name, label] = {"value": np.quantile(values, q), "standard_error": np.nan, "low": low, "high": high}
    return pd.DataFrame(rows).T.rename_axis(["quantity", "statistic"])


def convergence(values: np.ndarray, q: float) -> pd.DataFrame:
    """One row at 1, 2, 4, 8 ... replicates; see `Comparison.convergence`."""
    rows, n = [], 1
    while n <= len(values):
        part = values[:n]
        error = part.std(ddof=1) / np.sqrt(n) if n > 1 else np.nan
        low, high = risk.quantile_interval(part, q)
        rows.append({"replicates": n, "mean": part.mean(), "standard_error": error, f"q{100 * q:g}": np.quantile(part, q), "low": low, "high": high})
        n = 2 * n if 2 * n <= len(values) or n == len(values) else len(values)
    return pd.DataFrame(rows).set_index("replicates")
