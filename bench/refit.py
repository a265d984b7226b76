"""Fits the shipped beliefs again and writes what hangs on them: `python bench/refit.py [--share 0.1] [--members 400]`.

Runs `doudi calibrate` (all figures, then with 2023-11 held out), `doudi run` and `doudi validate`, and replaces the posterior in
scenarios/assumptions/jilin-calibrated.toml, the tables of docs/validation.md and the column "after calibration" of
docs/model-card.md, and the answers under the commands of docs/decide.md (`--examples`: these alone). tests/golden.json is then to be
made again, for results change. Needs build/release/doudi.
"""
from __future__ import annotations

import argparse
import pathlib
import re
import shlex
import subprocess
import tempfile
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[1]
DOUDI = "build/release/doudi"
FITTED = "scenarios/assumptions/jilin-calibrated.toml"


def call(command: str) -> str:
    print(command, flush=True)
    return subprocess.run(command.split(), cwd=ROOT, check=True, capture_output=True, text=True).stdout


def section(text: str, title: str, command: str, table: str) -> str:
    """Replaces the command and the block of code under a heading."""
    pattern = re.compile(rf"(## {re.escape(title)}\n\n)`build/release/doudi [^`]*`(?: and `[^`]*`)?(.*?\n```\n).*?\n```\n", re.S)
    return pattern.sub(lambda m: f"{m[1]}`{command}`{m[2]}{table.rstrip()}\n```\n", text, count=1)


def examples() -> None:
    """Runs the commands of docs/decide.md again, in their order, and puts their answers below them."""
    page = ROOT / "docs/decide.md"

    def answer(block: re.Match[str]) -> str:
        command = block[1]
        print(command, flush=True)
        done = subprocess.run(shlex.split(command.replace("doudi", DOUDI, 1) + " --force" * (" -o " in command)), cwd=ROOT, capture_output=True, text=True)
        if " --until " in command:
            kept = "\n".join(line for line in done.stderr.splitlines() if "replicates; " in line)
        else:
            kept = re.split(r"\n\nThese figures describe|\n(?=[^\n]* s, with )", "\n" + done.stdout + done.stderr)[0].strip("\n")
        return f"```\n$ {command}\n{kept}\n```\n"

    text = page.read_text(encoding="utf-8")
    page.write_text(re.sub(r"```\n\$ (doudi [^\n]*)\n.*?\n```\n", answer, text, flags=re.S), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--share", type=float, default=0.1, help="share of households the fit walks")
    parser.add_argument("--members", type=int, default=400, help="members of the ensemble")
    parser.add_argument("--examples", action="store_true", help="only the answers of docs/decide.md")
    options = parser.parse_args()
    if options.examples:
        return examples()
    size = f"--sample-share {options.share} --members {options.members}"
    fit = f"{DOUDI} calibrate scenarios/jilin-2024-prior.toml -o {FITTED} --force {size}"
    told = call(fit + " --progress off")
    with tempfile.TemporaryDirectory() as folder:
        hold = f"{DOUDI} calibrate scenarios/jilin-2024-prior.toml -o hold.toml {size} --hold-out 2023-11"
        held = call(hold.replace("hold.toml", f"{folder}/hold.toml") + " --progress off")
        run = f"{DOUDI} run scenarios/jilin-2024.toml -o v.h5 --sample-share {options.share} --replicates 200"
        call(run.replace("v.h5", f"{folder}/v.h5") + " --progress off")
        table = call(f"{DOUDI} validate {folder}/v.h5")

    page = ROOT / "docs/validation.md"
    text = page.read_text(encoding="utf-8")
    text = section(text, "All published figures", run + "` and `build/release/doudi validate v.h5", table)
    text = section(text, "Backtest: 2021 and 2022 fitted, 2023-11 held out", hold, held[held.index("Held out"):held.index("\n", held.index("CRPS")) + 1])
    told = told[told.index("belief "):told.index("\nwritten:")]
    text = section(text, "The shipped calibration", fit, told)
    page.write_text(text, encoding="utf-8")

    fitted = tomllib.loads((ROOT / FITTED).read_text(encoding="utf-8"))["assumptions"]
    flat = {f"{a}.{b}": v for a, group in fitted.items() for b, v in group.items()}
    card = ROOT / "docs/model-card.md"
    lines = card.read_text(encoding="utf-8").split("\n")
    for i, line in enumerate(lines):
        cells = line.split(" | ")
        name = cells[0].removeprefix("| ").strip("`")
        if len(cells) == 5 and name in flat:
            cells[2] = f"mean {flat[name]['mean']} sd {flat[name]['sd']}"
            lines[i] = " | ".join(cells)
    card.write_text("\n".join(lines), encoding="utf-8")
    examples()


if __name__ == "__main__":
    main()
