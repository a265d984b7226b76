"""Which family of distributions fits the published incomes: lognormal, Pareto-lognormal, and the generalised beta of
the second kind with its members Dagum and Singh-Maddala. Decision: docs/decisions/0006-incomes-are-dagum.md.

    python bench/incomes.py
    build/release/doudi population scenarios/jilin-2024-prior.toml --sample-share 0.03 -o people.csv
    python bench/incomes.py --people people.csv     # the factor between families, on the synthetic people

Reads scenarios/data/indicators.csv: the five quintile means (and the median where published) of urban and rural
residents. A family is fitted by least squares on the logs of the six or five figures, each over the mean.
"""
import csv
import pathlib
import sys

import numpy as np
from scipy import optimize, special, stats

ROOT = pathlib.Path(__file__).resolve().parents[1]
U = (np.arange(40_000) + 0.5) / 40_000  # ranks at which a quantile function is averaged


def lognormal(s):
    return np.exp(s * stats.norm.ppf(U))


def gb2(a, p, q):
    x = special.betaincinv(p, q, U)
    return (x / (1 - x)) ** (1 / a)


def dagum(a, p):
    return (U ** (-1 / p) - 1) ** (-1 / a)


def singh_maddala(a, q):
    return ((1 - U) ** (-1 / q) - 1) ** (1 / a)


def pareto_lognormal(s, beta, alpha=None):
    """log X = s Z - E / beta (+ E' / alpha): a Pareto tail below, and one above if alpha is given (Reed 2003)."""
    y = np.linspace(-14, 14, 40_001)

    def lower(y):
        return stats.norm.cdf(y / s) + np.exp(np.minimum(beta * y + beta**2 * s**2 / 2 + stats.norm.logcdf(-y / s - beta * s), 0))

    if alpha is None:
        cdf = lower(y)
    else:
        up = np.exp(np.minimum(-alpha * y + alpha**2 * s**2 / 2 + stats.norm.logcdf(y / s - alpha * s), 0))
        down = np.exp(np.minimum(beta * y + beta**2 * s**2 / 2 + stats.norm.logcdf(-y / s - beta * s), 0))
        cdf = stats.norm.cdf(y / s) - (beta * up - alpha * down) / (alpha + beta)
    return np.exp(np.interp(U, np.maximum.accumulate(cdf), y))


FAMILIES = {
    "lognormal": (lognormal, [0.6]),
    "Singh-Maddala": (singh_maddala, [2.5, 1.5]),
    "Dagum": (dagum, [3.0, 0.8]),
    "Pareto-lognormal (low tail)": (pareto_lognormal, [0.4, 2.5]),
    "double Pareto-lognormal": (pareto_lognormal, [0.35, 2.5, 4.0]),
    "GB2": (gb2, [3.0, 0.8, 1.0]),
}


def shape(x):
    """Quintile means and the median over the mean."""
    mean = x.mean()
    return np.append(x.reshape(5, -1).mean(axis=1) / mean, np.median(x) / mean)


def published(rows, area, residence, year):
    """(quintile means, median or None), yuan a head and year."""
    at = {(r["key"], r["year"]): r for r in rows}
    q = [at[f"{area}.income.{residence}_quintile_{k}", year] for k in range(1, 6)]
    median = at.get((f"{area}.income.{residence}_median", year))
    return [float(r["value"]) for r in q], float(median["value"]) if median else None, q[0]["confidence"]


def fit(make, start, target):
    use = len(target)
    def residuals(logs):
        with np.errstate(all="ignore"):
            return np.nan_to_num(np.log(shape(make(*np.exp(logs)))[:use] / target), nan=9.0, posinf=9.0, neginf=-9.0)
    best = optimize.least_squares(residuals, np.log(start), bounds=(np.log(0.05), np.log(60)))
    return np.exp(best.x), residuals(best.x)


