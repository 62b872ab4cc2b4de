"""What the desk stores: the events, append-only, and the projections that pages and lists need.

Only `DeskEvent` and `SealedVote` hold anything that cannot be rebuilt (`projection.rebuild`). One
claim's page is folded from its events when it is read; rows are kept for what spans many claims.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class DeskEvent(models.Model):
    """One signed event; triggers refuse UPDATE and DELETE. `circle` is a fingerprint, `subject` a claim's id."""

    event_id = models.CharField(max_length=32, primary_key=True)
    subject = models.CharField(max_length=32, db_index=True)
    kind = models.CharField(max_length=24)
    circle = models.CharField(max_length=32)
    clock = models.PositiveBigIntegerField()
    made_at = models.DateTimeField()
    body = models.BinaryField()
    signature = models.BinaryField()


class SealedVote(models.Model):
    """The secret part of a vote of a circle at home, encrypted to that circle; removed once revealed."""

    event_id = models.CharField(max_length=32, primary_key=True)
    claim_id = models.CharField(max_length=32, db_index=True)
    circle_id = models.CharField(max_length=64)
    sealed = models.BinaryField()


class Holding(models.Model):
    """Which member of a circle at home holds a claim now; no time is kept, and the row goes with the work."""

    claim_id = models.CharField(max_length=32, primary_key=True)
    circle_id = models.CharField(max_length=64)
    member_id = models.CharField(max_length=64)
    token = models.CharField(max_length=32)


class Claim(models.Model):
    """One claim as it stands now. `number` is this workspace's own; circles are fingerprints."""

    claim_id = models.CharField(max_length=32, primary_key=True)
    number = models.PositiveIntegerField(unique=True)
    sentence = models.TextField()
    sentence_lang = models.CharField(max_length=35)
    claim_type = models.CharField(max_length=16)
    maker_class = models.CharField(max_length=16)
    state = models.CharField(max_length=12, db_index=True)
    round = models.PositiveIntegerField(default=1)
    outcome = models.CharField(max_length=8)
    logged_at = models.DateTimeField()
    logged_by = models.CharField(max_length=32)
    logged_cells = models.JSONField(default=list)
    logged_t0 = models.DateTimeField(null=True)
    holder_circle = models.CharField(max_length=32, null=True)
    holder = models.CharField(max_length=32, null=True)
    taken_at = models.DateTimeField(null=True)
    voted = models.JSONField(default=list)
    open_checks = models.PositiveIntegerField(default=0)
    found = models.PositiveIntegerField(default=0)
    found_now = models.PositiveIntegerField(default=0)
    verdict = models.CharField(max_length=8, null=True)
    verdict_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    ready = models.BooleanField(default=False)
    warned_at = models.DateTimeField(null=True)
    silent_since = models.DateTimeField(null=True)
    silent_until = models.DateTimeField(null=True)
    silent_by = models.CharField(max_length=32, null=True)
    moved_at = models.DateTimeField()
    # From the reports (`reach`).
    cells = models.JSONField(default=list)
    sightings = models.PositiveIntegerField(default=0)
    views = models.PositiveBigIntegerField(null=True)
    t0 = models.DateTimeField(null=True)
    crossed_at = models.DateTimeField(null=True)


class CodedReport(models.Model):
    """The latest coding of one post about one claim in one cell; `clock`, `made_at`, `event_id` say which is latest."""

    claim_id = models.CharField(max_length=32)
    observation_id = models.CharField(max_length=64, db_index=True)
    platform = models.CharField(max_length=40)
    language = models.CharField(max_length=35)
    region = models.CharField(max_length=80)
    source_uid = models.CharField(max_length=200)
    maker_class = models.CharField(max_length=16)
    at = models.DateTimeField()
    code = models.CharField(max_length=12)
    own_evidence = models.BooleanField()
    qualified = models.BooleanField()
    ours = models.BooleanField()
    views = models.PositiveBigIntegerField(null=True)
    clock = models.PositiveBigIntegerField()
    made_at = models.DateTimeField()
    event_id = models.CharField(max_length=32)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["claim_id", "observation_id", "platform", "language", "region"], name="desk_one_coding"
            )
        ]


