"""The files of an archived item: found by name or by hash beside its metadata, kept by hash.

A saved page or web archive shows whoever wrote the post, by name. It is kept where the account is public;
of a private person's post only pictures, films, sounds and proofs of time are.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from dalil.errors import DalilError
from dalil.schema.records import MediaRef, ReadWarning
from dalil.sources import closed_words
from dalil.sources.formats.auto_archiver.shapes import Item, Medium, all_media
from dalil.sources.importer import MediaBytes
from dalil.sources.reading import ForeignFile, Root, SourceFile, beside, hash_file, inside

MOST_BESIDE: Final = 500
_FIELD: Final = "media"
_NAMELESS: Final = (
    *(b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"BM", b"ID3", b"fLaC", b"OggS", b"\x1a\x45\xdf\xa3"),
    b"\x00OpenTimestamps\x00",
)
_DER: Final = re.compile(rb"\x30[\x80-\x84]")
_HASHES: Final = re.compile(rb"(?:[0-9a-f]{64,128}\s*)+")


class Kept(NamedTuple):
    """The files of one item: what the post refers to, their bytes, what is doubtful about them."""

    refs: tuple[MediaRef, ...]
    media: tuple[MediaBytes, ...]
    warnings: tuple[ReadWarning, ...]


@dataclass(slots=True)
class _Gathering:
    limit: int
    public: bool
    left: int
    refs: list[MediaRef] = field(default_factory=list)
    media: list[MediaBytes] = field(default_factory=list)
    warnings: list[ReadWarning] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)

    def missing(self, medium: Medium, code: str, sha256: str | None = None) -> None:
        self.warnings.append(ReadWarning(code, _FIELD))
        key = f"sha256:{sha256}" if sha256 else None
        self.refs.append(MediaRef(native_key=key, mime=self._type(medium), not_included=code))

    def _type(self, medium: Medium) -> str | None:
        return closed_words.media_type(medium.mimetype, self.warnings, "_mimetype")

    def take(self, file: ForeignFile, medium: Medium) -> None:
        data = _bytes(file, min(self.limit, self.left))
        if data is None:
            self.missing(medium, "media-too-large")
            return
        sha256 = hashlib.sha256(data).hexdigest()
        self.taken.add(file.name)
        if medium.sha256 and medium.sha256 != sha256:
            self.warnings.append(ReadWarning("hash-differs", _FIELD))
        if any(ref.sha256 == sha256 for ref in self.refs):
            return
        if not self.public and not _is_nameless(data):
            self.missing(medium, "media-names-people", sha256)
            return
        self.left -= len(data)
        self.refs.append(MediaRef(sha256=sha256, mime=self._type(medium)))
        self.media.append(MediaBytes(sha256=sha256, data=data))


def gather(item: Item, source: SourceFile, *, public: bool, limit: int, is_item: Callable[[ForeignFile], bool]) -> Kept:
    """The files of an item.

    Args:
        public: whether the account behind it is known to be public.
        limit: bytes of one file; twice as many are kept of one item in all.
        is_item: whether a file beside it is another item's metadata.
    """
    found = _Gathering(limit, public, 2 * limit)
    near = [file for file in beside(source.root)[:MOST_BESIDE] if file.name != source.path.name]
    others = [file for file in near if is_item(file)]
    by_hash = _Hashes([file for file in near if file not in others], limit)
    for medium in all_media(item):
        file = _named(medium, source.root) or by_hash.get(medium.sha256)
        if file is None:
            found.missing(medium, "media-not-found", medium.sha256)
        elif file.name not in found.taken:
            found.take(file, medium)
    if not others:  # a folder of its own: what else lies in it was archived with it
        for file in near:
            if file.name not in found.taken:
                found.take(file, Medium())
    return Kept(tuple(found.refs), tuple(found.media), tuple(found.warnings))


class _Hashes:
    """The files beside an item by their hash, hashed only once one is asked for."""

    def __init__(self, files: Sequence[ForeignFile], limit: int) -> None:
        self._files = files
        self._limit = limit
        self._found: dict[str, ForeignFile] | None = None

    def get(self, sha256: str | None) -> ForeignFile | None:
        if sha256 is None:
            return None
        if self._found is None:
            self._found = dict(self._hashed())
        return self._found.get(sha256)

    def _hashed(self) -> Iterator[tuple[str, ForeignFile]]:
        for file in self._files:
            try:
                yield hash_file(file, limit=self._limit)[0], file
            except DalilError:
                continue


def _named(medium: Medium, root: Root | None) -> ForeignFile | None:
    if root is None:
        return None
    return next((file for name in medium.names if (file := inside(root, name)) is not None), None)


def _bytes(file: ForeignFile, limit: int) -> bytes | None:
    with SourceFile(file).open() as stream:
        data = stream.read(limit + 1)
    return data if len(data) <= limit else None


def _is_nameless(data: bytes) -> bool:
    """Pictures, films and sounds, proofs of time, lists of hashes: what shows no account's name beside a post."""
    riff = data[:4] == b"RIFF" and data[8:12] in (b"WEBP", b"WAVE", b"AVI ")
    film = data[4:8] == b"ftyp"
    return riff or film or data.startswith(_NAMELESS) or bool(_DER.match(data)) or bool(_HASHES.fullmatch(data))
