"""What the desk's queries return: frozen rows, ready to be shown, holding nobody's identity.

A member appears as a pseudonym inside their own circle only; elsewhere the circle's colour stands
for them. Times are aware UTC.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import msgspec

from dalil.schema.casework import Cell
from dalil.schema.words import ClaimType, ClaimVerdict, Confidence, MakerClass, MediaFindingKind, ReportCode


class ClaimRow(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the board or of *Now*.

    `state` is a key of `rules.ALLOWED`; `next_step` a key of `NEXT_STEPS`; `waiting` the time since
    t0 (or since it was logged where no post is held); `holder` a pseudonym of the reader's own
    circle, else None with `held_by` the colour of the circle that has it.
    """

    claim_id: str
    number: int
    sentence: str
    sentence_lang: str
    claim_type: ClaimType
    maker_class: MakerClass
    state: str
    cells: tuple[Cell, ...]
    sightings: int
    views: int | None
    t0: datetime | None
    logged_at: datetime
    crossed_at: datetime | None
    answered_at: datetime | None
    waiting: timedelta
    holder: str | None
    held_by: str | None
    verdict: ClaimVerdict | None
    silent_until: datetime | None
    next_step: str


NEXT_STEPS = (
    "take",
    "check",
    "first_vote",
    "second_vote",
    "third_vote",
    "answer",
    "warn",
    "review_silence",
    "none",
)


class SightingRow(msgspec.Struct, frozen=True, kw_only=True):
    """A post in which the claim appears, or that reports on it. `source` is None for a private account."""

    observation_id: str
    cell: Cell
    at: datetime
    source: str | None
    maker_class: MakerClass
    code: ReportCode
    own_evidence: bool
    views: int | None
    first: bool


class MediaFindingRow(msgspec.Struct, frozen=True, kw_only=True):
    """What was found about one media item of the claim."""

    sha256: str
    finding: MediaFindingKind
    earliest_captured: datetime | None
    earliest_claimed: datetime | None
    note: str
    circle: str
    at: datetime


class CheckRow(msgspec.Struct, frozen=True, kw_only=True):
    """One check: question, method, finding, evidence, confidence (`open` while unanswered)."""

    check_id: str
    question: str
    method: str
    finding: str
    evidence: tuple[str, ...]
    confidence: Confidence
    circle: str
    at: datetime


class VoteRow(msgspec.Struct, frozen=True, kw_only=True):
    """One circle's vote. `vote` and `reason` are None while sealed; `mine` marks the reader's circle."""

    circle: str
    mine: bool
    sealed: bool
    vote: ClaimVerdict | None
    reason: str | None
    at: datetime


class AnswerRow(msgspec.Struct, frozen=True, kw_only=True):
    """An answer in one language for one platform; `posted_url` and `posted_at` once a person posted it."""

    answer_id: str
    text: str
    language: str
    platform: str
    length: int
    limit: int | None
    posted_url: str | None
    posted_at: datetime | None
    circle: str
    at: datetime
    stale: str = ""
    """Empty while the verdict it rests on is in force; `reopened` while none is, `corrected` once another is."""


class SilenceRow(msgspec.Struct, frozen=True, kw_only=True):
    """A decision not to answer, with its reach at the time and when it is looked at again."""

    reason: str
    reach: int | None
    review_at: datetime
    circle: str
    at: datetime
    ended: bool


class HistoryRow(msgspec.Struct, frozen=True, kw_only=True):
    """One event in the claim's life; `event` is an event kind, translated by the page."""

    at: datetime
    event: str
    circle: str
    detail: str


class ClaimPage(msgspec.Struct, frozen=True, kw_only=True):
    """Everything on a claim's page, in the order of the work."""

    row: ClaimRow
    sightings: tuple[SightingRow, ...]
    media: tuple[MediaFindingRow, ...]
    checks: tuple[CheckRow, ...]
    votes: tuple[VoteRow, ...]
    answers: tuple[AnswerRow, ...]
    silences: tuple[SilenceRow, ...]
    history: tuple[HistoryRow, ...]
    may: frozenset[str]
    """Acts the reader may do now: take, check, find, vote, answer, silence, code, hand_over, and
    post, reopen, warn, end_silence (values of `rules.Step`)."""
    uncoded: tuple[str, ...] = ()
    """Observations that were linked to the claim and wait to be coded."""
    outcome: str = "none"
    """Where the votes of this round stand, a value of `verdicts.Outcome`."""


class TaskRow(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that waits for the reader."""

    claim_id: str
    number: int
    sentence: str
    sentence_lang: str
    next_step: str
    since: datetime


class SuggestionRow(msgspec.Struct, frozen=True, kw_only=True):
    """A claim that a group of equal texts suggests; a person accepts or dismisses it."""

    suggestion_id: str
    sentence: str
    sentence_lang: str
    posts: int
    accounts: int
    first_at: datetime | None
    last_at: datetime | None
    observation_ids: tuple[str, ...]


class SettledAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A posted answer whose verdict is in force: all that may be published of a claim.

    Days only, so that no page tells when somebody worked; not where it was posted, which may lie under
    a post that must not be linked, or show whose account posts for us.
    """

    answer_id: str
    sentence: str
    sentence_lang: str
    claim_type: ClaimType
    verdict: ClaimVerdict
    settled_on: date
    first_seen_on: date | None
    text: str
    language: str
    platform: str
    posted_on: date
    media: tuple[MediaFindingKind, ...]
    corrects: bool
    """Whether an earlier answer on this claim rested on another verdict."""

    @property
    def published_on(self) -> date:
        """The day on which both the post and the verdict in force were there."""
        return max(self.posted_on, self.settled_on)


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What the desk already decided about an observation or media item: for *Seen before?*."""

    claim_id: str
    number: int
    sentence: str
    verdict: ClaimVerdict | None
    media_finding: MediaFindingKind | None
    answer: str | None
    answer_lang: str | None
