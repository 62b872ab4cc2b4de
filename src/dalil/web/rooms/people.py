"""People as pages see them: logins, the reader's own circle and own door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dalil.actions import doors, people, tokens
from dalil.actions.house import House
from dalil.people import queries
from dalil.people.actor import Actor, Role
from dalil.people.permissions import Act, may
from dalil.people.queries import CircleRow, MemberRow, TokenRow

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PeopleRoom:
    """Each act takes the checked values of its form, where it has one."""

    house: House

    def _with(self) -> dict[str, Any]:
        return {"now": self.house.now(), "keys": self.house.unlocked()}

    def actor_for(self, member_id: str, session_nonce: str) -> Actor | None:
        return queries.actor_for(member_id, session_nonce)

    def session_nonce(self, actor: Actor) -> str:
        return queries.session_nonce(actor)

    def colour_of(self, circle_id: str) -> str:
        found = queries.circle(circle_id)
        return found.colour if found is not None else ""

    def log_in(self, values: Values) -> Actor:
        return doors.log_in(values["pseudonym"], values["passphrase"], values["totp"] or None, **self._with())

    def one_time_login(self, code: str) -> Actor:
        return doors.one_time_login(code, **self._with())

    def recover(self, values: Values) -> Actor:
        return doors.recover(values["pseudonym"], values["code"], values["passphrase"], **self._with())

    def join(self, values: Values) -> tuple[Actor, tuple[str, ...]]:
        """The new member, and the recovery codes to show once."""
        joined = people.join(values["code"], values["passphrase"], **self._with())
        return joined.actor, joined.recovery_codes

    def members(self, actor: Actor) -> list[MemberRow]:
        return queries.member_rows(actor)

    def circles(self) -> list[CircleRow]:
        return queries.circles()

    def may_invite(self, actor: Actor) -> bool:
        return may(actor, Act.INVITE)

    def invite(self, actor: Actor, role: str) -> str:
        return people.invite(actor, Role(role), **self._with())

    def confirm(self, actor: Actor, member_id: str) -> None:
        people.confirm_member(actor, member_id, now=self.house.now())

    def revoke(self, actor: Actor, member_id: str) -> None:
        people.revoke(actor, member_id, now=self.house.now())

    def has_totp(self, actor: Actor) -> bool:
        return queries.has_totp(actor)

    def begin_totp(self, actor: Actor) -> str:
        """A new secret in base 32, to show once."""
        return doors.enable_totp(actor, keys=self.house.unlocked()).secret

    def enable_totp(self, actor: Actor, code: str) -> None:
        doors.confirm_totp(actor, code, **self._with())

    def tokens(self, actor: Actor) -> list[TokenRow]:
        return queries.tokens(actor, now=self.house.now())

    def make_token(self, actor: Actor) -> tuple[str, str]:
        """Label and token of a new one; the token is shown once."""
        return tokens.make_token(actor, **self._with())

    def revoke_token(self, actor: Actor, label: str) -> None:
        tokens.revoke_token(actor, label, now=self.house.now())

    def log_out_everywhere(self, actor: Actor) -> None:
        doors.log_out_everywhere(actor, now=self.house.now())
