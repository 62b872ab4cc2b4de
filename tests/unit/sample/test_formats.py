"""The captures are what the platforms' own exports look like: they parse, add up, and point where they say."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest

from dalil.sample.clock import NOW, START
from dalil.sample.format_crowdtangle import REACTIONS
from dalil.sample.format_telegram import NOT_INCLUDED, OLD_OFFSET, POISON
from dalil.sample.script import CaptureNote
from dalil.sample.truthfile import Truth
from dalil.sample.writing import SampleWeek

PLATFORM_HOSTS = {"x.com", "t.co", "pbs.twimg.com", "api.twitter.com", "www.facebook.com", "t.me"}


def files(week: SampleWeek, name: str) -> list[Path]:
    found = sorted(week.folder.glob(f"captures/*/{name}"))
    assert found
    return found


def responses(week: SampleWeek) -> Iterator[dict[str, Any]]:
    for path in files(week, "tweets.jsonl"):
        for line in path.read_text("utf-8").splitlines():
            yield json.loads(line)


def test_captures_lie_in_the_past_and_are_noted_beside_never_inside(sample_week: SampleWeek) -> None:
    assert 40 <= len(sample_week.captures) <= 60
    assert [c.captured_at for c in sample_week.captures] == sorted(c.captured_at for c in sample_week.captures)
    for capture in sample_week.captures:
        assert START <= capture.captured_at <= NOW
        assert capture.path.exists()
    notes = sorted((sample_week.folder / "captures").glob("*.capture.json"))
    assert len(notes) == len(sample_week.captures)
    assert not list(sample_week.folder.glob("captures/*/**/*.capture.json"))
    for note in notes:
        read = msgspec.json.decode(note.read_bytes(), type=CaptureNote)
        assert (note.parent / read.path).exists()


def test_every_response_is_whole(sample_week: SampleWeek) -> None:
    for page in responses(sample_week):
        users = {user["id"] for user in page.get("includes", {}).get("users", [])}
        media = {item["media_key"] for item in page.get("includes", {}).get("media", [])}
        tweets = {item["id"] for item in page.get("includes", {}).get("tweets", [])}
        lost = {error["resource_id"] for error in page.get("errors", [])}
        for tweet in page.get("data", []):
            assert tweet["author_id"] in users
            assert set(tweet.get("attachments", {}).get("media_keys", [])) <= media
            assert {r["id"] for r in tweet.get("referenced_tweets", [])} <= tweets | lost
            assert len(tweet["text"]) <= 400


def test_entities_stand_where_they_say(sample_week: SampleWeek) -> None:
    seen = 0
    for page in responses(sample_week):
        for tweet in page.get("data", []):
            for url in tweet.get("entities", {}).get("urls", []):
                assert tweet["text"][url["start"] : url["end"]] == url["url"]
                seen += 1
            for mention in tweet.get("entities", {}).get("mentions", []):
                assert tweet["text"][mention["start"] : mention["end"]] == "@" + mention["username"]
    assert seen > 500


def test_deleted_posts_come_back_as_errors_and_edits_as_new_ids(sample_week: SampleWeek, truth: Truth) -> None:
    gone = {e["resource_id"] for page in responses(sample_week) for e in page.get("errors", [])}
    deleted = {p.post.native_id for p in truth.posts if p.post.platform == "x" and p.deleted_at and len(p.captures) > 0}
    assert len(gone & deleted) > 20
    assert gone <= {p.post.native_id for p in truth.posts if p.deleted_at}
    edited = [
        t for page in responses(sample_week) for t in page.get("data", []) if len(t["edit_history_tweet_ids"]) > 1
    ]
    assert edited
    assert {t["id"] for t in edited} <= {p.edited_id for p in truth.posts}


def test_an_overlap_brings_the_same_records_again(sample_week: SampleWeek) -> None:
    seen: dict[str, set[str]] = {}
    for page in responses(sample_week):
        for tweet in page.get("data", []):
            seen.setdefault(tweet["id"], set()).add(json.dumps(tweet, sort_keys=True))
    total = sum(1 for page in responses(sample_week) for _ in page.get("data", []))
    changed = sum(len(forms) > 1 for forms in seen.values())
    assert total > len(seen)
    assert 0 < changed < len(seen) / 3


def number(text: str, *, german: bool) -> int:
    return int(text.replace(".", "") if german else text.replace(",", ""))


@pytest.mark.parametrize("name", ["pages.csv", "groups.csv"])
def test_crowdtangle_tables_have_their_quirks_and_add_up(sample_week: SampleWeek, name: str) -> None:
    german = name == "groups.csv"
    zones, rows = set(), 0
    for path in files(sample_week, name):
        data = path.read_bytes()
        assert data.startswith(b"\xef\xbb\xbf") is not german
        for row in csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")):
            parts = sum(number(row[part], german=german) for part in REACTIONS)
            assert number(row["Total Interactions"], german=german) == parts
            assert row["Facebook Id"].endswith("\t") is german
            zones.add(row["Post Created"].rsplit(" ", 1)[1])
            assert row["URL"].startswith("https://www.facebook.com/")
            assert None not in row.values()
            rows += 1
    assert zones == {"EDT", "EST", "BRT"}
    assert rows > 500


def exports(week: SampleWeek) -> list[tuple[Path, dict[str, Any]]]:
    return [(path.parent, json.loads(path.read_text("utf-8"))) for path in files(week, "result.json")]


def test_telegram_exports_hold_photos_lists_edits_and_service_messages(sample_week: SampleWeek) -> None:
    texts, absent, photos, edited, service = 0, 0, 0, 0, 0
    for folder, export in exports(sample_week):
        for chat in export.get("chats", {}).get("list", []):
            for message in chat["messages"]:
                local = datetime.fromisoformat(message["date"]) - timedelta(hours=3)
                assert local.replace(tzinfo=UTC).timestamp() == int(message["date_unixtime"]) or POISON in str(message)
                texts += isinstance(message["text"], list)
                absent += message.get("photo") == NOT_INCLUDED
                edited += "edited_unixtime" in message
                service += message["type"] == "service"
                if message.get("photo", NOT_INCLUDED) != NOT_INCLUDED:
                    photos += 1
                    assert (folder / message["photo"]).stat().st_size == message["photo_file_size"]
    assert min(texts, absent, photos, edited, service) > 5


def test_message_ids_rise_within_a_chat(sample_week: SampleWeek) -> None:
    for _, export in exports(sample_week):
        for chat in export.get("chats", {}).get("list", []):
            ids = [message["id"] for message in chat["messages"] if message["type"] == "message"]
            assert ids == sorted(set(ids))


def test_the_old_export_has_offset_ids_and_no_epoch(sample_week: SampleWeek, truth: Truth) -> None:
    old = [export for _, export in exports(sample_week) if "messages" in export]
    assert len(old) == 1
    assert old[0]["id"] > OLD_OFFSET
    known = {p.post.native_id for p in truth.posts}
    for message in old[0]["messages"]:
        assert "date_unixtime" not in message
        assert f"{old[0]['id'] - OLD_OFFSET}/{message['id']}" in known


def test_what_no_reader_may_read_stands_only_where_it_may_not_look(sample_week: SampleWeek, truth: Truth) -> None:
    assert truth.never_stored == (POISON,)
    for _, export in exports(sample_week):
        chats = export.get("chats", {}).get("list", [])
        public = [chat for chat in chats if chat["type"] in ("public_channel", "public_supergroup")]
        assert POISON not in json.dumps(public, ensure_ascii=False)
        if chats:
            assert POISON in json.dumps(export["personal_information"])


def test_hand_captures_name_their_screenshots_by_hash(sample_week: SampleWeek, truth: Truth) -> None:
    known = {file.sha256 for file in truth.files}
    lines = 0
    for path in files(sample_week, "captures.jsonl"):
        for line in path.read_text("utf-8").splitlines():
            capture = json.loads(line)
            assert capture["dalil_capture"] == 1
            assert datetime.fromisoformat(capture["seen_at"]) > datetime.fromisoformat(capture["posted_at"])
            if "screenshot" in capture:
                assert capture["screenshot"] in known
                assert (path.parent / capture["screenshot"]).exists()
            lines += 1
    assert lines >= 40


def test_no_address_leads_to_anybody(sample_week: SampleWeek) -> None:
    """Only reserved `.example` hosts, and the platforms' own where their formats carry them."""
    hosts: dict[str, int] = {}
    for path in sample_week.folder.rglob("*"):
        if path.suffix in (".json", ".jsonl", ".csv"):
            for address in re.findall(r"https?://[^\s\"\\,<>]+", path.read_text("utf-8")):
                host = urlsplit(address).hostname or ""
                hosts[host] = hosts.get(host, 0) + 1
    wrong = [host for host in hosts if not host.endswith(".example") and host not in PLATFORM_HOSTS]
    assert wrong == []
    assert hosts["x.com"] > 100
