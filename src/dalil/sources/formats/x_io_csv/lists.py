"""Lists that Python printed into a cell, read without running anything."""

from __future__ import annotations

import re
from typing import Final

_ITEM: Final = re.compile(r"""\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^,\[\]'"]+))\s*(?:,|$)""", re.DOTALL)
_ESCAPE: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_PLAIN: Final = {"n": "\n", "t": "\t", "r": "\r"}
_NOTHING: Final = frozenset({"", "[]", "absent", "nan", "None", "null"})
MOST: Final = 500


def items(cell: str) -> list[str] | None:
    """The items of `['a', 'b']`, of `[a, b]`, and of `a`; None where it is none of these.

    Older releases leave out the quotation marks.
    """
    text = cell.strip()
    if text in _NOTHING:
        return []
    if not text.startswith("["):
        return [text]
    if not text.endswith("]"):
        return None
    text = text[1:-1].strip()
    found: list[str] = []
    at = 0
    while at < len(text) and len(found) < MOST:
        match = _ITEM.match(text, at)
        if match is None:
            return None
        quoted = match[1] if match[1] is not None else match[2]
        value = _ESCAPE.sub(_unescaped, quoted) if quoted is not None else match[3].strip()
        if value:
            found.append(value)
        at = match.end()
    return found


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2] or match[3]
    if code is None:
        return _PLAIN.get(match[4], match[4])
    number = int(code, 16)
    return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"
