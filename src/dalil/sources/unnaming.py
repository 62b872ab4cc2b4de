"""What a second reading writes in place of an account that has become private: everywhere in a record but its raw.

The account is found by its uid (`platform:id`, `platform:@handle`, `platform:name:…`), its posts by the list
of those that are held and by ids that begin with it (`channel/5`, `page_7`), its name in texts and addresses
by the same patterns with which an import redacts. What stands there afterwards is what an import would have
written, had the account been private from the start.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from msgspec.structs import replace

from dalil.schema.identity import canonical_bytes
from dalil.schema.records import Account, Edge, MediaRef, Metric, Post, Span, Url
from dalil.schema.words import AccountType, EdgeType, IdQuality, Kind, MetricBasis, PublicRole
from dalil.sources.counts import rough
from dalil.sources.importer import Record
from dalil.sources.redaction import DOTTED_HANDLE, Edit, Scope, Shift, apply, over
from dalil.sources.rereading import MENTIONED, Plainly, is_stand_in

HASHTAG: Final = re.compile(r"(?<!\w)#(\w+)")
Named = tuple[int, int, str]
"""(start, end, id of the account) of a name in a text, in code points."""


def names_of(gone: Iterable[tuple[str, str]], platform: str) -> frozenset[str]:
    """What an account that has become private is known by on one platform, case-folded."""
    return frozenset(name.casefold() for where, name in gone if where == platform)


def _owners(post: str) -> tuple[str, str, str]:
    """What may be the channel or page in `channel/5` and `page_7`; a name may itself hold a `_`."""
    return post.partition("/")[0], post.partition("_")[0], post.rpartition("_")[0]


@dataclass
class Unnaming:
    """One second reading in which accounts have become private; without any, everything stays as it is.

    Args:
        handle: how a handle is written on this platform.
        private_role: what a private account's role is called by the importer.
        named: where the record's text shows the name of an account beside which raw keeps its id.
        mentions_told: the post's mentions are those of its text (not where that is a poll's question).
        written: how the source writes a text, where `text_raw` keeps that.
        of_person: what a reference becomes whose author has become private, where its key and address are not all.
        private_type: what a private account's type is called; its own where None.
    """

    privacy: Plainly
    platform: str
    handle: re.Pattern[str] = DOTTED_HANDLE
    private_role: PublicRole = PublicRole.UNKNOWN
    named: Sequence[Named] = ()
    mentions_told: bool = True
    written: Callable[[str], str] | None = None
    of_person: Callable[[MediaRef], MediaRef] | None = None
    private_type: AccountType | None = None
    scope: Scope = field(init=False)
    _names: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.scope = Scope(self.privacy, self.platform, handle=self.handle)
        self._names = names_of(self.privacy.gone, self.platform)

    def is_gone(self, name: str | None) -> bool:
        """Whether this id, handle or name is of an account that has become private."""
        return bool(name) and str(name).casefold() in self._names

    def account(self, uid: str) -> str:
        """An account's uid as it may be stored now."""
        platform, _, native = uid.partition(":")
        scheme, value = "account", native
        if native.startswith("@"):
            scheme, value = "handle", native[1:]
        elif native.startswith("name:"):
            scheme, value = "name", native.removeprefix("name:")
        if is_stand_in(native) or platform != self.platform or not self.is_gone(value):
            return uid
        return f"{platform}:{self.privacy.stand_in(platform, scheme, value)}"

    def post(self, uid: str, *, author_gone: bool = False) -> str:
        """A post's uid as it may be stored now.

        Args:
            author_gone: its author is known to have become private.
        """
        platform, _, native = uid.partition(":")
        if is_stand_in(native):
            return uid
        theirs = platform == self.platform and any(map(self.is_gone, _owners(native)))
        if author_gone or uid in self.privacy.posts or theirs:
            return f"{platform}:{self.privacy.stand_in(platform, 'post', native)}"
        return uid

    def either(self, uid: str) -> str:
        """A uid of which nothing tells whether it is a post's or an account's."""
        found = self.account(uid)
        return found if found != uid else self.post(uid)

    def text(self, text: str, spans: Sequence[Span] = ()) -> tuple[str, tuple[Span, ...]]:
        """A text and its marks, with everything in it that names such an account replaced."""
        edits = self._edits(text)
        clean = apply(text, edits)
        shift = Shift(edits)
        moved = []
        for span in spans:
            at, to = shift.start(span.start), shift.end(span.end)
            shows_itself = span.target == text[span.start : span.end]
            moved.append(Span(at, to, span.type, clean[at:to] if shows_itself else self.scope.clean(span.target)))
        return clean, tuple(moved)

    def cleaned(self, values: Any) -> Any:
        """Plain values, with every text in them cleaned."""
        if isinstance(values, str):
            return self.scope.clean(values)
        if isinstance(values, list):
            return [self.cleaned(value) for value in values]
        if isinstance(values, dict):
            return {name: self.cleaned(value) for name, value in values.items()}
        return values

    def still_named(self, text: str) -> list[Named]:
        """Where the names that stay stand now."""
        shift = Shift(self._edits(text))
        return [(shift.start(at), shift.end(to), who) for at, to, who in self.named if not self.is_gone(who)]

    def _edits(self, text: str) -> list[Edit]:
        edits = self.scope.edits(text)
        for at, to, who in self.named:
            if self.is_gone(who) and 0 <= at < to <= len(text):
                edits = over(edits, Edit(at, to, "@" + self.privacy.stand_in(self.platform, "account", who), "mention"))
        return edits

    def urls(self, urls: Iterable[Url]) -> tuple[Url, ...]:
        """Links, each of their forms."""
        clean = self.scope.clean
        return tuple(
            Url(clean(url.as_written), url.expanded and clean(url.expanded), url.final and clean(url.final))
            for url in urls
        )

    def media(self, refs: Iterable[MediaRef], *, author_gone: bool) -> tuple[MediaRef, ...]:
        """References: of a private person's media the key is a hash, and no address leads to them."""
        found = []
        for ref in refs:
            key = ref.native_key
            if author_gone and key and not is_stand_in(key):
                key = self.privacy.stand_in(self.platform, "media", key)
            source = None if author_gone else ref.source_url and self.scope.clean(ref.source_url)
            alt = ref.alt_text and self.scope.clean(ref.alt_text)
            kept = replace(ref, native_key=key, source_url=source, alt_text=alt)
            found.append(self.of_person(kept) if author_gone and self.of_person else kept)
        return tuple(found)

    def profile(self, account: Account) -> Account:
        """An account, of which nothing but its hash, its kind and rounded counts is left where it is private now."""
        uid = self.account(account.uid)
        if uid == account.uid:
            about = account.description and self.scope.clean(account.description)
            name = account.display_name and self.scope.clean(account.display_name)
            return replace(account, description=about, display_name=name)
        return Account(
            uid=uid,
            platform=account.platform,
            native_id=uid.partition(":")[2],
            id_quality=IdQuality.HASHED,
            counts=tuple(Metric(count.name, rough(count.value), basis=MetricBasis.ROUNDED) for count in account.counts),
            type=account.type if self.private_type is None else self.private_type,
            public_role=self.private_role,
            state=account.state,
        )

    def edge(self, edge: Edge, src_uid: str) -> Edge:
        """An edge from a post whose uid is `src_uid` now."""
        target, hint = edge.dst_uid, edge.dst_hint
        if target:
            target = self.account(target) if edge.type is EdgeType.MENTION else self.either(target)
        return replace(edge, src_uid=src_uid, dst_uid=target, dst_hint=self.either(hint) if hint else hint)

    def record(self, record: Record, version: Callable[[Record], str]) -> Record:
        """The record without these accounts; `raw` is left to its format.

        Args:
            version: the version of such a record, asked where its text or media changed.
        """
        author = self.account(record.author_ref) if record.author_ref else None
        gone = author != record.author_ref
        uid = self.account(record.uid) if record.kind is Kind.ACCOUNT else self.post(record.uid, author_gone=gone)
        accounts = tuple(map(self.profile, record.accounts))
        if record.kind is Kind.ACCOUNT and accounts:
            uid = author = accounts[0].uid
        public = record.author_public and author == record.author_ref
        post = self._post(record.post, uid, author, public=public, gone=gone) if record.post else None
        found = replace(
            record,
            uid=uid,
            author_ref=author,
            author_public=public,
            post=post,
            accounts=accounts,
            edges=tuple(self.edge(edge, uid) for edge in record.edges),
            signal_text=post.text if post else self.text(record.signal_text)[0],
        )
        return record if found == record else replace(found, version=version(found))

    def _written(self, was: str | None, text: str) -> str | None:
        if was is None:
            return None
        return self.written(text) if self.written else self.scope.clean(was)

    def _post(self, post: Post, uid: str, author: str | None, *, public: bool, gone: bool) -> Post:
        native = uid.partition(":")[2]
        hidden = is_stand_in(native)
        text, spans = self.text(post.text, post.spans)
        same = text == post.text
        return replace(
            post,
            uid=uid,
            native_id=native,
            uri=post.uri if public and not hidden else None,
            id_quality=IdQuality.HASHED if hidden else post.id_quality,
            author_ref=author,
            container_ref=self.account(post.container_ref) if post.container_ref else None,
            text=text,
            text_raw=self._written(post.text_raw, text),
            spans=spans,
            urls=self.urls(post.urls),
            hashtags=post.hashtags if same else tuple(self.scope.clean(tag) for tag in post.hashtags),
            mentions=post.mentions if same or not self.mentions_told else marked_mentions(text, spans),
            media=self.media(post.media, author_gone=gone),
            thread_root=self.post(post.thread_root) if post.thread_root else None,
            group_id=self.post(post.group_id, author_gone=gone) if post.group_id else None,
        )


def marked_mentions(text: str, spans: Sequence[Span] = ()) -> tuple[str, ...]:
    """The mentions that redaction left and those that the platform marked, in the order of the text."""
    found = [(match.start(), match[0]) for match in MENTIONED.finditer(text)] if "@h:" in text else []
    found += [(span.start, span.target) for span in spans if span.type == "mention"]
    return tuple(dict.fromkeys(name for _, name in sorted(found)))


def unnamed(
    record: Record,
    unnaming: Unnaming,
    version: Callable[[Record], str],
    raw: Callable[[Record], object],
) -> Record:
    """The record as it is where no account has become private, else without those that have, its raw written anew.

    Args:
        version: the version of a record of this format.
        raw: what a record's raw holds; of one that names none of them the same bytes as before.
    """
    if not unnaming.privacy.gone:
        return record
    found = unnaming.record(record, version)
    fresh = canonical_bytes(raw(found))
    return replace(found, raw=fresh, locators=unnaming.privacy.take_locators())
