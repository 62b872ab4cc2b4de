"""The parts of the Telethon importer one by one: who is meant, which channels are described, detection."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sources_files
from hypothesis import given, settings
from hypothesis import strategies as st

from dalil.sources.formats.telethon import channels, peers
from dalil.sources.formats.telethon.importer import Telethon
from dalil.sources.formats.telethon.shapes import Channel, Forward, Message, Peer
from dalil.sources.importer import Limits, Quarantined
from dalil.sources.telegram import ids

# Who is meant


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (Peer("PeerChannel", channel_id=777), ids.Peer("channel", "777")),
        (Peer("PeerChannel", channel_id=-1000000000777), ids.Peer("channel", "777")),
        (Peer("PeerChat", chat_id=5), ids.Peer("chat", "5")),
        (Peer("PeerUser", user_id=9), ids.Peer("user", "9")),
        (Peer("PeerChannel"), None),
        (Peer("PeerChannel", channel_id=0), None),
        (9, ids.Peer("user", "9")),
        (-5, ids.Peer("chat", "5")),
        (-1000000000777, ids.Peer("channel", "777")),
        (0, None),
        (None, None),
    ],
)
def test_peers_of_today_and_bare_numbers(value: Peer | int | None, wanted: ids.Peer | None) -> None:
    assert peers.named(value) == wanted


def test_where_a_message_stands_and_a_forward_comes_from() -> None:
    channel = Peer("PeerChannel", channel_id=777)
    assert peers.home(Message(id=1, peer_id=channel)) == ids.Peer("channel", "777")
    assert peers.home(Message(id=1, to_id=channel)) == ids.Peer("channel", "777")
    assert peers.home(Message(id=1)) is None
    assert peers.source(Forward(from_id=channel)) == ids.Peer("channel", "777")
    assert peers.source(Forward(channel_id=777, from_id=9)) == ids.Peer("channel", "777")
    assert peers.source(Forward(from_id=9)) == ids.Peer("user", "9")
    assert peers.source(Forward(channel_id=0)) is None


# Channels


def describe(*values: Any, indent: int | None = None) -> dict[str, Channel]:
    text = "\n".join(json.dumps(value, indent=indent) for value in values)
    return channels.described(io.BytesIO(text.encode()))


@pytest.mark.parametrize("indent", [None, 1, 4])
def test_channels_are_found_wherever_they_stand(indent: int | None) -> None:
    channel = sources_files.tl_channel()
    assert set(describe(channel, indent=indent)) == {"1494031694"}
    assert set(describe({"chats": [channel, sources_files.tl_channel(id=5)]}, indent=indent)) == {"1494031694", "5"}
    assert set(describe({"deep": [{"down": {"chat": channel}}]}, indent=indent)) == {"1494031694"}
    assert describe(sources_files.tl_message(1, message=json.dumps(channel)), indent=indent) == {}


def test_of_two_descriptions_the_named_one_counts() -> None:
    named, unnamed = sources_files.tl_channel(), sources_files.tl_channel(username=None)
    for order in ((named, unnamed), (unnamed, named)):
        assert describe(*order)["1494031694"].public_name == "sahlara_news"


@pytest.mark.parametrize(
    "broken",
    ['{"_": "Channel"', '{"_": "Channel", "id": "x"}', '{"_": "Channel"}', '{"_": "Channel", "id": 0}', '{"_": "Channel", "id": [[[['],
)  # fmt: skip
def test_a_description_that_does_not_decode_is_none(broken: str) -> None:
    good = json.dumps(sources_files.tl_channel())
    assert set(channels.described(io.BytesIO(f"{good}\n{broken}".encode()))) == {"1494031694"}


@settings(deadline=None)
@given(st.integers(1, 200), st.integers(0, 3))
def test_blocks_of_any_size_find_the_same(size: int, before: int) -> None:
    text = b"x" * before + b"\n".join(json.dumps(sources_files.tl_channel(id=n)).encode() for n in (5, 6, 7))
    old, channels._STEP = channels._STEP, size
    try:
        assert set(channels.described(io.BytesIO(text))) == {"5", "6", "7"}
    finally:
        channels._STEP = old


def test_names_that_are_not_active_are_none() -> None:
    channel = msgspec.convert(
        {"id": 5, "usernames": [{"username": "old", "active": False}, {"username": "odd"}]}, Channel
    )
    assert channel.public_name is None
    assert msgspec.convert({"id": 5, "username": ""}, Channel).public_name is None


# Detection


MESSAGE = json.dumps(sources_files.tl_message(1)).encode()


@pytest.mark.parametrize(
    ("head", "sure"),
    [
        (MESSAGE, True),
        (b"[" + MESSAGE, True),
        (b"[\n " + MESSAGE + b",", True),
        (MESSAGE.replace(b'"Message"', b'"message"'), True),
        (MESSAGE.replace(b'"peer_id"', b'"to_id"'), True),
        (MESSAGE.replace(b'"Message"', b'"MessageService"'), True),
        (b'{"_": "messages.ChannelMessages", "messages": [', True),
        (b'{"_": "ChannelMessages", "pts": 5, "messages": [', True),
        (MESSAGE.replace(b'"peer_id"', b'"other"'), False),
        (MESSAGE.replace(b'"Message"', b'"Other"'), False),
        (b"x" + MESSAGE, False),
        (b'{"_": "ChannelMessages"}', False),
        (b'{"messages": []}', False),
        (b'{"_type": "Message", "peer_id": 5}', False),
    ],
)
def test_dumps_and_what_is_none(head: bytes, sure: bool) -> None:
    assert (Telethon().detect(head) >= 0.5) is sure


# Wrappings


def test_a_wrapping_larger_than_a_record_may_be_is_walked_into(tmp_path: Path) -> None:
    messages = [sources_files.tl_message(n) for n in range(1, 200)]
    wrapped = {"_": "messages.ChannelMessages", "messages": messages, "chats": [sources_files.tl_channel()]}
    path = tmp_path / "d"
    path.write_text(json.dumps(wrapped))
    found = sources_files.items(Telethon(), path, limits=Limits(line_bytes=2_000))
    assert sources_files.rejects(found) == []
    assert len(sources_files.records(found, "post")) == 199


def test_users_of_an_answer_are_passed_over(tmp_path: Path) -> None:
    user = {"_": "User", "id": 9007, "first_name": "Hidden"}
    wrapped = {"messages": [sources_files.tl_message(1)], "users": [user] * 3, "chats": [sources_files.tl_channel()]}
    path = sources_files.write_json(tmp_path / "d", wrapped)
    found = sources_files.items(Telethon(), path)
    assert "Hidden" not in repr(found)
    assert len(sources_files.records(found, "post")) == 1


def test_many_channels_in_one_dump(tmp_path: Path) -> None:
    described = [sources_files.tl_channel(id=n, username=f"name_{n}" if n % 2 else None) for n in range(1, 21)]
    messages = [sources_files.tl_message(1, peer_id={"_": "PeerChannel", "channel_id": n % 20 + 1}) for n in range(40)]
    found = sources_files.items(Telethon(), sources_files.write_lines(tmp_path / "d", [*messages, *described]))
    assert len(sources_files.records(found, "account")) == 10
    assert len(sources_files.records(found, "post")) == 20
    assert sum(isinstance(item, Quarantined) for item in found) == 20
