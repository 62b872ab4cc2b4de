"""The order of finds, and spellings that look alike."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.archive.search import ranking, spelling
from dalil.archive.search.questions import Group, word_group
from dalil.archive.search.words import Stems

WORDS = ("bridge", "river", "market", "nahr")
texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join)


def scored(documents: list[str], *looked_for: str, weights: list[float] | None = None) -> list[float]:
    groups = [word_group(word) for word in looked_for]
    return ranking.scores(
        [(text, "ckb") for text in documents],
        groups,
        weights or [1.0] * len(groups),
        " ".join(looked_for),
        average=5,
        stems=Stems(),
    )


@given(st.lists(texts, min_size=1, max_size=6), st.sampled_from(WORDS), st.sampled_from(WORDS))
def test_scores_lie_between_nought_and_two(documents: list[str], one: str, other: str) -> None:
    found = scored(documents, one, other)
    assert len(found) == len(documents)
    assert all(0 <= score <= 2 for score in found)


@given(texts, texts)
def test_the_order_of_documents_changes_no_score(one: str, other: str) -> None:
    assert scored([one, other], "bridge") == scored([other, one], "bridge")[::-1]


def test_both_words_beat_one_and_short_beats_long() -> None:
    both, one, long = scored(["bridge river", "bridge", "bridge " + "market " * 30], "bridge", "river")
    assert both > one > long


def test_a_rare_word_tells_more() -> None:
    weights = [ranking.weight(1000, 5), ranking.weight(1000, 900)]
    rare, frequent = scored(["nahr", "market"], "nahr", "market", weights=weights)
    assert rare > frequent


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_a_weight_is_never_negative(documents: int, holding: int) -> None:
    assert ranking.weight(documents, holding) >= 0
    assert ranking.weight(100, 1) == pytest.approx(math.log(1 + 99.5 / 1.5))


def test_the_beginning_of_a_word_counts_where_a_word_begins_with_it() -> None:
    group = Group((("brid",),), beginning=True)
    found = ranking.scores([("bridge", "en"), ("abridge", "en")], [group], [1.0], "brid", average=1, stems=Stems())
    assert found[0] > found[1]


def test_nothing_to_compare() -> None:
    assert scored([], "bridge") == []
    assert ranking.pieces("") == set()
    assert ranking.pieces("ab") == {" ab", "ab "}


@pytest.fixture
def known() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(
            "CREATE VIRTUAL TABLE pieces USING fts5 (word, detail=none, columnsize=0, tokenize='trigram case_sensitive 1')"
        )
        known_words = ["كوكجلي", "بكوكجلي", "كوكجالي", "قصر", "footbridge", "bridges", "bridle", "زاخو"]
        connection.executemany("INSERT INTO pieces (word) VALUES (?)", [(word,) for word in known_words])
        yield connection


def test_one_letter_more_less_or_other(known: sqlite3.Connection) -> None:
    assert spelling.similar(known, "كوكجلي") == ["بكوكجلي", "كوكجالي"]
    assert spelling.similar(known, "كوكجي") == ["كوكجلي"]
    assert "bridges" in spelling.similar(known, "bridgws")


def test_a_part_of_a_longer_word(known: sqlite3.Connection) -> None:
    assert spelling.similar(known, "bridge") == ["bridges", "bridle", "footbridge"]


def test_short_and_unknown_words_have_none(known: sqlite3.Connection) -> None:
    assert spelling.similar(known, "قص") == []
    assert spelling.similar(known, "قصر") == []
    assert spelling.similar(known, "unheardof") == []


def test_the_limit(known: sqlite3.Connection) -> None:
    assert len(spelling.similar(known, "bridge", limit=1)) == 1


@given(st.text(alphabet="abcdef", min_size=7, max_size=10), st.integers(0, 6), st.sampled_from("xyz"))
def test_any_one_change_in_a_long_word_is_found(word: str, place: int, letter: str) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(
            "CREATE VIRTUAL TABLE pieces USING fts5 (word, detail=none, columnsize=0, tokenize='trigram case_sensitive 1')"
        )
        connection.execute("INSERT INTO pieces (word) VALUES (?)", (word,))
        changed = word[:place] + letter + word[place + 1 :]
        added = word[:place] + letter + word[place:]
        dropped = word[:place] + word[place + 1 :]
        for wrong in (changed, added, dropped):
            if wrong != word:
                assert spelling.similar(connection, wrong) == [word], wrong
