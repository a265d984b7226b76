"""Scenarios as values: a file and the changes made to it."""
from __future__ import annotations

import dataclasses
import datetime
import html
import json
import os
import pathlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from . import _core, given

SHIPPED = pathlib.Path(__file__).parent / "scenarios"


def _text(value: Any) -> str:
    """A Python value, or one of numpy or pandas, the way a scenario file writes it."""
    value = pd.Timestamp(value) if isinstance(value, np.datetime64) else given.plain(value)
    if isinstance(value, datetime.datetime):
        if pd.isna(value) or value.tzinfo is not None or value.time() != datetime.time():
            raise TypeError(f"a scenario cannot hold {value!r}: its dates are days, such as datetime.date(2024, 7, 1)")
        value = value.date()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, (list, tuple, pd.Series)) or (isinstance(value, np.ndarray) and value.ndim):
        return "[" + ", ".join(_text(v) for v in value) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{k} = {_text(v)}" for k, v in value.items()) + " }"
    raise TypeError(f"a scenario cannot hold a {type(value).__name__}: {value!r}")


@dataclasses.dataclass(frozen=True)
class Scenario:
    """A scenario file and changes to it. Immutable: `with_` returns another one. Made by `doudi.load`."""

    path: pathlib.Path
    changes: tuple[tuple[str, str], ...] = ()
    name: str | None = None
    allow_outside: bool = False

    def with_(self, name: str | None = None, **changes: Any) -> Scenario:
        """Another scenario with some settings changed; no file is needed.

        Keys are those of scenario files (docs/scenarios.md) with `__` for the dots: ``dibao__standard__factor=1.05``,
        ``living_subsidy__amount="90.00 yuan/month"``, ``take_up__dibao_urban={"prior": "beta", "mean": 0.8, "sd": 0.02,
        "why": "county survey"}``. Money is text in yuan, or a number of yuan; a date is a `datetime.date`, or one of pandas or
        numpy. `name` labels it in results; by default the changes themselves do. `title` is what pages and pictures call it, by
        default the name; a further `with_` that changes something makes another scenario, which has a title of its own.

        Raises TypeError for a value that no scenario can hold. Unknown keys and impossible values raise InputError, with
        the closest match, when the scenario is used or by `check`.
        """
        new = tuple((key.replace("__", "."), _text(value)) for key, value in changes.items())
        kept = tuple(change for change in self.changes if change[0] != "title" or not new)
        differs = [f"{key}={value}" for key, value in kept + new if key != "title"]
        label = name or (", ".join(differs) if any(key != "title" for key, _ in new) else self.name)
        return dataclasses.replace(self, changes=kept + new, name=label)

    def settings(self) -> list[str]:
        """The changes as "key=value", as the command's --set takes them."""
        titled = any(key == "title" for key, _ in self.changes)
        named = [f"{key}={_text(self.name)}" for key in ("name", "title")[:1 if titled else 2]] if self.name else []
        return [f"{key}={value}" for key, value in self.changes] + named

    def check(self) -> Scenario:
        """Reads everything and returns the scenario itself; raises InputError with every fault."""
        plan([self])
        return self

    def describe(self) -> xr.Dataset:
        """What a result will say of its input, before it is run: `standard` [scenario, county, residence] fen a person
        and month, `policy_value` [scenario, policy_parameter], `parameter_prior`, `parameter_evidence`, `parameter_why`
        [parameter], `source_text` and `source_sha256` [source] ... Raises InputError."""
        raw = plan([self]).describe()
        return xr.Dataset(raw["variables"], raw["coords"], raw["attrs"])

    def assumptions(self) -> pd.DataFrame:
        """One row an assumption: `prior`, `evidence` (law, published, calibrated, assumption ...) and `why`. Raises InputError."""
        ds = self.describe()
        names = ("prior", "evidence", "why")
        return pd.DataFrame({n: ds[f"parameter_{n}"].values for n in names}, index=pd.Index(ds.parameter.values, name="assumption"))

    def parameters(self) -> pd.DataFrame:
        """One row a parameter of the rules: `value` here, `default`, the `assumption` it carries, `meaning` and `meaning_zh`. Raises InputError."""
        ds = self.describe()
        frame = pd.DataFrame(_core.parameters(), columns=["parameter", "default", "assumption", "meaning", "meaning_zh"]).set_index("parameter")
        frame.insert(0, "value", pd.Series(ds.policy_value.values[0], ds.policy_parameter.values))
        return frame

    def standards(self) -> pd.DataFrame:
        """One row a county, by code: `name_zh`, `name_en` and the dibao standards `urban` and `rural`, yuan a person and month. Raises InputError."""
        ds = self.describe()
        frame = pd.DataFrame({"name_zh": ds.county_name_zh.values, "name_en": ds.county_name_en.values}, index=pd.Index(ds.county.values, name="county"))
        for i, residence in enumerate(ds.residence.values):
            frame[residence] = ds.standard.values[0, :, i] / 100
        return frame

    def _repr_html_(self) -> str:
        rows = "".join(f"<tr><td><code>{html.escape(k)}</code></td><td>{html.escape(v)}</td></tr>" for k, v in self.changes)
        return f"<b>{html.escape(self.name or self.path.stem)}</b> from {html.escape(str(self.path))}<table>{rows}</table>"


def outside(scenarios: Sequence[Scenario]) -> bool:
    """Whether scenarios that are read together may name files outside their folder: one that may is enough."""
    return any(s.allow_outside for s in scenarios)


def plan(scenarios: Sequence[Scenario], **options: Any) -> _core.Plan:
    """A baseline and its reforms, read and checked together. Raises InputError."""
    try:
        return _core.load([s.path for s in scenarios], set_each=[s.settings() for s in scenarios], allow_outside=outside(scenarios), **options)
    except _core.InputError as error:
        raise _core.InputError(str(error).replace("pass --allow-outside", "load it with allow_outside=True")) from None


def load(path: str | os.PathLike[str], *, allow_outside: bool = False) -> Scenario:
    """A scenario from a TOML file; a bare name such as "jilin-2024.toml" finds the shipped ones.

    A file of your own, anywhere, may name a shipped one as its `base`. With `allow_outside` it, and what `with_` sets, may
    also name files outside its folder; do so only for a file that you trust. Dask's workers find those under the same
    absolute names, for they do not travel with the task. Raises InputError with every fault, each with file, line, column and a hint.
    """
    file = pathlib.Path(path)
    if not file.exists() and not (SHIPPED / file).exists():
        shipped = sorted(str(p.relative_to(SHIPPED)) for p in [*SHIPPED.glob("*.toml"), *SHIPPED.glob("reforms/*.toml")])
        raise _core.InputError(f"{file}: there is no such file here, and no shipped scenario of that name; shipped are {', '.join(shipped)}")
    return Scenario((file if file.exists() else SHIPPED / file).absolute(), allow_outside=allow_outside).check()
