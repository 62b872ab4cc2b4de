"""TikTok as its web client gets it: two shapes of author, sounds, marks, and what must not be kept."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sources_files
import sources_x_files as x
from hypothesis import given, settings
from hypothesis import strategies as st

from dalil.schema.identity import keyed_hash
from dalil.schema.records import Label, Metric, Post
from dalil.schema.words import EdgeType, IdQuality, MetricBasis, Visibility, ZoneBasis
from dalil.sources.formats.tiktok_zeeschuimer.importer import TikTokZeeschuimer
from dalil.sources.importer import Ignored, Item, Quarantined, Record

NEWS, HIDDEN = x.clip_author(655, "sahlara.today"), x.clip_author(9007, "hidden.one")
CAPTURED = datetime(2026, 5, 11, 15, 38, 20, 123000, tzinfo=UTC)


def read(folder: Path, *values: object, platform: str = "tiktok.com") -> list[Item]:
    path = x.lines(folder / "f.ndjson", [x.envelope(value, platform) for value in values])
    return sources_files.items(TikTokZeeschuimer(), path, public=(x.CLIP_NEWS,))


def one(folder: Path, value: object) -> tuple[Record, Post]:
    record = sources_files.records(read(folder, value), included=False)[0]
    assert record.post is not None
    return record, record.post


def hashed(scheme: str, value: str) -> str:
    return "h:" + keyed_hash(sources_files.KEY, "tiktok", scheme, value)


# posts


def test_a_public_clip(tmp_path: Path) -> None:
    record, post = one(
        tmp_path, x.tiktok(7000, NEWS, "The bridge stands. #telnahr", textLanguage="en", locationCreated="XS")
    )
    assert (post.uid, post.uri) == ("tiktok:7000", "https://www.tiktok.com/@sahlara.today/video/7000")
    assert post.author_ref == "tiktok:655"
    assert post.created_at == datetime(2026, 5, 11, 15, 34, 16, tzinfo=UTC)
    assert post.created_zone_basis is ZoneBasis.EPOCH
    assert post.visibility is Visibility.PUBLIC
    assert post.state_at == CAPTURED
    assert (post.lang, post.geo) == ("en", "XS")
    assert post.hashtags == ("telnahr",)
    assert record.author_public
    assert [edge.type for edge in record.edges] == [EdgeType.ALIAS]


def test_a_private_persons_clip(tmp_path: Path) -> None:
    record, post = one(tmp_path, x.tiktok(7000, HIDDEN, "words"))
    assert post.uid == "tiktok:" + hashed("post", "7000")
    assert post.author_ref == "tiktok:" + hashed("account", "9007")
    assert post.id_quality is IdQuality.HASHED
    assert post.uri is None
    assert record.edges == ()
    assert {pseudonym for pseudonym, _ in record.locators} >= {post.uid, post.author_ref}


@pytest.mark.parametrize(
    ("author", "more", "wanted"),
    [
        (NEWS, {}, "tiktok:655"),
        ("sahlara.today", {"authorId": "655", "nickname": "Name"}, "tiktok:655"),
        ("sahlara.today", {"nickname": "Name"}, "tiktok:@sahlara.today"),
        (HIDDEN, {}, "account 9007"),
        ("hidden.one", {"authorId": "9007"}, "account 9007"),
        ("hidden.one", {"authorId": "0"}, "handle hidden.one"),
        ("hidden.one", {}, "handle hidden.one"),
        ({"id": "", "uniqueId": "hidden.one"}, {}, "handle hidden.one"),
        ({}, {}, None),
        ("", {}, None),
        (None, {}, None),
    ],
)
def test_the_author_is_an_object_or_a_string(
    tmp_path: Path, author: object, more: dict[str, Any], wanted: str | None
) -> None:
    _, post = one(tmp_path, x.tiktok(7000, author, "words", **more))
    if wanted and " " in wanted:
        wanted = "tiktok:" + hashed(*wanted.split())
    assert post.author_ref == wanted


def test_the_time_may_be_a_string_or_nonsense(tmp_path: Path) -> None:
    assert one(tmp_path, x.tiktok(1, NEWS, "x", createTime="1778513656"))[1].created_at is not None
    for wrong in ("soon", None, 1e300, -1e300):
        _, post = one(tmp_path, x.tiktok(1, NEWS, "x", createTime=wrong))
        assert post.created_at is None
        assert post.created_zone_basis is ZoneBasis.UNKNOWN


def test_counts_and_their_exact_strings(tmp_path: Path) -> None:
    _, post = one(
        tmp_path, x.tiktok(1, NEWS, "x", statsV2={"playCount": "1234567", "repostCount": "8", "diggCount": None})
    )
    assert post.metrics == (
        Metric("likes", None, CAPTURED),
        Metric("replies", 0, CAPTURED),
        Metric("shares", 3, CAPTURED),
        Metric("bookmarks", 2, CAPTURED),
        Metric("reposts", 8, CAPTURED),
        Metric("views", 1234567, CAPTURED),
    )
    assert one(tmp_path, x.tiktok(1, NEWS, "x", stats=None))[1].metrics == ()


def test_labels_of_the_platform(tmp_path: Path) -> None:
    _, post = one(tmp_path, x.tiktok(1, NEWS, "x", isAd=True, warnInfo=[{"text": "Sensitive, see @hidden.one"}, {}]))
    warning, ad = post.labels_by_platform
    assert warning.value.startswith("Sensitive, see @h:")
    assert ad == Label("tiktok", "ad")


@pytest.mark.parametrize(
    "more",
    [
        {"privateItem": True},
        {"secret": True},
        {"forFriend": True},
        {"author": x.clip_author(9007, "hidden.one", privateAccount=True)},
        {"author": x.clip_author(9007, "hidden.one", secret=True)},
    ],
)
def test_what_only_some_may_see_is_counted_and_not_read(tmp_path: Path, more: dict[str, Any]) -> None:
    assert read(tmp_path, x.tiktok(7000, HIDDEN, "private words") | more) == [Quarantined("not-public")]


# media and sounds


def test_no_signed_address_is_kept(tmp_path: Path) -> None:
    record, post = one(tmp_path, x.tiktok(7000, NEWS, "x"))
    assert all(ref.source_url is None for ref in post.media)
    for secret in (b"secretsigned", b"secretsecuid", b"original sound", b"hidden.one", b"Secretbrowser"):
        assert secret not in record.raw


def test_a_clip_is_its_video_and_its_sound(tmp_path: Path) -> None:
    _, post = one(tmp_path, x.tiktok(7000, NEWS, "x", stickersOnItem=[{"stickerText": ["It fell", "@hidden.one"]}]))
    video, sound = post.media
    assert (video.native_key, video.width, video.height, video.duration_s) == ("7000", 576, 1024, 15.0)
    assert video.alt_text is not None
    assert video.alt_text.startswith("It fell @h:")
    assert sound.native_key == "sound:" + hashed("sound", "7001")


def test_one_sound_has_one_key_whoever_uses_it(tmp_path: Path) -> None:
    keys = {one(tmp_path, x.tiktok(n, by, "x"))[1].media[-1].native_key for n, by in ((1, NEWS), (2, HIDDEN))}
    assert len(keys) == 1


def test_a_sound_of_the_library_keeps_its_id(tmp_path: Path) -> None:
    music = {"id": "7001", "title": "A song", "authorName": "A band", "original": False, "duration": 30}
    record, post = one(tmp_path, x.tiktok(7000, HIDDEN, "x", music=music))
    assert post.media[-1].native_key == "sound:7001"
    assert b"A band" not in record.raw


@pytest.mark.parametrize("music", [None, {}, {"id": ""}, {"id": "0"}])
def test_a_clip_may_have_no_sound(tmp_path: Path, music: object) -> None:
    record, post = one(tmp_path, x.tiktok(7000, NEWS, "x", music=music))
    assert len(post.media) == 1
    assert json.loads(record.raw)["item"].get("music") in (None, {})


def test_pictures_are_one_post(tmp_path: Path) -> None:
    images = {"images": [{"imageWidth": 10, "imageHeight": 20, "imageURL": {"urlList": ["https://secretsigned"]}}] * 3}
    record, post = one(tmp_path, x.tiktok(7000, NEWS, "x", imagePost=images))
    assert [ref.native_key for ref in post.media[:3]] == ["7000#0", "7000#1", "7000#2"]
    assert b"secretsigned" not in record.raw
    _, private = one(tmp_path, x.tiktok(7000, HIDDEN, "x", imagePost=images))
    assert private.media[0].native_key == hashed("media", "7000") + "#0"


# marks


def marks(*extra: dict[str, Any]) -> dict[str, Any]:
    return {"textExtra": list(extra), "challenges": []}


@pytest.mark.parametrize(("start", "end"), [(5, 16), (4, 15)])
def test_positions_count_utf16_units_or_code_points(tmp_path: Path, start: int, end: int) -> None:
    text = "a 😀 @hidden.one b"
    extra = {"start": start, "end": end, "userId": "9007", "userUniqueId": "hidden.one"}
    record, post = one(tmp_path, x.tiktok(1, NEWS, text, **marks(extra)))
    [span] = post.spans
    assert post.text[span.start : span.end] == span.target == "@" + hashed("account", "9007")
    assert post.text.startswith("a 😀 @h:")
    assert [edge.dst_uid for edge in record.edges if edge.type is EdgeType.MENTION] == [
        "tiktok:" + hashed("account", "9007")
    ]


def test_a_mention_by_display_name_is_replaced_too(tmp_path: Path) -> None:
    text = "with @Hidden Person today"
    extra = {"start": 5, "end": 19, "userId": "9007", "userUniqueId": "hidden.one"}
    record, post = one(tmp_path, x.tiktok(1, NEWS, text, **marks(extra)))
    assert post.text == f"with @{hashed('account', '9007')} today"
    assert b"Person" not in record.raw


def test_a_mention_by_id_alone(tmp_path: Path) -> None:
    extra = {"start": 5, "end": 19, "userId": "9007", "userUniqueId": ""}
    _, post = one(tmp_path, x.tiktok(1, NEWS, "with @Hidden Person today", **marks(extra)))
    assert post.mentions == ("@" + hashed("account", "9007"),)
    assert "Person" not in post.text


def test_a_public_mention_stays(tmp_path: Path) -> None:
    extra = {"start": 3, "end": 17, "userId": "655", "userUniqueId": "sahlara.today"}
    _, post = one(tmp_path, x.tiktok(1, HIDDEN, "by @sahlara.today", **marks(extra)))
    assert post.text == "by @sahlara.today"
    assert post.mentions == ("@sahlara.today",)


def test_a_mark_that_is_not_where_it_says_is_doubted(tmp_path: Path) -> None:
    for place in (
        {"start": 90, "end": 99},
        {"start": 5, "end": 2},
        {"start": None, "end": "x"},
        {"start": 0, "end": 3},
    ):
        record, post = one(tmp_path, x.tiktok(1, NEWS, "the #bridge", **marks({"hashtagName": "bridge"} | place)))
        assert post.spans == ()
        assert post.hashtags == ("bridge",)
        assert [warning.code for warning in record.warnings] == ["span-wrong"]


def test_hashtags_come_from_marks_challenges_or_the_text(tmp_path: Path) -> None:
    extra = {"start": 4, "end": 11, "hashtagName": "bridge"}
    both = x.tiktok(1, NEWS, "the #bridge", textExtra=[extra])
    assert one(tmp_path, both)[1].hashtags == ("bridge", "telnahr")
    assert one(tmp_path, x.tiktok(1, NEWS, "the #bridge #nahr", **marks()))[1].hashtags == ("bridge", "nahr")


def test_a_duet_points_at_the_post_beside_it(tmp_path: Path) -> None:
    record, _ = one(tmp_path, x.tiktok(7000, NEWS, "x", duetInfo={"duetFromId": "6999"}))
    assert [edge.dst_uid for edge in record.edges if edge.type is EdgeType.QUOTE] == [
        "tiktok:" + hashed("post", "6999")
    ]
    assert b"6999" not in record.raw
    assert not any(edge.type is EdgeType.QUOTE for edge in one(tmp_path, x.tiktok(1, NEWS, "x"))[0].edges)


# accounts


def test_a_public_account_keeps_what_it_says_of_itself(tmp_path: Path) -> None:
    [record] = sources_files.records(read(tmp_path, x.tiktok(1, NEWS, "x")), "account")
    [account] = record.accounts
    assert (account.uid, account.handle, account.display_name) == (
        "tiktok:655",
        "sahlara.today",
        "Name of sahlara.today",
    )
    assert account.description is not None
    assert "somebody" not in account.description
    assert {metric.name: metric.value for metric in account.counts} == {
        "followers": 12345,
        "following": 7,
        "posts": 5,
        "likes": 99,
    }
    assert record.included


def test_a_private_account_keeps_rounded_counts(tmp_path: Path) -> None:
    [record] = sources_files.records(read(tmp_path, x.tiktok(1, HIDDEN, "x")), "account")
    [account] = record.accounts
    assert {metric.name: metric.value for metric in account.counts} == {
        "followers": 10000,
        "following": 0,
        "posts": 0,
        "likes": 90,
    }
    assert all(metric.basis is MetricBasis.ROUNDED for metric in account.counts)
    assert b"hidden.one" not in record.raw


def test_an_account_of_which_nothing_is_told_is_no_record(tmp_path: Path) -> None:
    found = read(tmp_path, x.tiktok(1, "hidden.one", "x"), x.tiktok(2, HIDDEN, "x", authorStats=None))
    assert sources_files.records(found, "account") == []


def test_the_same_account_twice_is_given_once(tmp_path: Path) -> None:
    found = read(tmp_path, x.tiktok(1, HIDDEN, "x"), x.tiktok(2, HIDDEN, "y"), x.tiktok(3, NEWS, "z"))
    assert len(sources_files.records(found, "account")) == 2


# damage


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({}, "shape-unknown"),
        ([], "shape-unknown"),
        ({"id": "abc", "desc": "x"}, "id-unreadable"),
        ({"id": "", "desc": "x"}, "id-unreadable"),
        ({"id": "1", "desc": 5}, "shape-unknown"),
        ({"id": "1", "stats": {"diggCount": []}}, "shape-unknown"),
    ],
)
def test_what_is_no_clip_is_a_reject(tmp_path: Path, value: object, code: str) -> None:
    found = read(tmp_path, value, x.tiktok(1, NEWS, "x"))
    assert sources_files.rejects(found) == [("line 1", code)]
    assert len(sources_files.records(found, "post")) == 1


def test_a_rounded_id_is_flagged(tmp_path: Path) -> None:
    record, post = one(tmp_path, x.tiktok(1, NEWS, "x") | {"id": 7.1e18})
    assert post.id_quality is IdQuality.ROUNDED
    assert [warning.code for warning in record.warnings] == ["id-rounded"]


def test_items_of_another_platform_are_counted(tmp_path: Path) -> None:
    assert read(tmp_path, x.tiktok(1, NEWS, "x"), platform="tiktok-comments") == [Ignored("other-platform")]


WORDS = st.lists(st.sampled_from(["a ", "😀", "@hidden.one", "#tag", "تل ", "@Hidden Person", "\n"]), max_size=8)


@given(words=WORDS, start=st.integers(-3, 60), length=st.integers(-3, 30), tag=st.booleans())
@settings(max_examples=120, deadline=None)
def test_marks_anywhere_never_leave_the_text(
    tmp_path_factory: pytest.TempPathFactory, words: list[str], start: int, length: int, tag: bool
) -> None:
    extra: dict[str, Any] = {"start": start, "end": start + length}
    extra |= {"hashtagName": "tag"} if tag else {"userId": "9007", "userUniqueId": "hidden.one"}
    record, post = one(tmp_path_factory.getbasetemp(), x.tiktok(1, NEWS, "".join(words), **marks(extra)))
    assert "hidden.one" not in post.text
    assert b"hidden.one" not in record.raw
    for span in post.spans:
        assert 0 <= span.start <= span.end <= len(post.text)
