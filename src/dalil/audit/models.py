"""Entries of the chain, the chain's head per circle, and the day keys that make actor tokens.

Triggers (in the migrations) forbid changing or deleting an entry, and let a head only move forward.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Entry(models.Model):
    """One thing that was done. No time finer than a day; the actor is a token of that day.

    `position` counts within the circle's chain, `seq` within its day; both begin at 1. `facts` is
    the exact canonical JSON text that was hashed.
    """

    circle = models.CharField(max_length=32)
    position = models.PositiveBigIntegerField()
    day = models.DateField()
    seq = models.PositiveIntegerField()
    actor = models.CharField(max_length=32)
    event = models.CharField(max_length=64)
    subject = models.CharField(max_length=128)
    facts = models.TextField()
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["circle", "position"], name="entry_position"),
            models.UniqueConstraint(fields=["circle", "day", "seq"], name="entry_seq"),
        ]


class Head(models.Model):
    """The last entry of one circle's chain; also the row that its writers queue up for."""

    circle = models.CharField(primary_key=True, max_length=32)
    position = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64)


class DayKey(models.Model):
    """32 random bytes that tie a day's tokens to members; deleted after thirty days."""

    circle = models.CharField(max_length=32)
    day = models.DateField()
    key = models.BinaryField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["circle", "day"], name="daykey_once")]
