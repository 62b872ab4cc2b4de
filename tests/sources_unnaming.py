"""For each open network a file in which one account stands in every place where it can, and how it is named there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sources_networks as made

from dalil.schema.chunks import PublicAccount

VIDEO = "gQ_1zX-F_No"
OTHER_VIDEO = "hR_2zX-G_Mo"
CHANNEL = "UCnahrvoice00000000000aa"
SAHLARA = "UCsahlaratoday0000000000"


@dataclass(frozen=True)
class Case:
    """One file. `account` is public by the workspace's list, or by its kind where `by_kind`; `others` stay public.

    `secrets`: what may stand nowhere once the account is a person's. `again`: whether a second import of the same
    file, with the account in the list as private, makes the very same records of all that it made before.
    """

    name: str
    write: Callable[[Path], Path]
    account: PublicAccount
    others: tuple[PublicAccount, ...] = ()
    by_kind: bool = False
    secrets: tuple[bytes, ...] = ()

    @property
    def public(self) -> tuple[PublicAccount, ...]:
        """The workspace's list before."""
        return self.others if self.by_kind else (self.account, *self.others)

    @property
    def private(self) -> tuple[PublicAccount, ...]:
        """The list after two circles agreed."""
        one = self.account
        return (PublicAccount(one.platform, native_id=one.native_id, handle=one.handle, private=True), *self.others)


def mastodon(folder: Path) -> Path:
    voice = {"id": "500", "url": "https://social.example/@nahrvoice", "acct": "nahrvoice", "username": "nahrvoice"}
    picture = {"id": "77001", "type": "image", "url": "https://files.example/77001.png", "description": "a bridge"}
    account = made.md_account("nahrvoice", id="500")
    own = made.md_status(
        91001, "nahrvoice", "<p>The bridge stands. #nahr</p>", media_attachments=[picture], account=account,
        spoiler_text="of the bridge", poll={"options": [{"title": "yes", "votes_count": 3}], "votes_count": 3},
        edited_at="2026-05-11T16:00:00.000Z",
    )  # fmt: skip
    answer = made.md_status(
        92001, "hidden_one", f"<p>{made.md_mention('nahrvoice')} is it? @hidden_two@other.example</p>", mentions=[voice],
        in_reply_to_id="91001", in_reply_to_account_id="500",
    )  # fmt: skip
    linking = made.md_status(
        93001, "sahlara", "<p>As in <a href='https://social.example/@nahrvoice/91001'>theirs</a>, see "
        "https://social.example/@nahrvoice and @nahrvoice@social.example</p>", quote={"quoted_status": own},
        card={"url": "https://social.example/@nahrvoice/91001", "title": "by @nahrvoice@social.example"},
    )  # fmt: skip
    before = made.md_status(
        91002, "nahrvoice", "<p>And the road.</p>", account=account, in_reply_to_id="91001", in_reply_to_account_id="500",
        uri="https://social.example/users/nahrvoice/statuses/91002",
    )  # fmt: skip
    reposts = [
        made.md_repost(94001, "sahlara", own),
        made.md_repost(91003, "nahrvoice", linking) | {"account": account},
    ]
    return made.write_json(folder / "timeline.json", [own, answer, linking, before, *reposts])


def activitypub(folder: Path) -> Path:
    tag = {"type": "Mention", "href": made.ap_actor("nahrvoice"), "name": "@nahrvoice@social.example"}
    picture = {
        "type": "Document",
        "mediaType": "image/png",
        "url": "https://files.example/77001.png",
        "name": "a bridge",
    }
    own = made.ap_note(91001, "nahrvoice", "<p>The bridge stands.</p>", attachment=[picture])
    answer = made.ap_note(
        92001, "hidden_one", f"<p>{made.md_mention('nahrvoice')} is it?</p>", tag=[tag], inReplyTo=own["id"]
    )
    quoting = made.ap_note(93001, "sahlara", "<p>Look: @nahrvoice@social.example</p>", quoteUrl=own["id"])
    gone = {
        "type": "Delete",
        "id": "https://social.example/d/1",
        "actor": made.ap_actor("nahrvoice"),
        "object": {"type": "Tombstone", "id": f"{made.ap_actor('nahrvoice')}/statuses/91004"},
    }
    actor = {
        "type": "Person", "id": made.ap_actor("nahrvoice"), "preferredUsername": "nahrvoice", "name": "Voice of Nahr",
        "summary": "<p>words of nahrvoice</p>", "published": "2020-01-01T00:00:00Z",
    }  # fmt: skip
    items = [made.ap_create(own), made.ap_create(answer), made.ap_create(quoting)]
    items += [made.ap_announce(94001, "sahlara", own["id"]), made.ap_announce(91003, "nahrvoice", quoting["id"])]
    return made.write_lines(folder / "lines.jsonl", [*items, gone, actor])


