"""What is kept and how long, who is public, and what two circles decide about it, as pages see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dalil.actions import accounts, agreeing, mentioning, retaining
from dalil.actions.house import House
from dalil.people.actor import Actor
from dalil.people.permissions import Act, may
from dalil.web.rows import AccountRule, KeptClass, NamesFound, Wish


@dataclass(frozen=True, slots=True)
class KeepingRoom:
    house: House

    def rules(self, actor: Actor) -> list[AccountRule]:
        """Who is public by kind, and why."""
        return [AccountRule(row.platform, row.kind, row.public) for row in accounts.rules(actor)]

    def listed(self, actor: Actor) -> int:
        """How many accounts the workspace's own list makes public."""
        return len(accounts.listed(actor, house=self.house))

    def classes(self, actor: Actor) -> list[KeptClass]:
        return [KeptClass(row.name, row.days) for row in retaining.classes(actor, house=self.house)]

    def wishes(self, actor: Actor) -> list[Wish]:
        """The proposals that wait; none for whoever may decide none."""
        if not may(actor, Act.HOLD):
            return []
        return [
            Wish(
                row.agreement_id,
                row.kind,
                row.reason,
                row.subject if not row.detail else "",
                row.detail.get("platform", ""),
                row.detail.get("handle") or row.detail.get("native_id", ""),
                row.yours,
            )
            for row in agreeing.proposals(actor, house=self.house)
        ]

    def propose_account(self, actor: Actor, values: Mapping[str, Any]) -> str:
        return accounts.propose_account(
            actor,
            values["kind"],
            platform=values["platform"],
            native_id=values["native_id"],
            handle=values["handle"],
            house=self.house,
        )

    def propose_item(self, actor: Actor, values: Mapping[str, Any]) -> str:
        return agreeing.propose(
            actor, values["kind"], values["item"].strip(), reason=values["reason"], house=self.house
        )

    def agree(self, actor: Actor, agreement_id: str) -> None:
        accounts.agree(actor, agreement_id, house=self.house)

    def withdraw(self, actor: Actor, agreement_id: str) -> None:
        agreeing.withdraw(actor, agreement_id, house=self.house)

    def names(self, actor: Actor, name: str) -> NamesFound:
        """Where a name stands; what was looked for is kept nowhere."""
        found = mentioning.search(actor, name, house=self.house)
        return NamesFound(found.total, found.items, found.fields)
