"""A member's own door: logging in and out, recovering, the authenticator.

Logins are neither recorded nor audited: nothing here says who worked when. Every refusal reads the
same and costs the same, whether the pseudonym exists or not.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from dalil.audit import recording
from dalil.errors import Conflict, InputError, NotAllowed
from dalil.people import codes, passphrases, pseudonyms, throttle, totp
from dalil.people.actor import Actor, Status
from dalil.people.models import Member, OneTimeCode, RecoveryCode, UploadToken, random_id
from dalil.people.permissions import Act, require
from dalil.people.queries import actor_of
from dalil.people.sealing import Keys, seal, unseal


def log_in(pseudonym: str, passphrase: str, totp: str | None = None, *, now: datetime, keys: Keys) -> Actor:
    """Open the door with a passphrase, and the authenticator's code where the member has turned that on.

    Raises:
        InputError: `login-refused`, whatever was wrong.
        LimitReached: `login-throttled`, whether the pseudonym exists or not.
    """
    name = pseudonyms.normal(pseudonym)
    throttle.charge(keys, name, now)
    member = Member.objects.filter(pseudonym=name).exclude(status=Status.REVOKED).first()
    fits = passphrases.matches(keys, passphrase, None if member is None else member.passphrase)
    if member is None or not fits or not _second_fits(member, totp, now, keys):
        raise InputError("login-refused")
    throttle.forgive(keys, name, now)
    return actor_of(member)


def issue_login(member: Actor, *, now: datetime, keys: Keys, life: timedelta = codes.LOGIN) -> str:
    """A code that opens the member's own door once, for another of their devices.

    Only the member's own `Actor` makes one: nobody can make a login for somebody else.

    Raises:
        NotAllowed: not a member, or revoked.
    """
    require(member, Act.KEEP_DOOR)
    code = codes.make()
    with transaction.atomic():
        row = _own(member)
        OneTimeCode.objects.filter(expires_at__lt=now).delete()
        OneTimeCode.objects.create(
            mark=codes.code_mark(keys, "login", code),
            purpose="login",
            circle_id=row.circle_id,
            role=row.role,
            member=row,
            expires_at=codes.expiry(now, life),
        )
    return code


def one_time_login(code: str, *, now: datetime, keys: Keys) -> Actor:
    """Open the door with a code of `issue_login`.

    Raises:
        InputError: `code-wrong`: unknown, used, or expired.
    """
    with transaction.atomic():
        row = spend_code(code, "login", now, keys)
        if row.member is None or row.member.status == Status.REVOKED:
            raise InputError("code-wrong")
        return actor_of(row.member)


def recover(pseudonym: str, recovery_code: str, passphrase: str, *, now: datetime, keys: Keys) -> Actor:
    """Open the door with a recovery code and set a new passphrase; the authenticator is off afterwards
    and every session and token ends.

    Raises:
        InputError: `passphrase-short`, or `login-refused`, whatever else was wrong.
        LimitReached: `login-throttled`.
    """
    passphrases.require_good(passphrase)
    name = pseudonyms.normal(pseudonym)
    throttle.charge(keys, name, now)
    stored = passphrases.hashed(keys, passphrase)  # before looking, so that the work is always the same
    with transaction.atomic():
        member = Member.objects.select_for_update().filter(pseudonym=name).exclude(status=Status.REVOKED).first()
        owner = "" if member is None else member.pk
        mark = codes.code_mark(keys, "recovery", recovery_code, owner)
        spent, _by_model = RecoveryCode.objects.filter(member_id=owner, mark=mark).delete()
        if member is None or not spent:
            raise InputError("login-refused")
        _change(member, passphrase=stored, totp_on=False, totp_secret=b"", session_nonce=random_id())
        UploadToken.objects.filter(member=member).delete()
        recording.record(actor_of(member), "door.recovered", "", {}, now)
    throttle.forgive(keys, name, now)
    return actor_of(member)


def change_passphrase(actor: Actor, old: str, new: str, *, now: datetime, keys: Keys) -> None:
    """Set a new passphrase; every session and every token ends.

    Raises:
        InputError: `passphrase-short`, or `login-refused` when the old one is not right.
        LimitReached: `login-throttled`.
    """
    require(actor, Act.KEEP_DOOR)
    passphrases.require_good(new)
    _prove(actor, old, now, keys)
    stored = passphrases.hashed(keys, new)
    with transaction.atomic():
        member = _own(actor)
        _change(member, passphrase=stored, session_nonce=random_id())
        UploadToken.objects.filter(member=member).delete()
        recording.record(actor, "door.passphrase_changed", "", {}, now)


def new_recovery_codes(actor: Actor, passphrase: str, *, now: datetime, keys: Keys) -> tuple[str, ...]:
    """Make fresh recovery codes; the old ones end.

    Raises:
        InputError: `login-refused` when the passphrase is not right.
        LimitReached: `login-throttled`.
    """
    require(actor, Act.KEEP_DOOR)
    _prove(actor, passphrase, now, keys)
    with transaction.atomic():
        member = _own(actor)
        RecoveryCode.objects.filter(member=member).delete()
        fresh = store_recovery_codes(member, keys)
        recording.record(actor, "door.recovery_renewed", "", {}, now)
    return fresh


def enable_totp(actor: Actor, *, keys: Keys) -> totp.Offer:
    """Offer a new authenticator secret; it is asked for only once `confirm_totp` has seen a code of it.

    Raises:
        NotAllowed: not a member.
        Conflict: `door-changed`: an authenticator is on already; turn it off first.
    """
    require(actor, Act.KEEP_DOOR)
    offer = totp.offer()
    with transaction.atomic():
        member = _own(actor)
        if member.totp_on:
            raise Conflict("door-changed")
        _change(member, totp_secret=seal(keys, member.pk, offer.secret.encode()))
    return offer


def confirm_totp(actor: Actor, code: str, *, now: datetime, keys: Keys) -> None:
    """Turn the offered authenticator on, shown that it works.

    Raises:
        InputError: `totp-wrong`.
        Conflict: `door-changed`: nothing was offered, or it is on already.
        LimitReached: `login-throttled`.
    """
    require(actor, Act.KEEP_DOOR)
    throttle.charge(keys, actor.member_id, now)
    with transaction.atomic():
        member = _own(actor)
        if member.totp_on or not member.totp_secret:
            raise Conflict("door-changed")
        if not _code_fits(member, code, now, keys):
            raise InputError("totp-wrong")
        _change(member, totp_on=True)
        recording.record(actor, "door.totp_on", "", {}, now)
    throttle.forgive(keys, actor.member_id, now)


def disable_totp(actor: Actor, passphrase: str, *, now: datetime, keys: Keys) -> None:
    """Turn the authenticator off and forget its secret.

    Raises:
        InputError: `login-refused` when the passphrase is not right.
        LimitReached: `login-throttled`.
    """
    require(actor, Act.KEEP_DOOR)
    _prove(actor, passphrase, now, keys)
    with transaction.atomic():
        _change(_own(actor), totp_on=False, totp_secret=b"")
        recording.record(actor, "door.totp_off", "", {}, now)


def log_out_everywhere(actor: Actor, *, now: datetime) -> None:
    """End every session of the member, on every device, every login code not yet used, and every token."""
    require(actor, Act.KEEP_DOOR)
    with transaction.atomic():
        member = _own(actor)
        OneTimeCode.objects.filter(member=member).delete()
        UploadToken.objects.filter(member=member).delete()
        _change(member, session_nonce=random_id())
        recording.record(actor, "door.sessions_ended", "", {}, now)


def spend_code(code: str, purpose: str, now: datetime, keys: Keys) -> OneTimeCode:
    """Use a code up, inside the caller's transaction; of two at once only one succeeds.

    Raises:
        InputError: `code-wrong`.
    """
    mark = codes.code_mark(keys, purpose, code)
    found = OneTimeCode.objects.select_for_update().filter(mark=mark, purpose=purpose, expires_at__gt=now)
    row = found.first()
    if row is None or not OneTimeCode.objects.filter(mark=mark).delete()[0]:
        raise InputError("code-wrong")
    return row


def store_recovery_codes(member: Member, keys: Keys) -> tuple[str, ...]:
    """Make and store a set of recovery codes, inside the caller's transaction."""
    fresh = tuple(codes.make() for _ in range(codes.RECOVERY_CODES))
    RecoveryCode.objects.bulk_create(
        RecoveryCode(member=member, mark=codes.code_mark(keys, "recovery", code, member.pk)) for code in fresh
    )
    return fresh


