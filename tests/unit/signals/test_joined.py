"""Many texts as one array: each step is what it is on each text alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dalil.signals import joined
from dalil.signals.erasing import erase
from dalil.signals.joined import Strings

LETTERS = st.text(st.sampled_from("aab @/.w\u0628\U0001f600"), max_size=30)
TEXTS = st.lists(LETTERS, min_size=1, max_size=12)


def texts_of(rows: joined.Joined) -> list[str]:
    return rows.some(range(len(rows.ends)))


@given(TEXTS)
def test_what_is_joined_comes_apart_again(texts: list[str]) -> None:
    rows = joined.join(texts)
    assert texts_of(rows) == texts
    assert rows.strings().texts() == texts
    assert rows.codes[rows.ends].tolist() == [joined.END] * len(texts)


@given(TEXTS, st.integers(0, 6))
def test_squeezing_and_cutting(texts: list[str], length: int) -> None:
    rows = joined.join(texts).squeezed()
    plain = [" ".join(text.split()) for text in texts]
    assert texts_of(rows) == plain
    assert texts_of(rows.cut(length)) == [text[:length] for text in plain]


@given(TEXTS)
def test_dropping(texts: list[str]) -> None:
    rows = joined.join(texts)
    assert texts_of(rows.without(rows.codes == ord("a"))) == [text.replace("a", "") for text in texts]


@given(TEXTS)
def test_erasing_is_left_out_only_where_there_is_nothing_to_erase(texts: list[str]) -> None:
    assert texts_of(joined.erased(joined.join(texts), erase)) == [erase(text) for text in texts]


@given(TEXTS, st.data())
def test_changing_some(texts: list[str], data: st.DataObject) -> None:
    rows = joined.join(texts)
    some = sorted(data.draw(st.sets(st.integers(0, len(texts) - 1))))
    assert rows.some(some) == [texts[row] for row in some]
    changed = rows.changed(some, lambda text: text[::-1])
    assert texts_of(changed) == [text[::-1] if at in some else text for at, text in enumerate(texts)]


@given(TEXTS)
def test_rows_of_places(texts: list[str]) -> None:
    rows = joined.join(texts)
    places = (rows.codes == ord("b")).nonzero()[0]
    assert rows.rows_of(places) == [at for at, text in enumerate(texts) if "b" in text]


def test_groups_are_of_a_good_size_and_leave_nothing_out() -> None:
    sizes = [10, joined._AT_ONCE, 5, joined._AT_ONCE // 2, joined._AT_ONCE // 2, 3 * joined._AT_ONCE, 1, 1]
    texts = ["x" * size for size in sizes]
    parts = list(joined.groups(texts))
    assert [text for part in parts for text in texts[part]] == texts
    assert [part.stop - part.start for part in parts] == [1, 1, 2, 1, 1, 2]
    assert list(joined.groups([])) == []


@given(st.lists(TEXTS, max_size=4))
def test_columns_one_after_the_other(many: list[list[str]]) -> None:
    whole = joined.concatenated([joined.join(texts).strings() for texts in many])
    assert isinstance(whole, Strings)
    assert whole.texts() == [text for texts in many for text in texts]
