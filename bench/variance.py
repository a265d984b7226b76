"""Variance for the same replicates: pairing, a control variate on the parameters, stratified parameters; prints Markdown.

    make bench-variance                   # or: .venv/bin/python bench/variance.py [--quick]

Pairing: variance of the change between two scenarios on the same draws, against that of two scenarios each on its own draws
(replicate r against replicate r + 1 of the other, which shares nothing with it).

Control variate: the adjusted mean that Python gives (`Comparison.adjusted_mean`). Tested here by batches: estimates of many disjoint
batches against the plain mean of all replicates, in standard errors.

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
from measure import Reforms, Run, machine, table

import doudi
from doudi import adjusted


def read(path: pathlib.Path) -> tuple[np.ndarray, np.ndarray]:
    """Cost in yuan [scenario, replicate]; controls [replicate, control] of known mean 0. Exits if one does not have it."""
    with doudi.open_results(path).dataset as ds:
        cost = np.array([doudi.Comparison(ds).total(s).values for s in range(ds.sizes["scenario"])])
        x = adjusted.controls(ds)
    if (scores := np.abs(x.mean(axis=0)) / x.std(axis=0) * len(x) ** 0.5).max() > 5:
        raise SystemExit(f"a control is {scores.max():.1f} standard errors off its known mean")
    return cost, x


def residuals(y: np.ndarray, x: np.ndarray) -> np.ndarray:
    return adjusted.residuals(y[:, None], x)[:, 0]


def factor(large: np.ndarray, small: np.ndarray, rng: np.random.Generator) -> str:
    """Ratio of the variances, with its 95 % bootstrap interval over replicates."""
    if small.var() == 0:
        return "∞"
    picks = rng.integers(0, len(large), (400, len(large)))
    low, high = np.quantile(large[picks].var(axis=1) / small[picks].var(axis=1), [0.025, 0.975])
    return f"{large.var(ddof=1) / small.var(ddof=1):,.1f} ({low:,.1f} to {high:,.1f})"


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
        amounts, x = read(files["amounts"])
        standards, _ = read(files["standards"])
        layers = stratified(o, made, pathlib.Path(folder))
    start = time.perf_counter()
    subjects = [("total of the baseline", standards[0]), ("change, 80 → 85 yuan", amounts[1] - amounts[0]), ("change, dibao + 5 %", standards[1] - standards[0])]
    left = [residuals(y, x) for _, y in subjects]
    fitting = time.perf_counter() - start

    rows = []
    for (name, paired), cost in zip(subjects[1:], (amounts, standards)):
        unpaired = np.roll(cost[1], 1) - cost[0]
        rows.append([name, f"{paired.mean():,.0f}", f"{paired.std(ddof=1):,.0f}", f"{unpaired.std(ddof=1):,.0f}", factor(unpaired, paired, rng)])
    table("Paired draws", ["", "mean, yuan", "sd, paired", "sd, unpaired", "variance unpaired / paired (95 %)"], rows, command)

    rows = []
    for (name, y), e in zip(subjects, left):
        gain = y.var(ddof=1) / e.var(ddof=1)
        batches = [residuals(b, xb) for b, xb in zip(np.array_split(y, o.batches), np.array_split(x, o.batches))]
        means, errors = np.array([b.mean() for b in batches]), np.array([b.std(ddof=1) / len(b) ** 0.5 for b in batches])
        score = (means.mean() - y.mean()) / (y.std(ddof=1) / len(y) ** 0.5)
        spread = means.std(ddof=1) / errors.mean()
        if abs(score) > 4:
            raise SystemExit(f"{name}: the control variate is biased, {score:.1f} standard errors of the plain mean")
        rows.append([name, f"{y.mean():,.0f}", f"{y.std(ddof=1) / len(y) ** 0.5:,.0f}", f"{e.mean():,.0f}", f"{e.std(ddof=1) / len(e) ** 0.5:,.0f}", factor(y, e, rng),
                     f"{o.replicates / run.seconds:,.0f} → {gain * o.replicates / (run.seconds + fitting):,.0f}", f"{score:+.2f}", f"{spread:.2f}"])
    table(f"Control variate: {x.shape[1]} controls of known mean, {adjusted.FOLDS} folds",
          ["", "plain mean", "its error", "with controls", "its error", "variance factor (95 %)", "effective replicates a second",
           f"mean of {o.batches} batches less plain mean, in errors of the plain mean", "spread of the batches over the error they state"], rows, command)
    table(f"Stratified parameters: means of {o.few} replicates under {o.seeds} seeds, {o.few_counties}",
          ["", "random: mean", "its sd", "stratified: mean", "its sd", "variance factor (95 %)", "random less stratified, in errors"], layers, command)


if __name__ == "__main__":
    main()
