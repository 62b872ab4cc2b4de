"""Facebook's download: words mended, ids derived, the owner and everybody else unnamed; a page's when it is said to be."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sources_files
from hypothesis import given, settings
from hypothesis import strategies as st

from dalil.errors import InputError
from dalil.schema.chunks import PublicAccount
from dalil.schema.records import Post, Url
from dalil.schema.words import IdQuality, State, Visibility, ZoneBasis
from dalil.sources.formats.facebook_download.importer import FacebookDownload
from dalil.sources.importer import Ignored, Item, Limits, Record
from dalil.sources.mojibake import damaged
from dalil.testing.importers import check_record

PAGE = {"options": {"page": "SahlaraToday"}}


def read(tmp_path: Path, *posts: object, **more: Any) -> list[Item]:
    return sources_files.items(
        FacebookDownload(), sources_files.write_json(tmp_path / "your_posts_1.json", list(posts)), **more
    )


def one(tmp_path: Path, post: dict[str, Any], **more: Any) -> tuple[Record, Post]:
    [record] = sources_files.records(read(tmp_path, post, **more))
    assert record.post is not None
    return record, record.post


def test_words_are_mended_and_the_original_kept(tmp_path: Path) -> None:
    _, post = one(tmp_path, sources_files.fb_post(0, "الجسر قائم 😀 #جسر"))
    assert post.text == "الجسر قائم 😀 #جسر"
    assert post.text_raw == damaged("الجسر قائم 😀 #جسر")
    assert post.hashtags == ("جسر",)
    _, post = one(tmp_path, sources_files.fb_post(0, "plain words"))
    assert (post.text, post.text_raw) == ("plain words", None)
    _, post = one(tmp_path, {"timestamp": 1778513656, "data": [{"post": "sound words: الجسر"}]})
    assert (post.text, post.text_raw) == ("sound words: الجسر", None)


def test_words_and_times_are_entries_of_their_own(tmp_path: Path) -> None:
    data = [{"post": "a"}, {"update_timestamp": 1778517256}, {"backdated_timestamp": 1700000000}, {}, {"other": 5}]
    _, post = one(tmp_path, {"timestamp": 1778513656, "data": data})
    assert post.text == "a"
    assert post.created_at == post.server_indexed_at == datetime(2026, 5, 11, 15, 34, 16, tzinfo=UTC)
    assert post.created_zone_basis is ZoneBasis.EPOCH
    assert post.claimed_at == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert (post.state, post.edited_at) == (State.EDITED, datetime(2026, 5, 11, 16, 34, 16, tzinfo=UTC))
    _, post = one(tmp_path, sources_files.fb_post(0, "a"))
    assert (post.state, post.edited_at) == (State.LIVE, None)


def test_a_member_is_nobody(tmp_path: Path) -> None:
    record, post = one(tmp_path, sources_files.fb_post(0, "words"))
    assert (post.author_ref, post.container_ref, post.uri, record.author_public) == (None, None, None, False)
    assert record.uid.startswith("facebook:h:")
    assert (post.id_quality, post.visibility) == (IdQuality.HASHED, Visibility.UNKNOWN)
    assert "Hidden" not in repr(record)
    assert all("Hidden" not in locator for _, locator in record.locators)


def test_nobody_and_nothing_personal_is_in_any_table(tmp_path: Path) -> None:
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts" / "secret_name.png").write_bytes(sources_files.PNG)
    place = [{"data": [{"place": {"name": "Hidden cafe", "address": "Hidden street"}}]}]
    posts = [
        sources_files.fb_post(1, "to @[9007001:2048:Hidden Friend] and @[9007002:Hidden Other], @hidden.person"),
        sources_files.fb_post(2, attachments=sources_files.fb_media("posts/secret_name.png")),
        sources_files.fb_post(3, "here", attachments=place),
    ]
    path = sources_files.write_json(tmp_path / "your_posts_1.json", posts)
    handed = sources_files.child(path)
    shown = b"".join(
        str(handed.rows(name)).encode() for name in ("observations", "posts", "accounts", "edges", "raw", "media")
    )
    for secret in (b"idden", b"9007001", b"9007002", b"203.0.113", b"secret_name", b"36.12"):
        assert secret not in shown
    assert handed.table("media").num_rows == 0
    text = handed.rows("posts")[0]["text"]
    assert re.fullmatch(r"to @h:\w{32} and @h:\w{32}, @h:\w{32}", text)


def test_a_friend_by_number_is_one_account_with_others_met_by_it(tmp_path: Path) -> None:
    known = PublicAccount(platform="facebook", native_id="9007001")
    _, post = one(tmp_path, sources_files.fb_post(0, "to @[9007001:2048:Sahlara Today]"), public=[known])
    assert post.text == "to Sahlara Today"
    _, post = one(tmp_path, sources_files.fb_post(0, "to @[9007001:2048:A] and @[9007001:B]"))
    assert len(post.mentions) == 1


@pytest.mark.parametrize("text", ["@[9007001:2048:Hidden", "@[9007001:Hidden\nFriend]", f"@[9007001:{'Hidden ' * 60}]"])
def test_names_that_are_cut_or_long_go_all_the_same(tmp_path: Path, text: str) -> None:
    record, post = one(tmp_path, sources_files.fb_post(0, text))
    assert re.fullmatch(r"@h:\w{32}", post.text)
    assert b"Hidden" not in record.raw


def test_a_page_s_download_is_the_page_s(tmp_path: Path) -> None:
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "p.png").write_bytes(sources_files.PNG)
    media = sources_files.fb_media("this_profile/posts/media/p.png")
    record, post = one(tmp_path, sources_files.fb_post(0, "words", attachments=media), **PAGE)
    assert post.author_ref == post.container_ref == "facebook:@sahlaratoday"
    assert (post.id_quality, post.visibility, record.author_public) == (IdQuality.DERIVED, Visibility.PUBLIC, True)
    assert post.uid.startswith("facebook:d:")
    assert [item.data for item in record.media] == [sources_files.PNG]
    assert post.media[0].sha256 == record.media[0].sha256
    record, post = one(tmp_path, sources_files.fb_post(0, "w"), options={"page": "100064062786653"})
    assert post.author_ref == "facebook:100064062786653"
    with pytest.raises(InputError):
        read(tmp_path, sources_files.fb_post(0, "words"), options={"page": "https://x/"})


@pytest.mark.parametrize("uri", ["../../etc/passwd", "/etc/passwd", "gone.png", "", "a\\b", "\u0000", "posts/" * 200])
def test_media_of_a_page_lie_in_its_folder_or_nowhere(tmp_path: Path, uri: str) -> None:
    post = sources_files.fb_post(0, "words", attachments=sources_files.fb_media(uri))
    record, read_ = one(tmp_path, post, **PAGE)
    assert record.media == ()
    assert [ref.not_included for ref in read_.media] == (["media-not-found"] if uri else [])
    (tmp_path / "p.png").write_bytes(sources_files.PNG)
    post = sources_files.fb_post(0, attachments=sources_files.fb_media("p.png"))
    record, _ = one(tmp_path, post, **PAGE, limits=Limits(media_bytes=5))
    assert [warning.code for warning in record.warnings] == ["media-too-large"]


def test_links_and_questions(tmp_path: Path) -> None:
    link = [{"data": [{"external_context": {"url": "https://news.example/a"}}, {"external_context": {}}]}]
    _, post = one(tmp_path, sources_files.fb_post(0, "see https://news.example/a.", attachments=link))
    assert post.urls == (Url("https://news.example/a"),)
    _, post = one(tmp_path, sources_files.fb_post(0, attachments=link))
    assert post.urls == (Url("https://news.example/a", "https://news.example/a"),)
    poll = [{"data": [{"poll": {"question": damaged("من يمسك الجسر؟"), "options": []}}]}]
    _, post = one(tmp_path, sources_files.fb_post(0, attachments=poll))
    assert post.text == "من يمسك الجسر؟"


def test_what_says_nothing_is_counted(tmp_path: Path) -> None:
    assert read(tmp_path, sources_files.fb_post(0), {"timestamp": 1778513656}) == [Ignored("empty-post")] * 2


def test_one_post_one_id_and_other_words_another(tmp_path: Path) -> None:
    posts = [sources_files.fb_post(0, "a"), sources_files.fb_post(0, "b"), sources_files.fb_post(1, "a")]
    first = sources_files.records(read(tmp_path, *posts))
    again = sources_files.records(read(tmp_path, *reversed(posts)))
    assert len({record.uid for record in first}) == 3
    assert {record.raw for record in first} == {record.raw for record in again}


def test_broken_posts_lose_only_themselves(tmp_path: Path) -> None:
    path = tmp_path / "f"
    good = json.dumps(sources_files.fb_post(0, "a"))
    path.write_text(f'[{good}, {{"timestamp": "x"}}, 5, {{"data": [{{"post": 5}}], "timestamp": 1778513656}}, {good}]')
    found = sources_files.items(FacebookDownload(), path)
    assert [code for _, code in sources_files.rejects(found)] == ["shape-unknown"] * 3
    assert len(sources_files.records(found)) == 2
    path.write_text(f"[{good}, {good[:-5]}")
    assert [code for _, code in sources_files.rejects(sources_files.items(FacebookDownload(), path))] == [
        "json-truncated"
    ]


VALUES = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=5)
ANY = st.recursive(VALUES, lambda v: st.lists(v, max_size=3) | st.dictionaries(st.text(max_size=3), v, max_size=3))


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(["timestamp", "data", "attachments", "post", "part", "media"]), ANY, st.booleans())
def test_a_wrong_value_in_any_field_is_a_reject_or_read(
    tmp_path_factory: pytest.TempPathFactory, where: str, wrong: object, page: bool
) -> None:
    post = sources_files.fb_post(0, "words", attachments=sources_files.fb_media("p.png"))
    match where:
        case "post":
            post["data"][0]["post"] = wrong
        case "part":
            post["attachments"][0]["data"] = wrong
        case "media":
            post["attachments"][0]["data"][0]["media"] = wrong
        case _:
            post[where] = wrong
    for item in read(tmp_path_factory.mktemp("wrong"), post, **(PAGE if page else {})):
        if isinstance(item, Record):
            check_record(item)


@given(st.text(max_size=60))
def test_no_words_make_it_fail_or_name_a_friend(tmp_path_factory: pytest.TempPathFactory, words: str) -> None:
    text = words.encode("utf-8", "replace").decode()
    post = sources_files.fb_post(0, f"{text}@[9007001:2048:Hidden Friend]{text}")
    [record] = sources_files.records(read(tmp_path_factory.mktemp("w"), post))
    check_record(record)
    assert b"9007001" not in record.raw
    assert b"Hidden" not in record.raw
