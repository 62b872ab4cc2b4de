"""Fields whose words are few and known: what has not its form is dropped, in every format, and not repeated."""

from __future__ import annotations

import csv
import io
import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest
from fuzz_mutations import places
from hypothesis import given
from hypothesis import strategies as st
from importer_contracts import contracts

from dalil.errors import InputError
from dalil.schema.records import ReadWarning
from dalil.sources import closed_words
from dalil.sources.importer import ReadContext, Record
from dalil.sources.privacy import Pseudonymiser
from dalil.sources.reading import SourceFile
from dalil.testing.importers import KEY

NAMES: Final = ("Zohrabin Qelat", "زوهرابین قەڵات", "Zohrabin  O'Qelat (Tel Nahr)", "zohrabin qelat\n@home")
CLOSED: Final = re.compile(
    r"lang(uage)?s?|(text|default)Lang.*|_?mime_?[tT]ype|mediaType|_mimetype|media_type|m|removed_by_category|media_id"
    r"|rejectionReason|cid|date(_unixtime)?|edited(_unixtime)?|edit_date|created_at|reply_settings|availability"
    r"|live_status|verified_type|timestamp|type|<language>|@type|.*_count|Post Created|Likes|Wow|Angry|creation_time",
)
"""Input fields that are tried each time; of the others some."""
FREE: Final = frozenset(
    {
        *("text", "text_raw", "content", "spoiler_text", "full_text", "message", "desc", "body", "subject", "poll"),
        *("title", "description", "about", "display_name", "name", "nickname", "signature", "page_name", "alt_text"),
        *("ext_alt_text", "signal_text", "hashtags", "hashtagName", "tags", "labels", "labels_by_platform", "client"),
        *("source", "spans", "urls", "links", "link", "final_link", "expanded_url", "url", "link_text", "image_text"),
        *("handle", "username", "uri", "address", "thumbnail", "source_url", "question", "answers", "mentions"),
    }
)
"""What people write freely, what an account calls itself, addresses: redacted as texts are, and listed in
`schema.naming_fields`."""
IDENTITY: Final = frozenset(
    {
        *("uid", "native_id", "author_ref", "container_ref", "src_uid", "dst_uid", "thread_root", "account_id"),
        *("owner", "surface", "author", "post", "id", "alt_ids", "platform", "extractor"),
    }
)
"""What names an account or a post: hashed where it is a private person's."""
OF_PAGES: Final = frozenset({"category", "country", "type", "video_share_status", "is_video_owner", "content_type"})
"""Words of tables that are about public pages alone; their lists are not known."""


@given(st.text(max_size=60))
def test_no_text_with_a_space_or_an_at_sign_has_a_form(text: str) -> None:
    forms = (closed_words.LANGUAGE, closed_words.MEDIA_TYPE, closed_words.ID, closed_words.WORD)
    assert not any(form.fullmatch(f"{text} x") or form.fullmatch(f"@{text}") for form in forms)


@given(st.text("abcXY 12:-/٣'.", min_size=1, max_size=60).filter(lambda text: re.search("[a-zX-Y]{2}", text)))
def test_two_letters_beside_each_other_are_no_number_or_time(text: str) -> None:
    for form in (closed_words.NUMBER, closed_words.TIME):
        assert closed_words.cell(text, form) == closed_words.UNREADABLE


@pytest.mark.parametrize(
    "tag", ["ar", "ckb", "en-US", "ar_AR", "zh-Hant-TW", "es-419", "EN", "und", "ku-Arab", "sr-Latn", "qme"]
)
def test_languages_are_languages(tag: str) -> None:
    assert closed_words.language(tag, []) == tag


@pytest.mark.parametrize("tag", ["Ali", "en-hassan", "hidden", "a", "ar ", "عربي", "en-US-x-hidden", "x" * 400])
def test_names_are_no_languages(tag: str) -> None:
    warnings: list[ReadWarning] = []
    assert closed_words.language(tag, warnings) is None
    assert warnings == [ReadWarning("field-dropped", "lang")]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        *(
            (same, same)
            for same in ("image/jpeg", "video/*", "application/vnd.ms-excel", "image/svg+xml", "audio/x-m4a")
        ),
        ("video/mp4; codecs=avc1", "video/mp4"),
        ("text/html; charset=utf-8", "text/html; charset=utf-8"),
        ("image/png; charset=Hidden Person", "image/png"),
        *((bad, None) for bad in ("image/Hidden Person", "hidden/person", "image/", "image/a@b", "image/" + "a" * 90)),
    ],
)
def test_types_of_media(given: str, kept: str | None) -> None:
    warnings: list[ReadWarning] = []
    assert closed_words.media_type(given, warnings) == kept
    assert bool(warnings) is (kept is None)


