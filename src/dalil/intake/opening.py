"""What the order's path is: a file in one format, or a folder whose files of that format are read."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dalil.errors import InputError
from dalil.schema.chunks import Begin, ChildOrder
from dalil.sources import registry
from dalil.sources.importer import Importer
from dalil.sources.names import shown
from dalil.sources.reading import SourceFile, files_under, hash_file, head_of

_MOST_LOOKED_AT: Final = 10_000


@dataclass(frozen=True, slots=True)
class Opened:
    """The importer, the files it reads in their order, how many of other formats were passed over, and the begin."""

    importer: Importer
    files: tuple[SourceFile, ...]
    others: int
    begin: Begin


def open_input(order: ChildOrder) -> Opened:
    """Find the format by content, never by name, and the hash of what was received.

    Raises:
        InputError: `path-missing`, or `format-unknown` with what the file begins with.
        LimitReached: `file-too-large`, `too-many-files`.
    """
    path = Path(order.path)
    if path.is_dir():
        return _open_folder(path, order)
    if not path.is_file():
        raise InputError("path-missing", name=shown(path.name))
    sha256, size = hash_file(path, limit=order.file_bytes)
    head = head_of(path)
    importer = registry.named(order.format) if order.format else registry.detect(head)
    if importer is None or (order.format and importer.detect(head) <= 0):
        raise registry.unknown(path.name, head)
    return Opened(importer, (SourceFile(path, path.parent),), 0, _begin(importer, sha256, size))


def _open_folder(folder: Path, order: ChildOrder) -> Opened:
    """The format of most files at the folder's top, the surer one of two; any file below may be an export's media."""
    files = files_under(folder, most=order.folder_files)
    top = [path for path in files if path.parent == folder][:_MOST_LOOKED_AT]
    wanted = registry.named(order.format) if order.format else None
    found: dict[str, list[Path]] = {}
    sure: Counter[str] = Counter()
    for path in top:
        head = head_of(path)
        importer = registry.detect(head) if wanted is None else (wanted if wanted.detect(head) > 0 else None)
        if importer is not None:
            found.setdefault(importer.manifest.name, []).append(path)
            sure[importer.manifest.name] += round(100 * importer.detect(head))
    if not found:
        first = head_of(top[0]) if top else b""
        raise registry.unknown(top[0].name if top else folder.name, first)
    name = max(sorted(found), key=lambda key: (len(found[key]), sure[key]))
    importer = registry.importers()[name]
    read = found[name]
    digest, size = hashlib.sha256(), 0
    for path in files:
        sha256, bytes_ = hash_file(path, limit=order.file_bytes)
        relative = path.relative_to(folder).as_posix().encode("utf-8", "surrogateescape")
        digest.update(len(relative).to_bytes(8, "big") + relative + bytes.fromhex(sha256))
        size += bytes_ if path in read else 0
    labels = [f"file {number} " for number in range(1, len(read) + 1)] if len(read) > 1 else [""]
    sources = tuple(SourceFile(path, folder, label) for path, label in zip(read, labels, strict=True))
    others = sum(map(len, found.values())) - len(read)
    return Opened(importer, sources, others, _begin(importer, digest.hexdigest(), size))


def _begin(importer: Importer, sha256: str, size: int) -> Begin:
    manifest = importer.manifest
    return Begin(
        source_format=manifest.name,
        importer_version=manifest.version,
        received_sha256=sha256,
        received_bytes=size,
    )
