"""What was told of an account is told again only when it changed, and the memory of it is bounded."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dalil.sources import lately
from dalil.sources.lately import Lately


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 2))))
def test_it_is_news_when_it_is_not_what_was_told_last(told: list[tuple[str, int]]) -> None:
    remembered = Lately()
    last: dict[str, int] = {}
    for uid, what in told:
        assert remembered.is_news(uid, what) is (last.get(uid) != what)
        last[uid] = what


def test_the_one_told_of_first_is_forgotten_first() -> None:
    remembered = Lately()
    for number in range(lately.REMEMBERED + 1):
        assert remembered.is_news(f"x:{number}", "same")
    assert not remembered.is_news("x:1", "same")
    assert remembered.is_news("x:0", "same"), "one too many: the first was forgotten"
    assert remembered.is_news("x:1", "same"), "and the second with it, for the first to come back"
    assert not remembered.is_news(f"x:{lately.REMEMBERED}", "same")
