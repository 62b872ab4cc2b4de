"""Search the archive's texts: what was typed becomes a question, its answer rows that pages and commands show.

The index is brought up to the archive first where little is missing; where much is, the worker is asked, and the
answer says how many texts it does not know yet. What somebody searched for is neither kept nor logged.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from dalil.actions.house import House
from dalil.archive.search import building
from dalil.archive.search.asking import look, names, sources
from dalil.archive.search.index import Document, SearchIndex
from dalil.archive.search.questions import Found, Hit, Question
from dalil.errors import Conflict, EvidenceDamaged, InputError, LimitReached
from dalil.jobs import queue
from dalil.people.actor import Actor
from dalil.people.permissions import Act, require
from dalil.schema.words import SearchKind
from dalil.signals.texts import norm

JOB_KIND: Final = "search-index"
TEXT_LIMIT: Final = 500
MOST: Final = 200
AT_ONCE: Final = 20_000
"""Texts that a page waits for; more are the worker's."""
_PARTS: Final = re.compile(r'(-?)"([^"]*)"|(-?)(\S+)')
Progress = Callable[[int, int], object]


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A search as a person gives it.

    `text`: words; "words in a row" in quotation marks; -word for one that must not occur; beginning* for the rest of a
    word. Times are aware, both included. `sources` are uids or parts of public names.
    """

    text: str = ""
    since: datetime | None = None
    until: datetime | None = None
    platforms: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    newest: bool = False
    limit: int = 50


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One post. `source` is a public account or channel, None for a private one; `at` is what the platform says, else
    what the author's client claims, else our capture (`dated` False)."""

    observation_id: str
    uid: str
    text: str
    platform: str
    language: str
    at: datetime
    dated: bool
    captured_at: datetime
    source: str | None
    source_name: str | None
    address: str | None
    media: tuple[str, ...]
    kinds: tuple[str, ...]
    found_by: str
    captures: int


class Results(msgspec.Struct, frozen=True, kw_only=True):
    """`total` posts hold all words (`at_least`: or more); only the newest `ranked` of them were compared, all where it
    is None. `documents` were searched; `waiting` texts are stored and not yet searched."""

    rows: tuple[Row, ...]
    total: int
    at_least: bool
    ranked: int | None
    documents: int
    waiting: int
    as_of: datetime


def search(actor: Actor, asked: Asked, *, house: House, progress: Progress | None = None) -> Results:
    """Answer one search.

    Args:
        progress: for somebody who waits, however much is missing; without it at most `AT_ONCE` texts are taken in.
    Raises:
        InputError: nothing to look for, or a filter with a word that is none.
        LimitReached: the text is longer than `TEXT_LIMIT`.
    """
    require(actor, Act.READ)
    index = SearchIndex(house.workspace)
    waiting = keep_up(house, progress=progress, most=None if progress else AT_ONCE)
    if not index.is_usable():
        return _nothing(house, waiting)
    try:
        found = look(index, question(asked, index), norm)
    except EvidenceDamaged:
        index.drop()
        waiting = keep_up(house, progress=progress, most=None if progress else AT_ONCE)
        if not index.is_usable():
            return _nothing(house, waiting)
        found = look(index, question(asked, index), norm)
    return _results(found, index, house, waiting)


def keep_up(house: House, *, progress: Progress | None = None, most: int | None = None) -> int:
    """Bring the index up to the archive; answers how many texts still wait.

    Args:
        most: ask the worker instead where more than this are missing.
    """
    try:
        building.refresh(house.archive, progress=progress, most=most)
        waiting = building.behind(house.archive)
    except (Conflict, building.Behind):
        waiting = _waiting(house)  # another process is at it
    if waiting:
        queue.enqueue(JOB_KIND, {}, house.clock(), once=JOB_KIND)
    return waiting


def question(asked: Asked, index: SearchIndex) -> Question:
    """What was typed, as the index is asked; see `search` for what it raises."""
    if len(asked.text) > TEXT_LIMIT:
        raise LimitReached("text-long", limit=TEXT_LIMIT)
    for kind in asked.kinds:
        if kind not in set(SearchKind):
            raise InputError("value-wrong", name="kind", value=kind, kind=", ".join(SearchKind))
    words, beginnings, phrases, without = _parsed(asked.text)
    uids = tuple(dict.fromkeys(uid for source in asked.sources for uid in _uids(source, index)))
    if not any((words, beginnings, phrases, asked.platforms, asked.languages, asked.kinds, uids)):
        raise InputError("search-empty")
    return Question(
        words=words,
        beginnings=beginnings,
        phrases=phrases,
        without=without,
        since=_seconds(asked.since),
        until=_seconds(asked.until),
        platforms=asked.platforms,
        languages=asked.languages,
        kinds=asked.kinds,
        sources=uids,
        newest=asked.newest,
        limit=min(max(asked.limit, 1), MOST),
    )


