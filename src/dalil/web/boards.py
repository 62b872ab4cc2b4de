"""Which claims the board shows: the filter that stands in the address, and the page of rows it leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Final, Self

from django.utils.http import urlencode

from dalil.desk.rows import ClaimRow

PAGE: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Empty text lets everything through. `who` is `me`, `nobody` or empty; `page` begins at 1.

    `words` come by POST alone and never enter the address.
    """

    state: str = ""
    type: str = ""
    maker: str = ""
    platform: str = ""
    who: str = ""
    page: int = 1
    words: str = field(default="", repr=False)

    @classmethod
    def read(cls, address: Mapping[str, str], *, words: str = "") -> Self:
        """From the address's query; a page that is no number is the first."""
        plain = {item.name: address.get(item.name, "") for item in fields(cls) if item.name not in ("page", "words")}
        page = address.get("page", "1")
        return cls(**plain, page=max(int(page), 1) if page.isdecimal() and len(page) < 6 else 1, words=words)

    def address(self, page: int | None = None) -> str:
        """The query that brings this board back, without the words."""
        values = {item.name: getattr(self, item.name) for item in fields(self) if item.name not in ("page", "words")}
        kept: dict[str, str | int] = {name: value for name, value in values.items() if value}
        if (page or self.page) > 1:
            kept["page"] = page or self.page
        return "?" + urlencode(kept)

    def lets(self, row: ClaimRow, pseudonym: str) -> bool:
        """Whether a row passes."""
        holder = row.holder or row.held_by
        return (
            self.state in ("", row.state)
            and self.type in ("", row.claim_type)
            and self.maker in ("", row.maker_class)
            and (not self.platform or any(cell.platform == self.platform for cell in row.cells))
            and (self.who != "me" or row.holder == pseudonym)
            and (self.who != "nobody" or holder is None)
            and self.words.casefold() in row.sentence.casefold()
        )


@dataclass(frozen=True, slots=True)
class Board:
    """One page of the board: its rows, how many pass and how many there are, and the pages beside it."""

    rows: Sequence[ClaimRow]
    passing: int
    all: int
    before: str
    after: str


def select(rows: Sequence[ClaimRow], wanted: Filter, *, pseudonym: str) -> Board:
    """The page of the rows that the filter asks for; the order of `rows` is kept."""
    passing = [row for row in rows if wanted.lets(row, pseudonym)]
    start = (wanted.page - 1) * PAGE
    return Board(
        rows=passing[start : start + PAGE],
        passing=len(passing),
        all=len(rows),
        before=wanted.address(wanted.page - 1) if wanted.page > 1 else "",
        after=wanted.address(wanted.page + 1) if start + PAGE < len(passing) else "",
    )
