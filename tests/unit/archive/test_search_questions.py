"""Questions in FTS5's language: nothing in a word or filter can be read as part of that language."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from hypothesis import given
from hypothesis import strategies as st

from dalil.archive.search import questions, words
from dalil.archive.search.questions import Group, Question, expression, groups_of, word_group
from dalil.signals.texts import norm

key_words = st.text(min_size=1, max_size=20).map(norm).filter(lambda text: text and " " not in text)


def asked(text: str) -> list[int]:
    """What an expression matches in a table of two rows."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE VIRTUAL TABLE words USING fts5 (tokens, content='', columnsize=0)")
        connection.execute("INSERT INTO words (rowid, tokens) VALUES (1, 'tel nahr bridge'), (2, 'bridge')")
        return [row[0] for row in connection.execute("SELECT rowid FROM words WHERE words MATCH ?", (text,))]


@given(
    st.lists(key_words, max_size=4),
    st.lists(key_words, max_size=2),
    st.lists(st.lists(key_words, min_size=2, max_size=3), max_size=2),
    st.lists(key_words, max_size=2),
    st.lists(st.text(max_size=10), max_size=3),
)
def test_every_question_is_one_that_the_index_understands(
    some: list[str], beginnings: list[str], phrases: list[list[str]], without: list[str], values: list[str]
) -> None:
    question = Question(
        words=tuple(some),
        beginnings=tuple(beginnings),
        phrases=tuple(map(tuple, phrases)),
        without=tuple(without),
        platforms=tuple(values),
        languages=tuple(values),
        kinds=tuple(values),
        sources=tuple(values),
    )
    text = expression(question, groups_of(question))
    if text:
        asked(text)


def test_words_that_are_operators_are_words() -> None:
    for word in ("not", "or", "and", "near", "tokens"):
        assert asked(expression(Question(words=(word,)), groups_of(Question(words=(word,))))) == []


def test_all_any_and_without() -> None:
    question = Question(words=("tel", "bridge"))
    assert asked(expression(question, groups_of(question))) == [1]
    assert sorted(asked(expression(question, groups_of(question), any_of=True))) == [1, 2]
    without = Question(words=("bridge",), without=("nahr",))
    assert asked(expression(without, groups_of(without))) == [2]


def test_words_in_a_row_are_in_that_order() -> None:
    for row, found in ((("tel", "nahr"), [1]), (("nahr", "tel"), [])):
        question = Question(phrases=(row,))
        assert asked(expression(question, groups_of(question))) == found


def test_the_beginning_of_a_word() -> None:
    question = Question(beginnings=("brid",))
    assert sorted(asked(expression(question, groups_of(question)))) == [1, 2]


def test_filters_alone_are_a_question() -> None:
    question = Question(platforms=("x", "telegram"), languages=("ar",))
    text = expression(question, ())
    assert words.platform_sign("x") in text
    assert words.language_sign("ar") in text
    assert not question.has_words


def test_too_many_words_are_cut() -> None:
    question = Question(words=tuple(f"w{n}" for n in range(100)))
    assert len(groups_of(question)) == questions.MOST_WORDS


def test_a_group_holds_every_form_of_every_spelling_once() -> None:
    group = word_group("bridges", "bridge")
    assert ("bridges",) in group.ways
    assert ("bridge",) in group.ways
    assert len(set(group.ways)) == len(group.ways)
    assert {"bridges", "bridge"} <= group.tokens


def test_what_is_looked_for_in_one_line() -> None:
    question = Question(words=("a",), beginnings=("b",), phrases=(("c", "d"),))
    assert question.text == "a b c d"
    assert question.has_words
    assert Group((("c", "d"),)).expression == '("c d")'
