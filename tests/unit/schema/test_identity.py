"""Ids: against a slow oracle and another tool's answers, the same everywhere, and never two things with one id."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from unit.schema.strategies import AWKWARD, tries

from dalil.schema import identity
from dalil.schema.identity import Mac, canonical_bytes, content_version, keyed_hash, observation_id, relinked

KEY = bytes(range(32))
KEYS = st.binary(min_size=32, max_size=32)
PIECES = st.sampled_from(["", "\0", "\\", "\\0", "x", "\0x", "post", "account", "\ufffd", "\xff"])
NAMES = st.lists(PIECES, max_size=3).map("".join)
ANYTHING = st.lists(PIECES | st.sampled_from(["\ud800", "\udfff", "😀"]), max_size=3).map("".join)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(1 << 63), (1 << 64) - 1)
    | st.sampled_from(AWKWARD)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
)
RECORDS = st.dictionaries(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
    st.recursive(
        SCALARS,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(AWKWARD), inner, max_size=3),
        max_leaves=8,
    ),
    max_size=4,
)


def slow_mac(key: bytes, message: bytes) -> str:
    """HMAC as RFC 2104 writes it, for a key of at most one block."""
    block = key.ljust(64, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block) + message).digest()
    return hashlib.sha256(bytes(byte ^ 0x5C for byte in block) + inner).hexdigest()


@given(KEYS, st.binary(max_size=130), st.lists(st.binary(max_size=130), max_size=3))
def test_one_mac_serves_many_messages_that_begin_alike(key: bytes, beginning: bytes, rests: list[bytes]) -> None:
    mac = Mac(key, beginning)
    for rest in (*rests, *rests):
        assert mac.of(rest) == hmac.digest(key, beginning + rest, "sha256")
        assert mac.of(rest).hex() == slow_mac(key, beginning + rest)


def shuffled(value: Any, chance: random.Random) -> Any:
    """The same JSON value, its keys put in at random."""
    if isinstance(value, list):
        return [shuffled(item, chance) for item in value]
    if isinstance(value, dict):
        return {key: shuffled(value[key], chance) for key in chance.sample(list(value), len(value))}
    return value


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (
            observation_id(KEY, "x-api-v2", b'{"id":"1"}'),
            "26e2514509d9c838ebc2bed3f516223829bcee33b2f965f477bed0f97c382f1e",
        ),
        (observation_id(KEY, "x-api-v2", b""), "37a5753db80d1cc6401a1bf5d7eb5f01948b88549f5fd852c2f8a2ea133f3ea2"),
        (keyed_hash(KEY, "x", "account", "1494031694"), "c302e21515a1b72acbe343fb9bf45548"),
        (keyed_hash(KEY, "telegram", "post", "نصر"), "01f9c170d2d5fcc3a7523c481748750f"),
        (content_version("text", None, "live"), "2cb2ba59cb5c3f366a46b12d5d2f5e98"),
        (content_version(), "e3b0c44298fc1c149afbf4c8996fb924"),
    ],
)
def test_ids_are_what_openssl_and_sha256sum_make_of_the_same_bytes(found: str, expected: str) -> None:
    """A change here would orphan every archive: the same post would come in again as another one."""
    assert found == expected


@given(KEYS, NAMES, st.binary(max_size=80))
@tries(100)
def test_an_observations_id_is_the_mac_of_format_and_record(key: bytes, name: str, record: bytes) -> None:
    assume("\0" not in name and "\\" not in name)
    assert observation_id(key, name, record) == slow_mac(key, name.encode() + b"\0" + record)


@given(KEYS, NAMES, NAMES, ANYTHING)
@tries(100)
def test_a_stand_in_is_half_the_mac_of_platform_scheme_and_value(
    key: bytes, platform: str, scheme: str, value: str
) -> None:
    assume(not {"\0", "\\"} & set(platform + scheme))
    message = f"{platform}\0{scheme}\0{value}".encode("utf-8", "surrogatepass")
    assert keyed_hash(key, platform, scheme, value) == slow_mac(key, message)[:32]


@given(st.tuples(NAMES, st.binary(max_size=4)), st.tuples(NAMES, st.binary(max_size=4)))
@example(("x\0y", b"z"), ("x", b"y\0z"))
@example(("x\\0", b""), ("x\0", b""))
@tries(200)
def test_two_formats_or_records_never_share_an_id(one: tuple[str, bytes], other: tuple[str, bytes]) -> None:
    assert (observation_id(KEY, *one) == observation_id(KEY, *other)) == (one == other)


@given(st.tuples(NAMES, NAMES, ANYTHING), st.tuples(NAMES, NAMES, ANYTHING))
@example(("x\0post", "account", "v"), ("x", "post", "account\0v"))
@example(("x", "account\0", "v"), ("x\0account", "", "v"))
@tries(300)
def test_two_persons_never_share_a_stand_in(one: tuple[str, str, str], other: tuple[str, str, str]) -> None:
    """Whatever stands in a platform's name or a value: no piece can move from one part to the next."""
    assert (keyed_hash(KEY, *one) == keyed_hash(KEY, *other)) == (one == other)


