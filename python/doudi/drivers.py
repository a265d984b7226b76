"""What drives the budget: shares of the variance by layer and parameter group, and what knowing them is worth."""
from __future__ import annotations

import pathlib
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
import xarray as xr

from . import _core, given
from .files import opened
from .scenario import Scenario, plan

INDICES = ("first_order", "first_order_error", "total_order", "total_order_error")


class Drivers:
    """A pick-freeze design and its Sobol indices. `dataset` holds everything, as the command's file does.

    `quantity` is the name of a scenario (its cost) or "difference: NAME" (its paired change); by default the last one.
    `place` is "province" or a county code, `item` a programme or "total".
    """

    def __init__(self, dataset: xr.Dataset):
        self.dataset = dataset

    def _cell(self, quantity: str | None, place: str | int, item: str) -> dict[str, str]:
        cell = {"quantity": quantity or str(self.dataset.quantity.values[-1]), "place": str(place), "item": item}
        for dim, label in cell.items():
            known = [str(v) for v in self.dataset[dim].values]
            if label not in known:
                raise KeyError(f"no {dim} {label!r}; there are {known}")
        return cell

    def table(self, quantity: str | None = None, place: str | int = "province", item: str = "total") -> pd.DataFrame:
        """One row a group, by total share: first-order and total share of the variance with their standard errors."""
        part = self.dataset.sel(self._cell(quantity, place, item))
        frame = pd.DataFrame({name: part[name].values for name in INDICES}, index=pd.Index([str(g) for g in part.group.values], name="group"))
        return frame.sort_values("total_order", ascending=False)

    def by_county(self, quantity: str | None = None, item: str = "total", index: str = "total_order") -> pd.DataFrame:
        """Shares by county (rows) and group (columns), the province first."""
        cell = self._cell(quantity, "province", item)
        part = self.dataset[index].sel(quantity=cell["quantity"], item=item)
        return pd.DataFrame(part.values, index=pd.Index([str(p) for p in part.place.values], name="county"), columns=[str(g) for g in part.group.values])

    def by_programme(self, quantity: str | None = None, place: str | int = "province", index: str = "total_order") -> pd.DataFrame:
        """Shares by programme (rows, the total last) and group (columns)."""
        cell = self._cell(quantity, place, "total")
        part = self.dataset[index].sel(quantity=cell["quantity"], place=cell["place"])
        return pd.DataFrame(part.values, index=pd.Index([str(p) for p in part["item"].values], name="programme"), columns=[str(g) for g in part.group.values])

    def samples(self, quantity: str | None = None, place: str | int = "province", item: str = "total") -> np.ndarray:
        """The 2 N independent values of the quantity in yuan (rows of A, then of B)."""
        cell = self._cell(quantity, place, item)
        cost = self.dataset.cost.isel(run=slice(0, 2))
        if place != "province":
            cost = cost.sel(county=[int(place)])
        if item != "total":
            cost = cost.sel(programme=[item])
        cost = cost.sum(["county", "programme"])
        name, names = cell["quantity"].removeprefix("difference: "), [str(s) for s in cost.scenario.values]
        values = cost.isel(scenario=names.index(name))
        if cell["quantity"].startswith("difference: "):
            values = values - cost.isel(scenario=0)
        return values.values.reshape(-1) / 100

    def value_of_information(self, level: float = 0.95, quantity: str | None = None, place: str | int = "province", item: str = "total") -> pd.DataFrame:
        """What knowing each group would free of the reserve (quantile at `level` less median), in yuan, with its error.

        Knowing a group leaves 1 - S of the variance on average (S its first-order share); the reserve is scaled by the
        root of that, which is exact where the distribution keeps its shape. Raises InputError for a `level` that is not
        between 0 and 1.
        """
        level = given.confidence(level, "level")
        values, frame = self.samples(quantity, place, item), self.table(quantity, place, item)
        reserve = float(np.quantile(values, level) - np.median(values))
        left = np.sqrt(1 - frame.first_order.clip(0, 1))
        result = pd.DataFrame({"reserve": reserve, "frees": reserve * (1 - left), "error": reserve * frame.first_order_error / (2 * left.clip(lower=1e-9))})
        return result.sort_values("frees", ascending=False)

    def _repr_html_(self) -> str:
        return (self.table() * 100).round(1).to_html()


def drivers(base: Scenario, *reforms: Scenario, rows: int = 128, populations: int = 4,
            groups: str | Mapping[str, str] | Sequence[tuple[str, str]] = "prefix", seed: int | None = None, threads: int = 0, months: int | None = None,
            counties: Iterable[int] | None = None, sample_share: float | None = None) -> Drivers:
    """First-order and total Sobol indices of cost and of paired differences, by county and programme.

    Pick-freeze on addressed draws (Saltelli et al. 2010, Jansen 1999): `rows` times (groups + 2) replicates. `groups`:
    "prefix" (parameters by the name before the dot), "each", or a table of pairs (group, parameter or prefix), or a
    mapping from parameter or prefix to group. The layers "layer:systemic", "layer:luck" and, with `populations` > 1,
    "layer:population" follow. Numbers are those of `doudi drivers`. Raises InputError for a faulty scenario or group.
    """
    scenarios = [base, *reforms]
    if isinstance(groups, Mapping):
        groups = [(group, parameter) for parameter, group in groups.items()]
    threads, rows, populations = given.threads(threads), given.whole("rows", rows, 1, 2**31 - 1), given.whole("populations", populations, 1, 2**31 - 1)
    read = plan(scenarios, **given.options(seed=seed, months=months, sample_share=sample_share, counties=counties))
    raw = _core.drivers(read, rows, populations, groups if isinstance(groups, str) else list(groups), threads)
    return Drivers(xr.Dataset(raw["variables"], raw["coords"], raw["attrs"]))


def open_drivers(path: str | pathlib.Path) -> Drivers:
    """Opens a file that `doudi drivers` wrote. Raises FileNotFoundError, or InputError if the file is not one of those."""
    ds, kind = opened(path, "a file of `doudi drivers`")
    if kind != "doudi-drivers-1":
        ds.close()
        if kind.startswith("doudi-results-"):
            raise _core.InputError(f"{path}: a result of `doudi run` or `compare`, not of `doudi drivers`; doudi.open_results opens it")
        raise _core.InputError(f"{path}: an HDF5 file, but not one of `doudi drivers` (doudi-drivers-1); it says {kind or 'nothing'} of itself")
    return Drivers(ds)
