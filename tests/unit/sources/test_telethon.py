"""Telethon dumps: whose messages may be read, edits that are none, edges, albums, offsets in UTF-16, no session."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sources_files
from hypothesis import given, settings
from hypothesis import strategies as st

from dalil.errors import InputError
from dalil.schema.chunks import PublicAccount
from dalil.schema.identity import observation_id
from dalil.schema.records import Metric, Post, Span
from dalil.schema.words import AccountType, EdgeType, IdQuality, State, Visibility, ZoneBasis
from dalil.sources.formats.telethon.albums import MOST, WINDOW, Albums
from dalil.sources.formats.telethon.importer import Telethon
from dalil.sources.formats.telethon.shapes import Message
from dalil.sources.importer import Ignored, Item, Limits, Quarantined, Record
from dalil.sources.reading import head_of
from dalil.sources.telegram.texts import code_points
from dalil.testing.importers import check_record

CHANNEL = "telegram:1494031694"
HERE = Path(__file__).resolve().parents[2] / "golden" / "sources" / "telethon"


def read(tmp_path: Path, *values: object, **more: Any) -> list[Item]:
    return sources_files.items(Telethon(), sources_files.write_lines(tmp_path / "d.jsonl", values), **more)


def dump(tmp_path: Path, *messages: object, **more: Any) -> list[Record]:
    """The primary records of a dump that describes its channel."""
    found = read(tmp_path, sources_files.tl_channel(), *messages, **more)
    return sources_files.records(found, included=False)


def one(tmp_path: Path, **fields: Any) -> tuple[Record, Post]:
    [record] = dump(tmp_path, sources_files.tl_message(12, **fields))
    assert record.post is not None
    return record, record.post


def test_a_channel_post(tmp_path: Path) -> None:
    record, post = one(tmp_path, message="The bridge stands. #bridge", views=7, forwards=None)
    assert post.uid == record.uid == f"{CHANNEL}/12"
    assert post.uri == "https://t.me/sahlara_news/12"
    assert post.author_ref == post.container_ref == CHANNEL
    assert record.author_public
    assert post.visibility is Visibility.PUBLIC
    assert post.created_at == post.server_indexed_at == datetime(2026, 5, 11, 15, 34, 16, tzinfo=UTC)
    assert post.created_zone_basis is ZoneBasis.EXPLICIT
    assert post.hashtags == ("bridge",)
    assert post.metrics == (Metric("views", 7), Metric("forwards", None))


@pytest.mark.parametrize(
    ("written", "basis", "hour"),
    [
        ("2026-05-11T15:34:16+00:00", ZoneBasis.EXPLICIT, 15),
        ("2026-05-11 15:34:16+00:00", ZoneBasis.EXPLICIT, 15),
        ("2026-05-11T18:34:16+03:00", ZoneBasis.EXPLICIT, 15),
        ("2026-05-11 15:34:16", ZoneBasis.UNKNOWN, 15),
        (1778513656, ZoneBasis.EPOCH, 15),
        (1778513656.0, ZoneBasis.EPOCH, 15),
    ],
)
def test_dates_as_dumps_write_them(tmp_path: Path, written: object, basis: ZoneBasis, hour: int) -> None:
    record, post = one(tmp_path, date=written)
    assert post.created_at == datetime(2026, 5, 11, hour, 34, 16, tzinfo=UTC)
    assert post.created_zone_basis is basis
    assert bool(record.warnings) == (basis is ZoneBasis.UNKNOWN)


def test_a_date_that_is_none(tmp_path: Path) -> None:
    record, post = one(tmp_path, date="soon")
    assert post.created_at is None
    assert [warning.code for warning in record.warnings] == ["time-unreadable"]


def test_a_hidden_edit_is_no_edit_of_the_text(tmp_path: Path) -> None:
    edit = {"edit_date": "2026-05-11T16:00:00+00:00"}
    _, post = one(tmp_path, **edit)
    assert (post.state, post.edited_at) == (State.EDITED, datetime(2026, 5, 11, 16, tzinfo=UTC))
    _, post = one(tmp_path, **edit, edit_hide=True)
    assert (post.state, post.edited_at) == (State.LIVE, None)


def test_an_edit_is_another_version_of_one_post(tmp_path: Path) -> None:
    before, _ = one(tmp_path, message="old words")
    after, _ = one(tmp_path, message="new words", edit_date="2026-05-11T16:00:00+00:00")
    assert before.uid == after.uid
    assert before.version != after.version


# Who may be read


@pytest.mark.parametrize(
    "peer",
    [{"_": "PeerUser", "user_id": 9007}, {"_": "PeerChat", "chat_id": 55}, None, {"_": "PeerChannel"}, 9007, -55],
)
def test_what_is_no_channel_is_counted_and_not_read(tmp_path: Path, peer: object) -> None:
    found = read(tmp_path, sources_files.tl_message(1, peer_id=peer))
    assert found == [Quarantined("not-public")]


def test_a_channel_without_a_public_name_is_not_read(tmp_path: Path) -> None:
    closed = sources_files.tl_channel(username=None)
    assert read(tmp_path, closed, sources_files.tl_message(1)) == [Quarantined("not-public")]
    listed = PublicAccount(platform="telegram", native_id="1494031694")
    found = read(tmp_path, closed, sources_files.tl_message(1), public=[listed])
    assert [record.uid for record in sources_files.records(found, "post")] == [f"{CHANNEL}/1"]


def test_a_channel_that_nothing_is_said_of_is_read_under_hashes(tmp_path: Path) -> None:
    found = read(tmp_path, sources_files.tl_message(12, message="words"))
    [record] = sources_files.records(found)
    assert record.post is not None
    assert record.uid.startswith("telegram:h:")
    assert record.post.visibility is Visibility.UNKNOWN
    assert (record.post.uri, record.post.id_quality, record.author_public) == (None, IdQuality.HASHED, False)
    assert record.post.container_ref == record.author_ref
    assert b"1494031694" not in record.raw
    known = PublicAccount(platform="telegram", native_id="1494031694", handle="sahlara_news")
    [record] = sources_files.records(read(tmp_path, sources_files.tl_message(12), public=[known]))
    assert record.post is not None
    assert record.post.uri == "https://t.me/sahlara_news/12"
    [record] = sources_files.records(read(tmp_path, sources_files.tl_message(12), options={"public": "yes"}))
    assert record.uid == f"{CHANNEL}/12"


def test_a_group_that_nothing_is_said_of_is_not_read(tmp_path: Path) -> None:
    message = sources_files.tl_message(1, post=False, from_id={"_": "PeerUser", "user_id": 9007})
    assert read(tmp_path, message) == [Quarantined("not-public")]
    found = read(tmp_path, message, options={"public": "yes"})
    [record] = sources_files.records(found)
    assert record.author_ref is not None
    assert record.author_ref.startswith("telegram:h:")
    with pytest.raises(InputError):
        read(tmp_path, message, options={"public": "perhaps"})


def test_members_of_a_group_are_hashed_and_their_answers_join(tmp_path: Path) -> None:
    group = sources_files.tl_channel(broadcast=False, megagroup=True)
    member = {"post": False, "from_id": {"_": "PeerUser", "user_id": 9007}}
    answer = {"reply_to": {"_": "MessageReplyHeader", "reply_to_msg_id": 1}}
    itself = {"post": False, "from_id": None}
    found = read(
        tmp_path,
        sources_files.tl_message(2, **member, **answer),
        sources_files.tl_message(1, **member),
        sources_files.tl_message(3, **itself),
        group,
    )
    second, first, third = sources_files.records(found, "post")
    assert second.edges[0].dst_uid == first.uid
    assert first.author_ref == second.author_ref
    assert third.author_ref == CHANNEL
    assert third.author_public
    [account] = sources_files.records(found, "account")
    assert account.accounts[0].type is AccountType.GROUP
    shown = msgspec.json.encode([msgspec.structs.replace(record, locators=()) for record in (first, second, third)])
    assert b"9007" not in shown
    assert b"1494031694/" not in shown


def test_a_channel_comes_along_as_an_account(tmp_path: Path) -> None:
    names = [
        {"_": "Username", "username": "old", "active": False},
        {"_": "Username", "username": "new", "active": True},
    ]
    found = read(tmp_path, sources_files.tl_channel(username=None, usernames=names), sources_files.tl_message(1))
    [record] = sources_files.records(found, "account")
    account = record.accounts[0]
    assert record.included
    assert (account.handle, account.display_name, account.verified) == ("new", "Sahlara News", True)
    assert account.counts == (Metric("followers", 4200),)
    assert account.created_at == datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert b"7447" not in record.raw


# Edges


def test_a_forward_is_an_edge_of_its_own(tmp_path: Path) -> None:
    header = {"_": "MessageFwdHeader", "date": "2026-05-10T00:00:00+00:00"}
    other = {"from_id": {"_": "PeerChannel", "channel_id": 777}}
    messages = [
        sources_files.tl_message(1, fwd_from=header | other | {"channel_post": 5}, message="from a channel"),
        sources_files.tl_message(2, fwd_from=header | {"from_name": "hidden person"}),
        sources_files.tl_message(3, fwd_from=header),
        sources_files.tl_message(4, fwd_from=header | {"from_id": {"_": "PeerUser", "user_id": 9007}}),
        sources_files.tl_message(5, fwd_from=header | {"from_id": {"_": "PeerChannel", "channel_id": 1494031694}, "channel_post": 1}),
        sources_files.tl_message(6, fwd_from=header | {"channel_id": 777, "channel_post": 5, "from_id": 9007}),
    ]  # fmt: skip
    listed = PublicAccount(platform="telegram", native_id="777")
    found = dump(tmp_path, *messages, public=[listed])
    assert all(record.kind == "repost" and record.post is None for record in found)
    edges = [record.edges[0] for record in found]
    assert {edge.type for edge in edges} == {EdgeType.FORWARD}
    assert (edges[0].dst_uid, edges[0].dst_hint) == ("telegram:777/5", "telegram:777")
    assert edges[1].dst_uid is None
    assert str(edges[1].dst_hint).startswith("telegram:h:")
    assert (edges[2].dst_uid, edges[2].dst_hint) == (None, None)
    assert str(edges[3].dst_hint).startswith("telegram:h:")
    assert (edges[4].dst_uid, edges[4].dst_hint) == (f"{CHANNEL}/1", CHANNEL)
    assert (edges[5].dst_uid, edges[5].dst_hint) == ("telegram:777/5", "telegram:777")
    assert found[0].signal_text == "from a channel"
    hidden = dump(tmp_path, messages[0])[0].edges[0]
    assert str(hidden.dst_uid).startswith("telegram:h:")
    assert str(hidden.dst_hint).startswith("telegram:h:")


def test_answers_and_topics(tmp_path: Path) -> None:
    header = {"_": "MessageReplyHeader", "reply_to_msg_id": 4}
    records = dump(
        tmp_path,
        sources_files.tl_message(5, reply_to=header),
        sources_files.tl_message(6, reply_to=header | {"reply_to_peer_id": {"_": "PeerChannel", "channel_id": 777}}),
        sources_files.tl_message(7, reply_to=header | {"forum_topic": True}),
        sources_files.tl_message(8, reply_to=header | {"forum_topic": True, "reply_to_top_id": 2}),
        sources_files.tl_message(9, reply_to_msg_id=4),
        sources_files.tl_message(10, reply_to={"_": "MessageReplyStoryHeader", "story_id": 4}),
    )
    targets = [[edge.dst_uid for edge in record.edges] for record in records]
    assert targets[0] == targets[3] == targets[4] == [f"{CHANNEL}/4"]
    assert str(targets[1][0]).startswith("telegram:h:")
    assert targets[2] == targets[5] == []
    threads = [record.post.thread_root for record in records if record.post]
    assert threads == [None, None, f"{CHANNEL}/4", f"{CHANNEL}/2", None, None]


# Texts


ENTITIES = [
    {"_": "MessageEntityBold", "offset": 3, "length": 5},
    {"_": "MessageEntityCustomEmoji", "offset": 0, "length": 2, "document_id": 5},
]


def test_offsets_are_utf16_units(tmp_path: Path) -> None:
    _, post = one(tmp_path, message="😀 words 👨‍👩‍👧", entities=ENTITIES)
    assert post.spans == (Span(2, 7, "bold"),)
    assert post.text[2:7] == "words"


@given(st.text("ab😀‍\u0301", max_size=12), st.integers(-3, 30), st.integers(-3, 30))
def test_offsets_against_the_bytes(text: str, start: int, length: int) -> None:
    [(at, to)] = code_points(text, [(start, length)])
    assert 0 <= at <= to <= len(text)
    units = text.encode("utf-16-le")
    if start >= 0 and length >= 0 and (start + length) * 2 <= len(units):
        part = units[2 * start : 2 * (start + length)].decode("utf-16-le", "surrogatepass")
        if not any("\ud800" <= char <= "\udfff" for char in part):
            assert text[at:to] == part


def test_texts_name_nobody_private(tmp_path: Path) -> None:
    text = "see https://t.me/hidden_one/5 by @hidden_one or Hidden Person"
    entities = [
        {"_": "MessageEntityMentionName", "offset": text.index("Hidden"), "length": 13, "user_id": 9007},
        {"_": "MessageEntityTextUrl", "offset": 0, "length": 3, "url": "https://t.me/hidden_one"},
    ]
    record, post = one(tmp_path, message=text, entities=entities, post_author="hidden signature")
    for secret in ("hidden", "Hidden Person", "9007"):
        assert secret not in repr(post)
        assert secret not in record.raw.decode()


# Media


def test_media_are_references_without_the_session(tmp_path: Path) -> None:
    sizes = [{"_": "PhotoStrippedSize", "bytes": "x"}, {"_": "PhotoSize", "w": 320, "h": 200}, {"_": "PhotoSize", "w": 1280, "h": 800}]  # fmt: skip
    photo = {"_": "Photo", "id": 55, "access_hash": 7447, "file_reference": "secret", "sizes": sizes}
    record, post = one(tmp_path, media={"_": "MessageMediaPhoto", "photo": photo})
    [ref] = post.media
    assert (ref.native_key, ref.mime, ref.width, ref.height, ref.sha256) == ("photo/55", "image/jpeg", 1280, 800, None)
    for secret in (b"7447", b"secret"):
        assert secret not in record.raw
    attributes = [{"_": "DocumentAttributeVideo", "duration": 7.5, "w": 4, "h": 3}, {"_": "DocumentAttributeFilename", "file_name": "hidden"}]  # fmt: skip
    document = {"_": "Document", "id": 66, "mime_type": "video/mp4", "attributes": attributes}
    record, post = one(tmp_path, media={"_": "MessageMediaDocument", "document": document})
    [ref] = post.media
    assert (ref.native_key, ref.mime, ref.width, ref.duration_s) == ("document/66", "video/mp4", 4, 7.5)
    assert b"hidden" not in record.raw
    [record] = read(tmp_path, sources_files.tl_message(1, media={"_": "MessageMediaPhoto", "photo": photo}))
    assert isinstance(record, Record)
    assert record.post is not None
    assert str(record.post.media[0].native_key).startswith("h:")


def test_contacts_and_places_are_dropped_and_said_to_be(tmp_path: Path) -> None:
    for media in (
        {"_": "MessageMediaContact", "phone_number": "964 700", "first_name": "hidden"},
        {"_": "MessageMediaGeo", "geo": {"_": "GeoPoint", "lat": 36.123456, "long": 43.1}},
    ):
        record, _ = one(tmp_path, media=media)
        assert [(warning.code, warning.field) for warning in record.warnings] == [("field-dropped", media["_"])]
        for secret in (b"964", b"hidden", b"36.12"):
            assert secret not in record.raw


def test_previews_and_polls(tmp_path: Path) -> None:
    page = {"_": "MessageMediaWebPage", "webpage": {"_": "WebPage", "url": "https://news.example/b"}}
    _, post = one(tmp_path, message="read", media=page)
    assert [url.as_written for url in post.urls] == ["https://news.example/b"]
    entities = [{"_": "MessageEntityUrl", "offset": 0, "length": 22}]
    _, post = one(tmp_path, message="https://news.example/b", media=page, entities=entities)
    assert len(post.urls) == 1
    for question in ("Who? @hidden_one", {"_": "TextWithEntities", "text": "Who? @hidden_one", "entities": []}):
        poll = {"_": "Poll", "question": question, "answers": [{"_": "PollAnswer", "text": question}]}
        record, post = one(tmp_path, message="", media={"_": "MessageMediaPoll", "poll": poll})
        assert post.text.startswith("Who? @h:")
        assert b"hidden" not in record.raw


def test_reactions_of_all_ages_without_names(tmp_path: Path) -> None:
    results = [
        {"_": "ReactionCount", "reaction": {"_": "ReactionEmoji", "emoticon": "👍"}, "count": 3},
        {"_": "ReactionCount", "reaction": "👍", "count": 1},
        {"_": "ReactionCount", "reaction": {"_": "ReactionCustomEmoji", "document_id": 5}, "count": 2},
    ]
    recent = [{"_": "MessagePeerReaction", "peer_id": {"_": "PeerUser", "user_id": 9007}}]
    reactions = {"_": "MessageReactions", "results": results, "recent_reactions": recent}
    replies = {"_": "MessageReplies", "replies": 4, "recent_repliers": [{"_": "PeerUser", "user_id": 9007}]}
    record, post = one(tmp_path, reactions=reactions, replies=replies)
    assert post.metrics[-3:] == (Metric("replies", 4), Metric("reaction 👍", 4), Metric("reaction custom", 2))
    assert b"9007" not in record.raw


def test_a_restriction_is_a_label_of_the_platform(tmp_path: Path) -> None:
    reason = [{"_": "RestrictionReason", "platform": "ios", "reason": "terms", "text": "This is hidden."}]
    _, post = one(tmp_path, restriction_reason=reason)
    assert [(label.source, label.value) for label in post.labels_by_platform] == [("restricted ios", "terms")]


# Albums


def album(*numbers: int) -> list[dict[str, Any]]:
    photo = {"_": "MessageMediaPhoto", "photo": {"_": "Photo", "id": 1, "sizes": []}}
    return [
        sources_files.tl_message(
            n, message="words" if n == numbers[1] else "", grouped_id=13_876_543_210_987_654, media=photo
        )
        for n in numbers
    ]


def test_an_album_is_one_post_in_any_order(tmp_path: Path) -> None:
    made = album(3, 4, 5)
    wanted = [record.raw for record in dump(tmp_path, *made)]
    [record] = dump(tmp_path, *reversed(made))
    assert [record.raw] == wanted
    assert (record.uid, record.post and record.post.text, record.post and len(record.post.media)) == (
        f"{CHANNEL}/3",
        "words",
        3,
    )
    assert record.post is not None
    assert record.post.group_id == f"{CHANNEL}/3"


@given(st.lists(st.tuples(st.sampled_from(["a", "b"]), st.integers(0, 3), st.integers(1, 9)), max_size=40))
def test_albums_against_a_slow_oracle(raw: list[tuple[str, int, int]]) -> None:
    made = [(channel, Message(id=number, grouped_id=group or None)) for channel, group, number in raw]
    albums = Albums()
    found = [group for channel, message in made for group in albums.add(channel, message)]
    found += list(albums.rest())
    wanted: dict[tuple[str, str], set[int]] = {}
    singles = 0
    for channel, message in made:
        if message.grouped_id is None:
            singles += 1
        else:
            wanted.setdefault((channel, str(message.grouped_id)), set()).add(message.id)
    assert sum(group[0].grouped_id is None for group in found) == singles
    assert sorted([m.id for m in group] for group in found if group[0].grouped_id is not None) == sorted(
        sorted(numbers) for numbers in wanted.values()
    )


def test_no_more_than_a_window_is_held() -> None:
    albums = Albums()
    most = 0
    for number in range(5 * WINDOW):
        list(albums.add("a", Message(id=number, grouped_id=number + 1)))
        most = max(most, len(albums._held))
    assert most <= WINDOW
    full = [Message(id=number, grouped_id=1) for number in range(MOST)]
    found = [group for message in full for group in Albums().add("a", message)]
    assert found == []
    albums = Albums()
    assert [len(group) for message in full for group in albums.add("a", message)] == [MOST]


# Files


def test_the_same_messages_in_any_wrapping_and_order(tmp_path: Path) -> None:
    lines = [json.loads(line) for line in (HERE / "messages.jsonl").read_text().splitlines()]
    wanted = ids_of(sources_files.items(Telethon(), HERE / "messages.jsonl"))
    for name in ("messages.json", "answer.json"):
        assert Telethon().detect(head_of(HERE / name)) >= 0.5
        assert ids_of(sources_files.items(Telethon(), HERE / name)) == wanted
    chance = random.Random(3)
    for _ in range(5):
        chance.shuffle(lines)
        assert ids_of(read(tmp_path, *lines)) == wanted
    wrapped = {"channel": lines[0], "messages": lines[1:], "total": 5}
    assert ids_of(sources_files.items(Telethon(), sources_files.write_json(tmp_path / "w", wrapped))) == wanted


def ids_of(found: list[Item]) -> set[str]:
    assert sources_files.rejects(found) == []
    return {observation_id(b"i" * 32, "telethon", record.raw) for record in sources_files.records(found)}


def test_answers_one_a_line(tmp_path: Path) -> None:
    answer = json.loads((HERE / "answer.json").read_text())
    found = read(tmp_path, answer, answer)
    assert len(sources_files.records(found, included=False)) == 2 * 14 - 1  # the album twice within the window is one


def test_what_is_no_message_is_counted(tmp_path: Path) -> None:
    service = {"_": "MessageService", "id": 2, "peer_id": {"_": "PeerChannel", "channel_id": 5}, "action": {}}
    user = {"_": "User", "id": 9007, "first_name": "hidden", "restriction_reason": "odd"}
    found = read(tmp_path, sources_files.tl_message(1), service, {"_": "MessageEmpty", "id": 3}, user, {"_": "Dialog"})
    codes = [item.code for item in found if isinstance(item, Ignored)]
    assert codes == ["service-message", "empty-message", "account-data", "other-object"]
    assert sources_files.rejects(found) == []


def test_broken_lines_lose_only_themselves(tmp_path: Path) -> None:
    lines = [json.dumps(sources_files.tl_message(n, message=f"post {n}")) for n in (1, 2, 3)]
    lines.insert(1, lines[0][:-20])
    lines.insert(2, '{"_": "Message", "id": "x"}')
    lines.insert(3, '{"_": "Message", "id": 5, "peer_id": ' + "[" * 5000)
    path = tmp_path / "d"
    path.write_text("\n".join(lines))
    found = sources_files.items(Telethon(), path)
    assert [code for _, code in sources_files.rejects(found)] == ["json-broken", "shape-unknown", "nested-too-deep"]
    assert len(sources_files.records(found, "post")) == 3


def test_an_answer_that_is_cut_off_says_so(tmp_path: Path) -> None:
    text = (HERE / "answer.json").read_text()
    path = tmp_path / "d"
    for share in (0.3, 0.6, 0.95):
        path.write_text(text[: int(len(text) * share)])
        found = sources_files.items(Telethon(), path)
        assert "json-truncated" in [code for _, code in sources_files.rejects(found)]
        assert sources_files.records(found, included=False)


VALUES = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=5)
ANY = st.recursive(VALUES, lambda v: st.lists(v, max_size=3) | st.dictionaries(st.text(max_size=3), v, max_size=3))


def places(value: object, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    found = [path]
    if isinstance(value, dict):
        for key, inner in value.items():
            found += places(inner, (*path, key))
    if isinstance(value, list):
        for index, inner in enumerate(value):
            found += places(inner, (*path, index))
    return found


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_a_wrong_value_in_any_field_is_a_reject_or_read(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    lines = [json.loads(line) for line in (HERE / "messages.jsonl").read_text().splitlines()]
    index = data.draw(st.integers(0, len(lines) - 1))
    path = data.draw(st.sampled_from(places(lines[index])))
    wrong = data.draw(ANY)
    inner: Any = lines
    for key in (index, *path)[:-1]:
        inner = inner[key]
    inner[(index, *path)[-1]] = wrong
    for item in read(tmp_path_factory.mktemp("wrong"), *lines, limits=Limits(line_bytes=1 << 20)):
        if isinstance(item, Record):
            check_record(item)
            for secret in (b"hidden", b"9007001", b"secret", b"7447447447", b"964 700"):
                assert secret not in item.raw.replace(b"hidden_edit", b"")
