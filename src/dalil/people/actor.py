"""Who acts: the frozen answer to one login, and `LOCAL` for the command line.

Also the two closed vocabularies that say what someone is in a circle.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What a member does in their circle. `LOCAL` is the command line: no member holds it."""

    SPOTTER = "spotter"
    CHECKER = "checker"
    EDITOR = "editor"
    RESEARCHER = "researcher"
    KEEPER = "keeper"
    LOCAL = "local"


class Status(StrEnum):
    """Where a member stands: on probation until two peers have vouched, revoked by any two."""

    PROBATION = "probation"
    ACTIVE = "active"
    REVOKED = "revoked"


MEMBER_ROLES: Final = (Role.SPOTTER, Role.CHECKER, Role.EDITOR, Role.RESEARCHER, Role.KEEPER)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, as of one request: a pseudonym in a circle, with a role and a standing."""

    member_id: str
    circle_id: str
    role: Role
    pseudonym: str
    status: Status

    @property
    def is_local(self) -> bool:
        """Whether this is the command line, which never signs."""
        return self.role is Role.LOCAL

    @staticmethod
    def local() -> Actor:
        """The command line."""
        return LOCAL


LOCAL: Final = Actor(member_id="local", circle_id="", role=Role.LOCAL, pseudonym="local", status=Status.ACTIVE)
