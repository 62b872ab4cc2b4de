"""Wordings around a claim: how it is carried, contested, confirmed, corrected and answered."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from random import Random

import msgspec

from dalil.sample.clock import TZ
from dalil.sample.plots import Plot
from dalil.sample.world import read_words, world

Lines = dict[str, tuple[str, ...]]


class Question(msgspec.Struct, frozen=True):
    """A check: `about` picture, place or page; `findings` by the verdict that they lead to."""

    about: str
    question: str
    method: str
    findings: dict[str, str]


class Phrases(msgspec.Struct, frozen=True):
    """`words/phrases.json`; keys are languages."""

    leads: Lines
    tails_a: Lines
    tails_b: Lines
    contests: Lines
    confirms: Lines
    bare_denials: Lines
    corrects: dict[str, str]
    notes: Lines
    answers: dict[str, dict[str, str]]
    greetings: Lines
    viral_text: dict[str, str]
    questions: tuple[Question, ...]
    reasons: dict[str, str]
    silences: tuple[str, str]


@cache
def phrases() -> Phrases:
    """The phrases, decoded strictly."""
    return msgspec.json.decode(read_words("phrases.json").encode(), type=Phrases)


def told(template: str, plot: Plot, language: str, at: datetime) -> str:
    """Fill in the claim's statement and place, and the quarter of an hour before the post's own time."""
    shown = (at - timedelta(minutes=20)).astimezone(TZ)
    return (
        template.replace("{st}", plot.statement(language))
        .replace("{place}", world().places[plot.place].inn(language))
        .replace("{hour}", f"{shown.hour}:{shown.minute // 15 * 15:02d}")
    )


class Carriers:
    """Wordings in which a claim is passed on; each pair of tails is used once in a language, and each tail
    once in a claim, so that only copies look like copies."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._pairs: dict[str, list[tuple[str, str]]] = {}
        self._used: set[tuple[str, str]] = set()

    def text(self, plot: Plot, language: str) -> str:
        """The statement with a lead and two tails."""
        if not self._pairs.get(language):
            words = phrases()
            pairs = [(a, b) for a in words.tails_a[language] for b in words.tails_b[language]]
            self._rng.shuffle(pairs)
            self._pairs[language] = pairs
        pairs = self._pairs[language]
        fits = [n for n, pair in enumerate(pairs) if not any((plot.key, tail) in self._used for tail in pair)]
        first, second = pairs.pop(fits[-1] if fits else -1)
        self._used.update({(plot.key, first), (plot.key, second)})
        lead = self._rng.choice(phrases().leads[language]).replace("{st}", plot.statement(language))
        comma = ", " if language == "en" else "، "
        return f"{lead}{comma}{first}. {second}"


class Notes:
    """Wordings with a note behind them; each pair is used once in a language, as long as there are any."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._left: dict[tuple[str, str], list[str]] = {}

    def after(self, wording: str, language: str) -> str:
        """The wording (unfilled) with a note that has not followed it yet."""
        left = self._left.get((wording, language))
        if not left:
            left = self._left[wording, language] = self._rng.sample(phrases().notes[language], k=11)
        return f"{wording} {left.pop()}"

    def pick(self, wordings: Lines, language: str) -> str:
        """One of the wordings, with a note."""
        return self.after(self._rng.choice(wordings[language]), language)
