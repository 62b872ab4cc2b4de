"""A workspace of any size in a fraction of the time of an import: segments and their manifest rows, nothing else.

Texts are words of invented alphabets by Zipf's law, in Arabic, Kurdish and Latin letters, already as `norm` leaves
them. There are no raw records, known ids or custody of each chunk: what reads and searches does not look at them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa

from dalil.archive import custody, workspace
from dalil.archive.disk import place, write_synced
from dalil.archive.keys import Cost
from dalil.archive.segments import order_of, split
from dalil.archive.workspace import Workspace
from dalil.schema import tables

CHUNK = 10_000
WORDS = 15
START = datetime(2024, 6, 1, tzinfo=UTC)
DAYS = 730
_US = 1_000_000
_LETTERS = {
    "ar": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "ckb": "ئابپتجچحخدرزژسشعغفڤقکگلمنوهی",
    "en": "abcdefghijklmnopqrstuvwxyz",
}
_SHARE = {"ar": 0.6, "ckb": 0.2, "en": 0.2}
_PLATFORMS = np.array(["facebook", "telegram", "x", "tiktok", "youtube"])


@dataclass(frozen=True)
class Vocabulary:
    """Words of each language, the most frequent first, and how often each comes."""

    words: dict[str, np.ndarray]
    cumulated: np.ndarray

    def draw(self, language: str, shape: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
        return self.words[language][np.searchsorted(self.cumulated, rng.random(shape))]


def vocabulary(size: int = 300_000, *, seed: int = 1) -> Vocabulary:
    """Invented words of three to nine letters; the frequent ones are short."""
    rng = np.random.default_rng(seed)
    words = {}
    for language, letters in _LETTERS.items():
        made: dict[str, None] = {}
        signs = np.array(list(letters))
        while len(made) < size:
            longest = 3 + min(6, len(made) * 30 // size)
            for row in rng.choice(signs, (4096, longest)):
                made["".join(row)] = None
        words[language] = np.array(list(made)[:size], dtype=object)
    weights = 1 / np.arange(1, size + 1)
    return Vocabulary(words, np.cumsum(weights / weights.sum()))


def make(folder: Path, posts: int, *, seed: int = 2, chunk: int = CHUNK) -> Workspace:
    """A workspace of `posts` posts over two years of capture, month by month."""
    house = workspace.create(folder, zone="Asia/Baghdad", passphrase="p", demo=True, cost=Cost(1, 64, 1))
    words = vocabulary()
    rng = np.random.default_rng(seed)
    for number, start in enumerate(range(0, posts, chunk)):
        made = chunk_of(start, min(chunk, posts - start), posts, words, rng)
        store(house, made, number)
    return house


def chunk_of(start: int, count: int, posts: int, words: Vocabulary, rng: np.random.Generator) -> dict[str, pa.Table]:
    """One chunk's tables: captured in a row, claimed up to thirty days before."""
    at = int(START.timestamp()) * _US
    captured = at + (start + np.arange(count)) * (DAYS * 86400 * _US // posts)
    claimed = captured - rng.integers(0, 30 * 86400, count) * _US
    languages = rng.choice(list(_SHARE), count, p=list(_SHARE.values()))
    texts = np.empty(count, dtype=object)
    for language in _SHARE:
        where = np.flatnonzero(languages == language)
        texts[where] = [" ".join(row) for row in words.draw(language, (len(where), WORDS), rng)]
    ids = [rng.bytes(32).hex() for _ in range(count)]
    platforms = _PLATFORMS[rng.integers(0, len(_PLATFORMS), count)]
    uids = [f"{platform}:{start + i}" for i, platform in enumerate(platforms)]
    accounts = [f"{platform}:{number}" for platform, number in zip(platforms, rng.zipf(1.5, count) % 5000, strict=True)]
    times = pa.array(captured, pa.timestamp("us", tz="UTC"))
    made = {
        "observations": {"obs_id": ids, "kind": ["post"] * count, "uid": uids, "collected_at": times},
        "posts": {
            "obs_id": ids,
            "uid": uids,
            "collected_at": times,
            "platform": platforms.tolist(),
            "author_ref": accounts,
            "author_public": [True] * count,
            "created_at": pa.array(claimed, pa.timestamp("us", tz="UTC")),
            "state": ["live"] * count,
            "text": texts.tolist(),
        },
        "text_signals": {
            "obs_id": ids,
            "uid": uids,
            "method": ["text-keys"] * count,
            "method_version": ["1001"] * count,
            "norm": texts.tolist(),
            "lang": languages.tolist(),
        },
        "media": {
            "obs_id": ids[::10],
            "sha256": [rng.bytes(32).hex() for _ in ids[::10]],
            "collected_at": times[::10],
        },
    }
    return {name: _table(name, columns) for name, columns in made.items()}


def store(house: Workspace, made: dict[str, pa.Table], number: int) -> None:
    """Put a chunk's segments into the archive, as a step of its own."""
    order = order_of(made)
    drafts = [draft for name, rows in made.items() for draft in split(name, rows, order.places(rows["obs_id"]), order)]
    moves = []
    for draft in drafts:
        path = house.tmp / draft.sha256
        write_synced(path, draft.data)
        moves.append((path, house.archive / draft.path))
    place(moves)
    with house.manifest.writing() as connection:
        custody.append(connection, day="2026-05-17", circle="", action="made", object_=str(number), tool="benchmark")
        connection.executemany(
            "INSERT INTO segments (table_name, month, path, rows, min_claimed, max_claimed, schema_version, sha256, bytes)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (it.table, it.month, it.path, it.rows, it.min_claimed, it.max_claimed, 1, it.sha256, len(it.data))
                for it in drafts
            ],
        )


def _table(name: str, columns: dict[str, object]) -> pa.Table:
    schema = tables.STORED[name]
    count = len(columns["obs_id"])  # type: ignore[arg-type]
    arrays = [
        pa.array(columns[field.name], field.type) if field.name in columns else pa.nulls(count, field.type)
        for field in schema
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def questions(words: Vocabulary, count: int, *, seed: int = 3) -> Iterator[tuple[str, str]]:
    """Two words of one language that somebody might look for: neither the most frequent hundred nor the rarest."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        language = str(rng.choice(list(_SHARE), p=list(_SHARE.values())))
        one, other = words.words[language][rng.integers(20, 2000, 2)]
        yield one, other
