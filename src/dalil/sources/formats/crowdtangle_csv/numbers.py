"""Law 3: numbers follow a locale, which a file does not name. Decided per file, by what adds up.

`407.137` is 407,137 in one export and would be 407 in another; the interactions of a post must be
the sum of their parts, and the score column shows which sign parts decimals.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from dalil.schema.words import MetricBasis

PARTS: Final = ("likes", "comments", "shares", "love", "wow", "haha", "sad", "angry", "care")
_GROUPED: Final = {
    ".": re.compile(r"\d{1,3}(?:\.\d{3})+"),
    ",": re.compile(r"\d{1,3}(?:,\d{3})+"),
    " ": re.compile(r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+"),
}
_DECIMAL: Final = {".": re.compile(r"-?\d+,\d{1,2}x?"), ",": re.compile(r"-?\d+\.\d{1,2}x?")}
_PLAIN: Final = re.compile(r"\d{1,18}")


@dataclass(frozen=True, slots=True)
class Locale:
    """The sign between thousands, `` where none was met; `proven` where sums bore it out."""

    thousands: str = ""
    proven: bool = False

    def whole(self, text: str) -> tuple[int | None, MetricBasis]:
        """A count; None where it is not a whole number in this locale."""
        text = text.strip()
        if _PLAIN.fullmatch(text):
            return int(text), MetricBasis.EXACT
        if self.thousands and _GROUPED[self.thousands].fullmatch(text):
            value = int(re.sub(r"\D", "", text))
            if value < 1 << 62:
                return value, MetricBasis.EXACT if self.proven else MetricBasis.LOCALE_GUESS
        return None, MetricBasis.LOCALE_GUESS


def decide(rows: Iterable[Mapping[str, str]]) -> Locale:
    """The locale of a file, from its first rows.

    A sign is proven by rows in which it occurs and the total equals the sum of the parts. Without
    such a row it is guessed: from the score's decimal sign, else from the only sign that groups
    thousands.
    """
    proof = dict.fromkeys(_GROUPED, 0)
    seen = dict.fromkeys(_GROUPED, 0)
    score = dict.fromkeys(_DECIMAL, 0)
    for row in rows:
        cells = [row[name].strip() for name in ("interactions", *PARTS) if row.get(name, "").strip()]
        for sign, pattern in _GROUPED.items():
            if any(pattern.fullmatch(cell) for cell in cells):
                seen[sign] += 1
                proof[sign] += adds_up(row, Locale(sign)) is True
        for sign, pattern in _DECIMAL.items():
            score[sign] += bool(pattern.fullmatch(row.get("score", "").strip()))
    best = max(proof, key=lambda sign: proof[sign])
    if proof[best]:
        return Locale(best, proven=True)
    by_score = max(score, key=lambda sign: score[sign])
    if score[by_score] and seen[by_score]:
        return Locale(by_score)
    found = [sign for sign, count in seen.items() if count]
    return Locale(found[0]) if len(found) == 1 else Locale()


def adds_up(row: Mapping[str, str], locale: Locale) -> bool | None:
    """Whether the total of a row is the sum of its parts; None where it cannot be told."""
    total = locale.whole(row.get("interactions", ""))[0]
    parts = [locale.whole(row[name])[0] for name in PARTS if row.get(name, "").strip()]
    if total is None or len(parts) < 2 or None in parts:
        return None
    return total == sum(part for part in parts if part is not None)
