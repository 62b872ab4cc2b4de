"""Who is asking: which act a step needs, and the circles by the fingerprint that events name them with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dalil.desk.rules import Step
from dalil.desk.signing import fingerprint
from dalil.people import queries as people
from dalil.people.actor import Actor
from dalil.people.permissions import Act, may

STEP_ACTS: Final[dict[Step, Act]] = {
    Step.TAKE: Act.TAKE,
    Step.HAND_OVER: Act.HAND_OVER,
    Step.CODE: Act.CODE_REPORT,
    Step.CHECK: Act.CHECK,
    Step.FIND: Act.FIND_MEDIA,
    Step.VOTE: Act.VOTE,
    Step.REOPEN: Act.REOPEN,
    Step.ANSWER: Act.DRAFT_ANSWER,
    Step.POST: Act.POST_ANSWER,
    Step.SILENCE: Act.SILENCE,
    Step.END_SILENCE: Act.SILENCE,
    Step.WARN: Act.CHECK,
}


@dataclass(frozen=True, slots=True)
class Circles:
    """The circles that this workspace knows, by fingerprint, and the reader's own."""

    by_mark: dict[str, people.CircleRow]
    own: str

    def colour(self, mark: str) -> str:
        """The colour that a circle has here; `unknown` for one that was forgotten."""
        row = self.by_mark.get(mark)
        return row.colour if row else "unknown"


def mark_of(row: people.CircleRow) -> str:
    """The fingerprint by which events name a circle."""
    return fingerprint(bytes.fromhex(row.sign_public))


def circles(actor: Actor) -> Circles:
    """One query; `own` is empty for the command line."""
    by_mark = {mark_of(row): row for row in people.circles()}
    own = next((mark for mark, row in by_mark.items() if row.circle_id == actor.circle_id), "")
    return Circles(by_mark, own)


def permitted(actor: Actor, steps: frozenset[Step]) -> frozenset[str]:
    """Those of the steps that the actor's role and status allow, as words for the page."""
    return frozenset(step.value for step in steps if may(actor, STEP_ACTS[step]))
