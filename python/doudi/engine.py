"""Running the engine and getting labelled arrays back."""
from __future__ import annotations

import json
import pathlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from . import _core
from .comparison import Comparison
from .scenario import Scenario, load

__all__ = ["assess", "bridge", "compare", "load", "open_results", "run", "sweep"]

PAID = ("scenario", "replicate", "county", "residence", "programme", "month")
MEANING = {
    "cost": ("paid by a programme in a month", "fen"),
    "recipients": ("persons paid by a programme in a month", "persons"),
    "households": ("households paid by a programme in a month", "households"),
    "category_households": ("households in a category in a month", "households"),
    "dibao_single": ("part of dibao paid to persons included alone", "fen"),
}


def _simulate(scenarios: Sequence[Scenario], *, replicates: int | None, seed: int | None, threads: int, months: int | None,
              counties: Sequence[int] | None, sample_share: float | None, progress: bool,
              checkpoint: str | pathlib.Path | None = None) -> xr.Dataset:
    plan = _core.load([s.path for s in scenarios], replicates=replicates, seed=seed, months=months, sample_share=sample_share,
                      counties=list(counties or []), set_each=[s.settings() for s in scenarios])
    about = plan.describe()
    bar = None
    if progress:
        from tqdm.auto import tqdm

        bar = tqdm(total=sum(about["family_households"]), unit="household", unit_scale=True, desc="doudi")

    def tell(done: int, total: int, county: str) -> None:
        if bar is not None:
            bar.update(done - bar.n)
            bar.set_postfix_str(county)

    try:
        data = _core.simulate(plan, threads, tell, checkpoint)
    finally:
        if bar is not None:
            bar.close()
    year, month = about["start"]
    labels = [f"{year + (month - 1 + m) // 12}-{(month - 1 + m) % 12 + 1:02}" for m in range(about["months"])]
    coords = {
        "scenario": about["scenario"], "replicate": np.arange(about["replicates"], dtype=np.int32),
        "county": np.array(about["county"], dtype=np.int32), "residence": about["residence"], "programme": about["programme"],
        "category": about["category"], "month": labels, "parameter": about["parameter"], "factor": data["factor"],
        "county_name_zh": ("county", about["county_name_zh"]), "county_name_en": ("county", about["county_name_en"]),
        "prefecture_zh": ("county", about["prefecture_zh"]), "programme_zh": ("programme", about["programme_zh"]),
        "scenario_title": ("scenario", about["scenario_title"]),
    }
    dims = {name: PAID for name in ("cost", "recipients", "households")}
    dims["category_households"] = tuple("category" if d == "programme" else d for d in PAID)
    dims["dibao_single"] = tuple(d for d in PAID if d != "programme")
    ds = xr.Dataset({name: (dims[name], data[name], dict(zip(("long_name", "units"), MEANING[name], strict=True))) for name in dims}, coords)
    ds["parameter_value"] = ("replicate", "parameter"), data["parameter_value"]
    ds["systemic"] = ("replicate", "factor", "county", "month"), data["systemic"]
    ds["standard"] = ("scenario", "county", "residence"), np.array(about["standard"]), {"units": "fen/person/month"}
    ds["funding_share"] = ("scenario", "programme", "level"), np.array(about["funding_share"]), {"units": "1e-4"}
    ds = ds.assign_coords(level=about["level"])
    for name in ("living_amount", "nursing_amount"):
        ds[name] = "scenario", np.array(about[name]), {"units": "fen/person/month"}
    for name in ("population", "family_households"):
        ds[name] = "county", np.array(about[name])
    for name in ("parameter_evidence", "parameter_why"):
        ds[name] = "parameter", about[name]
    ds["scenario_why"] = "scenario", about["scenario_why"]
    ds["source_text"] = "source", list(about["sources"].values())
    ds = ds.assign_coords(source=list(about["sources"]))
    ds.attrs = {name: about[name] for name in ("seed", "replicates", "sample_share", "plan_sha256")}
    ds.attrs |= {"start": labels[0], "program": "doudi 0.1.0", "notes": about["notes"]}
    return ds


