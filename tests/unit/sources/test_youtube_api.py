"""YouTube's API: channels that publish are public, who comments is not; counts are strings; ids may be objects."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sources_files
import sources_networks as made

from dalil.schema.chunks import PublicAccount
from dalil.schema.records import Metric, Post
from dalil.schema.words import (
    AccountType,
    Completeness,
    EdgeType,
    IdQuality,
    State,
    TextFormat,
    Visibility,
    ZoneBasis,
)
from dalil.sources import youtube
from dalil.sources.formats.youtube_api.importer import YouTubeApi
from dalil.sources.importer import Ignored, Item, Quarantined, Record

VIDEO = "gQ_1zX-F_No"
CHANNEL = "UCsahlaratoday0000000000"
PERSON = "UChiddenperson0000000001"


def read(tmp_path: Path, *items: object, kind: str = "videoList", **more: Any) -> list[Item]:
    return sources_files.items(YouTubeApi(), made.write_json(tmp_path / "a.json", made.yt_answer(items, kind)), **more)


def one(tmp_path: Path, item: object, **more: Any) -> tuple[Record, Post]:
    record = sources_files.records(read(tmp_path, item, **more), "post")[0]
    assert record.post is not None
    return record, record.post


def codes(found: list[Item]) -> list[str]:
    return [item.code for item in found if isinstance(item, Quarantined | Ignored)]


def test_a_video_is_a_post_of_its_channel(tmp_path: Path) -> None:
    record, post = one(tmp_path, made.yt_video(VIDEO))
    assert post.uid == record.uid == f"youtube:{VIDEO}"
    assert post.uri == f"https://www.youtube.com/watch?v={VIDEO}"
    assert post.author_ref == post.container_ref == f"youtube:{CHANNEL}"
    assert record.author_public
    assert post.created_at == post.server_indexed_at == datetime(2026, 5, 11, 15, 34, 16, tzinfo=UTC)
    assert post.created_zone_basis is ZoneBasis.EXPLICIT
    assert post.text == "The bridge at Tel Nahr\n\nIt stands. #bridge\nhttps://news.example/bridge"
    assert post.hashtags == ("bridge",)
    assert [url.expanded for url in post.urls] == ["https://news.example/bridge"]
    assert post.visibility is Visibility.PUBLIC
    assert (post.state, post.text_complete) == (State.LIVE, Completeness.YES)


def test_counts_that_are_strings_are_numbers_and_absent_ones_are_not_there(tmp_path: Path) -> None:
    _, post = one(tmp_path, made.yt_video(VIDEO))
    assert post.metrics == (Metric("views", 1200), Metric("likes", 7), Metric("comments", 0))
    _, off = one(tmp_path, made.yt_video(VIDEO, statistics={"viewCount": "12"}))
    assert off.metrics == (Metric("views", 12),)
    _, odd = one(tmp_path, made.yt_video(VIDEO, statistics={"viewCount": "many", "likeCount": None}))
    assert odd.metrics == (Metric("views", None), Metric("likes", None))


def test_length_and_preview_are_media(tmp_path: Path) -> None:
    _, post = one(tmp_path, made.yt_video(VIDEO))
    film, preview = post.media
    assert (film.native_key, film.duration_s, film.mime) == (VIDEO, 3723.0, "video/*")
    assert preview.source_url == f"https://i.ytimg.com/vi/{VIDEO}/hqdefault.jpg"
    assert (preview.width, preview.height) == (480, 360)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("PT1H2M3S", 3723.0),
        ("PT5S", 5.0),
        ("P1DT1S", 86401.0),
        ("PT0S", 0.0),
        ("P0D", 0.0),
        ("PT", None),
        ("5", None),
        (None, None),
    ],
)
def test_durations(written: str | None, seconds: float | None) -> None:
    assert youtube.seconds(written) == seconds


def test_a_channel_comes_along_once(tmp_path: Path) -> None:
    found = read(tmp_path, made.yt_video(VIDEO), made.yt_video("otherVideo1"))
    [account] = sources_files.records(found, "account")
    assert account.included
    assert (account.accounts[0].uid, account.accounts[0].display_name) == (f"youtube:{CHANNEL}", "Sahlara Today")
    assert account.accounts[0].type is AccountType.CHANNEL


@pytest.mark.parametrize("status", ["private", "unlisted", "unknown"])
def test_what_is_not_public_is_counted_and_not_read(tmp_path: Path, status: str) -> None:
    found = read(tmp_path, made.yt_video(VIDEO, status={"privacyStatus": status}))
    assert found == [Quarantined("not-public")]


def test_a_search_result_has_its_id_in_an_object_and_entities_in_its_title(tmp_path: Path) -> None:
    item = {
        "kind": "youtube#searchResult",
        "id": {"kind": "youtube#video", "videoId": VIDEO},
        "snippet": made.yt_snippet(VIDEO, title="Tom &amp; the &#39;bridge&#39;", description="It stands and ..."),
    }
    _, post = one(tmp_path, item, kind="searchList")
    assert post.uid == f"youtube:{VIDEO}"
    assert post.text == "Tom & the 'bridge'\n\nIt stands and ..."
    assert post.text_complete is Completeness.TRUNCATED
    assert post.visibility is Visibility.UNKNOWN


def test_search_results_that_are_no_videos_are_counted(tmp_path: Path) -> None:
    channel = {"kind": "youtube#searchResult", "id": {"kind": "youtube#channel", "channelId": CHANNEL}, "snippet": {}}
    playlist = {"kind": "youtube#playlist", "id": "PLx", "snippet": {}}
    assert codes(read(tmp_path, channel, playlist)) == ["kind-not-read", "kind-not-read"]


def playlist_item(**more: object) -> dict[str, Any]:
    resource = {"kind": "youtube#video", "videoId": VIDEO}
    snippet = made.yt_snippet(VIDEO, playlistId="PLsomeones", resourceId=resource, **more)
    return {"kind": "youtube#playlistItem", "id": "x", "snippet": snippet}


def test_the_owner_of_a_playlist_is_not_the_uploader(tmp_path: Path) -> None:
    record, post = one(tmp_path, playlist_item(), kind="playlistItemList")
    assert post.uid == f"youtube:{VIDEO}"
    assert post.author_ref is None
    assert post.created_at is None  # when it was put on the list is not when it was published
    _, owned = one(tmp_path, playlist_item(videoOwnerChannelId="UCother", videoOwnerChannelTitle="Other"))
    assert owned.author_ref == "youtube:UCother"
    assert CHANNEL.encode() not in record.raw


def test_a_channel_s_list_of_uploads_names_the_uploader(tmp_path: Path) -> None:
    item = playlist_item() | {"contentDetails": {"videoId": VIDEO, "videoPublishedAt": "2026-05-10T00:00:00Z"}}
    item["snippet"]["playlistId"] = "UU" + CHANNEL[2:]
    _, post = one(tmp_path, item)
    assert post.author_ref == f"youtube:{CHANNEL}"
    assert post.created_at == datetime(2026, 5, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("title", "description", "state"),
    [
        ("Private video", "This video is private.", State.PRIVATE),
        ("Deleted video", "This video is unavailable.", State.DELETED),
    ],
)
def test_holes_in_a_playlist_are_states(tmp_path: Path, title: str, description: str, state: State) -> None:
    _, post = one(tmp_path, playlist_item(title=title, description=description))
    assert (post.state, post.text) == (state, "")


@pytest.mark.parametrize(
    ("upload", "state"), [("deleted", State.DELETED), ("rejected", State.WITHHELD), ("failed", State.UNAVAILABLE)]
)
def test_a_rejected_upload_is_a_state_with_its_reason(tmp_path: Path, upload: str, state: State) -> None:
    status = {"privacyStatus": "public", "uploadStatus": upload, "rejectionReason": "termsOfUse"}
    _, post = one(tmp_path, made.yt_video(VIDEO, status=status))
    assert (post.state, post.state_reason) == (state, "termsOfUse")


def activity(kind: str, **more: object) -> dict[str, Any]:
    return {"kind": "youtube#activity", "id": "MTUx", "snippet": made.yt_snippet(VIDEO, type=kind)} | more


def test_an_upload_names_its_video_or_shows_it(tmp_path: Path) -> None:
    record, post = one(tmp_path, activity("upload", contentDetails={"upload": {"videoId": "namedVideo1"}}))
    assert post.native_id == "namedVideo1"
    assert record.warnings == ()
    record, post = one(tmp_path, activity("upload"))
    assert post.native_id == VIDEO
    assert [warning.code for warning in record.warnings] == ["id-from-thumbnail"]


@pytest.mark.parametrize(
    "kind", ["like", "favorite", "comment", "subscription", "recommendation", "social", "playlistItem"]
)
def test_what_else_a_person_did_is_not_read(tmp_path: Path, kind: str) -> None:
    assert read(tmp_path, activity(kind), kind="activityList") == [Ignored("activity-not-read")]


def test_a_comment_is_by_a_private_person(tmp_path: Path) -> None:
    thread = made.yt_thread(VIDEO, made.yt_comment("Ugxhidden1", "no, it fell"))
    record, post = one(tmp_path, thread)
    assert post.uid.startswith("youtube:h:")
    assert (post.uri, post.id_quality, record.author_public) == (None, IdQuality.HASHED, False)
    assert post.author_ref is not None
    assert post.author_ref.startswith("youtube:h:")
    assert post.thread_root == f"youtube:{VIDEO}"
    assert post.container_ref == f"youtube:{CHANNEL}"
    [edge] = record.edges
    assert (edge.type, edge.dst_uid) == (EdgeType.REPLY, f"youtube:{VIDEO}")
    assert post.metrics == (Metric("likes", 3),)
    shown = repr(record.post) + record.raw.decode()
    for secret in ("hidden", PERSON, "picture", "viewerRating"):
        assert secret not in shown
    assert any(address.endswith(PERSON) for _, address in record.locators)


def test_replies_come_along_and_find_their_parent(tmp_path: Path) -> None:
    reply = made.yt_comment("Ugxhidden1.2", "yes", "UChiddenperson0000000002", parentId="Ugxhidden1")
    top, answer = sources_files.records(
        read(tmp_path, made.yt_thread(VIDEO, made.yt_comment("Ugxhidden1", "no"), [reply]))
    )
    assert (top.included, answer.included) == (False, True)
    assert answer.edges[0].dst_uid == top.uid
    assert answer.post is not None
    assert answer.post.thread_root == f"youtube:{VIDEO}"


def test_the_channel_under_its_own_video_is_public(tmp_path: Path) -> None:
    reply = made.yt_comment("Ugx1.2", "thanks", parentId="Ugx1")
    found = sources_files.records(
        read(tmp_path, made.yt_thread(VIDEO, made.yt_comment("Ugx1", "ours", CHANNEL), [reply]))
    )
    own, answer = found
    assert own.uid == "youtube:Ugx1"
    assert own.author_public
    assert own.post is not None
    assert own.post.uri == f"https://www.youtube.com/watch?v={VIDEO}&lc=Ugx1"
    assert answer.edges[0].dst_uid == "youtube:Ugx1"


def test_a_known_commenter_is_public_by_id(tmp_path: Path) -> None:
    known = [PublicAccount(platform="youtube", native_id=PERSON)]
    record, _ = one(tmp_path, made.yt_comment("Ugx1", "words"), public=known)
    assert record.author_ref == f"youtube:{PERSON}"


def test_display_text_is_html_and_original_text_is_not(tmp_path: Path) -> None:
    comment = made.yt_comment(
        "Ugx1", "ignored", textDisplay='a&#39;b <a href="https://news.example/">news.example</a><br>c <3'
    )
    del comment["snippet"]["textOriginal"]
    _, post = one(tmp_path, comment)
    assert post.text == "a'b news.example\nc <3"
    assert post.text_format is TextFormat.HTML
    assert post.urls[0].expanded == "https://news.example/"
    plain = made.yt_comment("Ugx2", "1 &lt; 2 <b>not bold</b>")
    _, post = one(tmp_path, plain)
    assert post.text == "1 &lt; 2 <b>not bold</b>"
    assert post.text_format is TextFormat.PLAIN


def test_mentions_in_comments_are_hashed_with_the_dots_of_their_handles(tmp_path: Path) -> None:
    _, post = one(
        tmp_path, made.yt_comment("Ugx1", "@hidden.one-two see https://www.youtube.com/watch?v=abcdefgh&lc=Ugxhidden9")
    )
    assert "hidden" not in post.text
    assert len(post.mentions) == 1


def test_an_edited_comment_is_a_version(tmp_path: Path) -> None:
    before, _ = one(tmp_path, made.yt_comment("Ugx1", "first"))
    after, post = one(tmp_path, made.yt_comment("Ugx1", "second", updatedAt="2026-05-12T11:00:00Z"))
    assert before.uid == after.uid
    assert before.version != after.version
    assert post.state is State.EDITED
    assert post.edited_at == post.state_at == datetime(2026, 5, 12, 11, tzinfo=UTC)


@pytest.mark.parametrize("moderation", ["heldForReview", "likelySpam", "rejected"])
def test_comments_that_moderators_hold_are_not_public(tmp_path: Path, moderation: str) -> None:
    assert codes(read(tmp_path, made.yt_comment("Ugx1", "words", moderationStatus=moderation))) == ["not-public"]
    assert codes(read(tmp_path, made.yt_thread(VIDEO, made.yt_comment("Ugx1", "w"), isPublic=False))) == ["not-public"]


def channel(**statistics: object) -> dict[str, Any]:
    snippet = {
        "title": "Sahlara Today",
        "description": "by @hidden_one",
        "customUrl": "@sahlaratoday",
        "publishedAt": "2012-03-04T00:00:00Z",
    }
    return {"kind": "youtube#channel", "id": CHANNEL, "snippet": snippet} | (
        {"statistics": statistics} if statistics else {}
    )


def test_a_channel_that_has_published_is_public(tmp_path: Path) -> None:
    [record] = sources_files.records(
        read(tmp_path, channel(videoCount="3", subscriberCount="4300", viewCount="9", hiddenSubscriberCount=False))
    )
    [account] = record.accounts
    assert not record.included
    assert (account.uid, account.handle, account.display_name) == (
        f"youtube:{CHANNEL}",
        "sahlaratoday",
        "Sahlara Today",
    )
    assert {metric.name: metric.value for metric in account.counts} == {"followers": 4300, "posts": 3, "views": 9}
    assert account.description is not None
    assert "hidden_one" not in account.description


def test_a_channel_without_videos_is_a_person(tmp_path: Path) -> None:
    for item in (channel(), channel(videoCount="0", subscriberCount="43")):
        [record] = sources_files.records(read(tmp_path, item))
        assert record.accounts[0].uid.startswith("youtube:h:")
        assert record.accounts[0].display_name is None
    known = [PublicAccount(platform="youtube", handle="sahlaratoday")]
    [record] = sources_files.records(read(tmp_path, channel(), public=known))
    assert record.accounts[0].display_name == "Sahlara Today"


def test_hidden_subscribers_are_no_count(tmp_path: Path) -> None:
    [record] = sources_files.records(
        read(tmp_path, channel(videoCount="3", subscriberCount="0", hiddenSubscriberCount=True))
    )
    assert [metric.name for metric in record.accounts[0].counts] == ["posts"]


def test_one_broken_item_loses_only_itself(tmp_path: Path) -> None:
    broken = made.yt_video("otherVideo1") | {"snippet": {"title": 7}}
    nameless = made.yt_video("x") | {"id": "not an id"}
    found = read(tmp_path, made.yt_video(VIDEO), broken, nameless)
    assert sources_files.rejects(found) == [
        ("value 1 items[1]", "shape-unknown"),
        ("value 1 items[2]", "id-unreadable"),
    ]
    assert len(sources_files.records(found, "post")) == 1


def test_a_broken_reply_loses_only_itself(tmp_path: Path) -> None:
    thread = made.yt_thread(VIDEO, made.yt_comment("Ugx1", "top"), [{"kind": 5}, made.yt_comment("Ugx1.2", "reply")])
    found = read(tmp_path, thread)
    assert [where for where, _ in sources_files.rejects(found)] == ["value 1 items[0] replies.comments[0]"]
    assert len(sources_files.records(found, "post")) == 2
    headless = {"kind": "youtube#commentThread", "id": "x", "snippet": {"videoId": VIDEO}}
    assert [code for _, code in sources_files.rejects(read(tmp_path, headless))] == ["shape-unknown"]


def test_an_error_of_the_api_is_counted(tmp_path: Path) -> None:
    path = made.write_lines(tmp_path / "a.jsonl", [{"error": {"code": 403}, "kind": "youtube#x"}, made.yt_answer([])])
    assert sources_files.items(YouTubeApi(), path) == [Ignored("answer-is-error")]


def test_resources_may_stand_alone_one_a_line_or_in_a_list(tmp_path: Path) -> None:
    videos = [made.yt_video(VIDEO), made.yt_video("otherVideo1")]
    whole = read(tmp_path, *videos)
    for path in (made.write_lines(tmp_path / "l.jsonl", videos), made.write_json(tmp_path / "l.json", videos)):
        found = sources_files.items(YouTubeApi(), path)
        assert [record.raw for record in sources_files.records(found)] == [
            record.raw for record in sources_files.records(whole)
        ]


# What youtube_api and yt_dlp share


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@sahlara", ["sahlara"]),
        ("by @sahlara.today-2.", ["sahlara.today-2"]),
        ("＠سهلارا says", ["سهلارا"]),
        ("a@b @", ["b"]),
        ("@-x", []),
    ],
)
def test_handles_of_youtube(text: str, names: list[str]) -> None:
    assert youtube.HANDLE.findall(text) == names


def test_descriptions_that_are_cut() -> None:
    assert youtube.is_cut("words ...")
    assert youtube.is_cut("words … ")
    assert not youtube.is_cut("words.")
    assert not youtube.is_cut("")


@pytest.mark.parametrize(
    ("text", "shown", "kind"),
    [
        ("plain & simple", "plain & simple", TextFormat.PLAIN),
        ("a<br>b", "a\nb", TextFormat.HTML),
        ("&quot;a&quot;", '"a"', TextFormat.HTML),
    ],
)
def test_displayed_text_is_html_where_it_looks_like_it(text: str, shown: str, kind: TextFormat) -> None:
    found, marks, text_format = youtube.displayed(text)
    assert (found, text_format) == (shown, kind)
    assert marks == ()


def test_the_address_of_the_channel_itself_stays_in_its_texts(tmp_path: Path) -> None:
    own = f"https://www.youtube.com/channel/{CHANNEL}"
    _, post = one(
        tmp_path, made.yt_video(VIDEO, {"description": f"{own} and https://www.youtube.com/channel/{PERSON}"})
    )
    assert own in post.text
    assert PERSON not in post.text
    assert (
        "https://www.youtube.com/watch?v=abcdefgh"
        in one(tmp_path, made.yt_video(VIDEO, {"description": "https://www.youtube.com/watch?v=abcdefgh"}))[1].text
    )  # a video names nobody


def test_comments_and_videos_share_the_container_of_the_channel(tmp_path: Path) -> None:
    found = read(tmp_path, made.yt_video(VIDEO), made.yt_thread(VIDEO, made.yt_comment("Ugx1", "words")))
    posts = [record.post for record in sources_files.records(found, "post") if record.post]
    assert {post.container_ref for post in posts} == {f"youtube:{CHANNEL}"}
    assert posts[1].thread_root == posts[0].uid


def test_a_comment_without_its_author_or_video(tmp_path: Path) -> None:
    comment = made.yt_comment("Ugx1", "words", authorChannelId=None)
    record, post = one(tmp_path, comment)
    assert post.author_ref is None
    assert not record.author_public
    assert record.edges == ()
    assert post.thread_root is None


def test_a_video_without_its_channel_is_nobody_s(tmp_path: Path) -> None:
    record, post = one(tmp_path, made.yt_video(VIDEO, {"channelId": None}))
    assert post.author_ref is None
    assert post.uid == f"youtube:{VIDEO}"
    assert record.accounts == ()
    _, odd = one(tmp_path, made.yt_video(VIDEO, {"channelId": "no channel id!"}))
    assert odd.author_ref is None
