"""Makes a backup while server, worker and imports go on: databases as of one moment, then what they name.

The desk is copied before the manifest, since its rows refer to facts: so every fact that a copied row names is in
the copied manifest. What the manifest names never changes; a file that was merged away between the two looks is
found by looking again. Every file is hashed while it is copied, and all are read once more at the end.
"""

from __future__ import annotations

import io
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from dalil.archive import backups, volume
from dalil.archive.backups import FORMAT, LIST, STATE, TOP, Entry, Listing, Progress
from dalil.archive.database import snapshot
from dalil.archive.disk import disk_errors, place, sync_file, write_synced
from dalil.archive.keys import FILE as KEYRING
from dalil.archive.manifest import Manifest
from dalil.archive.scratch import Scratch
from dalil.archive.workspace import PLAIN_VOLUME_WORDS, Workspace
from dalil.errors import ConfigError, EvidenceDamaged, InputError

_TRIES: Final = 5
_LOOSE: Final = (*(name for name in TOP if name.endswith(".json")), f"keys/{KEYRING}")
"""Small files that are replaced whole."""


class Made(NamedTuple):
    """A backup: its list, and how many bytes had to be copied for it."""

    listing: Listing
    copied: int


class _Vanished(Exception):
    """A file that the copied manifest names was removed meanwhile: look again."""


