"""Keeps the index up: what was stored since it was last looked at, month by month, each step whole or not at all.

A step is everything of one month between two custody entries; its documents, words and the note that it was taken
are one transaction, so that a kill at any point leaves an index that knows how far it is. Segments that were
merged meanwhile carry the entries they came from, so that nothing is taken twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, NamedTuple

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from dalil.archive.reading import Archive
from dalil.archive.rows import SegmentRow
from dalil.archive.scratch import exclusive
from dalil.archive.search import words
from dalil.archive.search.index import BLOCK, HOUR, MOST, Document, SearchIndex, blocks_of, number
from dalil.errors import LimitReached
from dalil.schema.words import EdgeType, SearchKind, State

Progress = Callable[[int, int], object]
"""Called with (documents done, documents in all) between steps; it may raise to end the work, and what is in stays in."""
AT_ONCE: Final = 65_536
_LONGEST_WORD: Final = 40
_ASKED: Final = 4096
_PIECE: Final = 3
_MOST_SEEN: Final = 1_000_000
_WAYS: Final = {
    EdgeType.REPLY: SearchKind.REPLY,
    EdgeType.QUOTE: SearchKind.QUOTE,
    EdgeType.FORWARD: SearchKind.FORWARD,
}
_PLAIN: Final = (SearchKind.POST.value,)
_COLUMNS: Final = (
    *("obs_id", "norm", "lang", "uid", "text", "text_raw", "platform", "author_ref", "author_public", "container_ref"),
    *("uri", "state", "captured", "at", "dated", "media", "mimes", "links", "ways"),
)
_GONE: Final = frozenset({State.DELETED, State.WITHHELD, State.PRIVATE, State.UNAVAILABLE})


class Pending(NamedTuple):
    """One step: a month's segments of texts between two custody entries, which no other segment overlaps."""

    month: str
    first: int
    last: int
    segments: tuple[SegmentRow, ...]

    @property
    def rows(self) -> int:
        return sum(segment.rows for segment in self.segments)


class Behind(Exception):
    """A segment was merged of such that are in the index and such that are not."""


@dataclass(slots=True)
class _Work:
    """What one run keeps between its steps."""

    stems: words.Stems
    seen: set[str]


def behind(archive: Archive) -> int:
    """How many texts were stored that the index does not hold yet; all of them where there is none."""
    return sum(step.rows for step in _pending(archive, taken(SearchIndex(archive.workspace))))


def refresh(archive: Archive, *, progress: Progress | None = None, most: int | None = None) -> int:
    """Take what was stored since; an index that is not usable is made anew. Returns how many documents came in.

    Args:
        most: do nothing if more texts than this are waiting.
    Raises:
        Conflict: `workspace-busy`: another process is at it.
    """
    index = SearchIndex(archive.workspace)
    with exclusive(archive.workspace.tmp / "search.lock", wait_seconds=0.2):
        try:
            return _refresh(archive, index, progress, most)
        except Behind:
            index.drop()
            return _refresh(archive, index, progress, most)
        finally:
            index.close()


def _refresh(archive: Archive, index: SearchIndex, progress: Progress | None, most: int | None) -> int:
    if not index.is_usable():
        index.drop()
        index.create()
    steps = _pending(archive, taken(index))
    total = sum(step.rows for step in steps)
    if most is not None and total > most:
        return 0
    work = _Work(words.Stems(), set())
    done = came = 0
    for step in steps:
        came += _take(archive, index, step, work)
        done += step.rows
        if progress:
            progress(done, total)
    return came


def taken(index: SearchIndex) -> dict[str, int]:
    """Month of capture → the custody step up to which its texts are in the index."""
    if not index.is_usable():
        return {}
    with index.reading() as connection:
        return dict(connection.execute("SELECT month, step FROM taken"))


def _pending(archive: Archive, known: Mapping[str, int]) -> list[Pending]:
    """What waits, each month from its oldest step on.

    Raises:
        Behind: see there.
    """
    waiting: dict[str, list[SegmentRow]] = {}
    for segment in archive.segments("text_signals"):
        done = known.get(segment.month, -1)
        if segment.step_to <= done:
            continue
        if segment.step_from <= done:
            raise Behind
        waiting.setdefault(segment.month, []).append(segment)
    return [step for month, rows in sorted(waiting.items()) for step in _steps(month, rows)]


