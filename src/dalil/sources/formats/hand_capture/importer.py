"""The importer of hand captures: `captures.jsonl` with the screenshots beside it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Final

import msgspec

from dalil.plugins import Manifest
from dalil.schema.records import Reject
from dalil.sources.formats.hand_capture import rereads
from dalil.sources.formats.hand_capture.captures import record_of
from dalil.sources.formats.hand_capture.shapes import FORMAT_VERSION, Capture
from dalil.sources.importer import Item, ReadContext, Record
from dalil.sources.reading import BOM, SourceFile, lines
from dalil.sources.rereading import Held, Reread

_CAPTURE: Final = msgspec.json.Decoder(Capture)
_MARK: Final = re.compile(rb'\s*\{[^\n]{0,65536}?"dalil_capture"\s*:\s*\d')


class HandCapture:
    """What people captured by hand: our own format."""

    manifest = Manifest(
        name="hand-capture",
        version="2",
        title="Hand capture (captures.jsonl, with screenshots)",
        proof="our own format, written by the phone page and the command line",
        notes="An account is private unless it is said to be a page, channel or outlet, or is in the public list.",
        rereads=True,
    )

    def detect(self, head: bytes) -> float:
        """Sure of our own mark."""
        return 1.0 if _MARK.match(head.removeprefix(BOM)) else 0.0

    def reread(self, raw: bytes, held: Held, again: Reread) -> Record | Reject:
        """One raw record again."""
        return rereads.reread(raw, held, again)

    def read(self, source: SourceFile, context: ReadContext) -> Iterator[Item]:
        """One record a line."""
        with source.open() as stream:
            for line in lines(stream, limit=context.limits.line_bytes):
                where = f"{source.label}line {line.number}"
                if line.data is None:
                    yield Reject(where, "record-too-long", line.sha256)
                    continue
                if not line.data.strip():
                    continue
                context.done_bytes += len(line.data) + 1
                capture = _decoded(line.data)
                if isinstance(capture, str):
                    yield Reject(where, capture, hashlib.sha256(line.data).hexdigest())
                else:
                    found = record_of(capture, source.root, context)
                    if isinstance(found, str):
                        yield Reject(where, found, hashlib.sha256(line.data).hexdigest())
                    else:
                        yield found


def _decoded(data: bytes) -> Capture | str:
    """The capture, or the code of what is wrong with it."""
    try:
        capture = _CAPTURE.decode(data)
    except RecursionError:
        return "nested-too-deep"
    except msgspec.ValidationError:
        return "shape-unknown"
    except UnicodeDecodeError:
        return "encoding-wrong"
    except msgspec.DecodeError:
        return "json-broken"
    return capture if capture.dalil_capture == FORMAT_VERSION else "version-unknown"
