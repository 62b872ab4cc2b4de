"""What the order's path is: a file, a folder or an archive; and in it the groups of files that are read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from dalil.errors import DalilError, InputError, LimitReached
from dalil.intake.walking import Group, Walk, WalkLimits, most_telling, shown_path
from dalil.schema.chunks import Begin, ChildOrder, Skipped
from dalil.sources import registry
from dalil.sources.importer import Importer
from dalil.sources.names import shown
from dalil.sources.reading import ForeignFile, Root, SourceFile, files_under, hash_file, head_of
from dalil.sources.unpacking.containers import UnpackLimits, is_container
from dalil.sources.unpacking.streams import FREE

_AT_LEAST: Final = 16 * FREE
"""So many bytes may come out of an archive in all, however small it is."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The importer, the files it reads in their order, and the begin."""

    importer: Importer
    files: tuple[SourceFile, ...]
    begin: Begin


@dataclass(frozen=True, slots=True)
class _Received:
    """What was handed over: an archive or a folder, its hash and size; empty for a file by itself."""

    sha256: str = ""
    size: int = 0
    unpacked_limit: int = 1 << 62


@dataclass(frozen=True, slots=True)
class _Counted:
    """A group whose files were hashed."""

    group: Group
    sha256: str
    size: int


class Input:
    """One input, opened: its groups, each with its begin, and what was passed over.

    Raises:
        InputError: `path-missing`; `format-unknown` with what the file begins with, where nothing in it is
            in a format that we read; `archive-…`.
        LimitReached: `file-too-large`, `too-many-files`, `archive-…`.
    """

    def __init__(self, order: ChildOrder) -> None:
        self._order = order
        wanted = registry.named(order.format) if order.format else None
        unpack = UnpackLimits(order.folder_files, order.archive_ratio, order.archive_nested_bytes)
        self.walk = Walk(WalkLimits(order.folder_files, order.archive_depth, unpack), wanted)
        self._received, groups = self._open(Path(order.path), wanted)
        self._groups = self._hashed(groups)
        if not self._groups:
            raise self._nothing(Path(order.path))

    def opened(self) -> Iterator[Opened]:
        """The groups in their order, without those that the order says are done."""
        total, before = sum(counted.size for counted in self._groups), 0
        for counted in self._groups:
            begin = self._begin(counted, before, total)
            before += counted.size
            if begin.key not in self._order.done:
                yield Opened(counted.group.importer, _sources(counted.group), begin)

    def told(self) -> list[Skipped]:
        """What was passed over, with paths made safe to show."""
        return [msgspec.structs.replace(row, inner=shown_path(row.inner)) for row in self.walk.skipped]

    def rest(self) -> None:
        """Let go of what the archives hold open; between two groups."""
        self.walk.rest()

    def _open(self, path: Path, wanted: Importer | None) -> tuple[_Received, list[Group]]:
        order = self._order
        if path.is_dir():
            files = files_under(path, most=order.folder_files)
            received = _hash_folder(path, files, order.file_bytes)
            self.walk.folder(path, files)
            return received, list(self.walk.groups.values())
        if not path.is_file():
            raise InputError("path-missing", name=shown(path.name))
        head = head_of(path)
        importer = registry.detect(head) if wanted is None else wanted
        if importer is not None and importer.detect(head) > 0:
            return _Received(), [Group(importer, [("", path, path.parent)])]
        if not is_container(head):
            raise registry.unknown(path.name, head)
        sha256, size = hash_file(path, limit=order.file_bytes)
        self.walk.archive(path, head)
        limit = max(_AT_LEAST, size * order.archive_ratio)
        return _Received(sha256, size, limit), list(self.walk.groups.values())

    def _hashed(self, groups: list[Group]) -> list[_Counted]:
        """The groups with their hashes; a file that cannot be read to its end is passed over."""
        found, total = [], 0
        for group in groups:
            hashed: list[tuple[str, str, int]] = []
            whole: list[tuple[str, ForeignFile, Root]] = []
            for inner, file, place in group.files:
                try:
                    sha256, size = self._hash(file, total)
                except DalilError as error:
                    if not self._received.sha256:
                        raise
                    self.walk.skip(error.code, inner)
                    total += _size_of(error)
                    continue
                total += size
                hashed.append((inner, sha256, size))
                whole.append((inner, file, place))
            if hashed:
                size = sum(row[2] for row in hashed)
                found.append(_Counted(Group(group.importer, whole), _hash_of(hashed), size))
            self.walk.rest()
        return found

    def _hash(self, file: ForeignFile, before: int) -> tuple[str, int]:
        """Hash and size of a file; all of an archive's files together have a limit, too."""
        left = self._received.unpacked_limit - before
        if left <= 0:
            raise LimitReached("archive-ratio", name=shown(file.name), limit=self._received.unpacked_limit)
        sha256, size = hash_file(file, limit=self._order.file_bytes)
        if size > left:
            raise LimitReached("archive-ratio", name=shown(file.name), limit=self._received.unpacked_limit)
        return sha256, size

    def _begin(self, counted: _Counted, before: int, total: int) -> Begin:
        manifest = counted.group.importer.manifest
        return Begin(
            source_format=manifest.name,
            importer_version=manifest.version,
            received_sha256=counted.sha256,
            received_bytes=counted.size,
            files=len(counted.group.files),
            inner=shown_path(_around([inner for inner, _, _ in counted.group.files])),
            container_sha256=self._received.sha256,
            container_bytes=self._received.size,
            before_bytes=before,
            input_bytes=total,
        )

    def _nothing(self, path: Path) -> DalilError:
        """Why nothing is read: the most telling of what was met."""
        row = most_telling(self.walk.skipped)
        if row is None:
            return registry.unknown(path.name, b"")
        if row.code == "table-unmapped":
            return InputError(row.code, name=shown(row.inner))
        if row.code.startswith("archive-"):
            return InputError(row.code, name=shown(path.name), limit=self._order.archive_depth)
        return InputError("format-unknown", name=shown(path.name), head=row.begins or row.code)


