"""Lengths as platforms count them, and the reminders before posting."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.desk.limits import LIMITS, length_on, limit_of, reminders


@pytest.mark.parametrize(
    ("platform", "text", "length"),
    [
        ("x", "a" * 280, 280),
        ("x", "الجسر آخر", 9),
        ("x", "日本", 4),
        ("x", "see https://example.org/a/very/long/path?with=query now", 31),
        ("x", "e\u0301", 1),
        ("facebook", "e\u0301", 1),
        ("telegram", "日本", 2),
        ("no such platform", "abc", 3),
    ],
)
def test_lengths(platform, text, length):
    assert length_on(platform, text) == length


@given(st.text(), st.sampled_from([*LIMITS, "other"]))
def test_any_text_has_a_length(text, platform):
    assert length_on(platform, text) >= 0


def test_unknown_platforms_have_no_limit():
    assert limit_of("noticeboard") is None
    assert "too_long" not in reminders("x" * 10_000, "claim", "noticeboard")


CLAIM = "The Grey Column says it holds the bridge at Tel Nahr."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The bridge in the picture is the rail bridge of Qasr Adlan.", ()),
        ("It is false that the Grey Column holds the bridge at Tel Nahr.", ("fact_first",)),
        ("y" * 281, ("too_long",)),
        ("", ()),
    ],
)
def test_reminders(text, expected):
    assert reminders(text, CLAIM, "x") == expected


def test_reminders_read_arabic():
    claim = "يقول الرتل الرمادي إنه يسيطر على جسر تل نهر"
    assert reminders("ليس صحيحا أن الرتل الرمادي يسيطر على جسر تل نهر؟ لا.", claim, "x") == ("fact_first",)
    assert reminders("الجسر في الصورة هو جسر قصر عدلان. الادعاء غير صحيح.", claim, "x") == ()
