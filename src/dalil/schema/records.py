"""What was captured: one Observation with its Post or repost Edge, accounts, media and edges.

Everything is frozen. Ids are text (law 1), times are aware UTC, and a value that the source did not
give is None (`null` and `absent` are told apart by `warnings`), never zero and never a guess.
Language, perceptual hashes and other signals are not here: they are rows of their own, keyed by
method and version, so that methods change and facts do not. No record can hold itself, so none is
followed by the garbage collector (`gc=False`).
"""

from __future__ import annotations

import msgspec

from dalil.schema.moments import Moment
from dalil.schema.words import (
    AccountType,
    Completeness,
    EdgeType,
    IdQuality,
    Kind,
    MayShare,
    MetricBasis,
    Precision,
    PublicRole,
    State,
    TextFormat,
    TimeBasis,
    Visibility,
    ZoneBasis,
)

SCHEMA_VERSION = 1


class ReadWarning(msgspec.Struct, frozen=True, gc=False):
    """Something that was read with a doubt: what, in which field, as written."""

    code: str
    field: str
    original: str = ""


class RawRef(msgspec.Struct, frozen=True, gc=False):
    """Where the redacted raw record lies: sha256 of its bytes, segment and offset within it."""

    sha256: str
    segment: str
    pointer: int


class Span(msgspec.Struct, frozen=True, gc=False):
    """A stretch of `text`, in code points, end exclusive: a link, mention, hashtag or format."""

    start: int
    end: int
    type: str
    target: str = ""


class Url(msgspec.Struct, frozen=True, gc=False):
    """One link as written, as the platform expanded it, and where it finally led, if known."""

    as_written: str
    expanded: str | None = None
    final: str | None = None


class Metric(msgspec.Struct, frozen=True, gc=False):
    """One count; `value` None where the platform gave none, which is not zero (law 5)."""

    name: str
    value: int | None
    at: Moment | None = None
    basis: MetricBasis = MetricBasis.EXACT
    raw: str = ""


class Label(msgspec.Struct, frozen=True, gc=False):
    """A label that the platform itself put on a post."""

    source: str
    value: str


class MediaRef(msgspec.Struct, frozen=True, gc=False):
    """A post's pointer to a media item; `sha256` only where the bytes came along."""

    sha256: str | None = None
    native_key: str | None = None
    source_url: str | None = None
    mime: str | None = None
    width: int | None = None
    height: int | None = None
    duration_s: float | None = None
    alt_text: str | None = None
    not_included: str | None = None


class Post(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One version of one post as one observation shows it.

    `uid` is `platform:native_id`; for a private author both are keyed hashes (`id_quality` hashed).
    `claimed_at` is the time the author's client or the export claims, `server_indexed_at` the
    platform's own; `created_at` is the better of the two, with its precision and zone basis.
    """

    uid: str
    platform: str
    native_id: str
    uri: str | None = None
    id_quality: IdQuality = IdQuality.EXACT
    author_ref: str | None = None
    container_ref: str | None = None
    created_at: Moment | None = None
    created_precision: Precision = Precision.SECOND
    created_zone_basis: ZoneBasis = ZoneBasis.UNKNOWN
    claimed_at: Moment | None = None
    server_indexed_at: Moment | None = None
    edited_at: Moment | None = None
    version_no: int | None = None
    state: State = State.LIVE
    state_at: Moment | None = None
    state_reason: str | None = None
    visibility: Visibility = Visibility.UNKNOWN
    text: str = ""
    text_raw: str | None = None
    text_format: TextFormat = TextFormat.PLAIN
    text_complete: Completeness = Completeness.UNKNOWN
    lang: str | None = None
    spans: tuple[Span, ...] = ()
    urls: tuple[Url, ...] = ()
    hashtags: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    media: tuple[MediaRef, ...] = ()
    thread_root: str | None = None
    group_id: str | None = None
    client: str | None = None
    metrics: tuple[Metric, ...] = ()
    labels_by_platform: tuple[Label, ...] = ()
    geo: str | None = None


class Handle(msgspec.Struct, frozen=True, gc=False):
    """A handle and the capture in which it was observed."""

    handle: str
    observed: Moment | None = None


class AltId(msgspec.Struct, frozen=True, gc=False):
    """Another id of the same public account."""

    scheme: str
    value: str


class Account(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An account as one observation shows it. A private one has only `uid`, `platform`, `id_quality`,
    `type`, `public_role` and rounded counts: no handle, no name, no description, no creation time."""

    uid: str
    platform: str
    native_id: str
    id_quality: IdQuality = IdQuality.EXACT
    handle: str | None = None
    display_name: str | None = None
    description: str | None = None
    created_at: Moment | None = None
    counts: tuple[Metric, ...] = ()
    type: AccountType = AccountType.UNKNOWN
    public_role: PublicRole = PublicRole.UNKNOWN
    verified: bool | None = None
    state: State = State.UNKNOWN
    alt_ids: tuple[AltId, ...] = ()


class Media(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A media item whose bytes we hold; `mime` is sniffed, never taken from a name."""

    sha256: str
    bytes: int
    mime: str
    width: int | None = None
    height: int | None = None
    duration_s: float | None = None
    source_url: str | None = None
    alt_text: str | None = None
    c2pa: str = "none"


class Edge(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """`src_uid` points at `dst_uid`; unresolved targets keep what is known in `dst_hint`."""

    src_uid: str
    dst_uid: str | None
    type: EdgeType
    dst_hint: str | None = None
    at: Moment | None = None
    at_basis: ZoneBasis = ZoneBasis.UNKNOWN
    direct: bool = True
    method: str | None = None
    score: float | None = None


class Observation(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The envelope. `obs_id` says nothing about the capture; see `identity.observation_id`.

    `collected_by` is a circle, never a member. A repost is `kind` repost with its own edge and no
    post (law 7).
    """

    obs_id: str
    kind: Kind
    uid: str
    version: str
    source_format: str
    source_version: str
    importer: str
    importer_version: str
    raw: RawRef
    collected_at: Moment
    collected_at_basis: TimeBasis
    collected_by: str
    included: bool = False
    purpose: str = "public-interest verification"
    may_share: MayShare = MayShare.NONE
    key_generation: int = 1
    schema_version: int = SCHEMA_VERSION
    warnings: tuple[ReadWarning, ...] = ()


class Reject(msgspec.Struct, frozen=True, gc=False):
    """A record that could not be read: where, why, and the hash of its bytes. Never its content."""

    where: str
    code: str
    raw_hash: str = ""
