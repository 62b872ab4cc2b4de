"""What the limited child hands to its parent: a begin, chunks of Arrow tables, an end.

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

Count = Annotated[int, msgspec.Meta(ge=0, le=(1 << 63) - 1)]
"""A number from the child: never negative, and no larger than the manifest can keep."""


class PublicAccount(msgspec.Struct, frozen=True):
    """An account that the workspace knows to be a public channel, page or outlet.

    `native_id` or `handle` (case-folded) names it; either may be empty, not both. `private` says the
    opposite: two circles found it to be a person's, whatever its kind says.
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
    """What the child found the input to be; `received_sha256` is of the file, or of the sorted
    (relative name, sha256) list of a folder's files that were read."""

    source_format: str
    importer_version: str
    received_sha256: str
    received_bytes: Count


class ChunkHead(msgspec.Struct, frozen=True, kw_only=True, tag="chunk"):
    """Header of one chunk: counts so far, and the tables that follow, name → payload bytes.

    Chunk boundaries depend only on the input and `chunk_records`, so that an import that is
    repeated after a crash makes the same chunks.
    """

    number: Count
    read: Count
    includes: Count
    quarantined: Count
    rejected: dict[str, Count]
    done_bytes: Count
    tables: dict[str, Count]


class End(msgspec.Struct, frozen=True, kw_only=True, tag="end"):
    """Final counts. `stopped` is set when too many records were rejected."""

    read: Count
    includes: Count
    quarantined: Count
    rejected: dict[str, Count]
    ignored: dict[str, Count] = {}
    stopped: str | None = None


class Failed(msgspec.Struct, frozen=True, kw_only=True, tag="failed"):
    """The input as a whole could not be read: an error code and its facts."""

    code: str
    facts: dict[str, str | int | float] = {}


Frame = Begin | ChunkHead | End | Failed


class Chunk(msgspec.Struct, frozen=True):
    """One chunk on the parent's side: the header and its checked tables."""

    head: ChunkHead
    tables: dict[str, pa.Table]
