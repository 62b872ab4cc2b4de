"""How long what is kept: the days of each class, what is due, and letting it go."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final

import msgspec
from django.db import transaction

from dalil.actions.changing import LOCK, note_of
from dalil.actions.house import House
from dalil.archive import expunging, retention
from dalil.archive.retention import CLASSES
from dalil.archive.rewriting import Removal
from dalil.archive.scratch import exclusive
from dalil.audit.recording import record
from dalil.desk.queries import referred
from dalil.jobs import queue
from dalil.people.actor import Actor
from dalil.people.permissions import Act, require

JOB_KIND: Final = "expire"
TOOL: Final = "dalil expire"
AT_ONCE: Final = 20_000
Progress = Callable[[int, int], bool]
"""Called with (done, all) before each step; answers False to stop there."""


class ClassRow(msgspec.Struct, frozen=True, kw_only=True):
    """One class of what is kept. `days` is None where it is kept for ever; `effect` is what its end means."""

    name: str
    title: str
    effect: str
    days: int | None


class ExpireReport(msgspec.Struct, frozen=True, kw_only=True):
    """What is due and what went, class → how many; the object of `dalil expire --json`.

    `held` counts observations that two circles hold, `referred` those that the desk refers to: none of them goes.
    """

    dry_run: bool
    due: dict[str, int]
    gone: dict[str, int]
    held: int
    referred: int
    cancelled: bool = False


def classes(actor: Actor, *, house: House) -> list[ClassRow]:
    """The table of classes with this workspace's days."""
    require(actor, Act.READ)
    days = retention.days_of(house.workspace)
    return [ClassRow(name=name, title=row.title, effect=row.effect, days=days[name]) for name, row in CLASSES.items()]


def set_days(actor: Actor, changes: Mapping[str, int | None], *, house: House) -> list[ClassRow]:
    """Give classes their days; None keeps for ever.

    Raises:
        InputError: `value-wrong`.
    """
    require(actor, Act.SET_RETENTION)
    retention.set_days(house.workspace, changes)
    facts: dict[str, str | int | bool | None] = dict(changes)
    with transaction.atomic():
        record(actor, "retention.changed", "archive", facts, house.now())
    return classes(actor, house=house)


def expire(actor: Actor, *, house: House, dry_run: bool = False, progress: Progress | None = None) -> ExpireReport:
    """Let go what is due. Each step is whole; one that was cut off goes on when it is repeated.

    Raises:
        Conflict: `workspace-busy`.
    """
    require(actor, Act.EXPIRE)
    with exclusive(house.workspace.tmp / LOCK, wait_seconds=1):
        kept = referred()
        due = retention.due(
            house.archive,
            retention.days_of(house.workspace),
            now=house.now(),
            settled=kept.settled,
            referred=kept.observations,
            media=kept.media,
        )
        counts = {name: due.counts[name] for name in CLASSES}
        gone: dict[str, int] = {}
        finished = dry_run or _let_go(actor, due, house, kept.media, gone, progress)
    if gone:
        facts: dict[str, str | int | bool | None] = {"head": house.archive.manifest_head(), **gone}
        with transaction.atomic():
            record(actor, "archive.expired", "archive", facts, house.now())
    return ExpireReport(
        dry_run=dry_run,
        due=counts,
        gone=gone,
        held=len(kept.held),
        referred=len(kept.observations),
        cancelled=not finished,
    )


def enqueue_expire(actor: Actor, *, house: House) -> str:
    """Hand it to the worker; one at a time. Returns the job's id."""
    require(actor, Act.EXPIRE)
    return queue.enqueue(JOB_KIND, {}, house.clock(), circle=house.circle_of(actor), once=JOB_KIND)


def _let_go(
    actor: Actor,
    due: retention.Due,
    house: House,
    media: frozenset[str],
    gone: dict[str, int],
    progress: Progress | None,
) -> bool:
    """Step by step; False when it was told to stop."""
    note = note_of(house, (house.circle_of(actor), ""), TOOL)
    workspace = house.workspace
    total, done = sum(due.counts.values()) - len(due.settled), 0

    def take(kind: str, names: list[str]) -> int:
        if kind == "posts":
            return expunging.expunge(workspace, names, reason="expired", note=note, keep_media=media).observations
        removal = {
            "raw": lambda: Removal(raws=frozenset(map(bytes.fromhex, names))),
            "media": lambda: Removal(media=frozenset(names)),
            "locators": lambda: Removal(pseudonyms=frozenset(names)),
        }[kind]()
        return retention.take_out(workspace, removal, note=note, kind=kind)

    for kind in ("posts", "raw", "media", "locators"):
        names: list[str] = getattr(due, kind)
        for start in range(0, len(names), AT_ONCE):
            if progress is not None and not progress(done, total):
                return False
            part = names[start : start + AT_ONCE]
            gone[kind] = gone.get(kind, 0) + take(kind, part)
            done += len(part)
    days = retention.days_of(workspace)["rejects"]
    if due.rejects and days is not None:
        gone["rejects"] = retention.take_out_rejects(workspace, house.now() - timedelta(days=days))
    if progress is not None:
        progress(total, total)
    return True
