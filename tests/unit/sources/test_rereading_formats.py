"""Nine formats' raw records read again: of mutated files too, of raw of an earlier shape, of raw of any shape."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import importer_contracts
import msgspec
import pytest
import sources_files
from hypothesis import given, settings
from hypothesis import strategies as st
from sources_named import CASES, Case

from dalil.errors import InputError, LimitReached
from dalil.schema.identity import canonical_bytes
from dalil.schema.records import Account, Edge, MediaRef, Post, Reject, Span, Url
from dalil.schema.words import EdgeType, Kind, ZoneBasis
from dalil.sources import registry
from dalil.sources.importer import Record
from dalil.sources.rereading import Held, Plainly, Reread, Rereader
from dalil.testing.importers import held_as, mutations

FORMATS: Final = sorted({case.format for case in CASES.values()})
AGAIN: Final = Reread(Plainly())
GONE: Final = Reread(Plainly(bytes(range(32)), [("telegram", "1"), ("facebook", "1"), ("x", "1")], ["x:1"]))


def of_format(name: str) -> Case:
    return next(case for case in CASES.values() if case.format == name)


def rereader(name: str) -> Any:
    importer: object = registry.named(name)
    assert isinstance(importer, Rereader)
    assert importer.manifest.rereads
    return importer


def records_of(name: str, path: Path, options: dict[str, str]) -> Iterator[Record]:
    try:
        yield from sources_files.records(
            sources_files.items(registry.named(name), path, public=of_format(name).public, options=options)
        )
    except (InputError, LimitReached):
        return


@cache
def sample(name: str) -> bytes:
    """The bytes of one sample."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        return of_format(name).write(Path(folder)).read_bytes()


def reads_the_same(name: str, path: Path) -> int:
    """How many records there were; each of them read again is the same."""
    count = 0
    for record in records_of(name, path, dict(of_format(name).options)):
        found = rereader(name).reread(record.raw, held_as(record), AGAIN)
        assert found == msgspec.structs.replace(record, media=(), locators=())
        count += 1
    return count


@pytest.mark.parametrize("name", FORMATS)
def test_damaged_files_are_read_again_as_they_were_read(name: str, tmp_path: Path) -> None:
    path = tmp_path / "x"
    count = 0
    for data in mutations(sample(name)):
        path.write_bytes(data)
        count += reads_the_same(name, path)
    assert count > 5


@pytest.mark.parametrize("name", FORMATS)
@given(changes=st.lists(st.tuples(st.integers(0, 1 << 16), st.text(max_size=6)), max_size=4))
@settings(max_examples=40, deadline=None)
def test_and_so_are_files_with_other_words_in_them(name: str, changes: list[tuple[int, str]]) -> None:
    from tempfile import TemporaryDirectory

    text = sample(name).decode()
    for at, word in changes:
        place = at % len(text)
        text = text[:place] + word + text[place + len(word) :]
    with TemporaryDirectory() as folder:
        path = Path(folder, "x")
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        reads_the_same(name, path)


@pytest.mark.parametrize("name", FORMATS)
def test_every_sample_of_the_contract_with_every_choice_of_zone(name: str, tmp_path: Path) -> None:
    """What the operator named for the whole file is in no raw record, and stays."""
    suite = importer_contracts.contract_of(name)
    zones = (
        [{}, {"zone": "Asia/Baghdad"}] if any(p.name == "zone" for p in suite.importer.manifest.parameters) else [{}]
    )
    for path in suite.write_samples(tmp_path):
        for options in zones:
            for record in records_of(name, path, options):
                found = rereader(name).reread(record.raw, held_as(record), AGAIN)
                assert found == msgspec.structs.replace(record, media=(), locators=())


# Whatever the bytes are.

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
FIELDS: Final = {
    "raw": ("row", "item", "archived", "chat", "account", "id", "text", "spans", "media", "edges", "named", "times"),
    "inner": ("uid", "post", "author", "platform", "cells", "body", "metrics", "urls", "address", "container", "date"),
    "more": ("links", "poll", "forward", "owner", "surface", "edited", "restricted", "thread", "reading", "timestamp"),
}
NAMES: Final = sorted({name for names in FIELDS.values() for name in names})


def some_held(kind: Kind = Kind.POST) -> Held:
    post = Post(
        uid="x:1", platform="x", native_id="1", author_ref="x:2", urls=(Url("a"),), media=(MediaRef(sha256="0" * 64),)
    )
    account = Account(uid="x:2", platform="x", native_id="2", handle="h")
    edge = Edge(src_uid="x:1", dst_uid="x:3", type=EdgeType.REPLY)
    given = post if kind is Kind.POST else None
    return Held(kind=kind, uid="x:1", version="v", post=given, accounts=(account,), edges=(edge,), author_ref="x:2")


@pytest.mark.parametrize("name", FORMATS)
@given(value=st.dictionaries(st.sampled_from(NAMES), JSON | st.dictionaries(st.sampled_from(NAMES), JSON)) | JSON)
@settings(max_examples=120, deadline=None)
def test_a_record_of_any_shape_is_read_or_rejected(name: str, value: Any) -> None:
    for how in (AGAIN, GONE):
        for kind in (Kind.POST, Kind.REPOST):
            found = rereader(name).reread(json.dumps(value).encode(), some_held(kind), how)
            assert isinstance(found, Record | Reject)


