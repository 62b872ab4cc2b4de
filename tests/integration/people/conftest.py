"""A circle with its three founders, made the way a keeper makes one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

PASSPHRASE = "seven quiet lamps by the mill"


@dataclass
class Group:
    """A circle and its members' actors; `codes` are each one's recovery codes."""

    circle_id: str
    keys: Any
    now: datetime
    actors: list[Any] = field(default_factory=list)
    codes: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def join(self, code: str, passphrase: str = PASSPHRASE) -> Any:
        from dalil.actions import people

        joined = people.join(code, passphrase, now=self.now, keys=self.keys)
        self.codes[joined.actor.member_id] = joined.recovery_codes
        self.actors.append(joined.actor)
        return joined.actor

    def newcomer(self) -> Any:
        from dalil.actions import people
        from dalil.people.actor import Role

        return self.join(people.invite(self.actors[0], Role.CHECKER, now=self.now, keys=self.keys))

    def fresh(self, actor: Any) -> Any:
        """The actor as a new request would see them; None when the door is shut."""
        from dalil.people import queries

        return queries.actor_for(actor.member_id, queries.session_nonce(actor))


def found(colour: str, keys: Any, now: datetime) -> Group:
    from dalil.actions import people
    from dalil.people.actor import LOCAL, Role

    group = Group(people.add_circle(colour, now=now, keys=keys).circle_id, keys, now)
    for role in (Role.KEEPER, Role.EDITOR, Role.CHECKER):
        group.join(people.invite(LOCAL, role, now=now, keys=keys, circle_id=group.circle_id))
    return group


@pytest.fixture
def blue(each_database: str, keys: Any, now: datetime) -> Group:
    return found("blue", keys, now)


@pytest.fixture
def green(blue: Group, keys: Any, now: datetime) -> Group:
    return found("green", keys, now)
