"""Raw records read again: the same rows from every real file, hashes never hashed, and accounts that became private."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sources_files
import sources_rows
from hypothesis import given, settings
from hypothesis import strategies as st

from dalil.schema.chunks import PublicAccount
from dalil.schema.identity import canonical_bytes, keyed_hash
from dalil.schema.records import Account, Edge, Metric, Post, Reject
from dalil.schema.words import EdgeType, Kind, MetricBasis, ZoneBasis
from dalil.sources import registry
from dalil.sources.formats.crowdtangle_csv.importer import CrowdTangleCsv
from dalil.sources.formats.hand_capture import writing
from dalil.sources.formats.hand_capture.importer import HandCapture
from dalil.sources.formats.telegram_desktop.importer import TelegramDesktop
from dalil.sources.formats.x_api_v2.importer import XApiV2
from dalil.sources.importer import Record
from dalil.sources.reading import head_of
from dalil.sources.rereading import (
    Held,
    Plainly,
    Reread,
    Rereader,
    decoded,
    held_of,
    in_order,
    is_stand_in,
    mentions_in,
)
from dalil.testing.importers import held_as

KEY = bytes(range(32))
FILES = [path for path in sources_rows.FILES if isinstance(registry.detect(head_of(path)), Rereader)]
"""The real files of the formats that can read their raw records again."""
EMPTY = ("atproto_get_follows.json", "big5.xml", "channel_dc_publisher.xml", "feed_link_rel_self.xml")
"""Real files that hold nothing to read: lists of followers, feeds without entries."""
HASH = "h:" + "0123456789abcdef" * 2
OTHER = "h:" + "f" * 32
AGAIN = Reread(Plainly())


def same(record: Record) -> Record:
    """What a second reading must give: all but the bytes of media, which are not read again, and the locators."""
    return msgspec.structs.replace(record, media=(), locators=())


def read_again(importer: Any, record: Record, again: Reread = AGAIN) -> Record:
    found = importer.reread(record.raw, held_as(record), again)
    assert isinstance(found, Record), found
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_record_of_every_real_file_gives_the_same_again(path: Path) -> None:
    importer: object = registry.detect(head_of(path))
    assert isinstance(importer, Rereader)
    found = sources_files.items(importer, path, public=sources_rows.PUBLIC)
    records = [item for item in found if isinstance(item, Record)]
    assert records or path.name in EMPTY
    for record in records:
        assert read_again(importer, record) == same(record)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_rows_that_are_held_are_enough_to_read_it_again(path: Path) -> None:
    """Through Arrow and back, nulls and all: what the child is given in truth."""
    importer: object = registry.detect(head_of(path))
    assert isinstance(importer, Rereader)
    handed = sources_files.child(path, public=sources_rows.PUBLIC)
    raws = {row["obs_id"]: row["record"] for row in handed.rows("raw")}
    by_id = {name: _by_id(handed.rows(name)) for name in ("posts", "accounts", "edges")}
    records = {item.raw: item for item in _records(importer, path)}
    for row in handed.rows("observations"):
        obs_id = row["obs_id"]
        held = held_of(row, *(by_id[name].get(obs_id, []) for name in ("posts", "accounts", "edges")))
        raw = raws[obs_id]
        found = importer.reread(raw, held, AGAIN)
        assert isinstance(found, Record)
        wanted = same(records[raw])
        assert found.post == wanted.post
        assert found.accounts == wanted.accounts
        assert found.edges == wanted.edges
        assert (found.uid, found.version, found.author_public) == (wanted.uid, wanted.version, wanted.author_public)
        assert found.raw == raw


def _by_id(rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["obs_id"], []).append(row)
    return found


def _records(importer: Any, path: Path) -> Iterator[Record]:
    found = sources_files.items(importer, path, public=sources_rows.PUBLIC)
    return (item for item in found if isinstance(item, Record))


# What passes through, and what does not.


def test_a_hash_is_never_hashed_and_what_is_plain_is_public() -> None:
    privacy = Plainly(KEY)
    assert privacy.stand_in("x", "account", HASH) == HASH
    assert privacy.account("x", HASH).uid == f"x:{HASH}"
    assert not privacy.account("x", HASH).public
    assert privacy.by_handle("x", HASH).native_id == HASH
    assert privacy.mention("x", HASH) == f"@{HASH}"
    assert privacy.mention("x", "name", HASH) == f"@{HASH}"
    assert privacy.post("x", HASH, public=False) == HASH
    assert privacy.account("x", "55").public
    assert privacy.post("x", "1", public=True) == "1"
    assert privacy.mention("x", "SahlaraToday") == "@SahlaraToday"
    assert privacy.take_locators() == ()


def test_an_account_that_became_private_is_hashed_as_an_import_would() -> None:
    privacy = Plainly(KEY, [("x", "55"), ("x", "sahlaratoday")], ["x:700"])
    assert privacy.account("x", "55").native_id == "h:" + keyed_hash(KEY, "x", "account", "55")
    assert privacy.mention("x", "SahlaraToday") == "@h:" + keyed_hash(KEY, "x", "handle", "sahlaratoday")
    assert privacy.post("x", "700", public=True) == "h:" + keyed_hash(KEY, "x", "post", "700")
    assert privacy.post("x", "701", public=True) == "701"
    assert privacy.account("telegram", "55").public, "another platform's account is another account"
    assert len(privacy.take_locators()) == 3


@pytest.mark.parametrize(
    ("value", "is_one"),
    [(HASH, True), (f"x:{HASH}", True), ("h:" + "0" * 31, False), ("x:55", False), (None, False), ("", False)],
)
def test_what_a_stand_in_is(value: str | None, is_one: bool) -> None:
    assert is_stand_in(value) is is_one


def test_mentions_that_redaction_left() -> None:
    assert mentions_in(f"a @{HASH} b @{OTHER}, @{HASH}") == (f"@{HASH}", f"@{OTHER}")
    assert mentions_in(f"x.com/{HASH} @h:123") == ()


def test_counts_come_in_the_order_and_with_the_times_of_what_is_held() -> None:
    was = (Metric("b", 1, sources_files.COLLECTED), Metric("a", 2))
    assert in_order([Metric("a", 5), Metric("c", 7), Metric("b", 6)], was) == (
        Metric("b", 6, sources_files.COLLECTED),
        Metric("a", 5),
        Metric("c", 7),
    )


@pytest.mark.parametrize("raw", [b"", b"[]", b"1", b"{", b"\xff", b"[" * 5000])
def test_what_is_no_raw_record(raw: bytes) -> None:
    with pytest.raises(ValueError, match="no raw record"):
        decoded(raw)


# What raw does not tell is taken over.


def test_a_page_keeps_the_locale_and_the_zone_of_its_file(tmp_path: Path) -> None:
    row = sources_files.ct_row(1) | {"Post Created": "2023-11-13 04:30:36", "Total Interactions": "", "Likes": "1.234"}
    path = sources_files.write_ct(tmp_path / "pages.csv", [row])
    found = sources_files.items(CrowdTangleCsv(), path, options={"zone": "Asia/Baghdad"})
    (record,) = sources_files.records(found, "post")
    assert record.post is not None
    assert record.post.created_zone_basis is ZoneBasis.EXPLICIT
    again = read_again(CrowdTangleCsv(), record)
    assert again == same(record)
    likes = next(metric for metric in record.post.metrics if metric.name == "likes")
    assert (likes.value, likes.basis) == (1234, MetricBasis.LOCALE_GUESS)


def test_an_edited_private_post_keeps_the_time_of_its_first_version(tmp_path: Path) -> None:
    tweet = sources_files.x_tweet(1600000000000000002, 9, "v2", edit_history_tweet_ids=["1600000000000000001", "1600000000000000002"])  # fmt: skip
    path = sources_files.write_lines(tmp_path / "x.jsonl", [sources_files.x_response([tweet], [sources_files.x_user(9, "somebody")])])  # fmt: skip
    (record,) = sources_files.records(sources_files.items(XApiV2(), path), "post")
    assert record.post is not None
    assert record.post.edited_at is not None
    assert read_again(XApiV2(), record) == same(record)


def test_a_forward_stays_a_forward_and_an_answer_an_answer(tmp_path: Path) -> None:
    chat = sources_files.tg_chat(
        [
            sources_files.tg_message(1, "first"),
            sources_files.tg_message(2, ["see ", {"type": "mention", "text": "@hidden_one"}], reply_to_message_id=1),
            sources_files.tg_message(3, "forwarded", forwarded_from="hidden person"),
        ]
    )
    path = sources_files.write_json(tmp_path / "result.json", chat)
    records = sources_files.records(sources_files.items(TelegramDesktop(), path))
    kinds = [record.kind for record in records]
    assert kinds == [Kind.ACCOUNT, Kind.POST, Kind.POST, Kind.REPOST]
    for record in records:
        assert read_again(TelegramDesktop(), record) == same(record)
    assert records[2].edges[0].type is EdgeType.REPLY


# Accounts that became private.


def gone(platform: str, *names: str, posts: tuple[str, ...] = ()) -> Reread:
    return Reread(Plainly(KEY, [(platform, name) for name in names], posts))


def test_a_post_of_x_becomes_what_an_import_would_have_made_of_it(tmp_path: Path) -> None:
    """With the account private from the start: the same record, byte for byte, so that it is known again."""
    text = "See https://x.com/SahlaraToday/status/700 and @SahlaraToday"
    tweet = sources_files.x_tweet(700, 55, text, entities={"mentions": [sources_files.x_mention(text, "SahlaraToday", 55)]})  # fmt: skip
    path = sources_files.write_lines(tmp_path / "x.jsonl", [sources_files.x_response([tweet], [sources_files.x_user(55, "SahlaraToday")])])  # fmt: skip
    public = sources_files.items(XApiV2(), path, public=[PublicAccount("x", native_id="55", handle="SahlaraToday")])
    private = sources_files.items(XApiV2(), path)
    again = gone("x", "55", "sahlaratoday", posts=("x:700",))
    for was, wanted in zip(sources_files.records(public, "post"), sources_files.records(private, "post"), strict=True):
        found = read_again(XApiV2(), was, again)
        assert found.uid == wanted.uid
        assert found.author_ref == wanted.author_ref
        assert found.post is not None
        assert found.post.uri is None
        shown = msgspec.json.encode(msgspec.structs.replace(found, locators=()))
        assert b"SahlaraToday" not in shown
        assert b"SahlaraToday" not in found.raw


def test_a_capture_loses_the_name_the_address_and_the_id(tmp_path: Path) -> None:
    folder = writing.make(
        tmp_path / "c", platform="facebook", seen_at=sources_files.COLLECTED, text="Open, says facebook.com/dalya.today",
        page_name="Dalya Today", account_kind="page", address="https://www.facebook.com/dalya.today/posts/777",
    )  # fmt: skip
    (record,) = sources_files.records(sources_files.items(HandCapture(), next(folder.glob("*.jsonl"))), "post")
    assert record.author_public
    found = read_again(HandCapture(), record, gone("facebook", "dalya.today", posts=(record.uid,)))
    shown = msgspec.json.encode(msgspec.structs.replace(found, locators=())) + found.raw
    for secret in (b"dalya.today", b"Dalya Today", b"777"):
        assert secret not in shown, secret
    assert is_stand_in(found.uid)
    assert is_stand_in(found.author_ref)
    assert not found.author_public
    assert found.accounts[0].display_name is None
    assert dict(found.locators)


# Whatever the bytes are.

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
IMPORTERS = (CrowdTangleCsv(), HandCapture(), TelegramDesktop(), XApiV2())
ROOTS = ("tweet", "user", "error", "media", "capture", "row", "account", "uid", "chat", "id", "text", "edges", "spans")


def some_held() -> Held:
    post = Post(uid="x:1", platform="x", native_id="1", author_ref="x:2")
    account = Account(uid="x:2", platform="x", native_id="2")
    edge = Edge(src_uid="x:1", dst_uid="x:3", type=EdgeType.REPLY)
    return Held(kind=Kind.POST, uid="x:1", version="v", post=post, accounts=(account,), edges=(edge,), author_ref="x:2")


@pytest.mark.parametrize("importer", IMPORTERS, ids=lambda item: item.manifest.name)
@given(value=st.dictionaries(st.sampled_from(ROOTS), JSON, max_size=5) | JSON)
@settings(max_examples=150, deadline=None)
def test_a_record_of_any_shape_is_read_or_rejected(importer: Any, value: Any) -> None:
    assert isinstance(importer.reread(json.dumps(value).encode(), some_held(), AGAIN), Record | Reject)


@pytest.mark.parametrize("importer", IMPORTERS, ids=lambda item: item.manifest.name)
@given(raw=st.binary(max_size=60))
@settings(max_examples=60, deadline=None)
def test_bytes_of_any_kind_are_a_reject(importer: Any, raw: bytes) -> None:
    assert isinstance(importer.reread(raw, some_held(), AGAIN), Record | Reject)


@given(at=st.integers(0, 10_000), byte=st.integers(0, 255))
@settings(max_examples=150, deadline=None)
def test_a_true_record_with_a_byte_changed(at: int, byte: int) -> None:
    path = sources_rows.FILES[0]
    importer: Any = registry.detect(head_of(path))
    record = next(item for item in _records(importer, path))
    raw = bytearray(record.raw)
    raw[at % len(raw)] = byte
    assert isinstance(importer.reread(bytes(raw), held_as(record), AGAIN), Record | Reject)


def test_a_raw_record_is_what_canonical_bytes_make() -> None:
    assert decoded(canonical_bytes({"b": 1, "a": [HASH]})) == {"b": 1, "a": [HASH]}


# One reading after the other.


@pytest.mark.parametrize("path", sources_rows.FILES[:3], ids=lambda path: path.name)
def test_a_third_reading_gives_what_the_second_gave(path: Path) -> None:
    importer: Any = registry.detect(head_of(path))
    for record in _records(importer, path):
        second = read_again(importer, record)
        assert read_again(importer, second) == second


def test_reading_again_with_an_account_gone_is_done_once(tmp_path: Path) -> None:
    """The record that came of it names it no more: a job that is repeated finds nothing to do."""
    tweet = sources_files.x_tweet(700, 55, "The bridge stands. @SahlaraToday")
    response = sources_files.x_response([tweet], [sources_files.x_user(55, "SahlaraToday")])
    path = sources_files.write_lines(tmp_path / "x.jsonl", [response])
    public = [PublicAccount("x", native_id="55", handle="SahlaraToday")]
    again = gone("x", "55", "sahlaratoday", posts=("x:700",))
    for record in sources_files.records(sources_files.items(XApiV2(), path, public=public)):
        first = read_again(XApiV2(), record, again)
        second = read_again(XApiV2(), first, again)
        assert second.raw == first.raw != record.raw
        assert (second.uid, second.author_ref) == (first.uid, first.author_ref)


def test_mentions_of_it_in_a_pages_text_are_hashed_and_the_page_stays(tmp_path: Path) -> None:
    path = sources_files.write_ct(tmp_path / "pages.csv", [sources_files.ct_row(1, Message="Thanks to @dalya.today")])
    public = [PublicAccount("facebook", handle="dalya.today")]
    (record,) = sources_files.records(sources_files.items(CrowdTangleCsv(), path, public=public), "post")
    assert "@dalya.today" in record.signal_text
    found = read_again(CrowdTangleCsv(), record, gone("facebook", "dalya.today"))
    assert "dalya.today" not in found.signal_text + found.raw.decode()
    assert found.author_ref == record.author_ref
    assert found.post is not None
    assert found.post.mentions == ("@h:" + keyed_hash(KEY, "facebook", "handle", "dalya.today"),)


@pytest.mark.parametrize("change", [{"name": "Other"}, {"name": None}, {"name": 7}, {}])
def test_a_chats_name_is_read_from_its_record(tmp_path: Path, change: dict[str, Any]) -> None:
    path = sources_files.write_json(tmp_path / "r.json", sources_files.tg_chat([sources_files.tg_message(1, "a")]))
    (record,) = sources_files.records(sources_files.items(TelegramDesktop(), path), "account")
    chat = {**json.loads(record.raw)["chat"], **change}
    found = TelegramDesktop().reread(canonical_bytes({"chat": chat}), held_as(record), AGAIN)
    if chat["name"] in (None, 7):
        assert isinstance(found, Reject)
    else:
        assert isinstance(found, Record)
        assert found.accounts[0].display_name == chat["name"]
