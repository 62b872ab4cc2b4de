"""The folding tables, looked at whole: an entry for every code point, and none that folds twice."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit.signals.awkward import ANY_TEXT

from dalil.signals import folding
from dalil.signals.folding import (
    CODE_POINTS,
    DELETED,
    IDEOGRAPHS,
    IGNORABLE,
    KEPT_MARKS,
    SPACE,
    Folding,
    cut_long_runs,
    kurdish_folding,
    look_up,
    norm_folding,
    visible,
)

BOTH = pytest.mark.parametrize("one", [norm_folding(), kurdish_folding()], ids=["norm", "kurdish"])
VARIANTS = pytest.mark.parametrize("variants", [folding._ARABIC, folding._KURDISH], ids=["norm", "kurdish"])


@BOTH
def test_a_table_is_total_and_idempotent(one: Folding) -> None:
    assert one.table.shape == (CODE_POINTS,)
    assert one.table.dtype == np.uint32
    targets = np.unique(one.table[one.table != DELETED])
    assert (one.table[targets] == targets).all(), "what something becomes would itself become something else"


@VARIANTS
def test_no_variant_is_named_twice_and_none_stands_for_others(variants: dict[str, str]) -> None:
    named = "".join(variants)
    assert len(set(named)) == len(named)
    assert not set(named) & set(variants.values())
    assert all(len(target) <= 1 for target in variants.values())


@BOTH
def test_digits_of_all_scripts_go_to_ascii(one: Folding) -> None:
    digits = [chr(code) for code in range(IDEOGRAPHS.start) if unicodedata.category(chr(code)) == "Nd"]
    assert len(digits) >= 600
    assert look_up("".join(digits), one.table) == "".join(str(unicodedata.decimal(digit)) for digit in digits)


@BOTH
@pytest.mark.parametrize("category", ["Po", "Ps", "Sm", "So", "Sc", "Sk", "Zs", "Cc", "Cs", "Co", "Cn"])
def test_signs_and_all_that_is_no_letter_go_to_a_space(one: Folding, category: str) -> None:
    some = [chr(code) for code in range(IDEOGRAPHS.start) if unicodedata.category(chr(code)) == category]
    seen = [character for character in some if not IGNORABLE.match(character)]
    assert seen
    assert set(look_up("".join(seen), one.table)) == {" "}


@BOTH
def test_a_letter_that_no_variant_names_stays(one: Folding) -> None:
    named = set("".join(folding._KURDISH if one.kurdish else folding._ARABIC))
    letters = [chr(code) for code in range(IDEOGRAPHS.start) if chr(code).isalpha()]
    kept = [letter for letter in letters if letter not in named and not IGNORABLE.match(letter)]
    changed = [letter for letter, new in zip(kept, look_up("".join(kept), one.table), strict=True) if new != letter]
    assert [hex(ord(letter)) for letter in changed if unicodedata.combining(letter) == 0] == []
    assert one.table[0x20000] == 0x20000


@BOTH
def test_the_ascii_part_is_the_table_as_text(one: Folding) -> None:
    assert one.ascii == "".join(map(chr, one.table[:128].tolist()))
    assert "\0" not in one.ascii
    assert "a.b_c-1".translate(one.ascii) == "a b c 1"


def test_the_two_tables_differ_in_arabic_letters_only() -> None:
    differ = np.flatnonzero(norm_folding().table != kurdish_folding().table)
    assert all(0x600 <= code < 0x700 for code in differ)
    kept = "ڕڵێۆەیکه"
    assert look_up(kept, kurdish_folding().table) == kept
    assert look_up(kept, norm_folding().table) == "رليوهيكه"
    assert norm_folding() is norm_folding()


def test_pe_che_zhe_ve_and_gaf_stay_in_both() -> None:
    for one in (norm_folding(), kurdish_folding()):
        assert look_up("پچژڤگ", one.table) == "پچژڤگ"


@given(ANY_TEXT)
def test_looking_up_is_one_character_for_one(text: str) -> None:
    seen = look_up(text, visible())
    assert len(seen) == len(text)
    assert all(new in (old, "\0") or (old, new) == ("\0", " ") for old, new in zip(text, seen, strict=True))
    assert IGNORABLE.search(seen) is None
    assert look_up(look_up(text, norm_folding().table).replace("\0", ""), norm_folding().table).find("\0") == -1


@given(st.lists(st.tuples(st.sampled_from("aبد "), st.integers(0, 2 * KEPT_MARKS)), max_size=8))
def test_only_marks_beyond_the_thirtieth_in_a_row_are_cut(parts: list[tuple[str, int]]) -> None:
    text = "".join(letter + "\u064e" * marks for letter, marks in parts)
    assert cut_long_runs(text) == "".join(letter + "\u064e" * min(marks, KEPT_MARKS) for letter, marks in parts)


def test_the_space_is_a_space_and_nul_is_not_taken_for_deleted() -> None:
    assert norm_folding().table[[0, SPACE]].tolist() == [SPACE, SPACE]
    assert visible()[0] == SPACE
