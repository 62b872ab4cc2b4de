"""What the child shows of a table before it is imported: its first rows, a proposed mapping, the posts it would give."""

from __future__ import annotations

import msgspec

from dalil.schema.chunks import PublicAccount
from dalil.schema.mappings import TableMapping
from dalil.schema.moments import Moment

MOST_ROWS = 5
"""Rows of a table that are shown as they are."""
MOST_POSTS = 8
"""Posts that are shown as they would be."""
LONGEST_CELL = 200


class TableOrder(msgspec.Struct, frozen=True, kw_only=True, tag="table-order"):
    """What the parent asks of `dalil.intake.table`. Holds keys: never logged, never in arguments.

    `mapping` is JSON, empty for the one that the table itself proposes; `zone` is proposed with that where
    the table names none.
    """

    path: str
    pseudonym_key: bytes
    identity_key: bytes = b""
    public: tuple[PublicAccount, ...] = ()
    mapping: str = ""
    zone: str = ""
    line_bytes: int = 16 << 20

    def __repr__(self) -> str:
        """Without the key."""
        return "TableOrder()"


class ShownPost(msgspec.Struct, frozen=True, kw_only=True):
    """A post as it would be kept: what is private is gone from it already. Texts are cut to `LONGEST_CELL`."""

    platform: str
    author: str | None
    public: bool
    id_quality: str
    posted_at: Moment | None
    posted_precision: str
    zone_basis: str
    seen_at: Moment | None
    text: str
    address: str | None
    counts: dict[str, int | None]
    pictures: int
    warnings: tuple[str, ...]


class TableLook(msgspec.Struct, frozen=True, kw_only=True, tag="table-look"):
    """What a table looks like. `mapping` is the one that was given, else the proposal, which may be incomplete.

    `problem` is the code for which nothing can be read by the mapping yet; empty where `posts` show what
    would be. `rejected` and `set_aside` count among the rows that were looked at.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    encoding: str
    delimiter: str
    mapping: TableMapping
    is_template: bool
    posts: tuple[ShownPost, ...] = ()
    looked_at: int = 0
    rejected: dict[str, int] = {}
    set_aside: int = 0
    problem: str = ""
    problem_facts: dict[str, str | int | float] = {}
