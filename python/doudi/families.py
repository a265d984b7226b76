"""Single families decided by the rules."""
from __future__ import annotations

import datetime
import decimal
import json
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from . import _core, given


def _for_a_family(value: Any) -> Any:
    """What JSON does not know of a family's fields, as it is written there. Raises InputError."""
    if isinstance(value, decimal.Decimal):
        return format(value, "f")
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (np.ndarray, pd.Series)):
        return value.tolist()
    if isinstance(value, (np.number, np.bool_)):
        return given.plain(value)
    said = '; a month is text, such as "2024-07"' if isinstance(value, datetime.date) else ""
    raise _core.InputError(f"households: a family cannot hold a {type(value).__name__}: {value!r}; numbers, text, true or false, lists and dicts can be{said}")


def assess(households: Mapping[str, Any] | Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Decides families by the rules: one month, no chance.

    Args:
        households: one family or several, each a mapping; fields as in docs/assess.md, money as decimal yuan text
            ("770.00") or a Decimal. Numbers of numpy are taken as Python's.

    Returns:
        One row a family: `id`, `category`, `individual` (one status a member, in their order: dibao, edge, none ...), one
        column a programme in yuan a month (text with two decimals), `why` (list of rules, each with its document). A family
        that cannot be decided has `error` instead, in the engine's words.

    Raises:
        InputError: what is given is no family or list of families, or holds a value that no family can.

    Source: 吉政办规〔2024〕2号, 吉民发〔2023〕67号, 吉民发〔2023〕68号.
    """
    if isinstance(households, pd.DataFrame):
        raise _core.InputError("households is a DataFrame, and a list of families is wanted, each a dict with its members; households.to_dict('records') makes one of rows")
    if isinstance(households, (str, bytes)) or not isinstance(households, Iterable):
        raise _core.InputError(f"households = {households!r} is not a family: a dict is wanted, or a list of them (docs/assess.md)")
    rows = []
    for household in [households] if isinstance(households, Mapping) else households:
        if not isinstance(household, Mapping):
            raise _core.InputError(f"households: {household!r} is not a family: a dict is wanted (docs/assess.md)")
        answer = json.loads(_core.assess_line(json.dumps(household, ensure_ascii=False, default=_for_a_family))[0])
        rows.append({**{k: v for k, v in answer.items() if k != "pay"}, **answer.get("pay", {})})
    return pd.DataFrame(rows)