class LinkedObservation(models.Model):
    """An observation that shows a claim, coded or not."""

    claim_id = models.CharField(max_length=32)
    observation_id = models.CharField(max_length=64, db_index=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["claim_id", "observation_id"], name="desk_one_link")]


class FoundMedia(models.Model):
    """The latest finding of a circle about a media item of a claim."""

    claim_id = models.CharField(max_length=32)
    sha256 = models.CharField(max_length=64, db_index=True)
    circle = models.CharField(max_length=32)
    finding = models.CharField(max_length=12)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["claim_id", "sha256", "circle"], name="desk_one_finding")
        ]


class Verdict(models.Model):
    """What one round of a claim came to; earlier rounds stay, so that corrections can be counted."""

    claim_id = models.CharField(max_length=32)
    round = models.PositiveIntegerField()
    verdict = models.CharField(max_length=8)
    at = models.DateTimeField()
    signers = models.JSONField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["claim_id", "round"], name="desk_one_verdict")]


class Answer(models.Model):
    """An answer as it stands; `stale` is empty while the verdict that it rests on is in force."""

    answer_id = models.CharField(max_length=32, primary_key=True)
    claim_id = models.CharField(max_length=32, db_index=True)
    verdict = models.CharField(max_length=8)
    text = models.TextField()
    language = models.CharField(max_length=35)
    platform = models.CharField(max_length=40)
    evidence = models.JSONField(default=list)
    circle = models.CharField(max_length=32)
    at = models.DateTimeField()
    posted_url = models.TextField(null=True)
    posted_at = models.DateTimeField(null=True)
    stale = models.CharField(max_length=10, blank=True, default="")


class Suggestion(models.Model):
    """A claim that a group of equal texts suggests; nobody signed it, and it is on no board until accepted."""

    suggestion_id = models.CharField(max_length=32, primary_key=True)
    group_key = models.CharField(max_length=128, unique=True)
    sentence = models.TextField()
    sentence_lang = models.CharField(max_length=35)
    observation_ids = models.JSONField()
    posts = models.PositiveIntegerField()
    accounts = models.PositiveIntegerField()
    first_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, default="suggested", db_index=True)


class Panel(models.Model):
    """A frozen panel version: `body` is the JSON of `schema.casework.PanelVersion`."""

    version = models.PositiveIntegerField(primary_key=True)
    quarter = models.CharField(max_length=16)
    body = models.BinaryField()


class PanelDay(models.Model):
    """How far one panel source was captured on one day; the latest marking."""

    source_uid = models.CharField(max_length=200)
    day = models.DateField()
    state = models.CharField(max_length=10)
    clock = models.PositiveBigIntegerField()
    made_at = models.DateTimeField()
    event_id = models.CharField(max_length=32)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["source_uid", "day"], name="desk_one_day")]


class Packet(models.Model):
    """A packet that left or came in, so that a copy of it is known again."""

    packet_id = models.CharField(max_length=32, primary_key=True)
    circle = models.CharField(max_length=32)
    made_at = models.DateTimeField()
    incoming = models.BooleanField()
    sha256 = models.CharField(max_length=64)
    events = models.PositiveIntegerField()


class Agreement(models.Model):
    """What a member of one circle proposes about stored records and another circle's member must agree to.

    `subject` is the id of an observation, or a keyed hash of what `detail` names; `detail` is sealed with a key of
    the key ring, since it may name an account. Circles are ids of circles at home; no member is kept.
    """

    agreement_id = models.CharField(max_length=32, primary_key=True)
    kind = models.CharField(max_length=16)
    subject = models.CharField(max_length=64, db_index=True)
    reason = models.CharField(max_length=16, blank=True, default="")
    detail = models.BinaryField(default=b"")
    proposed_by = models.CharField(max_length=32)
    agreed_by = models.CharField(max_length=32, blank=True, default="")
    state = models.CharField(max_length=10, default="open", db_index=True)
    day = models.DateField()
