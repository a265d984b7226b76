"""How a run's time grows with threads, replicates, counties and scenarios; prints Markdown tables.

    make bench-scaling                    # or: python3 bench/scaling.py [--quick] [--share 0.05] [--only threads,scenarios]

Wall time of the whole command: reading, synthesis, burn-in and writing included. "ns" are wall nanoseconds a household-month,
each replicate once, whatever the number of scenarios.
"""
from __future__ import annotations

import argparse
import csv

from measure import ROOT, Reforms, Run, machine, table


def counties() -> list[tuple[int, int]]:
    """Code and family households, the middle one first, then outwards: any first few are of ordinary size."""
    with (ROOT / "scenarios/data/counties.csv").open(encoding="utf-8") as file:
        every = sorted(((int(r["family_households_2020"]), int(r["code"])) for r in csv.DictReader(file)))
    middle = len(every) // 2
    return [(code, size) for size, code in sorted(every, key=lambda c: abs(every.index(c) - middle))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--share", type=float, default=1.0, help="share of households")
    parser.add_argument("--tries", type=int, default=2, help="the best of so many counts")
    parser.add_argument("--only", default="threads,replicates,counties,scenarios", help="tables, separated by commas")
    parser.add_argument("--quick", action="store_true", help="few and small: does it work, not how fast is it")
    o = parser.parse_args()
    tables, places = o.only.split(","), counties()
    few = places[:3] if o.quick else places[:10]
    share, tries = (min(o.share, 0.02), 1) if o.quick else (o.share, o.tries)
    months, replicates = 12, 40 if o.quick else 200
    command = "bench/scaling.py" + (" --quick" if o.quick else f" --share {share:g} --tries {tries}")
    print(f"{machine()}; share of households {share:g}, {months} months, the best of {tries}.")

    def timed(scenarios: list, where: list[tuple[int, int]], replicates: int, threads: int = 0) -> tuple[float, float]:
        """Wall seconds, and ns a household-month."""
        run = Run(scenarios, "--counties", ",".join(str(code) for code, _ in where), "--sample-share", share, "--months", months,
                  "--replicates", replicates, "--threads", threads, tries=tries)
        return run.seconds, 1e9 * run.seconds / (share * sum(size for _, size in where) * months * replicates)

    with Reforms() as made:
        pair = [made.amounts(0), made.amounts(500)]
        if "threads" in tables:
            rows, one = [], 0.0
            for threads in (1, 2):
                seconds, ns = timed(pair, few, replicates, threads)
                one = one or seconds
                rows.append([threads, f"{seconds:.2f}", f"{ns:.3g}", f"{one / (threads * seconds):.0%}"])
            table(f"Threads ({len(few)} counties, 2 scenarios, {replicates} replicates)", ["threads", "seconds", "ns", "efficiency"], rows, command + " --only threads")
        if "replicates" in tables:
            rows = []
            for r in (10, 40) if o.quick else (10, 30, 100, 300, 1000):
                seconds, ns = timed(pair, few, r)
                rows.append([f"{r:,}", f"{seconds:.2f}", f"{ns:.3g}"])
            table(f"Replicates ({len(few)} counties, 2 scenarios, all threads)", ["replicates", "seconds", "ns"], rows, command + " --only replicates")
        if "counties" in tables:
            rows = []
            for n in (1, 3) if o.quick else (1, 3, 10, 30, 69):
                seconds, ns = timed(pair, places[:n], replicates)
                rows.append([n, f"{sum(size for _, size in places[:n]):,}", f"{seconds:.2f}", f"{ns:.3g}"])
            table(f"Counties (2 scenarios, {replicates} replicates, all threads)", ["counties", "family households", "seconds", "ns"], rows, command + " --only counties")
        if "scenarios" in tables:
            for kind, make, step in (("differ in the two amounts only", made.amounts, 100), ("differ in the dibao standard", made.standards, 10)):
                rows, one = [], 0.0
                for n in (1, 2, 3) if o.quick else (1, 2, 3, 5, 10):
                    seconds, ns = timed([make(step * k) for k in range(n)], few, replicates)
                    one = one or seconds
                    rows.append([n, f"{seconds:.2f}", f"{ns:.3g}", f"{(seconds / one - 1) / (n - 1):+.0%}" if n > 1 else ""])
                table(f"Scenarios that {kind} ({len(few)} counties, {replicates} replicates, all threads)",
                      ["scenarios", "seconds", "ns", "each further scenario"], rows, command + " --only scenarios")


if __name__ == "__main__":
    main()
