"""Media items that show the same picture: PDQ within 31 bits, turned and mirrored ones too.

Groups are stars around their first picture, so that two members are never further apart than twice
31 bits; the nearest unrelated photographs measured were 72 apart. Pictures too plain to hash are
left alone.
"""

from __future__ import annotations

from typing import Final

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dalil.findings.hamming import MULTI_INDEX_RADIUS, turned, within, words_of_column
from dalil.findings.latest import newest_method
from dalil.schema.results import MediaGroup

VERSION: Final = "1"
PLAIN: Final = 50
"""PDQ quality below which a picture says nothing."""

Ints = npt.NDArray[np.int64]


def media_groups(
    image_signals: ir.Table, media: ir.Table | None = None, *, radius: int = MULTI_INDEX_RADIUS
) -> list[MediaGroup]:
    """Group an archive's pictures.

    Args:
        image_signals: the archive's table.
        media: the archive's table; with it the picture captured first leads its group, so that the
            group's key stays while the group only grows. Without, the smallest sha256 leads.
        radius: bits, at most 31.
    Returns:
        Groups of at least two items, the largest first.
    """
    rows = _rows(image_signals, media)
    if not len(rows):
        return []
    words = words_of_column(rows["pdq"])
    leader = leaders(words, radius)
    names = rows["sha256"].to_pylist()
    order = np.argsort(leader, kind="stable")
    borders = np.flatnonzero(np.diff(leader[order])) + 1
    groups = [
        MediaGroup(f"picture:{names[int(leader[places[0]])][:16]}", tuple(names[place] for place in places))
        for places in np.split(order, borders)
        if len(places) > 1
    ]
    return sorted(groups, key=lambda g: (-len(g.sha256s), g.key))


def leaders(words: npt.NDArray[np.uint64], radius: int = MULTI_INDEX_RADIUS) -> Ints:
    """For each hash, the place of the one whose group it joins: its own, or an earlier one's.

    Args:
        words: (n, 4), oldest first.
    """
    found = np.arange(len(words), dtype=np.int64)
    query, row, apart = within(words, turned(words).reshape(-1, 4), radius)
    query = query // 8
    earlier = row < query
    query, row, apart = query[earlier], row[earlier], apart[earlier]
    order = np.lexsort((row, apart, query))
    for place, other in zip(query[order].tolist(), row[order].tolist(), strict=True):
        # Queries come in order of age, so whether `other` leads is settled by now; the nearest comes first.
        if found[place] == place and found[other] == other:
            found[place] = other
    return found


def _rows(image_signals: ir.Table, media: ir.Table | None) -> pa.Table:
    signals = newest_method(image_signals, "sha256").filter(lambda t: t.quality >= PLAIN)
    rows = signals.select("sha256", "pdq").drop_null()
    if media is None:
        return rows.order_by("sha256").to_pyarrow()
    first = media.group_by("sha256").agg(collected_at=media.collected_at.min())
    return rows.left_join(first, "sha256").order_by(ibis.asc("collected_at"), ibis.asc("sha256")).to_pyarrow()
