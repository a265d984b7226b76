"""Running the engine and getting labelled arrays back."""
from __future__ import annotations

import functools
import hashlib
import itertools
import os
import pathlib
import re
import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd
import xarray as xr

from . import _core, given
from .comparison import Comparison
from .files import opened
from .scenario import Scenario, load, plan as plan_of

__all__ = ["bridge", "compare", "load", "open_results", "run", "sweep"]

MOST = 16  # scenarios in one walk of the engine
NAMES = ("county_name_zh", "county_name_en", "prefecture_zh", "programme_zh", "scenario_title")


def _dataset(raw: Mapping[str, Any]) -> xr.Dataset:
    """The engine's arrays with their labels; the memory is the engine's, nothing is copied."""
    ds = xr.Dataset(raw["variables"], raw["coords"], raw["attrs"])
    return ds.set_coords([name for name in NAMES if name in ds])


@functools.cache
def _build() -> str:
    """Digest of the compiled engine: a checkpoint is taken up by the same build only."""
    return hashlib.sha256(pathlib.Path(_core.__file__).read_bytes()).hexdigest()


def _cache() -> pathlib.Path:
    return pathlib.Path(os.environ.get("DOUDI_CACHE") or pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "doudi")


def _check_memory(plan: _core.Plan) -> None:
    about = plan.describe()
    size = {name: len(values) for name, (_, values, _) in about["coords"].items()}
    cells = size["scenario"] * int(about["attrs"]["replicates"]) * size["county"] * size["residence"] * size["month"]
    need = 8 * cells * (3 * size["programme"] + size["category"] + 1)
    have = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    if need > 0.8 * have:
        raise _core.InputError(f"replicates: the result would take {need / 2**30:.1f} GiB and the machine has {have / 2**30:.1f}; take fewer replicates "
                               f"(now {about['attrs']['replicates']}), months, counties or scenarios at a time, or let the command write a file")


def simulate(scenarios: Sequence[Scenario], *, replicates: int | None = None, seed: int | None = None, threads: int = 0, months: int | None = None,
             counties: Iterable[int] | None = None, sample_share: float | None = None, progress: bool = True,
             checkpoint: str | os.PathLike[str] | Literal[False] | None = None, client: Any = None, earlier: xr.Dataset | None = None) -> xr.Dataset:
    """What `run` and `compare` return. `earlier`: the same with fewer replicates, which are taken from it and not simulated again."""
    counties = given.counties(counties)  # once: an iterator is used up by its first reader
    if len(scenarios) > MOST:
        return _in_parts(scenarios, earlier, replicates=replicates, seed=seed, threads=threads, months=months, counties=counties,
                         sample_share=sample_share, progress=progress, checkpoint=checkpoint, client=client)
    threads = given.threads(threads)
    options = given.options(replicates=replicates, seed=seed, months=months, sample_share=sample_share, counties=counties)
    options["counties"] = tuple(options["counties"])  # it is part of the key of a worker's plan
    plan = plan_of(scenarios, **options)
    _check_memory(plan)
    bar, finished = None, 0
    if progress:
        from tqdm import TqdmWarning
        from tqdm.auto import tqdm

        with warnings.catch_warnings():  # a notebook without ipywidgets gets a bar of text, which needs no apology
            warnings.simplefilter("ignore", TqdmWarning)
            bar = tqdm(total=plan.households, unit="household", unit_scale=True, desc="doudi")

    def tell(done: int, counties_done: int, county: str) -> None:
        nonlocal finished
        finished = counties_done
        if bar is not None:
            bar.set_postfix_str(county, refresh=False)
            bar.update(done - bar.n)

    of_cube = {"scenario", "replicate", "county", "residence"}
    known = None if earlier is None else {str(name): values.values for name, values in earlier.data_vars.items() if of_cube <= set(values.dims)}
    keep: dict[str, Any] = {}
    if client is not None:
        pass
    elif checkpoint is None:
        folder = _cache()
        file = folder / f"{hashlib.sha256(f'{plan.sha256} {_build()}'.encode()).hexdigest()[:20]}.part"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            keep = {"checkpoint": file, "after": 3.0, "required": False}
        except OSError:  # a home that cannot be written is no reason not to simulate
            pass
    elif checkpoint is not False:
        keep = {"checkpoint": pathlib.Path(checkpoint)}
    try:
        if client is None:
            raw = _core.simulate(plan, threads, tell, program=_build(), earlier=known, **keep)
        else:
            from .cluster import simulate_on

            raw = simulate_on(client, plan, scenarios, options, threads, bar, known)
    except KeyboardInterrupt:
        kept = keep and keep["checkpoint"].exists()
        raise KeyboardInterrupt(f"stopped after {finished} of {plan.counties} counties; " +
                                (f"they are kept in {keep['checkpoint']}, the same call goes on from there" if kept else "nothing is kept")) from None
    except _core.InputError as error:
        raise _core.InputError(str(error).replace("choose another -o", "choose another checkpoint").replace("-o:", "checkpoint:")) from None
    finally:
        if bar is not None:
            bar.close()
    ds = _dataset(raw)
    ds.attrs["notes"] = "\n".join(plan.notes)
    return ds


