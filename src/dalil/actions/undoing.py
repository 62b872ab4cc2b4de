"""Undo of a whole import, for as long as nothing refers to what it brought.

The file was the wrong one: what this import alone brought leaves the archive, and may come again. What others
brought too stays and counts to them. The desk is asked, and each step taken, in one transaction of the desk, so that no
claim can begin to refer to what is just going. One that was cut off goes on when it is repeated.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec
from django.db import transaction

from dalil.actions.changing import LOCK, note_of
from dalil.actions.house import House
from dalil.actions.import_progress import RowState, progress_of
from dalil.archive import rewriting, undoing
from dalil.archive.expunging import TRIES
from dalil.archive.rows import IntakeRow
from dalil.archive.scratch import exclusive
from dalil.archive.undoing import Belongings, Step
from dalil.audit import queries as audit_queries
from dalil.audit.recording import record
from dalil.desk.models import Suggestion
from dalil.desk.queries import Naming, naming
from dalil.errors import Conflict, DalilError, NotAllowed
from dalil.jobs import queries as jobs
from dalil.jobs import queue
from dalil.log import event
from dalil.people.actor import Actor
from dalil.people.permissions import Act, may, require

JOB_KIND: Final = "undo"
TOOL: Final = "dalil undo"
Progress = Callable[[int, int], bool]
"""Called with (items done, items in all) before each step; answers False to stop there."""


class UndoPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What undoing an import would do now.

    Args:
        observations: that would go; `along` counts what came along with them, such as quoted posts, and would go too.
        media: files whose bytes would go. rejects: records of what could not be read.
        shared: observations that stay because another import brought them too; they count to that one then.
        known: what it met and found known: that stays.
        named: what refers to something of it.
        obstacle: code of what stands in the way, or empty; `message` and `remedy` say it in English.
    """

    intake: str
    observations: int
    along: int
    media: int
    rejects: int
    shared: int
    known: int
    named: Naming
    obstacle: str = ""
    message: str = ""
    remedy: str = ""


class UndoReport(msgspec.Struct, frozen=True, kw_only=True):
    """What became of it; the object of `dalil undo --json`.

    `along` counts what came along with the observations. `before`: it had been undone before, on the day `undone` by the circle `circle`. `cancelled`: some of it is still there.
    """

    intake: str
    undone: str
    circle: str
    observations: int
    along: int
    media: int
    shared: int
    before: bool = False
    cancelled: bool = False


def may_undo(actor: Actor, row: IntakeRow) -> bool:
    """Whether this actor may take this import back, and there is something to take back."""
    own = actor.is_local or row.collected_by == actor.circle_id
    return may(actor, Act.UNDO) and own and row.state != "undone"


def plan(actor: Actor, intake_id: str, *, house: House) -> UndoPlan:
    """What would go, what stays, and what stands in the way.

    Raises:
        NotAllowed: no such import of this circle, or this actor may not.
        Conflict: `intake-undone`.
    """
    row = _access(actor, intake_id, house)
    if row.state == "undone":
        raise Conflict("intake-undone")
    found = undoing.look(house.workspace, intake_id)
    named = _naming(house, found)
    return _plan(row, found, named, _obstacle(row, found, named))


def undo(
    actor: Actor,
    intake_id: str,
    *,
    house: House,
    circle: str = "",
    progress: Progress | None = None,
    at_once: int = undoing.AT_ONCE,
) -> UndoReport:
    """Take an import back.

    Args:
        circle: for which it is done; the actor's own when empty.
        at_once: observations of one step.
    Raises:
        NotAllowed: no such import of this circle, or this actor may not.
        Conflict: `undo-referred`, `undo-untold`, `undo-untraceable`, `intake-running`, `workspace-busy`.
    """
    row = _access(actor, intake_id, house)
    circle = circle or house.circle_of(actor)
    if row.state == "undone":
        with exclusive(house.workspace.tmp / LOCK, wait_seconds=1):
            _settle(actor, intake_id, house)
        return _report(house, intake_id, _Sums(), before=True)
    sums = _Sums()
    with exclusive(house.workspace.tmp / LOCK, wait_seconds=1):
        done = _steps(row, house, circle, sums, progress, at_once)
        if done:
            _settle(actor, intake_id, house)
    event("archive.undone", id=intake_id, count=sums.observations)
    return _report(house, intake_id, sums, cancelled=not done)


def enqueue_undo(actor: Actor, intake_id: str, *, house: House) -> str:
    """Hand it to the worker, once what stands in the way is looked for; returns the job's id.

    Raises:
        NotAllowed, Conflict: as `undo`.
    """
    row = _access(actor, intake_id, house)
    if row.state == "undone":
        raise Conflict("intake-undone")
    found = undoing.look(house.workspace, intake_id)
    _require_free(row, found, _naming(house, found))
    circle = house.circle_of(actor)
    with transaction.atomic():
        record(
            actor,
            "intake.undo_asked",
            intake_id,
            {"count": len(found.primary.intersection(found.brought.alone))},
            house.now(),
        )
        return queue.enqueue(
            JOB_KIND,
            {"intake": intake_id, "circle": circle},
            house.clock(),
            steps=[JOB_KIND, "recognise"],
            circle=circle,
            once=f"{JOB_KIND}-{intake_id}",
        )


