"""The tables over code points: each entry is what `texts.norm` does to that character, wherever it stands."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest

from dalil.signals import characters
from dalil.signals.characters import BLOCKS, GONE, HARD, PLAIN, SIZE, looked_at, second_halves, tables
from dalil.signals.folding import IGNORABLE, norm_folding
from dalil.signals.texts import norm


def of_kind(kind: int) -> list[str]:
    return [chr(code) for code in np.flatnonzero(tables().kind == kind).tolist()]


def test_the_tables_are_total_and_made_once() -> None:
    made = tables()
    assert [len(table) for table in made] == [SIZE] * 3
    assert (made.kind.dtype, made.lower.dtype, made.folded.dtype) == (np.uint8, np.uint32, np.uint32)
    assert set(np.unique(made.kind).tolist()) == {PLAIN, GONE, HARD}
    assert tables() is made


def test_whatever_lies_outside_the_blocks_is_hard_and_stays_itself() -> None:
    outside = np.ones(SIZE, dtype=bool)
    for block in BLOCKS:
        outside[block.start : block.stop] = False
    assert (tables().kind[outside] == HARD).all()
    assert (tables().lower[outside] == np.flatnonzero(outside)).all()
    assert outside[-1], "the last entry stands for all above"


def test_the_blocks_do_not_overlap_and_fit() -> None:
    codes = [code for block in BLOCKS for code in block]
    assert len(set(codes)) == len(codes) == len(looked_at())
    assert max(codes) < SIZE


@pytest.mark.parametrize(
    ("kind", "some"),
    [
        (PLAIN, "aZ5 .@/_-éÜəňê" + "ابةىأآؤكیکڕڵۆێە" + "٣۳" + "،؟«»" + "😀\0\n"),
        (GONE, "\u200b\u200c\u200d\u202e\u2066\u0640\u00ad\ufe0e\ufe0f\ufeff" + "\u064b\u064e\u0651\u0652\u0670\u20dd"),
        (HARD, "\u0301\u0327\u0653\u0654\u1161\u11a8" + "ßİŉ½…ﷲﻻﬁ" + "\u0430\u0435\u043a\u0456" + "\ud800一"),
    ],
)
def test_kinds_by_example(kind: int, some: str) -> None:
    assert [hex(ord(one)) for one in some if tables().kind[ord(one)] != kind] == []


def test_a_gone_character_leaves_nothing_behind() -> None:
    gone = of_kind(GONE)
    assert [hex(ord(one)) for one in gone if norm(f"ب{one}ت") != "بت" or norm(f"x{one}y") != "xy"] == []
    assert len(gone) > 200
    marks = [one for one in gone if not IGNORABLE.match(one)]
    assert all(unicodedata.category(one) in ("Mn", "Me") or unicodedata.combining(one) for one in marks)


def test_a_plain_character_alone_is_what_the_tables_say() -> None:
    made = tables()
    wrong = [
        hex(ord(one)) for one in of_kind(PLAIN) if norm(one) != chr(made.folded[made.lower[ord(one)]]).strip("\0 ")
    ]
    assert wrong == []


def test_to_lower_case_and_then_to_its_fold_is_one_step_each() -> None:
    made = tables()
    plain = np.flatnonzero(made.kind == PLAIN)[1:]  # U+0000 is made a space at once
    lower = made.lower[plain]
    assert (made.lower[lower] == lower).all()
    assert (made.kind[lower] == PLAIN).all()
    folded = made.folded[lower]
    assert (made.folded[folded] == folded).all()
    assert (folded == norm_folding().table[lower]).all()


def test_no_cyrillic_letter_is_plain_since_it_hangs_on_its_word() -> None:
    assert [one for one in of_kind(PLAIN) if "\u0400" <= one <= "\u052f" and one.isalpha()] == []


def test_second_halves_do_compose_and_plain_ones_do_not() -> None:
    halves = second_halves()
    assert {"\u0300", "\u0301", "\u0327", "\u0653", "\u0654", "\u0655", "\u3099", "\u1161", "\u11a8"} <= halves
    assert not halves & set("abcابت\u064e\u200d")
    assert not halves & set(of_kind(PLAIN))
    assert not halves & set(of_kind(GONE))
    assert characters.second_halves() is halves
