"""Doudi against what a user would pick instead, on the same households and rules, in one run; prints Markdown.

    make bench-peers                      # or: build/bench-venv/bin/python bench/peers.py [--quick]

The households come from `doudi households`. Where the models coincide (one month, no chance: category and six programmes)
every household must agree to the fen between `doudi assess`, the engine in memory, NumPy and OpenFisca, or the script fails.
Times are the best of several, in turns, so that a busy machine hurts all alike.
"""
from __future__ import annotations

import argparse
import json
import os
import pathlib
import platform
import subprocess
import sys
import tempfile
import time

import h5py
import numpy as np
import peer_numpy
import peer_openfisca

ROOT = pathlib.Path(__file__).parents[1]
DOUDI, KERNELS = ROOT / "build/release/doudi", ROOT / "build/release/bench/doudi_bench"


def best(tries: int, *works):
    """The shortest time of each work and its result, taken in turns."""
    times, results = [float("inf")] * len(works), [None] * len(works)
    for _ in range(tries):
        for i, work in enumerate(works):
            start = time.perf_counter()
            results[i] = work()
            times[i] = min(times[i], time.perf_counter() - start)
    return list(zip(times, results))


def doudi(*args, **kwargs) -> str:
    return subprocess.run([DOUDI, *map(str, args)], check=True, text=True, stdout=subprocess.PIPE, cwd=ROOT, **kwargs).stdout


def same(name: str, reference: peer_numpy.Answer, answer: peer_numpy.Answer, ids: list) -> None:
    for what, wanted, found in [("category", reference.category, answer.category)] + [(p, reference.pay[p], answer.pay[p]) for p in reference.pay]:
        wrong = np.flatnonzero(np.asarray(wanted) != np.asarray(found))
        if len(wrong):
            at = wrong[0]
            sys.exit(f"{name} disagrees with doudi assess in {what} of {len(wrong)} households, first {ids[at]}: {found[at]} for {wanted[at]}")