def _own(actor: Actor) -> Member:
    """The actor's row, locked; NotAllowed when it is gone or revoked meanwhile."""
    member = Member.objects.select_for_update().filter(pk=actor.member_id).exclude(status=Status.REVOKED).first()
    if member is None:
        raise NotAllowed("no-such-thing")
    return member


def _change(member: Member, **values: object) -> None:
    for name, value in values.items():
        setattr(member, name, value)
    member.save(update_fields=list(values))


def _prove(actor: Actor, passphrase: str, now: datetime, keys: Keys) -> None:
    """Ask for the passphrase again before the door itself is changed."""
    throttle.charge(keys, actor.pseudonym, now)
    stored = Member.objects.filter(pk=actor.member_id).values_list("passphrase", flat=True).first()
    if not passphrases.matches(keys, passphrase, stored):
        raise InputError("login-refused")
    throttle.forgive(keys, actor.pseudonym, now)


def _second_fits(member: Member, code: str | None, now: datetime, keys: Keys) -> bool:
    return not member.totp_on or (code is not None and _code_fits(member, code, now, keys))


def _code_fits(member: Member, code: str, now: datetime, keys: Keys) -> bool:
    secret = unseal(keys, member.pk, bytes(member.totp_secret)).decode()
    step = totp.matching_step(secret, code, now)
    return step is not None and throttle.spend(keys, member.pk, step)
