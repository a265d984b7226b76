"""What a budget office asks of a results dataset. Amounts that come back are in yuan."""
from __future__ import annotations

import html
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

import numpy as np
import pandas as pd
import xarray as xr

from . import _core, given, precision, risk, sampled
from .adjusted import Adjusted
from .provenance import titles

if TYPE_CHECKING:
    from .plots import Plots

WAN = 1e6  # fen in 万元


def _told(yuan: xr.DataArray, what: str, summed: list[str]) -> xr.DataArray:
    """Amounts that say what they are: `what`, and over which dimensions it is a total."""
    return yuan.assign_attrs(units="yuan", long_name=f"{what}, total over {', '.join(summed)}" if summed else what)


class Comparison:
    """Results of a baseline and its reforms on shared draws. `dataset` holds everything; methods answer questions.

    `scenario` arguments take a name (KeyError for another) or a position (InputError); by default the last scenario. Where the households are a sample, intervals,
    quantiles and reserves lack the error of the sample, and those of a county are too wide: `sample_note` says how much.
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
        if isinstance(scenario, bool) or not isinstance(scenario, (int, np.integer)) or not -len(names) <= scenario < len(names):
            raise _core.InputError(f"scenario = {scenario!r} is neither a name nor a position; there are {', '.join(f'{i} ({name})' for i, name in enumerate(names))}")
        return range(len(names))[scenario]

    def _kept(self, by: tuple[str, ...]) -> tuple[str, ...]:
        return given.dimensions(by, [str(d) for d in self.dataset.cost.dims if d not in ("scenario", "replicate")])

    def total(self, scenario: str | int | None = None, *, by: tuple[str, ...] = ()) -> xr.DataArray:
        """Cost of the period in yuan, [replicate] and the dimensions in `by`, in its order: county, residence, programme, month. Raises InputError for another."""
        cost = self.dataset.cost.isel(scenario=self._scenario(scenario))
        by = self._kept(by)
        drop = [str(d) for d in cost.dims if d not in ("replicate", *by)]
        return _told((cost.sum(drop) / 100).rename("cost").transpose("replicate", *by), "cost", drop)

    def difference(self, scenario: str | int | None = None, *, by: tuple[str, ...] = ()) -> xr.DataArray:
        """Paired change against the baseline in yuan, [replicate] and the dimensions in `by`."""
        by = self._kept(by)
        reform, base = (self.dataset.cost.isel(scenario=s) for s in (self._scenario(scenario), 0))
        drop = [str(d) for d in reform.dims if d not in ("replicate", *by)]
        return _told(((reform.sum(drop) - base.sum(drop)) / 100).rename("difference").transpose("replicate", *by), "paired change of the cost against the baseline", drop)

    def quantiles(self, q: float | Sequence[float] = (0.05, 0.5, 0.95), scenario: str | int | None = None, *, by: tuple[str, ...] = (),
                  difference: bool = False) -> xr.DataArray:
        """Quantiles over replicates in yuan, [quantile] and the dimensions in `by`. Raises InputError for a `q` that is not from 0 to 1."""
        values = self.difference(scenario, by=by) if difference else self.total(scenario, by=by)
        return values.quantile(given.shares(q, "q"), "replicate").assign_attrs(values.attrs | {"long_name": f"quantile over replicates of {values.attrs['long_name']}"})

    def paid_by(self, level: str, scenario: str | int | None = None, *, by: tuple[str, ...] = ()) -> xr.DataArray:
        """What a paying level (`dataset.level`) pays in the period, in yuan, [replicate] and `by` (county, programme).

        Each county's programme is settled once for the period, split by `funding_share`: centre, province and prefecture rounded
        down, the county pays what is left, so the levels add up to the cost in every replicate, to the fen. The shares are assumption A-27 unless the scenario sets
        `funding`. Raises KeyError for an unknown level.
        """
        levels = [str(x) for x in self.dataset.level.values]
        if level not in levels:
            raise KeyError(f"no level {level!r}; there are {levels}")
        by = given.dimensions(by, ("county", "programme"))
        part = risk.paid_by(self.dataset, self._scenario(scenario)).isel(level=levels.index(level), drop=True)
        drop = [str(d) for d in part.dims if d not in ("replicate", *by)]
        return _told((part.sum(drop) / 100).rename("cost").transpose("replicate", *by), f"paid by level {level} in the period", drop)

    def _values(self, scenario: str | int | None, level: str | None, by: tuple[str, ...]) -> xr.DataArray:
        return self.total(scenario, by=by) if level is None else self.paid_by(level, scenario, by=by)

    @overload
    def reserve(self, confidence: float = 0.95, scenario: str | int | None = None, *, by: tuple[()] = (), level: str | None = None) -> float: ...
    @overload
    def reserve(self, confidence: float = 0.95, scenario: str | int | None = None, *, by: tuple[str, ...], level: str | None = None) -> pd.Series: ...
    def reserve(self, confidence: float = 0.95, scenario: str | int | None = None, *, by: tuple[str, ...] = (), level: str | None = None) -> float | pd.Series:
        """Yuan over the median that hold with probability `confidence`; for one paying `level` or all, a Series with `by`.

        Of a sample of households the reserve lacks the sample's error, and that of a small county is too high, for the weights
        blow up individual luck; a Series says so in ``.attrs["note"]`` (`sample_note`).
        """
        confidence = given.confidence(confidence)
        values = self._values(scenario, level, by)
        result = values.quantile(confidence, "replicate") - values.median("replicate")
        return sampled.noted(self, result.drop_vars("quantile").to_series()) if by else float(result)

    def sampling_error(self, scenario: str | int | None = None, *, difference: bool = False) -> float:
        """Standard error in yuan that a sample of households brings to the mean cost, or to its change; no interval holds it.

        0 where every household is simulated. NaN where the results carry no groups of the sample: those of `doudi run` and
        `doudi compare` do, those of Python do not.
        """
        return sampled.error(self.dataset, self._scenario(scenario), difference=difference) / 100

    def sample_note(self, lang: str = "en", scenario: str | int | None = None) -> str:
        """What a sample of households does to intervals, reserves and quantiles, in a few sentences; empty without a sample."""
        return sampled.note(self, lang, scenario)

    @overload
    def breach_probability(self, budget: float, scenario: str | int | None = None, *, by: tuple[()] = (), level: str | None = None) -> float: ...
    @overload
    def breach_probability(self, budget: float | pd.Series, scenario: str | int | None = None, *, by: tuple[str, ...], level: str | None = None) -> pd.Series: ...
    def breach_probability(self, budget: float | pd.Series, scenario: str | int | None = None, *, by: tuple[str, ...] = (), level: str | None = None) -> float | pd.Series:
        """Probability that the cost of the period is over `budget` yuan; with `by`, a Series, and `budget` may be one by the labels of the first of
        them: others are left out. Raises InputError for a budget that is NaN or infinite, or a Series without a label of the results."""
        values, limit = given.budgets(budget, self._values(scenario, level, by), by)
        result = (values > limit).mean("replicate")
        return result.to_series() if by else float(result)

    def breach_interval(self, budget: float, scenario: str | int | None = None, *, level: str | None = None, confidence: float = 0.95) -> tuple[float, float]:
        """Monte Carlo interval of `breach_probability` (Clopper and Pearson)."""
        values = self._values(scenario, level, ()).values
        return risk.breach_interval(int((values > given.yuan("budget", budget)).sum()), len(values), given.confidence(confidence))

    def expected_shortfall(self, confidence: float = 0.95, scenario: str | int | None = None, *, level: str | None = None) -> float:
        """Mean cost in yuan over the worst 1 - `confidence` of the replicates, the boundary one in part."""
        return risk.expected_shortfall(self._values(scenario, level, ()).values, given.confidence(confidence))[0]

    def exceedance(self, scenario: str | int | None = None, *, by: tuple[str, ...] = (), level: str | None = None,
                   probabilities: tuple[float, ...] = (0.99, 0.95, 0.9, 0.75, 0.5, 0.25, 0.1, 0.05, 0.02, 0.01)) -> pd.DataFrame:
        """Exceedance curve: the budget in yuan that is gone over with each probability (rows); a column for each `by`.

        Of a sample of households it is like `reserve`: ``.attrs["note"]`` says what is wrong with it.
        """
        probabilities = tuple(given.confidence(p, "probabilities") for p in probabilities)
        values = self._values(scenario, level, by).quantile([1 - p for p in probabilities], "replicate").assign_coords(quantile=list(probabilities))
        values = values.rename(quantile="probability")
        return sampled.noted(self, values.to_series().unstack(list(by)) if by else values.rename("budget").to_series().to_frame())

    def quantile_interval(self, q: float, scenario: str | int | None = None, confidence: float = 0.95, *, difference: bool = False, level: str | None = None) -> tuple[float, float]:
        """Distribution-free Monte Carlo interval of a quantile in yuan, from order statistics (binomial); of what one paying `level` pays,
        or of the change. Raises InputError for both at once."""
        given.no_level_of_a_difference(difference, level)
        values = self.difference(scenario) if difference else self._values(scenario, level, ())
        return risk.quantile_interval(values.values, given.confidence(q, "q"), given.confidence(confidence))

    def precision(self, scenario: str | int | None = None, confidence: float = 0.95) -> pd.DataFrame:
        """Error of the Monte Carlo itself, in yuan: mean, 5 %, median and 95 % of cost and change, with standard error (of the
        mean) and interval (mean: Student's t; quantiles: order statistics)."""
        return precision.table({"cost": self.total(scenario).values, "change": self.difference(scenario).values}, given.confidence(confidence))

    @property
    def adjusted(self) -> Adjusted:
        """Mean, quantiles, reserve, shortfall and breach probability adjusted for what the replicates drew: the same figures, as from many times
        as many replicates.

        ``c.adjusted.reserve(0.95)``; see `doudi.Adjusted`. Raises InputError for fewer than 20 replicates, and for results of a version that did
        not keep the law of the draws.
        """
        return Adjusted(self)

    def convergence(self, scenario: str | int | None = None, q: float = 0.95, *, difference: bool = False) -> pd.DataFrame:
        """Mean and a quantile at 1, 2, 4, 8 ... replicates, in yuan, with the mean's standard error and the quantile's interval."""
        return precision.convergence((self.difference(scenario) if difference else self.total(scenario)).values, given.confidence(q, "q"))

    def value_of_information(self, scenario: str | int | None = None, *, confidence: float = 0.95, difference: bool = False, survey: dict[str, int] | None = None,
                             caseload: bool = True, top: int = 15) -> pd.DataFrame:
        """What knowing an unknown beforehand would free of the reserve, in yuan: each assumption, systemic factor (mean of the
        period) and, with `caseload`, each county's recipients a month.

        By regression over replicates (Strong, Oakley and Brennan 2014): a cubic in the input, out of sample over five folds,
        explains `share_of_variance`; the reserve shrinks by its root. `survey` gives a sample size for inputs that are shares:
        a simple random sample of n learns var / (var + p (1 - p) / n) of it. `by_chance` is what an input without effect
        shows in one case of 20. For groups and interactions use `doudi.drivers`. Needs a hundred replicates or more; raises
        InputError for a single one. Empty where no input differs.
        """
        ds, confidence = self.dataset, given.confidence(confidence)
        if ds.sizes["replicate"] < 2:
            raise _core.InputError("value_of_information goes by what differs between replicates, and here is one; simulate a hundred or more")
        values = (self.difference(scenario) if difference else self.total(scenario)).values.astype(float)
        inputs = {str(p): ds.parameter_value.sel(parameter=p).values for p in ds.parameter.values}
        if "systemic" in ds:
            inputs |= {f"systemic: {f}": ds.systemic.sel(factor=f).mean(["county", "month"]).values for f in ds.factor.values}
        if caseload:
            heads = ds.recipients.isel(scenario=self._scenario(scenario)).sum(["residence", "programme", "month"]) / ds.sizes["month"]
            inputs |= {f"caseload: {c} {n}": heads.isel(county=i).values for i, (c, n) in enumerate(zip(ds.county.values, ds.county_name_zh.values, strict=True))}
        unknown = set(survey or {}) - set(inputs)
        if unknown:
            raise KeyError(f"no input {sorted(unknown)}; see dataset.parameter")
        frame = pd.DataFrame({name: x for name, x in inputs.items() if np.ptp(x) > 0})
        return risk.information(values, frame, confidence, survey or {}).head(top)

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
        share = sampled.share(self.dataset)
        relative = frame["standard_error"].abs() / frame["baseline_mean"].abs().clip(lower=1)
        return risk.grade(relative, frame["recipients_month"] * share, share)

    def _graded(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The frame with its grades, and no figure in a suppressed row: what is not to be passed on is not handed out."""
        frame["grade"] = self.grade(frame)
        frame.loc[frame.grade == "suppress", frame.select_dtypes("number").columns] = np.nan
        return frame

    def cells(self, scenario: str | int | None = None) -> pd.DataFrame:
        """Every county and programme with its grade: mean, standard error and change in yuan, the baseline's recipients a month (mean of the replicates).

        Figures of suppressed cells are blank; `Comparison.total(by=...)` has them for those who may see them.
        """
        by = ("county", "programme")
        base, change, n = self.total(0, by=by), self.difference(scenario, by=by), self.dataset.sizes["replicate"]
        heads = self.dataset.recipients.isel(scenario=0).sum(["residence", "month"]).mean("replicate") / self.dataset.sizes["month"]
        columns = {"baseline_mean": base.mean("replicate"), "standard_error": base.std("replicate", ddof=1) / np.sqrt(n) if n > 1 else base.mean("replicate") * np.nan,
                   "change_mean": change.mean("replicate"), "recipients_month": heads}
        return self._graded(pd.DataFrame({name: v.transpose(*by).to_series() for name, v in columns.items()}))

    def by_county(self, scenario: str | int | None = None) -> pd.DataFrame:
        """One row a county in yuan: baseline and change with 5 - 95 %, the baseline's recipients a month (mean of the replicates), grade; largest
        change first.

        Figures of suppressed counties are blank and stand last; `Comparison.total(by=...)` has them for those who may see them.
        """
        base, change = self.total(0, by=("county",)), self.difference(scenario, by=("county",))
        heads = self.dataset.recipients.isel(scenario=0).sum(["residence", "programme", "month"]) / self.dataset.sizes["month"]
        frame = pd.DataFrame({
            "name_zh": self.dataset.county_name_zh.values, "name_en": self.dataset.county_name_en.values,
            "baseline": base.median("replicate"), "baseline_mean": base.mean("replicate"),
            "standard_error": base.std("replicate", ddof=1) / np.sqrt(self.dataset.sizes["replicate"]) if self.dataset.sizes["replicate"] > 1 else np.nan,
            "change": change.median("replicate"), "change_q05": change.quantile(0.05, "replicate"), "change_q95": change.quantile(0.95, "replicate"),
            "recipients_month": heads.mean("replicate"),
        }, index=pd.Index(self.dataset.county.values, name="county"))
        return self._graded(frame).sort_values("change", key=np.abs, ascending=False)

    def by_programme(self, scenario: str | int | None = None) -> pd.DataFrame:
        """One row a programme and a total, in yuan, with 5 - 95 % and the baseline's recipients a month (median of the replicates)."""
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
        """Who pays: mean, 5 - 95 % and reserve of the cost and mean of its change by paying level, in yuan; see `paid_by`."""
        base, reform = (risk.paid_by(self.dataset, s).sum(["county", "programme"]) / 100 for s in (0, self._scenario(scenario)))
        rows = {}
        for level in self.dataset.level.values:
            b, r = base.sel(level=level), reform.sel(level=level)
            low, high = r.quantile(0.05).item(), r.quantile(0.95).item()
            rows[str(level)] = {"baseline_mean": b.mean().item(), "reform_mean": r.mean().item(), "change_mean": (r - b).mean().item(), "reform_q05": low, "reform_q95": high,
                                "reserve_95": high - r.median().item()}
        return pd.DataFrame(rows).T.rename_axis("level")

    def hand_check(self, scenario: str | int | None = None) -> dict[str, float]:
        """Recipient-months times the change of the two subsidies' amounts, beside the simulated change, in yuan.

        Where who draws them changes, by eligibility or a response of take-up, the gap is `caseload`: the change of the
        recipient-months times the new amounts; `rest` is what neither explains (rounding of a sample).
        """
        s, ds = self._scenario(scenario), self.dataset
        expected = simulated = caseload = xr.DataArray(0.0)
        for programme, amount in (("living_subsidy", ds.living_amount), ("nursing_subsidy", ds.nursing_amount)):
            part = ds.sel(programme=programme)
            before, after = (part.recipients.isel(scenario=k).sum(["county", "residence"]) for k in (0, s))
            by_month = ds.get(f"{amount.name}_in_month", amount)  # only where the law changes within the run
            now, then = (by_month.isel(scenario=k, drop=True) for k in (s, 0))
            expected = expected + (before * (now - then)).sum("month") / 100
            caseload = caseload + ((after - before) * now).sum("month") / 100
            simulated = simulated + (part.cost.isel(scenario=s) - part.cost.isel(scenario=0)).sum(["county", "residence", "month"]) / 100
        return {"expected": float(expected.mean()), "simulated": float(simulated.mean()), "largest_gap": float(np.abs(simulated - expected).max()),
                "caseload": float(caseload.mean()), "rest": float((simulated - expected - caseload).mean())}

    def _repr_html_(self) -> str:
        ds = self.dataset
        table = (self.by_programme().drop(columns="recipients_month") / 1e4).round(1)
        title = " → ".join(html.escape(t) for t in titles(ds, "en"))
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
        "en". An earlier file is replaced when the new one is whole. Raises OSError if it cannot be written,
        and InputError for the results file that is read."""
        from .workbook import write_workbook

        write_workbook(self, path, lang)

    def report(self, path: str | os.PathLike[str], lang: str = "zh") -> None:
        """A self-contained HTML page: how much, how sure, why, where, what could go wrong, how it was made. `lang`: "zh" or
        "en". An earlier file is replaced when the new one is whole. Raises OSError if it cannot be written,
        and InputError for the results file that is read."""
        from .report import write_report

        write_report(self, path, lang)
