"""Words of the archive that look like one that was asked for: it is part of them, or one letter differs.

Found by trigrams over the archive's different words, not over its texts: there are thousands of times fewer.
"""

from __future__ import annotations

import sqlite3
from typing import Final

from rapidfuzz.distance import OSA

_PIECE: Final = 3
_LEAST: Final = 4
"""Characters of a word that is looked for by its pieces: of a shorter one nearly everything looks like it."""
_MOST: Final = 2000


def similar(connection: sqlite3.Connection, word: str, *, limit: int = 8) -> list[str]:
    """Words that contain `word` or are one change away from it; the nearest first, never the word itself."""
    if len(word) < _LEAST:
        return []
    found = connection.execute("SELECT word FROM pieces WHERE pieces MATCH ? LIMIT ?", (_expression(word), _MOST))
    near = {other: OSA.distance(word, other) for (other,) in found if other != word}
    fitting = [other for other, changes in near.items() if changes <= 1 or word in other]
    return sorted(fitting, key=lambda other: (near[other], other))[:limit]


def _expression(word: str) -> str:
    """Words with all trigrams of `word`, or with all but those that one change can touch: three in a row.

    A change near an end leaves fewer than all three to drop; where nothing would be left, only the first holds.
    """
    parts = [word[i : i + _PIECE] for i in range(len(word) - _PIECE + 1)]
    ways = [parts]
    for start in range(-(_PIECE - 1), len(parts)):
        kept = [part for i, part in enumerate(parts) if not start <= i < start + _PIECE]
        if kept and kept not in ways:
            ways.append(kept)
    return " OR ".join("(" + " AND ".join(f'"{part}"' for part in way) + ")" for way in ways)
