"""What the archive answers with: frozen rows of the manifest."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import msgspec


class Kept(NamedTuple):
    """Of one chunk's primary observations, how many were new and how many were known already."""

    kept: int
    known: int


class CustodyEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the custody chain; see `custody`. A circle and a day, never a member or an hour."""

    seq: int
    prev: str
    day: str
    circle: str
    action: str
    object: str
    tool: str
    reason: str
    hash: str


class IntakeRow(msgspec.Struct, frozen=True, kw_only=True):
    """One import of one received file.

    `read = kept + known + quarantined + rejected` does not hold in general: `included` records are
    observations too, and one record may be handed over as several. `kept` counts observations that this
    import brought in, over all its attempts; `known` those handed over that were there already.
    `expunged` counts those that had been removed for good and were left out.
    `state` is `running`, `complete`, `stopped` (too many rejects), `failed`, `undoing` (partly taken back) or
    `undone`, on the day `undone` and by the circle `undone_by`. `gone` counts observations that left with that,
    `taken_over` those that an undone import brought first and that count to this one since.
    `options` are those that were given for its format.
    """

    intake_id: str
    received_sha256: str
    received_bytes: int
    source_format: str
    importer_version: str
    collected_by: str
    day: date
    state: str
    code: str | None
    read: int
    includes: int
    kept: int
    known: int
    quarantined: int
    rejected: dict[str, int]
    ignored: dict[str, int]
    locators_not_kept: int
    expunged: int = 0
    undone: str = ""
    undone_by: str = ""
    gone: int = 0
    taken_over: int = 0
    options: dict[str, str] = {}

    @property
    def is_undone(self) -> bool:
        """Whether it was taken back, wholly or in part."""
        return self.state in ("undoing", "undone")

    @property
    def held(self) -> int:
        """Observations that count to it now, but for those that were expunged."""
        return 0 if self.state == "undone" else self.kept + self.taken_over - self.gone


class RejectRow(msgspec.Struct, frozen=True):
    """A record that could not be read: where, why, and the hash of its bytes."""

    where: str
    code: str
    raw_hash: str


class RawSegmentRow(msgspec.Struct, frozen=True, kw_only=True):
    """One sealed segment of raw records; they came by one import, so all are of one format."""

    number: int
    path: str
    records: int
    source_format: str
    importer_version: str


class SegmentRow(msgspec.Struct, frozen=True, kw_only=True):
    """One Parquet file; `min_claimed` and `max_claimed` are epoch microseconds, None where none is claimed.

    Its rows were stored by the custody entries `step_from` to `step_to`, ends included; 0 where a version 1 did it.
    They are of the reading `mapping` of the raw records, 0 for the first.
    """

    table: str
    month: str
    path: str
    rows: int
    min_claimed: int | None
    max_claimed: int | None
    schema_version: int
    sha256: str
    bytes: int
    step_from: int
    step_to: int
    mapping: int = 0

    def touches(self, claimed: tuple[int, int]) -> bool:
        """Whether a row may claim a time between two, epoch microseconds, ends included."""
        if self.min_claimed is None or self.max_claimed is None:
            return False
        return self.min_claimed <= claimed[1] and claimed[0] <= self.max_claimed


class Damage(msgspec.Struct, frozen=True):
    """Something recorded that is not there or not the same; `what` is `missing`, `changed` or `broken`.

    `lost` says what it held, in English; `again` that it can be made again from the facts, so that `mending` removes it.
    """

    part: str
    what: str
    lost: str = ""
    again: bool = False


class Mended(msgspec.Struct, frozen=True):
    """A damage that is none any more: `how` is `backup` (brought back) or `again` (removed, made again when asked)."""

    part: str
    how: str


class Orphan(msgspec.Struct, frozen=True):
    """A file that nothing records, left by a crash: harmless, and `doctor.repair` removes it."""

    path: str
    bytes: int
