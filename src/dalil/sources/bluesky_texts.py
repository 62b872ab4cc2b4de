"""What a client of Bluesky wrote: the record of a post, its text, and where its facets stand in it.

Offsets of facets are bytes of UTF-8; ours are code points.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec
from msgspec import UNSET, UnsetType

from dalil.schema.records import ReadWarning
from dalil.sources import marked_text
from dalil.sources.html_text import Mark
from dalil.sources.privacy import Pseudonymiser
from dalil.sources.redaction import Edit, Scope

PLATFORM: Final = "bluesky"
POST: Final = "app.bsky.feed.post"
REPOST: Final = "app.bsky.feed.repost"
DID: Final = re.compile(r"did:(?:plc:[a-z2-7]{24}|web:[A-Za-z0-9._:%-]{3,250})")
AT_URI: Final = re.compile(
    r"at://(?P<repo>did:[a-z]{1,20}:[A-Za-z0-9._:%-]{1,250}|[A-Za-z0-9.-]{3,253})"
    r"/(?P<collection>[A-Za-z0-9.-]{5,300})/(?P<rkey>[A-Za-z0-9._:~-]{1,512})"
)
HANDLE: Final = re.compile(r"[@＠]([A-Za-z0-9](?:[A-Za-z0-9_.-]{0,250}[A-Za-z0-9])?)")


class PostRecord(msgspec.Struct, rename={"created_at": "createdAt", "kind": "$type"}):
    """What a client wrote. Anybody may write anything, so only the text must have its shape."""

    kind: str | UnsetType | None = UNSET
    text: str | UnsetType | None = UNSET
    subject: Any = UNSET
    created_at: str | UnsetType | None = UNSET
    langs: Any = UNSET
    facets: Any = UNSET
    reply: Any = UNSET
    embed: Any = UNSET
    labels: Any = UNSET
    tags: Any = UNSET


def marks_of(record: PostRecord) -> tuple[list[Mark], tuple[ReadWarning, ...]]:
    """Facets as marks in code points; one whose bytes are not whole characters of the text is a warning."""
    if not isinstance(record.facets, list) or not record.text:
        return [], ()
    wanted: list[tuple[int, int, str, str]] = []
    for facet in record.facets[: marked_text.MOST_MARKS]:
        match facet:
            case {"index": {"byteStart": int(start), "byteEnd": int(end)}, "features": [*features]}:
                wanted += [(start, end, *kind) for kind in map(_feature, features) if kind is not None]
    at = code_points(record.text, {place for start, end, *_ in wanted for place in (start, end)})
    marks: list[Mark] = []
    wrong = 0
    for start, end, kind, target in wanted:
        first, last = at[start], at[end]
        if first is None or last is None or first >= last:
            wrong += 1
        else:
            marks.append(Mark(first, last, kind, target))
    doubts = (ReadWarning("span-wrong", "facets", str(wrong)),) if wrong else ()
    return sorted(set(marks)), doubts


def code_points(text: str, offsets: Iterable[int]) -> dict[int, int | None]:
    """Where offsets in the UTF-8 bytes of a text lie in code points; None outside it or inside a character."""
    data = text.encode("utf-8", "surrogatepass")
    found: dict[int, int | None] = {}
    last, count = 0, 0
    for offset in sorted(set(offsets)):
        inside = 0 <= offset <= len(data)
        if not inside or (offset < len(data) and data[offset] & 0xC0 == 0x80):
            found[offset] = None
            continue
        count += len(data[last:offset].decode("utf-8", "surrogatepass"))
        last = offset
        found[offset] = count
    return found


def _feature(feature: object) -> tuple[str, str] | None:
    match feature:
        case {"$type": "app.bsky.richtext.facet#link", "uri": str(uri)}:
            return "link", uri
        case {"$type": "app.bsky.richtext.facet#mention", "did": str(did)}:
            return "mention", did
        case {"$type": "app.bsky.richtext.facet#tag", "tag": str(tag)}:
            return "hashtag", tag
        case _:
            return None


def scope_of(privacy: Pseudonymiser, handles: Mapping[str, str]) -> Scope:
    """The scope for texts: handles whose ids came along are hashed by them."""
    ids = {handle.casefold(): did for did, handle in handles.items()}
    return Scope(privacy, PLATFORM, ids=ids, handle=HANDLE)


def bare_ids(text: str, scope: Scope) -> list[Edit]:
    """Ids of private accounts that stand in a text outside of an address."""
    if "did:" not in text:
        return []
    taken = scope.edits(text)
    found = []
    for match in DID.finditer(text):
        if any(edit.start < match.end() and match.start() < edit.end for edit in taken):
            continue
        if not scope.privacy.is_public(PLATFORM, native_id=match[0]):
            new = scope.privacy.stand_in(PLATFORM, "account", match[0])
            found.append(Edit(match.start(), match.end(), new, "entity"))
    return found
