"""The audit as pages see it: is it whole, where do the chains end, what came last."""

from __future__ import annotations

from dataclasses import dataclass

from dalil.actions import examining
from dalil.actions.house import House
from dalil.audit import queries
from dalil.people import queries as people
from dalil.people.actor import Actor
from dalil.web.rows import ChainHead, LedgerEntry, LedgerState


@dataclass(frozen=True, slots=True)
class LedgerRoom:
    house: House

    def state(self, actor: Actor) -> LedgerState:
        """Both chains walked; the newest entries are those of the reader's own circle."""
        colours = {row.circle_id: row.colour for row in people.circles()}
        return LedgerState(
            damages=examining.verify_chains(self.house).damaged,
            heads=tuple(
                ChainHead(colours.get(row.circle, row.circle), row.position, row.hash) for row in queries.heads()
            ),
            entries=tuple(LedgerEntry(row.day, row.seq, row.event) for row in queries.entries(actor, limit=50)),
        )
