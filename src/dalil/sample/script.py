"""What the sample's members do and when: typed acts, one struct each, for the demo to replay.

An act names claims by their truth key, answers by a key of the script, and posts by platform and
native id; the demo resolves these to what the desk and the archive gave them. `act` is the name of
the function in `dalil.actions` (or nearly so: see each struct). Times are aware UTC.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from dalil.schema.casework import Cell, PanelCapture, PanelSource
from dalil.schema.words import ClaimType, ClaimVerdict, Confidence, MakerClass, MediaFindingKind, ReportCode


class PostRef(msgspec.Struct, frozen=True, order=True):
    """A post by its platform's own id: X `id`, Facebook `page_post`, Telegram `channel/message`.

    A private person's post is stored under `platform:h:` and the keyed hash (scheme `post`) of this id.
    """

    platform: str
    native_id: str


class SourceRef(msgspec.Struct, frozen=True, order=True):
    """An account by its platform's own id; private ones are stored under the keyed hash (scheme `account`)."""

    platform: str
    native_id: str
    public: bool


class CodedPost(msgspec.Struct, frozen=True, kw_only=True):
    """A post about a claim in a cell, coded: all of `schema.casework.Report` but the ids that the archive gives."""

    post: PostRef
    source: SourceRef
    cell: Cell
    maker_class: MakerClass
    at: datetime
    code: ReportCode
    own_evidence: bool = False
    qualified: bool = False
    ours: bool = False
    views: int | None = None


class Act(msgspec.Struct, frozen=True, kw_only=True, tag_field="act"):
    """Common to all: when, and which member by pseudonym."""

    at: datetime
    member: str


class LogClaim(Act, frozen=True, kw_only=True, tag="log_claim"):
    """`claims.log_claim`: the claim begins, with the sightings known at that time."""

    claim: str
    sentence: str
    sentence_lang: str
    claim_type: ClaimType
    maker_class: MakerClass
    cells: tuple[Cell, ...]
    reports: tuple[CodedPost, ...]


class Take(Act, frozen=True, kw_only=True, tag="take"):
    """`claims.take`."""

    claim: str


class CodeReport(Act, frozen=True, kw_only=True, tag="code_report"):
    """`claims.code_report`: one more post about the claim."""

    claim: str
    report: CodedPost


class AddCheck(Act, frozen=True, kw_only=True, tag="add_check"):
    """`claims.add_check`."""

    claim: str
    question: str
    method: str
    finding: str
    evidence: tuple[str, ...]
    confidence: Confidence


class RecordMediaFinding(Act, frozen=True, kw_only=True, tag="record_media_finding"):
    """`claims.record_media_finding`; the item is in the captures."""

    claim: str
    sha256: str
    finding: MediaFindingKind
    earliest_captured: datetime | None
    earliest_claimed: datetime | None
    note: str


class Vote(Act, frozen=True, kw_only=True, tag="vote"):
    """`verdicts.vote`."""

    claim: str
    vote: ClaimVerdict
    reason: str


class Warn(Act, frozen=True, kw_only=True, tag="warn"):
    """Those at risk of a threat were warned, through someone who knows them."""

    claim: str


class DraftAnswer(Act, frozen=True, kw_only=True, tag="draft_answer"):
    """`answers.draft`; `answer` is this script's key for it."""

    claim: str
    answer: str
    text: str
    language: str
    platform: str
    evidence: tuple[str, ...]


class RecordPosted(Act, frozen=True, kw_only=True, tag="record_posted"):
    """`answers.record_posted`; `post` is the answer as it stands in the captures."""

    claim: str
    answer: str
    url: str
    posted_at: datetime
    post: PostRef


class StaySilent(Act, frozen=True, kw_only=True, tag="stay_silent"):
    """`answers.stay_silent`."""

    claim: str
    reason: str
    reach: int | None
    review_at: datetime


class FreezePanel(Act, frozen=True, kw_only=True, tag="freeze_panel"):
    """`panels.freeze`."""

    version: int
    quarter: str
    sources: tuple[PanelSource, ...]
    thresholds: dict[str, int]


class MarkCaptures(Act, frozen=True, kw_only=True, tag="mark_captures"):
    """`panels.mark_captures`."""

    captures: tuple[PanelCapture, ...]


AnyAct = (
    LogClaim
    | Take
    | CodeReport
    | AddCheck
    | RecordMediaFinding
    | Vote
    | Warn
    | DraftAnswer
    | RecordPosted
    | StaySilent
    | FreezePanel
    | MarkCaptures
)


class MemberRow(msgspec.Struct, frozen=True, kw_only=True):
    """One of the sample's members: a pseudonym, a circle's colour, a role. `waiting` is the claim (by truth
    key) that waits for this login at the end, and `next_step` what for (a key of `desk.rows.NEXT_STEPS`)."""

    pseudonym: str
    circle: str
    role: str
    waiting: str
    next_step: str


class PublicRow(msgspec.Struct, frozen=True):
    """An account that the workspace knows to be public, for `schema.chunks.PublicAccount`."""

    platform: str
    native_id: str
    handle: str


class Members(msgspec.Struct, frozen=True):
    """The file `members.json`."""

    circles: tuple[str, ...]
    members: tuple[MemberRow, ...]


class PanelFile(msgspec.Struct, frozen=True, kw_only=True):
    """The file `panel.json`: the panel, its captures by day, and which accounts are public."""

    version: int
    quarter: str
    zone: str
    sources: tuple[PanelSource, ...]
    thresholds: dict[str, int]
    captures: tuple[PanelCapture, ...]
    public: tuple[PublicRow, ...]


class Script(msgspec.Struct, frozen=True):
    """The file `script.json`: acts by time."""

    acts: tuple[AnyAct, ...]


class CaptureNote(msgspec.Struct, frozen=True, kw_only=True):
    """`<capture>.capture.json`, beside the capture: what was captured when, for the simulated clock."""

    path: str
    platform: str
    format: str
    captured_at: datetime


def read_script(data: bytes) -> Script:
    """Read `script.json`.

    Raises:
        msgspec.ValidationError: it is not one.
    """
    return msgspec.json.decode(data, type=Script)
