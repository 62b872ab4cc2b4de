"""The importer of feeds: feedparser reads them, from bytes only and a few entries at a time."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from dalil.errors import InputError
from dalil.plugins import Manifest
from dalil.schema.records import ReadWarning, Reject
from dalil.sources.account_records import Accounts
from dalil.sources.formats.feeds import entries, outlets, rereads
from dalil.sources.formats.feeds.splitting import Head, Piece, as_ascii, head_of, pieces, whole_characters
from dalil.sources.importer import Item, ReadContext, Record
from dalil.sources.names import shown, shown_bytes
from dalil.sources.reading import BOM, HEAD_BYTES, SourceFile
from dalil.sources.rereading import Held, Reread

_AT_ONCE: Final = 16
_BYTES_AT_ONCE: Final = 512 << 10
_ROOT: Final = re.compile(
    rb"\s*(?:<\?xml[^>]{0,400}\?>\s*|<\?[^>]{0,1000}\?>\s*|<!--(?:(?!-->).){0,20000}-->\s*|<!DOCTYPE[^>\[]{0,1000}(?:\[[^\]]{0,20000}\])?[^>]{0,100}>\s*)*"
    rb"<(?:[A-Za-z_][\w.-]{0,30}:)?(?P<name>rss|RDF|feed)(?=[\s>/])(?P<rest>[^>]{0,4000})",
    re.DOTALL,
)
_ATOM: Final = re.compile(rb"http://(?:www\.w3\.org/2005/Atom|purl\.org/atom/)")
_RSS_1: Final = re.compile(
    rb"http://(?:purl\.org/(?:rss|net/rss1\.1)|my\.netscape\.com/rdf|channel\.netscape\.com/rdf)"
)


_FEEDPARSER_RAISES: Final = (ValueError, TypeError, LookupError, AttributeError, AssertionError, ArithmeticError, RecursionError)  # fmt: skip
"""What its parser for broken documents lets through, such as `chr()` of a number that is no character."""


class Feeds:
    """RSS, RDF and Atom."""

    manifest = Manifest(
        name="feeds",
        version="2",
        title="RSS and Atom feeds (XML)",
        proof="five feeds of others' tests, in tests/golden/sources/feeds (kurtmckee/feedparser, BSD-2-Clause)",
        notes="The outlet of a feed is public, unless its address is a person's own; authors of entries are not read.",
        rereads=True,
    )

    def detect(self, head: bytes) -> float:
        """Sure of the root element; of Atom and RDF also of the namespace."""
        text = as_ascii(io.BytesIO(head), head).read(HEAD_BYTES).removeprefix(BOM)
        match = _ROOT.match(text)
        if match is None:
            return 0.0
        name = match["name"]
        if name == b"rss":
            return 0.95
        known = _ATOM if name == b"feed" else _RSS_1
        return 0.95 if known.search(match["rest"]) else 0.0

    def reread(self, raw: bytes, held: Held, again: Reread) -> Record | Reject:
        """One raw record again."""
        return rereads.reread(raw, held, again)

    def read(self, source: SourceFile, context: ReadContext) -> Iterator[Item]:
        """The outlet, then each entry in its order.

        Raises:
            InputError: `format-unknown`; there is no feed in it.
        """
        with source.open() as stream:
            head_bytes = stream.read(HEAD_BYTES)
            stream.seek(0)
            found = pieces(as_ascii(stream, head_bytes))
            first = next(found)
            head = head_of(first.data or b"")
            if not head.root:
                raise InputError("format-unknown", name=shown(source.path.name), head=shown_bytes(head_bytes))
            yield from _Reader(context, source.label).read(head, found)


class _Reader:
    def __init__(self, context: ReadContext, label: str) -> None:
        self._context = context
        self._privacy = context.privacy
        self._accounts = Accounts(context.privacy)
        self._label = label

    def read(self, head: Head, found: Iterator[Piece]) -> Iterator[Item]:
        feed = dict(parsed(head, []).feed)
        waiting: list[Piece] = []
        outlet: outlets.Outlet | None = None
        size = 0
        for piece in found:
            self._context.done_bytes = piece.done
            if piece.data is None:
                yield Reject(f"{self._label}entry {piece.entry}", piece.problem, piece.sha256)
                continue
            if outlet is None:
                outlet = self._outlet(head, feed, piece)
                yield from self._account(feed, outlet)
            waiting.append(piece)
            size += len(piece.data)
            if len(waiting) >= _AT_ONCE or size >= _BYTES_AT_ONCE:
                yield from self._entries(head, feed, outlet, waiting)
                waiting, size = [], 0
        if outlet is None and head.closing:
            yield Reject(f"{self._label}head", "xml-truncated", hashlib.sha256(head.opening).hexdigest())
        elif outlet is None:
            yield from self._account(feed, outlets.outlet_of(feed, self._privacy))
        else:
            yield from self._entries(head, feed, outlet, waiting)

    def _outlet(self, head: Head, feed: Mapping[str, Any], first: Piece) -> outlets.Outlet:
        """The outlet; a feed that does not say where it lives is told by its first entry."""
        link = ""
        if not feed.get("link") and not feed.get("id"):
            held = parsed(head, [first.data or b""]).entries
            link = outlets.web(held[0].get("link")) if held else ""
        return outlets.outlet_of(feed, self._privacy, link)

    def _account(self, feed: Mapping[str, Any], outlet: outlets.Outlet) -> Iterator[Item]:
        if not (feed.get("title") or feed.get("link")):
            return
        account = self._accounts.record_of(outlets.profile_of(feed, outlet), outlets.scope_of(self._privacy))
        if account is not None:
            yield account

    def _entries(
        self, head: Head, feed: Mapping[str, Any], outlet: outlets.Outlet, waiting: list[Piece]
    ) -> Iterator[Item]:
        """A few entries together; one by one where one of them spoils it for the others."""
        if not waiting:
            return
        together = parsed(head, [piece.data or b"" for piece in waiting])
        if len(together.entries) == len(waiting) and not together.bozo:
            for entry in together.entries:
                yield self._entry(entry, feed, outlet, head, "")
            return
        for piece in waiting:
            alone = parsed(head, [piece.data or b""])
            doubt = type(alone.get("bozo_exception")).__name__ if alone.bozo else ""
            if alone.entries:
                yield self._entry(alone.entries[0], feed, outlet, head, doubt)
            else:
                digest = hashlib.sha256(piece.data or b"").hexdigest()
                yield Reject(f"{self._label}entry {piece.entry}", "xml-broken", digest)

    def _entry(self, entry: Any, feed: Mapping[str, Any], outlet: outlets.Outlet, head: Head, doubt: str) -> Item:
        warnings = [ReadWarning("feed-broken", "entry", doubt)] if doubt else []
        if head.entities:
            warnings.append(ReadWarning("entities-not-read", "entry"))
        return entries.record_of(entries.told_of(entry, feed, outlet, self._privacy, warnings), self._privacy)


def parsed(head: Head, held: list[bytes]) -> Any:
    """What feedparser makes of a head with entries.

    It is given an open stream: a string or bytes it would take for an address to fetch or the name
    of a file to open. What it would clean and resolve is not asked for: all markup goes anyway.
    """
    import feedparser

    document = head.opening + b"".join(map(whole_characters, held)) + head.closing
    try:
        return feedparser.parse(io.BytesIO(document), sanitize_html=False, resolve_relative_uris=False)
    except _FEEDPARSER_RAISES:
        return feedparser.FeedParserDict(feed={}, entries=[], bozo=True)