def bluesky(folder: Path) -> Path:
    text = "hello @nahrvoice.bsky.example, see https://bsky.app/profile/nahrvoice.bsky.example/post/3kaa"
    facets = [made.bs_facet(text, "@nahrvoice.bsky.example", made.bs_mention("nahrvoice"))]
    own_record = made.bs_record(
        "The bridge stands. #nahr", facets=[made.bs_facet("The bridge stands. #nahr", "#nahr", made.bs_tag("nahr"))],
        embed={"$type": "app.bsky.embed.images", "images": [made.bs_image("bafkreibridge", "a bridge")]},
    )  # fmt: skip
    full = {"images": [{"fullsize": f"https://cdn.bsky.app/img/{made.did('nahrvoice')}/bafkreibridge"}]}
    own = made.bs_view("nahrvoice", "3kaa", own_record, embed=full)
    to = {"uri": made.bs_uri("nahrvoice", "3kaa"), "cid": "x"}
    answer = made.bs_view("hidden", "3kbb", made.bs_record(text, facets=facets, reply={"parent": to, "root": to}))
    quoting = made.bs_view(
        "sahlara", "3kcc", made.bs_record(f"As {made.did('nahrvoice')} says", embed={"$type": "app.bsky.embed.record", "record": to}),
        embed={"record": {"uri": to["uri"], "author": made.bs_author("nahrvoice"), "value": own_record, "indexedAt": "2026-05-11T15:34:20.000Z"}},
    )  # fmt: skip
    external = {
        "uri": "https://bsky.app/profile/nahrvoice.bsky.example",
        "title": "Voice",
        "description": "of the river",
    }
    linking = made.bs_view(
        "sahlara", "3kdd", made.bs_record("a card", embed={"$type": "app.bsky.embed.external", "external": external})
    )
    reason = {
        "$type": "app.bsky.feed.defs#reasonRepost",
        "by": made.bs_author("nahrvoice"),
        "indexedAt": "2026-05-12T00:00:00.000Z",
    }
    gone = {"uri": made.bs_uri("nahrvoice", "3kzz"), "notFound": True}
    profile = {"profiles": [made.bs_author("nahrvoice", followersCount=1234, description="words of the river")]}
    feed = {"feed": [{"post": own}, {"post": answer}, {"post": quoting}, {"post": linking, "reason": reason}]}
    return made.write_lines(folder / "feed.jsonl", [profile, feed, gone])


def jetstream(folder: Path) -> Path:
    text = "hello @nahrvoice.bsky.example"
    facets = [made.bs_facet(text, "@nahrvoice.bsky.example", made.bs_mention("nahrvoice"))]
    to = {"uri": made.bs_uri("nahrvoice", "3kaa"), "cid": "x"}
    repost = {"$type": "app.bsky.feed.repost", "subject": to, "createdAt": "2026-05-11T15:34:16.000Z"}
    profile = {"displayName": "Voice of Nahr", "description": "words of the river"}
    return made.write_lines(
        folder / "jetstream.jsonl",
        [
            made.js_commit("nahrvoice", "self", profile, collection="app.bsky.actor.profile"),
            made.js_commit("nahrvoice", "3kaa", made.bs_record("The bridge stands.")),
            made.js_commit("nahrvoice", "3kaa", made.bs_record("The bridge stands still."), operation="update"),
            made.js_commit("hidden", "3kbb", made.bs_record(text, facets=facets, reply={"parent": to, "root": to})),
            made.js_commit("sahlara", "3kcc", repost, collection="app.bsky.feed.repost"),
            made.js_commit("nahrvoice", "3kdd", operation="delete"),
        ],
    )


