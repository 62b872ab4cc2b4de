"""Secrets planted wherever a format has a string: in no byte that the child hands over, locators excepted."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sources_files
from hypothesis import given, settings
from hypothesis import strategies as st

from dalil.schema.chunks import PublicAccount
from dalil.schema.tables import HANDED_OVER
from dalil.sources.mojibake import damaged

HANDLE, NUMBER, POST = "hidden.person", "900700155", "https://www.facebook.com/hidden.person/posts/900700155"
SECRETS = (b"hidden.person", b"hidden_one", b"900700155")
ADDRESSES = (
    "@hidden.person",
    "@hidden_one",
    "https://t.me/hidden_one/900700155",
    "https://x.com/hidden_one/status/900700155",
    "https://www.instagram.com/hidden.person/",
    "https://www.facebook.com/profile.php?id=900700155",
    POST,
)
WORDS = st.lists(st.sampled_from([*ADDRESSES, "words", "😀", "الجسر", ",", "\n"]), min_size=1, max_size=6).map(" ".join)


def tables(path: Path, **order: Any) -> Iterator[bytes]:
    """Every cell of every table but the locators, as bytes."""
    handed = sources_files.child(path, **order)
    assert handed.end is not None
    counted = handed.end.read + handed.end.includes
    assert counted == handed.table("observations").num_rows + handed.end.quarantined + sum(handed.end.rejected.values())
    for name in HANDED_OVER:
        if name != "locators":
            for row in handed.rows(name):
                for value in row.values():
                    yield value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")


def assert_clean(path: Path, secrets: tuple[bytes, ...] = SECRETS, **order: Any) -> None:
    for cell in tables(path, **order):
        for secret in secrets:
            assert secret not in cell.lower()


def of_telegram(words: str) -> str:
    """The words with handles as Telegram has them, without dots; apart from what stands beside them."""
    return f" {words.replace('@hidden.person', '@hidden_one')} "


def telethon(folder: Path, words: str) -> Path:
    words = of_telegram(words)
    member = {"post": False, "from_id": {"_": "PeerUser", "user_id": int(NUMBER)}}
    forward = {"_": "MessageFwdHeader", "from_name": words, "from_id": {"_": "PeerUser", "user_id": int(NUMBER)}}
    entity = {"_": "MessageEntityTextUrl", "offset": 0, "length": 3, "url": words}
    poll = {"_": "Poll", "question": words, "answers": [{"_": "PollAnswer", "text": words}]}
    media = {"_": "MessageMediaPoll", "poll": poll}
    page = {"_": "MessageMediaWebPage", "webpage": {"_": "WebPage", "url": words, "title": words}}
    return sources_files.write_lines(
        folder / "d",
        [
            sources_files.tl_channel(title="Sahlara News"),
            sources_files.tl_message(1, message=words, entities=[entity], post_author=words),
            sources_files.tl_message(2, message=words, fwd_from=forward),
            sources_files.tl_message(3, message="", media=media),
            sources_files.tl_message(4, media=page, reply_to={"reply_to_msg_id": 1, "quote_text": words}),
            sources_files.tl_message(5, message=words, **member),
        ],
    )


def telegram_desktop(folder: Path, words: str) -> Path:
    words = of_telegram(words)
    member = {"from": words, "from_id": f"user{NUMBER}"}
    pieces = [words, {"type": "text_link", "text": words, "href": words}, {"type": "bold", "text": words}]
    messages = [
        sources_files.tg_message(1, pieces, author=words, via_bot=words),
        sources_files.tg_message(2, words, forwarded_from=words, forwarded_from_id=f"user{NUMBER}"),
        sources_files.tg_message(3, words, **member, file_name=words, sticker_emoji=words),
        sources_files.tg_message(4, "", poll={"question": words, "answers": [{"text": words, "voters": 1}]}),
    ]
    return sources_files.write_json(folder / "d", sources_files.tg_chat(messages, type="public_supergroup"))


def tgdataset(folder: Path, words: str) -> Path:
    words = of_telegram(words)
    texts = {
        "1": sources_files.td_entry(message=words, author=int(NUMBER)),
        "2": sources_files.td_entry(message=words, is_forwarded=True, forwarded_from_id=int(NUMBER)),
    }
    media = {"1": sources_files.td_medium(title=words), "3": sources_files.td_medium(title=words, author=int(NUMBER))}
    channel = sources_files.td_channel(texts, media, description=words)
    return sources_files.write_json(folder / "d", {"1494031694": channel})


def library(folder: Path, words: str) -> Path:
    person = {
        "post_owner.type": "profile",
        "post_owner.id": NUMBER,
        "post_owner.name": HANDLE,
        "post_owner.username": HANDLE,
        "surface.type": "profile",
        "surface.id": NUMBER,
        "surface.name": HANDLE,
        "surface.username": HANDLE,
        "mcl_url": POST,
        "multimedia": f"[{{'id': '{NUMBER}', 'type': 'photo'}}]",
    }
    said = {
        "text": words,
        "link_attachment.link": words,
        "link_attachment.name": words,
        "lang": words,
        "content_type": words,
    }
    return sources_files.write_table(
        folder / "d",
        [
            sources_files.mcl_row(1, **said, shared_post_id=NUMBER),
            sources_files.mcl_row(2, **said, **person, id=NUMBER),
            sources_files.mcl_row(3, **(said | {"text": ""}), **person, shared_post_id=NUMBER),
        ],
    )


def download(folder: Path, words: str) -> Path:
    parts = {"external_context": {"url": damaged(words), "name": damaged(words)}}
    place = {"place": {"name": damaged(words)}, "poll": {"question": damaged(words)}}
    attachments = [{"data": [parts, place, {"media": {"uri": words, "title": words, "description": words}}]}]
    posts = [
        sources_files.fb_post(1, words, title=damaged(words), tags=[{"name": words}]),
        sources_files.fb_post(2, f"{words} @[{NUMBER}:2048:{HANDLE}]", attachments=attachments),
        sources_files.fb_post(3, attachments=attachments),
    ]
    return sources_files.write_json(folder / "d", posts)


def crowdtangle(folder: Path, words: str) -> Path:
    group = {
        "Group Name": "A group",
        "URL": f"https://www.facebook.com/groups/777/permalink/{NUMBER}",
        "Facebook Id": "777",
    }
    rows = [sources_files.ct_row(n, Message=words, Link=words, Description=words) | group for n in (1, 2)]
    return sources_files.write_ct(folder / "d", rows, columns=("Group Name", *sources_files.CT_COLUMNS[1:]))


WRITERS = (telethon, telegram_desktop, tgdataset, library, download, crowdtangle)


@settings(deadline=None, max_examples=25)
@given(words=WORDS)
@pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__)
def test_nobody_is_named_wherever_they_are_planted(
    tmp_path_factory: pytest.TempPathFactory, write: Callable[[Path, str], Path], words: str
) -> None:
    assert_clean(write(tmp_path_factory.mktemp("p"), words))


@pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__)
def test_what_stands_for_somebody_can_be_found_by_two_circles(
    tmp_path: Path, write: Callable[[Path, str], Path]
) -> None:
    handed = sources_files.child(write(tmp_path, "by @hidden_one"))
    named = "".join(row["locator"] for row in handed.rows("locators"))
    assert "hidden_one" in named


@pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__)
def test_who_is_in_the_public_list_is_named(tmp_path: Path, write: Callable[[Path, str], Path]) -> None:
    platform = "telegram" if write in (telethon, telegram_desktop, tgdataset) else "facebook"
    public = [PublicAccount(platform=platform, handle="hidden_one", native_id=NUMBER)]
    found = b"".join(tables(write(tmp_path, "by @hidden_one"), public=public))
    assert b"@hidden_one" in found


def test_nothing_of_the_collector_s_session_is_kept(tmp_path: Path) -> None:
    path = sources_files.GOLDEN / "telethon" / "messages.json"
    values = json.loads(path.read_text(encoding="utf-8"))
    hashes = {str(value) for value in every(values, "access_hash") if value}
    references = {str(value) for value in every(values, "file_reference") if value}
    assert hashes
    assert references
    assert_clean(path, tuple(text.lower().encode() for text in hashes | references))


def every(value: object, key: str) -> Iterator[object]:
    """The values of a key, however deep."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == key:
                yield inner
            yield from every(inner, key)
    if isinstance(value, list):
        for inner in value:
            yield from every(inner, key)
