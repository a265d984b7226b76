"""What the scripts of this folder share: runs of the command, timed, and tables in Markdown."""
from __future__ import annotations

import pathlib
import platform
import re
import resource
import shutil
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).parents[1]
DOUDI = ROOT / "build/release/doudi"
FAMILIES = 9_426_822  #: family households of the census, what "household-months" count
WRITING = re.compile(r"([\d.]+) s, with ([\d.]+) s of processor time for writing")
PEAK = re.compile(r"peak memory (\d+) MiB")


def processor_seconds() -> float:
    """Of the commands that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Run:
    """One run of the command: wall seconds (the best of `tries`), its processor seconds and those it says it wrote, peak memory,
    size of the file."""

    def __init__(self, scenarios: list, *options, tries: int = 1, output: pathlib.Path | None = None) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = output or pathlib.Path(folder) / "run.h5"
            command = "compare" if len(scenarios) > 1 else "run"
            words = [str(w) for w in (DOUDI, command, *scenarios, "-o", path, "--force", "--progress", "off", *options)]
            self.seconds = float("inf")
            for _ in range(tries):
                start, used = time.perf_counter(), processor_seconds()
                done = subprocess.run(words, text=True, capture_output=True, cwd=ROOT)
                if done.returncode != 0:
                    raise SystemExit(f"{' '.join(words)}\n{done.stderr}")
                self.seconds = min(self.seconds, time.perf_counter() - start)
                self.processor = processor_seconds() - used
            self.writing = float(WRITING.search(done.stdout)[2])
            self.peak_mib = int(PEAK.search(done.stdout)[1])
            self.file_mib = path.stat().st_size / 2**20


class Reforms:
    """A copy of the scenario folder with reforms made for a measurement; use as a context."""

    def __enter__(self) -> "Reforms":
        self._folder = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self._folder.name) / "scenarios"
        shutil.copytree(ROOT / "scenarios", self.folder)
        self.base = self.folder / "jilin-2024.toml"
        return self

    def __exit__(self, *_) -> None:
        self._folder.cleanup()

    def amounts(self, fen: int) -> pathlib.Path:
        """Both subsidies at 80 yuan and so many fen more: no one's eligibility changes."""
        amount = f'amount = "{(8000 + fen) / 100:.2f} yuan/month"'
        return self._write(f"amounts-{fen}", f"[living_subsidy]\n{amount}\n[nursing_subsidy]\n{amount}\n")

    def standards(self, thousandths: int) -> pathlib.Path:
        """The dibao standard raised by so many thousandths: families come in, all other amounts follow."""
        return self._write(f"standards-{thousandths}", f"[dibao]\nstandard.factor = {1 + thousandths / 1000}\n")

    def _write(self, name: str, body: str) -> pathlib.Path:
        path = self.folder / "reforms" / f"bench-{name}.toml"
        path.write_text(f'name = "{name}"\nbase = "../jilin-2024.toml"\nwhy = "A measurement"\n{body}', encoding="utf-8")
        return path


def table(title: str, head: list[str], rows: list[list], command: str) -> None:
    print(f"\n### {title}\n\n`{command}`\n\n| {' | '.join(head)} |\n|{'---|' * len(head)}")
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |", flush=True)


def machine() -> str:
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
    version = subprocess.run([DOUDI, "--version"], text=True, capture_output=True).stdout.split("\n")
    return f"{model}; {'; '.join(line for line in version if line)}"
