"""The chain breaks wherever anything in it is touched."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from dalil.archive.custody import GENESIS, entry_hash, first_break, stored_object
from dalil.archive.rows import CustodyEntry

IDS = st.lists(st.binary(min_size=32, max_size=32), max_size=6, unique=True)
STORED = "99fc2622d9754e760f851132d894d6bf73a1ba776d64f74c0fdc236968a7e5a0"
FIRST = "997024d7589bf813c9b35d816bef350439a44328374a2f741bcb9e05e0f04c56"
HASHES = st.lists(st.binary(min_size=32, max_size=32).map(bytes.hex), max_size=4, unique=True)


def chain(length: int) -> list[CustodyEntry]:
    entries: list[CustodyEntry] = []
    for seq in range(1, length + 1):
        bare = CustodyEntry(
            seq=seq,
            prev=entries[-1].hash if entries else GENESIS,
            day="2026-05-17",
            circle="blue",
            action="stored",
            object=f"{seq:064x}",
            tool="fake 1",
            reason="",
            hash="",
        )
        entries.append(msgspec.structs.replace(bare, hash=entry_hash(bare)))
    return entries


def test_a_whole_chain_holds_and_so_does_an_empty_one():
    assert first_break([]) is None
    assert first_break(chain(5)) is None


@given(st.integers(0, 4), st.sampled_from(["day", "circle", "action", "object", "tool", "reason", "prev", "hash"]))
def test_any_changed_field_breaks_it_there(place, name):
    entries = chain(5)
    entries[place] = msgspec.structs.replace(entries[place], **{name: "changed"})
    assert first_break(entries) == place + 1


@given(st.integers(0, 3))
def test_a_removed_or_exchanged_entry_breaks_it(place):
    entries = chain(5)
    assert first_break(entries[:place] + entries[place + 1 :]) == place + 1
    entries[place], entries[place + 1] = entries[place + 1], entries[place]
    assert first_break(entries) == place + 1


def test_a_cut_off_end_is_not_seen_and_needs_the_head_kept_elsewhere():
    assert first_break(chain(5)[:3]) is None


def test_a_rehashed_change_breaks_it_at_the_next_entry():
    entries = chain(3)
    forged = msgspec.structs.replace(entries[0], object="f" * 64)
    entries[0] = msgspec.structs.replace(forged, hash=entry_hash(forged))
    assert first_break(entries) == 2


@given(IDS, HASHES, st.randoms())
def test_the_object_does_not_depend_on_order_and_tells_parts_apart(ids, media, chance):
    raw = "ab" * 32
    shuffled, mixed = list(ids), list(media)
    chance.shuffle(shuffled)
    chance.shuffle(mixed)
    whole = stored_object(ids, media, raw)
    assert whole == stored_object(shuffled, mixed, raw)
    assert whole != stored_object(ids, media, None)
    if ids:
        assert whole != stored_object(ids[1:], media, raw)
        assert whole != stored_object(ids[1:], [*media, ids[0].hex()], raw)
    if media:
        assert whole != stored_object(ids, media[1:], raw)


def test_known_answers():
    """Two installations must agree: these digests may never change."""
    assert stored_object([bytes(32)], ["11" * 32], "22" * 32) == STORED
    first = CustodyEntry(
        seq=1,
        prev=GENESIS,
        day="2026-05-17",
        circle="blue",
        action="received",
        object="33" * 32,
        tool="fake 1",
        reason="9 bytes",
        hash="",
    )
    assert entry_hash(first) == FIRST
