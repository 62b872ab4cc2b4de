"""What the sample calls the same text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.sample.dice import dice
from dalil.sample.storyline import decorated, reworded
from dalil.sample.twins import families, key
from dalil.sample.week import Week


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("الرتل الرمادي", "الرتل  الرمـــادي .."),
        ("إنه هنا", "انه هنا"),
        ("کوردی ١٢", "كوردي 12"),
        ("Just here", "JUST HERE !!"),
        ("سوق دالية https://post.example/1", "@shl12 سوق دَالية"),
    ],
)
def test_small_signs_do_not_make_another_text(first: str, second: str) -> None:
    assert key(first) == key(second)


def test_another_word_does() -> None:
    assert key("سوق دالية") != key("سوق تل نهر")


@given(st.text())
def test_any_text_has_a_key(text: str) -> None:
    assert key(key(text)) == key(text)


@given(st.integers(0, 10**6))
def test_a_decorated_copy_keeps_its_key_and_a_reworded_one_does_not(seed: int) -> None:
    for text, language in (
        ("متابعة: الرتل الرمادي يسيطر على القلعة القديمة في سد نيروة، والمعلومات أولية. ننقل ولا نؤكد", "ar"),
        ("هەواڵێک ئێستا گەیشت: پاسەوانەکان لە تونێلی گرد هالان کشاونەتەوە، لەگەڵ وێنەیەک. شایەت هەیە؟", "ckb"),
        ("Following up: the guards have pulled out of the tunnel of Gird Halan, details are early. any witness?", "en"),
    ):
        assert key(decorated(text, language, dice(seed, "a"))) == key(text)
        assert key(reworded(text, dice(seed, "b"))) != key(text)


def test_families_hold_all_posts_with_one_key_and_no_others(plain_week: Week) -> None:
    drafts = [d for d in plain_week.stream.drafts if d.kind != "repost" and not d.near]
    placed = {d: f.name for f in families(plain_week.stream.drafts) for d in f.exact}
    keys: dict[str, list[str]] = {}
    for draft in drafts:
        keys.setdefault(key(draft.text), []).append(placed.get(draft, ""))
    for names in keys.values():
        assert len(set(names)) == 1
        assert (names[0] == "") == (len(names) == 1) or names[0].startswith("claim/")
