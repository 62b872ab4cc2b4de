"""Raw records of the open networks read again: the same for the same, and, of whom became private, what an import makes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sources_files
import sources_unnaming
from hypothesis import given, settings
from hypothesis import strategies as st
from sources_unnaming import Case

from dalil.errors import InputError, LimitReached
from dalil.schema.identity import canonical_bytes
from dalil.schema.records import Account, Edge, Post, Reject
from dalil.schema.words import EdgeType, Kind
from dalil.sources import registry
from dalil.sources.importer import ReadContext, Record
from dalil.sources.privacy import Pseudonymiser
from dalil.sources.reading import SourceFile, head_of
from dalil.sources.rereading import Held, Plainly, Reread, Rereader
from dalil.testing.importers import check_record, held_as, mutations

KEY = sources_files.KEY
AGAIN = Reread(Plainly())


def importer_of(path: Path) -> Any:
    importer: object = registry.detect(head_of(path))
    assert isinstance(importer, Rereader)
    return importer


def plain(record: Record) -> Record:
    return msgspec.structs.replace(record, media=(), locators=())


def reread(importer: Any, record: Record, again: Reread) -> Record:
    found = importer.reread(record.raw, held_as(record), again)
    assert isinstance(found, Record), found
    check_record(found)
    return found


def gone(case: Case, records: list[Record]) -> Reread:
    """What the job that hashes an account hands on: its names, and the uids of what it posted."""
    one = case.account
    names = [(one.platform, name) for name in (one.native_id, one.handle.casefold()) if name]
    uids = {f"{one.platform}:{sign}{name}" for _, name in names for sign in ("", "@")}
    posts = [record.uid for record in records if record.author_ref in uids and record.kind is not Kind.ACCOUNT]
    return Reread(Plainly(KEY, names, posts))


@pytest.mark.parametrize("case", sources_unnaming.CASES, ids=lambda case: case.name)
def test_the_same_is_read_of_each_raw_record(case: Case, tmp_path: Path) -> None:
    path = case.write(tmp_path)
    importer = importer_of(path)
    records = sources_files.records(sources_files.items(importer, path, public=case.public))
    assert len(records) > 3
    for record in records:
        assert reread(importer, record, AGAIN) == plain(record)


@pytest.mark.parametrize("case", sources_unnaming.CASES, ids=lambda case: case.name)
def test_who_became_private_is_what_an_import_makes_of_them(case: Case, tmp_path: Path) -> None:
    """Byte for byte, so that the same file is known when it is imported again."""
    path = case.write(tmp_path)
    importer = importer_of(path)
    records = sources_files.records(sources_files.items(importer, path, public=case.public))
    again = gone(case, records)
    found = [reread(importer, record, again) for record in records]
    shown = b"".join(msgspec.json.encode(plain(one)) + one.raw for one in found).lower()
    for secret in case.secrets:
        assert secret.lower() not in shown, secret
    wanted = sources_files.records(sources_files.items(importer, path, public=case.private))
    by_raw = {one.raw: msgspec.structs.replace(plain(one), included=False) for one in found}
    for record in wanted:
        assert record.raw in by_raw, record.raw
        assert by_raw[record.raw] == msgspec.structs.replace(plain(record), included=False)
    assert {one.raw for one in found if one.kind is not Kind.ACCOUNT} == {
        one.raw for one in wanted if one.kind is not Kind.ACCOUNT
    }
    for record in found:
        assert plain(reread(importer, record, again)) == plain(record), "what is done is done"


@pytest.mark.parametrize("case", sources_unnaming.CASES, ids=lambda case: case.name)
def test_what_was_named_is_sealed(case: Case, tmp_path: Path) -> None:
    path = case.write(tmp_path)
    importer = importer_of(path)
    records = sources_files.records(sources_files.items(importer, path, public=case.public))
    again = gone(case, records)
    sealed = dict(pair for record in records for pair in reread(importer, record, again).locators)
    assert sealed
    assert any("nahrvoice" in value.lower() for value in sealed.values())


# Whatever the bytes are.

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
NAMES = (
    "mastodon",
    "activitypub-outbox",
    "bluesky-api",
    "bluesky-jetstream",
    "reddit",
    "feeds",
    "youtube-api",
    "yt-dlp",
)
ROOTS = ("post", "announce", "account", "gone", "repost", "thing", "crosspost", "entry", "video", "comment")
FIELDS = (
    "uri",
    "did",
    "id",
    "name",
    "author",
    "text",
    "content",
    "spans",
    "facets",
    "edges",
    "media",
    "metrics",
    "feed",
)
SPAN = st.fixed_dictionaries({"start": st.integers(-5, 9), "end": st.integers(-5, 9), "type": st.text(max_size=8)})
SHAPED = st.dictionaries(
    st.sampled_from(ROOTS),
    st.dictionaries(st.sampled_from(FIELDS), JSON | st.text(max_size=9) | st.lists(SPAN, max_size=3), max_size=8),
    max_size=3,
)


def some_held(platform: str) -> Held:
    post = Post(uid=f"{platform}:1", platform=platform, native_id="1", author_ref=f"{platform}:2")
    account = Account(uid=f"{platform}:2", platform=platform, native_id="2")
    edge = Edge(src_uid=post.uid, dst_uid=f"{platform}:3", type=EdgeType.REPLY)
    return Held(kind=Kind.POST, uid=post.uid, version="v", post=post, accounts=(account,), edges=(edge,))


@pytest.mark.parametrize("name", NAMES)
@given(value=SHAPED | JSON, platform=st.sampled_from(["youtube", "tiktok", "mastodon"]))
@settings(max_examples=150, deadline=None)
def test_a_record_of_any_shape_is_read_or_rejected(name: str, value: Any, platform: str) -> None:
    importer: Any = registry.named(name)
    held = some_held(platform)
    for one in (held, msgspec.structs.replace(held, post=None, accounts=(), edges=())):
        assert isinstance(importer.reread(json.dumps(value).encode(), one, AGAIN), Record | Reject)


@pytest.mark.parametrize("name", NAMES)
@given(raw=st.binary(max_size=60))
@settings(max_examples=40, deadline=None)
def test_bytes_of_any_kind_are_a_reject(name: str, raw: bytes) -> None:
    importer: Any = registry.named(name)
    assert isinstance(importer.reread(raw, some_held("mastodon"), AGAIN), Record | Reject)


@pytest.mark.parametrize("case", sources_unnaming.CASES, ids=lambda case: case.name)
def test_a_true_record_that_is_damaged(case: Case, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = case.write(tmp_path_factory.mktemp("damaged"))
    importer = importer_of(path)
    records = sources_files.records(sources_files.items(importer, path, public=case.public))

    @given(which=st.integers(0, len(records) - 1), at=st.integers(0, 10_000), byte=st.integers(0, 255))
    @settings(max_examples=80, deadline=None)
    def damaged(which: int, at: int, byte: int) -> None:
        raw = bytearray(records[which].raw)
        raw[at % len(raw)] = byte
        held = held_as(records[which])
        for again in (AGAIN, gone(case, records)):
            assert isinstance(importer.reread(bytes(raw), held, again), Record | Reject)
            assert isinstance(importer.reread(bytes(raw[: at % len(raw)]), held, again), Record | Reject)

    damaged()


@pytest.mark.parametrize("case", sources_unnaming.CASES, ids=lambda case: case.name)
def test_fields_of_a_wrong_kind(case: Case, tmp_path: Path) -> None:
    """Each field of each raw record replaced by each kind of value."""
    path = case.write(tmp_path)
    importer = importer_of(path)
    for record in sources_files.records(sources_files.items(importer, path, public=case.public)):
        value = msgspec.json.decode(record.raw)
        (root,) = value
        for field in value[root]:
            for wrong in (None, 7, -1.5, "x", "", [], {}, [[]], [{}], True, "9999-99-99T00:00:00Z"):
                raw = canonical_bytes({root: {**value[root], field: wrong}})
                assert isinstance(importer.reread(raw, held_as(record), AGAIN), Record | Reject)


# Texts of every kind.

WORDS = st.sampled_from(
    [
        "@nahrvoice",
        "@nahrvoice@social.example",
        "@hidden_one",
        "@hidden_two@other.example",
        "u/NahrVoice",
        "/u/hidden_one",
        "#bridge",
        "https://x.com/hidden/status/5",
        "https://social.example/@nahrvoice",
        "https://www.youtube.com/@hidden",
        "a<b",
        "&amp;",
        "https://nahrvoice.example/a?b=c",
        "hidden@mail.example",
        "https://t.co/AbCdEf",
        "did:plc:nahrvoiceaaaaaaaaaaaaaaa",
        "😀",
        "كلمة",
        "＠hidden_one",
        ")",
        "...",
        "@",
        "h:",
        "@h:00112233445566778899aabbccddeeff",
    ]
)


@pytest.mark.parametrize("case", sources_unnaming.CASES, ids=lambda case: case.name)
def test_any_text_is_read_again_as_it_was(case: Case, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The words of every text in the file replaced by others: names, addresses, marks, in any order and unspaced."""
    path = case.write(tmp_path_factory.mktemp("texts"))
    importer, whole = importer_of(path), path.read_text(encoding="utf-8")

    @given(words=st.lists(WORDS, min_size=1, max_size=6), between=st.sampled_from(["", " "]))
    @settings(max_examples=40, deadline=None)
    def texts(words: list[str], between: str) -> None:
        put = between.join(words)
        safe = put.replace("&", "&amp;").replace("<", "&lt;") if path.suffix == ".xml" else json.dumps(put)[1:-1]
        path.write_text(
            whole.replace("stands", safe).replace("It does.", safe).replace("is it?", safe), encoding="utf-8"
        )
        records = sources_files.records(sources_files.items(importer, path, public=case.public))
        again = gone(case, records)
        for record in records:
            assert reread(importer, record, AGAIN) == plain(record)
            assert isinstance(importer.reread(record.raw, held_as(record), again), Record)

    texts()


