"""Many machines: counties and blocks of replicates as tasks of Dask.distributed.

Draws have addresses and tallies are integers, so the parts add up to the same bytes whoever made them, and the task of
a lost worker is simply done again. A worker needs this package, not the scenario files: their texts travel with the task.
"""
from __future__ import annotations

import functools
import hashlib
import math
import pathlib
import tempfile
from collections.abc import Sequence
from typing import Any

import numpy as np

from . import _core
from .scenario import Scenario, outside

Task = tuple[tuple[tuple[str, str], ...], tuple[str, ...], tuple[tuple[str, ...], ...], tuple[tuple[str, Any], ...], str]


@functools.lru_cache(maxsize=4)
def _plan(task: Task) -> _core.Plan:
    sources, files, settings, options, digest = task
    with tempfile.TemporaryDirectory(prefix="doudi-") as folder:
        for name, text in sources:
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
        plan = _core.load([pathlib.Path(folder, f) for f in files], set_each=[list(s) for s in settings], **dict(options))
    if plan.sha256 != digest:
        raise RuntimeError(f"this worker reads another plan from the same texts ({plan.sha256[:12]}, not {digest[:12]}): it has another version of doudi")
    return plan


def _carry(task: Task) -> Task:
    return task


def _work(task: Task, commit: str, county: int, first: int, count: int, threads: int) -> dict[str, np.ndarray]:
    mine = _core.git_hash
    if mine != commit:
        raise RuntimeError(f"this worker has doudi at {mine}, the client at {commit}: install the same version everywhere")
    return _core.block(_plan(task), county, first, count, threads)


def _file_in(sources: Sequence[tuple[str, str]], scenario: Scenario) -> str:
    """The name under which a scenario's file stands among the sources."""
    path, text = pathlib.Path(scenario.path), pathlib.Path(scenario.path).read_text(encoding="utf-8")
    return next(name for name, source in sources if source == text and pathlib.PurePosixPath(name).name == path.name)


def simulate_on(client: Any, plan: _core.Plan, scenarios: Sequence[Scenario], options: dict[str, Any], threads: int, bar: Any,
                known: dict[str, Any] | None = None) -> dict[str, Any]:
    """What `_core.simulate` returns, made by the client's workers; `known`: its `earlier`."""
    from distributed import as_completed

    out = _core.outline(plan)
    size = {name: len(values) for name, (_, values, _) in out["coords"].items()}
    replicates, counties = size["replicate"], size["county"]
    task: Task = (tuple(plan.sources), tuple(_file_in(plan.sources, s) for s in scenarios), tuple(tuple(s.settings()) for s in scenarios),
                  tuple(sorted((options | {"allow_outside": outside(scenarios)}).items())), plan.sha256)
    at_once = max(1, sum(client.nthreads().values()))
    first = known["cost"].shape[1] if known else 0
    block = 4 * math.ceil((replicates - first) / max(1, math.ceil(4 * at_once / counties)) / 4)
    cubes = {name: np.empty([size[d] for d in dims], np.int64) for name, (dims, _, _) in out["cubes"].items()}
    for name, cube in (known or {}).items():
        cubes[name][:, :first] = cube
    # A task of its own, not scattered data: the scheduler can make it again when the worker that holds it is lost.
    shared = client.submit(_carry, task, pure=False)
    largest_first = np.argsort(-np.asarray(out["variables"]["family_households"][1]), kind="stable")
    places = [(int(c), r) for c in largest_first for r in range(first, replicates, block)]
    futures = {client.submit(_work, shared, out["attrs"]["git_hash"], c, r, min(block, replicates - r), threads or 1, pure=False): (c, r) for c, r in places}
    try:
        for future, parts in as_completed(list(futures), with_results=True):
            c, r = futures[future]
            for name, part in parts.items():
                cube = cubes[name]
                cube[:, r:r + part.shape[1], c] = part.reshape(part.shape[:2] + cube.shape[3:])
            if bar is not None:
                bar.update(out["variables"]["family_households"][1][c] * part.shape[1] / (replicates - first))
            future.release()
    except BaseException:
        client.cancel(list(futures), force=True)
        raise
    digests = [hashlib.sha256(b"".join(np.ascontiguousarray(cube[:, :, c]).astype("<i8").tobytes() for cube in cubes.values())).hexdigest() for c in range(counties)]
    out["variables"] |= {name: (dims, cubes[name], about) for name, (dims, _, about) in out["cubes"].items()}
    out["variables"]["county_sha256"] = (("county",), np.array(digests, dtype=object), {"long_name": _core.county_digest_meaning})
    return {"attrs": out["attrs"], "coords": out["coords"], "variables": out["variables"]}
