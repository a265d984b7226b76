"""Published figures beside their simulated counterparts, worst first."""
from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from .comparison import Comparison

HEADS = {"dibao": ("dibao", ["dibao", "supplement"]), "tekun": ("tekun_basic", ["tekun_basic", "tekun_care"]), "temporary": ("temporary", ["temporary"]),
         "living_subsidy": ("living_subsidy", ["living_subsidy"]), "nursing_subsidy": ("nursing_subsidy", ["nursing_subsidy"])}


def validation_table(c: Comparison) -> pd.DataFrame:
    """The table of `doudi validate` as a frame; empty if the results carry no published figures.

    A figure fits if it lies in the 90 % interval widened by its own 90 % error. Values in persons, households or yuan.
    """
    ds = c.dataset
    names = [str(s) for s in ds.source.values]
    text = next((str(ds.source_text.values[i]) for i, n in enumerate(names) if n.endswith("targets.csv")), None)
    columns = ["figure", "month", "published", "simulated", "q05", "q95", "ratio", "status", "note"]
    if text is None:
        return pd.DataFrame(columns=columns)
    base, months = ds.isel(scenario=0), ds.sizes["month"]
    rows = []
    for t in pd.read_csv(io.StringIO(text), dtype={"value": float, "relative_error": float}).fillna({"note": ""}).itertuples():
        part = base if t.residence == "all" else base.sel(residence=[t.residence])
        if t.statistic == "category_households":
            values = part.category_households.sel(category=t.programme).sum(["county", "residence", "month"]).values / months
        else:
            head, paid = HEADS[t.programme]
            persons = part.recipients.sel(programme=head).sum(["county", "residence", "month"]).values
            if t.statistic in ("persons", "person_times_month"):
                values = persons / months
            elif t.statistic == "households":
                values = part.households.sel(programme=head).sum(["county", "residence", "month"]).values / months
            else:
                values = part.cost.sel(programme=paid).sum(["county", "residence", "month", "programme"]).values / 100 / np.maximum(persons, 1)
        low, median, high = np.quantile(values, [0.05, 0.5, 0.95])
        status, slack = t.status, 1.645 * t.relative_error
        if status == "fit":
            status = "fits" if low * (1 - slack) <= t.value <= high * (1 + slack) else "off"
        label = f"{t.programme}, {t.residence}, {t.statistic}" if t.residence != "all" else f"{t.programme}, {t.statistic}"
        rows.append([label, t.month, t.value, median, low, high, median / t.value, status, t.note])
    frame = pd.DataFrame(rows, columns=columns)
    badness = np.abs(np.log(frame.ratio.where(frame.ratio > 0))).fillna(-1)
    return frame.iloc[np.argsort(-badness.values, kind="stable")].reset_index(drop=True)
