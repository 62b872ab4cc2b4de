"""Files and folders read within limits: the first bytes, lines that may be too long, hashes.

A file lies on the disk or inside an archive (`sources.unpacking`); whoever reads it need not know which.
Nothing here follows a link out of the folder it was given, and no name leaves it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Literal, NamedTuple, Protocol

from dalil.errors import InputError, LimitReached
from dalil.sources.names import shown

HEAD_BYTES: Final = 64 << 10
_STEP: Final = 1 << 20
BOM: Final = b"\xef\xbb\xbf"


class ForeignFile(Protocol):
    """A file on the disk (a `Path` is one) or inside an archive; it can be opened again and again."""

    @property
    def name(self) -> str:
        """The last part of its path: for looking things up, never stored."""
        ...

    def open(self, mode: Literal["rb"], /) -> BinaryIO:
        """A seekable stream from its beginning; several may be open at once."""
        ...


class Place(Protocol):
    """Where a file of a walked folder or archive lies, with what lies beside it."""

    def find(self, relative: str) -> ForeignFile | None:
        """The file of that name below this place, or below one of the places around it; see `inside`."""
        ...

    def beside(self) -> Sequence[ForeignFile]:
        """The files that lie at this very place, in the order of their names."""
        ...


Root = Path | Place
"""What a file may point into: a folder of the disk, or a place of a walk."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file to read.

    Args:
        path: the file.
        root: the only folder or place whose files it may point at (Telegram's media); None when it may
            point at none. Ask it through `inside` and `beside`.
        label: begins each `where` when several files are read, such as `file 2 `; never a name.
    """

    path: ForeignFile
    root: Root | None = None
    label: str = ""

    def open(self) -> BinaryIO:
        """Open it for reading.

        Raises:
            InputError: `path-missing`; it cannot be read.
        """
        try:
            return self.path.open("rb")
        except OSError:
            raise InputError("path-missing", name=shown(self.path.name)) from None


class Line(NamedTuple):
    """One line without its line end; `data` is None where it was longer than the limit.

    `sha256` is set only where `data` is None: the hash of all of its bytes.
    """

    number: int
    data: bytes | None
    sha256: str


def head_of(path: ForeignFile, count: int = HEAD_BYTES) -> bytes:
    """The first 64 KiB of a file, or its first `count` bytes.

    Raises:
        InputError: `path-missing`; it cannot be read.
    """
    with SourceFile(path).open() as stream:
        return stream.read(count)


def lines(stream: BinaryIO, *, limit: int) -> Iterator[Line]:
    """The lines of a stream, from 1; one longer than `limit` bytes is hashed and passed over, never held."""
    number = 0
    while piece := stream.readline(limit + 2):
        number += 1
        body = piece.rstrip(b"\r\n")
        if len(body) <= limit:
            yield Line(number, body.removeprefix(BOM) if number == 1 else body, "")
            continue
        digest = hashlib.sha256(piece)
        while not piece.endswith(b"\n") and (piece := stream.readline(_STEP)):
            digest.update(piece)
        yield Line(number, None, digest.hexdigest())


def hash_file(path: ForeignFile, *, limit: int) -> tuple[str, int]:
    """SHA-256 and size of a file, read in steps.

    Raises:
        LimitReached: `file-too-large`.
        InputError: `path-missing`.
    """
    digest, size = hashlib.sha256(), 0
    with SourceFile(path).open() as stream:
        while step := stream.read(_STEP):
            size += len(step)
            if size > limit:
                raise LimitReached("file-too-large", name=shown(path.name), limit=limit)
            digest.update(step)
    return digest.hexdigest(), size


def files_under(folder: Path, *, most: int) -> list[Path]:
    """All regular files under a folder, sorted by their relative path; links are not followed.

    Raises:
        LimitReached: `too-many-files`; there are more than `most`.
    """
    found: list[Path] = []
    for parent, _, names in os.walk(folder, followlinks=False):
        for name in names:
            path = Path(parent, name)
            if path.is_file() and not path.is_symlink():
                found.append(path)
        if len(found) > most:
            raise LimitReached("too-many-files", name=shown(folder.name), limit=most)
    return sorted(found, key=lambda path: path.relative_to(folder).as_posix().encode("utf-8", "surrogateescape"))


def inside(root: Root, relative: str) -> ForeignFile | None:
    """The regular file that `relative` names inside `root`; None where it climbs out, by `..`, by an
    absolute path or through a link, or where there is no such file."""
    return _on_disk(root, relative) if isinstance(root, Path) else root.find(relative)


def beside(root: Root | None) -> Sequence[ForeignFile]:
    """What lies at the place that was walked; nothing for a file that was given alone: what else is in its
    folder was not handed over."""
    return () if root is None or isinstance(root, Path) else root.beside()


def _on_disk(root: Path, relative: str) -> Path | None:
    try:
        base = root.resolve(strict=True)
        found = (base / relative).resolve(strict=True)
        return found if found.is_relative_to(base) and found.is_file() else None
    except (OSError, ValueError, RuntimeError):
        return None
