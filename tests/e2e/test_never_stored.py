"""What no workspace may hold is in no byte of it: private chats, and who a private person is.

Read are all files: the desk and the manifest with their logs, Parquet, raw segments unpacked, media,
indexes, keys. Left out are the sample's own sources, which are beside the workspace proper, and sealed
locators, which only the keys of two circles open.
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from demo_week import Demo

from dalil.archive.raw import read_all

pytestmark = pytest.mark.slow
SQLITE = b"SQLite format 3\x00"
WORD = re.compile(rb"[A-Za-z0-9_]{5,}")


def pieces(workspace: Path, scratch: Path) -> Iterator[tuple[str, bytes]]:
    """(where, bytes) of all that a workspace holds, each file as it lies and as it reads."""
    for path in sorted(workspace.rglob("*")):
        where = path.relative_to(workspace).as_posix()
        if not path.is_file() or where.startswith("sample/"):
            continue
        data = path.read_bytes()
        yield where, data
        if path.suffix == ".parquet":
            yield where, b"\n".join(cells(pq.read_table(path)))
        elif data.startswith(SQLITE):
            yield where, b"\n".join(rows(path, scratch))
        elif where.startswith("raw/"):
            for _obs_id, record in read_all(path):
                yield where, record
        elif where.startswith("indexes/") and data.startswith((b"PK", b"\x93NUMPY")):
            yield where, arrays(path)


def cells(table: pa.Table) -> Iterator[bytes]:
    """Every text and every byte string of a table, however deep it lies."""
    for column in table.columns:
        for chunk in column.chunks:
            yield from leaves(chunk)


def leaves(array: pa.Array) -> Iterator[bytes]:
    kind = array.type
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        yield from leaves(array.flatten())
    elif pa.types.is_struct(kind):
        for child in array.flatten():
            yield from leaves(child)
    elif pa.types.is_dictionary(kind):
        yield from leaves(array.dictionary)
    elif pa.types.is_string(kind) or pa.types.is_large_string(kind):
        yield from (value.encode() for value in array.to_pylist() if value)
    elif pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        yield from (value for value in array.to_pylist() if value)


def rows(path: Path, scratch: Path) -> Iterator[bytes]:
    """Every value of every table, the write-ahead log included; sealed locators left out."""
    copies = [shutil.copy(part, scratch) for part in path.parent.glob(path.name + "*")]
    database = sqlite3.connect(scratch / path.name)
    database.text_factory = bytes
    for name, made in database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall():
        table = name.decode()
        if table == "locators":
            continue
        if made.startswith(b"CREATE VIRTUAL TABLE"):  # the index of words keeps no texts: its words, then
            database.execute(f"CREATE VIRTUAL TABLE temp.{table}_held USING fts5vocab('main', '{table}', 'row')")
            table += "_held"
        for row in database.execute(f'SELECT * FROM "{table}"'):
            yield from (value for value in row if isinstance(value, bytes))
    database.close()
    for copy in copies:
        Path(copy).unlink(missing_ok=True)


def arrays(path: Path) -> bytes:
    found = np.load(path, allow_pickle=False)
    parts = found.values() if hasattr(found, "values") else [found]
    return b"\n".join(np.ascontiguousarray(part).tobytes() for part in parts)


def test_what_is_stored_would_be_found(demo: Demo, tmp_path: Path) -> None:
    """The search itself: a place in posts, a claim's sentence and a channel's id are found where they are kept."""
    place = b"Tel Nahr"
    sentences = [text.encode() for claim in demo.truth.claims for text in claim.sentence.values()]
    found = [(where.partition("/")[0], data) for where, data in pieces(demo.folder, tmp_path)]
    assert {"archive", "raw"} <= {where for where, data in found if place in data}
    assert "dalil.db" in {where for where, data in found if any(text in data for text in sentences)}


def test_nothing_that_may_not_be_stored_is_stored(demo: Demo, tmp_path: Path) -> None:
    needles = [text.encode() for text in demo.truth.never_stored]
    assert needles
    held = {where for where, data in pieces(demo.folder, tmp_path) for needle in needles if needle in data}
    assert held == set()


def private_words(demo: Demo) -> tuple[set[bytes], set[bytes]]:
    """(ids of private persons and of their posts, their handles), as the captures give them."""
    truth = demo.truth
    ids = {post.author.native_id for post in truth.posts if not post.author.public}
    own = {post.post.native_id for post in truth.posts if not post.author.public}
    own |= {post.edited_id for post in truth.posts if not post.author.public and post.edited_id}
    public = {post.post.native_id for post in truth.posts if not post.hashed}
    known = json.loads((demo.sample / "panel.json").read_text())
    handles = {row["handle"].casefold() for row in known["public"]}
    found = set()
    for path in (demo.sample / "captures").rglob("tweets.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            users = json.loads(line).get("includes", {}).get("users", [])
            found |= {user["username"] for user in users if user["username"].casefold() not in handles}
    numbers = {word for word in ids | (own - public) if word.isdigit() and len(word) >= 9}
    return {word.encode() for word in numbers}, {word.encode() for word in found if len(word) >= 5}


def test_no_private_person_can_be_named_from_it(demo: Demo, tmp_path: Path) -> None:
    """Neither an id of a private person or of their post, nor a handle, is a word anywhere."""
    ids, handles = private_words(demo)
    assert len(ids) > 1_000
    assert len(handles) > 100
    held: dict[bytes, str] = {}
    for where, data in pieces(demo.folder, tmp_path):
        if where.startswith("media/"):
            continue  # pictures: their bytes spell anything by chance
        words = set(WORD.findall(data))
        held |= dict.fromkeys(words & ids | words & handles, where)
    assert held == {}
