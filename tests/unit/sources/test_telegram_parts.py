"""The parts of the Telegram importer one by one: albums against a slow oracle, texts, media, chats."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sources_files
from hypothesis import given
from hypothesis import strategies as st

from dalil.schema.chunks import PublicAccount
from dalil.schema.records import Reject, Span, Url
from dalil.sources.formats.telegram_desktop import media, pieces
from dalil.sources.formats.telegram_desktop.albums import MOST, grouped
from dalil.sources.formats.telegram_desktop.importer import TelegramDesktop
from dalil.sources.formats.telegram_desktop.messages import record_of
from dalil.sources.formats.telegram_desktop.shapes import Message, Piece
from dalil.sources.importer import Ignored, Quarantined
from dalil.sources.privacy import Pseudonymiser
from dalil.sources.redaction import Scope
from dalil.sources.telegram.chats import Chat
from dalil.sources.telegram.ids import peer
from dalil.sources.telegram.texts import Text

KEY = bytes(range(32))


def message(number: int, text: object = "", **more: Any) -> Message:
    return msgspec.convert(sources_files.tg_message(number, text, **more), Message)


def chat(kind: str = "public_supergroup", *public: PublicAccount) -> Chat:
    return Chat("1494031694", Pseudonymiser(KEY, public), is_channel=kind == "public_channel")


def scope() -> Scope:
    return Scope(Pseudonymiser(KEY), "telegram")


# Albums


def belongs(one: Message, two: Message) -> bool:
    """The rule for two neighbours, said again in the plainest way."""
    same = ("from_id", "date_unixtime", "forwarded_from", "forwarded_from_id", "reply_to_message_id")
    return (
        isinstance(one.photo, str)
        and isinstance(two.photo, str)
        and two.id - one.id == 1
        and all(getattr(one, name) == getattr(two, name) for name in same)
    )


def slowly(messages: Sequence[Message]) -> list[list[int]]:
    groups: list[list[Message]] = []
    for item in messages:
        last = groups[-1] if groups else []
        fits = (
            last
            and len(last) < MOST
            and belongs(last[-1], item)
            and sum(1 for other in [*last, item] if other.text) <= 1
        )
        if fits:
            last.append(item)
        else:
            groups.append([item])
    return [[item.id for item in group] for group in groups]


@given(
    st.lists(
        st.tuples(
            st.sampled_from([1, 1, 1, 2]),
            st.sampled_from(["", "", "words"]),
            st.sampled_from(["a.jpg", "a.jpg", None]),
            st.sampled_from(["1", "1", "2"]),
            st.sampled_from(["channel1", "channel1", "user2"]),
        ),
        max_size=30,
    )
)
def test_albums_against_a_slow_oracle(raw: list[tuple[int, str, str | None, str, str]]) -> None:
    numbers = itertools.accumulate(step for step, *_ in raw)
    made = [
        message(number, text, photo=photo, date_unixtime=at, from_id=sender)
        for number, (_, text, photo, at, sender) in zip(numbers, raw, strict=True)
    ]
    found = [group for group in grouped(made) if isinstance(group, list)]
    assert [[item.id for item in group] for group in found] == slowly(made)
    assert [item for group in found for item in group] == made


def test_what_is_no_message_ends_an_album_and_keeps_its_place() -> None:
    one, two = message(1, photo="a.jpg"), message(2, photo="b.jpg")
    reject = Reject("messages[1]", "json-broken")
    assert list(grouped([one, reject, two])) == [[one], reject, [two]]
    assert list(grouped([Ignored("service-message"), one, two])) == [Ignored("service-message"), [one, two]]
    assert list(grouped([])) == []


def test_stickers_and_voices_are_no_albums() -> None:
    for kind in ("sticker", "voice_message", "video_message", "animation"):
        made = [message(n, file="a", media_type=kind) for n in (1, 2)]
        assert len(list(grouped(made))) == 2
    made = [message(n, file="a", media_type="video_file") for n in (1, 2)]
    assert len(list(grouped(made))) == 1


def test_a_long_run_of_media_is_cut_at_ten() -> None:
    made = [message(n, photo="a.jpg") for n in range(25)]
    assert [len(group) for group in grouped(made) if isinstance(group, list)] == [10, 10, 5]


# Texts


def test_a_plain_text_stays() -> None:
    assert pieces.read("words #one", scope()) == Text("words #one", (), (), ("one",), ())


@given(
    st.lists(
        st.tuples(st.sampled_from(["bold", "italic", "code", "spoiler", "plain"]), st.text("ab😀 ", max_size=5)),
        max_size=6,
    )
)
def test_styles_cover_just_their_pieces(raw: list[tuple[str, str]]) -> None:
    found = pieces.read([Piece(type=kind, text=text) for kind, text in raw], scope())
    assert found.text == "".join(text for _, text in raw)
    styled = [(kind, text) for kind, text in raw if kind != "plain"]
    assert [(span.type, found.text[span.start : span.end]) for span in found.spans] == styled


@pytest.mark.parametrize(
    "piece",
    [
        Piece("mention", "@hidden_one"),
        Piece("link", "https://t.me/hidden_one/5"),
        Piece("link", "t.me/hidden_one"),
        Piece("text_link", "here", "https://t.me/hidden_one"),
        Piece("text_link", "here", "tg://resolve?domain=hidden_one"),
        Piece("mention_name", "hidden_one", user_id=9),
        Piece("mention_name", "hidden_one", user_id="user9"),
        Piece("mention_name", "hidden_one", user_id=None),
        Piece("plain", "@hidden_one"),
        Piece("bold", "@hidden_one"),
        Piece("italic", "https://x.com/hidden_one"),
    ],
)
@pytest.mark.parametrize("before", ["", "words ", "https://t.me/", "@"])
@pytest.mark.parametrize("after", ["", " words", "/12", "😀"])
def test_no_piece_names_anybody_whatever_stands_beside_it(piece: Piece, before: str, after: str) -> None:
    found = pieces.read([before, piece, after], scope())
    assert "hidden_one" not in str(found)


def test_who_is_public_keeps_a_name() -> None:
    known = Scope(
        Pseudonymiser(KEY, [PublicAccount(platform="telegram", native_id="9", handle="sahlara_news")]), "telegram"
    )
    given: list[str | Piece] = [Piece("mention", "@sahlara_news"), " ", Piece("mention_name", "Sahlara", user_id=9)]
    found = pieces.read(given, known)
    assert found.text == "@sahlara_news Sahlara"
    assert found.mentions == ("@sahlara_news", "Sahlara")


def test_links_are_spans_with_their_targets() -> None:
    found = pieces.read(["see ", Piece("text_link", "this", "https://news.example/a")], scope())
    assert found.spans == (Span(4, 8, "url", "https://news.example/a"),)
    assert found.urls == (Url("this", "https://news.example/a"),)
    assert pieces.read([Piece("text_link", "this")], scope()).urls == (Url("this", "this"),)


# Media


@pytest.mark.parametrize(
    "note",
    [
        "(File not included. Change data exporting settings to download.)",
        "(File exceeds maximum size. Change data exporting settings to download.)",
        "(File unavailable, please try again later)",
    ],
)
def test_notes_in_the_place_of_a_file_are_kept_as_notes(tmp_path: Path, note: str) -> None:
    for field in ("photo", "file"):
        found = media.found(message(1, **{field: note}), tmp_path, limit=100)
        assert found is not None
        assert (found.ref.not_included, found.ref.sha256, found.data, found.doubt) == (note, None, None, "")


def test_sizes_and_times_of_media_are_kept(tmp_path: Path) -> None:
    (tmp_path / "v").write_bytes(b"data")
    found = media.found(
        message(1, file="v", mime_type="video/mp4", width=4, height=3, duration_seconds=7), tmp_path, limit=9
    )
    assert found is not None
    assert found.data is not None
    assert (found.ref.mime, found.ref.width, found.ref.height, found.ref.duration_s) == ("video/mp4", 4, 3, 7.0)
    assert (found.data.data, found.data.duration_s) == (b"data", 7.0)
    assert media.found(message(1), tmp_path, limit=9) is None
    assert media.found(message(1, photo="", file=None), tmp_path, limit=9) is None


def test_without_a_folder_no_file_is_followed(tmp_path: Path) -> None:
    (tmp_path / "v").write_bytes(b"data")
    found = media.found(message(1, file=str(tmp_path / "v")), None, limit=9)
    assert found is not None
    assert (found.data, found.doubt) == (None, "media-not-found")


@given(st.text(max_size=40))
def test_no_name_of_a_file_reaches_outside(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    outer = tmp_path_factory.mktemp("outer")
    (outer / "secret").write_bytes(b"secret")
    (outer / "export").mkdir()
    for tried in (name, f"../{name}", f"../secret{name}", f"{outer}/secret", "a/../../secret"):
        found = media.found(message(1, photo=tried), outer / "export", limit=100)
        assert found is None or found.data is None


# Chats


def test_only_posts_of_the_chat_itself_are_named_when_answered() -> None:
    group = chat()
    for number, public in ((1, True), (2, False), (5, True)):
        group.post_id(number, public=public)
    assert [group.answered_id(number) for number in (1, 5)] == ["1494031694/1", "1494031694/5"]
    for number in (0, 2, 3, 9):
        assert group.answered_id(number).startswith("h:")
    assert chat("public_channel").answered_id(9) == "1494031694/9"


@given(st.lists(st.tuples(st.integers(1, 50), st.booleans()), max_size=40))
def test_memory_of_own_posts_against_a_set(posts: list[tuple[int, bool]]) -> None:
    group, named = chat(), set()
    highest = 0
    for number, public in posts:
        group.post_id(number, public=public)
        if public and number > highest:
            named.add(number)
            highest = number
    for number in range(52):
        assert (group.answered_id(number) == f"1494031694/{number}") == (number in named)


@pytest.mark.parametrize(
    ("kind", "sender", "itself"),
    [
        ("public_channel", "channel1494031694", True),
        ("public_channel", "channel777", True),
        ("public_channel", None, True),
        ("public_channel", "user9", False),
        ("public_supergroup", "channel1494031694", True),
        ("public_supergroup", 10083966286, True),
        ("public_supergroup", "channel777", False),
        ("public_supergroup", "user9", False),
        ("public_supergroup", "chat9", False),
    ],
)
def test_who_posts_in_a_chat(kind: str, sender: object, itself: bool) -> None:
    who = chat(kind).author(peer(sender))
    assert who is not None
    assert who.public is itself
    assert (who.uid == "telegram:1494031694") is itself


def test_nobody_posts_where_the_sender_is_gone() -> None:
    assert chat().author(peer(None)) is None


def test_a_listed_channel_that_posts_in_a_group_is_public() -> None:
    group = chat("public_supergroup", PublicAccount(platform="telegram", native_id="777"))
    record = record_of([(message(1, "x", from_id="channel777"), None)], group)
    assert record.uid == "telegram:1494031694/1"
    assert record.author_ref == "telegram:777"
    assert record.post is not None
    assert record.post.uri is None


# Messages


def test_an_answer_to_another_chat(tmp_path: Path) -> None:
    known = PublicAccount(platform="telegram", native_id="777")
    public = record_of(
        [(message(1, "x", reply_to_message_id=5, reply_to_peer_id="channel777"), None)], chat("public_channel", known)
    )
    hidden = record_of(
        [(message(1, "x", reply_to_message_id=5, reply_to_peer_id="channel778"), None)], chat("public_channel", known)
    )
    assert public.edges[0].dst_uid == "telegram:777/5"
    assert hidden.edges[0].dst_uid is not None
    assert hidden.edges[0].dst_uid.startswith("telegram:h:")


def test_an_epoch_that_is_none_falls_back_to_the_date() -> None:
    record = record_of([(message(1, "x", date_unixtime="soon"), None)], chat("public_channel"))
    assert record.post is not None
    assert record.post.created_at is not None
    assert [warning.code for warning in record.warnings] == ["zone-unknown"]
    lost = record_of([(message(1, "x", date_unixtime=None, date="soon"), None)], chat("public_channel"))
    assert lost.post is not None
    assert lost.post.created_at is None
    assert [warning.code for warning in lost.warnings] == ["time-unreadable"]


def test_reactions_of_one_sign_are_added_up() -> None:
    reactions = [
        {"type": "custom_emoji", "count": 1},
        {"type": "custom_emoji", "count": 2},
        {"type": "paid", "count": None},
    ]
    record = record_of([(message(1, "x", reactions=reactions), None)], chat("public_channel"))
    assert record.post is not None
    assert [(metric.name, metric.value) for metric in record.post.metrics] == [("reaction custom", 3)]


def test_the_raw_record_knows_no_names_and_no_capture() -> None:
    value = message(1, "x", photo="(File not included)")
    record = record_of([(value, media.found(value, None, limit=1))], chat("public_channel"))
    raw = json.loads(record.raw)
    assert raw.keys() == {"chat", "id", "from_id", "text", "spans", "media", "edges", "date", "date_unixtime"}
    assert raw["chat"] == {"id": "1494031694", "type": "public_channel"}


# Files


@pytest.mark.parametrize(
    ("export", "wanted"),
    [
        ({}, []),
        ({"name": "x"}, []),
        ({"chats": {"list": []}}, []),
        ({"chats": {"list": [5, None, "x", []]}}, []),
        ({"chats": []}, []),
        ({"chats": {"about": "x"}, "contacts": {}}, [Ignored("account-data")]),
        (sources_files.tg_chat([]), []),
        (sources_files.tg_chat([], type="private_group"), [Ignored("private-chat"), Quarantined("not-public", 0)]),
    ],
)
def test_exports_with_nothing_to_read(tmp_path: Path, export: object, wanted: list[object]) -> None:
    path = sources_files.write_json(tmp_path / "result.json", export)
    assert sources_files.items(TelegramDesktop(), path) == wanted


def test_keys_in_another_order_are_taken_as_not_public(tmp_path: Path) -> None:
    export = {"messages": [sources_files.tg_message(1, "words")], "type": "public_channel", "id": 1}
    found = sources_files.items(TelegramDesktop(), sources_files.write_json(tmp_path / "r", export))
    assert found == [Ignored("private-chat"), Quarantined("not-public", 1)]


def test_a_hostile_file_of_broken_messages_is_read_in_bounded_time(tmp_path: Path) -> None:
    broken = '{"id": 1, "type": "message", "text": "a'
    path = tmp_path / "r"
    path.write_text('{"name":"x","type":"public_channel","id":5,"messages":[' + ",".join([broken] * 500))
    found = sources_files.items(TelegramDesktop(), path)
    assert 1 <= len(sources_files.rejects(found)) <= 110
