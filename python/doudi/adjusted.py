"""Figures adjusted for what the replicates drew: the same mean, quantiles and reserve, sharper. Behind `Comparison.adjusted`."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import xarray as xr

from . import _core, given, sampled

if TYPE_CHECKING:
    from .comparison import Comparison

LEAST = _core.Adjustment.least  # replicates


def can(ds: xr.Dataset) -> bool:
    """Whether the results tell what their replicates drew and its law, and there are enough of them."""
    return "law_parameter" in ds and ds.sizes["replicate"] >= LEAST


def adjustment(ds: xr.Dataset) -> _core.Adjustment:
    """Emulators' controls of a run. Raises InputError for fewer than 20 replicates, and for results of a version that did not keep the law."""
    if ds.sizes["replicate"] < LEAST:
        raise _core.InputError(f"adjusting takes at least {LEAST} replicates, and here are {ds.sizes['replicate']}: a regression must have something to go by")
    if "law_parameter" not in ds:
        raise _core.InputError("these results do not hold law_parameter: an earlier version wrote them, or they were made with fewer replicates; simulate them anew (doudi compare)")

    def table(name: str, *dims: str) -> np.ndarray:
        return ds[name].transpose(*dims).values

    counties = (table("county_mean", "replicate", "factor", "county"), table("law_county_mean", "law_draw", "factor")) if "law_county_mean" in ds else ()
    return _core.Adjustment(table("parameter_value", "replicate", "parameter"), table("systemic_mean", "replicate", "factor"),
                            table("law_parameter", "law_draw", "parameter"), table("law_systemic_mean", "law_draw", "factor"), int(ds.attrs["law_batches"]), *counties)