class _Sums(msgspec.Struct):
    observations: int = 0
    along: int = 0
    media: int = 0
    shared: int = 0


def _steps(
    row: IntakeRow,
    house: House,
    circle: str,
    sums: _Sums,
    progress: Progress | None,
    at_once: int,
) -> bool:
    """One after the other; False when it was told to stop."""
    tries = 0
    while tries < TRIES:
        with undoing.prepared(house.workspace, row.intake_id, at_once=at_once) as step:
            if step is None:
                return True
            if progress is not None:
                left = len(step.belongings.brought.alone)
                done = sums.observations + sums.along
                if not progress(done, done + left):
                    return False
            if not _take(row, step, house, circle):
                tries += 1  # an import stored something meanwhile
                continue
            rewriting.finish(house.workspace)
            tries = 0
            sums.observations += step.primary
            sums.along += len(step.obs_ids) - step.primary
            sums.media += len(step.plan.removal.media)
            sums.shared = len(step.belongings.primary.intersection(step.belongings.brought.shared))
    raise Conflict("workspace-busy")


def _take(row: IntakeRow, step: Step, house: House, circle: str) -> bool:
    """One step while nobody can write to the desk; every file is ready by then."""
    with transaction.atomic():
        _require_free(row, step.belongings, _naming(house, step.belongings))
        return step.take(note_of(house, (circle, ""), TOOL))


def _settle(actor: Actor, intake_id: str, house: House) -> None:
    """What follows from it, also where it was cut off right after the archive's last step."""
    rewriting.finish(house.workspace)
    with transaction.atomic():
        _forget_suggestions(house)
        if not audit_queries.is_told("archive.undone", "intake", intake_id):
            row = house.archive.intake(intake_id)
            facts: dict[str, str | int | bool | None] = {"head": house.archive.manifest_head(), "intake": intake_id}
            facts |= {"circle": row.undone_by if row else "", "observations": row.gone if row else 0}
            record(actor, "archive.undone", "archive", facts, house.now())


def _forget_suggestions(house: House) -> None:
    """Drop what a machine suggested and nobody accepted, where it rests on items that are gone; it may come again."""
    waiting = Suggestion.objects.exclude(state="accepted")
    named = {row.pk: row.observation_ids for row in waiting}
    held = house.archive.holds(sorted({obs_id for ids in named.values() for obs_id in ids}))
    waiting.filter(pk__in=[pk for pk, ids in named.items() if not held.issuperset(ids)]).delete()


def _access(actor: Actor, intake_id: str, house: House) -> IntakeRow:
    """The import, of the actor's own circle.

    Raises:
        NotAllowed: worded like "no such thing".
    """
    require(actor, Act.UNDO)
    row = house.archive.intake(intake_id)
    if row is None or not (actor.is_local or row.collected_by == actor.circle_id):
        raise NotAllowed("no-such-thing")
    return row


def _naming(house: House, found: Belongings) -> Naming:
    """What refers to it, also by ids from before the keys were changed."""
    names = found.names()
    earlier = house.archive.renamed(sorted(names))
    return naming(names | earlier.keys())


def _require_free(row: IntakeRow, found: Belongings, named: Naming) -> None:
    obstacle = _obstacle(row, found, named)
    if obstacle is not None:
        raise obstacle


def _obstacle(row: IntakeRow, found: Belongings, named: Naming) -> DalilError | None:
    """The first thing that stands in the way."""
    if not named.is_empty:
        return Conflict("undo-referred", items=named.items, claims=len(named.claims), held=named.held)
    if not found.traceable:
        return Conflict("undo-untraceable")
    if found.untold:
        return Conflict("undo-untold", count=len(found.untold))
    if _is_under_way(row):
        return Conflict("intake-running")
    return None


def _is_under_way(row: IntakeRow) -> bool:
    """Whether a job is reading it right now, or will go on with it."""
    for job in jobs.jobs(kind="import", limit=200):
        rows = () if job.is_over else progress_of(job.report).rows
        if any(one.intake == row.intake_id and one.state is RowState.RUNNING for one in rows):
            return True
    return False


def _plan(row: IntakeRow, found: Belongings, named: Naming, obstacle: DalilError | None) -> UndoPlan:
    return UndoPlan(
        intake=row.intake_id,
        observations=len(found.primary.intersection(found.brought.alone)),
        along=len(found.brought.alone - found.primary),
        media=len(found.brought.media),
        rejects=found.rejects,
        shared=len(found.primary.intersection(found.brought.shared)),
        known=row.known,
        named=named,
        obstacle=obstacle.code if obstacle else "",
        message=str(obstacle) if obstacle else "",
        remedy=obstacle.remedy if obstacle else "",
    )


def _report(house: House, intake_id: str, sums: _Sums, *, before: bool = False, cancelled: bool = False) -> UndoReport:
    row = house.archive.intake(intake_id)
    return UndoReport(
        intake=intake_id,
        undone=row.undone if row else "",
        circle=row.undone_by if row else "",
        observations=sums.observations,
        along=sums.along,
        media=sums.media,
        shared=sums.shared,
        before=before,
        cancelled=cancelled,
    )
