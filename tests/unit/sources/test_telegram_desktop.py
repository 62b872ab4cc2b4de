"""Telegram Desktop exports: public chats only, ids of all ages, media within the folder, nobody named."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sources_files
from hypothesis import given
from hypothesis import strategies as st

from dalil.errors import InputError
from dalil.schema.chunks import PublicAccount
from dalil.schema.records import Metric, Post
from dalil.schema.words import AccountType, EdgeType, IdQuality, Kind, State, ZoneBasis
from dalil.sources.formats.telegram_desktop.importer import TelegramDesktop
from dalil.sources.importer import Ignored, Item, Limits, Quarantined, Record
from dalil.sources.telegram.ids import CHANNEL_OFFSET, GROUP_OFFSET, Peer, chat_id, peer

CHANNEL = "telegram:1494031694"
MEMBER = {"from": "hidden person", "from_id": "user9007"}


def read(tmp_path: Path, export: object, **more: Any) -> list[Item]:
    return sources_files.items(TelegramDesktop(), sources_files.write_json(tmp_path / "result.json", export), **more)


def posts(found: list[Item]) -> list[Post]:
    return [record.post for record in sources_files.records(found) if record.post]


def one(tmp_path: Path, message: dict[str, Any], **chat: Any) -> tuple[Record, Post]:
    found = sources_files.records(read(tmp_path, sources_files.tg_chat([message], **chat)), "post")
    assert found[0].post is not None
    return found[0], found[0].post


def test_a_channel_post(tmp_path: Path) -> None:
    record, post = one(tmp_path, sources_files.tg_message(12, "The bridge stands. #bridge"))
    assert post.uid == record.uid == f"{CHANNEL}/12"
    assert post.uri == "https://t.me/c/1494031694/12"
    assert post.author_ref == post.container_ref == CHANNEL
    assert record.author_public
    assert post.created_at == post.server_indexed_at == datetime(2026, 5, 11, 15, 34, 16, tzinfo=UTC)
    assert post.created_zone_basis is ZoneBasis.EPOCH
    assert post.hashtags == ("bridge",)
    known = PublicAccount(platform="telegram", native_id="1494031694", handle="sahlara_news")
    found = read(tmp_path, sources_files.tg_chat([sources_files.tg_message(12, "x")]), public=[known])
    assert posts(found)[0].uri == "https://t.me/sahlara_news/12"


def test_the_chat_comes_along_as_an_account(tmp_path: Path) -> None:
    found = read(tmp_path, sources_files.tg_chat([sources_files.tg_message(1, "x")]))
    [record] = sources_files.records(found, "account")
    assert record.included
    assert (record.accounts[0].uid, record.accounts[0].type) == (CHANNEL, AccountType.CHANNEL)
    assert record.accounts[0].display_name == "Sahlara News"


def test_text_in_pieces_is_one_text_with_spans(tmp_path: Path) -> None:
    pieces = [
        "😀 see ",
        {"type": "link", "text": "https://news.example/a"},
        " and ",
        {"type": "text_link", "text": "this", "href": "https://t.me/hidden_one/5"},
        {"type": "bold", "text": " loud"},
        " by ",
        {"type": "mention", "text": "@hidden_one"},
        " or ",
        {"type": "mention_name", "text": "Hidden Person", "user_id": 9007},
        " ",
        {"type": "hashtag", "text": "#تل_نهر"},
        {"type": "custom_emoji", "text": "😀", "document_id": "(File not included)"},
    ]
    record, post = one(tmp_path, sources_files.tg_message(1, pieces))
    assert post.text.startswith("😀 see https://news.example/a and this loud by @h:")
    shown = [(span.type, post.text[span.start : span.end]) for span in post.spans]
    assert shown[0] == ("url", "https://news.example/a")
    assert shown[1] == ("url", "this")
    assert shown[2] == ("bold", " loud")
    assert [text for kind, text in shown if kind == "mention"] == list(post.mentions)
    assert shown[-1] == ("hashtag", "#تل_نهر")
    assert post.urls[1].expanded is not None
    assert post.urls[1].expanded.startswith("https://t.me/h:")
    for secret in ("hidden", "Hidden Person", "9007"):
        assert secret not in str(post)
        assert secret not in record.raw.decode()


def test_an_address_broken_by_a_style_is_found_all_the_same(tmp_path: Path) -> None:
    record, post = one(tmp_path, sources_files.tg_message(1, ["https://t.me/", {"type": "bold", "text": "hidden_one"}]))
    assert "hidden_one" not in post.text
    assert b"hidden_one" not in record.raw


def test_members_of_a_group_are_hashed_with_their_posts(tmp_path: Path) -> None:
    messages = [
        sources_files.tg_message(1, "from the group itself"),
        sources_files.tg_message(2, "a member", **MEMBER),
        sources_files.tg_message(3, "the same", reply_to_message_id=2, **MEMBER),
        sources_files.tg_message(4, "an answer", reply_to_message_id=1, **MEMBER),
        sources_files.tg_message(5, "a deleted account", **{"from": None, "from_id": None}),
    ]
    found = read(tmp_path, sources_files.tg_chat(messages, type="public_supergroup"))
    group, first, second, answer, nobody = posts(found)
    assert group.uid == f"{CHANNEL}/1"
    assert first.author_ref == second.author_ref != group.author_ref
    assert first.author_ref is not None
    assert first.author_ref.startswith("telegram:h:")
    assert (first.uri, first.id_quality) == (None, IdQuality.HASHED)
    edges = {record.uid: record.edges for record in sources_files.records(found, "post")}
    assert edges[second.uid][0].dst_uid == first.uid
    assert edges[answer.uid][0].dst_uid == group.uid
    assert edges[answer.uid][0].type is EdgeType.REPLY
    assert nobody.author_ref is None
    assert nobody.uid.startswith("telegram:h:")
    shown = repr([(r.raw, r.post, r.accounts) for r in sources_files.records(found)])
    assert "hidden person" not in shown
    assert "9007" not in shown


def test_ids_of_old_exports_are_brought_together(tmp_path: Path) -> None:
    old = sources_files.tg_message(12, "old words", from_id=10083966286)
    del old["date_unixtime"]
    new = sources_files.tg_message(12, "new words")
    [before] = posts(read(tmp_path, sources_files.tg_chat([old], id=10083966286)))
    [after] = posts(read(tmp_path, sources_files.tg_chat([new])))
    assert before.uid == after.uid == f"{CHANNEL}/12"
    assert before.author_ref == after.author_ref == CHANNEL
    assert (before.created_at, before.created_zone_basis) == (
        datetime(2026, 5, 11, 18, 34, 16, tzinfo=UTC),
        ZoneBasis.UNKNOWN,
    )


def test_an_old_member_and_a_new_one_have_one_hash(tmp_path: Path) -> None:
    old = sources_files.tg_message(1, "x", **{"from": "hidden person", "from_id": 9007})
    del old["date_unixtime"]
    [before] = posts(read(tmp_path, sources_files.tg_chat([old], type="public_supergroup", id=10083966286)))
    [after] = posts(
        read(tmp_path, sources_files.tg_chat([sources_files.tg_message(1, "x", **MEMBER)], type="public_supergroup"))
    )
    assert before.author_ref == after.author_ref
    assert before.uid == after.uid


def test_dates_without_a_zone_follow_the_operators_zone(tmp_path: Path) -> None:
    old = sources_files.tg_message(1, "x", edited="2026-05-11T19:00:00")
    del old["date_unixtime"]
    record, post = one(tmp_path, old)
    assert {warning.code for warning in record.warnings} == {"zone-unknown"}
    [post] = posts(read(tmp_path, sources_files.tg_chat([old]), options={"zone": "Asia/Baghdad"}))
    assert (post.created_at, post.created_zone_basis) == (
        datetime(2026, 5, 11, 15, 34, 16, tzinfo=UTC),
        ZoneBasis.EXPLICIT,
    )
    assert post.edited_at == datetime(2026, 5, 11, 16, 0, tzinfo=UTC)
    with pytest.raises(InputError):
        read(tmp_path, sources_files.tg_chat([old]), options={"zone": "Nowhere"})


@given(st.integers(1, GROUP_OFFSET - 1))
def test_peers_of_all_ages(number: int) -> None:
    bare = str(number)
    assert peer(f"user{number}") == peer(number) == peer(bare) == Peer("user", bare)
    assert peer(f"chat{number}") == peer(GROUP_OFFSET + number) == Peer("chat", bare)
    assert peer(f"channel{number}") == peer(CHANNEL_OFFSET + number) == Peer("channel", bare)
    assert chat_id(CHANNEL_OFFSET + number, old=True) == chat_id(number, old=True) == chat_id(number, old=False) == bare


@given(st.none() | st.text() | st.integers() | st.floats())
def test_no_value_makes_a_peer_fail(value: object) -> None:
    peer(value)
    chat_id(value, old=True)


def test_from_a_whole_account_only_public_chats_are_read(tmp_path: Path) -> None:
    private = [
        sources_files.tg_chat(
            [sources_files.tg_message(n, "private words", **MEMBER) for n in (1, 2)], type=kind, id=9007
        )
        for kind in (
            "personal_chat",
            "private_group",
            "private_supergroup",
            "private_channel",
            "bot_chat",
            "saved_messages",
        )
    ]
    export = sources_files.tg_account(
        [private[0], sources_files.tg_chat([sources_files.tg_message(1, "public words")]), *private[1:]]
    )
    export["left_chats"] = {"list": [sources_files.tg_chat([sources_files.tg_message(9, "left words")], id=555)]}
    found = read(tmp_path, export)
    assert [post.text for post in posts(found)] == ["public words", "left words"]
    assert sum(item.count for item in found if isinstance(item, Quarantined)) == 12
    ignored = Counter({item.code: 0 for item in found if isinstance(item, Ignored)})
    ignored.update(item.code for item in found if isinstance(item, Ignored))
    assert ignored == {"private-chat": 6, "account-data": 2}
    shown = repr(sources_files.records(found))
    for secret in ("private words", "Ownersecret", "964 700", "Contact", "777000111", "hidden person"):
        assert secret not in shown


def test_a_private_chat_alone_is_counted_and_not_read(tmp_path: Path) -> None:
    found = read(tmp_path, sources_files.tg_chat([sources_files.tg_message(1, "words")], type="private_supergroup"))
    assert found == [Ignored("private-chat"), Quarantined("not-public", 1)]
    unsaid = {"messages": [sources_files.tg_message(1, "words")], "name": "x", "type": "public_channel", "id": 1}
    assert sources_files.records(read(tmp_path, unsaid)) == []


def test_a_forward_is_an_edge_of_its_own(tmp_path: Path) -> None:
    messages = [
        sources_files.tg_message(1, "from a person", forwarded_from="hidden person"),
        sources_files.tg_message(2, "from a channel", forwarded_from="Other", forwarded_from_id="channel777"),
        sources_files.tg_message(3, "from nobody", forwarded_from=None),
        sources_files.tg_message(4, "from here", forwarded_from="Sahlara News", forwarded_from_id="channel1494031694"),
    ]
    found = sources_files.records(read(tmp_path, sources_files.tg_chat(messages)), "repost")
    assert [record.kind for record in found] == [Kind.REPOST] * 4
    assert all(record.post is None for record in found)
    hints = [record.edges[0].dst_hint for record in found]
    assert hints[0] is not None
    assert hints[0].startswith("telegram:h:")
    assert hints[1] is not None
    assert hints[1].startswith("telegram:h:")
    assert hints[2:] == [None, CHANNEL]
    assert found[0].signal_text == "from a person"
    assert "hidden person" not in repr([(r.raw, r.edges) for r in found])
    listed = PublicAccount(platform="telegram", native_id="777")
    found = sources_files.records(read(tmp_path, sources_files.tg_chat(messages), public=[listed]), "repost")
    assert found[1].edges[0].dst_hint == "telegram:777"


def test_an_edit_is_a_state_with_a_time(tmp_path: Path) -> None:
    record, post = one(
        tmp_path, sources_files.tg_message(1, "new words", edited="2026-05-11T19:00:00", edited_unixtime="1778515200")
    )
    assert (post.state, post.edited_at) == (State.EDITED, datetime(2026, 5, 11, 16, 0, tzinfo=UTC))
    before, _ = one(tmp_path, sources_files.tg_message(1, "old words"))
    assert before.uid == record.uid
    assert before.version != record.version


def test_service_messages_are_counted(tmp_path: Path) -> None:
    service = {"id": 2, "type": "service", "actor": "hidden person", "actor_id": "user9007", "action": "invite_members"}
    found = read(
        tmp_path, sources_files.tg_chat([service, sources_files.tg_message(3, "x"), {"id": 4, "type": "unsupported"}])
    )
    assert Ignored("service-message") in found
    assert Ignored("unsupported-message") in found
    assert len(posts(found)) == 1


def test_media_beside_the_export_come_with_their_bytes(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "p.png").write_bytes(sources_files.PNG)
    (tmp_path / "photos" / "broken.jpg").write_bytes(sources_files.PNG[:20])
    messages = [
        sources_files.tg_message(1, "a", photo="photos/p.png", width=1, height=1),
        sources_files.tg_message(
            3, "b", file="photos/p.png", mime_type="image/png", media_type="video_file", duration_seconds=3
        ),
        sources_files.tg_message(5, "c", photo="(File not included. Change data exporting settings to download.)"),
        sources_files.tg_message(7, "d", photo="photos/gone.png"),
        sources_files.tg_message(9, "e", photo="../../etc/passwd"),
        sources_files.tg_message(11, "f", photo="photos/broken.jpg"),
    ]
    found = sources_files.records(read(tmp_path, sources_files.tg_chat(messages)), "post")
    refs = [record.post.media[0] for record in found if record.post]
    assert refs[0].sha256 == refs[1].sha256 == found[0].media[0].sha256
    assert found[1].media[0].duration_s == 3
    assert refs[2].not_included == "(File not included. Change data exporting settings to download.)"
    assert refs[3].not_included == refs[4].not_included == "media-not-found"
    assert [warning.code for warning in found[4].warnings] == ["media-not-found"]
    assert len(found[5].media) == 1
    shown = repr([(record.raw, record.post) for record in found])
    assert "p.png" not in shown
    assert "passwd" not in shown
    small = sources_files.records(
        read(tmp_path, sources_files.tg_chat(messages[:1]), limits=Limits(media_bytes=5)), "post"
    )
    assert small[0].warnings[0].code == "media-too-large"
    assert small[0].media == ()


def test_an_album_is_one_post(tmp_path: Path) -> None:
    album = [sources_files.tg_message(n, "the words" if n == 2 else "", photo=f"photos/{n}.jpg") for n in (1, 2, 3)]
    later = sources_files.tg_message(4, "", photo="photos/4.jpg", date_unixtime="1778513657")
    worded = [sources_files.tg_message(n, f"words {n}", photo="photos/5.jpg") for n in (5, 6)]
    found = sources_files.records(read(tmp_path, sources_files.tg_chat([*album, later, *worded])), "post")
    assert [(record.uid, len(record.post.media), record.post.text) for record in found if record.post] == [
        (f"{CHANNEL}/1", 3, "the words"),
        (f"{CHANNEL}/4", 1, ""),
        (f"{CHANNEL}/5", 1, "words 5"),
        (f"{CHANNEL}/6", 1, "words 6"),
    ]
    assert found[0].post is not None
    assert found[0].post.group_id == f"{CHANNEL}/1"
    assert "album-derived" in [warning.code for warning in found[0].warnings]


def test_reactions_are_counts_without_names(tmp_path: Path) -> None:
    reactions = [
        {"type": "emoji", "count": 3, "emoji": "👍", "recent": [{"from": "hidden person", "from_id": "user9007"}]},
        {"type": "custom_emoji", "count": 2, "document_id": "stickers/a.webp"},
    ]
    record, post = one(tmp_path, sources_files.tg_message(1, "x", reactions=reactions))
    assert post.metrics == (Metric("reaction 👍", 3), Metric("reaction custom", 2))
    assert b"hidden" not in record.raw


def test_what_a_person_shares_of_persons_and_places_is_dropped(tmp_path: Path) -> None:
    more = {
        "contact_information": {"first_name": "hidden person", "phone_number": "+964 700"},
        "location_information": {"latitude": 36.123456, "longitude": 43.123456},
        "author": "hidden person",
        "via_bot": "@hiddenbot",
    }
    record, _ = one(tmp_path, sources_files.tg_message(1, "x", **more))
    assert {warning.field for warning in record.warnings} == {"contact_information", "location_information"}
    for secret in (b"hidden", b"964", b"36.12"):
        assert secret not in record.raw


def test_a_poll_is_its_question(tmp_path: Path) -> None:
    poll = {
        "question": "Who holds it? @hidden_one",
        "closed": False,
        "total_voters": 2,
        "answers": [{"text": "a", "voters": 2}],
    }
    record, post = one(tmp_path, sources_files.tg_message(1, "", poll=poll))
    assert post.text.startswith("Who holds it? @h:")
    assert b"hidden_one" not in record.raw


def test_a_broken_message_loses_only_itself(tmp_path: Path) -> None:
    good = [sources_files.tg_message(n, f"post {n}") for n in range(1, 5)]
    text = json.dumps(sources_files.tg_chat(good), indent=1)
    for broken in (
        text.replace('"post 2"', '"post 2'),
        text.replace('"post 2"', '{"post 2"'),
        text.replace('"post 2"', '["post 2"'),
        text.replace('"text": "post 2"', '"text": nonsense'),
        text.replace('"id": 2,', '"id": {},'),
        text.replace('"post 2"', "[" * 10_000 + "]" * 10_000),
    ):
        path = tmp_path / "result.json"
        path.write_text(broken, encoding="utf-8")
        found = sources_files.items(TelegramDesktop(), path)
        kept = [post.text for post in posts(found)]
        assert len(sources_files.rejects(found)) >= 1
        assert {"post 1", "post 4"} <= set(kept), (sources_files.rejects(found), kept)


def test_a_file_that_is_cut_off_says_so_and_keeps_what_came(tmp_path: Path) -> None:
    text = json.dumps(sources_files.tg_chat([sources_files.tg_message(n, f"post {n}") for n in range(1, 5)]))
    path = tmp_path / "result.json"
    for cut in (len(text) - 1, len(text) - 2, len(text) - 40, text.index("post 3")):
        path.write_text(text[:cut], encoding="utf-8")
        found = sources_files.items(TelegramDesktop(), path)
        assert len(posts(found)) >= 2
        assert [code for _, code in sources_files.rejects(found)] == ["json-truncated"]


def test_a_chat_without_an_id_is_a_reject(tmp_path: Path) -> None:
    messages = [sources_files.tg_message(n, "x") for n in (1, 2, 3)]
    assert sources_files.rejects(read(tmp_path, sources_files.tg_chat(messages, id=None))) == [
        ("chat", "chat-without-id")
    ]
    account = sources_files.tg_account([sources_files.tg_chat(messages, id=None), sources_files.tg_chat(messages)])
    found = read(tmp_path, account)
    assert sources_files.rejects(found) == [("chats[0] chat", "chat-without-id")]
    assert len(posts(found)) == 3


def test_messages_of_the_closed_group_before_it_was_public_are_not_read(tmp_path: Path) -> None:
    messages = [sources_files.tg_message(-999, "closed words"), sources_files.tg_message(1, "public words")]
    found = read(tmp_path, sources_files.tg_chat(messages, type="public_supergroup"))
    assert [post.text for post in posts(found)] == ["public words"]
    assert Quarantined("not-public") in found
    assert "closed words" not in repr(found)


def test_an_edit_at_the_epoch_is_none(tmp_path: Path) -> None:
    for never in ("1970-01-01T03:00:00", "1969-12-31T19:00:00"):
        record, post = one(tmp_path, sources_files.tg_message(1, "words", edited=never))
        assert (post.state, post.edited_at, record.warnings) == (State.LIVE, None, ())