@pytest.mark.parametrize("name", FORMATS)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_true_record_with_a_wrong_value_in_it(name: str, data: st.DataObject) -> None:
    record, values = data.draw(st.sampled_from(true_records(name)))
    values = json.loads(json.dumps(values))
    inner = next((one for one in values.values() if isinstance(one, dict) and len(values) == 1), values)
    inner[data.draw(st.sampled_from(sorted(inner)))] = data.draw(JSON)
    for how in (AGAIN, GONE):
        found = rereader(name).reread(canonical_bytes(values), held_as(record), how)
        assert isinstance(found, Record | Reject)


@cache
def true_records(name: str) -> list[tuple[Record, Any]]:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        path = of_format(name).write(Path(folder))
        return [(r, json.loads(r.raw)) for r in records_of(name, path, dict(of_format(name).options))]


@pytest.mark.parametrize("name", FORMATS)
@given(raw=st.binary(max_size=60))
@settings(max_examples=40, deadline=None)
def test_bytes_of_any_kind_are_a_reject(name: str, raw: bytes) -> None:
    assert isinstance(rereader(name).reread(raw, some_held(), AGAIN), Record | Reject)


@pytest.mark.parametrize("name", FORMATS)
def test_raw_of_another_format_is_no_crash(name: str) -> None:
    for other in FORMATS:
        for record, _ in true_records(other):
            for how in (AGAIN, GONE):
                assert isinstance(rereader(name).reread(record.raw, held_as(record), how), Record | Reject)


# What raw tells is read anew.


def first_post(name: str) -> tuple[Record, dict[str, Any]]:
    return next((record, json.loads(record.raw)) for record, _ in true_records(name) if record.post is not None)


@pytest.mark.parametrize(
    ("name", "path", "value"),
    [
        ("telethon", ("text",), "other #words"),
        ("tgdataset", ("text",), "other #words"),
        ("telegram-desktop", ("text",), "other #words"),
        ("crowdtangle-csv", ("row", "message"), "other #words"),
        ("meta-content-library-csv", ("text",), "other #words"),
        ("facebook-download", ("text",), "other #words"),
        ("fourcat", ("item", "body"), "other #words"),
        ("auto-archiver", ("archived", "text"), "other #words"),
        ("plain-table", ("row", "cells", "text"), "other #words"),
    ],
)
def test_the_words_the_tags_and_the_version_come_from_raw(name: str, path: tuple[str, ...], value: str) -> None:
    record, values = first_post(name)
    inner = values
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    if "spans" in values:
        values["spans"] = []
    found = rereader(name).reread(canonical_bytes(values), held_as(record), AGAIN)
    assert isinstance(found, Record)
    assert found.post is not None
    assert (found.post.text, found.signal_text) == (value, value)
    if name not in ("fourcat", "auto-archiver"):  # the one keeps tags of a column of their own, the other has none
        assert "words" in found.post.hashtags
    assert found.version != record.version


def test_times_come_from_raw_where_it_says_their_zone() -> None:
    for name, path, value in (
        ("telethon", ("date",), "2020-01-02T03:04:05+00:00"),
        ("tgdataset", ("date",), 1577934245.0),
        ("telegram-desktop", ("date_unixtime",), "1577934245"),
        ("meta-content-library-csv", ("creation_time",), "2020-01-02T03:04:05+00:00"),
        ("facebook-download", ("times",), [1577934245]),
        ("fourcat", ("item", "created_at"), "2020-01-02T03:04:05Z"),
        ("auto-archiver", ("archived", "timestamp"), 1577934245),
        ("plain-table", ("row", "cells", "posted_at"), "2020-01-02T03:04:05+00:00"),
    ):
        record, values = first_post(name)
        inner = values
        for step in path[:-1]:
            inner = inner[step]
        inner[path[-1]] = value
        found = rereader(name).reread(canonical_bytes(values), held_as(record), AGAIN)
        assert isinstance(found, Record), name
        assert found.post is not None
        assert found.post.created_at is not None
        assert found.post.created_at.isoformat() == "2020-01-02T03:04:05+00:00", name
        assert found.post.created_zone_basis in (ZoneBasis.EPOCH, ZoneBasis.EXPLICIT)


def test_raw_that_kept_no_ids_of_names_is_read_as_before() -> None:
    """The earlier shape of a message and of a post: without `named`."""
    for name in ("telethon", "telegram-desktop", "facebook-download"):
        for record, values in true_records(name):
            older = {key: value for key, value in values.items() if key != "named"}
            found = rereader(name).reread(canonical_bytes(older), held_as(record), AGAIN)
            assert isinstance(found, Record)
            assert msgspec.structs.replace(found, raw=record.raw) == msgspec.structs.replace(
                record, media=(), locators=()
            )


def test_marks_outside_the_text_do_no_harm() -> None:
    record, values = first_post("telegram-desktop")
    values["spans"] = [msgspec.to_builtins(Span(-5, 900, "url", "a")), msgspec.to_builtins(Span(3, 1, "mention", "b"))]
    for how in (AGAIN, GONE):
        assert isinstance(rereader("telegram-desktop").reread(canonical_bytes(values), held_as(record), how), Record)
