"""Foreign names made safe to show: no control, bidi or look-alike tricks, and short.

Names are never stored; this is for the one error message that must say which file is meant.
"""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath, PureWindowsPath
from typing import Final

_LONGEST: Final = 60
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def shown(name: str) -> str:
    """The last part of a path, with each control, format and bidi character as `�`, at most 60 long.

    Isolated by U+2068 and U+2069 where it holds right-to-left letters, so that it cannot reorder
    the sentence around it.
    """
    last = PurePosixPath(PureWindowsPath(name).name).name or "?"
    clean = "".join("\ufffd" if unicodedata.category(char) in _HIDDEN else char for char in last)
    if len(clean) > _LONGEST:
        clean = clean[: _LONGEST - 9] + "…" + clean[-8:]
    if any(unicodedata.bidirectional(char) in ("R", "AL") for char in clean):
        return f"\u2068{clean}\u2069"
    return clean


def shown_bytes(head: bytes, *, count: int = 12) -> str:
    """The first bytes as printable ASCII, everything else as `\\xNN`."""
    if not head:
        return "nothing: it is empty"
    return "".join(chr(byte) if 0x20 <= byte < 0x7F and byte != 0x5C else f"\\x{byte:02x}" for byte in head[:count])
