"""Law 4: what a download damaged is read back, and nothing else is touched."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.sources.mojibake import damaged, mended

sound = st.text(st.characters(exclude_categories=["Cs"]))


@given(sound)
def test_every_text_comes_back(text: str) -> None:
    assert mended(damaged(text)) == text


@given(st.text(st.characters(min_codepoint=0x100, exclude_categories=["Cs"]), min_size=1))
def test_what_no_download_wrote_stays(text: str) -> None:
    assert mended(text) == text


@given(st.text())
def test_it_never_fails_and_is_undone_by_damaging_again(text: str) -> None:
    found = mended(text)
    assert found == text or damaged(found) == text


@pytest.mark.parametrize("text", ["", "plain words", "caf\u00e9", "\u00d8", "\ud83d", "a\u00ff\u0100"])
def test_what_is_not_this_damage_stays(text: str) -> None:
    assert mended(text) == text


def test_as_a_download_writes_it() -> None:
    assert mended(json.loads(r'"\u00d8\u00aa\u00d9\u0084 \u00f0\u009f\u0098\u0080"')) == "تل 😀"
