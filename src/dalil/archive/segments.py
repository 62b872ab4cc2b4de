"""Rows into Parquet: one file a table and month of capture, sorted by claimed time.

The month is that of `collected_at`, which is ours, never of a date that a file claims; the claimed time
only sorts the rows, so that a reader of one week skips most row groups.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]

_LEVEL: Final = 1
_DISTINCT: Final = frozenset(
    [
        "obs_id",
        "uid",
        "version",
        "raw_sha256",
        "raw_pointer",
        "native_id",
        "uri",
        "text",
        "text_raw",
        "norm",
        "skeleton",
        "skeleton_hash",
        "src_uid",
        "created_at",
        "claimed_at",
        "server_indexed_at",
        "at",
        "thread_root",
    ]
)
"""Columns in which hardly a value comes twice: a dictionary for them is made, found too large and thrown away."""
OF_PICTURES: Final = frozenset({"image_signals", "picture_texts"})
"""The tables whose rows belong to a picture, by its hash, and to no observation."""
UNCLAIMED = np.iinfo(np.int64).max
"""Sorts rows without a claimed time behind all others."""


@dataclass(frozen=True, slots=True)
class SegmentDraft:
    """One Parquet file, ready to be written: its bytes, their SHA-256 and what the manifest says of it."""

    table: str
    month: str
    data: bytes
    sha256: str
    rows: int
    min_claimed: int | None
    max_claimed: int | None

    @property
    def path(self) -> str:
        """Relative to the workspace's `archive/`, with forward slashes."""
        return f"{self.table}/month={self.month}/{self.sha256}.parquet"


@dataclass(frozen=True, slots=True)
class Order:
    """The order of one chunk's n observations: by month of capture, then claimed time, then as given.

    `rank[i]` is the place of observation i; `months[p]` and `claimed[p]` (epoch microseconds) belong to
    place p.
    """

    obs_ids: pa.Array
    rank: Numbers
    months: Numbers
    claimed: Numbers

    def places(self, obs_ids: pa.ChunkedArray) -> Numbers:
        """The place of each row's observation; -1 where it is not among the n."""
        found = pc.index_in(obs_ids, value_set=self.obs_ids)
        numbers = pc.fill_null(found, -1).to_numpy().astype(np.int64)
        return np.where(numbers < 0, -1, self.rank[numbers]) if len(self.rank) else numbers


def order_of(tables: dict[str, pa.Table]) -> Order:
    """Order a chunk's observations; the claimed time is the post's, or the edge's where there is no post.

    Args:
        tables: of one chunk; `observations` with each `obs_id` once and no null `collected_at`.
    """
    observations = tables["observations"]
    obs_ids = observations["obs_id"].combine_chunks()
    count = observations.num_rows
    months = _months(observations["collected_at"])
    claimed = np.full(count, UNCLAIMED, dtype=np.int64)
    edges, posts = tables.get("edges"), tables.get("posts")
    if edges is not None:
        _claim(claimed, obs_ids, edges["obs_id"], edges["at"])
    if posts is not None:
        _claim(claimed, obs_ids, posts["obs_id"], pc.coalesce(posts["claimed_at"], posts["created_at"]))
    order = np.lexsort((np.arange(count), claimed, months))
    rank = np.empty(count, dtype=np.int64)
    rank[order] = np.arange(count)
    return Order(obs_ids, rank, months[order], claimed[order])


def split(name: str, rows: pa.Table, places: Numbers, order: Order) -> Iterator[SegmentDraft]:
    """Cut one table's rows into segments.

    Args:
        places: the place of each row's observation in `order`.
    """
    if rows.num_rows == 0:
        return
    if (np.diff(places) < 0).any():
        turn = np.argsort(places, kind="stable")
        rows, places = rows.take(pa.array(turn)), places[turn]
    months = order.months[places]
    claimed = order.claimed[places]
    starts = np.flatnonzero(np.diff(months, prepend=months[0] - 1))
    for start, end in zip(starts, [*starts[1:], len(months)], strict=True):
        known = claimed[start:end][claimed[start:end] != UNCLAIMED]
        data = encode(rows.slice(start, end - start))
        yield SegmentDraft(
            table=name,
            month=str(np.datetime64(int(months[start]), "M")),
            data=data,
            sha256=hashlib.sha256(data).hexdigest(),
            rows=int(end - start),
            min_claimed=int(known.min()) if len(known) else None,
            max_claimed=int(known.max()) if len(known) else None,
        )


def encode(rows: pa.Table) -> bytes:
    """The bytes of a Parquet file (zstd); the same rows give the same bytes with the same PyArrow.

    At level 3 they would be hardly smaller and take half as long again.
    """
    sink = pa.BufferOutputStream()
    repeated = [path for field in rows.schema if field.name not in _DISTINCT for path in _leaves(field, field.name)]
    pq.write_table(rows, sink, compression="zstd", compression_level=_LEVEL, use_dictionary=repeated)
    return bytes(sink.getvalue())


def _leaves(field: pa.Field, path: str) -> Iterator[str]:
    """Parquet's paths of the plain columns that a column is made of."""
    if pa.types.is_list(field.type):
        yield from _leaves(field.type.value_field, f"{path}.list.element")
    elif pa.types.is_struct(field.type):
        for part in field.type:
            yield from _leaves(part, f"{path}.{part.name}")
    else:
        yield path


def _months(times: pa.ChunkedArray) -> Numbers:
    moments = times.cast(pa.int64()).to_numpy().view("datetime64[us]")
    months: Numbers = moments.astype("datetime64[M]").astype(np.int64)
    return months


def _claim(claimed: Numbers, obs_ids: pa.Array, of: pa.ChunkedArray, times: pa.ChunkedArray) -> None:
    """Put each observation's earliest of the given times into `claimed`, in place."""
    numbers = pc.fill_null(pc.index_in(of, value_set=obs_ids), -1).to_numpy()
    micros = pc.fill_null(times.cast(pa.int64()), UNCLAIMED).to_numpy()
    there = (numbers >= 0) & (micros != UNCLAIMED)
    fresh = np.full(len(claimed), UNCLAIMED, dtype=np.int64)
    np.minimum.at(fresh, numbers[there], micros[there])
    given = fresh != UNCLAIMED
    claimed[given] = fresh[given]
