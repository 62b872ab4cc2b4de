"""The table of jobs. A job holds ids and paths, never content; its failure is a code."""

from __future__ import annotations

import secrets
from enum import StrEnum
from typing import ClassVar

from django.db import models


class State(StrEnum):
    """Where a job stands. A running job whose lease has ended is taken up by the next worker."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


UNFINISHED = (State.QUEUED.value, State.RUNNING.value)


def random_id() -> str:
    """128 random bits as 32 hex digits."""
    return secrets.token_hex(16)


class Job(models.Model):
    """One job: the names of its steps, the one it is at, and that step's checkpoint.

    `worker` and `lease_until` are set while it runs; `once` keeps a second click from doubling it
    while the first is unfinished. At its end a job keeps counts, codes and its `report`, which holds ids,
    codes and numbers only; payload and checkpoint go. `order` counts up, so that jobs begin in the order they came.
    """

    order = models.BigAutoField(primary_key=True)
    job_id = models.CharField(max_length=32, unique=True, default=random_id, editable=False)
    kind = models.CharField(max_length=64)
    circle = models.CharField(max_length=32, default="", blank=True)
    payload = models.JSONField(default=dict)
    steps = models.JSONField(default=list)
    step = models.PositiveIntegerField(default=0)
    checkpoint = models.JSONField(default=dict)
    report = models.JSONField(default=dict)
    state = models.CharField(max_length=16, default=State.QUEUED.value)
    once = models.CharField(max_length=128, default="", blank=True)
    attempts = models.PositiveIntegerField(default=0)
    worker = models.CharField(max_length=32, default="", blank=True)
    lease_until = models.DateTimeField(null=True)
    cancel_asked = models.BooleanField(default=False)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    unit = models.CharField(max_length=24, default="", blank=True)
    error_code = models.CharField(max_length=64, default="", blank=True)
    queued_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "order"], name="job_state_order")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["once"],
                condition=models.Q(state__in=UNFINISHED) & ~models.Q(once=""),
                name="job_once",
            )
        ]


class Taken(models.Model):
    """Something that a watched folder held and that was handed to the worker, as a keyed hash: of its bytes, or
    of its name, size and time. No time stands here, and without the workspace's key a row says nothing."""

    mark = models.CharField(primary_key=True, max_length=64)
