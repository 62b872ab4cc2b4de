"""The state of one claim as a pure function of the set of its events: any order, any repetition.

Events are put in their one order (`SignedEvent.order`) and folded. What could be raced for between
workspaces without a network is decided blind to order: votes by `verdicts.decide`, the round as the
largest that was opened, answers by the verdict they rest on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from dalil.desk import ballots, events
from dalil.desk.rules import Standing, State
from dalil.desk.signing import SignedEvent
from dalil.desk.verdicts import Ballot, Decision, Outcome, counted, decide
from dalil.schema.words import ClaimVerdict, Confidence


@dataclass(frozen=True, slots=True)
class Entry:
    """One event, decoded."""

    event_id: str
    circle: str
    order: tuple[int, datetime, str]
    at: datetime
    body: events.AnyBody


@dataclass(slots=True)
class CheckState:
    """A check in force: its latest finding, and its evidence as far as it is held here."""

    body: events.CheckAdded
    circle: str
    at: datetime
    evidence: tuple[str, ...] = ()


@dataclass(slots=True)
class AnswerState:
    """An answer and where it was posted."""

    body: events.AnswerDrafted
    circle: str
    at: datetime
    posted: events.AnswerPosted | None = None


@dataclass(slots=True)
class SilenceState:
    """A decision not to answer."""

    silence_id: str
    body: events.SilenceKept
    circle: str
    at: datetime
    ended: bool = False


@dataclass(slots=True)
class BallotState:
    """A sealed vote, and what it turned out to be."""

    event_id: str
    circle: str
    at: datetime
    body: events.VoteSealed
    reveal: events.VoteRevealed | None = None
    revealed_at: datetime | None = None

    @property
    def ballot(self) -> Ballot:
        """As `verdicts` sees it."""
        return Ballot(self.circle, self.body.member, self.reveal.vote if self.reveal else None)


@dataclass(slots=True)
class CaseState:
    """Everything that follows from the casework events of one claim; reports are apart (`reach`)."""

    claim_id: str
    logged: events.ClaimLogged
    logged_by: str
    logged_at: datetime
    history: tuple[Entry, ...]
    round: int = 1
    holder_circle: str | None = None
    holder: str | None = None
    taken_at: datetime | None = None
    checks: dict[str, CheckState] = field(default_factory=dict)
    media: dict[tuple[str, str], tuple[events.MediaFound, datetime]] = field(default_factory=dict)
    """By (sha256, circle): the latest finding of each circle."""
    votes: dict[int, list[BallotState]] = field(default_factory=dict)
    decisions: dict[int, tuple[Decision, datetime | None]] = field(default_factory=dict)
    answers: dict[str, AnswerState] = field(default_factory=dict)
    silences: dict[str, SilenceState] = field(default_factory=dict)
    warned_at: datetime | None = None

    @property
    def decision(self) -> Decision:
        """What the current round's votes amount to."""
        return self.decisions.get(self.round, (Decision(Outcome.NONE), None))[0]

    @property
    def verdict(self) -> ClaimVerdict | None:
        """The claim verdict in force."""
        return self.decision.verdict

    @property
    def verdict_at(self) -> datetime | None:
        """When the second agreeing vote was told."""
        return self.decisions.get(self.round, (None, None))[1]

    def stale(self, answer: AnswerState) -> str:
        """`""` if the answer's verdict is in force, `reopened` if none is, `corrected` if another is."""
        if self.verdict is None:
            return "reopened"
        return "" if self.verdict is answer.body.verdict else "corrected"

    @property
    def answered_at(self) -> datetime | None:
        """The first posted answer whose verdict was not found to be wrong since."""
        times = [a.posted.posted_at for a in self.answers.values() if a.posted and self.stale(a) != "corrected"]
        return min(times, default=None)

    @property
    def silence(self) -> SilenceState | None:
        """The silence that stands: the latest, unless it ended or an answer was posted."""
        latest = next(reversed(self.silences.values()), None)
        return None if latest is None or latest.ended or self.answered_at else latest

    @property
    def state(self) -> State:
        """Where the claim stands in its current round."""
        match self.decision.outcome:
            case Outcome.AGREED:
                return State.SETTLED
            case Outcome.ONE | Outcome.WAITING | Outcome.THIRD | Outcome.SPLIT:
                return State.PROPOSED
        if self.findings(self.round) or any(c.body.round == self.round for c in self.checks.values()):
            return State.CHECKING
        if self.holder_circle is not None:
            return State.TAKEN
        return State.LOGGED if self.round == 1 else State.REOPENED

    def findings(self, round_: int | None = None) -> int:
        """Answered checks and media findings, of one round or of all."""
        checks = sum(
            check.body.confidence is not Confidence.OPEN
            for check in self.checks.values()
            if round_ in (None, check.body.round)
        )
        return checks + sum(round_ in (None, body.round) for body, _ in self.media.values())

    def standing(self) -> Standing:
        """What the rules look at."""
        votes = counted(vote.ballot for vote in self.votes.get(self.round, ()))
        silence = self.silence
        return Standing(
            state=self.state,
            claim_type=self.logged.claim_type,
            outcome=self.decision.outcome,
            holder_circle=self.holder_circle,
            voted=frozenset(vote.circle for vote in votes),
            tokens=frozenset(vote.member for vote in votes),
            open_checks=sum(c.body.confidence is Confidence.OPEN for c in self.checks.values()),
            found=self.findings(),
            found_now=self.findings(self.round),
            answered=self.answered_at is not None,
            ready=any(not a.posted and not self.stale(a) for a in self.answers.values()),
            warned=self.warned_at is not None,
            silent_since=silence.at if silence else None,
            silent_until=silence.body.review_at if silence else None,
        )


