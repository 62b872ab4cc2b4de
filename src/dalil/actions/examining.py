"""Examines what is stored: every hash, every chain, and what a crash left behind."""

from __future__ import annotations

import msgspec

from dalil.actions.house import House
from dalil.archive import custody, doctor
from dalil.audit import queries as audit_queries


class Examined(msgspec.Struct, frozen=True, kw_only=True):
    """What was found. `damaged` needs a backup; `left_over` is harmless, `removed` was and is gone."""

    damaged: tuple[str, ...]
    left_over: tuple[str, ...] = ()
    removed: int = 0
    entries: int = 0
    custody: int = 0


def examine(house: House, *, repair: bool) -> Examined:
    """Re-hash all that the archive holds and check both chains; with `repair`, remove left-overs."""
    removed = len(doctor.repair(house.workspace)) if repair else 0
    damaged = tuple(f"{item.part}: {item.what}" for item in doctor.verify(house.workspace))
    chains = verify_chains(house)
    return Examined(
        damaged=tuple(dict.fromkeys(damaged + chains.damaged)),
        left_over=tuple(item.path for item in doctor.orphans(house.workspace)),
        removed=removed,
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