def synthetic(people, rows):
    """Fits the factor between families so that income a head of the synthetic people has the published quintiles."""
    import pandas as pd

    d = pd.read_csv(people)
    d = d[d.collective == 0]
    for residence in ("urban", "rural"):
        x = d[d.residence == residence]
        first, working = x.member == 0, x.groupby("household").works.transform("sum") > 0
        parts = {"wages": x.works * x.wage, "farm": np.where(first, x.has_farm * x.farm * working, 0), "pensions": x.draws_pension * x.pension,
                 "support": np.where(first, x.has_support * x.support, 0)}
        x = x.assign(by_factor=parts["wages"] + parts["farm"] + parts["support"], fixed=parts["pensions"])
        g = x.groupby("household").agg(by_factor=("by_factor", "sum"), fixed=("fixed", "sum"), n=("size", "size"), z=("income_score", "first"))
        rank, n = stats.norm.cdf(g.z), g.n.to_numpy()
        q, median, confidence = published(rows, "cn", residence, "2022")
        target = np.array([*q, median]) / np.mean(q)

        def shape_with(factor):
            y = ((g.by_factor * factor + g.fixed) / n).to_numpy()
            order = np.argsort(y)
            y, w = y[order], n[order]
            at, mean = np.cumsum(w) / w.sum(), (y * w).sum() / w.sum()
            fifth = [(at > k / 5) & (at <= (k + 1) / 5) for k in range(5)]
            return np.array([(y * w)[f].sum() / w[f].sum() / mean for f in fifth] + [np.interp(0.5, at, y) / mean])

        def dagum_factor(v):
            a, p = np.exp(v)
            return (rank ** (-1 / p) - 1) ** (-1 / a) / dagum(a, p).mean()

        total = sum(v.sum() for v in parts.values())
        print(f"\n{residence} ({confidence}): " + ", ".join(f"{k} {v.sum() / total:.0%}" for k, v in parts.items()) + " of income")
        for name, make, start in (("Dagum", dagum_factor, np.log([4, 0.8])), ("lognormal", lambda v: np.exp(np.exp(v[0]) * g.z - np.exp(2 * v[0]) / 2), np.log([0.5]))):
            best = optimize.minimize(lambda v: np.sum(np.log(shape_with(make(v)) / target) ** 2), start, method="Nelder-Mead", options={"maxiter": 120})
            error = np.log(shape_with(make(best.x)) / target)
            print(f"  {name:<12}{' '.join(f'{v:.3g}' for v in np.exp(best.x)):<14}rms {np.sqrt(np.mean(error**2)):.4f}  " + " ".join(f"{100 * e:+.1f}" for e in error))


def main():
    rows = list(csv.DictReader(open(ROOT / "scenarios/data/indicators.csv", encoding="utf-8")))
    if len(sys.argv) == 3 and sys.argv[1] == "--people":
        return synthetic(sys.argv[2], rows)
    for area, residence, year in [("fujian", "urban", "2021"), ("fujian", "rural", "2021"), ("cn", "urban", "2022"), ("cn", "rural", "2022")]:
        q, median, confidence = published(rows, area, residence, year)
        target = np.array(q + ([median] if median else [])) / np.mean(q)
        print(f"\n{area} {residence} {year} ({confidence}): quintile means over the mean " + " ".join(f"{v:.3f}" for v in target[:5]) + (f", median {target[5]:.3f}" if median else ""))
        print(f"  {'family':<28}{'parameters':<26}{'rms of logs':>11}  error of quintiles 1 to 5 (and median), %")
        for name, (make, start) in FAMILIES.items():
            values, error = fit(make, start, target)
            print(f"  {name:<28}{' '.join(f'{v:.3g}' for v in values):<26}{np.sqrt(np.mean(error**2)):>11.4f}  " + " ".join(f"{100 * e:+.1f}" for e in error))


if __name__ == "__main__":
    sys.exit(main())
