"""The open networks through the whole child: found by content, counted without a remainder, the same in any chunks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sources_files
import sources_networks as made

from dalil.schema.chunks import PublicAccount
from dalil.schema.tables import HANDED_OVER

VIDEO = "gQ_1zX-F_No"
PUBLIC = (
    PublicAccount(platform="mastodon", handle="sahlara@social.example"),
    PublicAccount(platform="bluesky", native_id=made.did("sahlara")),
    PublicAccount(platform="reddit", handle="SahlaraNews"),
)


def youtube(folder: Path) -> Path:
    thread = made.yt_thread(
        VIDEO, made.yt_comment("Ugx1", "words"), [made.yt_comment("Ugx1.2", "more", parentId="Ugx1")]
    )
    hidden = made.yt_video("otherVideo1", status={"privacyStatus": "unlisted"})
    return made.write_json(folder / "a.bin", made.yt_answer([made.yt_video(VIDEO), hidden, thread, {"kind": 5}]))


def yt_dlp(folder: Path) -> Path:
    comments = [made.dl_comment("Ugx1", "words"), {"id": []}, made.dl_comment("Ugx1.2", "more", parent="Ugx1")]
    return made.write_json(folder / "a.bin", made.dl_info(VIDEO, comments))


def mastodon(folder: Path) -> Path:
    own = made.md_status(1, "sahlara", "<p>The bridge stands.</p>")
    direct = made.md_status(2, "sahlara", "<p>secret</p>", visibility="direct")
    return made.write_lines(folder / "a.bin", [own, direct, made.md_repost(3, "hidden_one", own), {"content": "x"}])


def activitypub(folder: Path) -> Path:
    note = made.ap_note(1, "sahlara", "<p>The bridge stands.</p>")
    narrow = made.ap_note(2, "sahlara", "<p>secret</p>", to=[], cc=[made.TO_ALL])
    items = [made.ap_create(note), made.ap_create(narrow), made.ap_announce(3, "hidden_one", note), {"type": 5}]
    return made.write_json(folder / "a.bin", made.ap_outbox(items))


def bluesky_api(folder: Path) -> Path:
    own = made.bs_view("sahlara", "3kaa", made.bs_record("The bridge stands."))
    reason = {
        "$type": "app.bsky.feed.defs#reasonRepost",
        "by": made.bs_author("hidden"),
        "indexedAt": "2026-05-12T00:00:00Z",
    }
    return made.write_json(folder / "a.bin", {"feed": [{"post": own, "reason": reason}, {"post": own | {"record": 5}}]})


def jetstream(folder: Path) -> Path:
    post = made.js_commit("sahlara", "3kaa", made.bs_record("The bridge stands."))
    like = made.js_commit("hidden", "3kl", {"subject": {}}, collection="app.bsky.feed.like")
    return made.write_lines(
        folder / "a.bin", [post, like, made.js_commit("sahlara", "3kaa", operation="delete"), post | {"did": "x"}]
    )


def reddit(folder: Path) -> Path:
    closed = made.rd_post("1bcd", "SahlaraNews", "secret", subreddit_type="private")
    crosspost = made.rd_post(
        "1hid",
        "hidden_one",
        "x",
        crosspost_parent="t3_1abc",
        crosspost_parent_list=[made.rd_post("1abc", "SahlaraNews", "x")],
    )
    return made.write_lines(
        folder / "a.bin", [made.rd_post("1abc", "SahlaraNews", "x"), closed, crosspost, {"title": "no place"}]
    )


def feeds(folder: Path) -> Path:
    return made.write(
        folder / "a.bin", made.rss([made.rss_item(1), made.rss_item(2, "a & b <unclosed"), made.rss_item(3)])
    )


FILES: dict[str, tuple[Callable[[Path], Path], dict[str, int]]] = {
    "youtube-api": (youtube, {"read": 4, "includes": 2, "quarantined": 1, "rejects": 1, "posts": 3}),
    "yt-dlp": (yt_dlp, {"read": 2, "includes": 3, "quarantined": 0, "rejects": 1, "posts": 3}),
    "mastodon": (mastodon, {"read": 4, "includes": 3, "quarantined": 1, "rejects": 1, "posts": 2}),
    "activitypub-outbox": (activitypub, {"read": 4, "includes": 1, "quarantined": 1, "rejects": 1, "posts": 2}),
    "bluesky-api": (bluesky_api, {"read": 2, "includes": 2, "quarantined": 0, "rejects": 1, "posts": 1}),
    "bluesky-jetstream": (jetstream, {"read": 3, "includes": 0, "quarantined": 0, "rejects": 1, "posts": 2}),
    "reddit": (reddit, {"read": 4, "includes": 1, "quarantined": 1, "rejects": 1, "posts": 2}),
    "feeds": (feeds, {"read": 3, "includes": 1, "quarantined": 0, "rejects": 0, "posts": 3}),
}


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_file_is_found_by_its_content_and_counted_without_a_remainder(tmp_path: Path, name: str) -> None:
    write, wanted = FILES[name]
    handed = sources_files.child(write(tmp_path), public=PUBLIC, reject_share=0.9)
    assert handed.failed is None
    assert handed.begin is not None
    assert handed.begin.source_format == name
    end = handed.end
    assert end is not None
    observed = handed.table("observations").num_rows
    assert observed + end.quarantined + sum(end.rejected.values()) == end.read + end.includes
    shown = {"read": end.read, "includes": end.includes, "quarantined": end.quarantined}
    shown |= {"rejects": handed.table("rejects").num_rows, "posts": handed.table("posts").num_rows}
    assert shown == wanted


@pytest.mark.parametrize("name", sorted(FILES))
def test_the_rows_do_not_depend_on_the_size_of_chunks(tmp_path: Path, name: str) -> None:
    path = FILES[name][0](tmp_path)
    whole, pieces = (sources_files.child(path, public=PUBLIC, reject_share=0.9, chunk_records=n) for n in (10_000, 1))
    assert len(pieces.chunks) > len(whole.chunks)
    for table in HANDED_OVER:
        assert pieces.rows(table) == whole.rows(table)


@pytest.mark.parametrize("name", sorted(FILES))
def test_every_row_has_the_time_of_its_capture_from_the_order_alone(tmp_path: Path, name: str) -> None:
    handed = sources_files.child(FILES[name][0](tmp_path), public=PUBLIC, reject_share=0.9)
    assert {row["collected_at"] for row in handed.rows("observations")} == {sources_files.COLLECTED}
    assert {row["collected_by"] for row in handed.rows("observations")} == {"blue"}
