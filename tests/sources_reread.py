"""Files in which a public account stands in every place where an account can stand, one of each format of X and
TikTok: for what must hold when they are read again, and when that account turns out to be a person's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import sources_files
import sources_x_files as x

from dalil.schema.chunks import PublicAccount
from dalil.sources.formats.clemson_csv.importer import ClemsonCsv
from dalil.sources.formats.gazouilloire_csv.importer import GazouilloireCsv
from dalil.sources.formats.tiktok_zeeschuimer.importer import TikTokZeeschuimer
from dalil.sources.formats.x_api_v1.importer import XApiV1
from dalil.sources.formats.x_archive.importer import XArchive
from dalil.sources.formats.x_io_csv.importer import XIoCsv
from dalil.sources.formats.x_zeeschuimer.importer import XZeeschuimer
from dalil.sources.importer import Item, Record

ID, HANDLE, CLIP_HANDLE = "551122334455", "SahlaraToday", "sahlara.today"
"""The account that is public, and then is not."""
RADIO_ID, RADIO = "661122334455", "TelNahrRadio"
HIDDEN_ID, HIDDEN = "771122334455", "hidden_one"
THEIRS: Final = tuple(range(5500000000001, 5500000000020))
"""Ids of its posts."""
FIRST, SECOND = 2053000000000000001, 2053000600000000002
"""Two versions of one post of its."""
STAY: Final = (
    PublicAccount(platform="x", native_id=RADIO_ID, handle=RADIO),
    PublicAccount(platform="tiktok", native_id=RADIO_ID, handle=RADIO),
)
"""Accounts that are public and remain so."""
GOES: Final = (
    PublicAccount(platform="x", native_id=ID, handle=HANDLE),
    PublicAccount(platform="tiktok", native_id=ID, handle=CLIP_HANDLE),
)
SECRETS: Final = (HANDLE, CLIP_HANDLE, ID, *map(str, THEIRS), str(FIRST), str(SECOND), "pic.twimg", "t.co/secret")
"""What names it or leads to its posts."""

US = x.user(int(ID), HANDLE, name=f"Name of {HANDLE}", description=f"news at @{RADIO}, https://t.co/secretown")
THEM = x.user(int(RADIO_ID), RADIO, description=f"with @{HANDLE}")
SOMEBODY = x.user(int(HIDDEN_ID), HIDDEN)


@dataclass(frozen=True)
class Sample:
    """One file, and who reads it."""

    importer: Any
    write: Callable[[Path], Path]

    @property
    def name(self) -> str:
        return str(self.importer.manifest.name)

    @property
    def platform(self) -> str:
        return "tiktok" if self.name.startswith("tiktok") else "x"

    def items(self, path: Path, *public: PublicAccount, **options: str) -> list[Item]:
        return sources_files.items(self.importer, path, public=public, options=options)

    def records(self, path: Path, *public: PublicAccount, **options: str) -> list[Record]:
        return [item for item in self.items(path, *public, **options) if isinstance(item, Record)]


def address(number: int, handle: str = HANDLE) -> str:
    return f"https://twitter.com/{handle}/status/{number}"


def _own(make: Callable[..., dict[str, Any]]) -> list[dict[str, Any]]:
    """Posts of the account itself: with mentions, links, a picture, an edit, in a thread."""
    text = f"&lt;The&gt; bridge &amp; @{RADIO} 😀 @{HIDDEN} https://t.co/secretabc https://t.co/secretpic #nahr"
    photo = x.photo(5500000000901, HANDLE, "https://t.co/secretpic")
    photo["media_url_https"] = "https://pic.twimg.com/media/5500000000901.jpg"
    entities = {
        "hashtags": [{"text": "nahr", "indices": [text.index("#nahr"), text.index("#nahr") + 5]}],
        "user_mentions": [x.mention(text, RADIO, int(RADIO_ID)), x.mention(text, HIDDEN, int(HIDDEN_ID))],
        "urls": [x.link(text, "https://t.co/secretabc", address(1900, RADIO))],
    }
    return [
        make(THEIRS[0], US, text, entities=entities, extended_entities={"media": [photo]}),
        make(THEIRS[1], US, f"#no marks @{RADIO} @{HANDLE} @{HIDDEN} https://t.co/secretloose", entities=None),
        make(
            THEIRS[2],
            US,
            "in a thread",
            in_reply_to_status_id_str=str(THEIRS[0]),
            in_reply_to_user_id_str=ID,
            in_reply_to_screen_name=HANDLE,
            conversation_id_str=str(THEIRS[0]),
        ),
        make(THEIRS[3], US, "a picture https://t.co/secretpic", entities={"media": [photo]}),
    ]


def _about(make: Callable[..., dict[str, Any]], inner: Callable[..., dict[str, Any]]) -> list[dict[str, Any]]:
    """Posts of others that name the account or lead to its posts."""
    text = f"as @{HANDLE} says: https://t.co/secretquote {address(THEIRS[4])} @{HIDDEN}"
    marks = {
        "user_mentions": [x.mention(text, HANDLE, int(ID)), x.mention(text, HIDDEN, int(HIDDEN_ID))],
        "urls": [x.link(text, "https://t.co/secretquote", address(THEIRS[0]))],
    }
    shown = x.photo(5500000000902, HANDLE, "https://t.co/secretshown")
    answer = {"in_reply_to_user_id_str": ID, "in_reply_to_screen_name": HANDLE}
    return [
        make(6600000000001, THEM, text, entities=marks, **inner("quoted", THEIRS[0])),
        make(6600000000002, THEM, "quoted without a link", **inner("quoted", THEIRS[5])),
        make(
            6600000000003,
            THEM,
            "its picture https://t.co/secretshown",
            entities={},
            extended_entities={"media": [shown]},
        ),
        make(6600000000004, THEM, "answers", in_reply_to_status_id_str=str(THEIRS[6]), **answer),
        make(7700000000001, SOMEBODY, "answers too", in_reply_to_status_id_str=str(THEIRS[0]), **answer),
        make(7700000000002, SOMEBODY, f"RT @{HANDLE}: words", **inner("repeated", THEIRS[7])),
        make(7700000000003, SOMEBODY, f"no marks @{HANDLE} or {address(THEIRS[8])}", entities=None),
    ]


def v1(path: Path) -> Path:
    def inner(kind: str, number: int) -> dict[str, Any]:
        status = x.status(number, US, f"words number {number % 100}")
        if kind == "repeated":
            return {"retweeted_status": status}
        return {"quoted_status": status, "quoted_status_id_str": str(number)}

    history = {"edit_tweet_ids": [str(FIRST), str(SECOND)], "initial_tweet_id": str(FIRST)}
    cut = x.status(THEIRS[9], US, "the beginning… https://t.co/secretcut", truncated=True)
    cut["text"] = cut.pop("full_text")
    lost = {"id": THEIRS[10], "id_str": str(THEIRS[10]), "user_id": int(ID), "user_id_str": ID}
    values = [
        *_own(x.status),
        *_about(x.status, inner),
        x.status(SECOND, US, "edited", edit_history=history),
        cut,
        {"delete": {"status": lost, "timestamp_ms": "1778513656000"}},
        {"status_withheld": lost | {"withheld_in_countries": ["XS"]}},
    ]
    return x.lines(path / "v1.jsonl", values)


def zeeschuimer(path: Path) -> Path:
    def inner(kind: str, number: int) -> dict[str, Any]:
        wrapped = {"result": x.graphql(number, US, f"words number {number % 100}")}
        if kind == "repeated":
            return {"retweeted_status_result": wrapped}
        return {"quoted_status_result": wrapped, "quoted_status_id_str": str(number)}

    lost = {"result": {"__typename": "TweetTombstone", "tombstone": {"text": {"text": "This Post was deleted."}}}}
    gone = x.graphql(
        6600000000009,
        THEM,
        "see https://t.co/secretgone",
        quoted_status_id_str=str(THEIRS[11]),
        quoted_status_result=lost,
        entities={"urls": [x.link("see https://t.co/secretgone", "https://t.co/secretgone", address(THEIRS[11]))]},
    )
    edits = {"edit_tweet_ids": [str(FIRST), str(SECOND)]}
    values = [
        *_own(x.graphql),
        *_about(x.graphql, inner),
        x.graphql(SECOND, US, "edited", edit_control=edits),
        gone,
    ]
    return x.lines(path / "x.ndjson", [x.envelope(value, "twitter.com") for value in values])


def archive(path: Path) -> Path:
    def make(number: int, _by: object, text: str, **more: Any) -> dict[str, Any]:
        return x.archived(number, text, **more)

    edits = {"edit_info": {"initial": {"editTweetIds": [str(FIRST), str(SECOND)]}}}
    tweets = [
        *_own(make),
        make(THEIRS[12], None, f"RT @{HANDLE}: words of my own"),
        make(SECOND, None, "edited", **edits),
    ]
    return x.archive(path, tweets, owner=(int(ID), HANDLE))


def io(path: Path) -> Path:
    ours = {
        "user_screen_name": HANDLE,
        "user_display_name": f"Name of {HANDLE}",
        "user_profile_description": f"@{RADIO}",
    }
    theirs = {"user_screen_name": RADIO, "user_display_name": RADIO, "user_profile_description": f"@{HANDLE}"}
    url = f"['{address(THEIRS[0])}']"
    rows = [
        x.io_row(THEIRS[0], ID, f"words @{RADIO} @{HIDDEN} #nahr", hashtags="['nahr']", user_mentions=f"['{RADIO_ID}']", **ours),
        x.io_row(FIRST, ID, "whose id tells its minute", tweet_time="2026-05-09 06:31", **ours),
        x.io_row(6600000000001, RADIO_ID, f"by @{HANDLE} {address(THEIRS[1])}", user_mentions=f"['{ID}']", urls=url, quoted_tweet_tweetid=str(THEIRS[0]), **theirs),
        x.io_row(6600000000002, RADIO_ID, "no", in_reply_to_tweetid=str(THEIRS[2]), in_reply_to_userid=ID, **theirs),
        x.io_row(7700000000001, HIDDEN_ID, f"RT @{HANDLE}: words", is_retweet="True", retweet_userid=ID, retweet_tweetid=str(THEIRS[3])),
        x.io_row(7700000000002, HIDDEN_ID, "RT nobody: words", is_retweet="True"),
    ]  # fmt: skip
    return x.table(path / "io.csv", rows)


def clemson(path: Path) -> Path:
    ours = {"author": HANDLE.upper(), "external_author_id": ID, "alt_external_id": ID}
    theirs = {"author": RADIO.upper(), "external_author_id": RADIO_ID, "alt_external_id": RADIO_ID}
    rows = [
        x.clemson_row(THEIRS[0], f"words \\| @{RADIO} @{HIDDEN} #nahr https://t.co/secretabc", **ours, tco1_step1=address(1900, RADIO)),
        x.clemson_row(FIRST, "whose id tells its minute", **ours, publish_date="5/9/2026 06:31"),
        x.clemson_row(6600000000001, f"by @{HANDLE} {address(THEIRS[1])}", **theirs, tco1_step1=address(THEIRS[0])),
        x.clemson_row(6600000000002, f"RT @{HANDLE}: words", **theirs, retweet="1", post_type="RETWEET"),
        x.clemson_row(7700000000001, f"@{HANDLE} words", external_author_id=HIDDEN_ID, alt_external_id=HIDDEN_ID),
    ]  # fmt: skip
    return x.table(path / "c.csv", rows)


def gazouilloire(path: Path) -> Path:
    def ours(number: int, text: str, **more: str) -> dict[str, str]:
        return x.gazouilloire_row(number, int(ID), HANDLE, text, **more)

    def theirs(number: int, text: str, **more: str) -> dict[str, str]:
        return x.gazouilloire_row(number, int(RADIO_ID), RADIO, text, **more)

    quoted = {"quoted_user": HANDLE, "quoted_user_id": ID}
    rows = [
        ours(THEIRS[0], f"words @{RADIO} @{HIDDEN} #nahr", mentioned_names=f"{RADIO}|{HIDDEN}", mentioned_ids=f"{RADIO_ID}|{HIDDEN_ID}", hashtags="nahr", media_urls="https://pic.twimg.com/media/5500000000901.jpg", media_types="photo", media_alt_texts=f"by @{HANDLE}"),
        ours(THEIRS[1], "by name only", user_id=""),
        theirs(6600000000001, "quoted without a link", quoted_id=str(THEIRS[2]), **quoted),
        theirs(6600000000002, f"quoted {address(THEIRS[3])}", quoted_id=str(THEIRS[3]), links=address(THEIRS[3]), **quoted),
        theirs(6600000000003, f"@{HANDLE} no", to_username=HANDLE, to_userid=ID, to_tweetid=str(THEIRS[4]), mentioned_names=HANDLE, mentioned_ids=ID),
        theirs(6600000000004, f"RT @{HANDLE}: words", retweeted_id=str(THEIRS[5]), retweeted_user=HANDLE, retweeted_user_id=ID),
        x.gazouilloire_row(7700000000001, int(HIDDEN_ID), HIDDEN, f"RT @{HANDLE}: words", retweeted_user=HANDLE, mentioned_names=HANDLE, mentioned_ids=ID),
    ]  # fmt: skip
    return x.table(path / "g.csv", rows)


def tiktok(path: Path) -> Path:
    ours = x.clip_author(int(ID), CLIP_HANDLE, signature=f"with @{RADIO}")
    theirs = x.clip_author(int(RADIO_ID), RADIO, signature=f"with @{CLIP_HANDLE}")
    text = f"😀 @{CLIP_HANDLE} #nahr https://www.tiktok.com/@{CLIP_HANDLE}/video/{THEIRS[0]}"
    at = text.index("@")
    extra = [
        {"start": at + 1, "end": at + 2 + len(CLIP_HANDLE), "userId": ID, "userUniqueId": CLIP_HANDLE},
        {"start": text.index("#nahr") + 1, "end": text.index("#nahr") + 6, "hashtagName": "nahr"},
    ]
    values = [
        x.tiktok(THEIRS[0], ours, "words @TelNahrRadio", stickersOnItem=[{"stickerText": [f"by @{CLIP_HANDLE}"]}]),
        x.tiktok(THEIRS[1], CLIP_HANDLE, "from the page", authorId=ID, authorStats=None),
        x.tiktok(THEIRS[2], CLIP_HANDLE, "by name only", authorStats=None),
        x.tiktok(THEIRS[3], ours, "pictures", imagePost={"images": [{"imageWidth": 3, "imageHeight": 4}] * 2}, video=None),
        x.tiktok(6600000000001, theirs, text, textExtra=extra, duetInfo={"duetFromId": str(THEIRS[0])}),
        x.tiktok(7700000000001, x.clip_author(int(HIDDEN_ID), HIDDEN), text, textExtra=extra, video={"id": "77009"}),
        x.tiktok(7700000000002, x.clip_author(int(HIDDEN_ID), HIDDEN), f"no marks @{CLIP_HANDLE} #nahr", challenges=None),
    ]  # fmt: skip
    return x.lines(path / "clips.ndjson", [x.envelope(value, "tiktok.com") for value in values])


SAMPLES: Final = (
    Sample(XApiV1(), v1),
    Sample(XArchive(), archive),
    Sample(XZeeschuimer(), zeeschuimer),
    Sample(XIoCsv(), io),
    Sample(ClemsonCsv(), clemson),
    Sample(GazouilloireCsv(), gazouilloire),
    Sample(TikTokZeeschuimer(), tiktok),
)
