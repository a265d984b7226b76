"""Runs that stop at a precision, and the bridge between two budgets."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from . import _core, given
from .adjusted import adjustment, can
from .comparison import Comparison
from .engine import simulate
from .scenario import Scenario, plan


def run_until(precision: str, base: Scenario, *reforms: Scenario, most: int = 12800, **options: Any) -> Comparison:
    """Simulates 100 replicates, then as many as the precision will take by what is known, until it is reached, as `doudi run --until` does:
    the same stopping point for any number of threads, and the numbers of a run with that many replicates.

    ``run_until("total.q95 within 0.5%", base)``, ``run_until("difference.mean within 1%, dibao.median within 2%", base, reform)``.
    ``run_until("adjusted total.q95 within 0.5%", base)`` takes fewer replicates (of all households a quarter to a half for a 95 % quantile): it asks for the figure of `c.adjusted`.
    Half the 95 % Monte Carlo interval is what must be within. `most` ends the run in any case; `dataset.attrs["reached"]`
    says (0 or 1) whether the precision was. Other options as for `doudi.compare`. Raises InputError for a precision that cannot be read, and for `replicates`,
    which is what is sought.
    """
    if "replicates" in options:
        raise _core.InputError(f"replicates = {options['replicates']!r}: run_until finds out how many it takes; most={options['replicates']!r} says how many it may take")
    wanted, replicates, ratio, most = _core.precisions(precision), 0, 0.0, given.whole("most", most, 1, 2**31 - 1)
    options["counties"] = given.counties(options.get("counties"))  # read once for all batches
    earlier = None
    while True:
        replicates = min(_core.next_look(replicates, ratio), most)
        c = Comparison(simulate([base, *reforms], replicates=replicates, earlier=earlier, **options))
        earlier = c.dataset
        adjust = adjustment(c.dataset) if any(sharp for _, _, sharp in wanted) and can(c.dataset) else None
        looks = [_core.reached(precision, i, fen.tolist(), adjust) for i, (quantity, _, _) in enumerate(wanted) for fen in _series(c, quantity)]
        good, ratio = all(yes for yes, _ in looks), max(ratio for _, ratio in looks)
        if good or replicates >= most:
            c.dataset.attrs["reached"] = int(good)
            return c


def _series(c: Comparison, quantity: str) -> list[np.ndarray]:
    """Fen by replicate of each scenario that a precision speaks of."""
    cost = c.dataset.cost.sum(["county", "residence", "month"])
    paired, programme = quantity.startswith("difference"), quantity.removeprefix("difference").removeprefix(".").replace("total", "")
    if paired and cost.sizes["scenario"] < 2:
        raise _core.InputError(f"{quantity} needs a reform")
    if programme and programme not in cost.programme.values:
        raise _core.InputError(f"there is no programme {programme!r}; there are {[str(p) for p in cost.programme.values]}")
    cost = cost.sel(programme=programme) if programme else cost.sum("programme")
    return [(cost[s] - cost[0] if paired else cost[s]).values for s in range(int(paired), cost.sizes["scenario"])]


def budget_bridge(last: Scenario, current: Scenario, *, order: Sequence[str] = (), replicates: int | None = None, seed: int | None = None, threads: int = 0,
                  counties: Iterable[int] | None = None, sample_share: float | None = None) -> pd.DataFrame:
    """From last budget to this budget in steps: standard, amounts, rules, caseload, take-up, income, prices, data.

    Returns a row for the base, each step and the total, in yuan: `mean`, `standard_error`, `median`, `q05`, `q95`; in
    `attrs["fen"]` the paired changes by replicate (int64), whose sum is the total exactly. Steps that change nothing are
    zero. `order` names the steps in another order, as a list. The numbers are those of `doudi bridge`. Raises InputError.
    """
    if isinstance(order, str):
        raise _core.InputError(f"order = {order!r} is text, and a list of steps is wanted, such as order=[{order!r}]")
    options = given.options(replicates=replicates, seed=seed, sample_share=sample_share, counties=counties)
    of_last, of_current = (plan([s], **options) for s in (last, current))
    parts = dict(_core.bridge(of_last, of_current, list(order), given.threads(threads)))
    rows = {name: {"mean": v.mean() / 100, "standard_error": v.std(ddof=1) / np.sqrt(len(v)) / 100 if len(v) > 1 else np.nan, "median": np.median(v) / 100,
                   "q05": np.quantile(v, 0.05) / 100, "q95": np.quantile(v, 0.95) / 100} for name, v in parts.items()}
    frame = pd.DataFrame(rows).T.rename_axis("step")
    frame.attrs = {"fen": parts, "replicates": len(parts["base"]), "seed": of_current.describe()["attrs"]["seed"]}
    return frame
