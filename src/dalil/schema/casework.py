"""What the desk hands to the measures: claims in cells, reports, the panel and its captures."""

from __future__ import annotations

from datetime import date

import msgspec

from dalil.schema.moments import Moment
from dalil.schema.words import CaptureState, ClaimType, ClaimVerdict, MakerClass, ReportCode


class Cell(msgspec.Struct, frozen=True, order=True):
    """A measuring unit: platform × language × region."""

    platform: str
    language: str
    region: str

    def __str__(self) -> str:
        return f"{self.platform}:{self.language}:{self.region}"


class ClaimTimeline(msgspec.Struct, frozen=True, kw_only=True):
    """One claim in one cell. Times are UTC; None where it has not happened.

    `t0` is the earliest public post in the cell that we hold, not our detection. `verdict` is the
    claim verdict in force; `silent_since` is set while a decision not to answer stands.
    """

    claim_id: str
    cell: Cell
    claim_type: ClaimType
    maker_class: MakerClass
    t0: Moment
    logged_at: Moment
    verdict: ClaimVerdict | None = None
    verdict_at: Moment | None = None
    published_at: Moment | None = None
    silent_since: Moment | None = None


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A post about a claim in a cell, coded. A sighting is a report with code `carries`.

    `qualified` answers are public, in the cell, address the claim, carry a checkable piece of
    evidence and a verdict signed by two; `ours` are those the coalition posted.
    """

    claim_id: str
    cell: Cell
    observation_id: str
    source_uid: str
    maker_class: MakerClass
    at: Moment
    code: ReportCode
    own_evidence: bool = False
    qualified: bool = False
    ours: bool = False
    views: int | None = None


class PanelSource(msgspec.Struct, frozen=True, kw_only=True):
    """One public source that residents follow, with its cell and class."""

    source_uid: str
    cell: Cell
    maker_class: MakerClass


class PanelVersion(msgspec.Struct, frozen=True, kw_only=True):
    """A frozen list of public sources; thresholds are per cell and fixed per quarter."""

    version: int
    quarter: str
    sources: tuple[PanelSource, ...]
    thresholds: dict[str, int] = {}
    """Key `str(cell)`; a cell without one has threshold 3."""


class PanelCapture(msgspec.Struct, frozen=True):
    """Whether one panel source was captured on one day of the workspace's zone."""

    source_uid: str
    day: date
    state: CaptureState
