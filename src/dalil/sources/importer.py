"""What an importer is: the protocol, what it is given and what it yields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

import msgspec

from dalil.plugins import Manifest
from dalil.schema.records import Account, Edge, Post, ReadWarning, Reject
from dalil.schema.words import Kind
from dalil.sources.privacy import Pseudonymiser
from dalil.sources.reading import SourceFile


class MediaBytes(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The bytes of one media item that came along; `sha256` is that of `data`."""

    sha256: str
    data: bytes
    source_url: str | None = None
    alt_text: str | None = None
    duration_s: float | None = None


class Record(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One observation, redacted, before it has its envelope.

    Args:
        uid: of the post, of the repost, or of the account.
        version: `identity.content_version` of what makes one version of it.
        raw: `identity.canonical_bytes` of the redacted primary record with what it includes; the
            observation's id is made from it, so nothing about the capture may be in it.
        post: for kind post; a repost has none (law 7).
        author_ref: uid of the account behind it, where known.
        author_public: whether that account is known to be a public channel, page or outlet.
        signal_text: text to make keys of: the post's own, or a forward's whose original we do not hold.
        locators: (pseudonym, true address or id) of the private persons and posts met for the first time.
        included: came along with another record (X `includes`), counted apart.
    """

    kind: Kind
    uid: str
    version: str
    raw: bytes
    source_version: str = ""
    post: Post | None = None
    author_ref: str | None = None
    author_public: bool = False
    accounts: tuple[Account, ...] = ()
    edges: tuple[Edge, ...] = ()
    media: tuple[MediaBytes, ...] = ()
    signal_text: str = ""
    locators: tuple[tuple[str, str], ...] = ()
    included: bool = False
    warnings: tuple[ReadWarning, ...] = ()


class Quarantined(msgspec.Struct, frozen=True, gc=False):
    """Records that were met and, being not public, are not read any further: counted, nothing kept."""

    code: str
    count: int = 1
    included: bool = False


class Ignored(msgspec.Struct, frozen=True, gc=False):
    """Things that are no records of this archive (service messages, contacts): counted by code only."""

    code: str
    count: int = 1


Item = Record | Reject | Quarantined | Ignored


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits in force: bytes of a line or record, of a media file; see `settings.TABLE`."""

    line_bytes: int = 16 << 20
    media_bytes: int = 256 << 20


@dataclass(slots=True)
class ReadContext:
    """What an importer reads with; `done_bytes` is where it reports how far it is."""

    privacy: Pseudonymiser
    limits: Limits = Limits()
    options: Mapping[str, str] = field(default_factory=dict)
    done_bytes: int = 0


@runtime_checkable
class Importer(Protocol):
    """A source format that Dalil can read."""

    @property
    def manifest(self) -> Manifest: ...

    def detect(self, head: bytes) -> float:
        """How sure the first 64 KiB of a file make us, 0 (not this format) to 1; never by its name."""
        ...

    def read(self, source: SourceFile, context: ReadContext) -> Iterator[Item]:
        """Yield everything in `source`, in its order, in memory that does not grow with it.

        Raises:
            InputError: the file as a whole is not what `detect` took it for.
            LimitReached: a limit on the whole was reached.
        """
        ...


def checked(candidate: object) -> Importer:
    """The candidate as an importer.

    Raises:
        ValueError: it is none, with the reason.
    """
    if isinstance(candidate, type):
        candidate = candidate()
    if not isinstance(candidate, Importer):
        raise ValueError("an importer needs manifest, detect and read")  # noqa: TRY004 - what Registry.add promises
    if not isinstance(candidate.manifest, Manifest):
        raise ValueError("the importer's manifest is no dalil.plugins.Manifest")  # noqa: TRY004 - the same
    return candidate
