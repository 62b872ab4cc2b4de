"""The page of benchmarks: misses are reported as misses, missing peers are said, nothing breaks the table."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from benchmarks.page import figure, page
from benchmarks.shape import Machine, Report, Result

MACHINE = Machine(processor="Abacus 9", cores=2, memory_gib=4.0, python="3.11.7")
FAST = Result(what="look up", n="100,000 items", ours=5.0, unit="CPU-ms", bar=50, peer="tortoise 1.2", theirs=120.0)
SLOW = Result(what="import", ours=2000.0, unit="posts/CPU-s", more_is_better=True, bar=3000, note="on battery")
PLAIN = Result(what="page", ours=14.2, unit="KB")


def written(*reports: Report) -> str:
    return page(reports, machine=MACHINE, day=date(2026, 5, 17))


def test_date_and_machine_are_said() -> None:
    assert "17 May 2026, on Abacus 9, 2 cores, 4 GiB, Python 3.11.7." in written()


def test_a_bar_is_held_or_missed_and_misses_are_listed_at_the_top() -> None:
    text = written(Report(name="all", about="Everything.", results=(FAST, SLOW, PLAIN)))
    assert "**Bars: 1 of 2 held.** Missed:\n- import: 2,000 posts/CPU-s, bar 3,000\n" in text
    assert "| look up | 100,000 items | 5 CPU-ms | ≤ 50 | held | tortoise 1.2 | 120 | 24× |" in text
    assert "| import |  | 2,000 posts/CPU-s | ≥ 3,000 | **missed** |  |  |  |" in text
    assert "| page |  | 14.2 KB |  |  |  |  |  |" in text
    assert "- import: on battery" in text


def test_nothing_is_listed_where_nothing_is_missed() -> None:
    text = written(Report(name="all", about="Everything.", results=(FAST,), cpu_seconds=1234))
    assert "**Bars: 1 of 1 held.**" in text
    assert "Missed" not in text
    assert "took 1,234 s of CPU" in text


def test_a_benchmark_that_broke_is_said_and_has_no_table() -> None:
    text = written(Report(name="broken", about="It broke.", failure="exit 1: no\nroom"))
    assert "## broken\n\nIt broke.\n\n**Not measured:** exit 1: no room" in text
    assert "| What |" not in text


def test_cells_cannot_break_the_table() -> None:
    text = written(Report(name="odd", about="Odd.", results=(Result(what="a|b\nc", ours=1, unit="x"),)))
    assert "| a\\|b c |" in text


@pytest.mark.parametrize(
    ("ours", "theirs", "more", "ratio"),
    [(2.0, 8.0, False, 4.0), (8.0, 2.0, True, 4.0), (8.0, 2.0, False, 0.25), (1.0, None, False, None)],
)
def test_the_ratio_says_how_many_times_better_ours_is(
    ours: float, theirs: float | None, more: bool, ratio: float | None
) -> None:
    assert Result(what="w", ours=ours, unit="s", theirs=theirs, more_is_better=more).ratio == ratio


@pytest.mark.parametrize(
    ("ours", "bar", "more", "held"),
    [(5, 5, False, True), (6, 5, False, False), (5, 5, True, True), (4, 5, True, False), (4, None, True, None)],
)
def test_a_figure_on_the_bar_holds_it(ours: float, bar: float | None, more: bool, held: bool | None) -> None:
    assert Result(what="w", ours=ours, unit="s", bar=bar, more_is_better=more).held is held


@pytest.mark.parametrize(
    ("value", "text"), [(None, ""), (0.0518, "0.0518"), (5.0, "5"), (99.96, "100"), (123.4, "123"), (35125, "35,125")]
)
def test_figures_are_short(value: float | None, text: str) -> None:
    assert figure(value) == text
