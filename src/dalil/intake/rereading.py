"""Raw records read again in the child: an order with the records and what is held of them in, fresh rows out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, BinaryIO, Final

import msgspec
import pyarrow as pa

from dalil.errors import DalilError, InputError
from dalil.intake.batch import Batch
from dalil.intake.signals_port import Signals
from dalil.schema.chunks import Begin, ChildOrder, ChunkHead, End, Failed, RereadOrder
from dalil.schema.frames import write_chunk, write_frame
from dalil.schema.payloads import read_table
from dalil.schema.records import Reject
from dalil.schema.words import TimeBasis
from dalil.sources import registry
from dalil.sources.importer import Record
from dalil.sources.rereading import Plainly, Reread, Rereader, Row, held_of

GIVEN: Final = ("raw", "observations", "posts", "accounts", "edges")
"""The tables of an order."""
Rows = dict[str, list[dict[str, Any]]]


def run(order: RereadOrder, stream: BinaryIO, signals: Signals) -> None:
    """Read what the order holds and write one chunk; a format that cannot be read again is a frame too."""
    try:
        importer = _rereader(order.format)
        tables, rejects = _read(order, importer, signals)
        version = importer.manifest.version
        write_frame(
            stream,
            Begin(source_format=order.format, importer_version=version, received_sha256="", received_bytes=0),
        )
        counts = tables["observations"].num_rows if "observations" in tables else 0
        codes: dict[str, int] = defaultdict(int)
        for reject in rejects:
            codes[reject.code] += 1
        read = counts + len(rejects)
        head = ChunkHead(number=0, read=read, includes=0, quarantined=0, rejected=dict(codes), done_bytes=0, tables={})
        write_chunk(stream, head, tables)
        write_frame(stream, End(read=read, includes=0, quarantined=0, rejected=dict(codes)))
    except DalilError as error:
        write_frame(stream, Failed(code=error.code, facts=dict(error.facts)))


def by_capture(observations: Iterable[Row]) -> Iterator[list[Row]]:
    """Observations in groups with one capture each, in the order of each group's first; what comes out keeps it."""
    groups: dict[tuple[object, ...], list[Row]] = {}
    for row in observations:
        key = (row["collected_at"], row["collected_at_basis"], row["collected_by"], row["key_generation"])
        groups.setdefault(key, []).append(row)
    yield from groups.values()


def _rereader(name: str) -> Rereader:
    importer: object = registry.named(name)
    if not isinstance(importer, Rereader) or not importer.manifest.rereads:
        raise InputError("format-not-reread", format=name)
    return importer


def _read(order: RereadOrder, importer: Rereader, signals: Signals) -> tuple[dict[str, pa.Table], list[Reject]]:
    given = {name: read_table(order.tables[name], name) for name in GIVEN if name in order.tables}
    raws = {row["obs_id"]: row for row in given["raw"].to_pylist()}
    held = {name: _by_id(given[name]) if name in given else {} for name in ("posts", "accounts", "edges")}
    names = ((one.platform, name) for one in order.gone for name in (one.native_id, one.handle) if name)
    again = Reread(Plainly(order.pseudonym_key, names, order.posts))
    parts: dict[str, list[pa.Table]] = defaultdict(list)
    rejects: list[Reject] = []
    for group in by_capture(given["observations"].to_pylist()):
        batch = Batch(_order(order, group[0]), importer.manifest, signals)
        for row in group:
            obs_id, raw = row["obs_id"], raws[row["obs_id"]]["record"]
            about = held_of(row, *(held[name].get(obs_id, []) for name in ("posts", "accounts", "edges")))
            found = importer.reread(raw, about, again)
            if isinstance(found, Record):
                kept = found.raw if order.gone else raw  # whatever it made of it, the record is the one that is held
                batch.add(msgspec.structs.replace(found, raw=kept, media=(), included=about.included))
            else:
                rejects.append(Reject(obs_id, found.code, raws[obs_id]["sha256"]))
                batch.reject(rejects[-1])
        for name, table in batch.tables().items():
            parts[name].append(table)
    return {name: pa.concat_tables(tables) for name, tables in parts.items()}, rejects


def _by_id(table: pa.Table) -> Rows:
    found: Rows = {}
    for row in table.to_pylist():
        found.setdefault(row["obs_id"], []).append(row)
    return found


def _order(order: RereadOrder, row: Row) -> ChildOrder:
    """The envelope of a capture that lies in the past."""
    at = row["collected_at"]
    assert isinstance(at, datetime)
    return ChildOrder(
        path="",
        format=order.format,
        identity_key=order.identity_key,
        pseudonym_key=order.pseudonym_key,
        key_generation=row["key_generation"],
        public=(),
        collected_at=at,
        collected_at_basis=TimeBasis(row["collected_at_basis"]),
        collected_by=row["collected_by"],
    )
