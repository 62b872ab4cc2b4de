"""Hand capture: what a person enters, written and read back; private unless said otherwise."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import sources_files
from hypothesis import given
from hypothesis import strategies as st

from dalil.errors import InputError
from dalil.schema.chunks import PublicAccount
from dalil.schema.records import Post
from dalil.schema.words import AccountType, IdQuality, PublicRole, ZoneBasis
from dalil.sources.formats.hand_capture import writing
from dalil.sources.formats.hand_capture.importer import HandCapture
from dalil.sources.importer import Record

SEEN = datetime(2026, 5, 17, 14, 20, tzinfo=timezone(timedelta(hours=3)))


def captured(tmp_path: Path, *, public: tuple[PublicAccount, ...] = (), **fields: Any) -> tuple[Record, Post]:
    folder = writing.make(tmp_path / "c", **({"platform": "facebook", "seen_at": SEEN} | fields))
    [record] = sources_files.records(sources_files.items(HandCapture(), folder / "captures.jsonl", public=public))
    assert record.post is not None
    return record, record.post


def test_a_page_is_public_under_its_name(tmp_path: Path) -> None:
    record, post = captured(
        tmp_path,
        address="https://www.facebook.com/sahlaratoday/posts/77",
        text="The bridge stands.",
        page_name="Sahlara Today",
        account_kind="page",
    )
    assert post.uid == "facebook:sahlaratoday_77"
    assert post.uri == "https://www.facebook.com/sahlaratoday/posts/77"
    assert post.author_ref == "facebook:@sahlaratoday"
    assert post.state_at == SEEN.astimezone(UTC)
    assert post.created_at is None
    assert record.accounts[0].display_name == "Sahlara Today"
    assert record.accounts[0].type is AccountType.PAGE
    assert record.locators == ()


@pytest.mark.parametrize("kind", ["person", "group"])
def test_a_person_and_who_speaks_in_a_group_are_private(tmp_path: Path, kind: str) -> None:
    record, post = captured(
        tmp_path,
        address="https://www.facebook.com/hidden.person/posts/77",
        text="words of @hidden.person",
        page_name="Hidden Person",
        account_kind=kind,
    )
    assert post.uid.startswith("facebook:h:")
    assert (post.uri, post.id_quality) == (None, IdQuality.HASHED)
    assert record.accounts[0].public_role is PublicRole.PRIVATE_PERSON
    shown = repr([record.raw, record.post, record.accounts]).lower()
    assert "hidden" not in shown
    assert len(record.locators) >= 2


def test_the_public_list_makes_an_account_public(tmp_path: Path) -> None:
    news = PublicAccount(platform="x", handle="SahlaraToday")
    _, post = captured(tmp_path, platform="x", address="https://x.com/SahlaraToday/status/12", text="x", public=(news,))
    assert post.uid == "x:12"
    assert post.author_ref == "x:@sahlaratoday"


def test_a_telegram_channel_by_its_address(tmp_path: Path) -> None:
    _, post = captured(
        tmp_path, platform="Telegram", address="https://t.me/sahlara_news/12", text="x", account_kind="channel"
    )
    assert post.uid == "telegram:sahlara_news/12"


def test_an_outlet_by_its_name_alone(tmp_path: Path) -> None:
    record, post = captured(tmp_path, platform="other", text="x", page_name="Radio Sahlara", account_kind="outlet")
    assert post.author_ref == "other:name:radio sahlara"
    assert post.id_quality is IdQuality.DERIVED
    assert record.accounts[0].public_role is PublicRole.ORGANISATION


def test_a_screenshot_comes_with_its_bytes(tmp_path: Path) -> None:
    record, post = captured(tmp_path, text="x", screenshot=sources_files.PNG)
    assert post.media[0].sha256 == record.media[0].sha256 == writing.screenshot_name(sources_files.PNG)
    (tmp_path / "c" / writing.screenshot_name(sources_files.PNG)).write_bytes(sources_files.PNG + b"other")
    [record] = sources_files.records(sources_files.items(HandCapture(), tmp_path / "c" / "captures.jsonl"))
    assert [warning.code for warning in record.warnings] == ["screenshot-differs"]
    (tmp_path / "c" / writing.screenshot_name(sources_files.PNG)).unlink()
    [record] = sources_files.records(sources_files.items(HandCapture(), tmp_path / "c" / "captures.jsonl"))
    assert [warning.code for warning in record.warnings] == ["media-not-found"]


def test_a_screenshot_name_that_climbs_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"s")
    (tmp_path / "c").mkdir()
    line = json.loads(writing.line_of(platform="facebook", seen_at=SEEN, text="x")) | {"screenshot": "../secret"}
    [record] = sources_files.records(
        sources_files.items(HandCapture(), sources_files.write_lines(tmp_path / "c" / "f", [line]))
    )
    assert record.media == ()


def test_when_it_was_posted_is_claimed_not_known(tmp_path: Path) -> None:
    _, post = captured(tmp_path, text="x", posted_at=datetime(2026, 5, 16, 9, tzinfo=UTC))
    assert post.created_at == post.claimed_at == datetime(2026, 5, 16, 9, tzinfo=UTC)
    assert post.created_zone_basis is ZoneBasis.EXPLICIT
    assert post.server_indexed_at is None


def test_the_same_capture_has_the_same_bytes() -> None:
    fields: dict[str, Any] = {"platform": "facebook", "seen_at": SEEN, "text": "x", "screenshot": sources_files.PNG}
    assert writing.line_of(**fields) == writing.line_of(**fields)
    assert writing.line_of(**fields).count(b"\n") == 1


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"text": " "}, "capture-empty"),
        ({"text": "x", "platform": "no such/thing"}, "value-wrong"),
        ({"text": "x", "account_kind": "friend"}, "value-wrong"),
        ({"text": "x" * 100_001}, "value-wrong"),
        ({"text": "\ud800"}, "value-wrong"),
    ],
)
def test_what_cannot_be_kept_is_refused(fields: dict[str, Any], code: str) -> None:
    with pytest.raises(InputError) as caught:
        writing.line_of(**({"platform": "facebook", "seen_at": SEEN} | fields))
    assert caught.value.code == code


def test_times_without_a_zone_are_a_programming_error() -> None:
    with pytest.raises(ValueError, match="aware"):
        writing.line_of(platform="facebook", seen_at=datetime(2026, 5, 17), text="x")  # noqa: DTZ001 - that is the point


def test_broken_captures_are_rejects(tmp_path: Path) -> None:
    good = json.loads(writing.line_of(platform="facebook", seen_at=SEEN, text="x"))
    lines = [
        json.dumps(good).encode(),
        json.dumps(good | {"dalil_capture": 9}).encode(),
        json.dumps(good | {"seen_at": "2026-05-17T14:20:00"}).encode(),
        json.dumps(good | {"account_kind": "friend"}).encode(),
        json.dumps(good | {"platform": "//"}).encode(),
        b"{broken",
        b'{"dalil_capture":1,"x":' + b"[" * 10_000 + b"]" * 10_000 + b"}",
        b"\xff",
        b"",
    ]
    path = tmp_path / "f"
    path.write_bytes(b"\n".join(lines))
    found = sources_files.items(HandCapture(), path)
    assert [code for _, code in sources_files.rejects(found)] == [
        *(
            "version-unknown",
            "time-without-zone",
            "shape-unknown",
            "platform-unknown",
            "json-broken",
            "nested-too-deep",
        ),
        "json-broken",
    ]
    assert len(sources_files.records(found)) == 1


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
    st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
    st.sampled_from(["page", "group", "channel", "outlet", "person"]),
)
def test_whatever_is_entered_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, text: str, address: str | None, kind: str
) -> None:
    folder = tmp_path_factory.mktemp("captures")
    try:
        writing.make(folder, platform="facebook", seen_at=SEEN, text=text, address=address, account_kind=kind)
    except InputError:
        return
    found = sources_files.items(HandCapture(), folder / "captures.jsonl")
    assert sources_files.rejects(found) == []
    assert len(sources_files.records(found)) == 1
