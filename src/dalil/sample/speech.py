"""Ordinary talk: texts put together from clauses so that no two of them are near-duplicates by chance.

Each register has four sections of P = 29 clauses. A text takes clause i, j, i + 2j + s and 2i + 3j + s of
them, modulo the prime P; a sheet s holds the P² texts of all pairs (i, j). Any two clauses fix a text
within its sheet, and any three fix it among all sheets (a maximum distance separable code), so that two
texts of one sheet share at most one clause, and others at most two of four. What the sample says is a
copy is then all there is to find.
"""

from __future__ import annotations

from functools import cache
from random import Random
from typing import Final

from dalil.sample.dice import dice
from dalil.sample.world import REGISTERS, read_words, world

P: Final = 29
_COMMA: Final = {"ar": "، ", "acm": "، ", "ckb": "، ", "en": ", "}


@cache
def sections(register: str) -> tuple[tuple[str, ...], ...]:
    """The four sections of a register's file.

    Raises:
        ValueError: a section does not hold P clauses.
    """
    found: list[list[str]] = []
    for line in read_words(f"ordinary.{register}.txt").splitlines():
        if line.startswith("["):
            found.append([])
        elif line.strip() and not line.startswith("#"):
            found[-1].append(line.strip())
    if [len(section) for section in found] != [P] * 4:
        raise ValueError(f"ordinary.{register}.txt must hold four sections of {P} clauses")
    return tuple(tuple(section) for section in found)


def fill(clause: str, register: str, rng: Random) -> str:
    """Put a town, a good, a day and numbers into a clause."""
    if "{" not in clause:
        return clause
    land = world()
    return (
        clause.replace("{town}", rng.choice(land.towns).inn(register))
        .replace("{good}", rng.choice(land.goods).inn(register))
        .replace("{day}", rng.choice(land.days).inn(register))
        .replace("{price}", str(rng.randrange(5, 60) * 250))
        .replace("{hour}", f"{rng.randrange(1, 13)}:{rng.choice(('00', '15', '30', '45'))}")
        .replace("{n}", str(rng.randrange(3, 48)))
    )


def code_word(sheet: int, i: int, j: int) -> tuple[int, int, int, int]:
    """Which clause of each section a text takes; all below P."""
    return i, j, (i + 2 * j + sheet) % P, (2 * i + 3 * j + sheet) % P


class Speech:
    """The talk of one sample; hands out each text once."""

    def __init__(self, seed: int) -> None:
        self._rng = {name: dice(seed, f"speech/{name}") for name in REGISTERS}
        self._next = dict.fromkeys(REGISTERS, 0)
        self._order: dict[str, list[int]] = {}
        for name, rng in self._rng.items():
            order = list(range(P * P))
            rng.shuffle(order)
            self._order[name] = order

    def ordinary(self, register: str) -> str:
        """A text of two to four clauses, never handed out before.

        Raises:
            ValueError: all sheets are used up.
        """
        sheet, place = divmod(self._next[register], P * P)
        if sheet >= P:
            raise ValueError(f"no more texts in register {register}")
        self._next[register] += 1
        i, j = divmod(self._order[register][place], P)
        chosen = code_word(sheet, i, j)
        rng = self._rng[register]
        length = rng.choice((2, 3, 3, 4, 4)) if sheet == 0 else 4
        clauses = [sections(register)[slot][chosen[slot]] for slot in range(4)]
        if length == 3:
            clauses.pop(rng.choice((2, 3)))
        return join([fill(clause, register, rng) for clause in clauses[:length]], register)


def join(clauses: list[str], register: str) -> str:
    """Clauses as one sentence or two."""
    text = _COMMA[register].join(clauses)
    return text if text.endswith(("؟", "?")) else text + "."