@given(st.lists(st.none() | ANYTHING, max_size=4), st.lists(st.none() | ANYTHING, max_size=4))
@example([None], [""])
@example([None], ["\xff"])
@example(["ab", "c"], ["a", "bc"])
@example(["a", None], ["a"])
@example([], [""])
@tries(300)
def test_two_contents_never_share_a_version(one: list[str | None], other: list[str | None]) -> None:
    assert (content_version(*one) == content_version(*other)) == (one == other)


@given(st.binary(min_size=1, max_size=60), st.data())
@tries(100)
def test_any_changed_bit_of_record_or_key_changes_the_id(record: bytes, data: st.DataObject) -> None:
    def flipped(source: bytes) -> bytes:
        place = data.draw(st.integers(0, len(source) * 8 - 1))
        return bytes(byte ^ (1 << place % 8 if at == place // 8 else 0) for at, byte in enumerate(source))

    found = observation_id(KEY, "x-api-v2", record)
    assert found != observation_id(KEY, "x-api-v2", flipped(record))
    assert found != observation_id(flipped(KEY), "x-api-v2", record)
    assert keyed_hash(KEY, "x", "post", "1") != keyed_hash(flipped(KEY), "x", "post", "1")


@pytest.mark.parametrize("key", [b"", b"k" * 16, bytes(31), bytes(33), bytes(65)])
@pytest.mark.parametrize(
    "make", [lambda key: observation_id(key, "x", b"{}"), lambda key: keyed_hash(key, "x", "post", "1")]
)
def test_a_key_of_another_length_is_refused(make: Callable[[bytes], str], key: bytes) -> None:
    """An empty key would give ids that anybody can make, and HMAC takes a short one for itself with zeros."""
    with pytest.raises(ValueError, match="32 bytes"):
        make(key)


@given(RECORDS, st.randoms(use_true_random=False))
@tries(150)
def test_the_order_of_keys_does_not_enter_the_bytes(record: dict[str, Any], chance: random.Random) -> None:
    assert canonical_bytes(shuffled(record, chance)) == canonical_bytes(record)


@given(RECORDS)
@tries(150)
def test_canonical_bytes_are_sorted_compact_json(record: dict[str, Any]) -> None:
    """As the standard library writes it, control characters and all; floats are left out, which it spells otherwise."""
    found = canonical_bytes(record)
    assert json.loads(found) == record
    assert found.decode() == json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": 1}, {"a": True}),
        ({"a": 1}, {"a": 1.0}),
        ({"a": 0}, {"a": None}),
        ({"a": None}, {}),
        ({"a": "1"}, {"a": 1}),
        ({"a": [1, 2]}, {"a": [2, 1]}),
        ({"a": "é"}, {"a": "e\u0301"}),
    ],
)
def test_near_records_differ(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert canonical_bytes(one) != canonical_bytes(other)


def test_what_json_cannot_say_is_refused_and_not_altered() -> None:
    for record in ({"a": "\ud800"}, {1: "a number as a key"}, {"a": object()}):
        with pytest.raises((UnicodeEncodeError, TypeError)):
            canonical_bytes(record)


def test_another_process_with_another_hash_seed_makes_the_same_ids() -> None:
    program = (
        "import sys; from dalil.schema.identity import canonical_bytes, observation_id\n"
        "record = canonical_bytes({'b': {'y', 'x', 'z'}, 'a': {'نصر': 1, 'k': [None]}})\n"
        "print(observation_id(bytes(range(32)), 'x-api-v2', record))"
    )
    found = set()
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(identity.__file__).parents[2])}
        found.add(
            subprocess.run(
                [sys.executable, "-c", program], env=environment, capture_output=True, check=True
            ).stdout.strip()
        )
    record = canonical_bytes({"a": {"k": [None], "نصر": 1}, "b": ["x", "y", "z"]})
    assert found == {slow_mac(KEY, b"x-api-v2\0" + record).encode()}


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32), st.text())
def test_a_key_of_links_gives_what_was_hashed_before_hashed_once_more(first: bytes, link: bytes, value: str) -> None:
    """So that a person who is imported after a change of the key gets the stand-in that is held of them."""
    held = keyed_hash(first, "x", "account", value)
    assert keyed_hash(first + link, "x", "account", value) == relinked(link, held)
    assert relinked(link, held) != held
