"""Arguments as they come from a user: read once, refused in words."""
from __future__ import annotations

import math
import numbers
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from . import _core


def plain(value: Any) -> Any:
    """A number of numpy as Python's, the shortest that is written like it: np.float32(1.05) is 1.05. Anything else as it is."""
    if isinstance(value, np.floating):
        return float(str(value))
    return value.item() if isinstance(value, (np.integer, np.bool_)) else value


def whole(name: str, value: Any, low: int, high: int, said: str = "") -> int:
    """A whole number within its bounds. Raises InputError. `said`: the bounds in words."""
    if isinstance(value, bool) or not isinstance(value, numbers.Integral) or not low <= int(value) <= high:
        raise _core.InputError(f"{name} = {value!r} is not a whole number from {low} to {said or f'{high:,}'}")
    return int(value)


def options(**given: Any) -> dict[str, Any]:
    """replicates, seed, months, sample_share and counties, those that are not None, in the engine's types. Raises InputError."""
    bounds = {"replicates": (1, 2**31 - 1, ""), "months": (1, 2**31 - 1, ""), "seed": (0, 2**63 - 1, "2**63 - 1")}
    read: dict[str, Any] = {name: None if value is None else whole(name, value, *bounds[name]) for name, value in given.items() if name in bounds}
    if "sample_share" in given:
        share = given["sample_share"]
        if share is not None and (isinstance(share, bool) or not isinstance(share, numbers.Real)):
            raise _core.InputError(f"sample_share = {share!r} is not a number, such as 0.05 for a twentieth of the households")
        read["sample_share"] = None if share is None else float(share)
    if "counties" in given:
        read["counties"] = counties(given["counties"]) or []
    return read


def threads(value: Any) -> int:
    """Number of threads, as the command takes it. Raises InputError."""
    return whole("threads", value, 0, 1024, "1024 (0 takes all of the processor)")


def counties(value: Any) -> list[int] | None:
    """Codes of counties; None means all. Raises InputError, for text would be read digit by digit and an empty list taken for all."""
    if value is None:
        return None
    if isinstance(value, (str, bytes)) or not isinstance(value, Iterable):
        code = value.decode() if isinstance(value, bytes) else value
        raise _core.InputError(f"counties = {value!r} is one value, and a list of codes is wanted, such as counties=[{code}]")
    codes = []
    for code in value:
        try:
            if isinstance(code, (bool, np.bool_)) or int(code) != (code if isinstance(code, numbers.Real) else int(code)):
                raise ValueError
            codes.append(whole("counties", int(code), 0, 2**31 - 1))
        except (TypeError, ValueError, OverflowError):
            raise _core.InputError(f"counties: {code!r} is not the code of a county, such as 220623 (scenarios/data/counties.csv lists them)") from None
    if not codes:
        raise _core.InputError("counties: no county code is given; write counties=[220102, 220103], or leave the option out for all counties")
    return codes


def dimensions(by: Any, known: Sequence[str]) -> tuple[str, ...]:
    """Dimensions to keep. Raises InputError for text, which would be read letter by letter, and for a name that is none."""
    if isinstance(by, str):
        raise _core.InputError(f"by = {by!r} is text, and a tuple of dimensions is wanted, such as by=({(by if by in known else known[0])!r},)")
    try:
        names = tuple(str(name) for name in by)
    except TypeError:
        raise _core.InputError(f"by = {by!r} is not a tuple of dimensions; there are {', '.join(known)}") from None
    unknown = [name for name in names if name not in known]
    if unknown:
        raise _core.InputError(f"by: there is no dimension {', '.join(map(repr, unknown))} here; there are {', '.join(known)}")
    return names


def yuan(name: str, value: Any) -> Any:
    """An amount in yuan, or a Series of amounts, none of them NaN or infinite. Raises InputError."""
    if isinstance(value, pd.Series):
        if not pd.api.types.is_numeric_dtype(value.dtype):
            raise _core.InputError(f"{name}: a Series of {value.dtype} is not one of amounts in yuan; .astype(float) makes numbers of text")
        none = value.index[~np.isfinite(value.to_numpy(dtype=float, na_value=np.nan))]
        if len(none):
            raise _core.InputError(f"{name}: {', '.join(str(label) for label in none)} has no amount in yuan (NaN or infinite); give each a number, or leave it out with .dropna()")
        return value
    if isinstance(value, bool) or not isinstance(value, numbers.Real) or not math.isfinite(value):
        raise _core.InputError(f"{name} = {value!r} is not an amount in yuan: a number is wanted, such as 6.2e9 for 62 亿元")
    return value


def budgets(value: Any, values: xr.DataArray, by: Sequence[str]) -> tuple[xr.DataArray, Any]:
    """The values that have a budget, and it, or a budget for each label of the first of `by`. Raises InputError."""
    limit = yuan("budget", value)
    if not isinstance(limit, pd.Series):
        return values, limit
    if not by:
        raise _core.InputError("budget is a Series, and by names no dimension for its labels, such as by=('county',)")
    if limit.index.nlevels > 1:
        raise _core.InputError(f"budget: the Series has {limit.index.nlevels} index levels, and one is wanted, the {by[0]}; take one of the others with .xs, or add them up with .groupby(level={by[0]!r}).sum()")
    kept, each = xr.align(values, limit.rename_axis(by[0]).to_xarray(), join="inner")
    if not each.size:
        own, theirs = (", ".join(repr(plain(label)) for label in labels[:3]) for labels in (limit.index, values[by[0]].values))
        raise _core.InputError(f"budget: no label of the Series is a {by[0]} here; it has {own or 'none'}, and the results have {theirs} (up to three of each)")
    return kept, each


def no_level_of_a_difference(difference: bool, level: str | None) -> None:
    """Raises InputError where both are asked for at once."""
    if difference and level is not None:
        raise _core.InputError(f"level = {level!r} with difference: what a level pays is told of a scenario's cost; ask for both scenarios")


def shares(value: Any, name: str) -> list[float]:
    """Probabilities from 0 to 1, both included: one, or a list. Raises InputError."""
    given = list(value) if isinstance(value, Iterable) and not isinstance(value, (str, bytes)) else [value]
    for p in given:
        if isinstance(p, bool) or not isinstance(p, numbers.Real) or not 0 <= float(p) <= 1:
            raise _core.InputError(f"{name} = {p!r} is not from 0 to 1; write 0.95 for 95 %")
    return [float(p) for p in given]


def confidence(value: Any, name: str = "confidence") -> float:
    """A probability strictly between 0 and 1. Raises InputError."""
    if isinstance(value, bool) or not isinstance(value, numbers.Real) or not 0 < float(value) < 1:
        raise _core.InputError(f"{name} = {value!r} is not between 0 and 1; write 0.95 for 95 %")
    return float(value)
