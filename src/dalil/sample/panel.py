"""The panel: about 40 public sources with their cell and class, and how far each was captured on each day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from dalil.sample.cast import Account, Cast, cell
from dalil.sample.clock import NOW, QUARTER, START, TZ, ZONE
from dalil.sample.dice import dice
from dalil.sample.script import PanelFile, PublicRow
from dalil.schema.casework import PanelCapture, PanelSource
from dalil.schema.words import CaptureState, MakerClass

THRESHOLD: Final = 3
OUTAGES: Final = {("fk", date(2026, 5, 13)): CaptureState.NONE, ("xk", date(2026, 4, 8)): CaptureState.PARTIAL}
"""(cell, day) on which nothing of the cell was captured whole."""
CLEAN_FROM: Final = date(2026, 5, 9)
"""From this day on only outages and sources of unknown makers have gaps, so that M1 has its windows."""


def uid(account: Account) -> str:
    """The archive's name for a public account."""
    return f"{account.platform}:{account.native_id}"


def sources(people: Cast) -> tuple[PanelSource, ...]:
    """The frozen list."""
    return tuple(
        PanelSource(source_uid=uid(a), cell=cell(a.cell_name), maker_class=MakerClass(a.maker_class or "unknown"))
        for a in people.part("panel")
    )


def captures(seed: int, people: Cast) -> tuple[PanelCapture, ...]:
    """One row for each source and day of the eight weeks; the running day is partial, because it is not over."""
    rng = dice(seed, "panel/captures")
    today = NOW.astimezone(TZ).date()
    day = START.astimezone(TZ).date()
    rows = []
    while day <= today:
        for account in people.part("panel"):
            luck = rng.random()
            rows.append(PanelCapture(uid(account), day, _state(account, day, luck, today)))
        day += timedelta(days=1)
    return tuple(rows)


def _state(account: Account, day: date, luck: float, today: date) -> CaptureState:
    outage = OUTAGES.get((account.cell_name, day))
    if outage is not None:
        return outage
    if day == today:
        return CaptureState.PARTIAL
    if day >= CLEAN_FROM and account.maker_class != MakerClass.UNKNOWN:
        return CaptureState.COMPLETE
    if luck < 0.01:
        return CaptureState.NONE
    return CaptureState.PARTIAL if luck < 0.04 else CaptureState.COMPLETE


def panel_file(seed: int, people: Cast) -> PanelFile:
    """The file `panel.json`."""
    public = [a for a in people.accounts if a.part in ("panel", "ours", "page", "group_b", "supergroup", "memory")]
    return PanelFile(
        version=1,
        quarter=QUARTER,
        zone=ZONE,
        sources=sources(people),
        thresholds={str(s.cell): THRESHOLD for s in sources(people)},
        captures=captures(seed, people),
        public=tuple(PublicRow(a.platform, a.native_id, a.handle) for a in public),
    )
