"""Reading a raw record again, long after its file is gone: what an importer is given, and what it answers.

A raw record is redacted already, so two rules hold for whoever reads it again.

1. What stands in it as `h:<hash>` stays as it is: a hash is never hashed. `Plainly` sees to it.
2. What stands in it plainly was public when it was read, and stays plain, unless the account has been
   found to be private since (`gone`).

What a raw record does not tell, because the file told it (the locale of its numbers, the operator's
zone, when it was requested, whether a record was brought along by another), is taken over from the
rows that the archive holds of it: `Held`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Protocol, TypeVar, runtime_checkable

import msgspec

from dalil.plugins import Manifest
from dalil.schema.records import Account, Edge, Metric, Post, ReadWarning, Reject
from dalil.schema.words import Kind
from dalil.sources.importer import Record
from dalil.sources.privacy import Pseudonymiser
from dalil.sources.redaction import STAND_IN

MENTIONED: Final = re.compile(rf"@{STAND_IN.pattern}(?![0-9a-f])")
KEY: Final = bytes(32)
"""No key is needed to read again what is redacted; only an account that became private asks for one."""

Row = Mapping[str, Any]
T = TypeVar("T")


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """What the archive holds of one observation now, as the importer last read it.

    Media whose bytes came along are no part of it: they are facts about the bytes, and stay.
    """

    source_version: str = ""
    kind: Kind
    uid: str
    version: str
    included: bool = False
    warnings: tuple[ReadWarning, ...] = ()
    author_public: bool = False
    post: Post | None = None
    accounts: tuple[Account, ...] = ()
    edges: tuple[Edge, ...] = ()
    author_ref: str | None = None

    def record(self, raw: bytes) -> Record:
        """The observation as it is held, as a record: what an importer begins with where raw says no more."""
        return Record(
            kind=self.kind,
            uid=self.uid,
            version=self.version,
            raw=raw,
            source_version=self.source_version,
            post=self.post,
            author_ref=self.author_ref,
            author_public=self.author_public,
            accounts=self.accounts,
            edges=self.edges,
            signal_text=self.post.text if self.post else "",
            included=self.included,
            warnings=self.warnings,
        )


def held_of(observation: Row, posts: Sequence[Row], accounts: Sequence[Row], edges: Sequence[Row]) -> Held:
    """The rows of one observation as `Held`; columns that no struct names are left out."""
    post = posts[0] if posts else None
    author = post["author_ref"] if post else next((edge["author_ref"] for edge in edges), None)
    if author is None and accounts:
        author = accounts[0]["uid"] if observation["kind"] == Kind.ACCOUNT else None
    return Held(
        source_version=observation["source_version"] or "",
        kind=Kind(observation["kind"]),
        uid=observation["uid"],
        version=observation["version"],
        included=bool(observation["included"]),
        warnings=msgspec.convert(observation["warnings"] or [], tuple[ReadWarning, ...]),
        author_public=bool(post["author_public"]) if post else bool(author) and not is_stand_in(str(author)),
        post=msgspec.convert(_given(post, Post), Post) if post else None,
        accounts=tuple(msgspec.convert(_given(row, Account), Account) for row in accounts),
        edges=tuple(msgspec.convert(_given(row, Edge), Edge) for row in edges),
        author_ref=author,
    )


def _given(row: Row, kind: type[msgspec.Struct]) -> dict[str, Any]:
    """A row without its nulls, so that the struct's own defaults stand for them."""
    required = {field.name for field in msgspec.structs.fields(kind) if field.required}
    return {name: value for name, value in row.items() if value is not None or name in required}


class Reread(msgspec.Struct, frozen=True):
    """With what a record is read again."""

    privacy: Plainly
    options: dict[str, str] = {}


@runtime_checkable
class Rereader(Protocol):
    """An importer that can read its own raw records again; its manifest says `rereads=True`."""

    @property
    def manifest(self) -> Manifest: ...

    def reread(self, raw: bytes, held: Held, again: Reread) -> Record | Reject:
        """One raw record, read as the importer reads today.

        Args:
            raw: what an earlier version of this importer wrote as `Record.raw`, byte for byte.
            held: what the archive holds of it, read by that earlier version.
        Returns:
            The record; its `raw` the same bytes, unless an account in it is in `again.privacy.gone`.
            A reject where today's importer would not take it; what is held then stays.
        """
        ...


