"""What became of an import: a row for each group of files that was recognised, and what was passed over."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec


class FileReport(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one file, or of the files of one format in a folder or archive; the rows of `dalil import --json`.

    `path` is what was given, and for a file inside it `given/inner`: for the reader's own screen, never stored.
    `intake` is the id by which the import is undone.
    """

    path: str
    format: str
    read: int
    kept: int
    known: int
    quarantined: int
    rejected: dict[str, int]
    includes: int = 0
    expunged: int = 0
    intake: str = ""
    stopped: str | None = None
    cancelled: bool = False


class SkippedReport(msgspec.Struct, frozen=True, kw_only=True):
    """Files in a folder or archive that were passed over for one reason.

    Args:
        path: of the first of them.
        begins: what they begin with, where the reason is `format-unknown`.
    """

    path: str
    code: str
    count: int
    begins: str = ""


class PathReport(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one path that was given.

    Args:
        intakes: the archive's intake of each of `files`, in the same order.
        last: id of the last observation that came, or empty.
    """

    files: tuple[FileReport, ...]
    skipped: tuple[SkippedReport, ...] = ()
    intakes: tuple[str, ...] = ()
    last: str = ""

    @property
    def kept(self) -> int:
        """Observations kept, over all files."""
        return sum(report.kept for report in self.files)

    @property
    def known(self) -> int:
        """Observations that were held already, over all files."""
        return sum(report.known for report in self.files)

    @property
    def expunged(self) -> int:
        """Records that were removed for good and did not come back, over all files."""
        return sum(report.expunged for report in self.files)

    @property
    def rejected(self) -> int:
        """Records that could not be read, over all files."""
        return sum(sum(report.rejected.values()) for report in self.files)


class Moving(msgspec.Struct, frozen=True, kw_only=True):
    """How far the import of one path is.

    Args:
        done, total: bytes of the path that are read, and all that will be; 0 while the child still walks.
        ended: keys (`Begin.key`), reports and intakes of the groups that are through.
        now: the group in hand, with its counts so far, and its intake; None between two.
    """

    done: int
    total: int
    ended: Sequence[tuple[str, FileReport, str]]
    now: tuple[FileReport, str] | None = None


Progress = Callable[[Moving], bool]
"""Called after each chunk and each group; answers False to cancel."""