def _parsed(
    text: str,
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[tuple[str, ...], ...], tuple[str, ...]]:
    """(words, beginnings of words, words in a row, words that must not occur), all as search keys."""
    words: list[str] = []
    beginnings: list[str] = []
    phrases: list[tuple[str, ...]] = []
    without: list[str] = []
    for not_row, row, not_word, word in _PARTS.findall(text):
        keys = norm(row or word).split()
        if not_row or not_word:
            without += keys
        elif row and len(keys) > 1:
            phrases.append(tuple(keys))
        elif word.endswith("*") and keys and len(keys[-1]) > 2:
            words += keys[:-1]
            beginnings.append(keys[-1])
        else:
            words += keys
    return tuple(dict.fromkeys(words)), tuple(dict.fromkeys(beginnings)), tuple(dict.fromkeys(phrases)), tuple(without)


def _uids(source: str, index: SearchIndex) -> list[str]:
    """The accounts that are meant by a uid or by part of a name; one that nobody has finds nothing."""
    source = source.strip().removeprefix("@")
    found = sources(index, source) if source else []
    return [source] if ":" in source else found or [source]


def _results(found: Found, index: SearchIndex, house: House, waiting: int) -> Results:
    known = names(index, {source for hit in found.hits if (source := _source(hit.document))})
    return Results(
        rows=tuple(_row(hit, known) for hit in found.hits),
        total=found.total,
        at_least=found.at_least,
        ranked=found.ranked,
        documents=found.documents,
        waiting=waiting,
        as_of=house.now(),
    )


def _row(hit: Hit, known: dict[str, str]) -> Row:
    document = hit.document
    source = _source(document)
    return Row(
        observation_id=document.obs_id.hex(),
        uid=document.uid,
        text=document.text,
        platform=document.platform,
        language=document.language,
        at=datetime.fromtimestamp(document.at, UTC),
        dated=document.dated,
        captured_at=datetime.fromtimestamp(document.captured, UTC),
        source=source,
        source_name=known.get(source or ""),
        address=document.uri if source else None,
        media=document.media,
        kinds=document.kinds,
        found_by=hit.found_by,
        captures=hit.captures,
    )


def _source(document: Document) -> str | None:
    """The public account, else the public channel or group, that a post came from."""
    if document.author_public and document.author:
        return document.author
    container = document.container
    return container if container and ":h:" not in container else None


def _nothing(house: House, waiting: int) -> Results:
    return Results(rows=(), total=0, at_least=False, ranked=None, documents=0, waiting=waiting, as_of=house.now())


def _waiting(house: House) -> int:
    try:
        return building.behind(house.archive)
    except building.Behind:
        return sum(segment.rows for segment in house.archive.segments("text_signals"))


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())


def bound(text: str, name: str, zone: str, *, last: bool) -> datetime | None:
    """One end of a span: a day of the workspace's zone, from its first or to its last second, or a time with its zone.

    Raises:
        InputError: it is neither.
    """
    if not text:
        return None
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        given = None
    if given is not None and given.tzinfo is not None:
        return given
    if given is None or given.time() != time():
        raise InputError("value-wrong", name=name, value=text, kind="a day such as 2026-05-17, or a time with its zone")
    return end_of(given.date(), zone) if last else start_of(given.date(), zone)


def start_of(day: date, zone: str) -> datetime:
    """The first moment of a day."""
    return datetime.combine(day, time(), ZoneInfo(zone))


def end_of(day: date, zone: str) -> datetime:
    """The last second of a day."""
    return start_of(day + timedelta(days=1), zone) - timedelta(seconds=1)


def contract_rows(results: Results) -> list[dict[str, object]]:
    """The rows of `dalil search --json`."""
    return [
        {
            "observation_id": row.observation_id,
            "text": row.text,
            "platform": row.platform,
            "language": row.language,
            "at": row.at,
            "dated": row.dated,
            "captured_at": row.captured_at,
            "source": row.source,
            "source_name": row.source_name,
            "media_sha256": list(row.media),
            "kinds": list(row.kinds),
            "found_by": row.found_by,
            "captures": row.captures,
        }
        for row in results.rows
    ]
