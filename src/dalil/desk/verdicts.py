"""When votes make a verdict: two circles that agree, else a third; a table, blind to order.

    revealed votes      outcome
    ──────────────      ───────
    none, one           none, one: another circle votes
    a a                 agreed: a
    a b                 third: a third circle votes
    a a b               agreed: a (majority of three)
    a b c               split: no verdict, a new round begins
    a a b b             split (four circles voted apart from each other, without a network)

Three different verdicts are no verdict: calling that "unproven" would sign two circles to something
that they did not vote. Only the multiset of votes counts, never which came first, so that every
workspace reaches the same verdict from the same packets, and a back-dated vote can push nobody out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from dalil.schema.words import ClaimVerdict

SIGNATURES = 2
"""So many circles must agree."""


class Outcome(StrEnum):
    """Where the votes of one round stand."""

    NONE = "none"
    ONE = "one"
    WAITING = "waiting"
    """Two or more are bound, and not all are revealed yet."""
    THIRD = "third"
    AGREED = "agreed"
    SPLIT = "split"


@dataclass(frozen=True, slots=True)
class Ballot:
    """One sealed vote; `vote` is None until a reveal fits the commitment."""

    circle: str
    member: str
    vote: ClaimVerdict | None


@dataclass(frozen=True, slots=True)
class Decision:
    """What the votes of a round amount to; `signers` the circles whose vote is the verdict."""

    outcome: Outcome
    verdict: ClaimVerdict | None = None
    signers: frozenset[str] = frozenset()


def counted(ballots: Iterable[Ballot]) -> list[Ballot]:
    """The votes that count: one for each circle and each member, the first in the order given."""
    circles: set[str] = set()
    members: set[str] = set()
    kept = []
    for ballot in ballots:
        if ballot.circle in circles or ballot.member in members:
            continue
        circles.add(ballot.circle)
        members.add(ballot.member)
        kept.append(ballot)
    return kept


def decide(ballots: Iterable[Ballot]) -> Decision:
    """What the votes of one round amount to.

    Args:
        ballots: in the one order of events; a second vote of a circle or member is passed over.
    """
    votes = counted(ballots)
    told = [ballot for ballot in votes if ballot.vote is not None]
    tally = Counter(ballot.vote for ballot in told).most_common()
    if tally and tally[0][1] >= SIGNATURES and (len(tally) == 1 or tally[1][1] < tally[0][1]):
        verdict = tally[0][0]
        return Decision(Outcome.AGREED, verdict, frozenset(b.circle for b in told if b.vote is verdict))
    if len(votes) < SIGNATURES:
        return Decision(Outcome.ONE if votes else Outcome.NONE)
    if len(told) < len(votes):
        return Decision(Outcome.WAITING)
    return Decision(Outcome.THIRD if len(votes) == SIGNATURES else Outcome.SPLIT)


def may_reveal(ballots: Iterable[Ballot]) -> bool:
    """Whether votes of this round may be told: two circles are bound."""
    return len(counted(ballots)) >= SIGNATURES
