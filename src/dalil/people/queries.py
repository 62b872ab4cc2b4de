"""What other rooms may read of people: frozen rows, and of members never beyond one's own circle."""

from __future__ import annotations

import hmac
from datetime import date, datetime

import msgspec

from dalil.people.actor import Actor, Role, Status
from dalil.people.codes import code_mark
from dalil.people.models import Circle, Member, UploadToken, Vouching
from dalil.people.permissions import Act, may
from dalil.people.sealing import Keys


class CircleRow(msgspec.Struct, frozen=True, kw_only=True):
    """A circle and its public keys: `sign_public` 64 hex digits (Ed25519), `seal_recipient` an age recipient."""

    circle_id: str
    colour: str
    sign_public: str
    seal_recipient: str
    home: bool


class TokenRow(msgspec.Struct, frozen=True, kw_only=True):
    """One of the reader's own tokens: its drawn label, and the day on which it ends."""

    label: str
    ends: date


class MemberRow(msgspec.Struct, frozen=True, kw_only=True):
    """A member of the reader's own circle. `confirmations` and `revocations` count the words given so
    far, not whose they are; `mine` whether the reader gave one of each."""

    member_id: str
    pseudonym: str
    role: Role
    status: Status
    confirmations: int
    revocations: int
    i_confirmed: bool
    i_revoked: bool


def circles() -> list[CircleRow]:
    """Every circle that this workspace knows, by colour."""
    return [_circle_row(circle) for circle in Circle.objects.order_by("colour")]


def circle(circle_id: str) -> CircleRow | None:
    """One circle, or None."""
    found = Circle.objects.filter(pk=circle_id).first()
    return None if found is None else _circle_row(found)


def member_rows(actor: Actor) -> list[MemberRow]:
    """The members of the reader's own circle, by pseudonym; nobody for those who may not list it."""
    if not may(actor, Act.LIST_CIRCLE):
        return []
    words: dict[tuple[str, str], set[str]] = {}
    for vouching in Vouching.objects.filter(member__circle_id=actor.circle_id):
        words.setdefault((vouching.member_id, vouching.act), set()).add(vouching.peer_id)
    rows = []
    for member in Member.objects.filter(circle_id=actor.circle_id).order_by("pseudonym"):
        confirmed, revoked = (words.get((member.pk, act), set()) for act in ("confirm", "revoke"))
        rows.append(
            MemberRow(
                member_id=member.pk,
                pseudonym=member.pseudonym,
                role=Role(member.role),
                status=Status(member.status),
                confirmations=len(confirmed),
                revocations=len(revoked),
                i_confirmed=actor.member_id in confirmed,
                i_revoked=actor.member_id in revoked,
            )
        )
    return rows


def pseudonyms(actor: Actor) -> dict[str, str]:
    """Member id → pseudonym, of the reader's own circle alone; the desk shows holders by it."""
    if not may(actor, Act.READ) or actor.is_local:
        return {}
    return dict(Member.objects.filter(circle_id=actor.circle_id).values_list("pk", "pseudonym"))


def actor_for(member_id: str, session_nonce: str) -> Actor | None:
    """The actor behind a session; None once the nonce has changed or the member is revoked."""
    member = Member.objects.filter(pk=member_id).first()
    if member is None or member.status == Status.REVOKED:
        return None
    if not hmac.compare_digest(member.session_nonce.encode(), session_nonce.encode()):
        return None
    return actor_of(member)


def session_nonce(actor: Actor) -> str:
    """What a new session of the actor keeps beside the member id, for `actor_for`.

    Raises:
        Member.DoesNotExist: the actor is not a member of this workspace.
    """
    return Member.objects.values_list("session_nonce", flat=True).get(pk=actor.member_id)


def tokens(actor: Actor, *, now: datetime) -> list[TokenRow]:
    """The reader's own tokens, by label; never anybody else's."""
    if not may(actor, Act.KEEP_DOOR):
        return []
    found = UploadToken.objects.filter(member_id=actor.member_id, expires_at__gt=now).order_by("label")
    return [TokenRow(label=row.label, ends=row.expires_at.date()) for row in found]


def actor_with_token(token: str, *, now: datetime, keys: Keys) -> Actor | None:
    """The member whose token it is; None for one that is unknown, ended or expired."""
    mark = code_mark(keys, "token", token)
    found = UploadToken.objects.select_related("member").filter(mark=mark, expires_at__gt=now).first()
    if found is None or found.member.status == Status.REVOKED:
        return None
    return actor_of(found.member)


def has_totp(actor: Actor) -> bool:
    """Whether the actor's own door asks for an authenticator's code."""
    return Member.objects.filter(pk=actor.member_id, totp_on=True).exists()


def actor_of(member: Member) -> Actor:
    """The frozen actor of a row."""
    return Actor(
        member_id=member.pk,
        circle_id=member.circle_id,
        role=Role(member.role),
        pseudonym=member.pseudonym,
        status=Status(member.status),
    )


def _circle_row(row: Circle) -> CircleRow:
    return CircleRow(
        circle_id=row.pk,
        colour=row.colour,
        sign_public=row.sign_public,
        seal_recipient=row.seal_recipient,
        home=row.home,
    )
