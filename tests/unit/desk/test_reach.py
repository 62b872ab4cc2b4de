"""Reach and the crossing of the threshold, against a slow oracle."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from dalil.desk.reach import Sighted, crossings, reach, threshold
from dalil.schema.casework import Cell, PanelSource, PanelVersion
from dalil.schema.words import MakerClass, ReportCode

NOW = datetime(2026, 5, 17, 11, 20, tzinfo=UTC)
CELLS = [Cell("telegram", "ar", "sahlara"), Cell("x", "en", "sahlara")]
SOURCES = [f"telegram:{n}" for n in range(6)]

sightings = st.builds(
    Sighted,
    cell=st.sampled_from(CELLS),
    source_uid=st.sampled_from(SOURCES),
    at=st.integers(0, 300).map(lambda minutes: NOW + timedelta(minutes=minutes)),
    code=st.sampled_from(ReportCode),
    views=st.one_of(st.none(), st.integers(0, 1000)),
)


@st.composite
def panels(draw):
    pairs = draw(st.lists(st.tuples(st.sampled_from(SOURCES), st.sampled_from(CELLS)), unique=True))
    sources = tuple(PanelSource(source_uid=uid, cell=cell, maker_class=MakerClass.GROUP) for uid, cell in pairs)
    thresholds = draw(st.dictionaries(st.sampled_from([str(cell) for cell in CELLS]), st.integers(1, 4)))
    return PanelVersion(version=1, quarter="2026-Q2", sources=sources, thresholds=thresholds)


def slow(rows, panel):
    """Walk through time minute by minute and count."""
    found = {}
    for cell in CELLS:
        allowed = {source.source_uid for source in panel.sources if source.cell == cell}
        for minute in range(301):
            at = NOW + timedelta(minutes=minute)
            seen = {r.source_uid for r in rows if r.cell == cell and r.at <= at and r.source_uid in allowed}
            if len(seen) >= threshold(panel, cell):
                found[cell] = at
                break
    return found


@given(st.lists(sightings, max_size=25), panels())
def test_crossings_equal_a_walk_through_time(rows, panel):
    carried = [row for row in rows if row.code is ReportCode.CARRIES]
    assert crossings(carried, panel) == slow(carried, panel)
    assert reach(rows, panel).crossed_at == min(slow(carried, panel).values(), default=None)


@given(st.lists(sightings, max_size=25), panels(), sightings)
def test_one_more_post_never_delays_a_crossing(rows, panel, more):
    before, after = reach(rows, panel), reach([*rows, more], panel)
    assert before.crossed_at is None or after.crossed_at <= before.crossed_at
    assert after.sightings >= before.sightings


@given(st.lists(sightings, max_size=25))
def test_reach_sums_what_spreads_and_starts_with_the_first_carry(rows):
    found = reach(rows, None)
    spread = [r.views for r in rows if r.views is not None and r.code in (ReportCode.CARRIES, ReportCode.CONFIRMS)]
    assert found.views == (sum(spread) if spread else None)
    assert found.t0 == min((r.at for r in rows if r.code is ReportCode.CARRIES), default=None)
    assert found.crossed_at is None
    assert set(found.cells) == {row.cell for row in rows}


def test_one_source_posting_often_is_one_source():
    panel = PanelVersion(
        version=1,
        quarter="2026-Q2",
        sources=tuple(PanelSource(source_uid=s, cell=CELLS[0], maker_class=MakerClass.GROUP) for s in SOURCES),
    )
    often = [Sighted(CELLS[0], SOURCES[0], NOW, ReportCode.CARRIES, None)] * 9
    assert crossings(often, panel) == {}
    assert threshold(panel, CELLS[0]) == 3
