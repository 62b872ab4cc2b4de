"""Records of Bluesky (AT Protocol) as a server or the stream of commits gives them, read.

`createdAt` is what the author's client claims; when a server met the record is another time, and
the better one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from dalil.schema.records import Label, Metric, ReadWarning
from dalil.schema.words import State, ZoneBasis
from dalil.sources import bluesky_records, closed_words, times
from dalil.sources.bluesky_embeds import Embed, Medium, embed_of
from dalil.sources.bluesky_records import Times, Told
from dalil.sources.bluesky_texts import AT_URI, POST, PostRecord, marks_of
from dalil.sources.importer import Record
from dalil.sources.privacy import Pseudonymiser

_APART: Final = timedelta(hours=1)


class Found(msgspec.Struct, kw_only=True):
    """A post with what the source tells around it. `handles`: id → handle of accounts that came along."""

    uri: str
    record: PostRecord
    cid: str | None = None
    server: datetime | None = None
    server_basis: ZoneBasis = ZoneBasis.EXPLICIT
    edited: bool = False
    view: Any = None
    metrics: tuple[Metric, ...] = ()
    labels: tuple[Label, ...] = ()
    handles: Mapping[str, str] = {}


def read_time(written: object) -> datetime | None:
    """A time as ISO 8601."""
    read = times.from_iso(written) if isinstance(written, str) else None
    return read[0] if read else None


def times_of(claimed_text: object, server: datetime | None, server_basis: ZoneBasis) -> Times:
    """The server's time where there is one: the claimed one may be any that its author likes."""
    read = times.from_iso(claimed_text) if isinstance(claimed_text, str) else None
    claimed = read[0] if read else None
    doubts = []
    if claimed_text and read is None:
        doubts.append(ReadWarning("time-unreadable", "createdAt"))
    if server is None:
        return Times(claimed, claimed, read[1] if read else ZoneBasis.UNKNOWN, tuple(doubts))
    if claimed is not None and abs(server - claimed) > _APART:
        doubts.append(ReadWarning("times-differ", "createdAt", claimed.isoformat()))
    return Times(claimed, server, server_basis, tuple(doubts))


def post_record(found: Found, privacy: Pseudonymiser, *, version: str = "", included: bool = False) -> Record:
    """A post with its edges."""
    match = AT_URI.fullmatch(found.uri)
    repo = match["repo"] if match else found.uri
    when = times_of(found.record.created_at, found.server, found.server_basis)
    marks, doubts = marks_of(found.record)
    embed = embed_of(found.record.embed, found.view)
    tags, doubted = _texts(found.record.tags), list(when.doubts + doubts)
    langs = [closed_words.language(lang, doubted, "langs") for lang in _texts(found.record.langs)[:20]]
    media = tuple(_in_form(item, doubted) for item in embed.media)
    told = Told(
        uri=found.uri,
        repo=repo,
        cid=closed_words.of_form(found.cid, closed_words.ID, "cid", doubted),
        text=found.record.text or "",
        marks=tuple(marks) or None,
        facets=bool(marks),
        when=when._replace(doubts=tuple(doubted)),
        server=found.server,
        edited=found.edited,
        state=State.EDITED if found.edited else _state(found.labels),
        langs=tuple(lang for lang in langs if lang),
        tags=tuple(tag[:140] for tag in tags),
        parent=_replied(found, "parent"),
        root=_replied(found, "root"),
        quoted=_quoted(embed),
        media=media,
        link=embed.link,
        metrics=found.metrics,
        labels=found.labels + _own_labels(found.record.labels),
        handles=found.handles,
    )
    return bluesky_records.post_record(told, privacy, version=version, included=included)


def _in_form(medium: Medium, doubts: list[ReadWarning]) -> Medium:
    """Its key and type, held to their forms: a client may write anything there."""
    key = closed_words.of_form(medium.key, closed_words.ID, "embed.ref", doubts)
    return medium._replace(key=key, mime=closed_words.media_type(medium.mime, doubts, "embed.mimeType"))


def _texts(given: object) -> list[str]:
    return [item for item in given if isinstance(item, str)] if isinstance(given, list) else []


def _quoted(embed: Embed) -> str | None:
    match = AT_URI.fullmatch(embed.quoted or "")
    return match[0] if match and match["collection"] == POST else None


def _replied(found: Found, which: str) -> str | None:
    match found.record.reply:
        case dict(reply):
            inner = reply.get(which)
            uri = inner.get("uri") if isinstance(inner, dict) else None
            return uri if isinstance(uri, str) and AT_URI.fullmatch(uri) else None
        case _:
            return None


def _state(labels: tuple[Label, ...]) -> State:
    return State.WITHHELD if any(label.value == "!takedown" for label in labels) else State.LIVE


def _own_labels(labels: object) -> tuple[Label, ...]:
    """Labels that the author put on the post."""
    match labels:
        case {"values": [*values]}:
            named = [value.get("val") for value in values[:20] if isinstance(value, dict)]
            return tuple(Label("self", value[:100]) for value in named if isinstance(value, str))
        case _:
            return ()
