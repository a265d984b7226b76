"""Scenarios as values: a file and the changes made to it."""
from __future__ import annotations

import dataclasses
import json
import pathlib
from typing import Any

SHIPPED = pathlib.Path(__file__).parent / "scenarios"


def _text(value: Any) -> str:
    """A Python value the way a scenario file writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_text(v) for v in value) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{k} = {_text(v)}" for k, v in value.items()) + " }"
    raise TypeError(f"a scenario cannot hold a {type(value).__name__}: {value!r}")


@dataclasses.dataclass(frozen=True)
class Scenario:
    """A scenario file and changes to it. Immutable: `with_` returns another one."""

    path: pathlib.Path
    changes: tuple[tuple[str, str], ...] = ()
    name: str | None = None

    def with_(self, name: str | None = None, **changes: Any) -> Scenario:
        """Another scenario with some settings changed.

        Keys are those of scenario files with `__` for the dots: ``dibao__standard__factor=1.05``,
        ``living_subsidy__amount="90.00 yuan/month"``. Unknown keys raise InputError when the scenario is used, with the
        closest match. `name` labels it in results; by default the changes themselves do.
        """
        new = tuple((key.replace("__", "."), _text(value)) for key, value in changes.items())
        label = name or ", ".join(f"{key}={value}" for key, value in self.changes + new) or self.name
        return Scenario(self.path, self.changes + new, label)

    def settings(self) -> list[str]:
        """The changes as "key=value", as the command's --set takes them."""
        named = [f"name={_text(self.name)}", f"title={_text(self.name)}"] if self.name else []
        return [f"{key}={value}" for key, value in self.changes] + named


def load(path: str | pathlib.Path) -> Scenario:
    """A scenario from a TOML file; a bare name such as "jilin-2024.toml" finds the shipped ones.

    Raises InputError with every fault, each with file, line, column and a hint.
    """
    from . import _core

    given = pathlib.Path(path)
    found = given if given.exists() else SHIPPED / given
    scenario = Scenario(found if found.exists() else given)
    _core.load([scenario.path])
    return scenario
