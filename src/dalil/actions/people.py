"""Members of a circle: inviting, joining, vouching, revoking; and the front of `circles` and `doors`.

`LOCAL`, whoever sits at the workspace itself, founds a circle and invites its first members. From
then on the circle decides: its keepers invite, two members vouch for a newcomer, any two revoke.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from django.db import transaction

from dalil.actions.circles import add_circle, introduce_circle
from dalil.actions.doors import (
    change_passphrase,
    confirm_totp,
    disable_totp,
    enable_totp,
    issue_login,
    log_in,
    log_out_everywhere,
    new_recovery_codes,
    one_time_login,
    recover,
    spend_code,
    store_recovery_codes,
)
from dalil.actions.tokens import make_token, revoke_token
from dalil.audit import erasing, recording
from dalil.errors import Conflict, NotAllowed
from dalil.people import codes, passphrases, pseudonyms, throttle
from dalil.people.actor import MEMBER_ROLES, Actor, Role, Status
from dalil.people.models import Circle, Member, OneTimeCode, RecoveryCode, UploadToken, Vouching, random_id
from dalil.people.permissions import Act, require
from dalil.people.queries import actor_of
from dalil.people.sealing import Keys

__all__ = [
    "FOUNDERS",
    "VOUCHES",
    "Joined",
    "add_circle",
    "change_passphrase",
    "confirm_member",
    "confirm_totp",
    "disable_totp",
    "enable_totp",
    "expire_actor_keys",
    "introduce_circle",
    "invite",
    "issue_login",
    "join",
    "log_in",
    "log_out_everywhere",
    "make_token",
    "new_recovery_codes",
    "one_time_login",
    "recover",
    "revoke",
    "revoke_token",
]

FOUNDERS: Final = 3
"""So many members the command line may invite as active ones: two to vouch, and one to vouch about."""
VOUCHES: Final = 2


class Joined(NamedTuple):
    """A new member, and the recovery codes that are shown this once."""

    actor: Actor
    recovery_codes: tuple[str, ...]


def invite(actor: Actor, role: Role, *, now: datetime, keys: Keys, circle_id: str | None = None) -> str:
    """A one-time code with which somebody joins.

    A keeper invites into their own circle, on probation. The command line names a circle of this
    workspace and invites its first `FOUNDERS` members, active at once.

    Raises:
        NotAllowed: not a keeper, or another circle than one's own.
        Conflict: `circle-founded`: the circle has members enough to vouch.
        ValueError: `role` is not a member's.
    """
    if role not in MEMBER_ROLES:
        raise ValueError("not a member's role")
    require(actor, Act.FOUND_CIRCLE if actor.is_local else Act.INVITE)
    own = circle_id if actor.is_local else actor.circle_id
    if circle_id not in (None, own):
        raise NotAllowed("no-such-thing")
    code = codes.make()
    with transaction.atomic():
        home = Circle.objects.select_for_update().filter(pk=own, home=True).first()
        if home is None:
            raise NotAllowed("no-such-thing")
        OneTimeCode.objects.filter(expires_at__lt=now).delete()
        if actor.is_local:
            active = Member.objects.filter(circle=home, status=Status.ACTIVE).count()
            if active + OneTimeCode.objects.filter(circle=home, founding=True).count() >= FOUNDERS:
                raise Conflict("circle-founded")
        OneTimeCode.objects.create(
            mark=codes.code_mark(keys, "invite", code),
            purpose="invite",
            circle=home,
            role=role.value,
            founding=actor.is_local,
            expires_at=codes.expiry(now, codes.INVITATION),
        )
        recording.record(actor, "member.invited", home.pk, {"role": role.value, "founding": actor.is_local}, now)
    return code


def join(code: str, passphrase: str, *, now: datetime, keys: Keys, pseudonym: str | None = None) -> Joined:
    """Become a member by an invitation; the pseudonym is drawn.

    Args:
        pseudonym: for the sample week only, whose script names its members; must be one that could
            have been drawn.
    Raises:
        InputError: `code-wrong`, or `passphrase-short`; the invitation is then still good.
        Conflict: `member-taken`: the pseudonym is in use.
    """
    passphrases.require_good(passphrase)
    if pseudonym is not None and not pseudonyms.is_neutral(pseudonym):
        raise ValueError("not a pseudonym that could have been drawn")
    stored = passphrases.hashed(keys, passphrase)
    with transaction.atomic():
        invitation = spend_code(code, "invite", now, keys)
        taken = set(Member.objects.values_list("pseudonym", flat=True))
        if pseudonym in taken:
            raise Conflict("member-taken")
        member = Member.objects.create(
            circle=invitation.circle,
            pseudonym=pseudonym or pseudonyms.draw(taken.__contains__),
            role=invitation.role,
            status=(Status.ACTIVE if invitation.founding else Status.PROBATION).value,
            passphrase=stored,
        )
        fresh = store_recovery_codes(member, keys)
        actor = actor_of(member)
        recording.record(actor, "member.joined", _token(actor, member, now), {"role": member.role}, now)
    return Joined(actor, fresh)


def confirm_member(actor: Actor, member_id: str, *, now: datetime) -> Status:
    """Give one's word for a newcomer of one's own circle; the second word makes them active.

    Returns:
        where the newcomer stands now.
    Raises:
        NotAllowed: not active, another circle's, or oneself.
        Conflict: `member-not-waiting`, `vouched-already`.
    """
    require(actor, Act.CONFIRM)
    with transaction.atomic():
        member = _peer(actor, member_id)
        if member.status != Status.PROBATION:
            raise Conflict("member-not-waiting")
        if _vouch(actor, member, "confirm", now):
            Member.objects.filter(pk=member.pk).update(status=Status.ACTIVE.value)
            recording.record(actor, "member.confirmed", _token(actor, member, now), {}, now)
            return Status.ACTIVE
    return Status.PROBATION


def revoke(actor: Actor, member_id: str, *, now: datetime) -> Status:
    """Give one's word that a member of one's own circle must go; the second word, of any peer, does it at once.

    Their sessions end with it, and everything that could open their door is deleted. What they
    signed stays.

    Returns:
        where the member stands now.
    Raises:
        NotAllowed: not active, another circle's, or oneself.
        Conflict: `member-not-waiting` when revoked already, `vouched-already`.
    """
    require(actor, Act.REVOKE)
    with transaction.atomic():
        member = _peer(actor, member_id)
        if member.status == Status.REVOKED:
            raise Conflict("member-not-waiting")
        if not _vouch(actor, member, "revoke", now):
            return Status(member.status)
        Member.objects.filter(pk=member.pk).update(
            status=Status.REVOKED.value,
            passphrase=passphrases.UNUSABLE,
            totp_secret=b"",
            totp_on=False,
            session_nonce=random_id(),
        )
        RecoveryCode.objects.filter(member=member).delete()
        OneTimeCode.objects.filter(member=member).delete()
        UploadToken.objects.filter(member=member).delete()
        Vouching.objects.filter(peer=member).delete()
        Vouching.objects.filter(member=member).delete()
        recording.record(actor, "member.revoked", _token(actor, member, now), {}, now)
    return Status.REVOKED


def expire_actor_keys(now: datetime) -> int:
    """Destroy the audit's day keys older than thirty days, and what is left of old tries at the door.

    For the worker, once a day. Returns how many keys were destroyed.
    """
    throttle.clear(now)
    OneTimeCode.objects.filter(expires_at__lt=now).delete()
    UploadToken.objects.filter(expires_at__lt=now).delete()
    return erasing.expire(now)


def _peer(actor: Actor, member_id: str) -> Member:
    """Another member of the actor's own circle, locked; the actor must still be active as of now."""
    rows = Member.objects.select_for_update().filter(circle_id=actor.circle_id, pk__in=(actor.member_id, member_id))
    found = {row.pk: row for row in rows.order_by("pk")}
    me, member = found.get(actor.member_id), found.get(member_id)
    if me is None or member is None or me.pk == member.pk or me.status != Status.ACTIVE:
        raise NotAllowed("no-such-thing")
    return member


def _vouch(actor: Actor, member: Member, act: str, now: datetime) -> bool:
    """Keep one word; True when there are enough, which are then deleted, so that who spoke does not stay."""
    _row, fresh = Vouching.objects.get_or_create(member=member, peer_id=actor.member_id, act=act)
    if not fresh:
        raise Conflict("vouched-already")
    words = Vouching.objects.filter(member=member, act=act, peer__status=Status.ACTIVE.value)
    recording.record(actor, f"member.{act}_word", _token(actor, member, now), {}, now)
    if words.count() < VOUCHES:
        return False
    Vouching.objects.filter(member=member, act=act).delete()
    return True


def _token(actor: Actor, member: Member, now: datetime) -> str:
    return recording.member_token(actor.circle_id, member.pk, now)
