"""The claims' plots: all types and makers, and nothing so near an edge that a definition's wording decides."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from dalil.sample.clock import NOW, START, WEEK_START, hours
from dalil.sample.dice import dice
from dalil.sample.plots import _plot, plots
from dalil.schema.words import ClaimType, ClaimVerdict, MakerClass, MediaFindingKind

SEEDS = (7, 11, 2026)
MOVING = (ClaimType.VICTORY, ClaimType.WITHDRAWAL, ClaimType.CAPTURE)


def test_there_are_sixty_of_all_types_makers_verdicts_and_media_findings() -> None:
    found = plots(7)
    assert len(found) == len({p.key for p in found}) == 60
    assert {p.claim_type for p in found} == set(ClaimType)
    assert {p.maker for p in found} == set(MakerClass)
    assert {p.verdict for p in found} == set(ClaimVerdict)
    assert {p.media for p in found} == {*MediaFindingKind, None}
    assert len({p.sentence("en") for p in found}) == 60


def test_the_stories_that_the_sample_must_hold_are_there() -> None:
    kinds = Counter((p.verdict.value, p.media.value if p.media else "", p.maker.value) for p in plots(7))
    assert kinds["true", "recycled", "group"]
    assert kinds["false", "recycled", "group"]
    assert kinds["false", "altered", "group"]
    assert kinds["false", "impersonated", "supporter"]
    assert sum(n for (verdict, _, maker), n in kinds.items() if verdict == "false" and maker in ("state", "ally")) >= 4


@pytest.mark.parametrize("seed", SEEDS)
def test_no_time_is_near_an_edge_of_the_measures(seed: int) -> None:
    windows = (NOW - timedelta(days=28), WEEK_START - timedelta(days=21))
    for plot in plots(seed):
        assert START <= plot.start < NOW
        for cell in plot.cells:
            assert all(abs(cell.t0 - edge) > hours(9) for edge in windows)
            if cell.crossed is not None:
                mark = cell.crossed + hours(24)
                assert abs(mark - WEEK_START) > hours(0.25)
                assert not NOW - hours(1) < mark < WEEK_START + timedelta(days=7)
                for moment in (cell.second, cell.answered, cell.qualified):
                    assert moment is None or abs(moment - mark) > hours(0.2)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_happens_in_a_cell_is_in_order(seed: int) -> None:
    for plot in plots(seed):
        for cell in plot.cells:
            later = [m for m in (cell.crossed, cell.second, cell.answered, cell.qualified) if m is not None]
            assert all(cell.t0 < moment < NOW for moment in later)
            assert (cell.second is None) == (cell.second_by == "")
            if cell.second is not None:
                assert MakerClass(cell.second_by).bloc != plot.maker.bloc


def test_threats_are_answered_and_three_claims_stay_open() -> None:
    found = plots(7)
    assert all(any(c.answered for c in p.cells) for p in found if p.claim_type is ClaimType.THREAT)
    assert [p.key for p in found if p.open_end] == ["c58", "c59", "c60"]
    assert sum(p.claim_type in MOVING and p.start > NOW - timedelta(days=28) for p in found) >= 10


def test_a_claim_is_worded_as_a_claim() -> None:
    by_key = {p.key: p for p in plots(7)}
    assert by_key["c45"].sentence("en") == "The Grey Column says it holds the bridge at Tel Nahr"
    assert by_key["c45"].sentence("ar") == "يقول الرتل الرمادي إنه يسيطر على جسر تل نهر"
    assert by_key["c48"].sentence("en").startswith("The provincial office says patrols of the provincial guard")
    for plot in by_key.values():
        assert all(word not in plot.sentence("en") for word in ("{", "}"))


@pytest.mark.parametrize(
    "row",
    [
        "c99 holds",
        "c99 holds fort group false - 2026-03-23T10:20 zz +0",
        "c99 holds fort group false - 2026-03-23T10:20 xa 0",
    ],
)
def test_a_line_that_cannot_be_read_is_refused(row: str) -> None:
    with pytest.raises(ValueError, match=r"claims\.txt"):
        _plot(row, dice(1, "x"))
