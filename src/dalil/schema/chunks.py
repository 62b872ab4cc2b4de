"""What the limited child hands to its parent: for each group of files a begin, chunks of Arrow tables, an end;
and when all groups were read, a done.

The stream is a row of frames, each `4-byte big-endian length, msgpack header` followed by the
payloads that the header announces, each an Arrow IPC stream of one table. The parent trusts
nothing in it: lengths, table names and schemas are checked against `tables.HANDED_OVER`.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

import msgspec
import pyarrow as pa

from dalil.schema.moments import Moment
from dalil.schema.words import TimeBasis

MAX_HEADER: Final = 1 << 20
MAX_TABLE: Final = 1 << 31

LONGEST_WORD: Final = 100
LONGEST_PATH: Final = 1_000
Word = Annotated[str, msgspec.Meta(max_length=LONGEST_WORD)]
"""A name of a format, a version, a code or a hash from the child: short, whatever the child became."""
Shown = Annotated[str, msgspec.Meta(max_length=LONGEST_PATH)]
"""Text from the child that is shown once and never stored."""
Count = Annotated[int, msgspec.Meta(ge=0, le=(1 << 63) - 1)]
"""A number from the child: never negative, and no larger than the manifest can keep."""


class PublicAccount(msgspec.Struct, frozen=True):
    """An account that the workspace knows to be a public channel, page or outlet.

    `native_id` or `handle` (case-folded) names it; either may be empty, not both. `private` says the
    opposite: two circles found it to be a person's, whatever its kind says; the list then holds marks
    (`identity.private_mark`) in the place of names.
    """

    platform: str
    native_id: str = ""
    handle: str = ""
    private: bool = False


class ChildOrder(msgspec.Struct, frozen=True, kw_only=True, tag="order"):
    """What the parent asks of the child, as msgpack on its standard input. Holds keys: never logged,
    never in arguments, environment or a file."""

    path: str
    format: str | None
    identity_key: bytes
    pseudonym_key: bytes
    key_generation: int
    public: tuple[PublicAccount, ...]
    collected_at: Moment
    collected_at_basis: TimeBasis
    collected_by: str
    source_format_options: dict[str, str] = {}
    chunk_records: int = 10000
    line_bytes: int = 16 << 20
    file_bytes: int = 64 << 30
    folder_files: int = 1_000_000
    media_bytes: int = 256 << 20
    picture_pixels: int = 100_000_000
    reject_share: float = 0.5
    archive_depth: int = 3
    archive_ratio: int = 200
    archive_nested_bytes: int = 256 << 20
    done: tuple[str, ...] = ()
    """`format:received_sha256` of the groups that were read to their end before; they are passed over."""

    def __repr__(self) -> str:
        """Without the keys: a traceback that shows local variables must not show them."""
        return f"ChildOrder(format={self.format!r}, key_generation={self.key_generation})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("format", self.format), ("key_generation", self.key_generation)]


class RereadOrder(msgspec.Struct, frozen=True, kw_only=True, tag="reread-order"):
    """What the parent asks of `dalil.intake.reread`: raw records read again, with the rows that are held of them.

    `tables`: name → Arrow payload (`payloads.table_bytes`) of `raw` and of the rows as they are held. `gone`
    are accounts that have become private since, `posts` the uids of their posts: for them alone the pseudonym
    key is used.
    """

    format: str
    tables: dict[str, bytes]
    identity_key: bytes
    pseudonym_key: bytes
    gone: tuple[PublicAccount, ...] = ()
    posts: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Without the keys, as in `ChildOrder`."""
        return f"RereadOrder(format={self.format!r})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("format", self.format)]


class PictureOrder(msgspec.Struct, frozen=True, kw_only=True, tag="picture-order"):
    """What the parent asks of `dalil.intake.picture`: the signal of one picture."""

    data: bytes
    max_pixels: int = 100_000_000


class Begin(msgspec.Struct, frozen=True, kw_only=True, tag="begin"):
    """What one group of files of one format is; an input may hold several.

    Args:
        received_sha256: of the file, or of the sorted (relative name, sha256) list where there are several.
        received_bytes: of the files that are read.
        files: how many they are.
        inner: path of the one file inside what was handed over, or of the folder or archive that holds them
            all; shown once, never stored.
        container_sha256: of the archive or folder that was handed over; empty for a file by itself.
        container_bytes: of that.
        before_bytes: of the groups before this one.
        input_bytes: of all groups.
    """

    source_format: Word
    importer_version: Word
    received_sha256: Word
    received_bytes: Count
    files: Count = 1
    inner: Shown = ""
    container_sha256: Word = ""
    container_bytes: Count = 0
    before_bytes: Count = 0
    input_bytes: Count = 0

    @property
    def key(self) -> str:
        """Names the group: its format and what was received."""
        return f"{self.source_format}:{self.received_sha256}"


class ChunkHead(msgspec.Struct, frozen=True, kw_only=True, tag="chunk"):
    """Header of one chunk: counts so far, and the tables that follow, name → payload bytes.

    Chunk boundaries depend only on the input and `chunk_records`, so that an import that is
    repeated after a crash makes the same chunks.
    """

    number: Count
    read: Count
    includes: Count
    quarantined: Count
    rejected: dict[Word, Count]
    done_bytes: Count
    tables: dict[Word, Count]


class End(msgspec.Struct, frozen=True, kw_only=True, tag="end"):
    """Final counts. `stopped` is set when too many records were rejected."""

    read: Count
    includes: Count
    quarantined: Count
    rejected: dict[Word, Count]
    ignored: dict[Word, Count] = {}
    stopped: Word | None = None


class Failed(msgspec.Struct, frozen=True, kw_only=True, tag="failed"):
    """The input as a whole, or the group that was begun, could not be read on: an error code and its facts."""

    code: Word
    facts: dict[Word, Shown | int | float] = {}


class Skipped(msgspec.Struct, frozen=True, kw_only=True):
    """Files that were passed over for one reason.

    Args:
        inner: path of the first of them, shown once, never stored.
        begins: what they begin with, where that is the reason.
    """

    code: Word
    inner: Shown = ""
    begins: Shown = ""
    count: Count = 1


class Done(msgspec.Struct, frozen=True, kw_only=True, tag="done"):
    """The input was walked to its end: what no group holds."""

    skipped: tuple[Skipped, ...] = ()


Frame = Begin | ChunkHead | End | Failed | Done


class Chunk(msgspec.Struct, frozen=True):
    """One chunk on the parent's side: the header and its checked tables."""

    head: ChunkHead
    tables: dict[str, pa.Table]
