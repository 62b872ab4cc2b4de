"""An account that became private: what is held of it is read again as an import would have read it, byte for byte."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import sources_files
from sources_files import (
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
    write_json,
)

from dalil.schema.chunks import PublicAccount
from dalil.schema.words import Kind
from dalil.sources import registry
from dalil.sources.importer import Record
from dalil.sources.rereading import Plainly, Reread, is_stand_in
from dalil.testing.importers import held_as

KEY = bytes(range(32))
CHANNEL = PublicAccount("telegram", native_id="1494031694", handle="sahlara_news")
READER = PublicAccount("telegram", native_id="777001", handle="dalya_reads")
OTHER = PublicAccount("telegram", native_id="555002", handle="other_channel")


def shown(record: Record) -> bytes:
    """All of a record that is stored in the open."""
    return msgspec.json.encode(msgspec.structs.replace(record, locators=(), media=())) + record.raw


def gone_of(records: Sequence[Record], account: PublicAccount) -> Reread:
    """What the job hands over: the account's names, and the uids of its posts."""
    names = [(account.platform, name) for name in (account.native_id, account.handle.casefold()) if name]
    uids = {f"{account.platform}:{sign}{name}" for _, name in names for sign in ("", "@", "name:")}
    posts = [r.uid for r in records if r.post is not None and r.author_ref in uids]
    return Reread(Plainly(KEY, names, posts))


def becomes(
    name: str,
    path: Path,
    account: PublicAccount,
    public: Sequence[PublicAccount] = (),
    posts_only: bool = False,
    **options: str,
) -> list[tuple[Record, Record]]:
    """Each record as it is once the account is private, beside the same record of an import with it private."""
    importer: Any = registry.named(name)
    private = msgspec.structs.replace(account, private=True)
    others = [one for one in public if one != account]
    was = sources_files.records(sources_files.items(importer, path, public=public, options=options))
    wanted = sources_files.records(sources_files.items(importer, path, public=[*others, private], options=options))
    again = gone_of(was, account)
    found = [importer.reread(record.raw, held_as(record), again) for record in was]
    assert all(isinstance(record, Record) for record in found)
    secrets = [one.encode().lower() for one in (account.native_id, account.handle) if one]
    assert any(secret in shown(record).lower() for secret in secrets for record in was), "nothing was named at all"
    for record in found:
        for secret in secrets:
            assert secret not in shown(record).lower(), (secret, record)
        assert importer.reread(record.raw, held_as(record), again) == msgspec.structs.replace(record, locators=())
    stranger = Reread(Plainly(KEY, [(account.platform, "nobody-of-this-name")], [f"{account.platform}:0"]))
    for record in was:
        same = msgspec.structs.replace(record, media=(), locators=())
        assert importer.reread(record.raw, held_as(record), stranger) == same, "nothing else is touched"
    if posts_only:
        found, wanted = ([r for r in one if r.kind is not Kind.ACCOUNT] for one in (found, wanted))
    return list(zip(found, wanted, strict=True))


def alike(pairs: list[tuple[Record, Record]], *, but: Sequence[str] = ()) -> None:
    """Found and wanted are the same in everything but media bytes, locators and some fields of the post."""
    for found, wanted in pairs:
        assert found.raw == wanted.raw
        left, right = (msgspec.to_builtins(msgspec.structs.replace(r, media=(), locators=())) for r in (found, wanted))
        for side in (left, right):
            for name in but:
                (side["post"] or {}).pop(name, None)
                side.pop(name, None)
        assert left == right


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


def test_a_channel_of_a_desktop_export(tmp_path: Path) -> None:
    pairs = becomes("telegram-desktop", telegram_desktop(tmp_path), CHANNEL, (CHANNEL, READER))
    alike(pairs)
    first = pairs[1][0].post
    assert first is not None
    assert [first.text[span.start : span.end] for span in first.spans] == [first.mentions[0], "now"]
    assert first.uri is None
    assert is_stand_in(first.uid)


def test_a_group_of_a_desktop_export_and_who_writes_in_it(tmp_path: Path) -> None:
    path = telegram_desktop(tmp_path, type="public_supergroup")
    alike(becomes("telegram-desktop", path, CHANNEL, (CHANNEL, READER)))
    alike(becomes("telegram-desktop", path, READER, (CHANNEL, READER)))


def test_another_channel_that_was_forwarded(tmp_path: Path) -> None:
    pairs = becomes("telegram-desktop", telegram_desktop(tmp_path), OTHER, (CHANNEL, OTHER, READER))
    alike(pairs)
    assert all(found.author_public for found, _ in pairs)


def telethon(folder: Path) -> Path:
    entities = [
        {"_": "MessageEntityMention", "offset": 0, "length": 13},
        {"_": "MessageEntityTextUrl", "offset": 17, "length": 3, "url": "https://t.me/sahlara_news/3"},
        {"_": "MessageEntityMentionName", "offset": 21, "length": 5, "user_id": 777001},
    ]
    forward = {"_": "MessageFwdHeader", "from_id": {"_": "PeerChannel", "channel_id": 555002}, "channel_post": 8}
    page = {"_": "MessageMediaWebPage", "webpage": {"_": "WebPage", "url": "https://t.me/sahlara_news/9"}}
    photo = {
        "_": "MessageMediaPhoto",
        "photo": {"_": "Photo", "id": 998877, "sizes": [{"_": "PhotoSize", "w": 4, "h": 3}]},
    }
    reply = {"_": "MessageReplyHeader", "reply_to_msg_id": 1, "reply_to_top_id": 1}
    rows = [
        tl_channel(),
        tl_message(1, message="@sahlara_news 🙂 see Dalya", entities=entities),
        tl_message(2, reply_to=reply, media=page),
        tl_message(3, fwd_from=forward, media=photo),
        tl_message(4, media=photo, edit_date="2026-05-12T15:34:16+00:00", grouped_id=6),
        tl_message(5, media=photo, grouped_id=6),
    ]
    return sources_files.write_lines(folder / "dump.jsonl", rows)


