"""The text keys of many texts at once: `texts.text_keys` of each, a quarter of the time.

Texts of plain characters alone (`characters`), which are nearly all, are worked on as one array; the others
go through `texts.norm` one by one and join in where they have become their own key. A property test holds
both ways equal.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dalil.signals import characters, joined, texts
from dalil.signals.erasing import erase
from dalil.signals.joined import END, SPACE, Codes, Joined, Mask, Strings


class KeyColumns(NamedTuple):
    """The keys of n texts, as columns."""

    norm: Strings
    skeleton: Strings
    skeleton_hash: NDArray[np.uint64]


def key_columns(given: Sequence[str]) -> KeyColumns:
    """`texts.text_keys` of each text, in their order."""
    norms: list[Strings] = []
    bones: list[Strings] = []
    for part in joined.groups(given):
        keys = _norms(list(given[part]))
        norms.append(keys.strings())
        bones.append(_skeletons(keys).strings())
    skeleton = joined.concatenated(bones)
    return KeyColumns(joined.concatenated(norms), skeleton, _hashes(skeleton))


def _norms(given: list[str]) -> Joined:
    tables = characters.tables()
    kinds, rows = _kinds(given, tables)
    done = rows.rows_of(np.flatnonzero(kinds == characters.HARD))
    if done:
        for row in done:
            given[row] = texts.norm(given[row])
        kinds, rows = _kinds(given, tables)
    codes = _looked_up(rows.codes, tables.lower, kinds == characters.HARD)
    rows = joined.erased(Joined(codes, rows.ends).without(kinds == characters.GONE), erase)
    folded = _looked_up(rows.codes, tables.folded, rows.codes >= characters.SIZE)
    folded[rows.ends] = END
    return _without_long_runs(Joined(folded, rows.ends).squeezed())


def _kinds(given: list[str], tables: characters.Tables) -> tuple[NDArray[np.uint8], Joined]:
    rows = joined.join(given)
    kinds = tables.kind.take(rows.codes, mode="clip")
    kinds[rows.ends] = characters.PLAIN
    return kinds, rows


def _looked_up(codes: Codes, table: NDArray[np.uint32], but: Mask) -> Codes:
    """Each code as the table has it, but some as they are."""
    found = table.take(codes, mode="clip")
    if but.any():
        found[but] = codes[but]
    return found


def _without_long_runs(rows: Joined) -> Joined:
    """A letter three or more times in a row goes to one."""
    codes = rows.codes
    same = codes[1:] == codes[:-1]
    at = np.flatnonzero(same[1:] & same[:-1] & _is_letter(codes[2:]))
    if len(at) == 0:
        return rows
    dropped = np.zeros(len(codes), dtype=bool)
    dropped[at + 1] = dropped[at + 2] = True
    return rows.without(dropped)


def _is_letter(codes: Codes) -> Mask:
    """All but ASCII digits, spaces and terminators."""
    return (codes > ord("9")) | ((codes < ord("0")) & (codes > SPACE))


def _skeletons(keys: Joined) -> Joined:
    codes = keys.codes
    digits = np.flatnonzero((codes >= ord("0")) & (codes <= ord("9")))
    beside = codes[digits + 1], codes[digits - 1]  # before the first stands the last, a terminator
    touching = digits[_is_latin(beside[0]) | _is_latin(beside[1])]
    keys = keys.changed(keys.rows_of(touching), texts.unleet)
    bones = keys.without(keys.codes == SPACE)
    again = np.concatenate(([False], bones.codes[1:] == bones.codes[:-1])) & _is_letter(bones.codes)
    return bones.without(again)


def _is_latin(codes: Codes) -> Mask:
    return ((codes >= ord("a")) & (codes <= ord("z"))) | ((codes >= 0xDF) & (codes <= 0x24F))


def _hashes(skeletons: Strings) -> NDArray[np.uint64]:
    """`texts.skeleton_hash` of each."""
    bounds = skeletons.offsets.tolist()
    data = skeletons.data
    found = [blake2b(data[start:end], digest_size=8).digest() for start, end in pairwise(bounds)]
    return np.frombuffer(b"".join(found), dtype=">u8").astype(np.uint64)
