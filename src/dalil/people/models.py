"""What the database holds of people: random ids, pseudonyms, hashes; no field that says who anyone is.

No row knows when somebody joined, logged in or was last seen. Vouchings are removed as soon as they
have done their work, so that who brought in whom does not stay.
"""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.db import models


def random_id() -> str:
    """128 random bits as 32 hex digits."""
    return secrets.token_hex(16)


class Circle(models.Model):
    """A working group. `home` marks those whose members work in this workspace; the others are known
    by their public keys alone (`sign_public`: Ed25519, 64 hex digits; `seal_recipient`: age)."""

    id = models.CharField(primary_key=True, max_length=32, default=random_id, editable=False)
    colour = models.CharField(max_length=24, unique=True)
    sign_public = models.CharField(max_length=64)
    seal_recipient = models.CharField(max_length=120)
    home = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["colour"]


class Member(models.Model):
    """One pseudonym in one circle. Whoever is revoked keeps the row (events refer to it), not the secrets.

    `passphrase` is an Argon2id hash; `totp_secret` is sealed with a key of the workspace's key ring,
    and asked for only once `totp_on`; `session_nonce` changes to end every session.
    """

    id = models.CharField(primary_key=True, max_length=32, default=random_id, editable=False)
    circle = models.ForeignKey(Circle, on_delete=models.PROTECT, related_name="members")
    pseudonym = models.CharField(max_length=32, unique=True)
    role = models.CharField(max_length=16)
    status = models.CharField(max_length=16)
    passphrase = models.CharField(max_length=256)
    totp_secret = models.BinaryField(default=b"")
    totp_on = models.BooleanField(default=False)
    session_nonce = models.CharField(max_length=32, default=random_id)


class RecoveryCode(models.Model):
    """One unused recovery code, as a keyed hash; the row is deleted by its use."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE)
    mark = models.CharField(max_length=64, unique=True)


class OneTimeCode(models.Model):
    """An invitation, or a login for another device; a keyed hash, deleted by its use.

    `expires_at` is rounded up to a full quarter of an hour, so that it does not tell the minute of an act.
    `founding` invitations make an active member, for a circle that has nobody to vouch yet.
    """

    mark = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=8)
    circle = models.ForeignKey(Circle, on_delete=models.CASCADE)
    role = models.CharField(max_length=16)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, null=True)
    founding = models.BooleanField(default=False)
    expires_at = models.DateTimeField()


class Vouching(models.Model):
    """One peer's word about a member: `confirm` or `revoke`. Two of a kind decide, and are then deleted."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    peer = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    act = models.CharField(max_length=8)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["member", "peer", "act"], name="vouching_once")]


class Trial(models.Model):
    """Tries at the door, counted without saying whose or when: `mark` is a keyed hash of the pseudonym and
    a coarse window of time; `until_hour` (hours since 1970) is when the row can be cleared away."""

    mark = models.CharField(primary_key=True, max_length=64)
    count = models.PositiveIntegerField(default=0)
    until_hour = models.PositiveIntegerField()


class SpentStep(models.Model):
    """A one-time password that was used, as a keyed hash, so that it is not used twice; cleared like `Trial`."""

    mark = models.CharField(primary_key=True, max_length=64)
    until_hour = models.PositiveIntegerField()


class UploadToken(models.Model):
    """A key with which a program hands in files for a member, and does nothing else; a keyed hash of it.

    `label` is drawn and says nothing. `expires_at` is a Monday, the same for all tokens made in one week,
    so that it does not tell the day of an act.
    """

    mark = models.CharField(max_length=64, unique=True)
    member = models.ForeignKey(Member, on_delete=models.CASCADE)
    label = models.CharField(max_length=8)
    expires_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["member", "label"], name="token_label_once")]
