"""Law 3: numbers follow a locale, which a file does not name. Decided per file, by what adds up.

`407.137` is 407,137 in one export and would be 407 in another; a total must be the sum of its
parts, and a column of decimals, such as a score, shows which sign parts them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dalil.schema.words import MetricBasis

_GROUPED: Final = {
    ".": re.compile(r"\d{1,3}(?:\.\d{3})+"),
    ",": re.compile(r"\d{1,3}(?:,\d{3})+"),
    " ": re.compile(r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+"),
    "'": re.compile(r"\d{1,3}(?:['\u2019]\d{3})+"),
    "\u066c": re.compile(r"\d{1,3}(?:\u066c\d{3})+"),
}
"""By the sign between thousands: a space also stands for narrow and fixed ones, U+066C is the Arabic sign.
Digits may be Arabic or Persian."""
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


@dataclass(frozen=True, slots=True)
class Sums:
    """Which columns of a row must add up: `total` to the sum of `parts`; `decimal` holds decimals."""

    total: str
    parts: Sequence[str]
    decimal: str = ""

    def decide(self, rows: Iterable[Mapping[str, str]]) -> Locale:
        """The locale of a file, from its first rows.

        A sign is proven by rows in which it occurs and the total equals the sum of the parts. Without
        such a row it is guessed: from the decimal sign, else from the only sign that groups thousands.
        """
        proof = dict.fromkeys(_GROUPED, 0)
        seen = dict.fromkeys(_GROUPED, 0)
        decimals = dict.fromkeys(_DECIMAL, 0)
        for row in rows:
            cells = [row[name].strip() for name in (self.total, *self.parts) if row.get(name, "").strip()]
            for sign, pattern in _GROUPED.items():
                if any(pattern.fullmatch(cell) for cell in cells):
                    seen[sign] += 1
                    proof[sign] += self.adds_up(row, Locale(sign)) is True
            for sign, pattern in _DECIMAL.items():
                decimals[sign] += bool(pattern.fullmatch(row.get(self.decimal, "").strip()))
        best = max(proof, key=lambda sign: proof[sign])
        if proof[best]:
            return Locale(best, proven=True)
        by_decimal = max(decimals, key=lambda sign: decimals[sign])
        if decimals[by_decimal] and seen[by_decimal]:
            return Locale(by_decimal)
        found = [sign for sign, count in seen.items() if count]
        return Locale(found[0]) if len(found) == 1 else Locale()

    def adds_up(self, row: Mapping[str, str], locale: Locale) -> bool | None:
        """Whether the total of a row is the sum of its parts; None where it cannot be told."""
        total = locale.whole(row.get(self.total, ""))[0]
        parts = [locale.whole(row[name])[0] for name in self.parts if row.get(name, "").strip()]
        if total is None or len(parts) < 2 or None in parts:
            return None
        return total == sum(part for part in parts if part is not None)