class Plainly(Pseudonymiser):
    """The pseudonymiser of a second reading: hashes pass through, and what stands plainly is public.

    Args:
        key: used for accounts in `gone` alone.
        gone: (platform, id or handle) of accounts that were public and are private now; handles case-folded.
        posts: uids of their posts, where another record names one without telling whose it is.
    """

    def __init__(self, key: bytes = KEY, gone: Iterable[tuple[str, str]] = (), posts: Iterable[str] = ()) -> None:
        super().__init__(key)
        self.gone = frozenset(gone)
        self.posts = frozenset(posts)

    def is_public(self, platform: str, *, native_id: str | None = None, handle: str | None = None) -> bool:
        """Whatever is no hash, and has not become private."""
        return not self.is_private(platform, native_id=native_id, handle=handle)

    def is_private(self, platform: str, *, native_id: str | None = None, handle: str | None = None) -> bool:
        """Whatever is a hash, or has become private: that goes before its kind."""
        if is_stand_in(native_id) or is_stand_in(handle):
            return True
        if native_id and (platform, native_id) in self.gone:
            return True
        return bool(handle) and (platform, str(handle).lstrip("@").casefold()) in self.gone

    def has_private(self, platform: str) -> bool:
        """Whether any account of a platform has become private."""
        return any(one == platform for one, _ in self.gone)

    def post(self, platform: str, native_id: str, *, public: bool) -> str:
        """A post's id: a plain one stays, unless its author has become private."""
        if f"{platform}:{native_id}" in self.posts:
            return self.stand_in(platform, "post", native_id)
        return super().post(platform, native_id, public=public)

    def stand_in(self, platform: str, scheme: str, value: str) -> str:
        """A hash as it is; for anything else its hash."""
        return value if is_stand_in(value) else super().stand_in(platform, scheme, value)


def is_stand_in(value: str | None) -> bool:
    """Whether an id, handle or uid is a keyed hash (`h:<hash>`, `platform:h:<hash>`)."""
    if value is None or "h:" not in value:
        return False
    return STAND_IN.fullmatch(value) is not None or STAND_IN.fullmatch(value.partition(":")[2]) is not None


def mentions_in(text: str) -> tuple[str, ...]:
    """The mentions that redaction left in a text, each once, in its order."""
    return tuple(dict.fromkeys(match[0] for match in MENTIONED.finditer(text))) if "@h:" in text else ()


def in_order(found: Iterable[Metric], was: Iterable[Metric]) -> tuple[Metric, ...]:
    """Counts in the order in which they are held, with their times; raw keeps neither. New ones come last."""
    given = {metric.name: (place, metric.at) for place, metric in enumerate(was)}
    metrics = sorted(found, key=lambda metric: given.get(metric.name, (len(given), None))[0])
    return tuple(
        msgspec.structs.replace(metric, at=given[metric.name][1]) if metric.name in given else metric
        for metric in metrics
    )


def decoded(raw: bytes) -> dict[str, Any]:
    """A raw record as plain values.

    Raises:
        ValueError: it is no JSON object.
    """
    try:
        found = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError("no raw record") from error
    if not isinstance(found, dict):
        raise ValueError("no raw record")  # noqa: TRY004 - bad data, not a bad call
    return found


def kept_in(raw: bytes, kind: type[T], root: str = "") -> tuple[T, dict[str, Any]] | None:
    """A raw record as the struct that is read again and as plain values; None where it is none of ours.

    Args:
        root: the member that holds the record, where the whole does not.
    """
    try:
        values = decoded(raw)
        found = values.get(root) if root else values
        return (msgspec.convert(found, kind), found) if isinstance(found, dict) else None
    except ValueError:  # what msgspec raises is one
        return None


def not_read(held: Held) -> Reject:
    """The reject of a raw record whose shape this importer does not know."""
    return Reject(held.uid.partition(":")[0], "raw-shape-unknown")
