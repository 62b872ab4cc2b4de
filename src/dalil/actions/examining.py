"""Examines what is stored: every hash, every chain, and what a crash left behind."""

from __future__ import annotations

import msgspec

from dalil.actions.house import House
from dalil.archive import doctor
from dalil.audit import queries as audit_queries


class Examined(msgspec.Struct, frozen=True, kw_only=True):
    """What was found. `damaged` needs a backup; `left_over` is harmless."""

    damaged: tuple[str, ...]
    left_over: tuple[str, ...] = ()
    entries: int = 0
    custody: int = 0


def examine(house: House, *, repair: bool) -> Examined:
    """Re-hash all that the archive holds and check both chains; with `repair`, remove left-overs."""
    found = doctor.examine(house.workspace)
    if repair:
        doctor.repair(house.workspace, found)
    chains = verify_chains(house)
    return Examined(
        damaged=tuple(str(item) for item in found if isinstance(item, doctor.Damage)) + chains.damaged,
        left_over=tuple(str(item) for item in found if isinstance(item, doctor.Orphan)),
        entries=chains.entries,
        custody=chains.custody,
    )


def verify_chains(house: House) -> Examined:
    """Walk the audit's chains and the custody chain."""
    damaged = [f"audit: {item}" for item in audit_queries.verify()]
    damaged += [f"custody: {item}" for item in house.archive.verify_custody()]
    return Examined(
        damaged=tuple(damaged),
        entries=sum(head.position for head in audit_queries.heads()),
        custody=house.archive.custody_length(),
    )
