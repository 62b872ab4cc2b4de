"""Answers a question: candidates from the index within bounds, then the few that may be shown, read and put in order.

What a question costs does not grow with the archive beyond the words' own lists: at most `COUNTED` documents are
counted and `RANKED` read and compared. An answer that rests on fewer than all says so.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

from dalil.archive.search import ranking
from dalil.archive.search.index import (
    BLOCK,
    HOUR,
    Document,
    SearchIndex,
    hour,
    numbers,
    place,
    unpack_some,
)
from dalil.archive.search.questions import (
    ALL,
    SIMILAR,
    SOME,
    Found,
    Group,
    Hit,
    Question,
    expression,
    groups_of,
    word_group,
)
from dalil.archive.search.spelling import similar
from dalil.archive.search.words import Stems

COUNTED: Final = 10_000
RANKED: Final = 200
_EACH: Final = 400
_PAIRED: Final = 6
_RARE: Final = 20
_ASKED: Final = 512
_SAMPLE: Final = 2000


@dataclass(frozen=True, slots=True)
class _Corpus:
    """One look into the index."""

    connection: sqlite3.Connection
    question: Question
    facts: Mapping[str, int]
    held: dict[Group, int] = field(default_factory=dict)

    @property
    def documents(self) -> int:
        return self.facts["documents"]

    @property
    def average(self) -> float:
        """Tokens of a document."""
        return self.facts["tokens"] / max(self.documents, 1)

    def numbers(self, text: str, limit: int) -> list[int]:
        """Numbers of the documents that an expression matches within the time asked for, the newest hours first."""
        low, high = numbers(self.question.since, self.question.until)
        if not text:
            return []
        query = "SELECT rowid FROM words WHERE words MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid DESC LIMIT ?"
        found = [row[0] for row in self.connection.execute(query, (text, low, high, limit))]
        return self._within(found)

    def _within(self, found: list[int]) -> list[int]:
        """Without those of the first and last hour that lie outside it; a bound on a whole hour has none."""
        since, until = self.question.since, self.question.until
        edges = set()
        if since is not None and since % HOUR:
            edges.add(since // HOUR)
        if until is not None and (until + 1) % HOUR:
            edges.add(until // HOUR)
        doubtful = [number for number in found if hour(number) in edges]
        if not doubtful:
            return found
        read = self.read(doubtful)
        out = {
            number
            for number, document in read.items()
            if (since is not None and document.at < since) or (until is not None and document.at > until)
        }
        return [number for number in found if number not in out]

    def read(self, wanted: Sequence[int]) -> dict[int, Document]:
        """The documents of some numbers."""
        by_block: dict[int, list[int]] = {}
        for number in wanted:
            by_block.setdefault(place(number) // BLOCK, []).append(number)
        blocks = sorted(by_block)
        out: dict[int, Document] = {}
        for start in range(0, len(blocks), _ASKED):
            part = blocks[start : start + _ASKED]
            query = f"SELECT id, bytes, documents FROM blocks WHERE id IN ({','.join('?' * len(part))})"  # noqa: S608
            for id_, length, packed in self.connection.execute(query, part):
                held = by_block[id_]
                out.update(zip(held, unpack_some(length, packed, [place(it) % BLOCK for it in held]), strict=True))
        return out

    def holding(self, group: Group) -> int:
        """In how many documents a group is found: counted where they are few, else told from how dense the newest lie."""
        if group not in self.held:
            self.held[group] = self._held(group)
        return self.held[group]

    def _held(self, group: Group) -> int:
        query = "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid DESC LIMIT ?"
        found = self.connection.execute(query, (group.expression, _SAMPLE)).fetchall()
        if len(found) < _SAMPLE:
            return len(found)
        newest, oldest = self.facts["newest"], self.facts["oldest"]
        share = max(newest - hour(found[-1][0]), 1) / max(newest - oldest, 1)
        return min(int(len(found) / share), self.facts["documents"])


def look(index: SearchIndex, question: Question, normalise: ranking.Normalise) -> Found:
    """Answer a question from the index as it stands.

    Raises:
        EvidenceDamaged: the index cannot be read; `SearchIndex.drop` and `building.refresh` make it anew.
    """
    with index.reading() as connection:
        facts = dict(connection.execute("SELECT name, value FROM facts"))
        corpus = _Corpus(connection, question, facts)
        groups = groups_of(question)
        total = corpus.numbers(expression(question, groups), COUNTED + 1)
        hits = _ordered(corpus, total[: _window(question, total)], groups, ALL, normalise)
        for more in (_some, _similar):
            if len(hits) < question.limit and question.has_words:
                hits = _joined(hits, more(corpus, groups, normalise))
        return Found(
            hits=tuple(hits[: question.limit]),
            total=min(len(total), COUNTED),
            at_least=len(total) > COUNTED,
            ranked=RANKED if question.has_words and not question.newest and len(total) > RANKED else None,
            documents=facts["documents"],
        )


def names(index: SearchIndex, uids: Iterable[str]) -> dict[str, str]:
    """uid → what a public account called itself when it was captured last."""
    wanted = sorted(set(uids))
    query = f"SELECT uid, name FROM sources WHERE uid IN ({','.join('?' * len(wanted))})"  # noqa: S608 - only marks
    with index.reading() as connection:
        return dict(connection.execute(query, wanted).fetchall())


def sources(index: SearchIndex, name: str, *, limit: int = 50) -> list[str]:
    """uids of public accounts of which the name, handle or id contains some letters, the shortest names first."""
    part = name.casefold().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    query = "SELECT uid FROM sources WHERE sought LIKE ? ESCAPE '\\' ORDER BY length(name), uid LIMIT ?"
    with index.reading() as connection:
        return [row[0] for row in connection.execute(query, (f"%{part}%", limit))]


def _window(question: Question, found: Sequence[int]) -> int:
    """How many of the newest are read: for the newest first, up to the end of the last hour that may be shown."""
    if question.has_words and not question.newest:
        return RANKED
    wanted = min(2 * question.limit, len(found))
    while 0 < wanted < len(found) and wanted < 4 * RANKED and hour(found[wanted]) == hour(found[wanted - 1]):
        wanted += 1
    return wanted


def _some(corpus: _Corpus, groups: Sequence[Group], normalise: ranking.Normalise) -> list[Hit]:
    """Documents that hold two of the words, or one of them; the rarest words' first."""
    if len(groups) < 2:
        return []
    rare = sorted(groups, key=corpus.holding)[:_PAIRED]
    weights = {group: ranking.weight(corpus.documents, corpus.holding(group)) for group in rare}
    told: dict[int, float] = {}
    if len(groups) > 2:
        for one, other in combinations(rare, 2):
            pair = weights[one] + weights[other]
            for number in corpus.numbers(expression(corpus.question, (one, other)), _EACH // 4):
                told[number] = max(told.get(number, 0.0), pair)
    for group in rare:
        for number in corpus.numbers(expression(corpus.question, (group,)), _EACH):
            told[number] = max(told.get(number, 0.0), weights[group])
    best = sorted(told, key=lambda number: (-told[number], -number))[:RANKED]
    return _ordered(corpus, best, groups, SOME, normalise)


def _similar(corpus: _Corpus, groups: Sequence[Group], normalise: ranking.Normalise) -> list[Hit]:
    """Documents that hold all words, else any, when the rare ones may be spelled a little otherwise."""
    wider = []
    for group in groups:
        if group.beginning or len(group.ways[0]) > 1 or corpus.holding(group) > _RARE:
            wider.append(group)
        else:
            word = group.ways[0][0]
            wider.append(word_group(word, *similar(corpus.connection, word)))
    if wider == list(groups):
        return []
    found = corpus.numbers(expression(corpus.question, wider), RANKED)
    found = found or corpus.numbers(expression(corpus.question, wider, any_of=True), RANKED)
    return _ordered(corpus, found, wider, SIMILAR, normalise)


def _ordered(
    corpus: _Corpus, found: Sequence[int], groups: Sequence[Group], found_by: str, normalise: ranking.Normalise
) -> list[Hit]:
    """Read, score and sort; of several captures of a post the best one stands for all."""
    read = corpus.read(found)
    # What was taken in twice, because it was read or written anew, counts as it was taken in last.
    documents = list({read[number].obs_id: read[number] for number in sorted(read, key=place)}.values())
    if corpus.question.newest or not corpus.question.has_words:
        scores = [0.0] * len(documents)
    else:
        scores = ranking.scores(
            [(normalise(document.text), document.language) for document in documents],
            groups,
            [ranking.weight(corpus.documents, corpus.holding(group)) for group in groups],
            corpus.question.text,
            average=corpus.average,
            stems=Stems(),
        )
    captures = Counter(document.uid for document in documents)
    best: dict[str, Hit] = {}
    for score, document in sorted(zip(scores, documents, strict=True), key=lambda pair: _key(*pair)):
        if document.uid not in best:
            best[document.uid] = Hit(document=document, found_by=found_by, score=score, captures=captures[document.uid])
    return list(best.values())


def _key(score: float, document: Document) -> tuple[float, int, int, bytes]:
    return -round(score, 6), -document.at, -document.captured, document.obs_id


def _joined(hits: list[Hit], more: Iterable[Hit]) -> list[Hit]:
    """What the stricter way found first; a post is shown once."""
    known = {hit.document.uid for hit in hits}
    return hits + [hit for hit in more if hit.document.uid not in known]
