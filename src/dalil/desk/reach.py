"""How far a claim has spread, from its coded reports and the panel: pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dalil.schema.casework import Cell, PanelVersion
from dalil.schema.words import ReportCode

DEFAULT_THRESHOLD: Final = 3
SPREADS: Final = frozenset({ReportCode.CARRIES, ReportCode.CONFIRMS})
"""Posts whose views count as the claim's reach: one that contests or corrects it does not spread it."""


@dataclass(frozen=True, slots=True)
class Sighted:
    """What is needed of one report."""

    cell: Cell
    source_uid: str
    at: datetime
    code: ReportCode
    views: int | None


@dataclass(frozen=True, slots=True)
class Reach:
    """`t0` the earliest post that carries the claim; `views` None where no report gave any."""

    cells: tuple[Cell, ...]
    sightings: int
    views: int | None
    t0: datetime | None
    crossed_at: datetime | None


def reach(reports: Iterable[Sighted], panel: PanelVersion | None) -> Reach:
    """Sum up a claim's reports."""
    rows = list(reports)
    carried = [row for row in rows if row.code is ReportCode.CARRIES]
    views = [row.views for row in rows if row.views is not None and row.code in SPREADS]
    return Reach(
        cells=tuple(sorted({row.cell for row in rows})),
        sightings=len(carried),
        views=sum(views) if views else None,
        t0=min((row.at for row in carried), default=None),
        crossed_at=min(crossings(carried, panel).values(), default=None),
    )


def crossings(carried: Iterable[Sighted], panel: PanelVersion | None) -> dict[Cell, datetime]:
    """When the claim crossed threshold T in each cell where it did.

    Args:
        carried: reports with code `carries`.
        panel: its sources count in their own cell only, each once; without a panel nothing crosses.
    Returns:
        {cell: time of the first carry by the T-th distinct panel source}.
    """
    if panel is None:
        return {}
    homes = {(source.source_uid, source.cell) for source in panel.sources}
    first: dict[Cell, dict[str, datetime]] = {}
    for row in carried:
        if (row.source_uid, row.cell) in homes:
            seen = first.setdefault(row.cell, {})
            seen[row.source_uid] = min(row.at, seen.get(row.source_uid, row.at))
    return {cell: at for cell, seen in first.items() if (at := _nth(seen, threshold(panel, cell))) is not None}


def _nth(seen: Mapping[str, datetime], n: int) -> datetime | None:
    return sorted(seen.values())[n - 1] if len(seen) >= n else None


def threshold(panel: PanelVersion, cell: Cell) -> int:
    """T of a cell, at least 1."""
    return max(1, panel.thresholds.get(str(cell), DEFAULT_THRESHOLD))
