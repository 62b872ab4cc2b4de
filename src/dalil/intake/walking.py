"""Walks what was handed over: every file in it, in folders and archives, archives in archives too, within limits.

Each file's first bytes are looked at, to find who reads it; only what an importer recognises is read on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from dalil.errors import DalilError
from dalil.intake.places import FolderPlace
from dalil.schema.chunks import Skipped
from dalil.signals.sniffing import HEAD, OTHER, sniff
from dalil.sources import registry
from dalil.sources.importer import Importer
from dalil.sources.names import shown, shown_bytes
from dalil.sources.reading import ForeignFile, Root, head_of
from dalil.sources.unpacking.containers import Member, Single, Unpacked, UnpackLimits, is_container, open_container
from dalil.sources.unpacking.zips import Zip, is_document

MOST_SKIPPED: Final = 100
"""So many rows tell of what was passed over; all beyond them are counted in the last row of their code."""
MOST_PARTS: Final = 6
_QUIET: Final = {"format-unknown": 1, "evidence-file": 2, "media-file": 3, "empty-file": 4, "system-file": 5}
_ARCHIVES: Final = frozenset({"application/zip", "application/gzip", "application/zstd"})
_KINDS: Final = (
    (b"\x00OpenTimestamps\x00", "evidence-file"),
    (b"WARC/", "evidence-file"),
    (b"\x00\x05\x16\x07", "system-file"),
    (b"\x00\x00\x00\x01Bud1", "system-file"),
)


@dataclass(frozen=True, slots=True)
class WalkLimits:
    """Limits on one walk: files looked at in all, archives inside archives, and those on each archive."""

    files: int = 1_000_000
    depth: int = 3
    unpack: UnpackLimits = field(default_factory=UnpackLimits)


@dataclass(frozen=True, slots=True)
class Group:
    """Files of one format in one folder or archive, in its order; each with its inner path and its place."""

    importer: Importer
    files: list[tuple[str, ForeignFile, Root]] = field(default_factory=list)


class Walk:
    """One walk.

    Args:
        wanted: the only importer to ask; all where None.
    """

    def __init__(self, limits: WalkLimits, wanted: Importer | None = None) -> None:
        self._limits = limits
        self._wanted = wanted
        self._looked_at = 0
        self._skipped: dict[tuple[str, str], Skipped] = {}
        self._opened: list[Unpacked] = []
        self.groups: dict[tuple[int, str], Group] = {}

    @property
    def skipped(self) -> list[Skipped]:
        """What was passed over, by reason, in the order in which it was met."""
        return list(self._skipped.values())

    def folder(self, top: Path, files: list[Path]) -> None:
        """Walk the files of a folder."""
        for path in files:
            self._look(path, _At(path.relative_to(top).as_posix(), FolderPlace(top, path.parent), 0, 0))

    def archive(self, file: Path, head: bytes) -> None:
        """Walk an archive that was handed over itself.

        Raises:
            InputError: `archive-broken`.
            LimitReached: a limit on the archive as a whole.
        """
        self._enter(file, head, _At(shown(file.name), FolderPlace(file.parent, file.parent), 0, 0), "")

    def skip(self, code: str, inner: str = "", begins: str = "", count: int = 1) -> None:
        """Count what is passed over."""
        key = (code, begins) if len(self._skipped) < MOST_SKIPPED else (code, "")
        known = self._skipped.get(key)
        if known is None:
            self._skipped[key] = Skipped(code=code, inner=inner, begins=key[1], count=count)
        else:
            self._skipped[key] = Skipped(code=code, inner=known.inner, begins=known.begins, count=known.count + count)

    def rest(self) -> None:
        """Let go of what the archives hold open, until they are read again."""
        for archive in self._opened:
            archive.rest()

    def _enter(self, file: ForeignFile, head: bytes, at: _At, inner: str) -> None:
        """Look at what an archive holds; `inner` is the path that its members' own paths stand behind."""
        archive = open_container(file, head, _size(file), self._limits.unpack)
        self._opened.append(archive)
        if isinstance(archive.store, Single):  # it lies where the packed file lies, beside the same others
            for member in archive.members():
                self._look(member, _At(inner or member.path, at.place, at.container, at.depth + 1))
            return  # it keeps nothing open
        kind = is_document(archive.store.paths) if isinstance(archive.store, Zip) else ""
        if kind:
            self.skip(kind, inner)
            archive.rest()
            return
        for code, count in sorted(archive.refused.items()):
            self.skip(code, inner, count=count)
        container = len(self._opened)
        for member in archive.members():
            path = f"{inner}/{member.path}" if inner else member.path
            self._look(member, _At(path, member.place, container, at.depth + 1))
        archive.rest()

    def _look(self, file: ForeignFile, at: _At) -> None:
        """One file: one that somebody reads, an archive to be entered, or one to be counted."""
        self._looked_at += 1
        if self._looked_at > self._limits.files:
            self.skip("too-many-files", at.inner)
            return
        try:
            head = _head(file)
            if self._recognised(file, head, at):
                return
            if not is_container(head):
                self.skip(*_told(head, at.inner))
            elif at.depth >= self._limits.depth:
                self.skip("archive-depth", at.inner)
            else:
                self._enter(file, head, at, at.inner)
        except DalilError as error:
            self.skip(error.code, at.inner)

    def _recognised(self, file: ForeignFile, head: bytes, at: _At) -> bool:
        importer = registry.detect(head) if self._wanted is None else self._wanted
        if importer is None or importer.detect(head) <= 0:
            return False
        group = self.groups.setdefault((at.container, importer.manifest.name), Group(importer))
        group.files.append((at.inner, file, at.place))
        return True


class _At(NamedTuple):
    """Where a file was met: its path in what was handed over, its place, the folder or archive that groups it
    with others, and how many archives lie around it."""

    inner: str
    place: Root
    container: int
    depth: int


def _size(file: ForeignFile) -> int:
    return file.size if isinstance(file, Member) else file.stat().st_size if isinstance(file, Path) else 0


def _head(file: ForeignFile) -> bytes:
    """The first 64 KiB; of a picture, film or sound only what tells that it is one."""
    start = head_of(file, HEAD)
    return start if len(start) < HEAD or _is_medium(start) else head_of(file)


def _is_medium(head: bytes) -> bool:
    return sniff(head) not in {OTHER, *_ARCHIVES}


def _told(head: bytes, inner: str) -> tuple[str, str, str]:
    """How a file that nobody reads is counted: media and proofs as what they are, all else by how it begins."""
    if not head:
        return "empty-file", inner, ""
    if _is_medium(head):
        return "media-file", inner, ""
    for beginning, kind in _KINDS:
        if head.startswith(beginning):
            return kind, inner, ""
    if registry.is_table(head):
        return "table-unmapped", inner, ""
    return "format-unknown", inner, shown_bytes(head)


def most_telling(skipped: list[Skipped]) -> Skipped | None:
    """Of what was passed over the row that says most: a reason of its own before a format that is not known."""
    rows = sorted(skipped, key=lambda row: _QUIET.get(row.code, 0))
    return rows[0] if rows else None


def shown_path(inner: str) -> str:
    """An inner path made safe to show, each part of it, and not endless."""
    parts = [shown(part) for part in inner.split("/")]
    return "/".join(parts if len(parts) <= MOST_PARTS else [*parts[:2], "…", *parts[-2:]]) if inner else ""
