"""Expunging observations: by two circles, or by one where a law or an order leaves no choice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec
from django.db import transaction

from dalil.actions.changing import LOCK, note_of
from dalil.actions.house import House
from dalil.archive import expunging
from dalil.archive.expunging import REASONS
from dalil.archive.scratch import exclusive
from dalil.audit.recording import record
from dalil.desk.queries import referred
from dalil.errors import Conflict, InputError
from dalil.log import event
from dalil.people.actor import Actor
from dalil.people.permissions import Act, require

TOOL: Final = "dalil expunge"


class ExpungeReport(msgspec.Struct, frozen=True, kw_only=True):
    """What went, or with `dry_run` would go; the object of `dalil expunge --json`.

    `referred`: how many of them claims or checks refer to; the claims stay, and say that the item is gone.
    """

    dry_run: bool
    reason: str
    observations: int
    media: int
    locators: int
    findings: int
    referred: int
    missing: tuple[str, ...]


def expunge_alone(
    actor: Actor, obs_ids: Sequence[str], *, reason: str, house: House, dry_run: bool = False
) -> ExpungeReport:
    """Expunge for a reason that asks for no second circle.

    Raises:
        NotAllowed: not a keeper, nor the command line.
        InputError: `value-wrong`: no such reason or id; `reason-needs-two`.
    """
    require(actor, Act.EXPUNGE_ALONE)
    if not require_reason(reason).alone or reason == "expired":
        raise InputError("reason-needs-two", reason=reason)
    return carry_out(actor, obs_ids, reason=reason, house=house, circles=(house.circle_of(actor), ""), dry_run=dry_run)


def carry_out(
    actor: Actor,
    obs_ids: Sequence[str],
    *,
    reason: str,
    house: House,
    circles: tuple[str, str],
    dry_run: bool = False,
) -> ExpungeReport:
    """Expunge what was decided on; the caller has asked who may.

    Raises:
        Conflict: `item-held`, but not where the law demands it; `workspace-busy`.
    """
    ids = [require_id(obs_id) for obs_id in dict.fromkeys(obs_ids)]
    kept = referred()
    if kept.held.intersection(ids) and reason != "legal":
        raise Conflict("item-held")
    named = len(kept.observations.intersection(ids))
    if dry_run:
        held = house.archive.holds(ids)
        return ExpungeReport(
            dry_run=True,
            reason=reason,
            observations=len(held),
            media=0,
            locators=0,
            findings=0,
            referred=named,
            missing=tuple(sorted(set(ids) - held)),
        )
    note = note_of(house, circles, TOOL)
    with exclusive(house.workspace.tmp / LOCK, wait_seconds=30):
        done = expunging.expunge(
            house.workspace,
            ids,
            reason=reason,
            note=note,
            keep_media=_media_kept(kept.media, reason),
            identity=house.keys.identity if house.keys else None,
        )
    facts: dict[str, str | int | bool | None] = {"head": house.archive.manifest_head(), "reason": reason}
    facts |= {"observations": done.observations, "media": done.media}
    with transaction.atomic():
        record(actor, "archive.expunged", "archive", facts, house.now())
    event("archive.expunged", count=done.observations)
    return ExpungeReport(
        dry_run=False,
        reason=reason,
        observations=done.observations,
        media=done.media,
        locators=done.locators,
        findings=done.findings,
        referred=named,
        missing=tuple(done.missing),
    )


def require_reason(reason: str) -> expunging.Reason:
    """The meaning of a reason's code.

    Raises:
        InputError: `value-wrong`.
    """
    if reason not in REASONS:
        raise InputError("value-wrong", name="reason", value=reason[:40], kind=" | ".join(REASONS))
    return REASONS[reason]


def require_id(obs_id: str) -> str:
    """An observation's id, 64 hex digits.

    Raises:
        InputError: `value-wrong`.
    """
    if len(obs_id) != 64 or not set(obs_id) <= set("0123456789abcdef"):
        raise InputError("value-wrong", name="id", value=obs_id[:16], kind="the 64 hex digits of an item")
    return obs_id


def _media_kept(media: frozenset[str], reason: str) -> frozenset[str]:
    """A finding about a picture keeps its bytes only where they expire: an expunge means the bytes too."""
    return media if reason == "expired" else frozenset()
