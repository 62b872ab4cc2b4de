"""What a backup is: the workspace's files as of one moment, and a list that says which belong to it.

    BACKUP.json              the list: every file with its SHA-256 and size; written last, in one step
    state/<sha256>           what changes in a workspace: both databases, its facts, its wrapped keys
    archive/ raw/ media/     what never changes, under the names it has in the workspace

A folder is a mirror: the next backup into it copies only what is not there yet, and what the list no longer names
is removed once the new list is in place, so that a backup that is cut off anywhere leaves the one before whole. A
file (`.tar`) holds the same tree, the list first. Indexes are left out: they can be made again.
"""

from __future__ import annotations

import hashlib
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Final, NamedTuple

import msgspec

from dalil.errors import EvidenceDamaged, InputError

LIST: Final = "BACKUP.json"
STATE: Final = "state"
FORMAT: Final = 1
_BLOCK: Final = 1 << 20
_HEX: Final = frozenset("0123456789abcdef")
TOP: Final = ("workspace.json", "public.json", "demo.json", "retention.json", "mappings.json", "dalil.db")
"""What lies in a workspace itself, and not in one of its folders."""
_FOLDERS: Final = ("archive", "raw", "media", "keys")
_LONGEST_LIST: Final = 1 << 30
Progress = Callable[[int, int], object]
"""Called with (bytes done, bytes in all); it may raise to end the work."""


class Entry(msgspec.Struct, frozen=True):
    """One file: its place in the workspace, with forward slashes, and what it must be. `changes`: it lies in `state/`."""

    path: str
    sha256: str
    bytes: int
    changes: bool = False

    @property
    def name(self) -> str:
        """Where it lies in the backup."""
        return f"{STATE}/{self.sha256}" if self.changes else self.path


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """The list. `head` names the archive's state; `desk` tells whether the desk is in it, which a server may hold.

    `missing` was recorded in the workspace and not there, or not the same, when the backup was made.
    """

    format: int
    workspace: str
    demo: bool
    head: str
    desk: bool
    files: tuple[Entry, ...]
    missing: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """Bytes of all files."""
        return sum(entry.bytes for entry in self.files)

    @property
    def digest(self) -> str:
        """Names this backup: the same list, the same digest."""
        return hashlib.sha256(encode(self)).hexdigest()


def encode(listing: Listing) -> bytes:
    """The list as it is written."""
    return msgspec.json.format(msgspec.json.encode(listing), indent=1) + b"\n"


def decode(data: bytes) -> Listing:
    """The list as it was written; nothing in it is trusted.

    Raises:
        InputError: `backup-unreadable`: it is none, or one of a newer version.
    """
    try:
        listing = msgspec.json.decode(data, type=Listing)
    except msgspec.MsgspecError:
        raise InputError("backup-unreadable") from None
    if listing.format != FORMAT or not all(_is_plain(entry) for entry in listing.files):
        raise InputError("backup-unreadable")
    return listing


def _is_plain(entry: Entry) -> bool:
    """Whether a path stays inside the workspace and is one that a workspace has."""
    path = PurePosixPath(entry.path)
    parts = path.parts
    return (
        str(path) == entry.path
        and not path.is_absolute()
        and ".." not in parts
        and "\\" not in entry.path
        and ":" not in entry.path
        and (entry.path in TOP or (len(parts) > 1 and parts[0] in _FOLDERS))
        and len(entry.sha256) == 64
        and _HEX.issuperset(entry.sha256)
        and entry.bytes >= 0
    )


class Opened(NamedTuple):
    """A backup to read from."""

    listing: Listing
    read: Callable[[Entry], IO[bytes]]
    """Opens one of its files; raises OSError or KeyError where it is not there."""


@contextmanager
def opened(place: Path) -> Iterator[Opened]:
    """Open a backup, folder or file.

    Raises:
        InputError: `path-missing`, or `backup-unreadable`.
    """
    if place.is_dir():
        if not (place / LIST).is_file():
            raise InputError("backup-unreadable")
        listing = decode((place / LIST).read_bytes())
        yield Opened(listing, lambda entry: (place / entry.name).open("rb"))
        return
    if not place.is_file():
        raise InputError("path-missing", name=place.name)
    try:
        with tarfile.open(place, "r:") as tar:
            yield _in_tar(tar)
    except tarfile.TarError:
        raise InputError("backup-unreadable") from None


def _in_tar(tar: tarfile.TarFile) -> Opened:
    first = tar.next()
    if first is None or first.name != LIST or not first.isreg() or first.size > _LONGEST_LIST:
        raise InputError("backup-unreadable")
    data = tar.extractfile(first)
    assert data is not None
    listing = decode(data.read())
    members = {member.name: member for member in tar.getmembers() if member.isreg()}

    def read(entry: Entry) -> IO[bytes]:
        stream = tar.extractfile(members[entry.name])
        assert stream is not None
        return stream

    return Opened(listing, read)


def verify(place: Path, *, progress: Progress | None = None) -> Listing:
    """Read every file of a backup and compare it with the list.

    Raises:
        EvidenceDamaged: `backup-damaged`: one is missing or not the same.
        InputError: it is no backup.
    """
    with opened(place) as backup:
        done = 0
        for entry in backup.listing.files:
            try:
                with backup.read(entry) as stream:
                    found = hash_of(stream)
            except (OSError, KeyError, tarfile.TarError):
                found = ""
            if found != entry.sha256:
                raise EvidenceDamaged("backup-damaged", part=entry.path)
            done += entry.bytes
            if progress:
                progress(done, backup.listing.total)
        return backup.listing


def hash_of(stream: IO[bytes]) -> str:
    """SHA-256 of what is left of a stream."""
    digest = hashlib.sha256()
    while block := stream.read(_BLOCK):
        digest.update(block)
    return digest.hexdigest()


def copy(source: IO[bytes], target: IO[bytes]) -> str:
    """Copy a stream; SHA-256 of what was copied."""
    digest = hashlib.sha256()
    while block := source.read(_BLOCK):
        digest.update(block)
        target.write(block)
    return digest.hexdigest()
