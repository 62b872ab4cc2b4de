"""Where a claim stands: when it crossed its cell's threshold, who reported independently, who answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from dalil.schema.casework import Cell, ClaimTimeline, PanelSource, PanelVersion, Report
from dalil.schema.words import MakerClass, ReportCode

THRESHOLD: Final = 3
"""Panel sources in which a claim must be seen where the panel sets no other number for the cell."""
INDEPENDENT_CODES: Final = frozenset({ReportCode.CONFIRMS, ReportCode.CONTESTS, ReportCode.CORRECTS})


@dataclass(frozen=True, slots=True)
class Panel:
    """The panel by cell. A source counts in its own cell only."""

    version: PanelVersion | None
    by_cell: dict[Cell, tuple[PanelSource, ...]] = field(default_factory=dict)

    @staticmethod
    def of(version: PanelVersion | None) -> Panel:
        """Index a panel; None gives an empty one, in which nothing crosses."""
        by_cell: defaultdict[Cell, list[PanelSource]] = defaultdict(list)
        for source in version.sources if version else ():
            by_cell[source.cell].append(source)
        return Panel(version, {cell: tuple(sources) for cell, sources in by_cell.items()})

    def uids(self) -> set[str]:
        """The panel's sources, each once."""
        return {source.source_uid for source in self.version.sources} if self.version else set()

    def threshold(self, cell: Cell) -> int:
        """T of a cell."""
        return self.version.thresholds.get(str(cell), THRESHOLD) if self.version else THRESHOLD

    def independent_of(self, maker: MakerClass, cell: Cell) -> tuple[PanelSource, ...]:
        """The cell's sources from another bloc; those of unknown class prove nothing."""
        return tuple(source for source in self.by_cell.get(cell, ()) if is_other_bloc(source.maker_class, maker))


class Reports:
    """Reports by claim and cell, each list in the order of time, up to `as_of`."""

    def __init__(self, reports: Iterable[Report], as_of: datetime) -> None:
        self._of: defaultdict[tuple[str, Cell], list[Report]] = defaultdict(list)
        for report in sorted(reports, key=lambda r: (r.at, r.observation_id)):
            if report.at <= as_of:
                self._of[report.claim_id, report.cell].append(report)

    def of(self, claim: ClaimTimeline) -> Sequence[Report]:
        """What was reported about a claim in its cell."""
        return self._of.get((claim.claim_id, claim.cell), ())


def is_other_bloc(maker: MakerClass, than: MakerClass) -> bool:
    """Whether two makers are of different blocs; an unknown one is of none, and so never."""
    return maker.bloc is not None and than.bloc is not None and maker.bloc != than.bloc


def crossed_at(claim: ClaimTimeline, reports: Sequence[Report], panel: Panel) -> datetime | None:
    """When the claim was first carried by T different panel sources of its cell; None if it was not."""
    sources = {source.source_uid for source in panel.by_cell.get(claim.cell, ())}
    seen: set[str] = set()
    for report in reports:
        if report.code is ReportCode.CARRIES and report.source_uid in sources:
            seen.add(report.source_uid)
            if len(seen) >= panel.threshold(claim.cell):
                return report.at
    return None


def first_independent(claim: ClaimTimeline, reports: Sequence[Report], *, ours: bool = True) -> datetime | None:
    """The first report from another bloc that adds its own evidence.

    Args:
        reports: in the order of time.
        ours: whether the coalition's own answers count.
    """
    for report in reports:
        if not report.own_evidence or report.code not in INDEPENDENT_CODES or (report.ours and not ours):
            continue
        if is_other_bloc(report.maker_class, claim.maker_class):
            return report.at
    return None


def first_answer(claim: ClaimTimeline, reports: Sequence[Report], as_of: datetime) -> datetime | None:
    """The first qualified answer in the cell: ours, or an independent outlet's.

    A silence is no answer. `published_at` is our own answer's, for where it is not a report too.
    """
    times = [
        report.at
        for report in reports
        if report.qualified
        and report.code in INDEPENDENT_CODES
        and (report.ours or report.maker_class is MakerClass.INDEPENDENT)
    ]
    if claim.published_at is not None and claim.published_at <= as_of:
        times.append(claim.published_at)
    return min(times, default=None)