class _Changed(Exception):
    """A file does not have its hash any more: leave it out and say so."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


def back_up(
    workspace: Workspace, target: Path, *, desk: bool, plain_ok: bool, progress: Progress | None = None
) -> Made:
    """Back a workspace up into a folder (made or brought up to date) or, where it ends in `.tar`, into a new file.

    Args:
        desk: whether the desk lies in the workspace; False where a server holds it.
        plain_ok: somebody typed the words that allow a volume that is not encrypted.
        progress: over the bytes to copy, then over those to verify.
    Raises:
        ConfigError: `volume-plain` or `volume-unknown` without the words.
        InputError: `folder-not-empty`: the target is something else; `backup-inside`: it lies in the workspace.
        LimitReached: `disk-full`; the backup before is whole.
    """
    target = Path(os.path.abspath(target))  # noqa: PTH100 - resolve() would follow links that a user means to keep
    if target.is_relative_to(workspace.folder):
        raise InputError("backup-inside")
    if not (workspace.demo or plain_ok):
        check_volume(target)
    into = _into_file if target.suffix == ".tar" else _into_folder
    tries, broken = _TRIES, set[str]()
    while True:
        with Scratch(workspace.tmp) as scratch:
            listing, staged = _look(workspace, scratch, target, broken, desk=desk)
            try:
                copied = into(workspace, target, listing, staged, progress)
                return Made(backups.verify(target, progress=progress), copied)
            except _Changed as changed:
                broken.add(changed.path)
            except _Vanished:
                tries -= 1
                if not tries:
                    raise EvidenceDamaged("archive-damaged", part="archive") from None


def check_volume(target: Path) -> None:
    """Raises ConfigError unless the volume under `target` is known to be encrypted."""
    match volume.is_encrypted(target):
        case False:
            raise ConfigError("volume-plain", words=PLAIN_VOLUME_WORDS)
        case None:
            raise ConfigError("volume-unknown", words=PLAIN_VOLUME_WORDS)
        case True:
            pass


def _look(
    workspace: Workspace, scratch: Scratch, target: Path, broken: set[str], *, desk: bool
) -> tuple[Listing, dict[str, Path]]:
    """The list as of now, and copies of what changes (SHA-256 → where).

    What is missing or `broken` in the workspace stays on the list where the backup before holds it.
    """
    copies: list[tuple[str, Path]] = []
    for path, wanted in ((workspace.database, desk), (workspace.manifest.path, True)):
        if wanted:
            copy = scratch.name()
            snapshot(path, copy)
            copies.append((path.relative_to(workspace.folder).as_posix(), copy))
    manifest = Manifest(copies[-1][1])
    for name in _LOOSE:
        if (workspace.folder / name).is_file():
            copy = scratch.name()
            write_synced(copy, (workspace.folder / name).read_bytes())
            copies.append((name, copy))
    entries, staged = [], {}
    for name, copy in copies:
        with copy.open("rb") as stream:
            sha256 = backups.hash_of(stream)
        staged[sha256] = copy
        entries.append(Entry(name, sha256, copy.stat().st_size, changes=True))
    entries += _named(workspace, manifest)
    missing = {
        entry.path
        for entry in entries
        if not entry.changes
        and (entry.path in broken or not _is_there(workspace.folder / entry.path, entry))
        and not _is_there(target / entry.name, entry)
    }
    listing = Listing(
        format=FORMAT,
        workspace=workspace.id,
        demo=workspace.demo,
        head=manifest.head(),
        desk=desk,
        files=tuple(entry for entry in entries if entry.path not in missing),
        missing=tuple(sorted(missing)),
    )
    manifest.close()
    return listing, staged


def _named(workspace: Workspace, manifest: Manifest) -> Iterator[Entry]:
    """Every unchanging file that a manifest names."""
    with manifest.reading() as connection:
        for query, folder in (
            ("SELECT path, sha256, bytes FROM segments ORDER BY id", "archive"),
            ("SELECT path, sha256, -1 FROM finding_tables ORDER BY path", "archive"),
            ("SELECT path, sha256, bytes FROM raw_segments ORDER BY id", "raw"),
        ):
            for path, sha256, size in connection.execute(query):
                yield _entry(workspace, f"{folder}/{path}", sha256, size)
        for sha256, size in connection.execute("SELECT sha256, bytes FROM media ORDER BY sha256"):
            path = workspace.media_path(sha256).relative_to(workspace.folder).as_posix()
            yield Entry(path, sha256, size)


def _entry(workspace: Workspace, path: str, sha256: str, size: int) -> Entry:
    place = workspace.folder / path
    return Entry(path, sha256, size if size >= 0 else place.stat().st_size if place.is_file() else 0)


def _is_there(path: Path, entry: Entry) -> bool:
    try:
        return path.stat().st_size == entry.bytes
    except OSError:
        return False


def _into_folder(
    workspace: Workspace, target: Path, listing: Listing, staged: dict[str, Path], progress: Progress | None
) -> int:
    """Copy what is not there yet, put the new list in place, remove what it does not name."""
    old = _old(target, listing)
    done = copied = 0
    for entry in listing.files:
        final = target / entry.name
        if not _is_there(final, entry):
            source = staged[entry.sha256] if entry.changes else workspace.folder / entry.path
            _copy(source, final, entry)
            copied += entry.bytes
        done += entry.bytes
        if progress:
            progress(done, listing.total)
    part = target / f"{LIST}.part"
    part.unlink(missing_ok=True)
    write_synced(part, backups.encode(listing))
    place([(part, target / LIST)])
    kept = {entry.name for entry in listing.files}
    for name in sorted({entry.name for entry in old} - kept):
        (target / name).unlink(missing_ok=True)
    return copied


def _old(target: Path, listing: Listing) -> tuple[Entry, ...]:
    """The files of the backup that lies there already.

    Raises:
        InputError: what lies there is no backup of this workspace, nor the beginning of one.
    """
    if (target / LIST).is_file():
        old = backups.decode((target / LIST).read_bytes())
        if old.workspace != listing.workspace:
            raise InputError("backup-of-another")
        return old.files
    if target.is_dir() and not {item.name for item in target.iterdir()} <= {
        STATE,
        "archive",
        "raw",
        "media",
        f"{LIST}.part",
    }:
        raise InputError("folder-not-empty", name=target.name)
    if target.exists() and not target.is_dir():
        raise InputError("folder-not-empty", name=target.name)
    with disk_errors():
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
    return ()


@disk_errors()
def _copy(source: Path, final: Path, entry: Entry) -> None:
    part = final.with_name(f"{final.name}.part")
    final.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with source.open("rb") as reading, part.open("wb") as writing:
            found = backups.copy(reading, writing)
            writing.flush()
            os.fsync(writing.fileno())
    except FileNotFoundError:
        raise _Vanished from None
    if found != entry.sha256:
        part.unlink()
        raise _Changed(entry.path)
    place([(part, final)])


def _into_file(
    workspace: Workspace, target: Path, listing: Listing, staged: dict[str, Path], progress: Progress | None
) -> int:
    """Write a new file under another name, and give it its own when it is whole."""
    if target.exists():
        raise InputError("folder-not-empty", name=target.name)
    part = target.with_name(f"{target.name}.part")
    done = 0
    with disk_errors(), tarfile.open(part, "w", format=tarfile.PAX_FORMAT) as tar:
        data = backups.encode(listing)
        tar.addfile(_member(LIST, len(data)), io.BytesIO(data))
        for entry in listing.files:
            source = staged[entry.sha256] if entry.changes else workspace.folder / entry.path
            try:
                with source.open("rb") as stream:
                    if backups.hash_of(stream) != entry.sha256:
                        raise _Changed(entry.path)
                    stream.seek(0)
                    tar.addfile(_member(entry.name, entry.bytes), stream)
            except FileNotFoundError:
                raise _Vanished from None
            done += entry.bytes
            if progress:
                progress(done, listing.total)
    backups.verify(part)
    sync_file(part)
    place([(part, target)])
    return done


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member
