"""What the desk hands to the measures: cells as keys and in order, thresholds found by them, days without a zone."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit.schema.strategies import of, tries

from dalil.schema.casework import Cell, PanelCapture, PanelSource, PanelVersion
from dalil.schema.words import CaptureState, MakerClass

PARTS = st.text(st.characters(exclude_characters=":", exclude_categories=["Cs"]), max_size=4)
REGIONS = st.text(st.characters(exclude_categories=["Cs"]), max_size=4) | st.sampled_from([":", "a:b", "شمال"])
CELLS = st.builds(Cell, PARTS, PARTS, REGIONS)
TEL_NAHR = Cell("facebook", "ckb", "sahlara")


def test_a_cell_is_read_as_platform_language_region() -> None:
    assert str(TEL_NAHR) == "facebook:ckb:sahlara"


@given(CELLS, CELLS)
@tries(200)
def test_two_cells_never_share_a_text(one: Cell, other: Cell) -> None:
    """Thresholds are kept by it. A region may hold a colon, because it stands last; platforms and languages hold none."""
    assert (str(one) == str(other)) == (one == other)


@given(st.lists(CELLS, max_size=8), st.randoms(use_true_random=False))
@tries(50)
def test_cells_have_one_order_platform_first(cells: list[Cell], chance: object) -> None:
    """Pages and results list them the same whoever computed them."""
    by_hand = sorted(cells, key=lambda cell: (cell.platform, cell.language, cell.region))
    mixed = [cells[place] for place in sorted(range(len(cells)), key=lambda _: chance.random())]  # type: ignore[attr-defined]
    assert sorted(mixed) == by_hand


@given(of(PanelVersion), CELLS)
@tries(50)
def test_a_threshold_is_found_by_its_cell_after_it_was_kept(panel: PanelVersion, cell: Cell) -> None:
    with_one = msgspec.structs.replace(panel, thresholds={**panel.thresholds, str(cell): 5})
    read = msgspec.json.decode(msgspec.json.encode(with_one), type=PanelVersion)
    assert read.thresholds[str(Cell(cell.platform, cell.language, cell.region))] == 5
    assert read.thresholds.get(str(Cell("no", "such", "cell"))) is None


def test_one_source_may_stand_in_two_cells() -> None:
    """A page that writes Arabic and Sorani is followed in both; a version is made of rows, not of a map by source."""
    sources = tuple(
        PanelSource(source_uid="facebook:1", cell=cell, maker_class=MakerClass.INDEPENDENT)
        for cell in (TEL_NAHR, Cell("facebook", "ar", "sahlara"))
    )
    assert len(set(sources)) == 2
    assert msgspec.json.decode(msgspec.json.encode(sources), type=tuple[PanelSource, ...]) == sources


@pytest.mark.parametrize("day", ["2026-05-17T00:00:00Z", "2026-05-17 00:00", "17.05.2026", "2026-13-01", 20260517])
def test_a_capture_is_of_a_day_and_nothing_finer(day: object) -> None:
    """A time would need a zone, and a day begins elsewhere in each; the workspace has one for all its days."""
    row = {"source_uid": "facebook:1", "state": "complete"}
    assert msgspec.convert(row | {"day": "2026-05-17"}, PanelCapture) == PanelCapture(
        "facebook:1", date(2026, 5, 17), CaptureState.COMPLETE
    )
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(row | {"day": day}, PanelCapture)
