"""Hostile and damaged files of X and TikTok: nobody private comes out of them, and nothing but InputError."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sources_files
import sources_x_files as x
from hypothesis import given, settings
from hypothesis import strategies as st

from dalil.errors import InputError, LimitReached
from dalil.schema.records import Reject
from dalil.sources.formats.clemson_csv.importer import ClemsonCsv
from dalil.sources.formats.gazouilloire_csv.importer import GazouilloireCsv
from dalil.sources.formats.tiktok_zeeschuimer.importer import TikTokZeeschuimer
from dalil.sources.formats.x_api_v1.importer import XApiV1
from dalil.sources.formats.x_archive.importer import XArchive
from dalil.sources.formats.x_io_csv.importer import XIoCsv
from dalil.sources.formats.x_zeeschuimer.importer import XZeeschuimer
from dalil.sources.importer import Importer, Item, Quarantined, Record
from dalil.testing.importers import check_record

PUBLIC = (x.NEWS, x.CLIP_NEWS)
NEWS, HIDDEN = x.user(55, "SahlaraToday"), x.user(9007001, "hidden_one")
WORDS = "hello @hidden_one, see https://t.co/abc #bridge &amp; more"
PLANTED = "hidden_two"
POISON = (
    f"@{PLANTED}",
    f"https://x.com/{PLANTED}/status/16000000000007",
    f"see https://www.tiktok.com/@{PLANTED}/video/16000000000007 and @{PLANTED}",
)
LOCATORS_ASIDE = ("observations", "posts", "accounts", "edges", "media", "rejects", "raw", "text_signals")


def entities() -> dict[str, Any]:
    return {
        "user_mentions": [x.mention(WORDS, "hidden_one", 9007001)],
        "urls": [
            x.link(WORDS, "https://t.co/abc", "https://news.example/1") | {"unwound": {"url": "https://news.example/2"}}
        ],
        "hashtags": [{"text": "bridge", "indices": [35, 42]}],
        "symbols": [{"text": "OIL", "indices": [0, 2]}],
        "media": [x.photo(5, "hidden_one")],
    }


def status(by: dict[str, Any] = HIDDEN) -> dict[str, Any]:
    return x.status(
        1600,
        by,
        WORDS,
        entities=entities(),
        extended_entities=entities(),
        quoted_status_id_str="1500",
        quoted_status=x.status(1500, NEWS, "quoted", entities=entities()),
        quoted_status_permalink={"expanded": "https://x.com/SahlaraToday/status/1500"},
        in_reply_to_status_id_str="1400",
        in_reply_to_user_id_str="9007001",
        in_reply_to_screen_name="hidden_one",
        edit_history={"edit_tweet_ids": ["1600"], "initial_tweet_id": "1600"},
        withheld_in_countries=["XS"],
        possibly_sensitive=False,
        truncated=False,
    )


def graphql() -> dict[str, Any]:
    inner = {"result": {"__typename": "TweetWithVisibilityResults", "tweet": x.graphql(1500, NEWS, "quoted")}}
    note = {"note_tweet_results": {"result": {"text": WORDS + " and more", "entity_set": entities()}}}
    return x.graphql(
        1600,
        HIDDEN,
        WORDS,
        entities=entities(),
        extended_entities=entities(),
        quoted_status_id_str="1500",
        quoted_status_result=inner,
        note_tweet=note,
        edit_control={"edit_tweet_ids": ["1600"]},
    )


def clip() -> dict[str, Any]:
    return x.tiktok(
        7000,
        x.clip_author(9007001, "hidden.one"),
        "hello @hidden.one #telnahr",
        textExtra=[
            {"start": 6, "end": 17, "userId": "9007001", "userUniqueId": "hidden.one"},
            {"start": 18, "end": 26, "hashtagName": "telnahr"},
        ],
        statsV2={"playCount": "1200"},
        duetInfo={"duetFromId": "6999"},
        stickersOnItem=[{"stickerText": ["It fell"]}],
        warnInfo=[{"text": "Sensitive"}],
        imagePost={"images": [{"imageWidth": 1, "imageHeight": 2}]},
        textLanguage="en",
        locationCreated="XS",
        isAd=True,
    )


JSONS: dict[str, tuple[Importer, Callable[[], Any], Callable[[Path, Any], Path]]] = {
    "status": (XApiV1(), status, lambda path, value: x.lines(path, [value])),
    "public status": (XApiV1(), lambda: status(NEWS), lambda path, value: x.lines(path, [value])),
    "retweet": (
        XApiV1(),
        lambda: x.status(1700, NEWS, "RT @hidden_one: x", retweeted_status=status()),
        lambda path, value: x.lines(path, [value]),
    ),
    "search": (XApiV1(), lambda: {"statuses": [status()]}, lambda path, value: x.lines(path, [value])),
    "deletion": (
        XApiV1(),
        lambda: {"delete": {"status": {"id_str": "1600", "user_id_str": "9007001"}, "timestamp_ms": "1778513700123"}},
        lambda path, value: x.lines(path, [value]),
    ),
    "withheld": (
        XApiV1(),
        lambda: {"status_withheld": {"id": 1600, "withheld_in_countries": ["XS"]}},
        lambda path, value: x.lines(path, [value]),
    ),
    "user": (XApiV1(), lambda: x.user(55, "SahlaraToday"), lambda path, value: x.lines(path, [value])),
    "graphql": (XZeeschuimer(), graphql, lambda path, value: x.lines(path, [x.envelope(value, "twitter.com")])),
    "clip": (TikTokZeeschuimer(), clip, lambda path, value: x.lines(path, [x.envelope(value, "tiktok.com")])),
    "public clip": (
        TikTokZeeschuimer(),
        lambda: clip() | {"author": x.clip_author(655, "sahlara.today")},
        lambda path, value: x.lines(path, [x.envelope(value, "tiktok.com")]),
    ),
    "archived": (
        XArchive(),
        lambda: x.archived(1600, WORDS, entities=entities(), extended_entities=entities()),
        lambda path, value: x.archive(path.parent, [value]),
    ),
    "document": (
        GazouilloireCsv(),
        lambda: {"_index": "i", "_id": "1600", "_source": x.gazouilloire_row(1600, 9007001, "hidden_one", WORDS)},
        lambda path, value: x.lines(path, [value]),
    ),
}
ROWS: dict[str, tuple[Importer, Callable[[], dict[str, str]]]] = {
    "io": (XIoCsv(), lambda: x.io_row(1600, 9007001, WORDS, hashtags="['a']", urls="['https://news.example']", user_mentions="['55']")),
    "public io": (XIoCsv(), lambda: x.io_row(1600, 55, WORDS, user_screen_name="SahlaraToday")),
    "clemson": (ClemsonCsv(), lambda: x.clemson_row(914580356430536707, WORDS)),
    "gazouilloire": (GazouilloireCsv(), lambda: x.gazouilloire_row(1600, 9007001, "hidden_one", WORDS, links="https://a.example", media_urls="https://pbs.twimg.com/media/a.jpg", media_types="photo", media_alt_texts="a", hashtags="a|b", mentioned_names="a|b", mentioned_ids="1|2")),
    "public gazouilloire": (GazouilloireCsv(), lambda: x.gazouilloire_row(1600, 55, "SahlaraToday", WORDS, quoted_id="1500", quoted_user="a", quoted_user_id="5")),
}  # fmt: skip


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of all values that hold no other."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from leaves(inner, (*path, at))
    else:
        yield path


def changed(value: Any, path: tuple[Any, ...], new: object) -> Any:
    """A copy with one value replaced."""
    found = copy.deepcopy(value)
    at = found
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = new
    return found


def drained(importer: Importer, path: Path) -> list[Item]:
    """What an importer yields, each record checked; an InputError or a limit ends it."""
    found: list[Item] = []
    try:
        for item in sources_files.items(importer, path, public=PUBLIC):
            if isinstance(item, Record):
                check_record(item)
            found.append(item)
    except (InputError, LimitReached):
        pass
    return found


def shown(path: Path, importer: Importer) -> str:
    """All that the child hands over, but for the locators."""
    handed = sources_files.child(path, public=PUBLIC, format=importer.manifest.name)
    assert handed.failed is None
    return json.dumps([handed.rows(name) for name in LOCATORS_ASIDE], default=str, ensure_ascii=False)


# nobody private comes out


@pytest.mark.parametrize("name", JSONS)
def test_no_planted_name_comes_out_of_any_field(tmp_path: Path, name: str) -> None:
    importer, make, write = JSONS[name]
    value = make()
    strings = [path for path in leaves(value) if isinstance(_at(value, path), str)]
    for at, path in enumerate(strings):
        poison = POISON[at % len(POISON)]
        changed_path = write(
            tmp_path / "f.jsonl", changed(value, path, f"{_at(value, path)} {poison}" if at % 2 else poison)
        )
        found = shown(changed_path, importer)
        assert PLANTED not in found, path
        assert "16000000000007" not in found, path


@pytest.mark.parametrize("name", ROWS)
def test_no_planted_name_comes_out_of_any_cell(tmp_path: Path, name: str) -> None:
    importer, make = ROWS[name]
    for at, column in enumerate(make()):
        row = make()
        poison = POISON[at % len(POISON)]
        for cell in (poison, f"{row[column]} {poison}", f"['{poison}']", f"a|{poison}"):
            found = shown(x.table(tmp_path / "t.csv", [row | {column: cell}]), importer)
            assert PLANTED not in found, column
            assert "16000000000007" not in found, column


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


# nothing but InputError comes out

HOSTILE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(1 << 70), 1 << 70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    st.sampled_from(
        ["", "h:" + "0" * 32, "\x00", "\u202e", "9" * 400, "x" * 5000, "@", "#", "https://", "1e999", "-1"]
    ),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=3),
)


@pytest.mark.parametrize("name", JSONS)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_any_value_of_any_type_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, name: str, data: st.DataObject
) -> None:
    importer, make, write = JSONS[name]
    value = make()
    for _ in range(data.draw(st.integers(1, 3))):
        paths = list(leaves(value))
        if not paths:
            break
        value = changed(value, data.draw(st.sampled_from(paths)), data.draw(HOSTILE))
    found = drained(importer, write(tmp_path_factory.getbasetemp() / "h.jsonl", value))
    assert found, "a record that was met is never nothing"


@pytest.mark.parametrize("name", ROWS)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_any_cell_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, name: str, data: st.DataObject) -> None:
    importer, make = ROWS[name]
    row = make()
    for _ in range(data.draw(st.integers(1, 4))):
        column = data.draw(st.sampled_from(sorted(row)))
        row[column] = data.draw(
            st.one_of(
                st.text(st.characters(codec="utf-8"), max_size=30),
                st.sampled_from(["nan", "1e9", "[[", "|" * 50, "9" * 400, '"']),
            )
        )
    found = drained(importer, x.table(tmp_path_factory.getbasetemp() / "h.csv", [row]))
    assert any(isinstance(item, Record | Reject | Quarantined) for item in found)


@given(
    data=st.binary(max_size=400),
    prefix=st.sampled_from(
        [
            b"",
            b"window.YTD.tweets.part0 = [",
            b'{"statuses": [',
            b'{"_index": ',
            b"id,timestamp_utc,text,user_screen_name\n",
            b"tweetid,userid\n",
            b"external_author_id,author,content,publish_date\n",
            b'{"source_platform": "twitter.com", "data": ',
        ]
    ),
)
@settings(max_examples=150, deadline=None)
def test_garbage_raises_nothing_but_input_errors(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, prefix: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "g.bin"
    path.write_bytes(prefix + data)
    for importer in {importer.manifest.name: importer for importer, *_ in [*JSONS.values(), *ROWS.values()]}.values():
        drained(importer, path)


@pytest.mark.parametrize("name", JSONS)
def test_a_file_cut_anywhere_gives_what_came_before(tmp_path: Path, name: str) -> None:
    importer, make, write = JSONS[name]
    path = write(tmp_path / "f.jsonl", make())
    whole = path.read_bytes()
    chance = random.Random(5)
    for cut in sorted(chance.sample(range(len(whole)), min(60, len(whole)))):
        path.write_bytes(whole[:cut])
        drained(importer, path)


@pytest.mark.parametrize("name", [name for name in JSONS if name != "archived"])
def test_the_order_of_the_lines_does_not_matter(tmp_path: Path, name: str) -> None:
    importer, make, write = JSONS[name]
    first = write(tmp_path / "f.jsonl", make()).read_bytes()
    other = write(
        tmp_path / "f.jsonl",
        changed(
            make(),
            next(p for p in leaves(make()) if p[-1] in ("id_str", "_id", "id", "rest_id", "screen_name")),
            "1234567",
        ),
    ).read_bytes()
    sets = []
    for data in (first + other, other + first, first + other + first):
        path = tmp_path / "o.jsonl"
        path.write_bytes(data)
        sets.append({(record.kind, record.raw) for record in sources_files.records(drained(importer, path))})
    assert sets[0] == sets[1] == sets[2]


@pytest.mark.parametrize("depth", [50, 5_000, 100_000])
def test_deep_nesting_is_refused_without_recursion(tmp_path: Path, depth: int) -> None:
    deep = b'{"quoted_status":' * depth + b"{}" + b"}" * depth
    lists = b'{"text":' + b"[" * depth + b"]" * depth + b"}"
    envelope = (
        b'{"source_platform":"twitter.com","timestamp_collected":1,"data":'
        + b'{"tweet":' * depth
        + b"{}"
        + b"}" * depth
        + b"}"
    )
    for importer, data in ((XApiV1(), b'{"text":"x","id_str":"1","quoted_status":' + deep + b"}"), (XApiV1(), lists), (XZeeschuimer(), envelope), (XArchive(), b"window.YTD.tweets.part0 = [" + deep + b"]")):  # fmt: skip
        path = tmp_path / "d.json"
        path.write_bytes(data)
        found = drained(importer, path)
        assert all(isinstance(item, Record | Reject | Quarantined) for item in found)
        assert found