def reddit(folder: Path) -> Path:
    own = made.rd_post(
        "1voi", "NahrVoice", "The bridge stands", selftext="says u/NahrVoice", url="https://news.example/b"
    )
    comment = made.rd_comment("cvoi", "NahrVoice", "It does.", link_id="t3_1voi", parent_id="t3_1voi")
    answer = made.rd_comment("chid", "hidden_one", "no, /u/NahrVoice", link_id="t3_1voi", parent_id="t1_cvoi")
    linking = made.rd_post(
        "1sah",
        "SahlaraNews",
        "Look",
        selftext="at https://www.reddit.com/user/NahrVoice",
        link_flair_text="u/NahrVoice",
    )
    there = made.rd_post(
        "1own", "SahlaraNews", "On their page", subreddit="u_NahrVoice", permalink="/r/u_NahrVoice/comments/1own/words/"
    )
    crosspost = made.rd_post(
        "1cro", "SahlaraNews", "The bridge stands", crosspost_parent="t3_1voi", crosspost_parent_list=[own]
    )
    quoted = made.rd_post(
        "1quo", "SahlaraNews", "Another title", crosspost_parent="t3_1voi", crosspost_parent_list=[own]
    )
    passed = made.rd_post("1pas", "NahrVoice", "Look", crosspost_parent="t3_1sah", crosspost_parent_list=[linking])
    return made.write_lines(folder / "lines.ndjson", [own, comment, answer, linking, there, crosspost, quoted, passed])


def feeds(folder: Path) -> Path:
    words = (
        "<![CDATA[<p>It stands, says <a href='https://nahrvoice.example/about'>the voice</a>, see "
        "https://www.nahrvoice.example/5, nahrvoice.example and https://t.example/?to=https://nahrvoice.example/7</p>]]>"
    )
    home = {"link": "https://www.nahrvoice.example/", "description": "News of nahrvoice.example"}
    own = [
        made.rss_item(1, words, link="https://nahrvoice.example/1", guid="https://nahrvoice.example/?p=1"),
        made.rss_item(2, link="", guid="number two"),
        made.rss_item(3, "No id at all.", link="", guid=""),
        made.rss_item(4, link="https://nahrvoice.example/4", guid="4", enclosure=""),
    ]
    return made.write(folder / "feed.xml", made.rss(own, title="Voice of Nahr", **home))


def youtube(folder: Path) -> Path:
    channel = {
        "kind": "youtube#channel", "id": CHANNEL,
        "snippet": {"title": "Voice of Nahr", "customUrl": "@nahrvoice", "description": "words of the river", "publishedAt": "2020-01-01T00:00:00Z"},
        "statistics": {"videoCount": "12", "subscriberCount": "4321", "viewCount": "99999"},
    }  # fmt: skip
    snippet = {"channelId": CHANNEL, "channelTitle": "Voice of Nahr", "tags": ["bridge"], "description": f"See https://www.youtube.com/channel/{CHANNEL} #bridge"}  # fmt: skip
    own = made.yt_comment("Ugxown1", "It does.", CHANNEL)
    reply = made.yt_comment("Ugxown1.2", f"no https://www.youtube.com/channel/{CHANNEL}", parentId="Ugxown1")
    listed = made.yt_comment("Ugxother", "by @nahrvoice", SAHLARA)
    thread = made.yt_thread(VIDEO, own, [reply, listed])
    thread["snippet"]["channelId"] = CHANNEL
    away = made.yt_thread(OTHER_VIDEO, made.yt_comment("Ugxaway1", "We saw it too.", CHANNEL))
    return made.write_lines(
        folder / "answers.jsonl",
        [
            made.yt_answer([channel], "channelList"),
            made.yt_answer([made.yt_video(VIDEO, snippet), made.yt_video(OTHER_VIDEO, {"title": "Another"})]),
            made.yt_answer([thread, away], "commentThreadList"),
        ],
    )


