"""Mutations that keep a file's shape: one value of a JSON document or one cell of a table changed.

Bytes that are changed blindly mostly break JSON before any of our code sees it; these reach what lies behind.
"""

from __future__ import annotations

import csv
import io
import json
import random
import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any, Final

HOSTILE: Final[tuple[Any, ...]] = (
    None, True, False, 0, -1, 1.5, 1e300, 2**63, -(2**63), 9.06e17, 10**400, "", " ", "0", "-1", "1e9", "nan", "null",
    "906000000000000000", "\ud800", "\u202e\u200f", "\x00", "a" * 5000, "Ø§Ù", "2022-13-45T99:99:99Z", "Thu Jul 28 16:10:07 +0000 2022",
    "9999999999999", "-62135596801", "https://", "http://[::1", "//x/@y", "javascript:alert(1)", "../../etc/passwd", "<b><a href='", "&#1114112;",
    [], {}, [[]], [{}], [None], {"": None}, [[[[[[[[[[[]]]]]]]]]]], "@" * 300, "#" * 300,
)  # fmt: skip


_TAG: Final = re.compile(r"(<[^<>]*>)")
Spoil = Callable[[str], str]
"""Changes a text a little: what a fuzzer does to bytes, done to one value."""


def mutated(data: bytes, seed: int, spoil: Spoil | None = None) -> bytes | None:
    """The file with one to three of its values changed; None where it is neither JSON nor a table nor markup.

    With `spoil`, a text among them is changed by it as often as it is replaced.
    """
    dice = _Dice(seed, spoil)
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    text = data.decode(encoding, "replace").removeprefix("\ufeff")
    prefix = text[: text.find("[")] if text.startswith("window.") else ""
    body = text[len(prefix) :]
    found = _json(body, dice) or _json_lines(body, dice) or _markup(body, dice) or _table(body, dice)
    return (prefix + found).encode(encoding, "surrogatepass") if found else None


class _Dice(random.Random):
    """Chance, and what to put in a value's place."""

    def __init__(self, seed: int, spoil: Spoil | None) -> None:
        super().__init__(seed)
        self._spoil = spoil

    def instead_of(self, value: Any) -> Any:
        """Another value."""
        if self._spoil is not None and isinstance(value, str) and self.random() < 0.5:
            return self._spoil(value)
        return deepcopy(self.choice(HOSTILE))


def _json(text: str, dice: _Dice) -> str | None:
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return _dumped(_changed(whole, dice))


def _json_lines(text: str, dice: _Dice) -> str | None:
    lines = text.splitlines()
    if not lines:
        return None
    number = dice.randrange(len(lines))
    line = _json(lines[number], dice)
    if line is None:
        return None
    lines[number] = line
    return "\n".join(lines) + "\n"


def _markup(text: str, dice: _Dice) -> str | None:
    """Of XML or HTML: a tag lost, doubled or swapped with another, or what stands between two changed."""
    if not text.lstrip().startswith("<"):
        return None
    pieces = _TAG.split(text)  # texts at even places, tags at odd ones
    for _ in range(dice.randint(1, 3)):
        at, other = dice.randrange(len(pieces)), dice.randrange(len(pieces))
        if at % 2 == 0:
            pieces[at] = str(dice.instead_of(pieces[at]))
        elif other % 2:
            pieces[at], pieces[other] = pieces[other], pieces[at]
        else:
            pieces[at] = dice.choice(("", pieces[at] * 2, str(dice.instead_of(pieces[at]))))
    return "".join(pieces)


def _table(text: str, dice: _Dice) -> str | None:
    if text.lstrip().startswith(("{", "[")):
        return None  # JSON that is broken: quoted anew as cells it would only be broken more
    first = text.partition("\n")[0]
    delimiter = max(",;\t|", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except (csv.Error, ValueError):
        return None
    cells = [(row, cell) for row, line in enumerate(rows) for cell in range(len(line))]
    if len(cells) < 2:
        return None
    for row, cell in dice.sample(cells, k=min(len(cells), dice.randint(1, 3))):
        rows[row][cell] = str(dice.instead_of(rows[row][cell]))
    sheet = io.StringIO()
    csv.writer(sheet, delimiter=delimiter).writerows(rows)
    return sheet.getvalue()


def _dumped(whole: Any) -> str | None:
    try:
        return json.dumps(whole)
    except (ValueError, RecursionError):
        return None


def _changed(whole: Any, dice: _Dice) -> Any:
    for _ in range(dice.randint(1, 3)):
        found = list(places(whole))
        if not found:
            return dice.instead_of(whole)
        holder, key = dice.choice(found)
        act = dice.random()
        if act < 0.15 and isinstance(holder, dict):
            del holder[key]
        elif act < 0.3:
            other, its = dice.choice(found)
            holder[key] = deepcopy(other[its]) if isinstance(other, list) or its in other else None
        else:
            holder[key] = dice.instead_of(holder[key])
    return whole


def places(whole: Any) -> list[tuple[Any, Any]]:
    """Every (holder, key) of a JSON document, without recursion."""
    found: list[tuple[Any, Any]] = []
    waiting = [whole]
    while waiting:
        one = waiting.pop()
        keys = one.keys() if isinstance(one, dict) else range(len(one)) if isinstance(one, list) else ()
        for key in keys:
            found.append((one, key))
            waiting.append(one[key])
    return found
