"""Whom the money reaches: coverage, errors of exclusion and inclusion, leakage, poverty and inequality."""
from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import xarray as xr

from . import given


def targeting(dataset: xr.Dataset, level: float = 0.9) -> pd.DataFrame:
    """Targeting by county and for all counties of the run, with intervals, in the last month of the horizon.

    One row for each scenario, county and measure: `mean`, `median`, `low` and `high` of the replicates that were measured, as
    shares between 0 and 1. County 0 is all counties together. `low` to `high` holds `level` of the replicates; each
    replicate has its own sample of families, so the spread holds beliefs, luck and sampling together.

    Raises InputError for a `level` that is not between 0 and 1, and KeyError if the results carry no targeting
    (run.targeting_replicates = 0, or a file of an earlier version).
    Measures: docs/results-format.md; poverty after Foster, Greer and Thorbecke (1984), line: the local dibao standard.
    """
    level = given.confidence(level, "level")
    if "targeting" not in dataset:
        raise KeyError("the results carry no targeting: run again with run.targeting_replicates of 1 or more")
    province, counties = (dataset[name].reset_coords(drop=True) for name in ("targeting_province", "targeting"))  # only the county's code is told of both
    values = xr.concat([province.expand_dims(county=[0]), counties], dim="county").transpose("targeting_replicate", "scenario", "county", "targeting_measure")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a county where nobody is in the base of a share
        tail = (1 - level) / 2
        low, median, high = np.nanquantile(values.values, [tail, 0.5, 1 - tail], axis=0)
        mean = np.nanmean(values.values, axis=0)
    index = pd.MultiIndex.from_product([values.scenario.values, values.county.values, values.targeting_measure.values], names=["scenario", "county", "measure"])
    return pd.DataFrame({"mean": mean.ravel(), "median": median.ravel(), "low": low.ravel(), "high": high.ravel()}, index=index)
