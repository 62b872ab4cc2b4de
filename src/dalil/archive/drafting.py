"""From a checked chunk and what is known already to exactly what must be written: pure, nothing stored.

Facts are kept once: rows of known observations are left out. Two things come through even then, since
they add to what is held: media whose bytes we did not have, and signals of pictures that had none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dalil.archive.checking import KEYED, records
from dalil.archive.raw import RawSegment, build
from dalil.archive.segments import Order, SegmentDraft, order_of, split
from dalil.errors import InputError


@dataclass(frozen=True, slots=True)
class Known:
    """Of one chunk's ids, those that the archive holds."""

    obs_ids: frozenset[bytes] = frozenset()
    media: frozenset[str] = frozenset()
    image_signals: frozenset[tuple[str, str, str]] = frozenset()
    pseudonyms: frozenset[str] = frozenset()
    expunged: frozenset[bytes] = frozenset()
    """Removed for good: not held, and left out."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What one chunk adds. `obs_ids` in the order of the raw segment's records."""

    obs_ids: tuple[bytes, ...] = ()
    raw: RawSegment | None = None
    segments: tuple[SegmentDraft, ...] = ()
    media: dict[str, memoryview] = field(default_factory=dict)
    image_signals: tuple[tuple[str, str, str], ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all would be written."""
        return not (self.obs_ids or self.segments or self.media)


def draft(
    tables: dict[str, pa.Table], ids: list[bytes], blobs: list[str], known: Known, identity_key: bytes | None
) -> Draft:
    """Decide what to write.

    Args:
        tables: as `checking.checked` gives them.
        ids: of `tables["observations"]`, in order.
        blobs: SHA-256 of each row of `tables["blobs"]`, in order.
        identity_key: to check ids against raw records; None leaves that out.
    Raises:
        InputError: `chunk-untrue`.
    """
    is_new = np.array([obs_id not in known.obs_ids for obs_id in ids], dtype=bool)
    media = {
        sha256: memoryview(item.as_buffer())
        for sha256, item in zip(blobs, tables["blobs"]["data"], strict=True)
        if sha256 not in known.media
    }
    keys = _new_image_signals(tables["image_signals"], known)
    if not is_new.any() and not media and not any(keys):
        return Draft()
    order = order_of(tables)
    new_places = np.zeros(len(ids), dtype=bool)
    new_places[order.rank] = is_new
    raw, observations, obs_ids = _with_raw(tables, pa.array(is_new), identity_key)
    segments = list(split("observations", observations, order.rank[is_new], order))
    for name in KEYED:
        if name != "raw":
            segments += _segments(name, tables[name], order, new_places, media)
    segments += _picture_segments(tables, order, [key is not None for key in keys])
    return Draft(
        obs_ids=obs_ids,
        raw=raw,
        segments=tuple(segments),
        media=media,
        image_signals=tuple(key for key in keys if key is not None),
    )


def _with_raw(
    tables: dict[str, pa.Table], is_new: pa.Array, identity_key: bytes | None
) -> tuple[RawSegment | None, pa.Table, tuple[bytes, ...]]:
    """Seal the new observations' records and write where they lie into the observations."""
    observations = tables["observations"].filter(is_new)
    if observations.num_rows == 0:
        return None, observations, ()
    rows = _turned(tables["raw"], observations["obs_id"].combine_chunks())
    sealed = records(rows, observations["source_format"].to_pylist(), identity_key)
    segment = build(sealed)
    filled = {
        "raw_sha256": pa.array([record[1].hex() for record in sealed], pa.string()),
        "raw_segment": pa.array([segment.sha256] * len(sealed), pa.string()),
        "raw_pointer": pa.array(segment.pointers, pa.int64()),
    }
    for name, values in filled.items():
        observations = observations.set_column(observations.schema.get_field_index(name), name, values)
    return segment, observations, tuple(record[0] for record in sealed)


def _turned(raw: pa.Table, ids: pa.Array) -> pa.Table:
    """The raw rows of the observations, in their order, which most often is the order they came in."""
    if raw["obs_id"].combine_chunks().equals(ids):
        return raw
    rows = raw.filter(pc.is_in(raw["obs_id"], value_set=ids))
    turn = pc.index_in(ids, value_set=rows["obs_id"].combine_chunks())
    if turn.null_count or rows.num_rows != len(ids):
        raise InputError("chunk-untrue", part="raw")
    return rows.take(turn)


def _segments(
    name: str,
    rows: pa.Table,
    order: Order,
    new_places: np.ndarray[tuple[int], np.dtype[np.bool_]],
    media: Iterable[str],
) -> Iterable[SegmentDraft]:
    places = order.places(rows["obs_id"])
    keep = new_places[places] if len(places) else np.zeros(0, dtype=bool)
    if name == "media":
        fresh = pc.is_in(rows["sha256"], value_set=pa.array(list(media), pa.string()))
        keep = keep | fresh.to_numpy()
    return split(name, rows if keep.all() else rows.filter(pa.array(keep)), places[keep], order)


def _new_image_signals(rows: pa.Table, known: Known) -> list[tuple[str, str, str] | None]:
    """For each row its key if it must be kept, None if it is known or a repetition."""
    seen = set(known.image_signals)
    out: list[tuple[str, str, str] | None] = []
    for key in zip(
        rows["sha256"].to_pylist(), rows["method"].to_pylist(), rows["method_version"].to_pylist(), strict=True
    ):
        out.append(None if key in seen else key)
        seen.add(key)
    return out


def _picture_segments(tables: dict[str, pa.Table], order: Order, keep: list[bool]) -> Iterable[SegmentDraft]:
    """Signals of pictures lie in the month of the first observation in the chunk that shows the picture."""
    rows = tables["image_signals"].filter(pa.array(keep, pa.bool_()))
    if rows.num_rows == 0:
        return ()
    shown = pc.index_in(rows["sha256"], value_set=tables["media"]["sha256"].combine_chunks())
    if shown.null_count:
        raise InputError("chunk-untrue", part="image_signals")
    return split("image_signals", rows, order.places(tables["media"]["obs_id"].take(shown)), order)
