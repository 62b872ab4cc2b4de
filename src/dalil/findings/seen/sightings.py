"""Where and when each item of an index was seen: our capture and the claimed date, kept apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dalil.findings.seen.packed import Arrays, Packed

Ints = npt.NDArray[np.int64]

NO_TIME: Final = np.iinfo(np.int64).min
NEVER: Final = int(np.iinfo(np.int64).max)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TIME: Final = pa.timestamp("us", tz="UTC")


class Sighting(msgspec.Struct, frozen=True):
    """One observation of an item. `source` is a public account's uid, else only the platform."""

    observation_id: str
    captured_at: datetime
    claimed_at: datetime | None
    source: str


class Earliest(msgspec.Struct, frozen=True):
    """The earliest of some sightings, twice: by our own capture (strong) and by the claimed date (weaker)."""

    captured: Sighting
    claimed: Sighting | None
    sightings: int


@dataclass(frozen=True, slots=True)
class Sightings:
    """m sightings of n items; those of item i are `starts[i]` to `starts[i + 1]`, oldest capture first.

    Times are epoch microseconds; `claimed` is `NO_TIME` where none is known. `source` points into
    `sources`.
    """

    starts: Ints
    captured: Ints
    claimed: Ints
    source: Ints
    observations: Packed
    sources: Packed

    @staticmethod
    def build(item: Ints, items: int, rows: pa.Table) -> Sightings:
        """Sort sightings by item and capture.

        Args:
            item: (m,) which item each row shows.
            rows: obs_id, collected_at, claimed_at, source.
        """
        captured = _micros(rows["collected_at"])
        order = np.lexsort((captured, item))
        rows = rows.take(pa.array(order))
        sources = rows["source"].combine_chunks().dictionary_encode()
        if isinstance(sources, pa.ChunkedArray):  # PyArrow keeps one chunk as a chunked array at times
            sources = sources.combine_chunks()
        starts = np.zeros(items + 1, dtype=np.int64)
        starts[1:] = np.cumsum(np.bincount(item, minlength=items))
        return Sightings(
            starts=starts,
            captured=captured[order],
            claimed=_micros(rows["claimed_at"]),
            source=sources.indices.to_numpy(zero_copy_only=False).astype(np.int64),
            observations=Packed.of(rows["obs_id"]),
            sources=Packed.of(sources.dictionary),
        )

    def of(self, item: int, limit: int) -> list[Sighting]:
        """The first sightings of an item, by our capture."""
        start, stop = int(self.starts[item]), int(self.starts[item + 1])
        return [self._at(place) for place in range(start, min(stop, start + limit))]

    def first_captured(self, item: int) -> int:
        """Epoch microseconds of an item's first capture; the end of time where it was seen in no post."""
        start = int(self.starts[item])
        return int(self.captured[start]) if start < self.starts[item + 1] else NEVER

    def earliest(self, items: Ints) -> Earliest | None:
        """The earliest sightings of any of some items; None where none was ever seen in a post."""
        stretches = [np.arange(self.starts[item], self.starts[item + 1]) for item in items.tolist()]
        places = np.concatenate(stretches) if stretches else np.zeros(0, dtype=np.int64)
        if not len(places):
            return None
        dated = places[self.claimed[places] != NO_TIME]
        claimed = self._at(int(dated[np.argmin(self.claimed[dated])])) if len(dated) else None
        return Earliest(self._at(int(places[np.argmin(self.captured[places])])), claimed, len(places))

    def arrays(self) -> Arrays:
        """Everything as plain arrays by name."""
        plain = {"starts": self.starts, "captured": self.captured, "claimed": self.claimed, "source": self.source}
        return {**plain, **self.observations.arrays("observations"), **self.sources.arrays("sources")}

    @staticmethod
    def from_arrays(arrays: Mapping[str, npt.NDArray[Any]]) -> Sightings:
        """The reverse of `arrays`."""
        return Sightings(
            starts=arrays["starts"],
            captured=arrays["captured"],
            claimed=arrays["claimed"],
            source=arrays["source"],
            observations=Packed.from_arrays("observations", arrays),
            sources=Packed.from_arrays("sources", arrays),
        )

    def _at(self, place: int) -> Sighting:
        return Sighting(
            observation_id=self.observations[place],
            captured_at=_moment(int(self.captured[place])),
            claimed_at=None if self.claimed[place] == NO_TIME else _moment(int(self.claimed[place])),
            source=self.sources[int(self.source[place])],
        )


def sighting_columns(posts: ir.Table) -> ir.Table:
    """obs_id, collected_at, claimed_at and source of each post.

    The claimed date is the better of the platform's own (`created_at`), else what the author's
    client claims. A private account is never a source: its channel is, or only the platform.
    """
    container = ibis.ifelse(posts.container_ref.contains(":h:"), ibis.null("string"), posts.container_ref)
    author = ibis.ifelse(posts.author_public, posts.author_ref, ibis.null("string"))
    return posts.select(
        obs_id=posts.obs_id,
        collected_at=posts.collected_at,
        claimed_at=ibis.coalesce(posts.created_at, posts.claimed_at),
        source=ibis.coalesce(author, container, posts.platform, ibis.literal("")),
    )


def _micros(column: pa.ChunkedArray) -> Ints:
    values = pc.fill_null(pc.cast(pc.cast(column, _TIME), pa.int64()), NO_TIME)
    return np.asarray(values.to_numpy(), dtype=np.int64)


def _moment(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)
