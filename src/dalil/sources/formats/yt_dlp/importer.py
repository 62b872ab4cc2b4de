"""The importer of yt-dlp's `info.json`: one file may be hundreds of MB of comments, so two passes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from dalil.plugins import Manifest
from dalil.schema.records import Reject
from dalil.sources.account_records import Accounts
from dalil.sources.decoding import decode, reject
from dalil.sources.formats.yt_dlp import rereads, videos
from dalil.sources.formats.yt_dlp.shapes import FIELDS, Comment, Info
from dalil.sources.importer import Ignored, Item, Quarantined, ReadContext, Record
from dalil.sources.json_objects import LongObject
from dalil.sources.json_stream import Captured
from dalil.sources.reading import BOM, SourceFile
from dalil.sources.rereading import Held, Reread

_INFO: Final = msgspec.json.Decoder(Info)
_COMMENT: Final = msgspec.json.Decoder(Comment)
_LISTS: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])
_ELEMENTS: Final = msgspec.json.Decoder(list[msgspec.Raw])
_OPENS: Final = re.compile(rb'\s*\{\s*"')
_FORMATS: Final = re.compile(rb'"format_id"\s*:')
_MORE: Final = re.compile(rb'"(?:protocol|vcodec|format_note|manifest_url|extractor_key|http_headers)"\s*:')
_KEYS: Final = re.compile(rb'"(?:extractor_key|webpage_url_basename|_version)"\s*:')
_TYPES: Final = re.compile(rb'"_type"\s*:\s*"(?:video|playlist|multi_video)"')
_COMMENTS: Final = re.compile(rb'"(?:author_is_uploader|_time_text)"\s*:')
_PLAYLISTS: Final = frozenset({"playlist", "multi_video"})


class YtDlp:
    """Videos with their comments as yt-dlp writes them down."""

    manifest = Manifest(
        name="yt-dlp",
        version="2",
        title="yt-dlp info.json (with comments)",
        proof="unproven on a real file",
        notes="YouTube uploaders are public channels; comments' authors and all others only if in the public list.",
        rereads=True,
    )

    def detect(self, head: bytes) -> float:
        """Sure of the way in which yt-dlp lists formats, or of its own keys."""
        head = head.removeprefix(BOM)
        if not _OPENS.match(head):
            return 0.0
        if _FORMATS.search(head) and _MORE.search(head):
            return 0.95
        if _KEYS.search(head) and (_TYPES.search(head) or b'"webpage_url"' in head):
            return 0.9
        return 0.8 if _COMMENTS.search(head) and b'"parent"' in head else 0.0

    def reread(self, raw: bytes, held: Held, again: Reread) -> Record | Reject:
        """One raw record again."""
        return rereads.reread(raw, held, again)

    def read(self, source: SourceFile, context: ReadContext) -> Iterator[Item]:
        """Each video, its uploader, then its comments, which are counted apart."""
        with source.open() as first, source.open() as second:
            both = LongObject(
                first, second, wanted=FIELDS, long=frozenset({"comments", "entries"}), limit=context.limits.line_bytes
            )
            reader = _Reader(context)
            number = 0
            while found := both.peek():
                number += 1
                where = f"{source.label}value {number}"
                if found != b"{":
                    both.pass_over()
                    yield Reject(where, "shape-unknown")
                    continue
                yield from reader.long(both, where)


class _Reader:
    def __init__(self, context: ReadContext) -> None:
        self._context = context
        self._accounts = Accounts(context.privacy)

    def long(self, both: LongObject, where: str) -> Iterator[Item]:
        """One object at the top of the file."""
        fields = both.fields()
        head, problem = self._video(fields, where)
        elements = both.elements()
        quiet = False
        if head is None:
            yield problem or Ignored("playlist-head")
            quiet = isinstance(problem, Reject | Quarantined)
        elif both.cut:  # its comments are whole, it is not
            yield Reject(where, both.cut)
            head = head if head.placed else None
        else:
            yield from self._head(head)
        for name, at, value in elements:
            self._context.done_bytes = both.offset
            place = f"{where} {name}[{at}]"
            if value.data is None:
                yield Reject(place, value.problem, value.sha256)
            elif name == "entries" and not quiet:
                yield from self._entry(value.data, place)
            elif head is not None:
                yield self._comment(value.data, head, place)
            elif isinstance(problem, Quarantined):
                yield Quarantined("not-public", included=True)
            else:
                yield Ignored("comment-of-nothing")

    def _video(self, fields: dict[str, Captured], where: str) -> tuple[videos.Source | None, Item | None]:
        for value in fields.values():
            if value.data is None:
                return None, Reject(where, value.problem, value.sha256)
        data = b"{" + b",".join(msgspec.json.encode(k) + b":" + (v.data or b"null") for k, v in fields.items()) + b"}"
        info = decode(_INFO, data)
        if isinstance(info, str):
            return None, reject(where, info, data)
        if info.kind in _PLAYLISTS:
            return None, None
        if info.availability in videos.NOT_PUBLIC:
            return None, Quarantined("not-public")
        found = videos.Source(info, self._context.privacy)
        return (found, None) if found.readable else (None, reject(where, "id-unreadable", data))

    def _head(self, head: videos.Source) -> Iterator[Item]:
        yield videos.video_record(head)
        profile = videos.profile_of(head)
        account = self._accounts.record_of(profile, head.scope()) if profile else None
        if account is not None:
            yield account

    def _entry(self, data: bytes, where: str) -> Iterator[Item]:
        """One video of a playlist, which is held whole."""
        fields = decode(_LISTS, data)
        if isinstance(fields, str):
            yield Ignored("entry-empty") if data.strip() == b"null" else reject(where, fields, data)
            return
        wanted = {name: Captured(bytes(value)) for name, value in fields.items() if name in FIELDS}
        head, problem = self._video(wanted, where)
        if head is None:
            yield problem or Ignored("playlist-head")
            return
        yield from self._head(head)
        comments = decode(_ELEMENTS, fields.get("comments", b"[]"))
        for at, comment in enumerate(comments if isinstance(comments, list) else ()):
            yield self._comment(bytes(comment), head, f"{where} comments[{at}]")

    def _comment(self, data: bytes, head: videos.Source, where: str) -> Item:
        comment = decode(_COMMENT, data)
        if isinstance(comment, str):
            return reject(where, comment, data)
        if not str(comment.id):
            return reject(where, "id-unreadable", data)
        return videos.comment_record(comment, head)
