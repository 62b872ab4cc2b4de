"""Search: the index made, and two words looked for within thirty days, beside plain FTS5 over the same posts.

Posts are invented, in Arabic, Kurdish and Latin letters by Zipf's law, 200,000 of them; with `--full` five million.
Plain FTS5 keeps the texts, orders by its own BM25 and knows no stems, filters by signs or grouping of captures. MAP@5
is measured on CheckThat! 2020 English, where that lies beside the project.
"""

from __future__ import annotations

import csv
import os
import resource
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from statistics import mean

from benchmarks import large_archive
from benchmarks.measuring import cpu_seconds
from benchmarks.shape import Result
from dalil.archive.reading import Archive
from dalil.archive.search import building, ranking, words
from dalil.archive.search.asking import look, names
from dalil.archive.search.index import SearchIndex
from dalil.archive.search.questions import Question, word_group
from dalil.archive.search.words import Stems
from dalil.archive.workspace import Workspace
from dalil.signals.texts import norm

POSTS, MANY = 200_000, 5_000_000
ASKED = 60
SHOWN = 50
DAY = 86_400
BAR_MS, BAR_US = 50.0, 60.0
PEER = f"plain FTS5 {sqlite3.sqlite_version}"
CLAIMS = "data/claims/checkthat2020_en"


def results(*, full: bool) -> Iterator[Result]:
    """One archive, indexed and asked."""
    posts = MANY if full else POSTS
    with tempfile.TemporaryDirectory(prefix="dalil-bench-", dir=os.environ.get("DALIL_BENCH_FOLDER")) as folder:
        house = large_archive.make(Path(folder) / "w", posts)
        yield from measured(house, posts, Path(folder))
    yield from quality()


def measured(house: Workspace, posts: int, folder: Path) -> Iterator[Result]:
    """The figures of one workspace that has no index yet."""
    n = f"{posts:,} posts"
    with Archive(house, memory_mib=1024, threads=1) as archive:
        spent = cpu_seconds(lambda: building.refresh(archive)) / posts * 1e6
        theirs = cpu_seconds(lambda: _plain(archive, folder / "plain.db")) / posts * 1e6
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        yield Result(what="make the index", n=n, ours=spent, unit="CPU-µs a post", bar=BAR_US, peer=PEER, theirs=theirs)
        yield Result(
            what="peak memory, making it",
            n=n,
            ours=peak,
            unit="MiB",
            note="this process, its posts and the peer included",
        )
        index = SearchIndex(house)
        size, plain = index.path.stat().st_size / posts, (folder / "plain.db").stat().st_size / posts
        yield Result(what="on the disk", n=n, ours=size, unit="bytes a post", peer=PEER, theirs=plain)
        asked = list(large_archive.questions(large_archive.vocabulary(), ASKED))
        begin = int(large_archive.START.timestamp())
        spans = [(begin + DAY * (60 + 7 * k), begin + DAY * (90 + 7 * k) - 1) for k in range(ASKED)]
        frequent = [tuple(large_archive.vocabulary().words["ar"][[k, k + 3]]) for k in range(5)]
        with closing(sqlite3.connect(folder / "plain.db")) as peer:

            def theirs_of(pairs: Sequence[tuple[str, ...]], within: Sequence[tuple[int, int]]) -> float:
                return mean(
                    _timed([lambda p=p, s=s: _ask_plain(peer, p, s) for p, s in zip(pairs, within, strict=True)])
                )  # type: ignore[misc]

            first = _ours(index, asked, spans)
            yield _row("two words within 30 days, mean", n, mean(first), theirs_of(asked, spans))
            yield _row("two words within 30 days, the dearest", n, max(first), None)
            yield _row("the same, newest first", n, mean(_ours(index, asked, spans, newest=True)), None)
            whole = [(0, begin + 2000 * DAY)] * ASKED
            yield _row("two words, any time", n, mean(_ours(index, asked, whole)), theirs_of(asked, whole))
            both = _ours(index, frequent, spans[:5])
            yield _row("two of the most frequent words within 30 days", n, max(both), theirs_of(frequent, spans[:5]))
        again = mean(_timed([lambda: building.behind(archive)] * 5))
        yield Result(what="see that nothing was stored since", n=n, ours=again, unit="CPU-ms")


def _row(what: str, n: str, ours: float, theirs: float | None) -> Result:
    peer = PEER if theirs is not None else ""
    return Result(what=what, n=n, ours=ours, unit="CPU-ms", bar=BAR_MS, peer=peer, theirs=theirs)


def _ours(
    index: SearchIndex, asked: Sequence[tuple[str, ...]], spans: Sequence[tuple[int, int]], *, newest: bool = False
) -> list[float]:
    """CPU milliseconds of each question, texts and names of what is shown included."""

    def one(pair: tuple[str, ...], span: tuple[int, int]) -> None:
        question = Question(words=pair, since=span[0], until=span[1], newest=newest, limit=SHOWN)
        found = look(index, question, norm)
        names(index, [hit.document.author or "" for hit in found.hits])

    one(asked[0], spans[0])
    return _timed([lambda pair=pair, span=span: one(pair, span) for pair, span in zip(asked, spans, strict=True)])  # type: ignore[misc]


