"""Plain tables written for tests: our template filled in, and strange ones with their mappings."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import sources_files

from dalil.schema.mappings import OPTION, TableField, TableMapping, to_text
from dalil.schema.records import Post
from dalil.sources.formats.plain_table import template
from dalil.sources.formats.plain_table.importer import PlainTable
from dalil.sources.importer import Item, Record

F = TableField
ZONE = "Asia/Baghdad"
STRANGE = ("tweet_url", "Author", "When", "Was sagt er", "Likes", "note")
MAPPING = TableMapping(
    name="strange",
    columns={"tweet_url": F.ADDRESS, "Author": F.ACCOUNT_HANDLE, "When": F.POSTED_AT, "Was sagt er": F.TEXT, "Likes": F.LIKES},
    platform="x",
    zone=ZONE,
)  # fmt: skip


def filled(**cells: str) -> dict[TableField, str]:
    """A row of the template, by field; what is not given is a page's post."""
    row = {
        F.PLATFORM: "facebook",
        F.ACCOUNT_NAME: "Sahlara Today",
        F.ACCOUNT_KIND: "page",
        F.ADDRESS: "https://www.facebook.com/sahlaratoday/posts/77",
        F.TEXT: "The bridge at Tel Nahr stands.",
        F.POSTED_AT: "2026-05-17 14:05",
        F.SEEN_AT: "2026-05-17 14:20",
        F.VISIBILITY: "public",
        F.LIKES: "12",
        F.COMMENTS: "",
        F.SHARES: "0",
        F.SCREENSHOT: "",
    }
    return row | {F(name): value for name, value in cells.items()}


def write_template(
    path: Path, rows: Iterable[Mapping[TableField, str]], *, language: str = "en", zone: str = ZONE, **how: Any
) -> Path:
    """Rows by field under our own header."""
    cells = ([row.get(field, "") for field in template.FIELDS] for row in rows)
    return write(path, template.header(language, zone), cells, **how)


def write(
    path: Path,
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    delimiter: str = ",",
    encoding: str = "utf-8",
    line_end: str = "\r\n",
) -> Path:
    """A table as a spreadsheet writes it."""
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.writer(stream, delimiter=delimiter, lineterminator=line_end)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def text_of(header: Sequence[str], rows: Iterable[Sequence[str]], delimiter: str = ",") -> str:
    sheet = io.StringIO(newline="")
    csv.writer(sheet, delimiter=delimiter).writerows([header, *rows])
    return sheet.getvalue()


def items(path: Path, mapping: TableMapping | None = None, **how: Any) -> list[Item]:
    options = {OPTION: to_text(mapping), "mapping_version": "3"} if mapping is not None else {}
    return sources_files.items(PlainTable(), path, options=options | how.pop("options", {}), **how)


def records(path: Path, mapping: TableMapping | None = None, **how: Any) -> list[Record]:
    return sources_files.records(items(path, mapping, **how))


def one(path: Path, mapping: TableMapping | None = None, **how: Any) -> tuple[Record, Post]:
    [record] = records(path, mapping, **how)
    assert record.post is not None
    return record, record.post
