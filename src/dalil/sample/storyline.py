"""What happens around each claim: who carries it where, who contests or confirms it, and our answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Final

from dalil.sample.cast import CELL_NAMES, Account, Cast
from dalil.sample.clock import NOW, hours, whole_second
from dalil.sample.dice import dice
from dalil.sample.phrases import Carriers, Notes, phrases, told
from dalil.sample.plots import CellPlot, Plot
from dalil.sample.stream import Draft, Stream, pull_of
from dalil.schema.words import ClaimVerdict, MakerClass, ReportCode

SPREAD: Final[dict[str, tuple[str, ...]]] = {
    "group": ("column", "horizon", "urgent"),
    "supporter": ("horizon", "column", "urgent"),
    "state": ("province", "guard", "urgent"),
    "ally": ("guard", "province", "urgent"),
    "independent": ("nahr", "urgent", "guard"),
    "unknown": ("urgent", "horizon", "guard"),
}
"""The panel outlets that carry a claim, by its maker: the maker first, the third crosses the threshold."""
ORGANISATION_OF: Final = {
    "group": "column",
    "supporter": "horizon",
    "state": "province",
    "ally": "guard",
    "independent": "post",
}


BARE_DENIALS: Final = 0.4
"""Share of the group's claims that the state denies without any evidence, before anybody brings some."""


@dataclass(frozen=True, slots=True)
class Coded:
    """One post about a claim in a cell, as the members will code it."""

    draft: Draft
    cell_name: str
    code: ReportCode
    own_evidence: bool = False
    qualified: bool = False


@dataclass(slots=True)
class Case:
    """A plot with its posts. `answers` holds ours by cell; they are not among `coded`."""

    plot: Plot
    coded: list[Coded] = field(default_factory=list)
    answers: dict[str, Draft] = field(default_factory=dict)

    def sightings(self, cell_name: str) -> list[Coded]:
        """Those that carry it in a cell, by time."""
        found = [c for c in self.coded if c.cell_name == cell_name and c.code is ReportCode.CARRIES]
        return sorted(found, key=lambda c: c.draft.at)


