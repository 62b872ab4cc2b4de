"""The kept corpora: what fuzzing found worth keeping of each format, one packed file a format.

Small files by the thousand would be a nuisance in a repository; a zip of them, always the same bytes for
the same inputs, is one file that git compares as such. `unzip -p corpus/FORMAT.zip NAME` shows one.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable
from pathlib import Path

CORPUS = Path(__file__).parent / "corpus"
MOST_FILES = 150
MOST_BYTES = 200 << 10
"""Of one format, before packing."""
_DAY = (2026, 1, 1, 0, 0, 0)


def read(name: str) -> list[bytes]:
    """The inputs that are kept of a format, the smallest first; none where nothing is kept yet."""
    path = CORPUS / f"{name}.zip"
    if not path.exists():
        return []
    with zipfile.ZipFile(path) as archive:
        return sorted((archive.read(info) for info in archive.infolist()), key=len)


def write(name: str, inputs: Iterable[bytes]) -> tuple[int, int]:
    """Keep these inputs of a format instead of those before, in their order until there are enough.

    Returns:
        How many were kept, and their bytes.
    """
    kept: dict[str, bytes] = {}
    size = 0
    for data in inputs:
        if len(kept) < MOST_FILES and size + len(data) <= MOST_BYTES:
            kept[hashlib.sha256(data).hexdigest()[:16]] = data
            size += len(data)
    CORPUS.mkdir(exist_ok=True)
    with zipfile.ZipFile(CORPUS / f"{name}.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for digest, data in sorted(kept.items()):
            archive.writestr(zipfile.ZipInfo(digest, _DAY), data, zipfile.ZIP_DEFLATED)
    return len(kept), size
