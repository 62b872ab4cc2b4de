"""The file `truth.json`: what the sample knows about itself, for tests to hold findings and measures against."""

from __future__ import annotations

from datetime import datetime

import msgspec

from dalil.sample.expected import Inputs, Measures
from dalil.sample.script import PostRef, SourceRef
from dalil.schema.casework import Cell
from dalil.schema.words import ClaimType, ClaimVerdict, MakerClass, MediaFindingKind, ReportCode


class PostTruth(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One post. What it is not part of is left out.

    `kind` is post, reply, quote, repost or forward. `text_group` names a row of `text_groups`; `near` says
    that it is a reworded member. `picture` is a scene, `edit` what was done to it, `sha256` the file.
    `pushed` is an object of `pushes`. `edited_id` is the id of the edited version, where the platform gives
    a new one. `hashed` says that its author is a private person (or a member of a Facebook group, whom the
    export does not name: `author` is then the group), so that it is stored under keyed hashes. `captures`
    are the numbers of the captures that hold it.
    """

    post: PostRef
    author: SourceRef
    at: datetime
    kind: str = "post"
    hashed: bool = False
    claim: str = ""
    code: ReportCode | None = None
    text_group: str = ""
    near: bool = False
    picture: str = ""
    edit: str = ""
    sha256: str = ""
    pushed: str = ""
    edited_at: datetime | None = None
    edited_id: str = ""
    deleted_at: datetime | None = None
    captures: tuple[int, ...] = ()


class CellTruth(msgspec.Struct, frozen=True, kw_only=True):
    """A claim in one cell. `answered_at` is our answer, by circle `answered_by`."""

    cell: Cell
    t0: datetime
    crossed_at: datetime | None
    second_at: datetime | None
    qualified_at: datetime | None
    answered_at: datetime | None
    answered_by: str | None


class ClaimTruth(msgspec.Struct, frozen=True, kw_only=True):
    """One claim. `verdict` is what is true; `settled` what the members have decided by the end, and when.

    `exhibit` is the file that members looked at, `earlier` the post that showed the same picture before.
    """

    claim: str
    sentence: dict[str, str]
    claim_type: ClaimType
    maker_class: MakerClass
    verdict: ClaimVerdict
    media_finding: MediaFindingKind | None
    t0: datetime
    logged_at: datetime
    cells: tuple[CellTruth, ...]
    settled: ClaimVerdict | None
    settled_at: datetime | None
    silent_since: datetime | None
    exhibit: str | None
    earlier: PostRef | None


class TextGroupTruth(msgspec.Struct, frozen=True, kw_only=True):
    """Posts that say the same: exactly after normalising, or reworded."""

    group: str
    origin: str
    exact: tuple[PostRef, ...]
    near: tuple[PostRef, ...]


class FileTruth(msgspec.Struct, frozen=True, kw_only=True):
    """One picture file of the captures. `picture` "" is a screenshot of text alone. `expect_pdq`: whether
    PDQ ≤ 31 with eight turns recognises the original scene; None where it may or may not."""

    sha256: str
    picture: str
    edit: str
    width: int
    height: int
    expect_pdq: bool | None
    posts: tuple[PostRef, ...]


class ObjectTruth(msgspec.Struct, frozen=True, kw_only=True):
    """One pushed object: an address, a text or a picture's sha256, and the posts that carry it."""

    object: str
    trace: str
    value: str
    posts: tuple[PostRef, ...]


class PushTruth(msgspec.Struct, frozen=True, kw_only=True):
    """A coordinated group, or a decoy (`coordinated` false) whose accounts have nothing to do with each other."""

    push: str
    platform: str
    coordinated: bool
    members: tuple[SourceRef, ...]
    objects: tuple[ObjectTruth, ...]


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """Sizes; `posts` without reposts and forwards, `media` distinct picture files."""

    posts: int
    reposts: int
    accounts: int
    claims: int
    media: int
    captures: int
    posts_by_platform: dict[str, int]


class Truth(msgspec.Struct, frozen=True, kw_only=True):
    """All of it. `never_stored` are strings that no workspace may hold after an import."""

    seed: int
    zone: str
    week: str
    as_of: datetime
    counts: Counts
    claims: tuple[ClaimTruth, ...]
    text_groups: tuple[TextGroupTruth, ...]
    files: tuple[FileTruth, ...]
    pushes: tuple[PushTruth, ...]
    measures: Measures
    inputs: Inputs
    never_stored: tuple[str, ...]
    posts: tuple[PostTruth, ...]


def read_truth(data: bytes) -> Truth:
    """Read `truth.json`.

    Raises:
        msgspec.ValidationError: it is not one.
    """
    return msgspec.json.decode(data, type=Truth)