def _size_of(error: DalilError) -> int:
    """How much came out of a file before it was given up for its size; nothing where that was not why."""
    limit = error.facts.get("limit", 0)
    return limit if error.code in ("archive-ratio", "file-too-large") and isinstance(limit, int) else 0


def _sources(group: Group) -> tuple[SourceFile, ...]:
    count = len(group.files)
    labels = [f"file {number} " for number in range(1, count + 1)] if count > 1 else [""]
    return tuple(SourceFile(file, place, label) for (_, file, place), label in zip(group.files, labels, strict=True))


def _around(inners: list[str]) -> str:
    """The path of the one file, or the nearest folder around all."""
    if len(inners) == 1:
        return inners[0]
    parts = [inner.split("/")[:-1] for inner in inners]
    shared = []
    for level in zip(*parts, strict=False):
        if len(set(level)) > 1:
            break
        shared.append(level[0])
    return "/".join(shared)


def _hash_of(hashed: list[tuple[str, str, int]]) -> str:
    """The file's own hash; of several, the hash of their inner paths and hashes."""
    if len(hashed) == 1:
        return hashed[0][1]
    digest = hashlib.sha256()
    for inner, sha256, _ in hashed:
        _add(digest, inner, sha256)
    return digest.hexdigest()


def _hash_folder(folder: Path, files: list[Path], limit: int) -> _Received:
    """One hash for all files of a folder and where they lie in it."""
    digest, total = hashlib.sha256(), 0
    for path in files:
        sha256, size = hash_file(path, limit=limit)
        _add(digest, path.relative_to(folder).as_posix(), sha256)
        total += size
    return _Received(digest.hexdigest(), total)


def _add(digest: hashlib._Hash, relative: str, sha256: str) -> None:
    name = relative.encode("utf-8", "surrogateescape")
    digest.update(len(name).to_bytes(8, "big") + name + bytes.fromhex(sha256))