@pytest.mark.parametrize("cell", ["12", "1,234", "1.2K", "٣٤", "-", "", "12 345", "+0.5", "1e9"])
def test_numbers_are_kept_as_they_are_written(cell: str) -> None:
    assert closed_words.cell(cell, closed_words.NUMBER) == cell


@pytest.mark.parametrize("cell", ["2023-11-13 04:30:36 EST", "2022-07-28", "0:12", "2023-11-13T04:30:36+0000"])
def test_times_are_kept_as_they_are_written(cell: str) -> None:
    assert closed_words.cell(cell, closed_words.CLOCK) == cell


@pytest.mark.parametrize("source_format", sorted(contracts()))
def test_no_name_put_where_a_word_is_expected_is_kept(source_format: str, tmp_path: Path) -> None:
    contract = contracts()[source_format]
    seed = random.randrange(1 << 30)
    dice = random.Random(seed)
    path = contract.write_samples(tmp_path)[0]
    data = path.read_bytes()[: 200 << 10]
    variants = list(variants_of(data))
    must = [variant for variant in variants if CLOSED.fullmatch(variant[0])]
    chosen = dice.sample(must, min(len(must), 12)) + dice.sample(variants, min(len(variants), 6))
    for field, changed in chosen:
        path.write_bytes(changed(dice.choice(NAMES)))
        context = ReadContext(Pseudonymiser(KEY, contract.public))
        try:
            items = list(contract.importer.read(SourceFile(path, path.parent), context))
        except InputError:
            continue
        for item in items:
            where = kept_at(item)
            assert not where, f"{source_format} keeps a name from {field} at {where} (seed {seed})"


def kept_at(item: object) -> list[str]:
    """Where a planted name stands in what is stored, besides in what people write freely."""
    found = msgspec.to_builtins(item)
    if isinstance(item, Record):
        found |= {"locators": (), "media": (), "raw": json.loads(item.raw)}
    return list(_named(found, ""))


def _named(value: Any, at: str) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name.rpartition(".")[2] not in FREE | IDENTITY | OF_PAGES or not isinstance(inner, str | list | tuple):
                yield from _named(inner, f"{at}.{name}")
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _named(inner, at)
    elif isinstance(value, str) and ("zohrabin" in value.lower() or "زوهرابین" in value):
        yield at


Change = Callable[[str], bytes]


def variants_of(data: bytes) -> Iterator[tuple[str, Change]]:
    """Each value of a file under its name, and how to put a name in its place."""
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    prefix = text[: text.find("[")] if text.startswith("window.") else ""
    body = text[len(prefix) :]
    if body.lstrip().startswith("<"):
        yield from _of_markup(body)
    elif body.lstrip().startswith(("{", "[")):
        yield from _of_json(prefix, body)
    else:
        yield from _of_table(body)


def _of_json(prefix: str, body: str) -> Iterator[tuple[str, Change]]:
    try:
        json.loads(body)
        lines = [body]
    except ValueError:
        lines = body.splitlines()
    for at, line in enumerate(lines):
        try:
            whole = json.loads(line)
        except ValueError:
            continue
        for number, (holder, key) in enumerate(places(whole)):
            if isinstance(holder[key], str):

                def change(name: str, at: int = at, number: int = number, line: str = line) -> bytes:
                    changed = json.loads(line)
                    into, where = places(changed)[number]
                    into[where] = name
                    return (prefix + "\n".join([*lines[:at], json.dumps(changed), *lines[at + 1 :]])).encode()

                yield str(key), change


def _of_markup(body: str) -> Iterator[tuple[str, Change]]:
    pieces = re.split(r"(<[^<>]*>)", body)
    for at in range(2, len(pieces), 2):
        if pieces[at].strip():
            yield pieces[at - 1], lambda name, at=at: "".join([*pieces[:at], name, *pieces[at + 1 :]]).encode()
    for match in re.finditer(r'(\w+)="([^"]*)"', body):
        start, end = match.span(2)
        yield f"@{match[1]}", lambda name, start=start, end=end: (body[:start] + name + body[end:]).encode()


def _of_table(body: str) -> Iterator[tuple[str, Change]]:
    delimiter = max(",;\t|", key=body.partition("\n")[0].count)
    rows = list(csv.reader(io.StringIO(body, newline=""), delimiter=delimiter))
    for row, cells in enumerate(rows[1:5], start=1):
        for cell in range(min(len(cells), len(rows[0]))):

            def change(name: str, row: int = row, cell: int = cell) -> bytes:
                sheet = io.StringIO(newline="")
                changed = [list(one) for one in rows]
                changed[row][cell] = name
                csv.writer(sheet, delimiter=delimiter).writerows(changed)
                return sheet.getvalue().encode()

            yield rows[0][cell], change
