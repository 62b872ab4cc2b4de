"""What may happen to a claim when, as tables: its states, its steps, and the next one.

    logged → taken → checking → proposed → settled → reopened → (taken or checking) …

A state is never stored by an act: it follows from the events of the claim's current round
(`folding`). The tables here are what an act at this workspace's door is held against.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from dalil.desk.verdicts import Outcome
from dalil.errors import Conflict
from dalil.schema.words import ClaimType


class State(StrEnum):
    """Where a claim stands in its current round."""

    LOGGED = "logged"
    TAKEN = "taken"
    CHECKING = "checking"
    PROPOSED = "proposed"
    SETTLED = "settled"
    REOPENED = "reopened"


ALLOWED: Final[dict[State, frozenset[State]]] = {
    State.LOGGED: frozenset({State.TAKEN, State.CHECKING}),
    State.TAKEN: frozenset({State.LOGGED, State.REOPENED, State.CHECKING}),
    State.CHECKING: frozenset({State.PROPOSED}),
    State.PROPOSED: frozenset({State.SETTLED, State.REOPENED}),
    State.SETTLED: frozenset({State.REOPENED}),
    State.REOPENED: frozenset({State.TAKEN, State.CHECKING}),
}
"""From a state to those that one act here can lead to. Handing back an unchecked claim leads back."""


class Step(StrEnum):
    """What people do with a claim; the words of `ClaimPage.may`."""

    TAKE = "take"
    HAND_OVER = "hand_over"
    CODE = "code"
    CHECK = "check"
    FIND = "find"
    VOTE = "vote"
    REOPEN = "reopen"
    ANSWER = "answer"
    POST = "post"
    SILENCE = "silence"
    END_SILENCE = "end_silence"
    WARN = "warn"


_OPEN: Final = frozenset(State) - {State.SETTLED}
STEP_STATES: Final[dict[Step, frozenset[State]]] = {
    Step.TAKE: _OPEN,
    Step.HAND_OVER: _OPEN,
    Step.CODE: frozenset(State),
    Step.CHECK: _OPEN,
    Step.FIND: _OPEN,
    Step.VOTE: frozenset({State.CHECKING, State.PROPOSED}),
    Step.REOPEN: frozenset({State.PROPOSED, State.SETTLED}),
    Step.ANSWER: frozenset({State.SETTLED}),
    Step.POST: frozenset({State.SETTLED}),
    Step.SILENCE: frozenset(State),
    Step.END_SILENCE: frozenset(State),
    Step.WARN: frozenset(State),
}
"""In which states a step may be taken at all; `OBSTACLES` says what else stands in its way."""

NEVER_SILENCED: Final = frozenset({ClaimType.THREAT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the rules look at. Circles are fingerprints; `voted` those with a vote in the current round;
    `tokens` the member tokens of those votes; `open_checks` and `found` count checks without a finding, and
    findings (answered checks and media findings) of any round."""

    state: State
    claim_type: ClaimType
    outcome: Outcome
    holder_circle: str | None = None
    voted: frozenset[str] = frozenset()
    tokens: frozenset[str] = frozenset()
    open_checks: int = 0
    found: int = 0
    found_now: int = 0
    """Findings of the current round."""
    answered: bool = False
    ready: bool = False
    """An answer that rests on the verdict in force waits to be posted."""
    warned: bool = False
    silent_since: datetime | None = None
    silent_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """Who tries a step: the circle's fingerprint, and the member's tokens under every circle key held here."""

    circle: str
    tokens: frozenset[str] = field(default_factory=frozenset)


Obstacle = tuple[str, Callable[[Standing, Try], bool]]
OBSTACLES: Final[dict[Step, tuple[Obstacle, ...]]] = {
    Step.TAKE: (("claim-held", lambda now, _: now.holder_circle is not None),),
    Step.HAND_OVER: (("claim-not-yours", lambda now, by: now.holder_circle != by.circle),),
    Step.VOTE: (
        ("vote-same-circle", lambda now, by: by.circle in now.voted),
        ("vote-same-person", lambda now, by: not by.tokens.isdisjoint(now.tokens)),
        ("vote-not-open", lambda now, _: now.outcome not in (Outcome.NONE, Outcome.ONE, Outcome.THIRD)),
        ("vote-without-finding", lambda now, _: now.found_now == 0),
    ),
    Step.REOPEN: (("vote-in-progress", lambda now, _: now.outcome in (Outcome.ONE, Outcome.THIRD)),),
    Step.ANSWER: (
        ("answer-check-open", lambda now, _: now.open_checks > 0),
        ("answer-without-evidence", lambda now, _: now.found == 0),
    ),
    Step.POST: (("answer-check-open", lambda now, _: now.open_checks > 0),),
    Step.SILENCE: (
        ("silence-threat", lambda now, _: now.claim_type in NEVER_SILENCED),
        ("silence-answered", lambda now, _: now.answered),
    ),
    Step.END_SILENCE: (("claim-state", lambda now, _: now.silent_until is None),),
    Step.WARN: (
        ("warn-no-threat", lambda now, _: now.claim_type is not ClaimType.THREAT),
        ("warn-done", lambda now, _: now.warned),
    ),
}
"""What stands in the way of a step, in the order in which it is told; each code is in `errors.MESSAGES`."""


def obstacle(step: Step, now: Standing, by: Try) -> str | None:
    """The code of the first thing in the way, the state before all else; None: the step may be taken."""
    if now.state not in STEP_STATES[step]:
        return "claim-state"
    return next((code for code, stands in OBSTACLES.get(step, ()) if stands(now, by)), None)


def require(step: Step, now: Standing, by: Try) -> None:
    """Hold a step against the tables.

    Raises:
        Conflict: something stands in its way; the code says what.
    """
    code = obstacle(step, now, by)
    if code is not None:
        raise Conflict(code, state=now.state.value, step=step.value)


def steps_open(now: Standing, by: Try) -> frozenset[Step]:
    """The steps that nothing stands in the way of; permission is asked apart."""
    return frozenset(step for step in Step if obstacle(step, now, by) is None)


# The first row that fits names the one next step of a claim (keys of rows.NEXT_STEPS).
NEXT: Final[tuple[tuple[str, Callable[[Standing, datetime], bool]], ...]] = (
    ("warn", lambda it, _: it.claim_type is ClaimType.THREAT and not it.warned),
    ("none", lambda it, _: it.answered and it.state is State.SETTLED),
    ("review_silence", lambda it, now: it.silent_until is not None and it.silent_until <= now),
    ("none", lambda it, _: it.silent_until is not None),
    ("answer", lambda it, _: it.state is State.SETTLED),
    ("second_vote", lambda it, _: it.outcome is Outcome.ONE),
    ("third_vote", lambda it, _: it.outcome is Outcome.THIRD),
    ("none", lambda it, _: it.state is State.PROPOSED),
    ("take", lambda it, _: it.state in (State.LOGGED, State.REOPENED)),
    ("check", lambda it, _: it.state is State.TAKEN or it.found_now == 0),
    ("first_vote", lambda it, _: it.state is State.CHECKING),
)


def next_step(it: Standing, *, now: datetime) -> str:
    """The one thing to do next, a key of `rows.NEXT_STEPS`."""
    return next((step for step, fits in NEXT if fits(it, now)), "none")
