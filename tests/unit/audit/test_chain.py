"""The chain's arithmetic: whatever is changed, removed, inserted or reordered shows."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.audit.chain import GENESIS, Link, damages, link_hash, noted_damages, token

DAY = date(2026, 5, 11)


def chain(days: list[int], circle: str = "c") -> list[Link]:
    """A whole chain: for each day (offset) in the list one entry, in that order."""
    links: list[Link] = []
    for number, offset in enumerate(days):
        day = DAY + timedelta(days=offset)
        link = Link(
            circle=circle,
            position=number + 1,
            day=day,
            seq=1 + sum(1 for other in links if other.day == day),
            actor=f"{number:032x}",
            event="claim.logged",
            subject=f"s{number}",
            facts="{}",
            prev=links[-1].hash if links else GENESIS,
        )
        links.append(msgspec.structs.replace(link, hash=link_hash(link)))
    return links


def head(links: list[Link]) -> tuple[int, str]:
    return (links[-1].position, links[-1].hash) if links else (0, GENESIS)


days = st.lists(st.integers(0, 4), min_size=3, max_size=12)


@given(st.lists(st.integers(0, 4), max_size=12))
def test_a_whole_chain_has_no_damage_even_when_the_clock_went_back(offsets: list[int]) -> None:
    links = chain(offsets)
    assert damages("c", links, head(links)) == []


@given(days, st.data())
def test_a_changed_field_shows_at_its_place(offsets: list[int], data: st.DataObject) -> None:
    links = chain(offsets)
    at = data.draw(st.integers(0, len(links) - 1))
    change = data.draw(
        st.sampled_from(
            [
                {"actor": "f" * 32},
                {"event": "claim.settled"},
                {"subject": "other"},
                {"facts": '{"n":1}'},
                {"day": date(2026, 1, 1)},
                {"hash": "0" * 64},
            ]
        )
    )
    end = head(links)
    links[at] = msgspec.structs.replace(links[at], **change)
    assert links[at].position in {damage.position for damage in damages("c", links, end)}


@given(days, st.data())
def test_a_changed_entry_whose_hash_was_made_anew_breaks_the_next_or_the_head(
    offsets: list[int], data: st.DataObject
) -> None:
    links = chain(offsets)
    end = head(links)
    at = data.draw(st.integers(0, len(links) - 1))
    forged = msgspec.structs.replace(links[at], subject="other")
    links[at] = msgspec.structs.replace(forged, hash=link_hash(forged))
    codes = {damage.code for damage in damages("c", links, end)}
    assert codes & {"broken", "head"}


@given(days, st.data())
def test_a_removed_entry_shows(offsets: list[int], data: st.DataObject) -> None:
    links = chain(offsets)
    end = head(links)
    del links[data.draw(st.integers(0, len(links) - 1))]
    assert damages("c", links, end)


@given(days, st.data())
def test_a_removed_day_shows(offsets: list[int], data: st.DataObject) -> None:
    links = chain(sorted(offsets))
    gone = data.draw(st.sampled_from(links)).day
    left = [link for link in links if link.day != gone]
    assert damages("c", left, head(links))


@given(days, st.data())
def test_two_entries_that_changed_places_show(offsets: list[int], data: st.DataObject) -> None:
    links = chain(offsets)
    one = data.draw(st.integers(0, len(links) - 2))
    two = data.draw(st.integers(one + 1, len(links) - 1))
    swapped = list(links)
    swapped[one] = msgspec.structs.replace(links[two], position=links[one].position)
    swapped[two] = msgspec.structs.replace(links[one], position=links[two].position)
    assert damages("c", swapped, head(links))


@given(days, st.data())
def test_an_inserted_entry_shows(offsets: list[int], data: st.DataObject) -> None:
    links = chain(offsets)
    at = data.draw(st.integers(0, len(links) - 1))
    extra = msgspec.structs.replace(links[at], subject="planted")
    links.insert(at, msgspec.structs.replace(extra, hash=link_hash(extra)))
    assert damages("c", links, head(links))


def test_a_cut_off_end_shows_against_the_head_and_against_a_head_noted_elsewhere() -> None:
    links = chain([0, 0, 1, 1])
    cut = links[:2]
    assert [damage.code for damage in damages("c", cut, head(links))] == ["head"]
    # Whoever also moves the head back is found by what somebody wrote down.
    assert damages("c", cut, head(cut)) == []
    hashes = {link.position: link.hash for link in cut}
    assert [damage.code for damage in noted_damages("c", hashes, head(links))] == ["head"]
    assert noted_damages("c", hashes, head(cut)) == []
    assert noted_damages("c", {}, (0, GENESIS)) == []


def test_a_chain_without_a_head_is_damaged_unless_it_is_empty() -> None:
    assert damages("c", [], None) == []
    assert [damage.code for damage in damages("c", chain([0]), None)] == ["head"]


def test_an_entry_of_another_circle_does_not_pass() -> None:
    links = chain([0, 0], circle="other")
    assert {damage.code for damage in damages("c", links, head(links))} == {"changed"}


def test_the_hash_tells_apart_fields_that_only_join_alike() -> None:
    one, two = chain([0])[0], chain([0])[0]
    one = msgspec.structs.replace(one, event="a.b", subject="c")
    two = msgspec.structs.replace(two, event="a.bc", subject="")
    assert link_hash(one) != link_hash(two)


@pytest.mark.parametrize("other", [(b"k" * 32, "n"), (b"x" * 32, "m")])
def test_a_token_depends_on_day_key_and_member(other: tuple[bytes, str]) -> None:
    assert token(b"k" * 32, "m") != token(*other)
    assert len(token(b"k" * 32, "m")) == 32
