"""What a budget office asks of a results dataset. Amounts that come back are in yuan."""
from __future__ import annotations

import html
import os
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import xarray as xr

if TYPE_CHECKING:
    from .plots import Plots

WAN = 1e6  # fen in 万元


class Comparison:
    """Results of a baseline and its reforms on shared draws. `dataset` holds everything; methods answer questions.

    `scenario` arguments take a name or a position; by default the last scenario.
    """

    def __init__(self, dataset: xr.Dataset):
        self.dataset = dataset

    def _scenario(self, scenario: str | int | None) -> int:
        names = list(self.dataset.scenario.values)
        if scenario is None:
            return len(names) - 1
        if isinstance(scenario, str):
            if scenario not in names:
                raise KeyError(f"no scenario {scenario!r}; there are {names}")
            return names.index(scenario)
        return range(len(names))[scenario]

    def total(self, scenario: str | int | None = None, *, by: tuple[str, ...] = ()) -> xr.DataArray:
        """Cost of the period in yuan, [replicate] and the dimensions in `by`."""
        cost = self.dataset.cost.isel(scenario=self._scenario(scenario))
        return (cost.sum([d for d in cost.dims if d not in ("replicate", *by)]) / 100).rename("cost").assign_attrs(units="yuan")

    def difference(self, scenario: str | int | None = None, *, by: tuple[str, ...] = ()) -> xr.DataArray:
        """Paired change against the baseline in yuan, [replicate] and the dimensions in `by`."""
        keep = ("replicate", *by)
        reform, base = (self.dataset.cost.isel(scenario=s) for s in (self._scenario(scenario), 0))
        drop = [d for d in reform.dims if d not in keep]
        return ((reform.sum(drop) - base.sum(drop)) / 100).rename("difference").assign_attrs(units="yuan")

    def quantiles(self, q: tuple[float, ...] = (0.05, 0.5, 0.95), scenario: str | int | None = None, *, by: tuple[str, ...] = (),
                  difference: bool = False) -> xr.DataArray:
        """Quantiles over replicates in yuan, [quantile] and the dimensions in `by`."""
        values = self.difference(scenario, by=by) if difference else self.total(scenario, by=by)
        return values.quantile(list(q), "replicate")

    def reserve(self, level: float = 0.95, scenario: str | int | None = None) -> float:
        """Yuan over the median that hold with probability `level`."""
        if not 0 < level < 1:
            raise ValueError(f"level = {level} is not between 0 and 1")
        total = self.total(scenario)
        return float(total.quantile(level) - total.median())

    def breach_probability(self, budget: float, scenario: str | int | None = None) -> float:
        """Probability that the cost of the period is over `budget` yuan."""
        return float((self.total(scenario) > budget).mean())

    def expected_shortfall(self, level: float = 0.95, scenario: str | int | None = None) -> float:
        """Mean cost in yuan over the worst 1 - `level` of the replicates, the boundary one in part."""
        values = np.sort(self.total(scenario).values)[::-1]
        tail = (1 - level) * len(values)
        whole = int(tail)
        rest = tail - whole
        return float((values[:whole].sum() + rest * values[min(whole, len(values) - 1)]) / tail)

    def quantile_interval(self, q: float, scenario: str | int | None = None, confidence: float = 0.95) -> tuple[float, float]:
        """Distribution-free confidence interval of a quantile in yuan, from order statistics (binomial)."""
        values = np.sort(self.total(scenario).values)
        n = len(values)
        # Cumulative binomial probabilities without a further dependency.
        log_choose = np.cumsum(np.log(np.arange(n, 0, -1)) - np.log(np.arange(1, n + 1)))
        k = np.arange(n + 1)
        log_pmf = np.concatenate([[0.0], log_choose]) + k * np.log(q) + (n - k) * np.log1p(-q)
        cdf = np.cumsum(np.exp(log_pmf))
        low = int(np.searchsorted(cdf, (1 - confidence) / 2, "left")) - 1
        high = int(np.searchsorted(cdf, 1 - (1 - confidence) / 2, "left"))
        return (float(values[low]) if low >= 0 else -np.inf, float(values[high]) if high < n else np.inf)

    def convergence(self, scenario: str | int | None = None, q: float = 0.95) -> pd.DataFrame:
        """Mean and a quantile at 1, 2, 4, 8 ... replicates, in yuan, with the standard error of the mean."""
        values = self.total(scenario).values
        rows, n = [], 1
        while n <= len(values):
            part = values[:n]
            error = part.std(ddof=1) / np.sqrt(n) if n > 1 else np.nan
            rows.append({"replicates": n, "mean": part.mean(), "standard_error": error, f"q{100 * q:g}": np.quantile(part, q)})
            n = 2 * n if 2 * n <= len(values) or n == len(values) else len(values)
        return pd.DataFrame(rows).set_index("replicates")

    def drivers(self, scenario: str | int | None = None, *, difference: bool = False, top: int = 12) -> pd.DataFrame:
        """What drives the budget: first-order share of variance of each assumption and systemic factor.

        Squared rank correlation over replicates, a share of variance for monotone effects; with its error under no
        effect. The factor is the mean over counties and months. Needs a hundred replicates or more to say much.
        """
        values = (self.difference(scenario) if difference else self.total(scenario)).values
        inputs = {str(p): self.dataset.parameter_value.sel(parameter=p).values for p in self.dataset.parameter.values}
        if "systemic" in self.dataset:
            inputs |= {f"systemic: {f}": self.dataset.systemic.sel(factor=f).mean(["county", "month"]).values for f in self.dataset.factor.values}
        ranks = pd.Series(values).rank()
        rows = [(name, np.corrcoef(ranks, pd.Series(x).rank())[0, 1]) for name, x in inputs.items() if np.ptp(x) > 0]
        frame = pd.DataFrame(rows, columns=["input", "rank_correlation"]).set_index("input")
        frame["share_of_variance"] = frame.rank_correlation**2
        frame["share_by_chance"] = 1 / max(1, len(values) - 1)
        return frame.sort_values("share_of_variance", ascending=False).head(top)

    def grade(self, frame: pd.DataFrame) -> pd.Series:
        """publish, caution or suppress, by relative standard error of the mean and the number of recipients a month."""
        relative = frame["standard_error"] / frame["baseline_mean"].abs().clip(lower=1)
        grade = pd.Series("publish", frame.index).where((relative <= 0.05) & (frame["recipients_month"] >= 100), "caution")
        return grade.where((relative <= 0.2) & (frame["recipients_month"] >= 20), "suppress")

    def by_county(self, scenario: str | int | None = None) -> pd.DataFrame:
        """One row a county in yuan: baseline and change with 5 - 95 %, recipients, grade; largest change first."""
        base, change = self.total(0, by=("county",)), self.difference(scenario, by=("county",))
        heads = self.dataset.recipients.isel(scenario=0).sum(["residence", "programme", "month"]) / self.dataset.sizes["month"]
        frame = pd.DataFrame({
            "name_zh": self.dataset.county_name_zh.values, "name_en": self.dataset.county_name_en.values,
            "baseline": base.median("replicate"), "baseline_mean": base.mean("replicate"),
            "standard_error": base.std("replicate", ddof=1) / np.sqrt(self.dataset.sizes["replicate"]) if self.dataset.sizes["replicate"] > 1 else np.nan,
            "change": change.median("replicate"), "change_q05": change.quantile(0.05, "replicate"), "change_q95": change.quantile(0.95, "replicate"),
            "recipients_month": heads.mean("replicate"),
        }, index=pd.Index(self.dataset.county.values, name="county"))
        frame["grade"] = self.grade(frame)
        return frame.sort_values("change", key=np.abs, ascending=False)

    def by_programme(self, scenario: str | int | None = None) -> pd.DataFrame:
        """One row a programme and a total, in yuan, with 5 - 95 % and recipients a month."""
        rows = {}
        for label in [*self.dataset.programme.values, "total"]:
            chosen = self if label == "total" else Comparison(self.dataset.sel(programme=[label]))
            base, reform, change = chosen.total(0), chosen.total(scenario), chosen.difference(scenario)
            heads = chosen.dataset.recipients.isel(scenario=0).sum(["county", "residence", "programme", "month"])
            row = {f"{name}{suffix}": float(v.quantile(q)) for name, v in (("baseline", base), ("reform", reform), ("change", change))
                   for suffix, q in (("", 0.5), ("_q05", 0.05), ("_q95", 0.95))}
            rows[str(label)] = row | {"recipients_month": np.nan if label == "total" else float(heads.median()) / self.dataset.sizes["month"]}
        return pd.DataFrame(rows).T.rename_axis("programme")

    def by_level(self, scenario: str | int | None = None) -> pd.DataFrame:
        """Who pays: mean and 5 - 95 % of the cost and of its change by paying level, in yuan.

        Each county-programme-month cell is split in fen: centre, province and prefecture are rounded down, the county takes
        what is left, so the levels add up exactly. The shares are assumption A-27 unless the scenario sets `funding`.
        """
        def split(s: int) -> dict[str, xr.DataArray]:
            cost, parts = self.dataset.cost.isel(scenario=s), {}
            left = cost
            for level in list(self.dataset.level.values)[:-1]:
                share = self.dataset.funding_share.isel(scenario=s).sel(level=level, drop=True)
                parts[str(level)] = cost * share // 10000
                left = left - parts[str(level)]
            parts["county"] = left
            return {k: v.sum([d for d in v.dims if d != "replicate"]) / 100 for k, v in parts.items()}

        base, reform = split(0), split(self._scenario(scenario))
        rows = {}
        for level in base:
            change = reform[level] - base[level]
            rows[level] = {"baseline_mean": float(base[level].mean()), "reform_mean": float(reform[level].mean()), "change_mean": float(change.mean()),
                           "reform_q05": float(reform[level].quantile(0.05)), "reform_q95": float(reform[level].quantile(0.95))}
        return pd.DataFrame(rows).T.rename_axis("level")

    def hand_check(self, scenario: str | int | None = None) -> dict[str, float]:
        """Recipient-months times the change of the two subsidies' amounts, beside the simulated change, in yuan."""
        s, ds = self._scenario(scenario), self.dataset
        expected = simulated = xr.DataArray(0.0)
        for programme, amount in (("living_subsidy", ds.living_amount), ("nursing_subsidy", ds.nursing_amount)):
            part = ds.sel(programme=programme)
            heads = part.recipients.isel(scenario=0).sum(["county", "residence"])
            by_month = ds.get(f"{amount.name}_in_month", amount)  # only where the law changes within the run
            step = by_month.isel(scenario=s, drop=True) - by_month.isel(scenario=0, drop=True)
            expected = expected + (heads * step).sum("month") / 100
            simulated = simulated + (part.cost.isel(scenario=s) - part.cost.isel(scenario=0)).sum(["county", "residence", "month"]) / 100
        return {"expected": float(expected.mean()), "simulated": float(simulated.mean()), "largest_gap": float(np.abs(simulated - expected).max())}

    def _repr_html_(self) -> str:
        ds = self.dataset
        table = (self.by_programme().drop(columns="recipients_month") / 1e4).round(1)
        title = " → ".join(html.escape(str(t)) for t in ds.scenario_title.values)
        return (f"<h4>{title}</h4><p>{ds.sizes['county']} counties, {ds.sizes['replicate']} replicates, seed {ds.attrs.get('seed')}; 万元, "
                f"median and 5 – 95 %</p>{table.to_html(float_format='{:,.1f}'.format)}")

    @property
    def plot(self) -> Plots:
        """Pictures: cost(), difference(), exceedance(), months(), counties(), drivers(), convergence(), scenarios().

        ``c.plot.cost()`` is a matplotlib figure; ``c.plot("en").cost()`` is labelled in English.
        """
        from .plots import Plots

        return Plots(self)

    def to_excel(self, path: str | os.PathLike[str], lang: str = "zh") -> None:
        """A workbook for people: summary, counties, programmes, months, paying levels, assumptions, validation. `lang`: "zh" or
        "en". An earlier file is replaced when the new one is whole. Raises OSError if it cannot be written."""
        from .workbook import write_workbook

        write_workbook(self, path, lang)

    def report(self, path: str | os.PathLike[str], lang: str = "zh") -> None:
        """A self-contained HTML page: how much, how sure, why, where, what could go wrong, how it was made. `lang`: "zh" or
        "en". An earlier file is replaced when the new one is whole. Raises OSError if it cannot be written."""
        from .report import write_report

        write_report(self, path, lang)
