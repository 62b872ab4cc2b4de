"""Numbers as the reader's language writes them: digits, separators, the percent sign."""

from __future__ import annotations

from dalil.web.languages import LATIN, tongue


def digits(text: object) -> str:
    """`text` with its ASCII digits written in the language in force; nothing else is touched."""
    written = tongue().digits
    return str(text) if written == LATIN else str(text).translate(str.maketrans(LATIN, written))


def number(value: float, *, places: int = 0) -> str:
    """A number with thousands grouped, rounded to `places` decimals.

    Four digits stay together only in years, which are not written by this function.
    """
    marks = tongue()
    plain = f"{value:,.{places}f}".translate(str.maketrans(",.", marks.group + marks.decimal))
    return digits(plain)


def percent(share: float) -> str:
    """A share in [0, 1] as whole percent. A share that is not 0 or 1 never reads 0 % or 100 %."""
    whole = int(share * 100 + 0.5)
    if 0 < share < 1:
        whole = min(max(whole, 1), 99)
    return digits(whole) + tongue().percent


def span(low: str, high: str) -> str:
    """Two written numbers as a range that is not broken at a line's end."""
    return f"{low}\u2060–\u2060{high}"


def listed(words: list[str]) -> str:
    """Words joined by the language's comma."""
    return tongue().comma.join(words)
