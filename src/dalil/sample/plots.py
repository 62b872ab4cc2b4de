"""The claims' plots, read from `words/claims.txt`: what is claimed, by whom, and what happens in each cell."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Final

from dalil.sample.clock import hours, parse_local, whole_second
from dalil.sample.dice import dice
from dalil.sample.world import named, read_words, world
from dalil.schema.words import ClaimType, ClaimVerdict, MakerClass, MediaFindingKind

CLASS_LETTERS: Final = {"g": "group", "p": "supporter", "s": "state", "y": "ally", "i": "independent"}
TURNS: Final = 0.08
"""Chance that a cell's second account, against the plot, stays away or comes after all: so no two seeds
give the same figures."""
_CELL: Final = re.compile(
    r"(?P<cell>[xft][ake]) \+(?P<lag>[\d.]+)(?: c(?P<cross>[\d.]+))?(?: s(?P<second>[\d.]+)(?P<by>[gpsyi]))?"
    r"(?: a(?P<answer>[\d.]+))?(?: q(?P<qualified>[\d.]+))?(?P<open> x)?"
)


@dataclass(frozen=True, slots=True)
class CellPlot:
    """What happens to a claim in one cell; times are aware UTC, None is never.

    `crossed` the third panel source carries it; `second` another bloc's account with its own evidence, by
    `second_by`; `answered` our answer; `qualified` an independent outlet's qualified answer.
    """

    cell_name: str
    t0: datetime
    crossed: datetime | None
    second: datetime | None
    second_by: str
    answered: datetime | None
    qualified: datetime | None


@dataclass(frozen=True, slots=True)
class Plot:
    """One claim. `verdict` is the truth; `open_end` one that the members have not settled."""

    key: str
    predicate: str
    place: str
    claim_type: ClaimType
    maker: MakerClass
    verdict: ClaimVerdict
    media: MediaFindingKind | None
    start: datetime
    cells: tuple[CellPlot, ...]
    open_end: bool

    def statement(self, language: str) -> str:
        """What is claimed, bare."""
        land = world()
        side = land.sides[land.makers[self.maker].side]
        place = land.places[self.place]
        sentence = named(land.predicates[self.predicate], language)
        return sentence.replace("{side}", side.inn(language)).replace("{place}", place.inn(language))

    def sentence(self, language: str) -> str:
        """The claim worded as a claim, neutral."""
        land = world()
        predicate, maker = land.predicates[self.predicate], named(land.makers[self.maker], language)
        said = {"ar": predicate.said_ar, "ckb": predicate.said_ckb, "en": predicate.said_en}[language]
        if not said or ("{side}" in predicate.ar and self.maker.bloc != "group"):
            return f"{maker} {self.statement(language)}"
        place = land.places[self.place].inn(language)
        return f"{maker.removesuffix(' إن')} {said.replace('{place}', place)}"


def plots(seed: int) -> list[Plot]:
    """All claims, with each seed's own minutes.

    Raises:
        ValueError: a line of the file cannot be read.
    """
    rows = [line for line in read_words("claims.txt").splitlines() if line.strip() and not line.startswith("#")]
    return [_plot(row, dice(seed, f"plots/{row[:3]}")) for row in rows]


def _plot(row: str, rng: Random) -> Plot:
    head, cells = _split(row)
    key, predicate, place, maker, verdict, media, start_text = head.split()
    start = parse_local(start_text) + hours(rng.uniform(-0.05, 0.05))
    parts = [part.strip() for part in cells.split(" ; ")]
    open_end = parts[-1].endswith(" x")
    may_turn = not open_end and maker not in (MakerClass.INDEPENDENT, MakerClass.UNKNOWN)
    return Plot(
        key=key,
        predicate=predicate,
        place=place,
        claim_type=ClaimType(world().predicates[predicate].type),
        maker=MakerClass(maker),
        verdict=ClaimVerdict(verdict),
        media=None if media == "-" else MediaFindingKind(media),
        start=whole_second(start),
        cells=tuple(_cell(part, start, rng, may_turn=may_turn) for part in parts),
        open_end=open_end,
    )


def _split(row: str) -> tuple[str, str]:
    found = re.match(r"((?:\S+\s+){6}\S+)\s+(.*)", row)
    if found is None:
        raise ValueError(f"claims.txt: cannot read {row[:40]!r}")
    return found[1], found[2]


def _cell(text: str, start: datetime, rng: Random, *, may_turn: bool) -> CellPlot:
    found = _CELL.fullmatch(text)
    if found is None:
        raise ValueError(f"claims.txt: cannot read the cell {text!r}")
    t0 = whole_second(start + hours(float(found["lag"])))

    def after(name: str, spread: float) -> datetime | None:
        return (
            None
            if found[name] is None
            else whole_second(t0 + hours(float(found[name]) * rng.uniform(1 - spread, 1 + spread)))
        )

    crossed = after("cross", 0.08)
    second, by = after("second", 0.04), CLASS_LETTERS.get(found["by"] or "", "")
    ours_alone = second is None and found["answer"] is not None
    if may_turn and not ours_alone and crossed is not None and rng.random() < TURNS:
        second, by = (None, "") if second else (whole_second(t0 + hours(rng.uniform(3, 18))), "independent")
    if second is not None and crossed is not None:
        second = max(second, crossed + hours(0.4))
    return CellPlot(
        cell_name=found["cell"],
        t0=t0,
        crossed=crossed,
        second=second,
        second_by=by,
        answered=after("answer", 0.02),
        qualified=after("qualified", 0.03),
    )
