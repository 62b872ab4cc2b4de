"""What is asked of the index, what it answers, and how a question reads in FTS5's own language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from dalil.archive.search import words
from dalil.archive.search.index import Document

ALL: Final = "all"
SOME: Final = "some"
SIMILAR: Final = "similar"
MOST_WORDS: Final = 32


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """Words as `norm` makes them, and filters. Times are epoch seconds, both included.

    `beginnings` are words of which only the beginning was given, `phrases` words that stand in a row, `without`
    words that must not occur. A filter that is empty lets everything through; of several values one must fit.
    """

    words: tuple[str, ...] = ()
    beginnings: tuple[str, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    without: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None
    platforms: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    newest: bool = False
    limit: int = 50

    @property
    def has_words(self) -> bool:
        """Whether anything is to be found; without it the newest posts that pass the filters are."""
        return bool(self.words or self.beginnings or self.phrases)

    @property
    def text(self) -> str:
        """All words that are looked for, in one line."""
        return " ".join((*self.words, *self.beginnings, *(" ".join(phrase) for phrase in self.phrases)))


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """One post. `found_by`: it holds `all` words, `some` of them, or words of `similar` spelling.

    `captures` counts the captured versions of the post among those looked at; the document is the best of them.
    """

    document: Document
    found_by: str
    score: float
    captures: int = 1


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """The answer, best or newest first.

    `total` documents hold all words; `at_least` tells that there are more. `ranked` of them, the newest, were compared
    with each other; None where all were. `documents` lie in the index, `waiting` texts do not yet.
    """

    hits: tuple[Hit, ...]
    total: int
    at_least: bool
    ranked: int | None
    documents: int
    waiting: int = 0


class Group(msgspec.Struct, frozen=True):
    """One thing that a document should hold: any of some tokens or rows of tokens."""

    ways: tuple[tuple[str, ...], ...]
    beginning: bool = False

    @property
    def expression(self) -> str:
        """The group in FTS5's language."""
        star = " *" if self.beginning else ""
        return "(" + " OR ".join(f'"{_quoted(way)}"{star}' for way in self.ways) + ")"

    @property
    def tokens(self) -> frozenset[str]:
        """All tokens that count as found."""
        return frozenset(token for way in self.ways for token in way)


def groups_of(question: Question) -> list[Group]:
    """What the question looks for, in its order."""
    found = [word_group(word) for word in question.words]
    found += [Group(((word,),), beginning=True) for word in question.beginnings]
    found += [Group(words.phrase_forms(phrase)) for phrase in question.phrases]
    return found[:MOST_WORDS]


def word_group(*spellings: str) -> Group:
    """Any form of any spelling."""
    return Group(tuple(dict.fromkeys((form,) for spelling in spellings for form in words.forms(spelling))))


def expression(question: Question, groups: Iterable[Group], *, any_of: bool = False) -> str:
    """Documents that hold all of the groups (or any of them) and pass the filters but that of time."""
    parts = []
    wanted = [group.expression for group in groups]
    if wanted:
        parts.append("(" + (" OR " if any_of else " AND ").join(wanted) + ")")
    filters = (
        [words.platform_sign(value) for value in question.platforms],
        [words.language_sign(value) for value in question.languages],
        [words.kind_sign(value) for value in question.kinds],
        [words.source_sign(value) for value in question.sources],
    )
    parts += ["(" + " OR ".join(f'"{sign}"' for sign in signs) + ")" for signs in filters if signs]
    text = " AND ".join(parts)
    banned = [word_group(word).expression for word in question.without]
    return f"({text}) NOT ({' OR '.join(banned)})" if banned and text else text


def _quoted(way: Sequence[str]) -> str:
    return " ".join(way).replace('"', '""')
