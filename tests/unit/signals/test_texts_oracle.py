"""The fast way and the traced way to the keys, held against the slow, literal one."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from unit.signals.awkward import ANY_TEXT
from unit.signals.slow_keys import fold, slow_norm, slow_skeleton

from dalil.signals import folding
from dalil.signals.texts import norm, norm_with_offsets, skeleton


@given(ANY_TEXT)
@example("e\u200d\u0301")
@example("\u1100\u0301\u1161")
@example("http\u200bs://example.org")
@example("e" + "\u0316" * 1500 + "\u0301")
def test_norm_is_what_the_card_says(text: str) -> None:
    assert norm(text) == slow_norm(text)


@given(st.lists(st.sampled_from([*"abşz0137ابت٣ ", "la", "ll", "2022"]), max_size=20).map("".join))
def test_skeleton_is_what_the_card_says(text: str) -> None:
    assert skeleton(text) == slow_skeleton(norm(text))


@pytest.mark.parametrize("plane", [0, 1, 2, 14])
def test_every_character_is_folded_as_the_card_says(plane: int) -> None:
    table = folding.norm_folding().table
    for code in range(plane << 16, (plane + 1) << 16):
        expected = fold(chr(code))
        assert table[code] == (ord(expected) if expected else folding.DELETED), hex(code)


def test_nothing_above_the_assigned_planes_is_kept() -> None:
    table = folding.norm_folding().table
    assert set(table[0x40000:0xE0000].tolist()) == {folding.SPACE}
    assert set(table[0xE1000:].tolist()) == {folding.SPACE}


@given(ANY_TEXT)
@example("السـلامُ ﷺ ＡＢＣ ﬀ x\u0301 آه https://example.org/a ہہہه")
@example("\u1100\u1161\u11a8 \u1100\u0301\u1161")
@example("e" + "\u0316" * 1500 + " bridge")
def test_the_traced_way_gives_the_same_key_and_points_back_into_the_text(text: str) -> None:
    key, offsets = norm_with_offsets(text)
    assert key == norm(text)
    assert len(offsets) == len(key)
    assert all(0 <= place < len(text) for place in offsets)
    assert all(a <= b for a, b in pairwise(offsets))


@given(st.text(alphabet="abcXYZابتأة ٣,.؟", max_size=40))
def test_each_offset_names_the_very_character(text: str) -> None:
    key, offsets = norm_with_offsets(text)
    for letter, place in zip(key, offsets, strict=True):
        assert norm(text[place]) == letter.strip()


def test_offsets_find_a_word_again_behind_marks_links_and_ligatures() -> None:
    text = "😀 https://example.org/a ﷺ قال: الجِسْـــر مفتوح"
    key, offsets = norm_with_offsets(text)
    start = key.index("الجسر")
    found = text[offsets[start] : offsets[start + len("الجسر") - 1] + 1]
    assert found == "الجِسْـــر"
