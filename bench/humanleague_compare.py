"""Doudi's fit beside the PyPI package humanleague on the same margins: error and time.

    pip install humanleague        # not needed by anything else
    python bench/humanleague_compare.py [build/release/doudi] [scenarios/jilin-2024.toml]

humanleague takes whole distributions as margins, not totals such as "members of households" or "children". So it is
given, for each of the 138 cells, the distributions by size, by members of 65+ and by children that Doudi's fit has, and
the same seed. Fit: `ipf` (fractions), then `qisi` (integers: quasi-random sampling of the IPF solution).
"""
import subprocess
import sys
import tempfile
import time

import humanleague
import numpy as np
import pandas as pd

doudi, scenario = (sys.argv[1:] + ["build/release/doudi", "scenarios/jilin-2024.toml"][len(sys.argv) - 1:])[:2]


def margins(t):
    """Households, members, one-person, with one, two, three of 65+, children; t is [size - 1, aged, children]."""
    size, aged, kids = np.meshgrid(np.arange(1, 9), np.arange(4), np.arange(5), indexing="ij")
    return np.array([t.sum(), (t * size).sum(), t[0].sum(), *(t[:, n].sum() for n in (1, 2, 3)), (t * kids).sum()])


with tempfile.TemporaryDirectory() as folder:
    out = subprocess.run([doudi, "population", scenario, "--lines", "0", "--kinds", f"{folder}/kinds.csv", "--table", f"{folder}/table.csv"],
                         check=True, capture_output=True, text=True).stdout
    kinds, table = pd.read_csv(f"{folder}/kinds.csv"), pd.read_csv(f"{folder}/table.csv")

errors = {"humanleague ipf": [], "humanleague qisi": []}
seconds = dict.fromkeys(errors, 0.0)
impossible = 0
for _, cell in kinds.groupby(["county", "residence"], sort=False):
    if cell.families.sum() == 0:
        continue
    at = cell["size"] - 1, cell.aged_65plus, cell.children_0_14
    seed, ours = np.zeros((8, 4, 5)), np.zeros((8, 4, 5))
    seed[at], ours[at] = cell.seed, cell.families
    wanted = margins(ours)
    one = [ours.sum(axis=(1, 2)), ours.sum(axis=(0, 2)), ours.sum(axis=(0, 1))]
    index = [np.array([0]), np.array([1]), np.array([2])]
    start = time.perf_counter()
    fractions, _ = humanleague.ipf(seed, index, one)
    middle = time.perf_counter()
    whole, _ = humanleague.qisi(seed, index, [m.astype(np.int64) for m in one])
    seconds["humanleague ipf"] += middle - start
    seconds["humanleague qisi"] += time.perf_counter() - middle
    errors["humanleague ipf"].append(np.abs(margins(fractions) - wanted))
    errors["humanleague qisi"].append(np.abs(margins(whole) - wanted))
    impossible += int(np.asarray(whole)[seed == 0].sum())

print(out.splitlines()[0])
ours = table[~table.margin.str.startswith("aged")]
print(f"{'':<20}{'seconds':>9}{'worst margin off by':>22}{'margins off by over 1':>24}")
took = float(out.split("fitted in ")[1].split(" s")[0])
print(f"{'doudi (integers)':<20}{took:>9.2f}{ours.difference.abs().max():>22,.0f}{(ours.difference.abs() > 1).sum():>24}")
for name, e in errors.items():
    e = np.array(e)
    print(f"{name:<20}{seconds[name]:>9.2f}{e.max():>22,.1f}{(e > 1).sum():>24}")
print(f"families of an impossible kind (the seed has none) in humanleague's integers: {impossible:,}")
