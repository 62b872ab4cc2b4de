"""yt-dlp: one long object in two passes; headers, cookies and signed addresses never; other places than YouTube."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sources_files
import sources_networks as made

from dalil.schema.chunks import PublicAccount
from dalil.schema.records import Metric, Post
from dalil.schema.words import EdgeType, IdQuality, Precision, State, Visibility, ZoneBasis
from dalil.sources.formats.yt_dlp.importer import YtDlp
from dalil.sources.importer import Ignored, Item, Quarantined, Record

VIDEO = "gQ_1zX-F_No"
CHANNEL = "UCsahlaratoday0000000000"
SEEN = datetime.fromtimestamp(1778600000, UTC)


def read(tmp_path: Path, info: object, **more: Any) -> list[Item]:
    return sources_files.items(YtDlp(), made.write_json(tmp_path / "a.info.json", info), **more)


def one(tmp_path: Path, info: object, **more: Any) -> tuple[Record, Post]:
    record = sources_files.records(read(tmp_path, info, **more), "post", included=False)[0]
    assert record.post is not None
    return record, record.post


def comments(tmp_path: Path, *given: object, **more: Any) -> list[Record]:
    return sources_files.records(read(tmp_path, made.dl_info(VIDEO, given, **more)), "post", included=True)


def elsewhere(**more: object) -> dict[str, Any]:
    given: dict[str, Any] = {
        "extractor": "TikTok",
        "extractor_key": "TikTok",
        "uploader_id": "9007001777",
        "uploader": "hidden_one",
        "channel": "hidden person",
        "channel_id": "MS4hidden",
        "webpage_url": "https://www.tiktok.com/@hidden_one/video/9007001",
    }
    return made.dl_info("9007001", **(given | more))


def test_a_video_of_youtube(tmp_path: Path) -> None:
    record, post = one(tmp_path, made.dl_info(VIDEO))
    assert post.uid == f"youtube:{VIDEO}"
    assert post.author_ref == f"youtube:{CHANNEL}"
    assert record.author_public
    assert post.text == "The bridge at Tel Nahr\n\nIt stands. #bridge"
    assert post.created_at == datetime.fromtimestamp(1778513656, UTC)
    assert post.created_zone_basis is ZoneBasis.EPOCH
    assert post.state_at == SEEN
    assert post.visibility is Visibility.PUBLIC
    assert {metric.name: metric.value for metric in post.metrics} == {"views": 1200, "likes": 7, "comments": 0}
    assert {metric.at for metric in post.metrics} == {SEEN}
    assert post.media[0].duration_s == 63.0


def test_when_it_was_looked_at_is_not_in_the_raw_record(tmp_path: Path) -> None:
    first, _ = one(tmp_path, made.dl_info(VIDEO, epoch=1778600000))
    later, post = one(tmp_path, made.dl_info(VIDEO, epoch=1778700000))
    assert first.raw == later.raw
    assert post.state_at == datetime.fromtimestamp(1778700000, UTC)


def test_secrets_of_the_collector_are_never_read(tmp_path: Path) -> None:
    found = sources_files.records(read(tmp_path, made.dl_info(VIDEO, [made.dl_comment("Ugx1", "words")])))
    shown = repr([(record.post, record.accounts) for record in found]) + "".join(
        record.raw.decode() for record in found
    )
    for secret in (
        "secretsignature",
        "secretcookie",
        "secretagent",
        "secretowner",
        "203.0.113.9",
        "googlevideo",
        "2026.05.01",
    ):
        assert secret not in shown


def test_the_channel_comes_along_with_its_followers_then(tmp_path: Path) -> None:
    [account] = sources_files.records(read(tmp_path, made.dl_info(VIDEO)), "account")
    [shown] = account.accounts
    assert (shown.uid, shown.handle, shown.display_name) == (f"youtube:{CHANNEL}", "sahlaratoday", "Sahlara Today")
    assert shown.counts == (Metric("followers", 4321, SEEN),)


def test_a_day_is_a_day(tmp_path: Path) -> None:
    info = made.dl_info(VIDEO)
    del info["timestamp"]
    _, post = one(tmp_path, info)
    assert post.created_at == datetime(2026, 5, 11, tzinfo=UTC)
    assert (post.created_precision, post.created_zone_basis) == (Precision.DAY, ZoneBasis.UNKNOWN)
    _, broken = one(tmp_path, info | {"upload_date": "20261399"})
    assert broken.created_at is None
    _, released = one(tmp_path, info | {"release_timestamp": 1778513000})
    assert released.created_at == datetime.fromtimestamp(1778513000, UTC)


@pytest.mark.parametrize("availability", ["private", "unlisted", "subscriber_only", "premium_only"])
def test_what_is_not_public_is_counted_with_its_comments(tmp_path: Path, availability: str) -> None:
    info = made.dl_info(VIDEO, [made.dl_comment("Ugx1", "words")], availability=availability)
    assert read(tmp_path, info) == [Quarantined("not-public"), Quarantined("not-public", included=True)]


def test_availability_that_is_not_known_is_not_public_knowledge(tmp_path: Path) -> None:
    _, post = one(tmp_path, made.dl_info(VIDEO, availability=None))
    assert post.visibility is Visibility.UNKNOWN


def test_comments_are_included_and_answer_the_video_or_each_other(tmp_path: Path) -> None:
    top = made.dl_comment("Ugxhidden1", "no, it fell @hidden_two")
    reply = made.dl_comment("Ugxhidden1.2", "yes", parent="Ugxhidden1", author_id="UChiddenperson0000000002")
    first, second = comments(tmp_path, top, reply)
    assert (first.edges[0].type, first.edges[0].dst_uid) == (EdgeType.REPLY, f"youtube:{VIDEO}")
    assert second.edges[0].dst_uid == first.uid
    assert first.post is not None
    assert first.post.thread_root == f"youtube:{VIDEO}"
    assert first.author_ref != second.author_ref
    shown = repr((first.post, second.post)) + first.raw.decode() + second.raw.decode()
    assert "hidden" not in shown


def test_a_comment_s_time_is_worked_out_from_words_and_right_to_a_day(tmp_path: Path) -> None:
    [record] = comments(tmp_path, made.dl_comment("Ugx1", "words"))
    assert record.post is not None
    assert record.post.created_at == datetime(2026, 5, 10, tzinfo=UTC)
    assert (record.post.created_precision, record.post.created_zone_basis) == (Precision.DAY, ZoneBasis.UNKNOWN)
    assert [warning.code for warning in record.warnings] == ["time-relative"]


def test_the_uploader_s_own_comment_is_public(tmp_path: Path) -> None:
    [record] = comments(tmp_path, made.dl_comment("Ugx1", "ours", author_is_uploader=True, author_id=CHANNEL))
    assert record.uid == "youtube:Ugx1"
    assert record.author_public


def test_fields_after_the_comments_are_known_before_them(tmp_path: Path) -> None:
    info = made.dl_info(VIDEO, [made.dl_comment("Ugx1", "words")])
    moved = {"comments": info.pop("comments")} | info
    whole = sources_files.records(read(tmp_path, made.dl_info(VIDEO, [made.dl_comment("Ugx1", "words")])))
    assert [record.raw for record in sources_files.records(read(tmp_path, moved))] == [record.raw for record in whole]


def test_a_broken_comment_loses_only_itself(tmp_path: Path) -> None:
    found = read(
        tmp_path, made.dl_info(VIDEO, [{"id": []}, made.dl_comment("", "x"), made.dl_comment("Ugx1", "words")])
    )
    assert sources_files.rejects(found) == [
        ("value 1 comments[0]", "shape-unknown"),
        ("value 1 comments[1]", "id-unreadable"),
    ]
    assert len(sources_files.records(found, "post")) == 2


def test_comments_without_a_video_are_counted(tmp_path: Path) -> None:
    found = read(
        tmp_path, {"id": "no such id!", "extractor_key": "Youtube", "comments": [made.dl_comment("Ugx1", "words")]}
    )
    assert sources_files.rejects(found) == [("value 1", "id-unreadable")]
    assert [item for item in found if isinstance(item, Ignored)] == [Ignored("comment-of-nothing")]


def test_a_playlist_is_read_entry_by_entry(tmp_path: Path) -> None:
    entries = [
        made.dl_info(VIDEO, [made.dl_comment("Ugx1", "words")]),
        None,
        made.dl_info("otherVideo1", availability="private"),
    ]
    found = read(
        tmp_path,
        {"_type": "playlist", "id": "PLx", "title": "hidden list", "entries": entries, "extractor_key": "YoutubeTab"},
    )
    assert [item.code for item in found if isinstance(item, Ignored | Quarantined)] == [
        "playlist-head",
        "entry-empty",
        "not-public",
    ]
    assert len(sources_files.records(found, "post", included=False)) == 1
    assert len(sources_files.records(found, "post", included=True)) == 1
    assert "hidden list" not in repr(found)


def test_a_broken_entry_loses_only_itself(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        {
            "_type": "playlist",
            "id": "PLx",
            "entries": [5, {"id": []}, made.dl_info(VIDEO)],
            "extractor_key": "YoutubeTab",
        },
    )
    assert [code for _, code in sources_files.rejects(found)] == ["shape-unknown", "shape-unknown"]
    assert len(sources_files.records(found, "post")) == 1


def test_one_video_a_line(tmp_path: Path) -> None:
    path = made.write_lines(tmp_path / "a.jsonl", [made.dl_info(VIDEO), made.dl_info("otherVideo1")])
    path.write_bytes(path.read_bytes() + b"[1,2]\n")
    found = sources_files.items(YtDlp(), path)
    assert [record.uid for record in sources_files.records(found, "post")] == [
        f"youtube:{VIDEO}",
        "youtube:otherVideo1",
    ]
    assert sources_files.rejects(found) == [("value 3", "shape-unknown")]


def test_a_cut_file_keeps_the_comments_that_are_whole(tmp_path: Path) -> None:
    given = [made.dl_comment(f"Ugx{n}", f"words {n}") for n in range(5)]
    text = json.dumps(made.dl_info(VIDEO, given))
    path = tmp_path / "a.json"
    path.write_text(text[: text.index("words 3")], encoding="utf-8")
    found = sources_files.items(YtDlp(), path)
    whole = {record.raw for record in comments(tmp_path, *given)}
    kept = {record.raw for record in sources_files.records(found, "post")}
    assert len(kept) == 3
    assert kept < whole
    assert [code for _, code in sources_files.rejects(found)] == ["json-truncated", "json-truncated"]


def test_of_a_file_that_ends_before_it_says_where_it_is_from_nothing_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"id":"gQ_1zX-F_No","comments":[{"id":"Ugx1","text":"words"},', encoding="utf-8")
    found = sources_files.items(YtDlp(), path)
    assert sources_files.records(found) == []
    assert Ignored("comment-of-nothing") in found


def test_a_video_of_another_place_is_by_a_private_person(tmp_path: Path) -> None:
    record, post = one(tmp_path, elsewhere(description="by @hidden_two"))
    assert post.platform == "tiktok"
    assert post.uid.startswith("tiktok:h:")
    assert (post.uri, post.id_quality) == (None, IdQuality.HASHED)
    assert post.media[0].source_url is None
    shown = repr(post) + record.raw.decode()
    for secret in ("hidden", "9007001", "MS4"):
        assert secret not in shown


def test_a_known_uploader_elsewhere_is_public(tmp_path: Path) -> None:
    known = [PublicAccount(platform="tiktok", native_id="9007001777")]
    record, post = one(tmp_path, elsewhere(), public=known)
    assert post.uid == "tiktok:9007001"
    assert post.uri == "https://www.tiktok.com/@hidden_one/video/9007001"
    assert record.author_ref == "tiktok:9007001777"
    assert post.media[0].source_url == post.uri


@pytest.mark.parametrize(
    ("key", "platform"),
    [
        *(("Youtube", "youtube"), ("YoutubeTab", "youtube"), ("Twitter", "x"), ("TikTok", "tiktok")),
        *(("Facebook", "facebook"), ("Instagram", "instagram"), ("TelegramEmbed", "telegram"), ("Rutube", "rutube")),
        *(("generic", "generic"), ("!!", "web"), ("", "youtube")),
    ],
)
def test_the_place_is_told_by_the_extractor(tmp_path: Path, key: str, platform: str) -> None:
    _, post = one(tmp_path, made.dl_info("abcdefgh", extractor_key=key, extractor=key.lower()))
    assert post.platform == platform


def test_comments_elsewhere_are_hashed_and_their_times_are_as_given(tmp_path: Path) -> None:
    info = elsewhere(comments=[made.dl_comment("9007001005", "words of @hidden_two", timestamp=1778427256)])
    [record] = sources_files.records(read(tmp_path, info), "post", included=True)
    assert record.post is not None
    assert record.post.created_at == datetime.fromtimestamp(1778427256, UTC)
    assert record.post.created_zone_basis is ZoneBasis.EPOCH
    assert record.uid.startswith("tiktok:h:")
    assert record.edges[0].dst_uid == record.post.thread_root
    assert record.post.state is State.LIVE
    assert "hidden" not in repr(record.post) + record.raw.decode()


def test_null_counts_are_not_counts(tmp_path: Path) -> None:
    _, post = one(tmp_path, made.dl_info(VIDEO, view_count=None, like_count=None))
    assert [metric.name for metric in post.metrics] == ["comments"]


def test_detection_is_by_what_only_yt_dlp_writes() -> None:
    importer = YtDlp()
    assert importer.detect(json.dumps(made.dl_info(VIDEO)).encode()) >= 0.9
    without = made.dl_info(VIDEO)
    del without["formats"]
    assert importer.detect(json.dumps(without).encode()) >= 0.9
    assert importer.detect(b'{"comments":[{"author_is_uploader":false,"parent":"root"}]}') >= 0.5
    assert importer.detect(b'[{"format_id":"1","protocol":"x"}]') == 0
    assert importer.detect(b'{"id":"1","title":"x"}') == 0
