"""Counts of private accounts, made rough."""

from __future__ import annotations


def rough(whole: int | None) -> int | None:
    """A count to one significant digit, so that it does not point at one person: 12,345 → 10,000."""
    if whole is None or whole < 10:
        return None if whole is None else 0
    unit = int("1" + "0" * (len(str(whole)) - 1))
    return whole // unit * unit
