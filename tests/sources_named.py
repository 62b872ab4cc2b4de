"""Files of many formats in which one account is named in every way that the format knows, for tests of unnaming."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import sources_archived
import sources_fourcat
import sources_tables
from sources_files import (
    CT_COLUMNS,
    ct_row,
    fb_post,
    mcl_row,
    td_channel,
    td_entry,
    td_medium,
    tg_chat,
    tg_message,
    tl_channel,
    tl_message,
    write_ct,
    write_json,
    write_lines,
    write_table,
)

from dalil.schema.chunks import PublicAccount

CHANNEL = PublicAccount("telegram", native_id="1494031694", handle="sahlara_news")
READER = PublicAccount("telegram", native_id="777001", handle="dalya_reads")
OTHER = PublicAccount("telegram", native_id="555002", handle="other_channel")
PAGE = PublicAccount("facebook", native_id="111000222333", handle="sahlara.today")
MARKET = PublicAccount("facebook", native_id="5550002", handle="dalya.market")
LIBRARY = PublicAccount("facebook", native_id="mcl:5098765432101", handle="sahlaratoday")
TABLED = PublicAccount("facebook", handle="sahlaratoday")
ON_X = PublicAccount("x", native_id="55", handle="SahlaraToday")
ARCHIVED = PublicAccount("x", handle="SahlaraToday")


def telegram_desktop(folder: Path, **chat: object) -> Path:
    words = ["see https://t.me/sahlara_news/5, ", {"type": "mention", "text": "@sahlara_news"}, " 🙂 ", {"type": "bold", "text": "now"}]  # fmt: skip
    link = [{"type": "text_link", "text": "here", "href": "https://t.me/sahlara_news/1"}, " and @other_channel"]
    named = ["thanks to ", {"type": "mention_name", "text": "Dalya Reads", "user_id": 777001}, " for it"]
    messages = [
        tg_message(1, words, reactions=[{"type": "emoji", "emoji": "🙂", "count": 12}]),
        tg_message(2, link, reply_to_message_id=1),
        tg_message(3, named, photo="(File not included. Change data exporting settings to download.)"),
        tg_message(4, "forwarded", forwarded_from="other", forwarded_from_id="channel555002"),
        tg_message(5, "", poll={"question": "Ask @sahlara_news?", "answers": [{"text": "@sahlara_news", "voters": 3}]}),
        tg_message(6, "from a reader", from_id="user777001"),
        tg_message(7, "to the reader", reply_to_message_id=6),
    ]
    return write_json(folder / "result.json", tg_chat(messages, **chat))


def telethon(folder: Path) -> Path:
    entities = [
        {"_": "MessageEntityMention", "offset": 0, "length": 13},
        {"_": "MessageEntityTextUrl", "offset": 17, "length": 3, "url": "https://t.me/sahlara_news/3"},
        {"_": "MessageEntityMentionName", "offset": 21, "length": 5, "user_id": 777001},
    ]
    forward = {"_": "MessageFwdHeader", "from_id": {"_": "PeerChannel", "channel_id": 555002}, "channel_post": 8}
    page = {"_": "MessageMediaWebPage", "webpage": {"_": "WebPage", "url": "https://t.me/sahlara_news/9"}}
    photo = {"_": "MessageMediaPhoto", "photo": {"_": "Photo", "id": 998877, "sizes": [{"_": "PhotoSize", "w": 4, "h": 3}]}}  # fmt: skip
    reply = {"_": "MessageReplyHeader", "reply_to_msg_id": 1, "reply_to_top_id": 1}
    rows = [
        tl_channel(),
        tl_channel(id=555002, title="Other Channel", username="other_channel"),
        tl_message(1, message="@sahlara_news 🙂 see Dalya", entities=entities),
        tl_message(2, reply_to=reply, media=page),
        tl_message(3, fwd_from=forward, media=photo),
        tl_message(4, media=photo, edit_date="2026-05-12T15:34:16+00:00", grouped_id=6),
        tl_message(5, media=photo, grouped_id=6),
        tl_message(6, peer_id={"_": "PeerChannel", "channel_id": 555002}, media=page, message="elsewhere"),
    ]
    return write_lines(folder / "dump.jsonl", rows)


def tgdataset(folder: Path) -> Path:
    texts = {
        "3": td_entry(message="see https://t.me/sahlara_news/5 and @sahlara_news"),
        "2": td_entry(is_forwarded=True, forwarded_from_id=555002, forwarded_from_message_id=9),
        "5": td_entry(is_forwarded=True, forwarded_from_id=1494031694, forwarded_from_message_id=3),
    }
    one = td_channel(texts, {"3": td_medium(), "4": td_medium()}, description="write to @sahlara_news")
    back = {"1": td_entry(is_forwarded=True, forwarded_from_id=1494031694), "2": td_entry(message="@sahlara_news")}
    other = td_channel(back, {}, username="other_channel", title="Other Channel")
    return write_json(folder / "a.json", {"1494031694": one, "555002": other})


def crowdtangle(folder: Path) -> Path:
    base = {"Facebook Id": "111000222333", "User Name": "sahlara.today"}
    rows = [
        ct_row(1, Message="Read us at facebook.com/sahlara.today and @sahlara.today 🙂 @hidden.person", **base),
        ct_row(2, Link="https://www.facebook.com/sahlara.today/posts/7", **base),
        ct_row(3, URL="", **base),
        ct_row(4, Message="As @sahlara.today said: https://www.facebook.com/111000222333/posts/1", **{"Page Name": "Dalya"}),
    ]  # fmt: skip
    return write_ct(folder / "pages.csv", rows)


def crowdtangle_group(folder: Path) -> Path:
    group = {"Group Name": "The square", "Facebook Id": "777000111"}
    rows = [ct_row(3, URL="https://www.facebook.com/groups/777000111/permalink/555000111", **group)]
    return write_ct(folder / "g.csv", rows, columns=("Group Name", *CT_COLUMNS[1:]))


def library(folder: Path) -> Path:
    link = {"link_attachment.link": "https://www.facebook.com/sahlaratoday/posts/9", "link_attachment.name": "@sahlaratoday"}  # fmt: skip
    other = {"post_owner.id": "777", "post_owner.username": "dalya.today", "post_owner.name": "Dalya"}
    rows = [
        mcl_row(1, text="Read @sahlaratoday and @hidden.person"),
        mcl_row(2, text="", shared_post_id="40123456783"),
        mcl_row(3, text="shared", shared_post_id="40123456783", **link),
        mcl_row(4, text="on their page", **other),
    ]
    return write_table(folder / "a.csv", rows)


def download(folder: Path) -> Path:
    named = "Thanks to @[111000222333:2048:Sahlara Today] and @[5550002:2048:Dalya Market], see facebook.com/sahlara.today 🙂"
    link = [{"data": [{"external_context": {"url": "https://www.facebook.com/sahlara.today/posts/9"}}]}]
    posts = [fb_post(1, named), fb_post(2, "more", attachments=link), fb_post(3, "@sahlara.today")]
    return write_json(folder / "a.json", posts)


def table(folder: Path) -> Path:
    filled = sources_tables.filled
    other = {"account_name": "Dalya", "address": "https://www.facebook.com/dalya.market/posts/5"}
    rows = [
        filled(text="Follow @sahlaratoday at facebook.com/sahlaratoday/posts/9", link="https://www.facebook.com/sahlaratoday"),
        filled(text="@sahlaratoday says so", link="https://www.facebook.com/sahlaratoday/posts/77", **other),
        filled(reply_to="https://www.facebook.com/sahlaratoday/posts/77", address="https://www.facebook.com/sahlaratoday/posts/78"),
    ]  # fmt: skip
    return sources_tables.write_template(folder / "t.csv", rows)


def fourcat(folder: Path) -> Path:
    other = {"author": "dalya_market", "author_id": "66", "author_fullname": "Dalya", "link": ""}
    rows = [
        sources_fourcat.X | {"body": "I am @SahlaraToday, x.com/SahlaraToday"},
        sources_fourcat.X | other | {"id": "1700000000000000002", "quoted_user": "SahlaraToday", "body": "@SahlaraToday!"},
        sources_fourcat.X | other | {"id": "1700000000000000003", "is_retweet": "yes", "retweeted_user": "SahlaraToday", "body": "RT @SahlaraToday: news"},
    ]  # fmt: skip
    return sources_fourcat.write_ndjson(folder / "x.ndjson", rows)


def archived(folder: Path) -> Path:
    at = sources_archived.folder(
        folder / "item", content="The bridge stands, says @SahlaraToday. https://x.com/SahlaraToday"
    )
    return at / "a9s8.json"


@dataclass(frozen=True, kw_only=True)
class Case:
    """One file and the account that becomes private. `titles`: names of it that are shown beside its handle."""

    format: str
    write: Callable[[Path], Path]
    account: PublicAccount
    public: tuple[PublicAccount, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)
    titles: tuple[str, ...] = ()

    @property
    def secrets(self) -> list[bytes]:
        """What no byte of the store may hold afterwards, in small letters."""
        names = (self.account.native_id, self.account.handle, *self.titles)
        return [name.lower().encode() for name in names if len(name) > 2]


PAGE_OPTION = {"page": "111000222333"}
CASES = {
    "desktop channel": Case(format="telegram-desktop", write=telegram_desktop, account=CHANNEL, public=(CHANNEL, READER), titles=("Sahlara News",)),
    "desktop group": Case(format="telegram-desktop", write=lambda folder: telegram_desktop(folder, type="public_supergroup"), account=CHANNEL, public=(CHANNEL, READER), titles=("Sahlara News",)),
    "desktop member": Case(format="telegram-desktop", write=lambda folder: telegram_desktop(folder, type="public_supergroup"), account=READER, public=(CHANNEL, READER), titles=("Dalya Reads",)),
    "desktop forwarded": Case(format="telegram-desktop", write=telegram_desktop, account=OTHER, public=(CHANNEL, OTHER)),
    "telethon channel": Case(format="telethon", write=telethon, account=CHANNEL, public=(READER, OTHER), titles=("Sahlara News",)),
    "telethon reader": Case(format="telethon", write=telethon, account=READER, public=(READER, OTHER)),
    "telethon other": Case(format="telethon", write=telethon, account=OTHER, public=(READER, OTHER), titles=("Other Channel",)),
    "tgdataset channel": Case(format="tgdataset", write=tgdataset, account=CHANNEL, public=(CHANNEL, OTHER), titles=("Sahlara News",)),
    "tgdataset other": Case(format="tgdataset", write=tgdataset, account=OTHER, public=(CHANNEL, OTHER), titles=("Other Channel",)),
    "crowdtangle page": Case(format="crowdtangle-csv", write=crowdtangle, account=PAGE, public=(PAGE,), titles=("Sahlara Today",)),
    "crowdtangle group": Case(format="crowdtangle-csv", write=crowdtangle_group, account=PublicAccount("facebook", native_id="777000111"), titles=("The square",)),
    "library page": Case(format="meta-content-library-csv", write=library, account=LIBRARY, titles=("Sahlara Today",)),
    "download page": Case(format="facebook-download", write=download, account=PAGE, public=(PAGE, MARKET), options=PAGE_OPTION, titles=("Sahlara Today",)),
    "download named": Case(format="facebook-download", write=download, account=MARKET, public=(PAGE, MARKET), options=PAGE_OPTION, titles=("Dalya Market",)),
    "table page": Case(format="plain-table", write=table, account=TABLED, titles=("Sahlara Today",)),
    "fourcat account": Case(format="fourcat", write=fourcat, account=ON_X, public=(ON_X,), titles=("Sahlara Today",)),
    "archived account": Case(format="auto-archiver", write=archived, account=ARCHIVED, public=(ARCHIVED,), titles=("Sahlara Today",)),
}  # fmt: skip
"""Every format that reads raw again with a hash, and who can become private in it."""
