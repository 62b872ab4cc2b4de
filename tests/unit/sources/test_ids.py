"""Ids as text: the quick way is the careful one's answer."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dalil.sources.ids import key_of, native

WRITTEN = st.text(alphabet="0123456789٣²eE+-.,_ \tab", max_size=24) | st.text(max_size=8)


@given(WRITTEN | st.integers() | st.floats(allow_nan=False) | st.integers(0, 99).map(lambda n: f"{n}{'0' * 12}"))
def test_the_key_alone_is_the_key_of_both(value: str | int | float) -> None:
    assert key_of(value) == native(value)[0]