def _timed(calls: Sequence[Callable[[], object]]) -> list[float]:
    return [cpu_seconds(call) * 1e3 for call in calls]


def _plain(archive: Archive, path: Path) -> None:
    """The peer's index of the same posts."""
    posts = archive.table("posts")
    rows = posts.select("text", at=posts.created_at.epoch_seconds().cast("int64"))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE VIRTUAL TABLE posts USING fts5 (text, at UNINDEXED)")
        for batch in rows.to_pyarrow_batches(chunk_size=65_536):
            columns = (batch.column("text").to_pylist(), batch.column("at").to_pylist())
            connection.executemany("INSERT INTO posts VALUES (?, ?)", zip(*columns, strict=True))
            connection.commit()


def _ask_plain(connection: sqlite3.Connection, pair: tuple[str, ...], span: tuple[int, int]) -> None:
    text = " AND ".join(f'"{word}"' for word in pair)
    query = "SELECT text FROM posts WHERE posts MATCH ? AND at BETWEEN ? AND ? ORDER BY rank LIMIT ?"
    connection.execute(query, (text, *span, SHOWN)).fetchall()


def quality() -> Iterator[Result]:
    """How well tweets find the claims they are about: the score of `ranking` beside FTS5's own BM25."""
    folder = Path(os.environ.get("DALIL_SHARED", Path(__file__).parents[2] / "shared")) / CLAIMS
    if not folder.is_dir():
        return
    claims = [
        (row["vclaim_id"], f"{row['vclaim']} {row['title']}") for row in _rows(folder / "verified_claims.docs.tsv")
    ]
    right: dict[str, set[str]] = {}
    for line in (folder / "tweet-vclaim-pairs.qrels").read_text().splitlines():
        tweet, _, claim, _ = line.split()
        right.setdefault(tweet, set()).add(claim)
    tweets = [row for row in _rows(folder / "test-tweets.queries.tsv") if row["tweet_id"] in right]
    ours, plain = _Fused(claims), _PlainClaims(claims)
    figures = [
        mean(_average_precision(ask(row["tweet_text"]), right[row["tweet_id"]]) for row in tweets)
        for ask in (ours, plain)
    ]
    yield Result(
        what="MAP@5, claims found by tweets",
        n=f"{len(tweets)} tweets, {len(claims):,} claims",
        ours=figures[0],
        unit="MAP@5",
        more_is_better=True,
        bar=0.893,
        peer=PEER,
        theirs=figures[1],
    )


class _Fused:
    """Every claim that shares a stem, by its score; the two hundred best by stems are compared in full."""

    def __init__(self, claims: Sequence[tuple[str, str]]) -> None:
        self.names = [name for name, _ in claims]
        self.keys = [norm(text) for _, text in claims]
        self.stems = Stems()
        self.lists: dict[str, list[int]] = {}
        self.average = mean(len(key.split()) for key in self.keys)
        for number, key in enumerate(self.keys):
            for token in set(self.stems.tokens(key, "en")):
                self.lists.setdefault(token, []).append(number)

    def __call__(self, text: str) -> list[str]:
        wanted = list(dict.fromkeys(norm(text).split()))
        weights = [
            ranking.weight(len(self.keys), len(self.lists.get(words.stemmed(word, "en"), ()))) for word in wanted
        ]
        told: Counter[int] = Counter()
        for word, weight in zip(wanted, weights, strict=True):
            for number in self.lists.get(words.stemmed(word, "en"), ()):
                told[number] += weight  # type: ignore[assignment]  # a sum of weights
        best = [number for number, _ in told.most_common(300)]
        groups = [word_group(word) for word in wanted]
        texts = [(self.keys[number], "en") for number in best]
        scores = ranking.scores(texts, groups, weights, " ".join(wanted), average=self.average, stems=self.stems)
        order = sorted(range(len(best)), key=lambda place: -scores[place])
        return [self.names[best[place]] for place in order[:5]]


class _PlainClaims:
    def __init__(self, claims: Sequence[tuple[str, str]]) -> None:
        self.connection = sqlite3.connect(":memory:")
        self.connection.execute("CREATE VIRTUAL TABLE claims USING fts5 (name UNINDEXED, text)")
        self.connection.executemany("INSERT INTO claims VALUES (?, ?)", claims)

    def __call__(self, text: str) -> list[str]:
        wanted = " OR ".join(
            f'"{word}"' for word in dict.fromkeys("".join(c if c.isalnum() else " " for c in text).split())
        )
        query = "SELECT name FROM claims WHERE claims MATCH ? ORDER BY rank LIMIT 5"
        return [row[0] for row in self.connection.execute(query, (f"text : ({wanted})",))]


def _average_precision(found: Sequence[str], right: set[str]) -> float:
    hits = total = 0.0
    for rank, name in enumerate(found, 1):
        if name in right:
            hits += 1
            total += hits / rank
    return total / min(5, len(right))


def _rows(path: Path) -> Iterator[dict[str, str]]:
    csv.field_size_limit(1 << 30)
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream, delimiter="\t")
