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
    key = _keys(coded.dictionary, leaders)[coded.indices.to_numpy()]
    first = np.full(int(key.max()) + 1, np.iinfo(np.int64).max)
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


def _keys(names: pa.Array, leaders: Mapping[str, str]) -> Ints:
    """A number for each of n different pictures, the same where they have one leader.

    Only those that have a leader are looked at one by one: they are few among millions.
    """
    keys = np.arange(len(names), dtype=np.int64)
    led = pc.index_in(names, pa.array(list(leaders), names.type))
    if led.null_count == len(led):
        return keys
    whose = pa.array(list(leaders.values()), names.type).take(led.drop_null())
    own = pc.index_in(whose, names).fill_null(-1).to_numpy().astype(np.int64)
    others = len(names) + whose.dictionary_encode().indices.to_numpy().astype(np.int64)
    keys[led.is_valid().to_numpy(zero_copy_only=False)] = np.where(own >= 0, own, others)
    return keys


def _weeks(first: int, last: int, zone: str) -> tuple[Ints, list[str]]:
    """Starts (epoch microseconds, rising) and names of all weeks between two moments, ends included."""
    week = week_at(_EPOCH + timedelta(microseconds=first), zone)
    starts, names = [], []
    while (start := (week.starts_at - _EPOCH) // timedelta(microseconds=1)) <= last:
        starts.append(start)
        names.append(week.name)
        week = week.before(-1)
    return np.array(starts, dtype=np.int64), names
