"""What a result says of the rules: which differ between its scenarios, and which change within the run."""
from __future__ import annotations

import re

import xarray as xr

from . import _core
from .provenance import amounts
from .words import RULES, word


def called(lang: str, key: str) -> str:
    """A rule for a table: its key, with what it is."""
    if lang == "zh":
        name = word(RULES, lang, key)
        return key if name == key else f"{name}（{key}）"
    meaning = {name: text for name, _, _, text in _core.parameters()}.get(key)
    return f"{key}: {meaning}" if meaning else key


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
    texts.append(("--set", "\n".join(re.sub(r"^\[\d+\] ", "", line) for line in str(ds.attrs.get("settings", "")).splitlines())))
    rows = []
    for where, text in texts:
        table = key = ""
        for line in text.splitlines():
            line = re.sub(r'^((?:"[^"]*"|[^"#])*)#.*', r"\1", line)  # without its comment
            if head := re.match(r"\s*\[([\w.-]+)\]\s*$", line):
                table, key = head[1] + ".", head[1]
            elif pair := re.match(r"\s*([\w.-]+)\s*=", line):
                key = (table + pair[1]).removesuffix(".values")
            for item in re.findall(r"\{[^{}]*\}", line) if key.startswith("policy.") else ():
                month = re.search(r"\bfrom\s*=\s*(\d{4}-\d{2})", item)
                value = re.search(r'\bvalue\s*=\s*("[^"]*"|\[[^\]]*\]|[^,}\s]+)', item)
                if month and value and first < month[1] <= last:
                    name = key.removeprefix("policy.")
                    rows.append((name, first_of(ds, name), month[1], value[1].strip('"'), where))
    return sorted(rows)