def _settings_of(settings: str, shift: int) -> str:
    """Settings of a walk as they stand in the whole: "[2] key=value" is of its third scenario; the base is every walk's, and told once."""
    lines = [re.match(r"\[(\d+)\] (.*)", line) for line in settings.splitlines()]
    return "".join(f"[{int(line[1]) + (shift if int(line[1]) else 0)}] {line[2]}\n" for line in lines if line and (int(line[1]) or not shift))


def _in_parts(scenarios: Sequence[Scenario], earlier: xr.Dataset | None, **options: Any) -> xr.Dataset:
    """More scenarios than one walk takes: several walks, each with the base. Draws have addresses, so the numbers are the same."""
    base, reforms = scenarios[0], scenarios[1:]
    walks = {i: [base, *reforms[i:i + MOST - 1]] for i in range(0, len(reforms), MOST - 1)}
    if len({tuple(plan_of(walk).describe()["coords"]["programme"][1]) for walk in walks.values()}) > 1:
        raise _core.InputError(f"over {MOST} scenarios, and some switch on a special module that others have not: compare them in several calls of at most {MOST}")

    def part(i: int) -> xr.Dataset:
        known = None if earlier is None else earlier.isel(scenario=[0, *range(1 + i, min(i + MOST, len(scenarios)))])
        return simulate(walks[i], earlier=known, **options)

    parts = [part(i) for i in walks]
    parts = [parts[0], *(p.isel(scenario=slice(1, None)) for p in parts[1:])]
    ds = xr.concat([p.drop_vars("county_sha256") for p in parts], "scenario", data_vars="minimal", coords="minimal", compat="override", join="override",
                   combine_attrs="override")
    ds.attrs["settings"] = "".join(_settings_of(p.attrs["settings"], (MOST - 1) * i) for i, p in enumerate(parts))
    ds.attrs["plan_sha256"] = hashlib.sha256("\n".join(p.attrs["plan_sha256"] for p in parts).encode()).hexdigest()
    return ds


def run(scenario: Scenario, *, replicates: int | None = None, seed: int | None = None, threads: int = 0, months: int | None = None,
        counties: Iterable[int] | None = None, sample_share: float | None = None, progress: bool = True,
        checkpoint: str | os.PathLike[str] | Literal[False] | None = None, client: Any = None) -> xr.Dataset:
    """Simulates one scenario and returns a labelled dataset. The numbers are the command's for the same scenario and seed.

    Options left out are those of the scenario file.

    Args:
        scenario: what to simulate, from `load` and `with_`.
        replicates: number of draws of everything uncertain, 1 or more; 200 in the shipped scenarios.
        seed: the key of all draws, 0 to 2**63 - 1. The same seed gives the same numbers on every machine.
        threads: of the processor, at most 1024; 0 takes all. The numbers do not depend on it.
        months: length of the horizon, from the scenario's start.
        counties: codes of counties.csv, such as [220182], by default all; a county's numbers are the same alone and in the province.
        sample_share: share of the households, in (0, 1]; counts and costs are weighted back up. 0.05 is good for a look.
        progress: a bar with rate and remaining time, in a notebook or a terminal (tqdm.auto).
        checkpoint: a file that keeps finished counties until the run is done: the same call after an interruption goes
            on from there, to the same numbers. By default a run of over three seconds, or an interrupted one, keeps
            them in the cache folder ($DOUDI_CACHE, or ~/.cache/doudi); False keeps nothing.
        client: a `dask.distributed.Client`; counties and blocks of replicates are then shared out to its workers, for
            the same numbers. `threads` holds for each worker and no checkpoint is kept.

    Returns:
        A Dataset; docs/results-format.md lists its variables. `cost` is int64 fen (0.01 yuan), `recipients` persons and
        `households` households, each [scenario, replicate, county, residence, programme, month]. The arrays are the
        engine's own memory, not copies; `.to_dataframe()` makes frames.

    Raises:
        InputError: faulty scenario or option, with every fault and what to try.
        MachineError: the disk refuses the checkpoint.
        KeyboardInterrupt: Ctrl-C, within a second; it says what is kept.

    The GIL is released: other Python threads go on.
    """
    return simulate([scenario], replicates=replicates, seed=seed, threads=threads, months=months, counties=counties,
                    sample_share=sample_share, progress=progress, checkpoint=checkpoint, client=client)


