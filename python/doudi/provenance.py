"""What a result says of how it was made: settings of the command line, who states the funding, what changes within the run."""
from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import xarray as xr

from .words import ATTRIBUTES, SET, word

# Assumption A-27 in 1e-4, as engine/simulate/plan.hpp has it: centre, province, prefecture, county.
FUNDING, FUNDING_OF_SUBSIDIES = (5000, 2500, 0, 2500), (0, 5000, 0, 5000)

# Root attributes of a results file that page and workbook show.
STATED = ("program", "git_hash", "git_dirty", "build", "seed", "replicates", "sample_share", "start", "burn_in_months", "plan_sha256", "format_version")


def stated(text: str) -> dict[str, str]:
    """Keys that a scenario file states itself, each with its line. A scan of tables and keys, for Python 3.10 has no reader of TOML."""
    table, found = "", {}
    for line in text.splitlines():
        if head := re.match(r"\s*\[([A-Za-z0-9_.-]+)\]\s*(#.*)?$", line):
            table = head[1] + "."
        elif pair := re.match(r'\s*([A-Za-z0-9_.-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^#]*)', line):
            found[table + pair[1]] = pair[2].strip().strip('"')
    return found


def titles(ds: xr.Dataset, lang: str) -> list[str]:
    """What the scenarios are called: their titles, with the name where titles repeat, and in English, where a title is in Chinese, the name alone."""
    own = [str(title) for title in ds.scenario_title.values]
    called = []
    for name, title in zip((str(n) for n in ds.scenario.values), own, strict=True):
        if lang == "en" and any(c >= "\u2e80" for c in title):
            called.append(name)
        elif own.count(title) > 1 and name != title:
            called.append(f"{title}（{name}）" if lang == "zh" else f"{title} ({name})")
        else:
            called.append(title)
    return called


def labels(ds: xr.Dataset, lang: str) -> list[str]:
    """Titles of the scenarios; in English, where they may be Chinese, with the names by which a workbook calls them."""
    pairs = zip((str(n) for n in ds.scenario.values), (str(t) for t in ds.scenario_title.values), strict=True)
    return [f"{title} ({name})" if lang == "en" and name != title else title for name, title in pairs]


def file_of(ds: xr.Dataset, place: int) -> str:
    """Text of the file of a scenario, of those that the result carries."""
    texts = dict(zip((str(s) for s in ds.source.values), (str(t) for t in ds.source_text.values), strict=True))
    return texts.get(str(ds.scenario_file.values[place]), "") if "scenario_file" in ds else ""


def settings(ds: xr.Dataset, lang: str) -> list[tuple[str, str, str]]:
    """What was set for this run on top of the files: (of which scenario, key=value, what of a reform's own it overrides)."""
    called, rows = titles(ds, lang), []
    for line in str(ds.attrs.get("settings", "")).splitlines():
        if not line:
            continue
        only = re.match(r"\[(\d+)\] (.*)", line)
        places, text = ([int(only[1])], only[2]) if only and int(only[1]) < len(called) else (range(len(called)), line)
        key, _, value = text.partition("=")
        if key in ("name", "title"):  # the label itself, which every table shows
            continue
        over = []
        for place in places:
            own = stated(file_of(ds, place))
            for theirs, what in own.items() if "base" in own else ():  # a file without a base states everything, so that it can be set
                if (theirs == key or theirs.startswith(key + ".") or key.startswith(theirs + ".")) and what != value.strip('"'):
                    over.append(word(SET, lang, "over").format(called[place], theirs, what))
        rows.append((called[places[0]] if only else word(SET, lang, "all"), text, word(SET, lang, "and").join(over)))
    return rows


def funding(ds: xr.Dataset, lang: str) -> str:
    """Whose the shares of the paying levels are: assumption A-27, or the scenario's, which programmes of which."""
    keys = {key for text, name in zip(ds.source_text.values, ds.source.values, strict=True) if str(name).endswith(".toml") for key in stated(str(text))}
    keys |= {re.sub(r"^\[\d+\] ", "", line).partition("=")[0] for line in str(ds.attrs.get("settings", "")).splitlines()}
    share = ds.funding_share.transpose("scenario", "programme", "level").values
    names, theirs = [str(p) for p in ds.programme.values], []
    for i, name in enumerate(names):
        assumed = FUNDING_OF_SUBSIDIES if name in ("living_subsidy", "nursing_subsidy") else FUNDING
        if any(key == f"funding.{name}" or key.startswith(f"funding.{name}.") for key in keys) or (share[:, i] != assumed).any():
            theirs.append(str(ds.programme_zh.values[i]) if lang == "zh" else name)
    if not theirs:
        return word(SET, lang, "assumed")
    whole = len(theirs) == len(names)
    return word(SET, lang, "all stated" if whole else "stated").format(word(SET, lang, "list").join(theirs))


def course(months: Sequence[str], values: np.ndarray, lang: str) -> str:
    """Yuan by month as text: one value, or each with the month from which it holds."""
    steps = [i for i in range(len(values)) if i == 0 or values[i] != values[i - 1]]
    if len(steps) < 2:
        return f"{values[0]:,.2f}"
    return word(SET, lang, "list").join(word(SET, lang, "from").format(months[i], f"{values[i]:,.2f}") for i in steps)


def amounts(ds: xr.Dataset, place: int, lang: str) -> list[str]:
    """Living subsidy, nursing subsidy and dibao standard (plain mean of counties and residences) of a scenario, by month where they change."""
    months = [str(m) for m in ds.month.values]
    rows = []
    for name in ("living_amount", "nursing_amount", "standard"):
        values = ds.get(f"{name}_in_month", ds[name]).isel(scenario=place)
        values = values.mean([d for d in values.dims if d != "month"]) / 100
        rows.append(course(months, np.round(np.atleast_1d(values.values), 2), lang))
    return rows


def attribute(lang: str, name: str) -> str:
    """A root attribute of the file for a table: in Chinese its name, with the attribute's own."""
    text = word(ATTRIBUTES, lang, name)
    return text if text == name else f"{text}（{name}）"
