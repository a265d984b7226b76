"""What a result says of the rules: which differ between its scenarios, and which change within the run."""
from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import Any

import xarray as xr

from . import _core
from .provenance import amounts

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


def called(lang: str, key: str) -> str:
    """A rule for a table: its key, with what it is."""
    for name, _, _, english, chinese in _core.parameters():
        if name == key:
            return f"{chinese}（{key}）" if lang == "zh" else f"{key}: {english}"
    return key


def differing(ds: xr.Dataset, lang: str) -> list[tuple[str, list[str]]]:
    """Rules on which the scenarios differ, each with its value in each scenario: the two subsidies by month where they change,
    for the results hold that; of all other rules they hold the value of the first month alone."""
    if "policy_value" not in ds:
        return []
    rows = []
    for i, key in enumerate(map(str, ds.policy_parameter.values)):
        values = [str(v).strip('"') for v in ds.policy_value.transpose("scenario", "policy_parameter").values[:, i]]
        if key in ("living_yuan", "nursing_yuan"):
            values = [amounts(ds, place, lang)[key == "nursing_yuan"] for place in range(len(values))]
        if len(set(values)) > 1:
            rows.append((called(lang, key), values))
    return rows


def first_of(ds: xr.Dataset, key: str) -> str:
    """Value of a rule in the first month, in each scenario if they differ."""
    if "policy_value" not in ds or key not in ds.policy_parameter.values:
        return "–"
    return " / ".join(dict.fromkeys(str(v).strip('"') for v in ds.policy_value.sel(policy_parameter=key).values))


def dated(ds: xr.Dataset) -> list[tuple[str, str, str, str, str]]:
    """What the files and settings of a run state of its rules by date, for months after the first: (rule, its value in the first
    month, later month, value from then on, where that is stated).

    Read from the texts that the result carries, for it holds no later values itself. A scenario that states the same rule
    without a date overrides this for itself.
    """
    first, last = str(ds.month.values[0]), str(ds.month.values[-1])
    texts = [(str(name), str(text)) for name, text in zip(ds.source.values, ds.source_text.values, strict=True) if str(name).endswith(".toml")]
    texts += [("--set", re.sub(r"^\[\d+\] ", "", line)) for line in str(ds.attrs.get("settings", "")).splitlines()]
    rows = []
    for where, text in texts:
        try:
            stated = tomllib.loads(text).get("policy", {})
        except tomllib.TOMLDecodeError:  # a bare amount or word after --set
            continue
        for name, values in by_date(stated):
            for item in values:
                month, value = str(item["from"])[:7], item["value"]
                if first < month <= last:
                    rows.append((name, first_of(ds, name), month, str(value).lower() if isinstance(value, bool) else str(value), where))
    return sorted(rows)


def by_date(stated: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The rules of a `policy` table that have values by date, and these."""
    for key, value in stated.items():
        values = value.get("values") if isinstance(value, dict) else value
        if isinstance(values, list) and values and all(isinstance(item, dict) and {"from", "value"} <= item.keys() for item in values):
            yield prefix + key, values
        elif isinstance(value, dict):
            yield from by_date(value, f"{prefix}{key}.")
