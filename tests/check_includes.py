"""Checks the include directions of the engine: a lower folder never includes a higher one."""
import pathlib
import re
import sys

ORDER = {
    "base": set(),
    "random": {"base"},
    "rules": {"base"},
    "results": {"base", "random"},
    "population": {"base", "random"},
    "dynamics": {"base", "random", "rules", "results", "population"},
    "simulate": {"base", "random", "rules", "results", "population", "dynamics"},
    "scenario": {"base", "rules", "results", "population", "dynamics", "simulate"},
    "storage": {"base", "rules", "results", "population", "dynamics", "simulate"},
    "cli": {"base", "random", "rules", "results", "population", "dynamics", "simulate", "scenario", "storage"},
}

root = pathlib.Path(__file__).resolve().parent.parent / "engine"
wrong = []
for file in sorted(root.glob("*/*.?pp")):
    folder = file.parent.name
    for number, line in enumerate(file.read_text().splitlines(), 1):
        found = re.match(r'#include "([a-z_]+)/', line)
        if found and found[1] != folder and found[1] not in ORDER[folder]:
            wrong.append(f"{file.relative_to(root.parent)}:{number}: {folder} may not include {found[1]}")
        if "#pragma omp" in line and file.name != "parallel.cpp":
            wrong.append(f"{file.relative_to(root.parent)}:{number}: OpenMP belongs into simulate/parallel.cpp")
print("\n".join(wrong) or "include directions hold")
sys.exit(bool(wrong))