def _steps(month: str, segments: Sequence[SegmentRow]) -> Iterator[Pending]:
    """Cut where no segment straddles, and not before `AT_ONCE` rows are together."""
    part: list[SegmentRow] = []
    for segment in sorted(segments, key=lambda row: (row.step_from, row.step_to)):
        last = max((row.step_to for row in part), default=-1)
        if part and segment.step_from > last and sum(row.rows for row in part) + segment.rows > AT_ONCE:
            yield Pending(month, part[0].step_from, last, tuple(part))
            part = []
        part.append(segment)
    if part:
        yield Pending(month, part[0].step_from, max(row.step_to for row in part), tuple(part))


def _take(archive: Archive, index: SearchIndex, step: Pending, work: _Work) -> int:
    """Put one step in, in one transaction."""
    came = tokens = 0
    spelled: set[str] = set()
    with index.writing() as connection:
        done = connection.execute("SELECT step FROM taken WHERE month = ?", (step.month,)).fetchone()
        if done and done[0] >= step.last:
            return 0
        facts = dict(connection.execute("SELECT name, value FROM facts"))
        n = int(facts["next"])
        for batch in _rows(archive, step).to_pyarrow_batches(chunk_size=AT_ONCE):
            documents, texts = _documents(batch)
            if n + len(documents) > MOST:
                raise LimitReached("search-full", limit=MOST)
            held = [work.stems.tokens(text, document.language) for text, document in zip(texts, documents, strict=True)]
            for text in texts:
                spelled.update(text.split())
            rows = (
                (number(document.at, n + i), f"{' '.join(own)} {_signs(document)}")
                for i, (document, own) in enumerate(zip(documents, held, strict=True))
            )
            connection.executemany("INSERT INTO words (rowid, tokens) VALUES (?, ?)", rows)
            connection.executemany(
                "INSERT INTO blocks VALUES (?, ?, ?)",
                ((n // BLOCK + i, *block) for i, block in enumerate(blocks_of(documents))),
            )
            if documents:  # they are sorted by time
                facts["oldest"] = min(facts["oldest"], documents[0].at // HOUR)
                facts["newest"] = max(facts["newest"], documents[-1].at // HOUR)
            came += len(documents)
            tokens += sum(map(len, held))
            n += -(-len(documents) // BLOCK) * BLOCK
        _learn(connection, spelled, work.seen)
        connection.executemany(_NAMED, _names(archive, step))
        facts |= {"next": n, "documents": facts["documents"] + came, "tokens": facts["tokens"] + tokens}
        connection.executemany("UPDATE facts SET value = ?2 WHERE name = ?1", facts.items())
        connection.execute("INSERT OR REPLACE INTO taken VALUES (?, ?)", (step.month, step.last))
    return came


_NAMED: Final = (
    "INSERT INTO sources VALUES (?, ?, ?, ?) ON CONFLICT (uid) DO UPDATE SET"
    " name = excluded.name, sought = excluded.sought, at = excluded.at WHERE excluded.at >= at"
)


def _names(archive: Archive, step: Pending) -> Iterator[tuple[str, str, str, int]]:
    """(uid, name, what it is searched by, captured at) of the step's public accounts, each as it was captured last."""
    accounts = _part(archive, "accounts", step)
    accounts = accounts.filter(~accounts.uid.contains(":h:"))
    last = accounts.group_by("uid").agg(
        name=ibis.coalesce(accounts.display_name, accounts.handle).argmax(accounts.collected_at),
        handle=accounts.handle.argmax(accounts.collected_at),
        at=accounts.collected_at.max().epoch_seconds().cast("int64"),
    )
    for row in last.filter(last.name.notnull()).to_pyarrow().to_pylist():
        sought = f"{row['name']} {row['handle'] or ''} {row['uid'].partition(':')[2]}".casefold()
        yield row["uid"], row["name"], sought, row["at"]


def _learn(connection: Any, spelled: set[str], seen: set[str]) -> None:
    """Cut words that were never seen before into pieces."""
    fresh = sorted(word for word in spelled - seen if len(word) <= _LONGEST_WORD)
    for start in range(0, len(fresh), _ASKED):
        part = fresh[start : start + _ASKED]
        query = f"SELECT word FROM vocabulary WHERE word IN ({','.join('?' * len(part))})"  # noqa: S608 - only marks
        seen.update(row[0] for row in connection.execute(query, part))
    new = [(word,) for word in fresh if word not in seen]
    connection.executemany("INSERT INTO vocabulary VALUES (?)", new)
    connection.executemany("INSERT INTO pieces (word) VALUES (?)", (row for row in new if len(row[0]) > _PIECE))
    if len(seen) > _MOST_SEEN:
        seen.clear()
    seen.update(spelled)


def _signs(document: Document) -> str:
    """Everything but words that a document can be found by. Nobody lists what a private account wrote."""
    text = _plain_signs(document.platform, document.language, document.kinds)
    for source in {document.author if document.author_public else None, document.container}:
        if source and ":h:" not in source:
            text += " " + words.source_sign(source)
    return text


@lru_cache(maxsize=10_000)
def _plain_signs(platform: str, language: str, kinds: tuple[str, ...]) -> str:
    return " ".join((words.platform_sign(platform), words.language_sign(language), *map(words.kind_sign, kinds)))


def _part(archive: Archive, name: str, step: Pending) -> ir.Table:
    """What another table holds of the step; where that cannot be all of it (rows written anew since), of its month."""
    month = [row for row in archive.segments(name) if row.month == step.month]
    rows = [row for row in month if row.step_from <= step.last and step.first <= row.step_to]
    if name == "posts" and sum(row.rows for row in rows) < step.rows:
        rows = month
    return archive.part(name, rows)


def _rows(archive: Archive, step: Pending) -> ir.Table:
    """The step's texts with what their posts say, oldest claimed time first."""
    texts = archive.part("text_signals", step.segments)
    texts = texts.filter(texts.norm.notnull()).select("obs_id", "norm", "lang", "method_version")
    posts = _part(archive, "posts", step)
    captured = posts.collected_at.epoch_seconds().cast("int64")
    claimed = ibis.coalesce(posts.created_at, posts.claimed_at)
    posts = posts.select(
        "obs_id",
        *("uid", "text", "platform", "author_ref", "author_public", "container_ref", "uri", "state", "text_raw"),
        captured=captured,
        at=ibis.coalesce(claimed.epoch_seconds().cast("int64"), captured),
        dated=claimed.notnull(),
        media=posts.media.map(lambda item: item["sha256"]),
        mimes=posts.media.map(lambda item: item["mime"]),
        links=posts.urls.length(),
    )
    edges = _part(archive, "edges", step)
    edges = edges.filter(edges.type.isin([kind.value for kind in _WAYS]))
    ways = edges.group_by("obs_id").agg(ways=edges.type.collect(distinct=True))
    joined = texts.join(posts, "obs_id").left_join(ways, "obs_id").drop("obs_id_right")
    return joined.order_by("at", "obs_id", ibis.desc("method_version"))


def _documents(batch: pa.RecordBatch) -> tuple[list[Document], list[str]]:
    """Documents and their search keys; of an observation with several, the newest method's."""
    columns = [batch.column(name).to_pylist() for name in _COLUMNS]
    out, texts, before = [], [], ""
    for obs_id, norm, lang, uid, text, raw, platform, author, public, container, uri, state, *rest in zip(
        *columns, strict=True
    ):
        if obs_id == before:
            continue
        before = obs_id
        captured, at, dated, media, mimes, links, ways = rest
        texts.append(norm)
        kinds = _PLAIN if not (ways or mimes or links or state in _GONE) else _kinds(ways, mimes, links, state)
        out.append(
            Document(
                *(bytes.fromhex(obs_id), uid, at, dated, captured, text or raw or "", platform or ""),
                *(lang or words.UNKNOWN, kinds, author, bool(public), container, uri),
                *(tuple(sha256 for sha256 in media if sha256) if media else (), state or ""),
            )
        )
    return out, texts


def _kinds(
    ways: Sequence[str] | None, mimes: Sequence[str | None] | None, links: int | None, state: str | None
) -> tuple[str, ...]:
    kinds = {_WAYS[EdgeType(way)] for way in ways or ()} or {SearchKind.POST}
    for mime in mimes or ():
        match (mime or "").partition("/")[0]:
            case "video":
                kinds.add(SearchKind.VIDEO)
            case "audio":
                kinds.add(SearchKind.SOUND)
            case "image" | "":
                kinds.add(SearchKind.PICTURE)
            case _:
                kinds.add(SearchKind.FILE)
    if links:
        kinds.add(SearchKind.LINK)
    if state in _GONE:
        kinds.add(SearchKind.GONE)
    return tuple(sorted(kind.value for kind in kinds))
