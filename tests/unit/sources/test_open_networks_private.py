"""Channels, outlets and pages of the open networks that two circles found to be persons': what an import makes of them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sources_files
import sources_networks as made
import sources_rows
import sources_unnaming

from dalil.schema.chunks import PublicAccount
from dalil.schema.identity import canonical_bytes, keyed_hash
from dalil.schema.records import Post, Reject
from dalil.schema.words import EdgeType, IdQuality, Kind
from dalil.sources import fediverse, registry
from dalil.sources.formats.mastodon.importer import Mastodon
from dalil.sources.formats.reddit.importer import Reddit
from dalil.sources.formats.youtube_api.importer import YouTubeApi
from dalil.sources.formats.yt_dlp.importer import YtDlp
from dalil.sources.importer import Record
from dalil.sources.privacy import Pseudonymiser
from dalil.sources.reading import head_of
from dalil.sources.rereading import Plainly, Reread, Rereader, held_of, is_stand_in
from dalil.testing.importers import held_as

KEY = sources_files.KEY
VIDEO, CHANNEL = sources_unnaming.VIDEO, sources_unnaming.CHANNEL
PERSON = PublicAccount("youtube", native_id=CHANNEL, private=True)
AGAIN = Reread(Plainly())


def read(importer: Any, path: Path, *public: PublicAccount) -> list[Record]:
    found = sources_files.items(importer, path, public=public)
    assert sources_files.rejects(found) == []
    return sources_files.records(found)


def post_of(record: Record) -> Post:
    assert record.post is not None
    return record.post


def only(records: list[Record], words: str) -> Record:
    (record,) = [one for one in records if one.post is not None and words in one.post.text]
    return record


# YouTube


def test_a_persons_video_is_known_by_its_hash_alone(tmp_path: Path) -> None:
    records = read(YouTubeApi(), sources_unnaming.youtube(tmp_path), PERSON)
    record = only(records, "The bridge at Tel Nahr")
    post = post_of(record)
    hashed = "h:" + keyed_hash(KEY, "youtube", "post", VIDEO)
    assert (post.uid, post.native_id, post.id_quality) == (f"youtube:{hashed}", hashed, IdQuality.HASHED)
    assert (post.uri, record.author_public) == (None, False)
    assert post.author_ref == "youtube:h:" + keyed_hash(KEY, "youtube", "account", CHANNEL)
    (media,) = post.media
    assert media.source_url is None
    assert is_stand_in(media.native_key)
    assert media.duration_s == 3723.0
    assert VIDEO.encode() not in record.raw
    assert b"ytimg" not in record.raw, "the preview leads to the video"
    assert dict(record.locators)[post.uid].endswith(VIDEO)


def test_comments_below_it_lead_to_the_hash(tmp_path: Path) -> None:
    records = read(YouTubeApi(), sources_unnaming.youtube(tmp_path), PERSON, PublicAccount("youtube", native_id=sources_unnaming.SAHLARA))  # fmt: skip
    video = post_of(only(records, "The bridge at Tel Nahr"))
    own, other = only(records, "It does."), only(records, "by @")
    assert post_of(own).thread_root == post_of(other).thread_root == video.uid
    assert post_of(own).container_ref == post_of(own).author_ref == video.author_ref
    assert own.edges[0].dst_uid == video.uid
    assert not own.author_public
    assert other.author_public
    assert post_of(other).uri is None, "a public commenter's address would name the video"


def test_the_channel_keeps_rounded_counts_only(tmp_path: Path) -> None:
    records = read(YouTubeApi(), sources_unnaming.youtube(tmp_path), PERSON)
    accounts = [account for record in records for account in record.accounts if account.counts]
    assert {account.handle for account in accounts} == {None}
    assert {count.name: count.value for count in accounts[0].counts} == {"followers": 4000, "posts": 10, "views": 90000}
    assert "Voice of Nahr" not in repr(accounts)


def test_another_channels_video_stays(tmp_path: Path) -> None:
    records = read(YouTubeApi(), sources_unnaming.youtube(tmp_path), PERSON)
    other = post_of(only(records, "Another"))
    assert other.uri == f"https://www.youtube.com/watch?v={sources_unnaming.OTHER_VIDEO}"
    assert len(other.media) == 2


def test_a_persons_video_by_the_other_tool(tmp_path: Path) -> None:
    records = read(YtDlp(), sources_unnaming.yt_dlp(tmp_path), PERSON)
    by_api = read(YouTubeApi(), sources_unnaming.youtube(tmp_path), PERSON)
    mine, theirs = only(records, "The bridge at Tel Nahr"), only(by_api, "The bridge at Tel Nahr")
    assert (mine.uid, mine.author_ref) == (theirs.uid, theirs.author_ref), "one video, one hash"
    uploader = only(records, "It does.")
    assert uploader.author_ref == mine.author_ref
    assert VIDEO not in "".join(repr(msgspec.structs.replace(one, locators=())) for one in records)


# yt-dlp's raw of before


def test_a_comment_of_the_first_version_is_read_as_it_was(tmp_path: Path) -> None:
    """Its raw does not say under which video it stands: that is taken over from its row."""
    listed = PublicAccount("tiktok", native_id="nahrvoice", handle="nahrvoice")
    for record in read(YtDlp(), sources_unnaming.yt_dlp_elsewhere(tmp_path), listed):
        value = msgspec.json.decode(record.raw)
        if "comment" not in value:
            continue
        comment = {name: part for name, part in value["comment"].items() if name != "video"}
        before = msgspec.structs.replace(record, raw=canonical_bytes({"comment": comment}), locators=())
        assert YtDlp().reread(before.raw, held_as(before), AGAIN) == before


def test_a_comment_of_the_first_version_is_hashed_too(tmp_path: Path) -> None:
    listed = PublicAccount("tiktok", native_id="nahrvoice", handle="nahrvoice")
    record = only(read(YtDlp(), sources_unnaming.yt_dlp_elsewhere(tmp_path), listed), "It does.")
    comment = {name: part for name, part in msgspec.json.decode(record.raw)["comment"].items() if name != "video"}
    again = Reread(Plainly(KEY, [("tiktok", "nahrvoice")], ["tiktok:71001", record.uid]))
    found = YtDlp().reread(canonical_bytes({"comment": comment}), held_as(record), again)
    assert isinstance(found, Record)
    shown = repr(msgspec.structs.replace(found, locators=()))
    for secret in ("71001", "81001", "nahrvoice"):
        assert secret not in shown


# Reddit


@pytest.mark.parametrize(("name", "shown"), [("u_NahrVoice", False), ("U_nahrvoice", False), ("Sahlara", True)])
def test_the_address_of_a_post_on_a_persons_own_page(name: str, shown: bool, tmp_path: Path) -> None:
    post = made.rd_post("1own", "SahlaraNews", "Words", subreddit=name, permalink=f"/r/{name}/comments/1own/words/")
    path = made.write_json(tmp_path / "a.json", made.rd_listing([made.rd_thing("t3", post)]))
    (record,) = read(Reddit(), path, PublicAccount("reddit", handle="SahlaraNews"))
    assert post_of(record).uri == (
        "https://www.reddit.com/r/Sahlara/comments/1own/words/" if shown else "https://www.reddit.com/comments/1own"
    )
    assert ("nahrvoice" in repr(record).lower().replace("https://www.reddit.com/user/nahrvoice", "")) is False


def test_a_listed_persons_own_page_is_named(tmp_path: Path) -> None:
    post = made.rd_post(
        "1own", "NahrVoice", "Words", subreddit="u_NahrVoice", permalink="/r/u_NahrVoice/comments/1own/w/"
    )
    path = made.write_json(tmp_path / "a.json", made.rd_listing([made.rd_thing("t3", post)]))
    (record,) = read(Reddit(), path, PublicAccount("reddit", handle="NahrVoice"))
    assert post_of(record).uri == "https://www.reddit.com/r/u_NahrVoice/comments/1own/w/"
    assert post_of(record).container_ref == record.author_ref == "reddit:@nahrvoice"


# The fediverse


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("https://social.example/@voice", "https://social.example/@voice"),
        ("https://social.example/@voice/5.", "https://social.example/@voice/5."),
        ("https://social.example/users/voice/statuses/5", "https://social.example/users/voice/statuses/5"),
        ("@voice@social.example", "@voice@social.example"),
        ("@voice", "@*"),
        ("https://other.example/@voice", "https://other.example/*"),
        ("https://social.example/@other/5", "https://social.example/*"),
        ("https://social.example/ @voice", "https://social.example/ @*"),
    ],
)
def test_the_address_of_a_public_account_stays_whole(text: str, left: str) -> None:
    privacy = Pseudonymiser(KEY, [PublicAccount("mastodon", handle="voice@social.example")])
    assert re.sub(r"h:[0-9a-f]{32}", "*", fediverse.scope_of(privacy).clean(text)) == left


def test_a_private_ones_address_is_hashed_whole_in_what_is_held() -> None:
    again = Plainly(KEY, [("mastodon", "voice@social.example")])
    for text in (
        "https://social.example/@voice",
        "https://social.example/@voice/5",
        "https://social.example/users/voice",
    ):
        found = fediverse.scope_of(again).clean(text)
        assert "voice" not in found
        assert "5" not in found.partition("h:")[0]


def test_a_mention_in_other_words_is_found_by_the_order_of_the_edges(tmp_path: Path) -> None:
    """A public account may be mentioned under any words; who became private is hashed under them too."""
    links = [
        {"id": "1", "url": "https://social.example/@sahlara", "acct": "sahlara"},
        {"id": "2", "url": "https://social.example/@nahrvoice", "acct": "nahrvoice"},
    ]
    anchors = "".join(f'<a href="{link["url"]}" class="u-url mention">{word}</a> ' for link, word in zip(links, ("@the paper", "@that voice"), strict=True))  # fmt: skip
    path = made.write_json(tmp_path / "a.json", [made.md_status(5, "hidden_one", f"<p>{anchors}</p>", mentions=links)])
    listed = [PublicAccount("mastodon", handle=f"{name}@social.example") for name in ("sahlara", "nahrvoice")]
    record = next(one for one in read(Mastodon(), path, *listed) if one.kind is Kind.POST)
    assert post_of(record).text == "@the paper @that voice"
    again = Reread(Plainly(KEY, [("mastodon", "nahrvoice@social.example")]))
    found = Mastodon().reread(record.raw, held_as(record), again)
    assert isinstance(found, Record)
    hashed = "h:" + keyed_hash(KEY, "mastodon", "handle", "nahrvoice@social.example")
    assert post_of(found).text == f"@the paper @{hashed}"
    assert post_of(found).spans[1].end == len(post_of(found).text)
    mentions = [edge.dst_uid for edge in found.edges if edge.type is EdgeType.MENTION]
    assert mentions == ["mastodon:@sahlara@social.example", f"mastodon:{hashed}"]


# The rows that are held are enough.


@pytest.mark.parametrize("case", sources_unnaming.CASES, ids=lambda case: case.name)
def test_through_the_tables_and_back(case: sources_unnaming.Case, tmp_path: Path) -> None:
    """What the child is given in truth: rows of Arrow, with nulls for what was not told."""
    path = case.write(tmp_path)
    importer: object = registry.detect(head_of(path))
    assert isinstance(importer, Rereader)
    handed = sources_files.child(path, public=case.public)
    raws = {row["obs_id"]: row["record"] for row in handed.rows("raw")}
    tables = {name: _by_id(handed.rows(name)) for name in ("posts", "accounts", "edges")}
    records = {one.raw: one for one in read(importer, path, *case.public)}
    for row in handed.rows("observations"):
        obs_id = row["obs_id"]
        held = held_of(row, *(tables[name].get(obs_id, []) for name in ("posts", "accounts", "edges")))
        found = importer.reread(raws[obs_id], held, AGAIN)
        assert isinstance(found, Record)
        wanted = records[raws[obs_id]]
        for name in (
            "kind",
            "uid",
            "version",
            "raw",
            "post",
            "accounts",
            "edges",
            "author_ref",
            "author_public",
            "warnings",
        ):
            assert getattr(found, name) == getattr(wanted, name), name


def _by_id(rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["obs_id"], []).append(row)
    return found


# Real files.

REAL = [path for path in sources_rows.OPEN_NETWORKS if isinstance(registry.detect(head_of(path)), Rereader)]


@pytest.mark.parametrize("path", REAL, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_public_account_of_a_real_file_made_private(path: Path) -> None:
    """All that the file's public accounts wrote, hashed as an import with nobody public would hash it."""
    importer: Any = registry.detect(head_of(path))
    records = read(importer, path, *sources_rows.PUBLIC)
    listed = {account.platform: set[str]() for account in sources_rows.PUBLIC}
    for record in records:
        if record.author_public and record.author_ref:
            platform, _, native = record.author_ref.partition(":")
            listed.setdefault(platform, set()).add(native)
    for platform, natives in listed.items():
        for native in natives:
            names = [name for name in (native, native.removeprefix("@")) if name]
            mine = [record for record in records if record.author_ref == f"{platform}:{native}"]
            posts = [record.uid for record in mine if record.kind is not Kind.ACCOUNT]
            again = Reread(
                Plainly(KEY, [(platform, name.casefold() if "@" in name else name) for name in names], posts)
            )
            for record in records:
                found = importer.reread(record.raw, held_as(record), again)
                assert not isinstance(found, Reject)
                if record in mine:
                    assert not found.author_public
                    assert is_stand_in(found.author_ref)
                    assert is_stand_in(found.uid)
                    assert f'"{native}"' not in found.raw.decode()
                    assert importer.reread(found.raw, held_as(found), again).raw == found.raw