def run(scenario: Scenario, *, replicates: int | None = None, seed: int | None = None, threads: int = 0, months: int | None = None,
        counties: Sequence[int] | None = None, sample_share: float | None = None, progress: bool = True,
        checkpoint: str | pathlib.Path | None = None) -> xr.Dataset:
    """Simulates one scenario.

    Returns a Dataset; `cost` is int64 fen [scenario, replicate, county, residence, programme, month]. The numbers are
    those of the command for the same scenario and seed. The GIL is released; Ctrl-C stops within a second. With
    `checkpoint`, a file, finished counties are kept there: the same call after an interruption goes on from them, to
    the same numbers, and the file goes when the run is done. Raises InputError for a faulty scenario.
    """
    return _simulate([scenario], replicates=replicates, seed=seed, threads=threads, months=months, counties=counties,
                     sample_share=sample_share, progress=progress, checkpoint=checkpoint)


def compare(base: Scenario, *reforms: Scenario, replicates: int | None = None, seed: int | None = None, threads: int = 0,
            months: int | None = None, counties: Sequence[int] | None = None, sample_share: float | None = None,
            progress: bool = True, checkpoint: str | pathlib.Path | None = None) -> Comparison:
    """Simulates a baseline and reforms on the same draws, in one walk. At most 16 scenarios. Options as for `run`.

    Raises InputError for faulty scenarios, or scenarios that differ in data, beliefs or run settings.
    """
    if not reforms:
        raise ValueError("compare needs a reform beside the base; use run for one scenario")
    return Comparison(_simulate([base, *reforms], replicates=replicates, seed=seed, threads=threads, months=months, counties=counties,
                                sample_share=sample_share, progress=progress, checkpoint=checkpoint))


def bridge(base: Scenario, steps: Mapping[str, Mapping[str, Any]], **options: Any) -> pd.DataFrame:
    """From one budget to another in steps that add up: each step changes settings on top of those before it.

    ``bridge(base, {"amounts": {"living_subsidy__amount": "85.00"}, "standard": {"dibao__standard__factor": 1.05}})``

    Returns a row for the base, each step and the total, in yuan: `mean` (the steps' means add to the total exactly, in
    fen, replicate by replicate), `median`, `q05`, `q95`. The order of the steps matters where they interact. At most 15
    steps. Options as for `run`. Raises InputError like `compare`.
    """
    scenarios, current = [], base
    for name, changes in steps.items():
        current = current.with_(name=name, **changes)
        scenarios.append(current)
    c = compare(base, *scenarios, **options)
    cost = c.dataset.cost.sum(["county", "residence", "programme", "month"])
    parts = {"base": cost[0], **{name: cost[i + 1] - cost[i] for i, name in enumerate(steps)}, "total": cost[len(steps)]}
    rows = {name: {"mean": float(v.mean()) / 100, "median": float(v.median()) / 100, "q05": float(v.quantile(0.05)) / 100, "q95": float(v.quantile(0.95)) / 100}
            for name, v in parts.items()}
    frame = pd.DataFrame(rows).T.rename_axis("step")
    frame.attrs = {"replicates": c.dataset.sizes["replicate"], "seed": c.dataset.attrs["seed"]}
    return frame


def sweep(base: Scenario, key: str, values: Iterable[Any], **options: Any) -> Comparison:
    """One setting over several values on shared draws, the base first: ``sweep(base, "dibao.standard.factor", [1.02, 1.05])``."""
    return compare(base, *(base.with_(name=f"{key}={v}", **{key.replace(".", "__"): v}) for v in values), **options)


def open_results(path: str | pathlib.Path) -> Comparison:
    """A results file that the command wrote. Arrays are read when they are used."""
    ds = xr.open_dataset(path, engine="h5netcdf")
    names = [n for n in ("county_name_zh", "county_name_en", "prefecture_zh", "programme_zh", "scenario_title") if n in ds]
    return Comparison(ds.set_coords(names))


def assess(households: Mapping[str, Any] | Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Decides families by the rules, one month, no chance; fields as in docs/assess.md, money as decimal yuan text.

    Returns one row a family: id, category, individual (list), one column a programme in yuan (text, two decimals), why
    (list). A family that cannot be decided has `error` instead.
    """
    rows = []
    for household in [households] if isinstance(households, Mapping) else households:
        answer = json.loads(_core.assess_line(json.dumps(household, ensure_ascii=False))[0])
        rows.append({**{k: v for k, v in answer.items() if k != "pay"}, **answer.get("pay", {})})
    return pd.DataFrame(rows)
