"""Pictures received in each week, and those of them that were recognised: counted over whole columns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dalil.findings.measures.calendar import week_at
from dalil.findings.measures.weekly import MediaCount

Ints = npt.NDArray[np.int64]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def received(media: pa.Table, leaders: Mapping[str, str], zone: str) -> list[MediaCount]:
    """Count n captures of media by ISO week.

    A picture is received when its bytes are captured; it is recognised when an earlier capture holds the same
    picture, so that nobody needs to open it.

    Args:
        media: sha256 and collected_at of each capture, in any order.
        leaders: SHA-256 of a picture → one name for all that show the same; others stand for themselves.
    """
    if media.num_rows == 0:
        return []
    at = media["collected_at"].cast(pa.int64()).to_numpy()
    coded = media["sha256"].combine_chunks().dictionary_encode()
    if isinstance(coded, pa.ChunkedArray):  # PyArrow keeps one chunk as a chunked array at times
        coded = coded.combine_chunks()
    names = coded.dictionary.to_pylist()
    keys = pa.array([leaders.get(name, name) for name in names]).dictionary_encode()
    key = keys.indices.to_numpy().astype(np.int64)[coded.indices.to_numpy()]
    first = np.full(len(keys.dictionary), np.iinfo(np.int64).max)
    np.minimum.at(first, key, at)
    again = first[key] < at
    starts, weeks = _weeks(int(at.min()), int(pc.max(media["collected_at"]).cast(pa.int64()).as_py()), zone)
    week = np.searchsorted(starts, at, side="right") - 1
    totals = np.bincount(week, minlength=len(weeks))
    seen = np.bincount(week, weights=again, minlength=len(weeks))
    return [
        MediaCount(name, int(total), int(known))
        for name, total, known in zip(weeks, totals, seen, strict=True)
        if total
    ]


def _weeks(first: int, last: int, zone: str) -> tuple[Ints, list[str]]:
    """Starts (epoch microseconds, rising) and names of all weeks between two moments, ends included."""
    week = week_at(_EPOCH + timedelta(microseconds=first), zone)
    starts, names = [], []
    while (start := (week.starts_at - _EPOCH) // timedelta(microseconds=1)) <= last:
        starts.append(start)
        names.append(week.name)
        week = week.before(-1)
    return np.array(starts, dtype=np.int64), names