def compare(base: Scenario, *reforms: Scenario, replicates: int | None = None, seed: int | None = None, threads: int = 0,
            months: int | None = None, counties: Iterable[int] | None = None, sample_share: float | None = None,
            progress: bool = True, checkpoint: str | os.PathLike[str] | Literal[False] | None = None, client: Any = None) -> Comparison:
    """Simulates a baseline and its reforms on the same draws, so that differences are the policy's alone.

    Args: those of `run`. Any number of reforms; sixteen scenarios ride on one walk.

    Returns:
        A Comparison: `.difference()`, `.reserve()`, `.by_county()`, `.plot`, `.report()` ... and `.dataset`.

    Raises:
        InputError: like `run`, and if the scenarios differ in more than policy (data, beliefs, size of the run).
        ValueError: no reform is given.
    """
    if not reforms:
        raise ValueError("compare needs a reform beside the base; use run for one scenario")
    return Comparison(simulate([base, *reforms], replicates=replicates, seed=seed, threads=threads, months=months, counties=counties,
                               sample_share=sample_share, progress=progress, checkpoint=checkpoint, client=client))


def bridge(base: Scenario, steps: Mapping[str, Mapping[str, Any]], **options: Any) -> pd.DataFrame:
    """From one budget to another in steps that add up: each step changes settings on top of those before it.

    ``bridge(base, {"amounts": {"living_subsidy__amount": "85.00"}, "standard": {"dibao__standard__factor": 1.05}})``

    Returns a row for the base, each step and the total, in yuan: `mean` (the steps' means add to the total exactly, in
    fen, replicate by replicate), `median`, `q05`, `q95`. The order of the steps matters where they interact. Any number of
    steps, one or more; one that switches on a special module stands among the first 15. Options as for `run`. Raises
    InputError like `compare`, and for a step that is called "base" or "total", as the other rows are.
    """
    taken = [name for name in steps if name in ("base", "total")]
    if taken:
        raise _core.InputError(f"bridge: no step can be called {taken[0]!r}, for another row of the table has that name; choose another")
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


def sweep(base: Scenario, key: str | Mapping[str, Iterable[Any]], values: Iterable[Any] | None = None, **options: Any) -> Comparison:
    """One setting over several values, or several over a grid, on shared draws: one call, one dataset.

    ``sweep(base, "dibao.standard.factor", [1.02, 1.05, 1.10])``, or an array of numpy, or a Series
    ``sweep(base, {"dibao.standard.factor": [1.02, 1.05], "dibao.take_up_factor": [1.0, 1.1]})``

    Args:
        base: the baseline; it is the first scenario of the result.
        key: a key of scenario files, or a mapping from keys to values, of which every combination is simulated.
        values: the values of a single key.
        **options: those of `run`.

    Returns:
        A Comparison whose dataset has every combination on its `scenario` dimension, named "key=value", and for each
        key a coordinate on `scenario` with the values (NaN at the base, beside text too; a saved file has empty text there), so that
        ``c.dataset.swap_dims(scenario="dibao.standard.factor")`` is indexed by the standard.

    Raises:
        InputError: like `compare`. ValueError: no values.
    """
    grid = {k: [given.plain(v) for v in vs] for k, vs in (key.items() if isinstance(key, Mapping) else [(key, [] if values is None else values)])}
    points = [dict(zip(grid, point, strict=True)) for point in itertools.product(*grid.values())]
    if not points or not grid:
        raise ValueError(f"sweep over {list(grid)} has no values")
    c = compare(base, *(base.with_(name=", ".join(f"{k}={v}" for k, v in point.items()), **{k.replace(".", "__"): v for k, v in point.items()}) for point in points), **options)
    return Comparison(c.dataset.assign_coords({k: ("scenario", _with_base([point[k] for point in points])) for k in grid}))


def _with_base(values: list[Any]) -> np.ndarray:
    """Values of the reforms after the base's NaN, which stays one beside text."""
    numbers = all(isinstance(v, (int, float)) for v in values)
    return np.asarray(pd.Series([np.nan, *values], dtype=float if numbers else object))


def open_results(path: str | os.PathLike[str]) -> Comparison:
    """A results file that the command wrote, or a dataset saved with ``c.dataset.to_netcdf(path, engine="h5netcdf")``.

    Arrays are read when they are used. Raises FileNotFoundError, or InputError if the file is not one of ours or torn.
    """
    ds, kind = opened(path, "a results file")
    if kind.startswith("doudi-drivers-"):
        ds.close()
        raise _core.InputError(f"{path}: a file of `doudi drivers`, not a result of `doudi run` or `compare`; doudi.open_drivers opens it")
    if "cost" not in ds or "plan_sha256" not in ds.attrs or not {"scenario", "replicate", "county", "programme", "month"} <= set(ds.cost.dims):
        ds.close()
        raise _core.InputError(f"{path}: an HDF5 file, but not a result of doudi: it has no variable `cost` by scenario, replicate, county, programme and month, or no `plan_sha256`")
    if kind != "doudi-results-1":
        ds.close()
        raise _core.InputError(f"{path}: a result of another format ({kind or 'it names none'}), and this program reads doudi-results-1; open it with the version that wrote it")
    return Comparison(ds.set_coords([name for name in NAMES if name in ds]))
