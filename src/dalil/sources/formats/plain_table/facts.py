"""What the cells of one row say: platform, kind of account, times, who can see it; each doubt as a warning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from dalil.schema.mappings import TableField, TableMapping, TimeOrder
from dalil.schema.records import ReadWarning
from dalil.schema.words import AccountKind, State, Visibility, ZoneBasis
from dalil.sources import addresses, written_times
from dalil.sources.authorship import Authorship, Told, authorship
from dalil.sources.formats.plain_table import vocabulary
from dalil.sources.importer import ReadContext
from dalil.sources.platforms import platform_named
from dalil.sources.redaction import Scope
from dalil.sources.written_times import Written

Row = Mapping[TableField, str]
"""Field → cell; of several cells of one field, those that are filled, one a line."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How the rows of one file are read."""

    mapping: TableMapping
    order: TimeOrder
    zone: ZoneInfo | None
    version: str


@dataclass(slots=True)
class Facts:
    """What the cells of one row say, once they are understood."""

    platform: str
    kind: AccountKind
    visibility: Visibility
    state: State
    posted: Written | None
    seen: Written | None
    by: Authorship
    scope: Scope
    warnings: list[ReadWarning] = field(default_factory=list)


def facts_of(
    row: Row,
    reading: Reading,
    platform: str,
    visibility: Visibility,
    warnings: list[ReadWarning],
    context: ReadContext,
) -> Facts:
    kind = _kind(row, reading.mapping, warnings)
    posted = _time(row, TableField.POSTED_AT, reading, warnings)
    seen = _time(row, TableField.SEEN_AT, reading, warnings)
    state = vocabulary.state(row.get(TableField.STATE, "")) if row.get(TableField.STATE, "").strip() else State.LIVE
    if state is None:
        warnings.append(ReadWarning("state-unknown", "state"))
    address = row.get(TableField.ADDRESS, "").strip()
    told = Told(
        platform=platform,
        address=address,
        post_id=row.get(TableField.POST_ID, ""),
        account_id=row.get(TableField.ACCOUNT_ID, ""),
        handle=row.get(TableField.ACCOUNT_HANDLE, "").strip(),
        name="" if kind is AccountKind.GROUP else row.get(TableField.ACCOUNT_NAME, "").strip(),
        kind=kind.value,
        derived_from=(address or None, row.get(TableField.TEXT, ""), row.get(TableField.POSTED_AT)),
    )
    by = authorship(told, context.privacy)
    warnings += [ReadWarning("id-rounded", name) for name in by.rounded]
    return Facts(
        platform, kind, visibility, state or State.UNKNOWN, posted, seen, by, by.scope(context.privacy), warnings
    )


def platform_of(row: Row, mapping: TableMapping) -> str | None:
    """From its column, else from the mapping, else from the address."""
    cell = row.get(TableField.PLATFORM, "")
    if cell.strip():
        return vocabulary.platform(cell)
    if mapping.platform:
        return platform_named(mapping.platform)
    address = row.get(TableField.ADDRESS, "").strip()
    return addresses.parse(address).platform if addresses.PERSONAL.match(address) else None


def _kind(row: Row, mapping: TableMapping, warnings: list[ReadWarning]) -> AccountKind:
    cell = row.get(TableField.ACCOUNT_KIND, "")
    if not cell.strip():
        return mapping.account_kind or AccountKind.PERSON
    found = vocabulary.kind(cell)
    if found is None:
        warnings.append(ReadWarning("account-kind-unknown", "account_kind"))
    return found or AccountKind.PERSON


def visibility_of(row: Row, warnings: list[ReadWarning]) -> Visibility:
    cell = row.get(TableField.VISIBILITY, "")
    if not cell.strip():
        return Visibility.UNKNOWN
    found = vocabulary.visibility(cell)
    if found is None:
        warnings.append(ReadWarning("visibility-unknown", "visibility"))
    return found or Visibility.UNKNOWN


def _time(row: Row, name: TableField, reading: Reading, warnings: list[ReadWarning]) -> Written | None:
    text = row.get(name, "").strip()
    if not text:
        return None
    clock = row.get(TableField.POSTED_TIME, "") if name is TableField.POSTED_AT else ""
    found = written_times.read(text, reading.order, reading.zone, clock=clock)
    if found is None:
        warnings.append(ReadWarning("time-unreadable", name.value))
    elif found.basis is ZoneBasis.UNKNOWN:
        warnings.append(ReadWarning("zone-unknown", name.value))
    return found