class Storyteller:
    """Writes the posts of every claim into the stream."""

    def __init__(self, seed: int, people: Cast, stream: Stream) -> None:
        self._rng = dice(seed, "storyline")
        self._people = people
        self._stream = stream
        self._carriers = Carriers(dice(seed, "storyline/carriers"))
        self._notes = Notes(dice(seed, "storyline/notes"))
        self._persons = {
            language: [a for a in people.part("person") if a.language == language] for language in ("ar", "ckb", "en")
        }

    def tell(self, plot: Plot) -> Case:
        """All posts of one claim."""
        case = Case(plot)
        for cell_plot in plot.cells:
            self._carry(case, cell_plot)
            self._copies(case, cell_plot)
            self._second(case, cell_plot)
            self._answer(case, cell_plot)
        return case

    def _post(self, account: Account, at: datetime, text: str, case: Case, **more: object) -> Draft:
        draft = Draft(account, whole_second(at), text, claim=case.plot.key, **more)  # type: ignore[arg-type]  # fields of Draft
        draft.pull = pull_of(account.followers, self._rng.lognormvariate(0, 0.6))
        return self._stream.add(draft)

    def _carry(self, case: Case, cell_plot: CellPlot) -> None:
        """The panel outlets carry it: three where it crosses the threshold, one or two where it does not."""
        organisations = SPREAD[case.plot.maker]
        language = CELL_NAMES[cell_plot.cell_name][1]
        if cell_plot.crossed is not None:
            half = cell_plot.t0 + (cell_plot.crossed - cell_plot.t0) * self._rng.uniform(0.35, 0.8)
            times = [cell_plot.t0, half, cell_plot.crossed]
        else:
            times = [cell_plot.t0, cell_plot.t0 + hours(self._rng.uniform(2, 5))][
                : 1 if cell_plot.second else self._rng.choice((1, 2))
            ]
        for organisation, at in zip(organisations, times, strict=False):
            account = self._people.source(cell_plot.cell_name, organisation)
            text = self._carriers.text(case.plot, language)
            draft = self._post(account, at, text, case, photo=case.plot.media is not None)
            case.coded.append(Coded(draft, cell_plot.cell_name, ReportCode.CARRIES))

    def _copies(self, case: Case, cell_plot: CellPlot) -> None:
        """Others copy the maker's words: exactly, with small signs added, or with a word changed."""
        platform, language = CELL_NAMES[cell_plot.cell_name]
        source = case.sightings(cell_plot.cell_name)[0].draft
        source.original = f"claim/{case.plot.key}/{cell_plot.cell_name}"
        pages = [a for a in self._people.part("page", platform=platform) if a.kind != "group"]
        pool = self._persons[language] if platform == "x" else pages
        others = [a for a in pool if a.language == language] or pool
        for number, account in enumerate(self._rng.sample(others, k=min(len(others), self._rng.randrange(2, 6)))):
            at = cell_plot.t0 + hours(self._rng.uniform(0.2, 9))
            if at >= NOW - hours(0.5):
                continue
            near = number % 2 == 1
            text = reworded(source.text, self._rng) if near else decorated(source.text, language, self._rng)
            draft = self._post(account, at, text, case, original=source.original, near=near)
            case.coded.append(Coded(draft, cell_plot.cell_name, ReportCode.CARRIES))

    def _second(self, case: Case, cell_plot: CellPlot) -> None:
        """Another bloc's account with its own evidence; sometimes a bare denial before it, which is none."""
        language = CELL_NAMES[cell_plot.cell_name][1]
        words, plot = phrases(), case.plot
        true = plot.verdict is ClaimVerdict.TRUE
        crossed, second = cell_plot.crossed, cell_plot.second
        denied = not true and plot.maker.bloc == "group" and self._rng.random() < BARE_DENIALS
        if denied and crossed is not None and second is not None and second > crossed:
            at = crossed + (second - crossed) * self._rng.uniform(0.2, 0.7)
            text = told(self._notes.pick(words.bare_denials, language), plot, language, at)
            self._report(case, cell_plot, "province", at, text, ReportCode.CONTESTS)
        if second is not None:
            wording = self._notes.pick(words.confirms if true else words.contests, language)
            text = told(wording, plot, language, second)
            code = ReportCode.CONFIRMS if true else ReportCode.CONTESTS
            self._report(case, cell_plot, ORGANISATION_OF[cell_plot.second_by], second, text, code, own_evidence=True)
        if cell_plot.qualified is not None:
            at = cell_plot.qualified
            text = told(words.corrects[language], plot, language, at)
            self._report(case, cell_plot, "nahr", at, text, ReportCode.CORRECTS, own_evidence=True, qualified=True)

    def _report(
        self, case: Case, cell_plot: CellPlot, organisation: str, at: datetime, text: str, code: ReportCode,
        *, own_evidence: bool = False, qualified: bool = False,
    ) -> None:  # fmt: skip
        account = self._people.source(cell_plot.cell_name, organisation)
        link = f"https://{organisation}.example/{case.plot.key}/{cell_plot.cell_name}" if own_evidence else ""
        draft = self._post(account, at, text, case, link=link)
        case.coded.append(Coded(draft, cell_plot.cell_name, code, own_evidence, qualified))

    def _answer(self, case: Case, cell_plot: CellPlot) -> None:
        """Our answer, posted by a person on our own page in that cell."""
        if cell_plot.answered is None:
            return
        language = CELL_NAMES[cell_plot.cell_name][1]
        answers = phrases().answers[case.plot.verdict]
        text = told(self._notes.after(answers[language], language), case.plot, language, cell_plot.answered)
        account = self._people.source(cell_plot.cell_name, "ours")
        link = f"https://sahlara-evidence.example/{case.plot.key}"
        case.answers[cell_plot.cell_name] = self._post(account, cell_plot.answered, text, case, link=link)


def maker_class_of(account: Account) -> MakerClass:
    """The class of channels and outlets; persons and unlisted pages are unknown."""
    return MakerClass(account.maker_class) if account.maker_class else MakerClass.UNKNOWN


def decorated(text: str, language: str, rng: Random) -> str:
    """The same text for a reader, and the same key for a machine: stretched letters, marks, spaces, points."""
    if language == "en":
        return rng.choice((text.upper(), text.replace(", ", ",  "), text + " !!", text))
    fatha, tatweel = "\u064e", "\u0640"
    words = text.split(" ")
    place = rng.randrange(len(words))
    word = words[place]
    if len(word) > 3 and language == "ar":
        words[place] = rng.choice(
            (
                word[:2] + tatweel * 3 + word[2:] if word[1] in "بتثجحخسشصضطظعغفقكلمنهي" else word,
                word[:2] + fatha + word[2:],
            )
        )
    return rng.choice((" ".join(words), "  ".join(words), " ".join(words) + " ..", text + "\u200f"))


def reworded(text: str, rng: Random) -> str:
    """A copy with a word left out and two exchanged: a near-duplicate, not an exact one."""
    words = text.split(" ")
    if len(words) < 8:
        return text + " .. " + words[0]
    gone = rng.randrange(3, len(words) - 3)
    del words[gone]
    swap = rng.randrange(2, len(words) - 2)
    words[swap], words[swap + 1] = words[swap + 1], words[swap]
    return " ".join(words)
