"""A new generation of the pseudonym key: everything that is held is hashed anew, as one job.

By default the new key holds the old one as its first link, so that whoever is imported again gets the
stand-in that is held of them: edges go on joining, and a file that is imported again adds nothing. With
`apart` the old key and the link are destroyed: nobody, with any key, can tell whether a guessed person is
among what is held; people who are imported afterwards get other stand-ins.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Final

import msgspec
from django.db import transaction

from dalil.actions.changing import LOCK, note_of
from dalil.actions.house import House
from dalil.archive.keys import KeyRing
from dalil.archive.rekeying import Rekeying, is_due
from dalil.archive.scratch import exclusive
from dalil.audit.recording import record
from dalil.desk.queries import referred
from dalil.errors import Conflict
from dalil.jobs import queue
from dalil.people.actor import Actor
from dalil.people.permissions import Act, require

JOB_KIND: Final = "rotate"
TOOL: Final = "dalil rotate"
NEXT: Final = "rotation.next"
LINK: Final = "rotation.link"
TRIES: Final = 5
Progress = Callable[[int, int], bool]


class RotateReport(msgspec.Struct, frozen=True, kw_only=True):
    """What was done; the object of `dalil rotate --json`. `generation` is the key's that is in use now."""

    generation: int
    observations: int
    cancelled: bool = False


def rotate(actor: Actor, *, house: House, apart: bool = False, progress: Progress | None = None) -> RotateReport:
    """Change the pseudonym key. One that was cut off, anywhere, goes on with the key that it had begun with.

    Raises:
        NotAllowed: not a keeper, nor the command line.
        Conflict: `workspace-busy`.
    """
    require(actor, Act.ROTATE_KEY)
    keys = house.unlocked()
    with exclusive(house.workspace.tmp / LOCK, wait_seconds=1):
        if settle(house):
            return RotateReport(generation=keys.generation, observations=0)
        if not keys.has(NEXT):
            link = secrets.token_bytes(32)
            keys.put(LINK, link)
            keys.put(NEXT, secrets.token_bytes(32) if apart else keys.pseudonym() + link)
        generation = keys.generation + 1
        work = Rekeying(house.workspace, keys.get(LINK), keys.identity, generation)
        note = note_of(house, (house.circle_of(actor), ""), TOOL)
        for _ in range(TRIES):
            if not work.stage(progress):
                return RotateReport(generation=keys.generation, observations=0, cancelled=True)
            if work.switch(note, referred().observations):
                break
        else:
            raise Conflict("workspace-busy")
        _take_up(keys, generation)
        work.end()
    facts: dict[str, str | int | bool | None] = {"head": house.archive.manifest_head(), "generation": generation}
    with transaction.atomic():
        record(actor, "key.rotated", "archive", facts, house.now())
    return RotateReport(generation=generation, observations=len(work.ids))


def enqueue_rotate(actor: Actor, *, house: House, apart: bool = False) -> str:
    """Hand it to the worker; one at a time. Returns the job's id."""
    require(actor, Act.ROTATE_KEY)
    circle = house.circle_of(actor)
    return queue.enqueue(JOB_KIND, {"apart": apart}, house.clock(), circle=circle, once=JOB_KIND)


def settle(house: House) -> bool:
    """Bring the key ring up to the archive where a crash fell between the two; whether there was anything to do."""
    keys = house.unlocked()
    if is_due(house.workspace, keys.generation):
        generation = keys.generation + 1
    elif keys.has(NEXT) and keys.get(NEXT) == keys.pseudonym():
        generation = keys.generation
    else:
        return False
    _take_up(keys, generation)
    Rekeying(house.workspace, bytes(32), bytes(32), generation).end()
    return True


def _take_up(keys: KeyRing, generation: int) -> None:
    """The new key in, then the old one and the link out: after this nobody has them."""
    if not keys.has(f"pseudonym.{generation}"):
        keys.put(f"pseudonym.{generation}", keys.get(NEXT))
    keys.forget(f"pseudonym.{generation - 1}")
    keys.forget(LINK)
    keys.forget(NEXT)
