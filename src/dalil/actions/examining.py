"""Examines what is stored: every hash, every chain, and what a crash left behind."""

from __future__ import annotations

from pathlib import Path

import msgspec

from dalil.actions.house import House
from dalil.archive import custody, doctor, mending
from dalil.audit import queries as audit_queries


class Examined(msgspec.Struct, frozen=True, kw_only=True):
    """What was found. `damaged` needs a backup; `left_over` is harmless, `removed` was and is gone.

    `mended` was damaged: brought back from a backup, or thrown away because it is made again when asked.
    """

    damaged: tuple[str, ...]
    left_over: tuple[str, ...] = ()
    removed: int = 0
    mended: tuple[str, ...] = ()
    entries: int = 0
    custody: int = 0


def examine(house: House, *, repair: bool, backup: Path | None = None) -> Examined:
    """Re-hash all that the archive holds and check both chains.

    Args:
        repair: remove left-overs, and throw away what is damaged and can be made again.
        backup: with `repair`, bring back from it what it holds with the recorded hash.
    Raises:
        InputError: `backup` is none, or one of another workspace.
    """
    removed = len(doctor.repair(house.workspace)) if repair else 0
    found = doctor.verify(house.workspace)
    mended: tuple[str, ...] = ()
    if repair and found:
        mended = tuple(f"{item.part}: {item.how}" for item in mending.mend(house.workspace, found, backup=backup))
        found = doctor.verify(house.workspace)
    damaged = tuple(f"{item.part}: {item.what}" + (f" ({item.lost})" if item.lost else "") for item in found)
    chains = verify_chains(house)
    return Examined(
        damaged=tuple(dict.fromkeys(damaged + chains.damaged)),
        left_over=tuple(item.path for item in doctor.orphans(house.workspace)),
        removed=removed,
        mended=mended,
        entries=chains.entries,
        custody=chains.custody,
    )


def verify_chains(house: House) -> Examined:
    """Walk the audit's chains and the custody chain."""
    damaged = [f"audit: {item}" for item in audit_queries.verify()]
    entries = house.archive.custody()
    broken = custody.first_break(entries)
    if broken is not None:
        damaged.append(f"custody #{broken}: broken")
    return Examined(
        damaged=tuple(damaged),
        entries=sum(head.position for head in audit_queries.heads()),
        custody=len(entries),
    )
