"""What a desk event says: one frozen struct for each kind, bounded, and whether it may travel.

An event never holds a person: members appear as tokens that hold for one claim only (`ballots`).
What names posts, sources or evidence addresses stays at home; see `TRAVELS`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Final, get_args

import msgspec
from msgspec import Meta

from dalil.errors import InputError
from dalil.schema.casework import Cell, PanelCapture, PanelVersion, Report
from dalil.schema.words import ClaimType, ClaimVerdict, Confidence, MakerClass, MediaFindingKind

# No control characters but tab and newline: they hide text, and PostgreSQL refuses NUL.
_CLEAN: Final = r"\A[^\x00-\x08\x0b-\x1f\x7f]*\Z"
Id = Annotated[str, Meta(pattern=r"\A[0-9a-f]{32}\Z")]
Hash = Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]
Line = Annotated[str, Meta(min_length=1, max_length=500, pattern=_CLEAN)]
Text = Annotated[str, Meta(max_length=4000, pattern=_CLEAN)]
Long = Annotated[str, Meta(min_length=1, max_length=70_000, pattern=_CLEAN)]
Tongue = Annotated[str, Meta(pattern=r"\A[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}\Z")]
Word = Annotated[str, Meta(pattern=r"\A[a-z0-9_.-]{1,40}\Z")]
Address = Annotated[str, Meta(max_length=2000, pattern=r"\Ahttps?://[^\s\x00-\x20\x7f]+\Z")]
Moment = Annotated[datetime, Meta(tz=True)]
Round = Annotated[int, Meta(ge=1, le=1000)]


class Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """Common to all bodies: decoded strictly, so that nothing unknown rides along in a packet."""


class ClaimLogged(Body, frozen=True, kw_only=True, tag="claim_logged"):
    """A claim begins. Its id is this event's id, so a claim can be logged only once.

    `t0` is the earliest post that the logging circle held then, UTC; the reports themselves stay home.
    """

    sentence: Line
    sentence_lang: Tongue
    claim_type: ClaimType
    maker_class: MakerClass
    cells: Annotated[tuple[Cell, ...], Meta(max_length=200)] = ()
    t0: Moment | None = None


class ClaimTaken(Body, frozen=True, kw_only=True, tag="claim_taken"):
    """The event's circle works on it; `holder` is the member's token for this claim."""

    round: Round
    holder: Id


class ClaimHandedOver(Body, frozen=True, kw_only=True, tag="claim_handed_over"):
    """Given to another circle, to another member of the own one, or (both empty) back to the board."""

    round: Round
    to_circle: Id | None = None
    holder: Id | None = None


class CheckAdded(Body, frozen=True, kw_only=True, tag="check_added"):
    """A check, or its newer finding. Only hashes of evidence travel; `elsewhere` counts what stayed."""

    round: Round
    check_id: Id
    question: Line
    method: Text
    finding: Text
    confidence: Confidence
    hashes: Annotated[tuple[Hash, ...], Meta(max_length=200)] = ()
    elsewhere: Annotated[int, Meta(ge=0, le=1000)] = 0


class CheckEvidence(Body, frozen=True, kw_only=True, tag="check_evidence"):
    """The addresses and ids behind a check; stays in the workspace."""

    check_id: Id
    evidence: Annotated[tuple[Annotated[str, Meta(max_length=2000, pattern=_CLEAN)], ...], Meta(max_length=200)]


class MediaFound(Body, frozen=True, kw_only=True, tag="media_found"):
    """What was found about one media item: it refutes the item, not the claim."""

    round: Round
    sha256: Hash
    finding: MediaFindingKind
    earliest_captured: Moment | None = None
    earliest_claimed: Moment | None = None
    note: Text = ""


class VoteSealed(Body, frozen=True, kw_only=True, tag="vote_sealed"):
    """A vote is bound but not told: `commitment` is checked when it is revealed."""

    round: Round
    member: Id
    commitment: Hash


class VoteRevealed(Body, frozen=True, kw_only=True, tag="vote_revealed"):
    """The vote behind the seal `sealed` (an event id of the same circle)."""

    round: Round
    sealed: Id
    vote: ClaimVerdict
    reason: Text
    nonce: Hash


class ClaimReopened(Body, frozen=True, kw_only=True, tag="claim_reopened"):
    """Round `round` begins: by decision, or because three votes gave three verdicts (`split`)."""

    round: Round
    cause: Annotated[str, Meta(pattern=r"\A(decision|split)\Z")]
    reason: Text = ""


class AnswerDrafted(Body, frozen=True, kw_only=True, tag="answer_drafted"):
    """An answer resting on a settled verdict. `evidence` is what it shows in public."""

    answer_id: Id
    round: Round
    verdict: ClaimVerdict
    text: Long
    language: Tongue
    platform: Word
    evidence: Annotated[tuple[Annotated[str, Meta(max_length=2000, pattern=_CLEAN)], ...], Meta(max_length=50)] = ()


class AnswerPosted(Body, frozen=True, kw_only=True, tag="answer_posted"):
    """A person posted the answer, there and then (UTC)."""

    answer_id: Id
    url: Address
    posted_at: Moment


class SilenceKept(Body, frozen=True, kw_only=True, tag="silence_kept"):
    """A decision not to answer, with the reach at the time; looked at again at `review_at` (UTC)."""

    reason: Text
    reach: Annotated[int, Meta(ge=0)] | None
    review_at: Moment


class SilenceEnded(Body, frozen=True, kw_only=True, tag="silence_ended"):
    """The silence (an event id) no longer stands."""

    silence: Id


class ThreatWarned(Body, frozen=True, kw_only=True, tag="threat_warned"):
    """Those at risk were warned, through someone who knows them. No name is stored anywhere."""


class ObservationsLinked(Body, frozen=True, kw_only=True, tag="observations_linked"):
    """Observations that show the claim, not coded yet; stays in the workspace."""

    observation_ids: Annotated[tuple[Annotated[str, Meta(min_length=1, max_length=64)], ...], Meta(max_length=10_000)]


class ReportsCoded(Body, frozen=True, kw_only=True, tag="reports_coded"):
    """Posts about the claim, coded; stays in the workspace, because it names sources."""

    reports: tuple[Report, ...]


class PanelFrozen(Body, frozen=True, kw_only=True, tag="panel_frozen"):
    """A panel version; stays in the workspace, because it names sources."""

    panel: PanelVersion


class CapturesMarked(Body, frozen=True, kw_only=True, tag="captures_marked"):
    """How far panel sources were captured on which days; stays in the workspace."""

    captures: tuple[PanelCapture, ...]


CaseBody = (
    ClaimLogged
    | ClaimTaken
    | ClaimHandedOver
    | CheckAdded
    | CheckEvidence
    | MediaFound
    | VoteSealed
    | VoteRevealed
    | ClaimReopened
    | AnswerDrafted
    | AnswerPosted
    | SilenceKept
    | SilenceEnded
    | ThreatWarned
)
AnyBody = CaseBody | ObservationsLinked | ReportsCoded | PanelFrozen | CapturesMarked

STAYS_HOME: Final = frozenset(
    {"check_evidence", "observations_linked", "reports_coded", "panel_frozen", "captures_marked"}
)
"""Kinds that name sources, posts or addresses: they never leave the workspace."""
TRAVELS: Final = frozenset(str(body.__struct_config__.tag) for body in get_args(AnyBody)) - STAYS_HOME
"""All other kinds: what a packet may carry."""
CODING: Final = frozenset({"observations_linked", "reports_coded"})
"""Kinds about posts, projected apart from the casework, so that a claim with many posts stays cheap to vote on."""

# `schema.Cell` has no bounds of its own; these are the columns'.
_CELL: Final = {
    "platform": re.compile(r"[a-z0-9_.-]{1,40}"),
    "language": re.compile(r"[A-Za-z0-9-]{2,35}"),
    "region": re.compile(r"[^\x00-\x1f\x7f]{1,80}"),
}
_ENCODER: Final = msgspec.json.Encoder(order="deterministic")
_DECODER: Final[msgspec.json.Decoder[AnyBody]] = msgspec.json.Decoder(AnyBody)


def encode(body: AnyBody) -> bytes:
    """Canonical bytes of a body, checked against its bounds on the way.

    Raises:
        InputError: a text, id or number is out of its bounds (`desk-value`).
    """
    data = _ENCODER.encode(body)
    decode(data)
    return data


def decode(data: bytes) -> AnyBody:
    """Read a body strictly.

    Raises:
        InputError: not a body we know, or out of its bounds (`desk-value`); names the field only.
    """
    try:
        body = _DECODER.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:  # ValueError: broken UTF-8
        place = str(error).partition("`$")[2].partition("`")[0].lstrip(".") or "event"
        raise InputError("desk-value", name=place[:60]) from None
    match body:
        case ClaimLogged(cells=cells):
            _require_cells(cells)
        case ReportsCoded(reports=reports):
            _require_cells({report.cell for report in reports})
            _require_reports(reports)
    return body


def _require_cells(cells: Iterable[Cell]) -> None:
    for cell in cells:
        for name, text in (("platform", cell.platform), ("language", cell.language), ("region", cell.region)):
            if not _CELL[name].fullmatch(text):
                raise InputError("desk-value", name=f"cells.{name}")


def _require_reports(reports: Iterable[Report]) -> None:
    for report in reports:
        if not 0 < len(report.observation_id) <= 64:
            raise InputError("desk-value", name="reports.observation_id")
        if not 0 < len(report.source_uid) <= 200:
            raise InputError("desk-value", name="reports.source_uid")


def kind_of(body: AnyBody) -> str:
    """The kind's name, as stored and as history shows it."""
    return str(body.__struct_config__.tag)
