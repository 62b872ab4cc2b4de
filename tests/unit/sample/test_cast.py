"""600 accounts that can be nobody's."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from dalil.sample.cast import CELL_NAMES, cast, cell
from dalil.sample.world import named, read_words, world
from dalil.schema.words import MakerClass


def test_there_are_six_hundred_accounts_on_three_platforms() -> None:
    people = cast(7)
    assert len(people.accounts) == 600
    assert Counter(a.platform for a in people.accounts).keys() == {"x", "facebook", "telegram"}
    assert len({(a.platform, a.native_id) for a in people.accounts}) == 600
    assert len({(a.platform, a.handle.casefold()) for a in people.accounts}) == 600


def test_ids_lie_where_the_platforms_have_never_given_any() -> None:
    ranges = {"x": (9 * 10**11, 10**12), "facebook": (9 * 10**14, 10**15), "telegram": (79 * 10**8, 85 * 10**8)}
    for account in cast(7).accounts:
        low, high = ranges[account.platform]
        assert low <= int(account.native_id) < high
        assert not account.native_id.endswith("0" * 12)
    assert ranges["telegram"][1] < 2**33


def test_handles_are_well_formed() -> None:
    for account in cast(11).accounts:
        if account.platform == "x":
            assert re.fullmatch(r"\w{4,15}", account.handle, re.ASCII), account.handle
        if account.platform == "telegram":
            assert re.fullmatch(r"\w{5,32}", account.handle, re.ASCII), account.handle


def test_every_cell_has_a_source_of_every_class() -> None:
    people = cast(7)
    assert 38 <= len(people.part("panel")) <= 44
    for name in CELL_NAMES:
        found = {a.maker_class for a in people.part("panel", "ours") if a.cell_name == name}
        assert found == {item.value for item in MakerClass}
        assert cell(name).region == "sahlara"
        assert people.source(name, "ours").maker_class == "independent"
    with pytest.raises(KeyError):
        people.source("xa", "nobody")


def test_seeds_give_other_ids() -> None:
    assert {a.native_id for a in cast(1).accounts}.isdisjoint({a.native_id for a in cast(2).accounts[:50]})


def test_each_name_is_there_in_all_languages() -> None:
    land = world()
    for thing in (*land.towns, *land.places.values(), *land.organisations, *land.sides.values(), land.ours):
        assert all(named(thing, language) for language in ("ar", "ckb", "en"))
    assert not re.search(r"https?://", read_words("world.json"))
