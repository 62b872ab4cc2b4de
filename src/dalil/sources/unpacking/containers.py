"""One door to all archives: what a file's first bytes say it is, opened, with its members as files."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal, Protocol

from dalil.errors import LimitReached
from dalil.sources.names import shown
from dalil.sources.reading import ForeignFile
from dalil.sources.unpacking.member_names import folder_of, resolved
from dalil.sources.unpacking.packed import inner_name, unpacked, unpacker
from dalil.sources.unpacking.streams import FREE, Opener, allowance, held, watched
from dalil.sources.unpacking.tars import HEADER, Tar, is_tar
from dalil.sources.unpacking.zips import MARKS, Zip


@dataclass(frozen=True, slots=True)
class UnpackLimits:
    """Limits on one archive, or one inside another.

    Args:
        files: members. ratio: bytes that may come out of one packed byte.
        nested_bytes: largest archive inside another; it is held in memory while it is read.
    """

    files: int = 1_000_000
    ratio: int = 200
    nested_bytes: int = 256 << 20


class Store(Protocol):
    """One kind of archive: the inner paths that may be read, how many were refused and why."""

    refused: Counter[str]
    paths: list[str]

    def size(self, path: str) -> int: ...

    def open(self, path: str) -> BinaryIO: ...

    def rest(self) -> None: ...


class Unpacked:
    """An opened archive, with its members found by folder."""

    def __init__(self, store: Store, name: str, kept: Sequence[Kept] = ()) -> None:
        self.name = name
        self.store = store
        self._kept = kept
        self._folders: dict[str, list[str]] = {}
        for path in store.paths:
            self._folders.setdefault(folder_of(path), []).append(path)
        self._paths = frozenset(store.paths)

    @property
    def refused(self) -> Counter[str]:
        """Members that are not read: code → how many."""
        return self.store.refused

    def members(self) -> Iterator[Member]:
        """The members in the store's order."""
        return (Member(self, path) for path in self.store.paths)

    def holds(self, path: str) -> bool:
        """Whether it has a member of that inner path."""
        return path in self._paths

    def folder(self, at: str) -> list[str]:
        """The inner paths of one folder's own members."""
        return sorted(self._folders.get(at, ()))

    def rest(self) -> None:
        """Let go of open files and of bytes in memory, until a member is opened again: a child has few of both."""
        self.store.rest()
        for kept in self._kept:
            kept.rest()


@dataclass(frozen=True, slots=True)
class Member:
    """One file inside an archive."""

    archive: Unpacked
    path: str

    @property
    def name(self) -> str:
        """The last part of its inner path."""
        return self.path.rpartition("/")[2]

    @property
    def size(self) -> int:
        """Its bytes, as the archive says; 0 where it does not."""
        return self.archive.store.size(self.path)

    @property
    def place(self) -> MemberPlace:
        """Where it lies."""
        return MemberPlace(self.archive, folder_of(self.path))

    def open(self, _mode: Literal["rb"] = "rb", /) -> BinaryIO:
        """Its bytes, from the beginning."""
        return self.archive.store.open(self.path)


@dataclass(frozen=True, slots=True)
class MemberPlace:
    """A folder inside an archive."""

    archive: Unpacked
    at: str

    def find(self, relative: str) -> Member | None:
        """The member that `relative` names here, else in the folders around this one, the nearest first."""
        at = self.at
        while True:
            path = resolved(at, relative)
            if path is not None and self.archive.holds(path):
                return Member(self.archive, path)
            if not at:
                return None
            at = folder_of(at)

    def beside(self) -> Sequence[Member]:
        """The members of this folder."""
        return [Member(self.archive, path) for path in self.archive.folder(self.at)]


class Single:
    """A single packed file, as an archive of one."""

    def __init__(self, opener: Opener, name: str) -> None:
        self._opener = opener
        self.refused: Counter[str] = Counter()
        self.paths = [inner_name(name)]

    def size(self, path: str) -> int:  # noqa: ARG002 - there is only one, and its size is not told
        """Not known before it is unpacked."""
        return 0

    def open(self, path: str) -> BinaryIO:  # noqa: ARG002 - there is only one
        """Its unpacked bytes."""
        return self._opener()

    def rest(self) -> None:
        """Nothing is kept open."""


def is_container(head: bytes) -> bool:
    """Whether the first bytes are those of an archive or a packed file."""
    return head.startswith(MARKS) or unpacker(head) is not None or is_tar(head)


def open_container(file: ForeignFile, head: bytes, size: int, limits: UnpackLimits) -> Unpacked:
    """Open the archive that a file is; `head` and `size` are its own, `is_container` of its head holds.

    Raises:
        InputError: `archive-broken`.
        LimitReached: `archive-files`, `archive-ratio`, or `archive-nested` for one inside another that is
            larger than what is held in memory.
    """
    name = shown(file.name)
    if head.startswith(MARKS):
        return Unpacked(Zip(_seekable(file, name, limits), name, most=limits.files, ratio=limits.ratio), file.name)
    unpack = unpacker(head)
    if unpack is None:
        return Unpacked(Tar(lambda: file.open("rb"), name, most=limits.files), file.name)
    packed, allowed = unpacked(file, unpack), allowance(size, limits.ratio)

    def stream() -> BinaryIO:
        return watched(packed, allowed=allowed, name=name)

    with stream() as first:
        inner = first.read(HEADER)
    if not is_tar(inner):
        return Unpacked(Single(stream, file.name), file.name)
    kept = Kept(stream, FREE)
    return Unpacked(Tar(kept, name, most=limits.files), file.name, [kept])


class Kept:
    """Opens a stream's bytes in memory, where they are no more than `most`, else the stream itself, each time anew."""

    def __init__(self, opener: Opener, most: int) -> None:
        self._opener = opener
        self._most = most
        self._data: bytes | None = None
        self._too_large = False

    def __call__(self) -> BinaryIO:
        if self._data is None and not self._too_large:
            self._data = held(self._opener, most=self._most)
            self._too_large = self._data is None
        return self._opener() if self._data is None else io.BytesIO(self._data)

    def rest(self) -> None:
        """Let go of the bytes."""
        self._data = None


def _seekable(file: ForeignFile, name: str, limits: UnpackLimits) -> Opener:
    """Gives a zip's own bytes so that seeking is quick: the disk's, or all of them in memory."""
    if isinstance(file, Path):
        return lambda: file.open("rb")

    def in_memory() -> BinaryIO:
        data = held(lambda: file.open("rb"), most=limits.nested_bytes)
        if data is None:
            raise LimitReached("archive-nested", name=name, limit=limits.nested_bytes)
        return io.BytesIO(data)

    return in_memory
