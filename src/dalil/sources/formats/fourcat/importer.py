"""The importer of 4CAT: its CSV, and its mapped items as JSON, one a line."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from dalil.errors import InputError
from dalil.plugins import Manifest, Parameter
from dalil.schema.records import Reject
from dalil.sources import csv_records
from dalil.sources.formats.fourcat import rereads
from dalil.sources.formats.fourcat.columns import KNOWN, is_4cat, platform_by_columns
from dalil.sources.formats.fourcat.items import record_of
from dalil.sources.importer import Ignored, Item, ReadContext, Record
from dalil.sources.names import shown, shown_bytes
from dalil.sources.platforms import KINDS, platform_named
from dalil.sources.reading import BOM, SourceFile, head_of, lines
from dalil.sources.rereading import Held, Reread

_LOOKED_AT: Final = 5
_ITEM: Final = msgspec.json.Decoder(dict[str, Any])
_PLAIN: Final = (str, int, float, bool)


class FourCat:
    """What 4CAT hands out for a dataset."""

    manifest = Manifest(
        name="fourcat",
        version="1",
        title="4CAT dataset (CSV, or mapped items as NDJSON)",
        proof="unproven on a real file",
        notes="Authors are private, or 4CAT's own pseudonyms, which are hashed once more. The written time is that of "
        "the 4CAT server's zone, so the epoch is used. Addresses of pictures and clips are dropped.",
        parameters=(Parameter("platform", "", "The platform, where neither columns nor addresses tell it."),),
        rereads=True,
    )

    def detect(self, head: bytes) -> float:
        """Sure of 4CAT's own columns together, in a header or in a first item; never of Zeeschuimer's envelope."""
        return 0.85 if is_4cat(_names(head)) else 0.0

    def reread(self, raw: bytes, held: Held, again: Reread) -> Record | Reject:
        """One raw record again."""
        return rereads.reread(raw, held, again)

    def read(self, source: SourceFile, context: ReadContext) -> Iterator[Item]:
        """One record an item."""
        head = head_of(source.path)
        names = _names(head)
        if not is_4cat(names):
            raise InputError("format-unknown", name=shown(source.path.name), head=shown_bytes(head))
        platform = _platform(names, context)
        is_json = head.removeprefix(BOM).lstrip().startswith(b"{")
        found = _json_rows(source, context) if is_json else _csv_rows(source, context, names)
        if not is_json and (dropped := sum(name not in KNOWN for name in names)):
            yield Ignored("column", dropped)
        for where, row, sha256 in found:
            if isinstance(row, str):
                yield Reject(where, row, sha256)
                continue
            record = record_of(row, platform, context)
            yield Reject(where, record, sha256) if isinstance(record, str) else record


def _platform(names: list[str], context: ReadContext) -> str | None:
    named = context.options.get("platform", "")
    found = platform_named(named) if named else platform_by_columns(names)
    if named and found is None:
        raise InputError("value-wrong", name="platform", value=shown(named), kind=KINDS)
    return found


_Row = tuple[str, dict[str, str] | str, str]
"""Where it stands; its cells, or the code of what is wrong; the hash of its bytes."""


def _csv_rows(source: SourceFile, context: ReadContext, names: list[str]) -> Iterator[_Row]:
    with source.open() as stream:
        records = csv_records.rows(stream, limit=context.limits.line_bytes, width=len(names))
        next(records, None)
        for record in records:
            context.done_bytes = record.end
            where = f"{source.label}line {record.line}"
            if record.problem or len(record.cells) != len(names):
                yield where, record.problem or "columns-differ", record.sha256
            else:
                yield where, dict(zip(names, record.cells, strict=True)), record.sha256


def _json_rows(source: SourceFile, context: ReadContext) -> Iterator[_Row]:
    with source.open() as stream:
        for line in lines(stream, limit=context.limits.line_bytes):
            where = f"{source.label}line {line.number}"
            if line.data is None:
                yield where, "record-too-long", line.sha256
                continue
            context.done_bytes += len(line.data) + 1
            if line.data.strip():
                yield where, _decoded(line.data), hashlib.sha256(line.data).hexdigest()


def _decoded(data: bytes) -> dict[str, str] | str:
    """The item's plain values as text, lists joined by commas as in the CSV; or the code of what is wrong."""
    try:
        item = _ITEM.decode(data)
    except RecursionError:
        return "nested-too-deep"
    except UnicodeDecodeError:
        return "encoding-wrong"
    except msgspec.ValidationError:
        return "shape-unknown"
    except msgspec.DecodeError:
        return "json-broken"
    return {name: _text(value) for name, value in item.items()}


def _text(value: object) -> str:
    if isinstance(value, list):
        return ",".join(_text(one) for one in value if isinstance(one, _PLAIN))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if isinstance(value, _PLAIN) else ""


def _names(head: bytes) -> list[str]:
    """The columns: of the header, or the keys of a first whole item."""
    text = head.removeprefix(BOM)
    if text.lstrip().startswith(b"{"):
        for line in text.splitlines()[:_LOOKED_AT]:
            found = _decoded(line)
            if isinstance(found, dict):
                return list(found)
        return []
    try:
        first = next(csv.reader(io.StringIO(text.decode("utf-8", "ignore"), newline="")), [])
    except csv.Error:
        return []
    return first if len(set(first)) == len(first) else []
