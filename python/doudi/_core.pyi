"""The engine; use the package `doudi`."""
import os
from collections.abc import Callable, Sequence
from typing import Any

git_hash: str
county_digest_meaning: str

class InputError(ValueError):
    """Bad input, with every fault: what is wrong, where (file:line:column) and what to try."""

class MachineError(OSError):
    """A failure of the machine, such as a full disk; earlier files are as they were."""

class Plan:
    """A scenario, or a comparison of several, read and checked."""

    def describe(self) -> dict[str, Any]: ...
    @property
    def notes(self) -> list[str]: ...
    @property
    def sources(self) -> list[tuple[str, str]]: ...
    @property
    def counties(self) -> int: ...
    @property
    def households(self) -> int: ...
    @property
    def sha256(self) -> str: ...

def load(files: Sequence[str | os.PathLike[str]], *, replicates: int | None = ..., months: int | None = ..., seed: int | None = ...,
         sample_share: float | None = ..., counties: Sequence[int] = ..., set_each: Sequence[Sequence[str]] = ..., allow_outside: bool = ...) -> Plan: ...
def simulate(plan: Plan, threads: int = ..., tell: Callable[[int, int, str], None] | None = ..., *, checkpoint: str | os.PathLike[str] | None = ...,
             program: str = ..., after: float = ..., required: bool = ...) -> dict[str, Any]: ...
def outline(plan: Plan) -> dict[str, Any]: ...
def block(plan: Plan, county: int, first: int, count: int, threads: int = ...) -> dict[str, Any]: ...
def assess_line(line: str) -> tuple[str, bool]: ...
def parameters() -> list[tuple[str, str, str, str]]:
    """Every parameter of the rules: (name, default, assumption, meaning)."""