def entry_of(event: SignedEvent) -> Entry:
    """Decode an event that was verified when it came in."""
    return Entry(event.event_id, event.circle, event.order, event.made_at, events.decode(event.body))


def fold(entries: Iterable[Entry]) -> CaseState | None:
    """The claim's state, or None while the event that logged it has not arrived."""
    ordered = tuple(sorted({entry.event_id: entry for entry in entries}.values(), key=lambda entry: entry.order))
    case = _begun(ordered)
    if case is None:
        return None
    case.round = max((e.body.round for e in ordered if isinstance(e.body, events.ClaimReopened)), default=1)
    evidence: dict[str, tuple[str, ...]] = {}
    for entry in ordered:
        if isinstance(entry.body, events.CheckEvidence):
            evidence[entry.body.check_id] = entry.body.evidence
        else:
            _apply(case, entry)
    _close(case, ordered, evidence)
    return case


def _begun(ordered: tuple[Entry, ...]) -> CaseState | None:
    for entry in ordered:
        if isinstance(entry.body, events.ClaimLogged):
            return CaseState(entry.event_id, entry.body, entry.circle, entry.at, ordered)
    return None


def _apply(case: CaseState, entry: Entry) -> None:
    match entry.body:
        case events.ClaimTaken(round=round_, holder=holder) if round_ == case.round:
            case.holder_circle, case.holder, case.taken_at = entry.circle, holder, entry.at
        case events.ClaimHandedOver(round=round_, to_circle=circle, holder=holder) if round_ == case.round:
            case.holder_circle, case.holder, case.taken_at = circle, holder, entry.at
        case events.CheckAdded() as body:
            case.checks[body.check_id] = CheckState(body, entry.circle, entry.at)
        case events.MediaFound() as body:
            case.media[body.sha256, entry.circle] = (body, entry.at)
        case events.VoteSealed() as body:
            case.votes.setdefault(body.round, []).append(BallotState(entry.event_id, entry.circle, entry.at, body))
        case events.AnswerDrafted() as body:
            case.answers.setdefault(body.answer_id, AnswerState(body, entry.circle, entry.at))
        case events.SilenceKept() as body:
            for earlier in case.silences.values():
                earlier.ended = True
            case.silences[entry.event_id] = SilenceState(entry.event_id, body, entry.circle, entry.at)
        case events.ThreatWarned():
            case.warned_at = case.warned_at or entry.at
        case _:
            pass


def _close(case: CaseState, ordered: tuple[Entry, ...], evidence: Mapping[str, tuple[str, ...]]) -> None:
    """Join what refers to something else, now that everything is there, in whatever order it came."""
    sealed = {vote.event_id: vote for votes in case.votes.values() for vote in votes}
    for entry in ordered:
        match entry.body:
            case events.VoteRevealed() as body if body.sealed in sealed:
                _reveal(case.claim_id, sealed[body.sealed], entry, body)
            case events.AnswerPosted() as body if body.answer_id in case.answers:
                answer = case.answers[body.answer_id]
                answer.posted = answer.posted or body
            case events.SilenceEnded() as body if body.silence in case.silences:
                case.silences[body.silence].ended = True
            case _:
                pass
    for check_id, check in case.checks.items():
        check.evidence = evidence.get(check_id, check.body.hashes)
    for round_, votes in case.votes.items():
        decision = decide(vote.ballot for vote in votes)
        case.decisions[round_] = (decision, _decided_at(votes, decision))


def _reveal(claim_id: str, vote: BallotState, entry: Entry, body: events.VoteRevealed) -> None:
    """Take a reveal that fits its seal; one that does not, or that comes from another circle, is nothing."""
    if vote.reveal is None and entry.circle == vote.circle and fits(claim_id, vote.circle, vote.body, body):
        vote.reveal, vote.revealed_at = body, entry.at


def fits(claim_id: str, circle: str, sealed: events.VoteSealed, revealed: events.VoteRevealed) -> bool:
    """Whether a reveal is what the seal was bound to."""
    secret = ballots.Secret(revealed.vote, revealed.reason, bytes.fromhex(revealed.nonce))
    bound = ballots.commitment(secret, claim_id=claim_id, round_=sealed.round, circle=circle, member=sealed.member)
    return bound == sealed.commitment and revealed.round == sealed.round


def _decided_at(votes: Iterable[BallotState], decision: Decision) -> datetime | None:
    if decision.verdict is None:
        return None
    agreeing = sorted(
        vote.revealed_at
        for vote in votes
        if vote.revealed_at and vote.reveal and vote.reveal.vote is decision.verdict and vote.circle in decision.signers
    )
    return agreeing[1]
