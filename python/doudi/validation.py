"""Published figures beside their simulated counterparts, worst first."""
from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import xarray as xr

if TYPE_CHECKING:
    from .comparison import Comparison

HEADS = {"dibao": ("dibao", ["dibao", "supplement"]), "tekun": ("tekun_basic", ["tekun_basic", "tekun_care"]), "temporary": ("temporary", ["temporary"]),
         "living_subsidy": ("living_subsidy", ["living_subsidy"]), "nursing_subsidy": ("nursing_subsidy", ["nursing_subsidy"])}


ZH = {"urban": "城市", "rural": "农村", "persons": "人数", "households": "户数", "category_households": "户数", "person_times_month": "月均人次", "yuan_per_head_month": "人均月支出（元）", "yuan_per_time": "次均支出（元）"}
CATEGORY_ZH = {"edge": "低保边缘家庭", "rigid": "刚性支出困难家庭", "tekun": "特困", "dibao": "低保"}


def counties_left_out(ds: xr.Dataset) -> int:
    """How many counties of the data that the scenario read are not in the result; 0 where the result does not carry its data."""
    for text in ds.source_text.values if "source_text" in ds else ():
        if str(text).startswith("code,name_zh,"):  # the table of counties, whatever its file is called
            codes = {int(line.split(",", 1)[0]) for line in str(text).splitlines()[1:] if line.split(",", 1)[0].strip().isdigit()}
            return len(codes - {int(code) for code in ds.county.values})
    return 0


def why_no_validation(c: Comparison, lang: str = "en") -> str:
    """Why `validation_table` is empty: a sentence, or nothing if it is not, or if there are no published figures."""
    ds = c.dataset
    left_out = counties_left_out(ds)
    if not left_out or not any(str(name).endswith("targets.csv") for name in ds.source.values):
        return ""
    n = ds.sizes["county"]
    return (f"未与公布数对照：公布数是全省数，本结果只含 {n + left_out} 个县级单元中的 {n} 个。须模拟全部县（不用 --counties）才能对照。" if lang == "zh" else
            f"Not compared with published figures: they are the province's, and this result holds {n} of {n + left_out} counties. The comparison needs all of them: leave out --counties.")


def validation_table(c: Comparison, lang: str = "en") -> pd.DataFrame:
    """The table of `doudi validate` as a frame; empty if the results carry no published figures, or not all of the counties
    that those figures count (`why_no_validation` says so).

    A figure fits if it lies in the 90 % interval widened by its own 90 % error. Values in persons, households or yuan.
    `lang`: of the columns `figure` and `note`, "en" or "zh".
    """
    ds = c.dataset
    names = [str(s) for s in ds.source.values]
    text = next((str(ds.source_text.values[i]) for i, n in enumerate(names) if n.endswith("targets.csv")), None)
    columns = ["figure", "month", "published", "simulated", "q05", "q95", "ratio", "status", "note"]
    if text is None or counties_left_out(ds):
        return pd.DataFrame(columns=columns)
    base, months = ds.isel(scenario=0), ds.sizes["month"]
    programme_zh = {str(p): str(z) for p, z in zip(ds.programme.values, ds.programme_zh.values, strict=True)} | CATEGORY_ZH if lang == "zh" else {}
    rows = []
    for t in pd.read_csv(io.StringIO(text), dtype={"value": float, "relative_error": float}).fillna({"note": "", "note_zh": ""}).itertuples():
        part = base if t.residence == "all" else base.sel(residence=[t.residence])
        head, paid = HEADS.get(t.programme, (t.programme, [t.programme]))
        values, known = np.full(ds.sizes["replicate"], np.nan), True
        if t.statistic == "category_households":
            values = part.category_households.sel(category=t.programme).sum(["county", "residence", "month"]).values / months
        elif head not in ds.programme.values:
            known = False
        elif t.statistic == "households":
            values = part.households.sel(programme=head).sum(["county", "residence", "month"]).values / months
        elif t.statistic in ("persons", "person_times_month", "yuan_per_head_month", "yuan_per_time"):
            persons = part.recipients.sel(programme=head).sum(["county", "residence", "month"]).values
            values = persons / months
            if t.statistic.startswith("yuan"):
                values = part.cost.sel(programme=paid).sum(["county", "residence", "month", "programme"]).values / 100 / np.maximum(persons, 1)
        else:
            known = False
        low, median, high = np.quantile(values, [0.05, 0.5, 0.95])
        status, slack = t.status, 1.645 * t.relative_error
        if not known:
            status = "not comparable"
        elif status == "fit":
            status = "fits" if low * (1 - slack) <= t.value <= high * (1 + slack) else "off"
        where = [] if t.residence == "all" else [t.residence]
        label = ", ".join([t.programme, *where, t.statistic]) if lang == "en" else "".join(ZH.get(word, word) for word in (*where, programme_zh.get(t.programme, t.programme), t.statistic))
        note_zh = str(getattr(t, "note_zh", "")) if lang == "zh" else ""
        rows.append([label, t.month, t.value, median, low, high, median / t.value, status, note_zh or t.note])
    frame = pd.DataFrame(rows, columns=columns)
    badness = np.abs(np.log(frame.ratio.where(frame.ratio > 0))).fillna(-1)
    return frame.iloc[np.argsort(-badness.values, kind="stable")].reset_index(drop=True)
