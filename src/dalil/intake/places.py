"""A folder of the disk as a walk sees it: its files, and where each of them lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dalil.sources.reading import ForeignFile, inside


@dataclass(frozen=True, slots=True)
class FolderPlace:
    """A folder below `top`, the one that was handed over; nothing outside `top` is ever found."""

    top: Path
    at: Path

    def find(self, relative: str) -> ForeignFile | None:
        """The file that `relative` names here, else in the folders around this one up to the top, the nearest first."""
        at = self.at
        while True:
            found = inside(self.top, (at.relative_to(self.top) / relative).as_posix())
            if found is not None:
                return found
            if at == self.top:
                return None
            at = at.parent

    def beside(self) -> Sequence[ForeignFile]:
        """The files of this folder; links are left out."""
        return sorted((path for path in self.at.iterdir() if path.is_file() and not path.is_symlink()), key=_by_name)


def _by_name(path: Path) -> bytes:
    return path.name.encode("utf-8", "surrogateescape")
