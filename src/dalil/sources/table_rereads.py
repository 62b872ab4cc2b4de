"""What tables share when a row is read again: the locale of the file, and cells that were empty.

One row does not tell the locale of its numbers, and an empty cell is not in raw: both are taken from the
counts that are held.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from msgspec.structs import replace

from dalil.schema.records import Metric, Post
from dalil.schema.words import MetricBasis, ZoneBasis
from dalil.sources.locale_numbers import Locale

_SIGNS: Final = (".", ",", " ", "'", "\u066c")


def all_texts(cells: Mapping[Any, object]) -> bool:
    """Whether these can be cells: texts by texts."""
    return all(isinstance(name, str) and isinstance(value, str) for name, value in cells.items())


def locale_of(metrics: Sequence[Metric]) -> Locale:
    """The locale under which these counts were read."""
    for sign in _SIGNS:
        for metric in metrics:
            grouped = not metric.raw.isdigit() and metric.value is not None
            if grouped and Locale(sign).whole(metric.raw)[0] == metric.value:
                return Locale(sign, proven=metric.basis is MetricBasis.EXACT)
    return Locale()


def merged(found: Iterable[Metric], was: Iterable[Metric]) -> tuple[Metric, ...]:
    """The counts in the order in which they are held; those of empty cells stay None."""
    fresh = {metric.name: metric for metric in found}
    kept = [fresh.pop(metric.name, metric) for metric in was]
    return (*kept, *fresh.values())


def timed(post: Post, read: tuple[datetime | None, ZoneBasis] | None) -> Post:
    """The post with the time of its cell; one without a zone stays as the operator's zone made it."""
    if read is None or read[0] is None or read[1] is ZoneBasis.UNKNOWN:
        return post
    return replace(post, created_at=read[0], created_zone_basis=read[1], claimed_at=read[0])
