"""What the child handed over, checked before anything of it is kept: nothing in it is trusted.

Every hash is computed again here. An observation's id must be the keyed hash of its own raw record, so
that nobody can plant a record under another one's id.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dalil.errors import InputError
from dalil.schema.identity import observation_mac
from dalil.schema.tables import HANDED_OVER

KEYED: tuple[str, ...] = ("posts", "accounts", "media", "edges", "text_signals", "raw")
"""Tables whose rows belong to an observation of the same chunk."""
_ID_BYTES = 32


def checked(tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """The chunk's tables, all there, each observation once with the rows that came with it first.

    Raises:
        InputError: `chunk-untrue`: a table or column that we do not know, an id that is not one, a time of
            capture that is missing, or rows and records that belong to no observation.
    """
    for name, table in tables.items():
        if name not in HANDED_OVER or not table.schema.equals(HANDED_OVER[name], check_metadata=False):
            raise InputError("chunk-untrue", part=name if name in HANDED_OVER else "tables")
    full = {name: tables[name] if name in tables else schema.empty_table() for name, schema in HANDED_OVER.items()}
    observations = full["observations"]
    if observations["collected_at"].null_count or observations["source_format"].null_count:
        raise InputError("chunk-untrue", part="observations")
    ids = observations["obs_id"]
    for name in KEYED:
        if pc.any(pc.is_null(pc.index_in(full[name]["obs_id"], value_set=ids.combine_chunks()))).as_py():
            raise InputError("chunk-untrue", part=name)
    times = pc.value_counts(ids.combine_chunks())
    counts = times.field("counts").to_numpy()
    if len(counts) < observations.num_rows:
        for name in ("observations", *KEYED):
            full[name] = _first_rows(full[name], times.field("values"), counts)
    return full


def binary_ids(obs_ids: pa.ChunkedArray) -> list[bytes]:
    """Observation ids as 32 bytes each, in order.

    Raises:
        InputError: one is not 64 lower-case hex digits.
    """
    texts = obs_ids.to_pylist()
    try:
        joined = bytes.fromhex("".join(texts))
    except (ValueError, TypeError):
        raise InputError("chunk-untrue", part="observations") from None
    # Compared whole, and each one's length: what is joined could be right where the single ids are not.
    if joined.hex() != "".join(texts) or any(len(text) != 2 * _ID_BYTES for text in texts):
        raise InputError("chunk-untrue", part="observations")
    return [joined[start : start + _ID_BYTES] for start in range(0, len(joined), _ID_BYTES)]


def primaries(observations: pa.Table) -> list[bool]:
    """For each observation whether it is a primary record, and not one that another brought along."""
    return [not included for included in observations["included"].to_pylist()]


def records(raw: pa.Table, formats: Sequence[str], identity_key: bytes | None) -> list[tuple[bytes, bytes, bytes]]:
    """(observation id, SHA-256, record) of each raw row, both checked against the record itself.

    Args:
        formats: the source format of each row.
        identity_key: of the workspace; None leaves out the check of ids.
    Raises:
        InputError: a hash or id is not that of the record.
    """
    taken = raw["record"].to_pylist()
    hashes = [hashlib.sha256(record).digest() for record in taken]
    ids = binary_ids(raw["obs_id"])
    if [sha256.hex() for sha256 in hashes] != raw["sha256"].to_pylist():
        raise InputError("chunk-untrue", part="raw")
    if identity_key:
        macs = {name: observation_mac(identity_key, name) for name in set(formats)}
        if [macs[name].of(record) for name, record in zip(formats, taken, strict=True)] != ids:
            raise InputError("chunk-untrue", part="raw")
    return list(zip(ids, hashes, taken, strict=True))


def blob_hashes(blobs: pa.Table) -> list[str]:
    """SHA-256 of each blob, computed here.

    Raises:
        InputError: it is not what the child said.
    """
    found = [hashlib.sha256(item.as_buffer()).hexdigest() for item in blobs["data"]]
    if found != blobs["sha256"].to_pylist():
        raise InputError("chunk-untrue", part="blobs")
    return found


def _first_rows(table: pa.Table, ids: pa.Array, counts: np.ndarray[tuple[int], np.dtype[np.int64]]) -> pa.Table:
    """Of an observation that occurs k times with n rows in all, its first n/k rows (rounded up)."""
    numbers = pc.index_in(table["obs_id"], value_set=ids).to_numpy().astype(np.int64)
    if len(numbers) == 0:
        return table
    turn = np.argsort(numbers, kind="stable")
    ordered = numbers[turn]
    starts = np.flatnonzero(np.diff(ordered, prepend=-1))
    sizes = np.diff(np.append(starts, len(ordered)))
    place = np.arange(len(ordered)) - np.repeat(starts, sizes)
    allowed = -(-np.repeat(sizes, sizes) // counts[ordered])
    return table.take(pa.array(np.sort(turn[place < allowed])))
