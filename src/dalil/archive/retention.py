"""How long what is kept: a table of classes, the days that a workspace gives each, and what is due.

By default everything is kept. What a claim or check refers to, and what two circles hold, never expires:
evidence of settled claims can only be told to be looked at again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final, NamedTuple

import ibis
import msgspec
import pyarrow as pa

from dalil.archive import custody, expunging, rewriting
from dalil.archive.reading import Archive
from dalil.archive.rewriting import Note, Removal
from dalil.archive.scratch import Scratch
from dalil.archive.workspace import Workspace
from dalil.errors import Conflict, InputError

FILE: Final = "retention.json"
EXPIRED: Final = "expired"
"""The action in custody when raw records, media or locators alone went; whole observations are `expunged`."""
LONGEST: Final = 36_500


class Class(NamedTuple):
    """One class of what is kept: what it is, and what its end means."""

    title: str
    effect: str


CLASSES: Final[dict[str, Class]] = {
    "settled": Class("Evidence of settled claims", "Only told: two circles expunge it, nothing else does."),
    "posts": Class("Ordinary observations", "Rows, raw record and unshared media go; hash and reason stay."),
    "media": Class("Media files", "The bytes go; size, hash and fingerprint stay, so that they are recognised."),
    "raw": Class("Raw records", "The record goes; its rows and its hash stay. It cannot be read again."),
    "rejects": Class("Records that could not be read", "Place, code and hash go; the counts stay."),
    "locators": Class("Sealed addresses of private persons", "They go where nothing younger names the person."),
}
"""The closed list of classes; days are counted from the capture."""

Days = Mapping[str, int | None]


class Due(NamedTuple):
    """Of each class what its days are over for: ids of observations, hashes of media, pseudonyms, a number of rejects."""

    settled: list[str]
    posts: list[str]
    media: list[str]
    raw: list[str]
    locators: list[str]
    rejects: int

    @property
    def counts(self) -> dict[str, int]:
        """Class → how many."""
        return {name: value if isinstance(value, int) else len(value) for name, value in self._asdict().items()}


def days_of(workspace: Workspace) -> dict[str, int | None]:
    """Class → days that the workspace keeps it, None for ever."""
    kept: dict[str, int | None] = dict.fromkeys(CLASSES)
    try:
        found = msgspec.json.decode((workspace.folder / FILE).read_bytes(), type=dict[str, int | None])
    except FileNotFoundError:
        return kept
    except msgspec.MsgspecError:
        raise InputError("value-wrong", name=FILE, value="…", kind="days by class") from None
    return _checked({**kept, **found})


def set_days(workspace: Workspace, changes: Days) -> dict[str, int | None]:
    """Change the days of some classes; answers all of them.

    Raises:
        InputError: `value-wrong`; there is no such class, or that is no number of days.
    """
    days = _checked({**days_of(workspace), **changes})
    workspace.replace(FILE, days)
    return days


def _checked(days: dict[str, int | None]) -> dict[str, int | None]:
    for name, value in days.items():
        if name not in CLASSES:
            raise InputError("value-wrong", name="class", value=name[:40], kind=" | ".join(CLASSES))
        if value is not None and not 1 <= value <= LONGEST:
            raise InputError("value-wrong", name=name, value=str(value), kind=f"1 to {LONGEST} days, or keep")
    return days


def due(
    archive: Archive,
    days: Days,
    *,
    now: datetime,
    settled: Collection[str] = (),
    referred: Collection[str] = (),
    media: Collection[str] = (),
) -> Due:
    """What may go now.

    Args:
        settled: observations that settled claims rest on. referred: those and all others that the desk refers to
            or two circles hold. media: hashes of media of the same kind.
    """
    stay = set(referred) | set(settled)
    ends = {name: now - timedelta(days=value) for name, value in days.items() if value is not None}
    old = {name: _older(archive, end) for name, end in ends.items() if name in ("settled", "posts", "raw")}
    posts = [obs_id for obs_id in old.get("posts", []) if obs_id not in stay]
    leaving = set(posts)
    return Due(
        settled=[obs_id for obs_id in old.get("settled", []) if obs_id in set(settled)],
        posts=posts,
        media=_old_media(archive, ends["media"], stay, set(media)) if "media" in ends else [],
        raw=_with_raw(archive, [obs_id for obs_id in old.get("raw", []) if obs_id not in stay | leaving]),
        locators=_old_locators(archive, ends["locators"], stay) if "locators" in ends else [],
        rejects=_old_rejects(archive.workspace, ends["rejects"]) if "rejects" in ends else 0,
    )


def take_out(workspace: Workspace, removal: Removal, *, note: Note, kind: str) -> int:
    """Remove raw records, media bytes or locators whose days are over; how many things went.

    Raises:
        Conflict: `workspace-busy`.
    """
    rewriting.finish(workspace)
    for _ in range(expunging.TRIES):
        with Scratch(workspace.tmp) as scratch:
            made = rewriting.plan(workspace, removal, scratch)
            with workspace.manifest.writing() as connection:
                hashes = expunging.tombstones_of(connection, workspace, sorted(removal.raws))
                if not rewriting.carry_out(workspace, made, note, connection):
                    continue
                count = len(hashes) + len(removal.media) + len(removal.pseudonyms)
                names = [*removal.media, *(sha256 for _, sha256 in hashes)]
                seq = custody.append(
                    connection,
                    day=note.day,
                    circle=note.circle,
                    action=EXPIRED,
                    object_=custody.stored_object((), names, None),
                    tool=note.tool,
                    reason=f"{kind} {count}",
                )
                connection.executemany(
                    "INSERT INTO raw_gone VALUES (?, ?, ?)", [(obs_id, sha256, seq) for obs_id, sha256 in hashes]
                )
        rewriting.finish(workspace)
        return count
    raise Conflict("workspace-busy")


def take_out_rejects(workspace: Workspace, end: datetime) -> int:
    """Remove the rejects of imports before a day; the imports keep their counts."""
    with workspace.manifest.writing() as connection:
        query = "DELETE FROM rejects WHERE intake IN (SELECT id FROM intakes WHERE day < ?)"
        return connection.execute(query, (end.date().isoformat(),)).rowcount


def _older(archive: Archive, end: datetime) -> list[str]:
    rows = archive.table("observations")
    return sorted(rows.filter(rows.collected_at < end).obs_id.to_pyarrow().to_pylist())


def _with_raw(archive: Archive, obs_ids: list[str]) -> list[str]:
    """Those whose raw record is still there."""
    with archive.workspace.manifest.reading() as connection:
        gone = {row[0].hex() for row in connection.execute("SELECT obs_id FROM raw_gone")}
    return [obs_id for obs_id in obs_ids if obs_id not in gone]


def _old_media(archive: Archive, end: datetime, stay: set[str], media: set[str]) -> list[str]:
    """Media all of whose captures are old, that nothing refers to and no observation that stays shows."""
    rows = archive.table("media").select("obs_id", "sha256", "collected_at").to_pyarrow().to_pylist()
    young = {row["sha256"] for row in rows if row["collected_at"] >= end or row["obs_id"] in stay} | media
    return sorted(archive.holds_media({row["sha256"] for row in rows} - young))


def _old_locators(archive: Archive, end: datetime, stay: set[str]) -> list[str]:
    """Pseudonyms whose locator is kept and that no younger observation, and none that stays, names."""
    with archive.workspace.manifest.reading() as connection:
        sealed = {row[0] for row in connection.execute("SELECT pseudonym FROM locators")}
    observations = archive.table("observations").select("obs_id", "collected_at")
    kept = ibis.memtable(pa.table({"obs_id": pa.array(sorted(stay), pa.string())}))
    young = observations.filter(observations.collected_at >= end).select("obs_id").union(kept)
    for name in _named(archive, young):
        sealed.discard(name)
    return sorted(sealed)


def _named(archive: Archive, of: ibis.Table) -> Iterator[str]:
    """All stand-ins that some observations name, each with its platform."""
    for table, columns in expunging.NAMES.items():
        rows = archive.table(table).semi_join(of, "obs_id")
        for column in columns:
            values = rows[column].unnest() if column == "mentions" else rows[column]
            for text in values.name("text").as_table().distinct().text.to_pyarrow().to_pylist():
                if text and text.startswith("@h:"):
                    yield from (f"{platform}:{text[1:]}" for platform in expunging.platforms(archive.workspace))
                elif text:
                    yield text


def _old_rejects(workspace: Workspace, end: datetime) -> int:
    query = "SELECT count(*) FROM rejects JOIN intakes ON intakes.id = intake WHERE day < ?"
    with workspace.manifest.reading() as connection:
        return int(connection.execute(query, (end.date().isoformat(),)).fetchone()[0])
