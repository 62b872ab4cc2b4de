"""TGDataset: two dictionaries of one channel brought together, dates as floats, forwards as edges, nobody named."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sources_files
from hypothesis import given, settings
from hypothesis import strategies as st

from dalil.schema.chunks import PublicAccount
from dalil.schema.records import Metric, Post
from dalil.schema.words import EdgeType, Kind, Visibility, ZoneBasis
from dalil.sources import json_stream
from dalil.sources.formats.tgdataset import channels
from dalil.sources.formats.tgdataset.importer import TgDataset
from dalil.sources.importer import Ignored, Item, Record
from dalil.testing.importers import check_record

CHANNEL = "telegram:1494031694"


def read(tmp_path: Path, texts: dict[str, Any], media: dict[str, Any], **more: Any) -> list[Item]:
    public = more.pop("public", ())
    export = {"1494031694": sources_files.td_channel(texts, media, **more)}
    return sources_files.items(TgDataset(), sources_files.write_json(tmp_path / "d.json", export), public=public)


def posts(found: list[Item]) -> dict[str, Post]:
    return {record.uid.rpartition("/")[2]: record.post for record in sources_files.records(found) if record.post}


def test_a_channel_and_its_words(tmp_path: Path) -> None:
    found = read(tmp_path, {"12": sources_files.td_entry(message="The bridge stands. #bridge")}, {})
    [record] = sources_files.records(found, "account")
    account = record.accounts[0]
    assert (account.uid, account.handle, account.display_name, account.verified) == (
        CHANNEL,
        "sahlara_news",
        "Sahlara News",
        True,
    )
    assert account.counts == (Metric("followers", 4200),)
    assert account.created_at == datetime(2015, 12, 24, 22, 19, 16, tzinfo=UTC)
    post = posts(found)["12"]
    assert post.uid == f"{CHANNEL}/12"
    assert post.uri == "https://t.me/sahlara_news/12"
    assert post.author_ref == post.container_ref == CHANNEL
    assert post.created_at == datetime(2021, 11, 24, 10, 38, 14, tzinfo=UTC)
    assert (post.created_zone_basis, post.visibility) == (ZoneBasis.EPOCH, Visibility.PUBLIC)
    assert post.hashtags == ("bridge",)


def test_words_and_a_medium_of_one_id_are_one_post(tmp_path: Path) -> None:
    texts = {"433": sources_files.td_entry(message="an atlas"), "5": sources_files.td_entry()}
    media = {"433": sources_files.td_medium(), "7": sources_files.td_medium(extension=".jpe", media_id=None)}
    found = read(tmp_path, texts, media)
    by_id = posts(found)
    assert len(sources_files.records(found, included=False)) == 3
    assert by_id["433"].text == "an atlas"
    assert [(ref.native_key, ref.mime) for ref in by_id["433"].media] == [("BQADBAADgAwAAiDz", "application/pdf")]
    assert by_id["5"].media == ()
    assert (by_id["7"].text, by_id["7"].media[0].mime, by_id["7"].media[0].not_included) == (
        "",
        "image/jpeg",
        "media-not-included",
    )
    assert "hidden" not in repr(found)


@given(
    st.dictionaries(st.integers(1, 30), st.text("ab ", max_size=3), max_size=12),
    st.sets(st.integers(1, 30), max_size=12),
    st.booleans(),
)
def test_bringing_together_against_a_slow_oracle(
    tmp_path_factory: pytest.TempPathFactory, words: dict[int, str], media: set[int], media_first: bool
) -> None:
    channel = sources_files.td_channel(
        {str(n): sources_files.td_entry(message=text) for n, text in words.items()},
        {str(n): sources_files.td_medium(media_id=f"m{n}") for n in media},
    )
    if media_first:
        channel = dict(reversed(channel.items()))
    path = sources_files.write_json(tmp_path_factory.mktemp("t") / "d", {"1494031694": channel})
    found = posts(sources_files.items(TgDataset(), path))
    seen = {int(n): (post.text, [ref.native_key for ref in post.media]) for n, post in found.items()}
    if media_first:  # only the words know of their media; those that came first stand alone
        assert {n: text for n, (text, _) in seen.items()} == dict.fromkeys(media, "") | words
    else:
        assert seen == {n: (words.get(n, ""), [f"m{n}"] if n in media else []) for n in words.keys() | media}


def test_a_forward_is_an_edge_of_its_own(tmp_path: Path) -> None:
    texts = {
        "1": sources_files.td_entry(is_forwarded=True, forwarded_from_id=777, message="from a channel"),
        "2": sources_files.td_entry(is_forwarded=True, forwarded_from_id=777, forwarded_from_message_id=5),
        "3": sources_files.td_entry(is_forwarded=True),
        "4": sources_files.td_entry(is_forwarded=True, forwarded_from_id=-1001494031694, forwarded_from_message_id=1),
    }
    listed = PublicAccount(platform="telegram", native_id="777")
    found = sources_files.records(read(tmp_path, texts, {}, public=[listed]), "repost")
    assert [record.kind for record in found] == [Kind.REPOST] * 4
    edges = [record.edges[0] for record in found]
    assert {edge.type for edge in edges} == {EdgeType.FORWARD}
    assert [(edge.dst_uid, edge.dst_hint) for edge in edges] == [
        (None, "telegram:777"),
        ("telegram:777/5", "telegram:777"),
        (None, None),
        (f"{CHANNEL}/1", CHANNEL),
    ]
    assert found[0].signal_text == "from a channel"
    hidden = sources_files.records(read(tmp_path, texts, {}), "repost")[1].edges[0]
    assert str(hidden.dst_uid).startswith("telegram:h:")
    assert str(hidden.dst_hint).startswith("telegram:h:")


def test_an_unreadable_date_and_a_field_of_another_shape(tmp_path: Path) -> None:
    texts = {"1": sources_files.td_entry(date=None), "2": sources_files.td_entry(date="soon")}
    found = read(tmp_path, texts, {}, n_subscribers="many", title=None)
    assert sources_files.rejects(found) == [("channel 1 text_messages[2]", "shape-unknown")]
    [record] = sources_files.records(found, "post")
    assert [warning.code for warning in record.warnings] == ["time-unreadable"]
    [account] = sources_files.records(found, "account")
    assert account.accounts[0].counts == ()
    assert account.accounts[0].handle == "sahlara_news"


def test_what_is_no_channel_and_what_has_no_id(tmp_path: Path) -> None:
    export = {
        "5": sources_files.td_channel({"x": sources_files.td_entry()}, {}),
        "name": sources_files.td_channel({}, {}),
        "6": {"other": 1},
        "-1007": sources_files.td_channel({"1": sources_files.td_entry()}, {}),
        "8": 5,
    }
    found = sources_files.items(TgDataset(), sources_files.write_json(tmp_path / "d", export))
    assert sources_files.rejects(found) == [
        ("channel 1 text_messages", "id-unreadable"),
        ("channel 2", "chat-without-id"),
    ]
    assert sum(isinstance(item, Ignored) for item in found) == 2
    assert [record.uid for record in sources_files.records(found, "post")] == ["telegram:7/1"]


def test_more_captions_than_are_kept_leave_their_media_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channels, "MOST", 2)
    texts = {str(n): sources_files.td_entry() for n in (1, 2, 3)}
    media = {str(n): sources_files.td_medium() for n in (1, 2, 3)}
    records = sources_files.records(read(tmp_path, texts, media), "post")
    assert [(r.uid.rpartition("/")[2], bool(r.post and r.post.media)) for r in records] == [
        ("1", True),
        ("2", True),
        ("3", False),
        ("3", True),
    ]


@pytest.mark.parametrize("step", [1, 7, 1 << 18])
def test_a_file_that_is_cut_off_says_so_and_keeps_what_came(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    monkeypatch.setattr(json_stream, "_STEP", step)
    channel = sources_files.td_channel({str(n): sources_files.td_entry() for n in range(1, 6)}, {})
    text = json.dumps({"1494031694": channel})
    path = tmp_path / "d"
    for cut in (len(text) - 1, text.index('"4"') + 20, text.index('"4"') + 2, text.index('"generic_media"') + 3):
        path.write_text(text[:cut])
        found = sources_files.items(TgDataset(), path)
        assert len(posts(found)) >= 3
        assert [code for _, code in sources_files.rejects(found)] == ["json-truncated"]


VALUES = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=5)


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(["text_messages", "generic_media"]), st.data())
def test_a_wrong_value_in_any_field_is_a_reject_or_read(
    tmp_path_factory: pytest.TempPathFactory, where: str, data: st.DataObject
) -> None:
    channel = sources_files.td_channel({"1": sources_files.td_entry()}, {"1": sources_files.td_medium()})
    inner = data.draw(st.sampled_from([channel, channel[where], channel[where]["1"]]))
    inner[data.draw(st.sampled_from(sorted(inner)))] = data.draw(VALUES | st.lists(VALUES, max_size=2))
    path = sources_files.write_json(tmp_path_factory.mktemp("wrong") / "d", {"1494031694": channel})
    for item in sources_files.items(TgDataset(), path):
        if isinstance(item, Record):
            check_record(item)
