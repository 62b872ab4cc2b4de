"""What should be merged, decided from the manifest's rows alone: runs of small segments of one month.

Every import leaves a file a table and chunk, and a reader pays for each. A group is a run of custody steps of one
month of capture that no segment of any table straddles; all tables are cut at the same steps, so that a row's post,
texts and edges stay findable by them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from dalil.archive.rows import SegmentRow
from dalil.schema.tables import STORED

ROWS: Final = 200_000
"""Observations that a merged segment aims at: what fits a small laptop's memory while it is sorted."""
FEWEST: Final = 16
"""Small segments of a month that is still running which are worth a rewrite."""
FEWEST_OF_OLD: Final = 4
"""The same of a month that is over."""


class Group(NamedTuple):
    """Segments of one month, of all tables, stored by the steps `first` to `last`."""

    month: str
    first: int
    last: int
    segments: tuple[SegmentRow, ...]

    def of(self, table: str) -> list[SegmentRow]:
        """Those of one table, in the order in which they were stored."""
        return sorted((row for row in self.segments if row.table == table), key=lambda row: (row.step_from, row.path))

    @property
    def observations(self) -> int:
        return sum(row.rows for row in self.segments if row.table == "observations")

    @property
    def most(self) -> int:
        """The number of segments of the table that has most."""
        return max(len(self.of(table)) for table in {row.table for row in self.segments})

    @property
    def is_grown(self) -> bool:
        """Whether it is large enough to be left alone from now on."""
        return self.observations >= ROWS // 2 * self.most or self.observations > 4 * ROWS


def plan(
    segments: Iterable[SegmentRow], *, month: str, fences: Mapping[str, int], apart: Collection[str] = ()
) -> list[Group]:
    """The groups that are worth merging, oldest month first.

    Args:
        segments: of all tables; those that are not in `schema.tables.STORED` are left alone.
        month: the month of now, `YYYY-MM`: in it more small segments must come together first.
        fences: month → step across which nothing is merged: up to there somebody has read the single segments.
        apart: paths of segments that must stay as they are, whatever lies around them.
    """
    by_month: dict[str, list[SegmentRow]] = defaultdict(list)
    for row in segments:
        if row.table in STORED and not row.mapping and row.path not in apart:  # a later reading stays beside the first
            by_month[row.month].append(row)
    found: list[Group] = []
    for name, rows in sorted(by_month.items()):
        fewest = FEWEST_OF_OLD if name < month else FEWEST
        found += [group for group in _runs(_atoms(name, rows), fences.get(name)) if group.most >= fewest]
    return found


def _atoms(month: str, segments: Sequence[SegmentRow]) -> Iterator[Group]:
    """The finest groups: cut at every step that no segment straddles."""
    part: list[SegmentRow] = []
    last = -1
    for row in sorted(segments, key=lambda row: (row.step_from, row.step_to)):
        if part and row.step_from > last:
            yield Group(month, part[0].step_from, last, tuple(part))
            part = []
        part.append(row)
        last = max(last, row.step_to)
    if part:
        yield Group(month, part[0].step_from, last, tuple(part))


def _runs(atoms: Iterable[Group], fence: int | None) -> Iterator[Group]:
    """Neighbours together, up to `ROWS` observations; what is grown already and the fence part them."""
    run: list[Group] = []
    for atom in atoms:
        full = sum(one.observations for one in run) + atom.observations > ROWS
        behind_fence = bool(run) and fence is not None and run[-1].last <= fence < atom.first
        if run and (full or behind_fence or atom.is_grown):
            yield _joined(run)
            run = []
        if not atom.is_grown:
            run.append(atom)
    if run:
        yield _joined(run)


def _joined(run: Sequence[Group]) -> Group:
    segments = tuple(row for group in run for row in group.segments)
    return Group(run[0].month, run[0].first, run[-1].last, segments)
