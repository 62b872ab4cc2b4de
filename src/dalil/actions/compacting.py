"""Keeps the archive's files few and large, in the background, while others read and import."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Final

import msgspec
from django.db import transaction

from dalil.actions.house import House
from dalil.actions.importing import reconcile
from dalil.archive import compacting, merging
from dalil.archive.search import building
from dalil.archive.search.index import SearchIndex
from dalil.audit.recording import record
from dalil.errors import Conflict
from dalil.jobs import queue
from dalil.people.actor import LOCAL

JOB_KIND: Final = "compact"
_AGAIN: Final = 3
Progress = Callable[[int, int], object]
"""Called with (rows done, rows in all); it may raise to end the work between two groups."""


class Compacted(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of tables that were rewritten, and the number of files before and after."""

    rows: int = 0
    before: int = 0
    after: int = 0
    removed: int = 0


def compact(house: House, *, progress: Progress | None = None) -> Compacted:
    """Merge all that is worth it, and remove old files that nobody can be reading any more.

    Raises:
        EvidenceDamaged: a segment cannot be read; what was merged before stays.
        LimitReached: the disk is full; there must be room for one group beside itself.
    """
    reconcile(house)
    total = Compacted(removed=compacting.forget_merged_away(house.workspace, now=house.now()))
    for _ in range(_AGAIN):
        groups = _due(house, refresh=True)
        rows = sum(group.observations for group in groups)
        done = 0
        missed = False
        for group in groups:
            merged = compacting.compact(house.archive, group, now=house.now())
            done += group.observations
            if merged is None:
                missed = True  # somebody changed one of its segments: planned again below
                continue
            total = msgspec.structs.replace(
                total,
                rows=total.rows + merged.rows,
                before=total.before + merged.before,
                after=total.after + merged.after,
            )
            _note(house, merged)
            if progress:
                progress(done, rows)
        if not missed:
            break
    return total


def request_if_due(house: House) -> None:
    """Ask the worker to merge where it is worth it; asking twice asks once."""
    compacting.forget_merged_away(house.workspace, now=house.now())
    if _due(house, refresh=False):
        queue.enqueue(JOB_KIND, {}, house.clock(), once=JOB_KIND)


def _due(house: House, *, refresh: bool) -> list[merging.Group]:
    """The groups that are worth merging. A search index takes in single segments first, else it would begin anew."""
    index = SearchIndex(house.workspace)
    fences: dict[str, int] = {}
    if index.is_usable():
        if refresh:
            with suppress(Conflict):  # somebody else is taking them in; what they have not reached is left alone
                building.refresh(house.archive)
        fences = building.taken(index)
    return merging.plan(house.archive.all_segments(), month=f"{house.now():%Y-%m}", fences=fences)


def _note(house: House, merged: compacting.Merged) -> None:
    facts: dict[str, str | int | bool | None] = {"head": house.archive.manifest_head(), "files": merged.after}
    with transaction.atomic():
        record(LOCAL, "archive.compacted", "archive", facts, house.now())