class Adjusted:
    """Mean, quantiles, reserve and the rest of a `Comparison`, adjusted for the parameters and systemic factors that its replicates drew.

    Control variates: an emulator (a ridge regression on what a replicate drew, for each replicate fitted on others) says what the cost follows,
    and its law is known, for the results hold draws without a simulation (`law_parameter`). A figure is what the emulator says under that law, and
    what the replicates say beside it: means stay unbiased, quantiles as far as quantiles are, and the error shrinks to what the emulator leaves.
    Emulators of a county's figures know the factors of that county, others the means over all.

    Every method returns a frame with one row, "total", or one for each of `by`: value (yuan, or a probability), standard_error, low and high
    (Student's t, `interval`), plain, the figure without the adjustment, and effective_replicates: how many replicates the plain figure would
    take for this error. With stratified parameters the plain error is smaller than it says, and these are therefore too many. The error of a sample of
    households comes on top (`Comparison.sampling_error`). All raise InputError for fewer than 20 replicates, and for results without the law.
    Source: Hesterberg and Nelson, Control variates for probability and quantile estimation, Management Science 44 (1998); docs/decisions/0023.
    """

    def __init__(self, comparison: Comparison):
        self._c = comparison
        self._adjust = adjustment(comparison.dataset)

    def mean(self, scenario: str | int | None = None, *, difference: bool = False, by: tuple[str, ...] = (), level: str | None = None, interval: float = 0.95) -> pd.DataFrame:
        """Mean cost of the period, or of its change; of what one paying `level` pays."""
        return self._frame(self._values(scenario, difference, by, level), lambda a, _: a.mean(), lambda v, _: v.mean(), interval)

    def quantiles(self, q: tuple[float, ...] = (0.05, 0.5, 0.95), scenario: str | int | None = None, *, difference: bool = False, by: tuple[str, ...] = (),
                  level: str | None = None, interval: float = 0.95) -> pd.DataFrame:
        """Quantiles of the same; the index has a level `quantile` at its end."""
        values = self._values(scenario, difference, by, level)
        frame = pd.concat({p: self._quantile(values, given.confidence(p), interval) for p in q}, names=["quantile"])
        return sampled.noted(self._c, frame.reorder_levels([*range(1, frame.index.nlevels), 0]))

    def reserve(self, confidence: float = 0.95, scenario: str | int | None = None, *, by: tuple[str, ...] = (), level: str | None = None, interval: float = 0.95) -> pd.DataFrame:
        """Yuan over the median that hold with probability `confidence`, from a half on."""
        confidence = self._over_half(confidence)
        return self._frame(self._values(scenario, False, by, level), lambda a, _: a.reserve(confidence), lambda v, _: np.quantile(v, confidence) - np.median(v), interval)

    def reserves(self, confidence: float = 0.95, scenario: str | int | None = None, *, by: tuple[str, ...] = ("county",), level: str | None = None, interval: float = 0.95) -> pd.DataFrame:
        """What to set aside, all in one frame, in yuan: median, the cost that holds with probability `confidence` (`quantile`, with `quantile_low` and
        `quantile_high`), the `reserve` over the median (`reserve_low`, `reserve_high`), the mean beyond (`shortfall`), and how many replicates a plain
        reserve would take for this error. Reserves do not add up: each row has its own worst years."""
        confidence, interval = self._over_half(confidence), given.confidence(interval)
        values = self._values(scenario, False, by, level)
        rows = []
        for a, _ in self._each(values):
            top, reserve = a.quantile(confidence), a.reserve(confidence)
            rows.append([a.quantile(0.5).value, top.value, *top.interval(interval), reserve.value, *reserve.interval(interval), a.shortfall(confidence).value, reserve.effective_replicates])
        columns = ["median", "quantile", "quantile_low", "quantile_high", "reserve", "reserve_low", "reserve_high", "shortfall", "effective_replicates"]
        return sampled.noted(self._c, pd.DataFrame(rows, index=self._labels(values), columns=columns))

    def expected_shortfall(self, confidence: float = 0.95, scenario: str | int | None = None, *, by: tuple[str, ...] = (), level: str | None = None, interval: float = 0.95) -> pd.DataFrame:
        """Mean cost over the worst 1 - `confidence`."""
        from .risk import expected_shortfall

        confidence = given.confidence(confidence)
        return self._frame(self._values(scenario, False, by, level), lambda a, _: a.shortfall(confidence), lambda v, _: expected_shortfall(v, confidence)[0], interval)

    def breach_probability(self, budget: float | pd.Series, scenario: str | int | None = None, *, by: tuple[str, ...] = (), level: str | None = None, interval: float = 0.95) -> pd.DataFrame:
        """Probability that the cost is over `budget` yuan; with `by`, `budget` may be a Series by the labels of its first dimension, and others are
        left out. Ends of intervals may leave [0, 1]."""
        values, limit = given.budgets(budget, self._values(scenario, False, by, level), by)
        if isinstance(limit, xr.DataArray):
            limit = limit.broadcast_like(values[0]).transpose(*by)
        limits = np.broadcast_to(np.asarray(limit, float), values[0].shape).ravel()
        return self._frame(values, lambda a, k: a.breach(limits[k]), lambda v, k: (v > limits[k]).mean(), interval)

    def _quantile(self, values: xr.DataArray, p: float, interval: float) -> pd.DataFrame:
        return self._frame(values, lambda a, _: a.quantile(p), lambda v, _: np.quantile(v, p), interval)

    @staticmethod
    def _over_half(confidence: float) -> float:
        if given.confidence(confidence) <= 0.5:
            raise _core.InputError(f"confidence = {confidence!r}: a reserve is kept over the median, so it is more than 0.5, such as 0.95")
        return confidence

    def _values(self, scenario: str | int | None, difference: bool, by: tuple[str, ...], level: str | None) -> xr.DataArray:
        given.no_level_of_a_difference(difference, level)
        return self._c.difference(scenario, by=by) if difference else self._c._values(scenario, level, by)

    @staticmethod
    def _labels(values: xr.DataArray) -> pd.Index:
        by = [str(d) for d in values.dims if d != "replicate"]
        if len(by) > 1:
            return pd.MultiIndex.from_product([values[d].values for d in by], names=by)
        return pd.Index(values[by[0]].values, name=by[0]) if by else pd.Index(["total"])

    def _factors(self, values: xr.DataArray) -> Callable[[int], _core.Factors | None]:
        """What the emulator of each series knows of the factors: those of its county, if it is of one."""
        known = self._c.dataset.indexes["county"]
        if "county" not in values.dims:
            alone = self._adjust.county(0) if len(known) == 1 else None
            return lambda k: alone
        place = known.get_indexer(values["county"].values)
        of = [self._adjust.county(int(p)) for p in place]
        axis = [d for d in values.dims if d != "replicate"]
        shape = tuple(values.sizes[d] for d in axis)
        return lambda k: of[int(np.unravel_index(k, shape)[axis.index("county")])]

    def _each(self, values: xr.DataArray) -> Iterator[tuple[_core.Adjusted, np.ndarray]]:
        factors = self._factors(values)
        for k, series in enumerate(values.values.reshape(values.sizes["replicate"], -1).T.astype(float)):
            yield self._adjust(series, factors(k)), series

    def _frame(self, values: xr.DataArray, figure: Callable[[_core.Adjusted, int], _core.AdjustedFigure], plain: Callable[[np.ndarray, int], float], interval: float) -> pd.DataFrame:
        interval = given.confidence(interval)
        rows = []
        for k, (adjusted, series) in enumerate(self._each(values)):
            f = figure(adjusted, k)
            low, high = f.interval(interval)
            rows.append({"value": f.value, "standard_error": f.standard_error, "low": low, "high": high, "plain": plain(series, k), "effective_replicates": f.effective_replicates})
        return sampled.noted(self._c, pd.DataFrame(rows, index=self._labels(values)))
