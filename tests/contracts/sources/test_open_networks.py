"""The importers of YouTube, Mastodon, ActivityPub, Bluesky, Reddit and feeds pass the suite that we ask of others."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import sources_networks as made

from dalil.schema.chunks import PublicAccount
from dalil.sources.formats.activitypub_outbox.importer import ActivityPubOutbox
from dalil.sources.formats.bluesky_api.importer import BlueskyApi
from dalil.sources.formats.bluesky_jetstream.importer import BlueskyJetstream
from dalil.sources.formats.feeds.importer import Feeds
from dalil.sources.formats.mastodon.importer import Mastodon
from dalil.sources.formats.reddit.importer import Reddit
from dalil.sources.formats.youtube_api.importer import YouTubeApi
from dalil.sources.formats.yt_dlp.importer import YtDlp
from dalil.testing.importers import ImporterContract

VIDEO = "gQ_1zX-F_No"


class TestYouTubeApi(ImporterContract):
    importer = YouTubeApi()
    secrets = (b"hidden_one", b"UChiddenperson", b"hidden_picture", b"Ugxhidden", b"other_hidden")

    def write_samples(self, folder: Path) -> Sequence[Path]:
        top = made.yt_comment("Ugxhidden1", "to @other_hidden https://www.youtube.com/@other_hidden")
        reply = made.yt_comment("Ugxhidden1.2", "no", parentId="Ugxhidden1")
        display = made.yt_comment(
            "Ugxhidden3", '<a href="https://www.youtube.com/channel/UChiddenperson0000000002">@other_hidden</a>'
        )
        del display["snippet"]["textOriginal"]
        search = {
            "kind": "youtube#searchResult",
            "id": {"kind": "youtube#video", "videoId": VIDEO},
            "snippet": made.yt_snippet(VIDEO),
        }
        channel = {
            "kind": "youtube#channel",
            "id": "UChiddenperson0000000001",
            "snippet": {"title": "hidden_one"},
            "statistics": {"videoCount": "0"},
        }
        return [
            made.write_json(folder / "videos.json", made.yt_answer([made.yt_video(VIDEO)])),
            made.write_json(folder / "threads.json", made.yt_answer([made.yt_thread(VIDEO, top, [reply])], "commentThreadList")),
            made.write_lines(folder / "lines.jsonl", [made.yt_answer([search], "searchList"), made.yt_answer([display], "commentList")]),
            made.write_json(folder / "channels.json", made.yt_answer([channel], "channelList")),
        ]  # fmt: skip

    def write_large(self, folder: Path, copies: int) -> Path:
        answers = (made.yt_answer([made.yt_comment(f"Ugx{n}", f"comment {n}", f"UC{n:022}")]) for n in range(copies))
        return made.write_lines(folder / "large.jsonl", answers)


class TestYtDlp(ImporterContract):
    importer = YtDlp()
    secrets = (
        *(b"hidden_one", b"UChiddenperson", b"hidden_picture", b"Ugxhidden", b"other_hidden", b"9007001"),
        *(b"secretsignature", b"secretcookie", b"secretagent", b"secretowner", b"203.0.113.9"),
    )

    def write_samples(self, folder: Path) -> Sequence[Path]:
        comments = [
            made.dl_comment("Ugxhidden1", "to @other_hidden"),
            made.dl_comment("Ugxhidden1.2", "no", parent="Ugxhidden1"),
        ]
        elsewhere = made.dl_info(
            "9007001", [made.dl_comment("9007001005", "words")], extractor="TikTok", extractor_key="TikTok",
            uploader_id="9007001777", uploader="hidden_one", channel="hidden_one", channel_id="MS4hidden_one",
            webpage_url="https://www.tiktok.com/@hidden_one/video/9007001", thumbnail="https://p16.example/hidden_picture",
            description="by @hidden_one",
        )  # fmt: skip
        playlist = {"_type": "playlist", "id": "PLx", "title": "A list", "entries": [made.dl_info(VIDEO, comments), None], "extractor_key": "YoutubeTab", "webpage_url": "https://www.youtube.com/playlist?list=PLx"}  # fmt: skip
        return [
            made.write_json(folder / "one.info.json", made.dl_info(VIDEO, comments)),
            made.write_lines(folder / "lines.jsonl", [made.dl_info(VIDEO), elsewhere]),
            made.write_json(folder / "playlist.json", playlist),
        ]

    def write_large(self, folder: Path, copies: int) -> Path:
        comments = [made.dl_comment(f"Ugx{n}", f"comment {n}", author_id=f"UC{n:022}") for n in range(copies)]
        return made.write_json(folder / "large.json", made.dl_info(VIDEO, comments))


class TestMastodon(ImporterContract):
    importer = Mastodon()
    public = (PublicAccount(platform="mastodon", handle="sahlara@social.example"),)
    secrets = (b"hidden", b"9007001", b"files.example/avatars/hidden", b"home.example")

    def write_samples(self, folder: Path) -> Sequence[Path]:
        mention = {
            "id": "1",
            "username": "hidden_two",
            "url": "https://other.example/@hidden_two",
            "acct": "hidden_two@other.example",
        }
        picture = {
            "id": "9007001555",
            "type": "image",
            "url": "https://files.example/9007001555.png",
            "description": "a bridge, by @hidden_two@other.example",
        }
        private = made.md_status(
            9007001,
            "hidden_one",
            f"<p>{made.md_mention('hidden_two', 'other.example')} see https://social.example/@hidden_one/9007001</p>",
            mentions=[mention],
            media_attachments=[picture],
        )
        public = made.md_status(55, "sahlara", "<p>The bridge stands. @hidden_two@other.example</p>")
        direct = made.md_status(9007002, "hidden_one", "<p>secret words hidden</p>", visibility="direct")
        repost = made.md_repost(9007003, "hidden_one", public)
        return [
            made.write_json(folder / "timeline.json", [private, public, direct, repost]),
            made.write_lines(folder / "lines.jsonl", [private, public]),
            made.write_json(folder / "one.json", private),
            made.write_json(folder / "thread.json", {"ancestors": [public], "descendants": [private]}),
        ]  # fmt: skip

    def write_large(self, folder: Path, copies: int) -> Path:
        return made.write_json(
            folder / "large.json", [made.md_status(n, f"user{n}", f"<p>post {n}</p>") for n in range(1, copies + 1)]
        )


class TestActivityPubOutbox(ImporterContract):
    importer = ActivityPubOutbox()
    public = (PublicAccount(platform="mastodon", handle="sahlara@social.example"),)
    secrets = (b"hidden", b"9007001")

    def write_samples(self, folder: Path) -> Sequence[Path]:
        tag = {
            "type": "Mention",
            "href": made.ap_actor("hidden_two", "other.example"),
            "name": "@hidden_two@other.example",
        }
        picture = {
            "type": "Document",
            "mediaType": "image/png",
            "url": "https://files.example/9007001555.png",
            "name": "a bridge",
        }
        private = made.ap_note(
            9007001,
            "hidden_one",
            f"<p>{made.md_mention('hidden_two', 'other.example')} hello</p>",
            tag=[tag],
            attachment=[picture],
        )
        public = made.ap_note(55, "sahlara", "<p>The bridge stands.</p>", inReplyTo=private["id"])
        items = [made.ap_create(private), made.ap_create(public), made.ap_announce(9007002, "hidden_one", public["id"])]
        gone = {
            "type": "Delete",
            "id": "https://social.example/d/1",
            "actor": made.ap_actor("hidden_one"),
            "to": [made.TO_ALL],
            "object": {"type": "Tombstone", "id": private["id"]},
        }
        return [
            made.write_json(folder / "outbox.json", made.ap_outbox(items)),
            made.write_lines(folder / "lines.jsonl", [*items, gone]),
            made.write_json(folder / "page.json", made.ap_outbox(items, type="OrderedCollectionPage")),
        ]  # fmt: skip

    def write_large(self, folder: Path, copies: int) -> Path:
        items = [made.ap_create(made.ap_note(n, f"user{n}", f"<p>post {n}</p>")) for n in range(1, copies + 1)]
        return made.write_json(folder / "large.json", made.ap_outbox(items))


class TestBlueskyApi(ImporterContract):
    importer = BlueskyApi()
    public = (PublicAccount(platform="bluesky", native_id=made.did("sahlara")),)
    secrets = (b"hidden", b"collector", b"bafkreiavatar")

    def write_samples(self, folder: Path) -> Sequence[Path]:
        text = "hello @hiddentwo.bsky.example, see https://bsky.app/profile/hiddentwo.bsky.example"
        facets = [made.bs_facet(text, "@hiddentwo.bsky.example", made.bs_mention("hiddentwo"))]
        embed = {
            "$type": "app.bsky.embed.images",
            "images": [made.bs_image("bafkreihidden", "by @hiddentwo.bsky.example")],
        }
        record = made.bs_record(
            text,
            facets=facets,
            embed=embed,
            reply={
                "parent": {"uri": made.bs_uri("sahlara", "3kaa"), "cid": "x"},
                "root": {"uri": made.bs_uri("hiddentwo", "3khidden"), "cid": "x"},
            },
        )
        private = made.bs_view("hidden", "3khidden", record)
        public = made.bs_view("sahlara", "3kaa", made.bs_record("The bridge stands."))
        reason = {
            "$type": "app.bsky.feed.defs#reasonRepost",
            "by": made.bs_author("hidden"),
            "indexedAt": "2026-05-12T00:00:00.000Z",
        }
        feed = {
            "feed": [{"post": public, "reason": reason}, {"post": private, "reply": {"parent": public, "root": public}}]
        }
        thread = {
            "thread": {
                "$type": "app.bsky.feed.defs#threadViewPost",
                "post": public,
                "replies": [{"post": private, "replies": []}],
            }
        }
        return [
            made.write_json(folder / "feed.json", feed),
            made.write_json(folder / "thread.json", thread),
            made.write_lines(folder / "posts.jsonl", [private, public]),
            made.write_json(folder / "profiles.json", {"profiles": [made.bs_author("hidden", followersCount=123), made.bs_author("sahlara")]}),
        ]  # fmt: skip

    def write_large(self, folder: Path, copies: int) -> Path:
        letters = "abcdefghijklmnopqrstuvwxyz"
        rows = (
            made.bs_view(
                f"u{letters[n % 26]}{letters[n // 26 % 26]}{letters[n // 676]}", f"3k{n}", made.bs_record(f"post {n}")
            )
            for n in range(copies)
        )
        return made.write_lines(folder / "large.jsonl", rows)


class TestBlueskyJetstream(ImporterContract):
    importer = BlueskyJetstream()
    public = (PublicAccount(platform="bluesky", native_id=made.did("sahlara")),)
    secrets = (b"hidden",)

    def write_samples(self, folder: Path) -> Sequence[Path]:
        text = "hello @hiddentwo.bsky.example and did:plc:hiddenthreeaaaaaaaaaaaaa"
        facets = [made.bs_facet(text, "@hiddentwo.bsky.example", made.bs_mention("hiddentwo"))]
        post = made.js_commit("hidden", "3khidden", made.bs_record(text, facets=facets))
        public = made.js_commit("sahlara", "3kaa", made.bs_record("The bridge stands."))
        repost = made.js_commit(
            "hidden",
            "3khidden2",
            {
                "$type": "app.bsky.feed.repost",
                "subject": {"uri": made.bs_uri("sahlara", "3kaa")},
                "createdAt": "2026-05-11T15:34:16.000Z",
            },
            collection="app.bsky.feed.repost",
        )
        gone = made.js_commit("hidden", "3khidden", operation="delete")
        like = made.js_commit(
            "hidden", "3khidden3", {"subject": {"uri": made.bs_uri("sahlara", "3kaa")}}, collection="app.bsky.feed.like"
        )
        left = {
            "did": made.did("hidden"),
            "time_us": 1,
            "kind": "account",
            "account": {"active": False, "did": made.did("hidden"), "status": "deleted"},
        }
        return [
            made.write_lines(folder / "jetstream.jsonl", [post, public, repost, like, gone, left]),
            made.write_json(folder / "firehose.json", [post, public]),
            made.write_json(folder / "tap.json", [made.tap_event("hidden", "3khidden", made.bs_record(text))]),
        ]  # fmt: skip

    def write_large(self, folder: Path, copies: int) -> Path:
        return made.write_lines(
            folder / "large.jsonl",
            (made.js_commit("someone", f"3k{n}", made.bs_record(f"post {n}")) for n in range(copies)),
        )


class TestReddit(ImporterContract):
    importer = Reddit()
    public = (PublicAccount(platform="reddit", handle="SahlaraNews"),)
    secrets = (b"hidden", b"secretmodhash", b"1hid")

    def write_samples(self, folder: Path) -> Sequence[Path]:
        own = made.rd_post(
            "1hid",
            "hidden_one",
            "by u/hidden_two",
            selftext="see /u/hidden_two and https://www.reddit.com/user/hidden_two",
            subreddit_id="x",
        )
        public = made.rd_post("1pub", "SahlaraNews", "The bridge stands")
        reply = made.rd_comment("c1hid2", "hidden_two", "no, u/hidden_one", parent_id="t1_c1hid", link_id="t3_1hid")
        comment = made.rd_comment(
            "c1hid",
            "hidden_one",
            "words",
            link_id="t3_1hid",
            parent_id="t3_1hid",
            replies=made.rd_listing([made.rd_thing("t1", reply)]),
        )
        crosspost = made.rd_post(
            "1hid3", "hidden_one", "The bridge stands", crosspost_parent="t3_1pub", crosspost_parent_list=[public]
        )
        listing = made.rd_listing(
            [made.rd_thing("t3", own), made.rd_thing("t3", public), made.rd_thing("t3", crosspost)]
        )
        page = [made.rd_listing([made.rd_thing("t3", own)]), made.rd_listing([made.rd_thing("t1", comment)])]
        return [
            made.write_json(folder / "listing.json", listing),
            made.write_json(folder / "page.json", page),
            made.write_lines(folder / "pushshift.ndjson", [own, comment, public]),
        ]  # fmt: skip

    def write_large(self, folder: Path, copies: int) -> Path:
        return made.write_lines(
            folder / "large.ndjson", (made.rd_post(f"{n}", f"user_{n}", f"post {n}") for n in range(copies))
        )


class TestFeeds(ImporterContract):
    importer = Feeds()
    secrets = (b"hidden", b"9007001")

    def write_samples(self, folder: Path) -> Sequence[Path]:
        words = "<![CDATA[<p>by <a href='https://mastodon.example/@hidden_one'>@hidden_one</a></p>]]>"
        own = made.rss([made.rss_item(1, guid="https://mastodon.example/@hidden_one/9007001", link="https://mastodon.example/@hidden_one/9007001")], title="hidden person", link="https://mastodon.example/@hidden_one")  # fmt: skip
        return [
            made.write(folder / "news.xml", made.rss([made.rss_item(1, words), made.rss_item(2)])),
            made.write(folder / "atom.xml", made.atom([made.atom_entry(1), made.atom_entry(2)])),
            made.write(folder / "person.xml", own),
            made.write(folder / "wide.xml", made.rss([made.rss_item(1)], prolog='<?xml version="1.0" encoding="utf-16"?>'), encoding="utf-16"),
        ]  # fmt: skip

    def write_large(self, folder: Path, copies: int) -> Path:
        return made.write(folder / "large.xml", made.rss(made.rss_item(n) for n in range(copies)))


def test_every_sample_is_json_or_xml_of_its_own(tmp_path: Path) -> None:
    """The samples above are what the tools write: whole JSON values, or XML."""
    for number, suite in enumerate((TestYouTubeApi, TestMastodon, TestBlueskyApi, TestReddit)):
        folder = tmp_path / str(number)
        folder.mkdir()
        for path in suite().write_samples(folder):
            text = path.read_text(encoding="utf-8")
            for line in text.splitlines() if path.suffix in (".jsonl", ".ndjson") else [text]:
                assert json.loads(line)
