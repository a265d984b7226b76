"""Means adjusted for what was drawn: control variates. Behind `Comparison.adjusted_mean`; amounts as they come."""
from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr
from scipy import stats

from . import _core

FOLDS, LEAST = 5, 20
RIDGES = np.geomspace(1e-3, 1e3, 13)  # penalties on standardised controls, times the number of replicates fitted on


def controls(ds: xr.Dataset) -> np.ndarray:
    """What a replicate drew and whose mean is known to be 0, [replicate, control]: where its parameters stand in their priors, the squares of
    that less their mean, 1, and the systemic factors, each as its mean over counties and months. The squares are made small, so that a
    penalty holds them back more: costs bend little. Raises InputError for results without `parameter_score`."""
    if "parameter_score" not in ds:
        raise _core.InputError("these results do not hold parameter_score: an earlier version wrote them; simulate them anew (doudi compare)")
    scores = ds.parameter_score.transpose("replicate", "parameter").values
    scores = scores[:, np.ptp(scores, axis=0) > 0]
    parts = [scores, (scores**2 - 1) / 4]
    if "systemic_mean" in ds:
        parts.append(ds.systemic_mean.transpose("replicate", "factor").values)
    return np.hstack(parts)


def slopes(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Ridge regression of y [replicate, series] on x [replicate, control] with an intercept: the slopes [control, series], each series by the
    penalty of least generalised cross-validation (Golub, Heath and Wahba 1979)."""
    n = len(x)
    u, s, vt = np.linalg.svd(x - x.mean(axis=0), full_matrices=False)
    centred = y - y.mean(axis=0)
    along = u.T @ centred
    beyond = (centred**2).sum(axis=0) - (along**2).sum(axis=0)  # of y, what no slope reaches
    best, result = np.full(y.shape[1], np.inf), np.zeros((x.shape[1], y.shape[1]))
    for ridge in RIDGES * n:
        kept = s**2 / (s**2 + ridge)
        score = (beyond + (((1 - kept)[:, None] * along) ** 2).sum(axis=0)) / (1 - (1 + kept.sum()) / n) ** 2
        better = score < best
        best[better] = score[better]
        result[:, better] = vt.T @ ((kept / np.where(s > 0, s, 1))[:, None] * along[:, better])
    return result


def residuals(y: np.ndarray, x: np.ndarray) -> np.ndarray:
    """y [replicate, series] less its slopes times x, which are fitted on the other folds: the mean of what is left has the
    expectation of y's own, for x has mean 0 and the slopes know nothing of the replicates they are used on."""
    left = np.empty(y.shape)
    for fold in range(FOLDS):
        here = np.arange(len(y)) % FOLDS == fold
        left[here] = y[here] - x[here] @ slopes(x[~here], y[~here])
    return left


def means(values: xr.DataArray, x: np.ndarray, confidence: float) -> pd.DataFrame:
    """One row for each label of the dimensions of `values` beside replicate; see `Comparison.adjusted_mean`. Raises InputError for fewer than
    20 replicates."""
    kept = [str(d) for d in values.dims if d != "replicate"]
    values = values.transpose("replicate", *kept)
    n = values.sizes["replicate"]
    if n < LEAST:
        raise _core.InputError(f"an adjusted mean takes at least {LEAST} replicates, and here are {n}: a regression must have something to go by")
    y = values.values.reshape(n, -1).astype(float)
    left, t = residuals(y, x), stats.t.ppf(0.5 + confidence / 2, n - 1)
    mean, error, plain = left.mean(axis=0), left.std(axis=0, ddof=1) / np.sqrt(n), y.std(axis=0, ddof=1) / np.sqrt(n)
    with np.errstate(divide="ignore", invalid="ignore"):
        effective = np.where(plain > 0, n * (plain / error) ** 2, float(n))
    labels = pd.MultiIndex.from_product([values[d].values for d in kept], names=kept) if len(kept) > 1 else pd.Index(values[kept[0]].values if kept else ["total"], name=kept[0] if kept else None)
    return pd.DataFrame({"mean": mean, "standard_error": error, "low": mean - t * error, "high": mean + t * error,
                         "plain_mean": y.mean(axis=0), "plain_error": plain, "effective_replicates": effective}, index=labels)
