"""Variance for the same replicates: pairing, a control variate on the parameters, stratified parameters; prints Markdown.

    make bench-variance                   # or: .venv/bin/python bench/variance.py [--quick]

Pairing: variance of the change between two scenarios on the same draws, against that of two scenarios each on its own draws
(replicate r against replicate r + 1 of the other, which shares nothing with it).

Adjusted figures: what Python gives (`Comparison.adjusted`). Tested here by batches: estimates of disjoint batches against the plain
figure of all replicates, in standard errors.

Stratified parameters: the mean of a few replicates under many seeds, with `--parameter-draws random` and `stratified`; the ratio of
the variances over the seeds is how many times the replicates the random draws need. Unbiased: both means agree, in errors.
"""
from __future__ import annotations

import argparse
import pathlib
import tempfile
import time

import h5py
import numpy as np
import pandas as pd
from measure import Reforms, Run, machine, table

import doudi


def factor(large: np.ndarray, small: np.ndarray, rng: np.random.Generator) -> str:
    """Ratio of the variances, with its 95 % bootstrap interval over replicates."""
    if small.var() == 0:
        return "∞"
    picks = rng.integers(0, len(large), (400, len(large)))
    low, high = np.quantile(large[picks].var(axis=1) / small[picks].var(axis=1), [0.025, 0.975])
    return f"{large.var(ddof=1) / small.var(ddof=1):,.1f} ({low:,.1f} to {high:,.1f})"


def adjusted(c: doudi.Comparison, difference: bool, what: str) -> pd.Series:
    """One adjusted figure, of the baseline or of the change."""
    sharp, scenario = c.adjusted, None if difference else 0
    frame = {"mean": lambda: sharp.mean(scenario, difference=difference), "95 %": lambda: sharp.quantiles((0.95,), scenario, difference=difference),
             "reserve": lambda: sharp.reserve(0.95, scenario)}[what]()
    return frame.iloc[0]


def stratified(o: argparse.Namespace, made: Reforms, folder: pathlib.Path) -> list[list[str]]:
    """Rows for the total of the baseline and the change of the subsidies."""
    means: dict[str, list] = {}
    path = folder / "few.h5"
    for draws in ("random", "stratified"):
        for seed in range(1, o.seeds + 1):
            Run([made.amounts(0), made.amounts(500)], "--counties", o.few_counties, "--sample-share", o.few_share, "--replicates", o.few, "--seed", seed,
                "--parameter-draws", draws, output=path)
            with h5py.File(path) as file:
                cost = file["cost"][:].sum(axis=(2, 3, 4, 5)).mean(axis=1) / 100
            means.setdefault(draws, []).append((cost[0], cost[1] - cost[0]))
    a, b = np.array(means["random"]), np.array(means["stratified"])
    rng, rows = np.random.default_rng(2), []
    for k, name in enumerate(("total of the baseline", "change, 80 → 85 yuan")):
        x, y = a[:, k], b[:, k]
        score = (x.mean() - y.mean()) / ((x.var(ddof=1) + y.var(ddof=1)) / o.seeds) ** 0.5
        if abs(score) > 4:
            raise SystemExit(f"{name}: stratified draws are biased, {score:.1f} standard errors")
        rows.append([name, f"{x.mean():,.0f}", f"{x.std(ddof=1):,.0f}", f"{y.mean():,.0f}", f"{y.std(ddof=1):,.0f}", factor(x, y, rng), f"{score:+.2f}"])
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--replicates", type=int, default=2000)
    parser.add_argument("--batches", type=int, default=8, help="of the test of unbiasedness")
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--counties", default="220182,220281,222401,220602", help="codes, separated by commas")
    parser.add_argument("--seeds", type=int, default=60, help="of the comparison with stratified parameters")
    parser.add_argument("--few", type=int, default=100, help="replicates under each of them")
    parser.add_argument("--few-counties", default="222402,220623")
    parser.add_argument("--few-share", type=float, default=1.0)
    parser.add_argument("--quick", action="store_true")
    o = parser.parse_args()
    if o.quick:
        o.replicates, o.batches, o.share, o.seeds, o.few_share = 600, 2, 0.05, 10, 0.2
    command = f"bench/variance.py --replicates {o.replicates} --share {o.share:g} --counties {o.counties}"
    print(machine())
    rng = np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as folder, Reforms() as made:
        where = ["--counties", o.counties, "--sample-share", o.share, "--replicates", o.replicates]
        files = {name: pathlib.Path(folder) / f"{name}.h5" for name in ("amounts", "standards")}
        run = Run([made.amounts(0), made.amounts(500)], *where, output=files["amounts"])
        Run([made.base, made.standards(50)], *where, output=files["standards"])
        amounts, standards = (doudi.Comparison(doudi.open_results(files[name]).dataset.load()) for name in files)
        layers = stratified(o, made, pathlib.Path(folder))
    rows = []
    for name, c in (("change, 80 → 85 yuan", amounts), ("change, dibao + 5 %", standards)):
        base, reform = c.total(0).values, c.total().values
        paired, unpaired = reform - base, np.roll(reform, 1) - base
        rows.append([name, f"{paired.mean():,.0f}", f"{paired.std(ddof=1):,.0f}", f"{unpaired.std(ddof=1):,.0f}", factor(unpaired, paired, rng)])
    table("Paired draws", ["", "mean, yuan", "sd, paired", "sd, unpaired", "variance unpaired / paired (95 %)"], rows, command)

    rows = []
    for name, c, difference, figures in (("total of the baseline", standards, False, ("mean", "95 %", "reserve")), ("change, 80 → 85 yuan", amounts, True, ("mean", "95 %")),
                                         ("change, dibao + 5 %", standards, True, ("mean", "95 %"))):
        for what in figures:
            start = time.perf_counter()
            whole = adjusted(c, difference, what)
            fitting = time.perf_counter() - start
            parts = [adjusted(doudi.Comparison(c.dataset.isel(replicate=slice(k, None, o.batches))), difference, what) for k in range(o.batches)]
            values, errors = np.array([p["value"] for p in parts]), np.array([p.standard_error for p in parts])
            plain_error = whole.standard_error * (whole.effective_replicates / o.replicates) ** 0.5
            score = (values.mean() - whole.plain) / plain_error
            if abs(score) > 4:
                raise SystemExit(f"{name}, {what}: the adjusted figure is biased, {score:.1f} standard errors of the plain one")
            rows.append([f"{name}: {what}", f"{whole.plain:,.0f}", f"{plain_error:,.0f}", f"{whole['value']:,.0f}", f"{whole.standard_error:,.0f}", f"{whole.effective_replicates / o.replicates:,.1f}",
                         f"{o.replicates / run.seconds:,.0f} → {whole.effective_replicates / (run.seconds + fitting):,.0f}", f"{score:+.2f}", f"{values.std(ddof=1) / errors.mean():.2f}"])
    table("Adjusted for what was drawn",
          ["", "plain", "its error", "adjusted", "its error", "variance factor", "effective replicates a second",
           f"mean of {o.batches} batches less plain figure, in errors of the plain one", "spread of the batches over the error they state"], rows, command)
    table(f"Stratified parameters: means of {o.few} replicates under {o.seeds} seeds, {o.few_counties}",
          ["", "random: mean", "its sd", "stratified: mean", "its sd", "variance factor (95 %)", "random less stratified, in errors"], layers, command)


if __name__ == "__main__":
    main()
