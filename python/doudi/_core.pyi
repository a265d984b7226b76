"""The engine; use the package `doudi`."""
import pathlib
from collections.abc import Callable, Sequence
from typing import Any

class InputError(ValueError):
    """Bad input, with every fault: what, where (file:line:column) and what to try."""

class MachineError(OSError):
    """A failure of the machine, such as a full disk."""

class Plan:
    def describe(self) -> dict[str, Any]: ...

def load(files: Sequence[str | pathlib.Path], *, replicates: int | None = None, months: int | None = None, seed: int | None = None,
         sample_share: float | None = None, counties: Sequence[int] = ..., set_each: Sequence[Sequence[str]] = ...,
         allow_outside: bool = False) -> Plan: ...
def simulate(plan: Plan, threads: int = 0, progress: Callable[[int, int, str], None] | None = None,
             checkpoint: str | pathlib.Path | None = None) -> dict[str, Any]: ...
def assess_line(line: str) -> tuple[str, bool]: ...
def parameters() -> list[tuple[str, str, str, str]]:
    """Every parameter of the rules: (name, default, assumption, meaning)."""