@pytest.mark.parametrize("name", NAMES)
def test_raw_of_another_format_is_a_record_or_a_reject(name: str, tmp_path: Path) -> None:
    """Some formats' records have the same roots and fields: whatever comes of it, it is no error."""
    importer: Any = registry.named(name)
    for number, case in enumerate(sources_unnaming.CASES):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = case.write(folder)
        records = sources_files.records(sources_files.items(importer_of(path), path, public=case.public))
        again = gone(case, records)
        for record in records:
            for held in (held_as(record), some_held("mastodon")):
                assert isinstance(importer.reread(record.raw, held, AGAIN), Record | Reject)
                assert isinstance(importer.reread(record.raw, held, again), Record | Reject)


@pytest.mark.parametrize("case", sources_unnaming.CASES, ids=lambda case: case.name)
def test_a_third_reading_gives_what_the_second_gave(case: Case, tmp_path: Path) -> None:
    path = case.write(tmp_path)
    importer = importer_of(path)
    for public in (case.public, case.private, ()):
        for record in sources_files.records(sources_files.items(importer, path, public=public)):
            second = reread(importer, record, AGAIN)
            assert reread(importer, second, AGAIN) == second == plain(record)


@pytest.mark.parametrize("case", sources_unnaming.CASES, ids=lambda case: case.name)
def test_another_account_that_became_private_changes_nothing(case: Case, tmp_path: Path) -> None:
    """Of another platform, or of another name that begins or ends like it."""
    path = case.write(tmp_path)
    importer = importer_of(path)
    names = [("other", "nahrvoice"), (case.account.platform, "nahrvoices"), (case.account.platform, "ahrvoice")]
    again = Reread(Plainly(KEY, names, [f"{case.account.platform}:unheard"]))
    for record in sources_files.records(sources_files.items(importer, path, public=case.public)):
        assert reread(importer, record, again) == plain(record)


@pytest.mark.parametrize("case", sources_unnaming.CASES, ids=lambda case: case.name)
def test_what_is_read_of_a_damaged_file_is_read_again_as_it_was(case: Case, tmp_path: Path) -> None:
    """Cut, flipped, doubled and re-encoded files: whatever record comes of them, its raw gives it again."""
    path = case.write(tmp_path)
    importer, data = importer_of(path), path.read_bytes()
    count = 0
    for damaged in list(mutations(data))[::2]:
        path.write_bytes(damaged)
        context = ReadContext(Pseudonymiser(KEY, case.public))
        try:
            for item in importer.read(SourceFile(path, path.parent), context):
                if isinstance(item, Record):
                    count += 1
                    assert reread(importer, item, AGAIN) == plain(item)
        except (InputError, LimitReached):
            continue
    assert count > 50
