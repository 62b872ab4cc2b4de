"""The board's filter, the stash, progress: pure parts of the pages."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import web_fakes
from hypothesis import given
from hypothesis import strategies as st

from dalil.web.stash import MOST, SECONDS, Looked, Stash


def test_a_filter_is_its_address() -> None:
    from dalil.web.boards import Filter

    wanted = Filter.read({"state": "settled", "who": "me", "page": "3", "other": "x"}, words="secret")
    assert (wanted.state, wanted.who, wanted.page) == ("settled", "me", 3)
    assert wanted.address() == "?state=settled&who=me&page=3"
    assert "secret" not in wanted.address()
    assert "secret" not in repr(wanted)
    assert Filter.read({"page": "-1"}).page == 1
    assert Filter.read({"page": "9" * 30}).page == 1


def test_a_board_says_how_many_pass_of_how_many() -> None:
    from dalil.web.boards import PAGE, Filter, select

    rows = [web_fakes.row(n, f"{n:032x}", "x", holder="oak-17" if n % 2 else None, held_by=None) for n in range(95)]
    everything = select(rows, Filter(), pseudonym="oak-17")
    assert (everything.passing, everything.all, len(everything.rows)) == (95, 95, PAGE)
    assert (everything.before, everything.after) == ("", "?page=2")
    last = select(rows, Filter(page=3), pseudonym="oak-17")
    assert (len(last.rows), last.before, last.after) == (15, "?page=2", "")
    mine = select(rows, Filter(who="me"), pseudonym="oak-17")
    free = select(rows, Filter(who="nobody"), pseudonym="oak-17")
    assert mine.passing + free.passing == 95
    assert select(rows, Filter(platform="x"), pseudonym="").passing == 0


@given(st.sampled_from(["", "logged", "settled"]), st.sampled_from(["", "facebook", "x"]), st.sampled_from(["", "تل"]))
def test_a_narrower_filter_never_finds_more(state: str, platform: str, words: str) -> None:
    from dalil.web.boards import Filter, select

    narrow = select(web_fakes.ROWS, Filter(state=state, platform=platform, words=words), pseudonym="")
    wide = select(web_fakes.ROWS, Filter(state=state), pseudonym="")
    assert {row.number for row in narrow.rows} <= {row.number for row in wide.rows}


def test_the_stash_forgets_by_time_by_number_and_at_the_lock() -> None:
    clock = [0.0]
    stash = Stash(clock=lambda: clock[0])
    looked = Looked(SimpleNamespace())  # type: ignore[arg-type]
    token = stash.keep("m1", looked)
    assert stash.find("m1", token) is looked
    assert stash.find("m2", token) is None
    clock[0] = SECONDS - 0.1
    assert stash.find("m1", token) is looked
    clock[0] = SECONDS
    assert stash.find("m1", token) is None
    tokens = [stash.keep("m1", looked) for _ in range(MOST + 1)]
    assert stash.find("m1", tokens[0]) is None
    assert stash.find("m1", tokens[1]) is looked
    other = stash.keep("m2", looked)
    stash.clear("m1")
    assert stash.find("m1", tokens[-1]) is None
    assert stash.find("m2", other) is looked


def test_progress_measures_from_the_first_load(django_workspace: Any) -> None:
    from dalil.web.progress import progress

    first = progress(web_fakes.job("1" * 32, "running", done=100, total=400), "", now=50.0)
    assert (first.share, first.rate, first.since) == (0.25, None, "100-500")
    second = progress(web_fakes.job("1" * 32, "running", done=160, total=400), first.since, now=53.0)
    assert (second.share, second.rate, second.since) == (0.4, 20.0, "100-500")
    for odd in ("x", "900-500", "100-99999", "-", "1" * 40 + "-1"):
        again = progress(web_fakes.job("1" * 32, "running", done=160, total=400), odd, now=53.0)
        assert (again.rate, again.since) == (None, "160-530")
    assert progress(web_fakes.job("1" * 32, "running", done=3, total=None), "", now=1.0).share is None


def test_django_logs_nothing_of_its_own(django_workspace: Any) -> None:
    import logging

    logger = logging.getLogger("django")
    assert not logger.propagate
    ours = [handler for handler in logger.handlers if not type(handler).__module__.startswith("_pytest")]
    assert all(isinstance(handler, logging.NullHandler) for handler in ours)