def yt_dlp(folder: Path) -> Path:
    comments = [
        made.dl_comment("Ugxown1", "It does.", author_id=CHANNEL, author_is_uploader=True),
        made.dl_comment("Ugxown1.2", "no, @nahrvoice", parent="Ugxown1"),
        made.dl_comment("Ugxhid1", "words"),
    ]
    return made.write_json(
        folder / "one.info.json",
        made.dl_info(VIDEO, comments, channel_id=CHANNEL, channel="Voice of Nahr", uploader="Voice of Nahr", uploader_id="@nahrvoice"),
    )  # fmt: skip


def yt_dlp_elsewhere(folder: Path) -> Path:
    comments = [
        made.dl_comment("81001", "It does.", author_id="nahrvoice"),
        made.dl_comment("81002", "no, @nahrvoice", parent="81001"),
        made.dl_comment("81003", "see https://www.tiktok.com/@nahrvoice/video/71001"),
    ]
    info = made.dl_info(
        "71001", comments, extractor="TikTok", extractor_key="TikTok", uploader_id="nahrvoice", uploader="Voice of Nahr",
        channel="Voice of Nahr", channel_id="MS4x", webpage_url="https://www.tiktok.com/@nahrvoice/video/71001",
        thumbnail="https://p16.example/x.jpg", description="by @nahrvoice, with @hidden_one", channel_follower_count=4321,
    )  # fmt: skip
    return made.write_json(folder / "clip.info.json", info)


def public(platform: str, **names: Any) -> PublicAccount:
    return PublicAccount(platform, **names)


CASES = (
    Case(
        "mastodon", mastodon, public("mastodon", handle="nahrvoice@social.example"),
        (public("mastodon", handle="sahlara@social.example"),), secrets=(b"nahrvoice", b"91001", b"91002", b"77001"),
    ),
    Case(
        "activitypub-outbox", activitypub, public("mastodon", handle="nahrvoice@social.example"),
        (public("mastodon", handle="sahlara@social.example"),), secrets=(b"nahrvoice", b"91001", b"91004", b"Voice of Nahr", b"77001"),
    ),
    Case(
        "bluesky-api", bluesky, public("bluesky", native_id=made.did("nahrvoice"), handle="nahrvoice.bsky.example"),
        (public("bluesky", native_id=made.did("sahlara")),), secrets=(b"nahrvoice", b"bafkreibridge", b"words of the river"),
    ),
    Case(
        "bluesky-jetstream", jetstream, public("bluesky", native_id=made.did("nahrvoice"), handle="nahrvoice.bsky.example"),
        (public("bluesky", native_id=made.did("sahlara")),), secrets=(b"nahrvoice", b"Voice of Nahr", b"words of the river"),
    ),
    Case(
        "reddit", reddit, public("reddit", handle="NahrVoice"), (public("reddit", handle="SahlaraNews"),),
        secrets=(b"nahrvoice", b"1voi", b"cvoi", b"1pas"),
    ),
    Case("feeds", feeds, public("web", native_id="nahrvoice.example"), by_kind=True, secrets=(b"nahrvoice", b"Voice of Nahr")),
    Case(
        "youtube-api", youtube, public("youtube", native_id=CHANNEL, handle="nahrvoice"), (public("youtube", native_id=SAHLARA),),
        secrets=(b"nahrvoice", b"Voice of Nahr", VIDEO.encode(), b"Ugxown1", b"Ugxaway1", b"words of the river"),
    ),
    Case(
        "youtube-api by kind", youtube, public("youtube", native_id=CHANNEL, handle="nahrvoice"), by_kind=True,
        secrets=(b"nahrvoice", b"Voice of Nahr", VIDEO.encode(), b"Ugxown1", b"words of the river"),
    ),
    Case(
        "yt-dlp", yt_dlp, public("youtube", native_id=CHANNEL, handle="nahrvoice"), by_kind=True,
        secrets=(b"nahrvoice", b"Voice of Nahr", VIDEO.encode(), b"Ugxown1"),
    ),
    Case(
        "yt-dlp elsewhere", yt_dlp_elsewhere, public("tiktok", native_id="nahrvoice", handle="nahrvoice"),
        secrets=(b"nahrvoice", b"Voice of Nahr", b"71001", b"81001"),
    ),
)  # fmt: skip
