"""Zip archives: the members that may be read, as streams; all others counted by what is wrong with them."""

from __future__ import annotations

import stat
import zipfile
from collections import Counter
from typing import BinaryIO, Final

from dalil.errors import InputError, LimitReached
from dalil.sources.names import shown
from dalil.sources.unpacking import packed_members
from dalil.sources.unpacking.member_names import inner_path
from dalil.sources.unpacking.streams import BROKEN, Opener, allowance, watched

MARKS: Final = (b"PK\x03\x04", b"PK\x05\x06")
_ENCRYPTED: Final = 1
_UNIX: Final = 3


class Zip:
    """One opened zip. `paths` in the order of the alphabet.

    Args:
        opener: gives its bytes; a stream that can be sought quickly.
        most: members that it may have.
        ratio: bytes that may come out of one packed byte.
    Raises:
        InputError: `archive-broken`.
        LimitReached: `archive-files`.
    """

    def __init__(self, opener: Opener, name: str, *, most: int, ratio: int) -> None:
        self._opener = opener
        self._name = name
        self._ratio = ratio
        self._in_hand: tuple[BinaryIO, zipfile.ZipFile] | None = None
        self.refused: Counter[str] = Counter()
        infos = self._zip().infolist()
        if len(infos) > most:
            raise LimitReached("archive-files", name=shown(name), limit=most)
        self._members: dict[str, zipfile.ZipInfo] = {}
        for info in infos:
            self._take(info)
        self.paths = sorted(self._members, key=str.encode)

    def _take(self, info: zipfile.ZipInfo) -> None:
        if info.filename.endswith("/"):  # a folder; `is_dir` does not bear a name that is empty
            return
        path = inner_path(info.filename)
        wrong = _wrong(info) if path else "name-unsafe"
        if path is None or wrong:
            self.refused[wrong] += 1
            return
        if path in self._members:
            self.refused["name-twice"] += 1  # the later one counts, as it does for whoever unpacks
        self._members[path] = info

    def size(self, path: str) -> int:
        """A member's bytes, as the archive says."""
        return self._members[path].file_size

    def open(self, path: str) -> BinaryIO:
        """A member's bytes, counted against what may come out of so many packed ones."""
        info = self._members[path]
        allowed = allowance(info.compress_size, self._ratio)
        return watched(lambda: self._opened(info), allowed=allowed, name=shown(path))

    def _opened(self, info: zipfile.ZipInfo) -> BinaryIO:
        return packed_members.opened(self._zip(), info)

    def _zip(self) -> zipfile.ZipFile:
        if self._in_hand is None:
            file = self._opener()
            try:
                self._in_hand = (file, zipfile.ZipFile(file))
            except BROKEN:
                file.close()
                raise InputError("archive-broken", name=shown(self._name)) from None
        return self._in_hand[1]

    def rest(self) -> None:
        """Let go of the file, or of its bytes in memory; it is opened again when a member is."""
        if self._in_hand is not None:
            file, archive = self._in_hand
            self._in_hand = None
            archive.close()
            file.close()


def is_document(paths: list[str]) -> str:
    """What a zip is that nobody means to be unpacked (an office document, an app, a web archive); else empty."""
    names = set(paths)
    if "datapackage.json" in names and any(path.startswith("archive/") for path in names):
        return "web-archive"
    if names & {"[Content_Types].xml", "META-INF/MANIFEST.MF", "META-INF/container.xml", "AndroidManifest.xml"}:
        return "document"
    return "document" if "mimetype" in names and "content.xml" in names else ""


def _wrong(info: zipfile.ZipInfo) -> str:
    """Why a member is not read; empty where it is."""
    if info.flag_bits & _ENCRYPTED:
        return "archive-encrypted"
    mode = info.external_attr >> 16
    if info.create_system == _UNIX and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "not-a-file"
    return ""