def in_memory(county: int, share: float) -> dict:
    done = subprocess.run([KERNELS, "--benchmark_filter=^assess_households$", "--benchmark_format=json"], check=True, text=True, capture_output=True,
                          env={**os.environ, "DOUDI_BENCH_COUNTY": str(county), "DOUDI_BENCH_SHARE": str(share)})
    return json.loads(done.stdout)["benchmarks"][0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--county", type=int, default=220182)
    parser.add_argument("--share", type=float, default=0.1, help="share of the county's households")
    parser.add_argument("--replicates", type=int, default=1000, help="of the engine; the peers, which are slow, live few")
    parser.add_argument("--quick", action="store_true", help="a hundredth of the county, few replicates: does it work, not how fast is it")
    o = parser.parse_args()
    if o.quick:
        o.share, o.replicates = 0.01, 50
    tries, scenario, months = (2 if o.quick else 5), "scenarios/jilin-2024.toml", 12
    few = 1 if o.quick else 3

    select = ["--counties", o.county, "--sample-share", o.share]
    text = doudi("households", scenario, *select)
    lines = [json.loads(line) for line in text.splitlines()]
    h = peer_numpy.Households.read(lines)
    count = len(h.ids)
    tbs = peer_openfisca.system(h.law)

    def fresh() -> peer_numpy.Answer:
        return peer_openfisca.static_month(peer_openfisca.simulation(tbs, h))
    (assess_time, answers), (numpy_time, by_numpy), (openfisca_time, by_openfisca) = best(
        tries, lambda: doudi("assess", input=text), lambda: peer_numpy.static_month(h), fresh)
    answers = [json.loads(line) for line in answers.splitlines()]
    reference = peer_numpy.Answer(np.array([peer_numpy.CATEGORIES.index(a["category"]) for a in answers]),
                                  {p: np.array([peer_numpy.fen(a["pay"][p]) for a in answers]) for p in peer_numpy.PROGRAMMES})
    same("NumPy", reference, by_numpy, h.ids)
    same("OpenFisca", reference, by_openfisca, h.ids)
    rules_time = min(peer_openfisca_rules(tbs, h) for _ in range(tries))
    (months_time, by_month), = best(2, lambda: peer_openfisca.static_months(tbs, h, months))
    for answer in by_month:
        same("OpenFisca in a month of the year", reference, answer, h.ids)
    kernel = in_memory(o.county, o.share)
    total = sum(int(pay.sum()) for pay in reference.pay.values())
    if (int(kernel["households"]), int(kernel["fen"])) != (count, total):
        sys.exit(f"the engine in memory disagrees: {kernel['households']:.0f} households, {kernel['fen']:.0f} fen for {count} and {total}")
    engine_time = kernel["real_time"] * {"ns": 1e-9, "us": 1e-6, "ms": 1e-3}[kernel["time_unit"]]

    with tempfile.TemporaryDirectory() as folder:
        def run(threads: int) -> float:
            doudi("run", scenario, *select, "--replicates", o.replicates, "--months", months, "--threads", threads, "--progress", "off",
                  "-o", f"{folder}/run.h5", "--force", stderr=subprocess.DEVNULL)
            return o.replicates
        (one, _), (two, _) = best(2, lambda: run(1), lambda: run(2))
        with h5py.File(f"{folder}/run.h5") as file:
            parameter = dict(zip(file["parameter"].asstr()[:], file["parameter_value"][0]))
    (loop_time, loop), = best(2, lambda: peer_numpy.monte_carlo(h, parameter, few, months, 1))
    # With everyone claiming and before anything has happened, its first month is the static month.
    sure = {**parameter, **{f"take_up.{k}": 1.0 for k in ("dibao_urban", "dibao_rural", "living_subsidy", "nursing_subsidy")}}
    first = peer_numpy.monte_carlo(h, sure, 1, 1, 1)[0, :, 0]
    if [int(x) for x in first] != [int(reference.pay[p].sum()) for p in peer_numpy.PROGRAMMES]:
        sys.exit("the first month of the NumPy Monte Carlo is not the static month")

    per = lambda seconds, work: 1e9 * seconds / work
    engine, whole1, whole2 = per(engine_time, count), per(one, count * months * o.replicates), per(two, count * months * o.replicates)
    row = lambda name, ns, against: print(f"| {name} | {ns:,.3g} | {ns / against:,.1f} |")
    print(f"{count:,} households ({len(h.of):,} persons) of county {o.county}, share {o.share:g}; {platform.processor() or platform.machine()}, "
          f"Python {platform.python_version()}, NumPy {np.__version__}, one thread unless said.\n")
    print(f"One month, no chance. Category and {len(reference.pay)} programmes of all {count:,} households equal to the fen in the four; total {total / 100:,.2f} yuan.\n")
    print("| static month | ns a household | engine in memory = 1 |\n|---|---|---|")
    row("engine, in memory (`rules::decide`, `assess_households` of `make bench`)", engine, engine)
    row("NumPy, arrays in memory", per(numpy_time, count), engine)
    row("OpenFisca-core, rules only", per(rules_time, count), engine)
    row("OpenFisca-core, with its simulation made from arrays", per(openfisca_time, count), engine)
    row("`doudi assess`, JSON in and out, reasons and sources included", per(assess_time, count), engine)
    print(f"\nWhole runs: {months} months; the engine {o.replicates:,} replicates (and as many months of burn-in, not counted), the NumPy script {few}.\n")
    print("| whole run | ns a household-month | engine, 1 thread = 1 | engine, 2 threads = 1 |\n|---|---|---|---|")
    for name, ns in [("`doudi run`, 2 threads, synthesis, burn-in and writing included", whole2), ("`doudi run`, 1 thread", whole1),
                     ("NumPy Monte Carlo (simplified: see peer_numpy.monte_carlo)", per(loop_time, count * months * few)),
                     ("OpenFisca-core, the rules alone each month, no dynamics", per(rules_time, count)),
                     ("OpenFisca-core, each month's inputs set and its rules, no dynamics", per(months_time, count * months))]:
        print(f"| {name} | {ns:,.3g} | {ns / whole1:,.1f} | {ns / whole2:,.1f} |")
    print(f"\nThe NumPy Monte Carlo pays {loop.sum(axis=(1, 2)).mean() / 100:,.0f} yuan a replicate for these households; its first month, all claiming, is the static month to the fen.")


def peer_openfisca_rules(tbs, h: peer_numpy.Households) -> float:
    """Seconds of the rules alone, on a simulation that has its inputs and nothing calculated yet."""
    simulation = peer_openfisca.simulation(tbs, h)
    start = time.perf_counter()
    peer_openfisca.static_month(simulation)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
