"""Shares to the fen, intervals that hold for any distribution, grades. Behind `Comparison`; amounts as they come."""
from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr
from scipy import stats


def split(amount: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Splits int64 fen [...] by shares in 1e-4 [..., part] that add up to 10,000: each part but the last is rounded down, the
    last, the county, pays what is left. Parts add up exactly; a negative amount is split like its opposite."""
    size = np.abs(amount)[..., None]
    part = size // 10000 * share + size % 10000 * share // 10000  # whole ten thousands first: size * share could overflow
    part[..., -1] = np.abs(amount) - part[..., :-1].sum(-1)
    return part * np.sign(amount)[..., None]


def paid_by(ds: xr.Dataset, scenario: int) -> xr.DataArray:
    """Fen by [replicate, county, programme, level]: each county's programme is split once for the period."""
    cost = ds.cost.isel(scenario=scenario).sum(["residence", "month"]).transpose("replicate", "county", "programme")
    share = ds.funding_share.isel(scenario=scenario).transpose("programme", "level").values.astype(np.int64)
    parts = split(cost.values, np.broadcast_to(share, (*cost.shape, share.shape[-1])))
    return xr.DataArray(parts, dims=(*cost.dims, "level"), coords={"county": ds.county, "programme": ds.programme, "level": ds.level.values}, attrs={"units": "fen"})


def quantile_interval(values: np.ndarray, q: float, confidence: float = 0.95) -> tuple[float, float]:
    """Confidence interval of a quantile from order statistics; an end is infinite where the replicates do not say."""
    ordered, n, tail = np.sort(values), len(values), (1 - confidence) / 2
    low, high = int(stats.binom.ppf(tail, n, q)) - 1, int(stats.binom.ppf(1 - tail, n, q))
    return (float(ordered[low]) if low >= 0 else -np.inf, float(ordered[high]) if high < n else np.inf)


def breach_interval(over: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """Clopper and Pearson's interval of a probability from `over` of `n` replicates."""
    interval = stats.binomtest(over, n).proportion_ci(confidence, "exact")
    return float(interval.low), float(interval.high)


def expected_shortfall(values: np.ndarray, level: float) -> tuple[float, float]:
    """Mean of the worst 1 - level of the values, the boundary one in part, and its standard error."""
    ordered, n = np.sort(values)[::-1], len(values)
    tail = (1 - level) * n
    whole = int(tail)
    mean = (ordered[:whole].sum() + (tail - whole) * ordered[min(whole, n - 1)]) / tail
    beyond = np.maximum(0, values - np.quantile(values, level))
    return float(mean), float(beyond.std(ddof=1) / np.sqrt(n) / (1 - level)) if n > 1 else np.nan


def grade(relative_error: pd.Series, counted: pd.Series, sample_share: float = 1.0) -> pd.Series:
    """publish, caution or suppress, as the command grades (docs/decide.md).

    `relative_error`: standard error of the mean over the mean; `counted`: persons a month as simulated, before a sample
    is weighted up. Publish: at most 5 % on 100 or more; suppress: over 20 % or under 20; a zero on nobody is published.
    """
    sampling = (1 - sample_share) / counted.clip(lower=1e-9)  # zero where every household is simulated
    error = np.sqrt(relative_error**2 + sampling)
    result = pd.Series("publish", relative_error.index).where((error <= 0.05) & (counted >= 100), "caution")
    result = result.where((error <= 0.2) & (counted >= 20), "suppress")
    return result.where(~((relative_error == 0) & (counted == 0)), "publish")


def information(values: np.ndarray, inputs: pd.DataFrame, level: float, survey: dict[str, int]) -> pd.DataFrame:
    """Reserve that learning each input would free; see `Comparison.value_of_information`."""
    reserve = np.quantile(values, level) - np.median(values)
    folds = np.arange(len(values)) % 5

    def left(x: np.ndarray) -> float:
        """Share of the variance that a cubic in x does not explain, out of sample."""
        z = (x - x.mean()) / x.std()
        basis = np.vander(np.clip(z, -3, 3), 4)
        rest = np.empty(len(values))
        for fold in range(5):
            test = folds == fold
            beta = np.linalg.lstsq(basis[~test], values[~test], rcond=None)[0]
            rest[test] = values[test] - basis[test] @ beta
        return min(1.0, float((rest**2).mean() / values.var()))

    rng = np.random.default_rng(1)
    chance = 1 - np.array([left(rng.permutation(inputs.iloc[:, 0].to_numpy(float))) for _ in range(40)]) if inputs.shape[1] else np.zeros(1)
    columns = ["share_of_variance", "learned", "frees", "by_chance"]
    rows = {}
    for name in inputs:
        x = inputs[name].to_numpy(float)
        share = 1 - left(x)
        known = 1.0
        if name in survey:
            noise = x.mean() * (1 - x.mean()) / survey[name]
            known = x.var() / (x.var() + noise)
        rows[name] = {"share_of_variance": share, "learned": known, "frees": reserve * (1 - np.sqrt(1 - share * known)),
                      "by_chance": reserve * (1 - np.sqrt(1 - np.quantile(chance, 0.95)))}
    return pd.DataFrame(rows, index=columns).T.rename_axis("input").sort_values("frees", ascending=False)