def test_a_channel_of_a_telethon_dump(tmp_path: Path) -> None:
    pairs = becomes("telethon", telethon(tmp_path), CHANNEL, (READER, OTHER))
    alike(pairs)
    assert pairs[0][0].accounts[0].display_name is None
    assert [count.value for count in pairs[0][0].accounts[0].counts] == [4000]


def test_others_whom_a_telethon_dump_names(tmp_path: Path) -> None:
    alike(becomes("telethon", telethon(tmp_path), READER, (READER, OTHER)))
    alike(becomes("telethon", telethon(tmp_path), OTHER, (READER, OTHER)))


def test_a_channel_of_tgdataset(tmp_path: Path) -> None:
    texts = {
        "3": td_entry(message="see https://t.me/sahlara_news/5 and @sahlara_news"),
        "2": td_entry(is_forwarded=True, forwarded_from_id=555002, forwarded_from_message_id=9),
        "5": td_entry(is_forwarded=True, forwarded_from_id=1494031694, forwarded_from_message_id=3),
    }
    one = td_channel(texts, {"3": td_medium(), "4": td_medium()}, description="write to @sahlara_news")
    other = td_channel({"1": td_entry(is_forwarded=True, forwarded_from_id=1494031694)}, {}, username="other_channel")
    path = write_json(tmp_path / "a.json", {"1494031694": one, "555002": other})
    alike(becomes("tgdataset", path, CHANNEL, (CHANNEL, OTHER)))
    alike(becomes("tgdataset", path, OTHER, (CHANNEL, OTHER)))


PAGE = PublicAccount("facebook", native_id="111000222333", handle="sahlara.today")


def crowdtangle(folder: Path) -> Path:
    base = {"Facebook Id": "111000222333", "User Name": "sahlara.today", "Page Name": "Sahlara Today"}
    rows = [
        ct_row(1, Message="Read us at facebook.com/sahlara.today and @sahlara.today 🙂 @hidden.person", **base),
        ct_row(2, Link="https://www.facebook.com/sahlara.today/posts/7", **base),
        ct_row(3, URL="", **base),
        ct_row(4, Message="As @sahlara.today said: https://www.facebook.com/111000222333/posts/1"),
    ]
    return sources_files.write_ct(folder / "pages.csv", rows)


def test_a_page_of_crowdtangle(tmp_path: Path) -> None:
    alike(becomes("crowdtangle-csv", crowdtangle(tmp_path), PAGE, (PAGE,)))


def test_a_group_of_crowdtangle(tmp_path: Path) -> None:
    group = {"Group Name": "The square", "Facebook Id": "777000111"}
    rows = [ct_row(3, URL="https://www.facebook.com/groups/777000111/permalink/555000111", **group)]
    path = sources_files.write_ct(tmp_path / "g.csv", rows, columns=("Group Name", *sources_files.CT_COLUMNS[1:]))
    alike(becomes("crowdtangle-csv", path, PublicAccount("facebook", native_id="777000111")))


LIBRARY = PublicAccount("facebook", native_id="mcl:5098765432101", handle="sahlaratoday")


def test_a_page_of_the_content_library(tmp_path: Path) -> None:
    link = {
        "link_attachment.link": "https://www.facebook.com/sahlaratoday/posts/9",
        "link_attachment.name": "@sahlaratoday",
    }
    other = {"post_owner.id": "777", "post_owner.username": "dalya.today", "post_owner.name": "Dalya"}
    rows = [
        mcl_row(1, text="Read @sahlaratoday and @hidden.person"),
        mcl_row(2, text="", shared_post_id="40123456783"),
        mcl_row(3, text="shared", shared_post_id="40123456783", **link),
        mcl_row(4, text="on their page", **other),
    ]
    path = sources_files.write_table(tmp_path / "a.csv", rows)
    pairs = becomes("meta-content-library-csv", path, LIBRARY, posts_only=True)
    alike(pairs)


def test_a_page_of_a_download(tmp_path: Path) -> None:
    named = "Thanks to @[111000222333:2048:Sahlara Today] and @[5550002:2048:Dalya Market], see facebook.com/sahlara.today 🙂"
    link = [{"data": [{"external_context": {"url": "https://www.facebook.com/sahlara.today/posts/9"}}]}]
    posts = [fb_post(1, named), fb_post(2, "more", attachments=link), fb_post(3, "@sahlara.today")]
    path = write_json(tmp_path / "a.json", posts)
    market = PublicAccount("facebook", native_id="5550002", handle="dalya.market")
    page = PublicAccount("facebook", native_id="111000222333", handle="sahlara.today")
    alike(becomes("facebook-download", path, page, (page, market), page="111000222333"))
    pairs = becomes("facebook-download", path, market, (page, market), page="111000222333")
    alike(pairs)
    assert "Sahlara Today" in pairs[0][0].signal_text
    assert "Dalya Market" not in pairs[0][0].signal_text
    by_name = PublicAccount("facebook", handle="sahlara.today")
    alike(becomes("facebook-download", path, by_name, (market,), page="sahlara.today"))
